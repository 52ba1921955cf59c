"""Facts of a record as label and value, from the declaration: only what is filled in; personal data behind an eye."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Field, Grade, Kind, Ledger, Record, is_empty
from xiaobao_desktop.domain.masking import ERASED, is_masked
from xiaobao_desktop.services import access, listing
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.widgets.buttons import LINK, button, icon_button
from xiaobao_desktop.ui.widgets.labels import label

LABEL_LEAST, LABEL_MOST = 70, 112
"""Pixels of the design sheet: five characters, so that records look alike; eight, longer labels break."""

ONE_LINE = 200
"""Pixels of the design sheet that a value beside its eye takes at most before it breaks."""

PASSAGE = 240
"""Characters of a text that are shown at once; about a dozen lines."""

ONE_RUN = 20
"""Characters without a blank that fit into a line of the panel."""

_RUN = re.compile(r"[!-~]{31,}")
_BREAK = "\u200b"


class Facts(QWidget):
    """Two columns: labels, ``label_width`` pixels wide, and values of the given fields."""

    def __init__(
        self, session: Session, ledger: Ledger, record: Record, fields: Sequence[Field], label_width: int
    ) -> None:
        super().__init__()
        self._session, self._ledger, self._record, self._label_width = session, ledger, record, label_width
        # That name and phone were shown is written down when the record is opened; a reader clicks for each.
        self._opened = access.SHOWN_OPENED if session.role.may_change else ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(8))
        self._grid.setVerticalSpacing(theme.px(5))
        self._grid.setColumnStretch(1, 1)
        for row, item in enumerate(fields):
            self._add(row, item)

    def _add(self, row: int, item: Field) -> None:
        name = label(item.label, tone="2", wrap=True)
        name.setFixedWidth(self._label_width)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(name, row, 0, top)
        masked = is_masked(item) and item.kind not in self._opened
        words = self._text(item, masked=masked)
        value = _value(item, words)
        if not is_masked(item) or self._record.values.get(item.key) == ERASED:
            self._grid.addWidget(Passage(item, value, words) if len(words) > PASSAGE else value, row, 1, top)
            return
        line = QHBoxLayout()
        line.setSpacing(theme.px(6))
        line.addWidget(value)
        line.addWidget(self._eye(item, value, line, shown=not masked), 0, top)
        line.addStretch(1)
        _give_room(value, line)
        self._grid.addLayout(line, row, 1, top)

    def _eye(self, item: Field, value: QLabel, line: QHBoxLayout, *, shown: bool) -> QWidget:
        """The button that shows or hides one value; showing what was masked is written into the audit log."""
        eye = icon_button("eye-off" if shown else "eye", _eye_name(item, shown=shown), size=icons.SMALL)
        eye.setProperty("look", "mini")
        now = [shown]

        def turn() -> None:
            now[0] = not now[0]
            if now[0] and self._record.id is not None and item.kind not in self._opened:
                access.reveal_one(self._session, self._ledger, self._record.id, item.label)
            value.setText(_breakable(self._text(item, masked=not now[0])))
            _give_room(value, line)
            eye.setToolTip(_eye_name(item, shown=now[0]))
            eye.setAccessibleName(_eye_name(item, shown=now[0]))
            icons.put(eye, "eye-off" if now[0] else "eye", "text2", icons.SMALL)

        eye.clicked.connect(turn)
        return eye

    def _text(self, item: Field, *, masked: bool) -> str:
        value = self._record.values.get(item.key)
        shown = listing.display(self._session, item, value, masked=masked)
        if not is_masked(item):
            shown = access.hiding(self._session, self._ledger, self._record.values)(shown, item.kind)
        if item.kind is Kind.MONEY:
            return f"{shown} 元"
        return f"{value} {shown}" if item.kind is Kind.CODE else shown


class Passage(QWidget):
    """A long text: its beginning, and a button that shows the whole, so that what follows stays within reach."""

    def __init__(self, item: Field, value: QLabel, words: str) -> None:
        super().__init__()
        self._value, self._words = value, words
        self.button = button("", LINK)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(2))
        column.addWidget(value)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self._name = item.label
        self._whole = True
        self.button.clicked.connect(self.turn)
        self.turn()

    def turn(self) -> None:
        """Show the whole text, or its beginning again."""
        self._whole = not self._whole
        self._value.setText(_breakable(self._words if self._whole else f"{self._words[:PASSAGE].rstrip()}…"))
        verb = "收起" if self._whole else f"看全文（{len(self._words)} 字）"
        self.button.setText(verb)
        self.button.setAccessibleName(f"{self._name}：{verb}")


def _value(item: Field, words: str) -> QLabel:
    """The value of a fact: breaks into lines, may be marked with the mouse."""
    value = label(_breakable(words), wrap=True)
    value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    value.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    value.setAccessibleName(f"{item.label} {words}")
    return value


def _give_room(value: QLabel, line: QHBoxLayout) -> None:
    """Let the eye stand close behind a short value; a long one breaks into lines instead of widening the panel."""
    long = value.fontMetrics().horizontalAdvance(value.text()) > theme.px(ONE_LINE)
    value.setWordWrap(long)
    line.setStretch(0, int(long))
    line.setStretch(line.count() - 1, int(not long))


def _breakable(words: str) -> str:
    """The same words with places to break in runs without any, such as the address of a web page."""
    return _RUN.sub(lambda run: _BREAK.join(textwrap.wrap(run[0], ONE_RUN)), words)


def label_width(fields: Iterable[Field]) -> int:
    """Pixels that the longest label of these fields takes, within limits: the sections of a record share one edge."""
    metrics = QFontMetrics(fonts.font())
    widest = max((metrics.horizontalAdvance(item.label) + 2 for item in fields), default=0)
    return min(max(theme.px(LABEL_LEAST), widest), theme.px(LABEL_MOST))


def filled(ledger: Ledger, record: Record, keys: Sequence[str]) -> list[Field]:
    """The fields of these keys that are filled in; yes/no only when it is yes."""
    found = [ledger.field(key) for key in keys]
    return [
        item for item in found if not is_empty(record.values.get(item.key)) and record.values.get(item.key) is not False
    ]


def missing(ledger: Ledger, record: Record) -> list[Field]:
    """Fields that have to be filled before closing or filing and are not."""
    wanted = (Grade.TO_SAVE, Grade.TO_CLOSE, Grade.TO_FILE)
    return [item for item in ledger.fields if item.grade in wanted and is_empty(record.values.get(item.key))]


def _eye_name(item: Field, *, shown: bool) -> str:
    return f"{'遮盖' if shown else '显示'}{item.label}"
