"""The panel at the right of a form: boxes with what follows from the entry, and what is still missing.

What follows (the due date of a complaint) is said by the ledger itself: a module ``ui/pages/<key>_form_side.py`` whose
``notes(session, record)`` gives the boxes is found by its name, so that no form asks which ledger it shows.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.widgets.cards import scrolling
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.painting import draw_line_text, fill_round

WIDTH = 276
_HEADLINE_POINTS = 15.0


@dataclass(frozen=True)
class Note:
    """One box: a line above, a headline, lines below; tone ``blue``, ``amber``, ``green``, ``red`` or ``grey``."""

    title: str
    headline: str
    lines: tuple[str, ...] = ()
    tone: str = "blue"


@dataclass(frozen=True)
class Lack:
    """Something missing or wrong: the field's key and the words for it.

    Attributes:
        key: field to go to.
        words: label of the field, with what is wrong.
        wrong: an error, as against a gap.
        stage: "" when it is needed to save, else until when (办结前, 报送前).
    """

    key: str
    words: str
    wrong: bool = False
    stage: str = ""


Notes = Callable[[Session, Record], Sequence[Note]]


def notes_of(ledger: Ledger) -> Notes:
    """What a ledger has to say beside its form; nothing for a ledger without a module of its own."""
    name = f"xiaobao_desktop.ui.pages.{ledger.key}_form_side"
    if importlib.util.find_spec(name) is None:
        return lambda _session, _record: ()
    found: Notes = importlib.import_module(name).notes
    return found


class NoteBox(QFrame):
    """A :class:`Note` as a tinted box."""

    def __init__(self, note: Note) -> None:
        super().__init__()
        self.setProperty("look", note.tone)
        column = QVBoxLayout(self)
        edge = theme.px(14)
        column.setContentsMargins(edge, theme.px(10), edge, theme.px(10))
        column.setSpacing(theme.px(2))
        tone = {"blue": "link", "grey": "2"}.get(note.tone, note.tone)
        column.addWidget(label(note.title, fonts.SECOND, tone="2", wrap=True))
        column.addWidget(label(note.headline, _HEADLINE_POINTS, medium=True, tone=tone, wrap=True))
        for line in note.lines:
            column.addWidget(label(line, fonts.HEADER, tone="2", wrap=True))
        self.setAccessibleName(" ".join((note.title, note.headline, *note.lines)))


class _LackRow(QAbstractButton):
    """A line of the list of what is missing; a click goes to the field."""

    def __init__(self, lack: Lack, hint: str) -> None:
        super().__init__()
        self._lack, self._hint = lack, hint
        self.setText(lack.words)
        self.setAccessibleName(lack.words)
        self.setToolTip(lack.words)
        # The list is for the eye and the mouse; the keyboard has F8.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedHeight(theme.px(27))

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(theme.px(120), theme.px(27))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Icon, words, key at the right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            fill_round(painter, QRectF(self.rect()), theme.color("hover"), theme.px(4))
        side = theme.px(14)
        ink = "red_text" if self._lack.wrong else "text2"
        name = "circle-alert" if self._lack.wrong else "circle"
        icons.draw(painter, QRectF(0, (self.height() - side) / 2, side, side), name, ink)
        area = self.rect().adjusted(side + theme.px(8), 0, -theme.px(4), 0)
        painter.setFont(fonts.font(fonts.SECOND))
        if self._hint:
            draw_line_text(painter, area, self._hint, theme.color("text3"), Qt.AlignmentFlag.AlignRight)
            area.setRight(area.right() - painter.fontMetrics().horizontalAdvance(self._hint) - theme.px(8))
        painter.setFont(fonts.font())
        draw_line_text(painter, area, self._lack.words, theme.color(ink))
        painter.end()


class FormSide(QWidget):
    """Boxes and the list of what is missing; ``wanted`` carries the key of the field clicked."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.surface(self, self.palette().ColorRole.AlternateBase)
        self.setFixedWidth(theme.px(WIDTH))
        content = QWidget()
        column = QVBoxLayout(content)
        edge = theme.px(16)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(theme.px(14))
        self._notes, self._lacks = QVBoxLayout(), QVBoxLayout()
        self._notes.setSpacing(theme.px(12))
        self._lacks.setSpacing(0)
        column.addLayout(self._notes)
        column.addLayout(self._lacks)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(hairline(vertical=True))
        row.addWidget(scrolling(content, self), 1)
        self._shown: tuple[tuple[Note, ...], tuple[Lack, ...]] | None = None
        self.setAccessibleName("期限与待填项")

    def tell(self, notes: Sequence[Note], lacks: Sequence[Lack]) -> None:
        """Show these boxes and gaps; nothing is rebuilt when they are the same as before."""
        shown = (tuple(notes), tuple(lacks))
        if shown == self._shown:
            return
        self._shown = shown
        _clear(self._notes)
        _clear(self._lacks)
        for note in notes:
            self._notes.addWidget(NoteBox(note))
        now = [lack for lack in lacks if not lack.stage]
        self._list(f"还差 {len(now)} 项" if now else "必填项已齐", now, "F8")
        key = "" if now else "F8"
        for stage in dict.fromkeys(lack.stage for lack in lacks if lack.stage):
            later = [lack for lack in lacks if lack.stage == stage]
            self._lacks.addSpacing(theme.px(10))
            self._list(f"{stage}还要 {len(later)} 项", later, key)
            key = ""

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """What is shown as missing."""
        return self._shown[1] if self._shown else ()

    @property
    def notes(self) -> tuple[Note, ...]:
        """The boxes shown."""
        return self._shown[0] if self._shown else ()

    def _list(self, title: str, lacks: Sequence[Lack], key: str) -> None:
        head = label(title, fonts.BODY, tone="2")
        head.setContentsMargins(0, 0, 0, theme.px(4))
        self._lacks.addWidget(head)
        for number, lack in enumerate(lacks):
            row = _LackRow(lack, key if number == 0 else "")
            row.clicked.connect(lambda _checked=False, to=lack.key: self.wanted.emit(to))
            self._lacks.addWidget(row)


def _clear(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
