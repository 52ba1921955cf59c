"""Facts of a record as label and value, from the declaration: only what is filled in; personal data behind an eye."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from xiaobao_desktop.domain.fields import Field, Grade, Kind, Ledger, Record, is_empty
from xiaobao_desktop.domain.masking import ERASED, is_masked
from xiaobao_desktop.services import access, listing
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.widgets.buttons import icon_button
from xiaobao_desktop.ui.widgets.labels import label

LABEL_LEAST, LABEL_MOST = 70, 112
"""Pixels of the design sheet: five characters, so that records look alike; eight, longer labels break."""


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
        value = label(self._text(item, masked=masked), wrap=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        value.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        value.setAccessibleName(f"{item.label} {value.text()}")
        if not is_masked(item) or self._record.values.get(item.key) == ERASED:
            self._grid.addWidget(value, row, 1, top)
            return
        line = QHBoxLayout()
        line.setSpacing(theme.px(6))
        line.addWidget(value)
        line.addWidget(self._eye(item, value, shown=not masked), 0, top)
        line.addStretch(1)
        value.setWordWrap(False)
        self._grid.addLayout(line, row, 1, top)

    def _eye(self, item: Field, value: QLabel, *, shown: bool) -> QWidget:
        """The button that shows or hides one value; showing what was masked is written into the audit log."""
        eye = icon_button("eye-off" if shown else "eye", _eye_name(item, shown=shown), size=icons.SMALL)
        eye.setProperty("look", "mini")
        now = [shown]

        def turn() -> None:
            now[0] = not now[0]
            if now[0] and self._record.id is not None and item.kind not in self._opened:
                access.reveal_one(self._session, self._ledger, self._record.id, item.label)
            value.setText(self._text(item, masked=not now[0]))
            eye.setToolTip(_eye_name(item, shown=now[0]))
            eye.setAccessibleName(_eye_name(item, shown=now[0]))
            icons.put(eye, "eye-off" if now[0] else "eye", "text2", icons.SMALL)

        eye.clicked.connect(turn)
        return eye

    def _text(self, item: Field, *, masked: bool) -> str:
        value = self._record.values.get(item.key)
        shown = listing.display(self._session, item, value, masked=masked)
        if item.kind is Kind.MONEY:
            return f"{shown} 元"
        return f"{value} {shown}" if item.kind is Kind.CODE else shown


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
