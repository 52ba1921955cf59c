"""An amber box for what looks like a repeated or joint complaint: which one, why, and the officer's judgement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QPushButton, QVBoxLayout, QWidget

from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.buttons import LINK, button
from xiaobao_desktop.ui.widgets.cards import line_icon
from xiaobao_desktop.ui.widgets.flow import FlowLayout
from xiaobao_desktop.ui.widgets.labels import ElidedLabel, label

SHOWN = 3
"""So many doubts are shown at once; the rest follows as these are judged."""
_NUMBERS = 6


@dataclass(frozen=True)
class Answer:
    """A judgement that can be made: its key and the words of its button."""

    key: str
    words: str


@dataclass(frozen=True)
class Doubt:
    """One thing to judge.

    Attributes:
        others: (id, number) of the records it is about.
        title: words before the numbers, such as 可能重复.
        about: words behind the first number: when it came in, how it stands.
        why: the reasons in one line.
        choices: the judgements, the likeliest first.
    """

    others: tuple[tuple[int, str], ...]
    title: str
    about: str
    why: str
    choices: tuple[Answer, ...]


class SuspicionPanel(QFrame):
    """The doubts about one record.

    Signals:
        opened: id of another record that is to be shown.
        judged: a :class:`Doubt` and the key of the judgement.
    """

    opened = Signal(int)
    judged = Signal(object, str)

    def __init__(self, doubts: Sequence[Doubt], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "amber")
        self.setObjectName("suspicion")
        self.doubts = tuple(doubts)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(8))
        column.setSpacing(theme.px(8))
        for doubt in self.doubts[:SHOWN]:
            column.addWidget(self._doubt(doubt))
        if len(self.doubts) > SHOWN:
            more = f"另有 {len(self.doubts) - SHOWN} 处，判断后接着显示"
            column.addWidget(label(more, fonts.SECOND, tone="2"))
        self.setAccessibleName("；".join(f"{item.title} {item.others[0][1]} {item.why}" for item in self.doubts))

    @property
    def first_choice(self) -> str:
        """Object name of the button of the likeliest judgement."""
        return f"judge_{self.doubts[0].choices[0].key}"

    def _doubt(self, doubt: Doubt) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(3))
        single = len(doubt.others) == 1
        head = QHBoxLayout()
        head.setSpacing(theme.px(6))
        head.addWidget(line_icon("copy" if single else "users", "amber_text"))
        head.addWidget(label(doubt.title, medium=True, tone="amber"))
        column.addLayout(head)
        if single:
            head.addWidget(self._link(*doubt.others[0]))
            head.addWidget(ElidedLabel(doubt.about, fonts.SECOND, token="text2"), 1)  # noqa: S106 - a colour
        else:
            head.addStretch(1)
            column.addLayout(self._links(doubt))
        column.addWidget(label(doubt.why, fonts.SECOND, tone="2", wrap=True))
        column.addLayout(self._choices(doubt))
        return box

    def _links(self, doubt: Doubt) -> QLayout:
        """The numbers of several records, in lines."""
        lines = FlowLayout(theme.px(2))
        for record_id, number in doubt.others[:_NUMBERS]:
            lines.addWidget(self._link(record_id, number))
        if len(doubt.others) > _NUMBERS:
            lines.addWidget(label(f"等 {len(doubt.others)} 件", tone="2"))
        return lines

    def _link(self, record_id: int, number: str) -> QPushButton:
        link = button(number, LINK)
        link.setAccessibleName(f"打开 {number}")
        self._later(link, partial(self.opened.emit, record_id))
        return link

    def _choices(self, doubt: Doubt) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(6))
        for choice in doubt.choices:
            made = button(choice.words)
            made.setObjectName(f"judge_{choice.key}")
            made.setAccessibleName(f"{choice.words} {doubt.others[0][1]}")
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._later(made, partial(self.judged.emit, doubt, choice.key))
            row.addWidget(made)
        row.addStretch(1)
        return row

    def _later(self, pressed: QPushButton, act: Callable[[], None]) -> None:
        """Do it when the click is over: the button may vanish by it."""
        pressed.clicked.connect(lambda: QTimer.singleShot(0, self, act))
