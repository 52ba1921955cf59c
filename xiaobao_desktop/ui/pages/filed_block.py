"""The filed versions of a report: which there are, opened as they went out, and what changed since."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from xiaobao_desktop.domain.ledgers.filing import LEDGER
from xiaobao_desktop.services.filing import Version
from xiaobao_desktop.services.filing_changes import LaterChange, LaterChanges
from xiaobao_desktop.services.filing_look import Look
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.banner import Banner
from xiaobao_desktop.ui.widgets.buttons import LINK, button
from xiaobao_desktop.ui.widgets.labels import label, set_shown

FATES = {"new": "新落入本期", "changed": "修改", "deleted": "已删除，在回收站", "restored": "恢复"}
_LISTED = 5
"""Changed records named one by one."""


class FiledBlock(QWidget):
    """定稿 and its versions; hidden while the report was never filed.

    Signals:
        open_asked: a version whose files are to be shown.
        record_asked: key of the ledger and id of a record to open.
        records_asked: key of a ledger, ids, where they come from.
    """

    open_asked = Signal(object)
    record_asked = Signal(str, int)
    records_asked = Signal(str, object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.open_buttons: list[QPushButton] = []
        self.changes = ChangesBlock(with_figures=False)
        self.changes.record_asked.connect(self.record_asked)
        self.changes.records_asked.connect(self.records_asked)
        self._rows: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(6))
        self._column.addWidget(label("已定稿", fonts.CARD_TITLE, medium=True))
        self._column.addWidget(self.changes)
        self.setVisible(False)

    def show_look(self, look: Look) -> None:
        """Show the versions of a report and what changed since the latest."""
        if self._rows is not None:
            self._column.removeWidget(self._rows)
            self._rows.deleteLater()
        self._rows = QWidget()
        lines = QVBoxLayout(self._rows)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(theme.px(2))
        self.open_buttons = []
        for version in look.versions:
            lines.addLayout(self._line(version))
        self._column.insertWidget(1, self._rows)
        self.changes.show_changes(look.later)
        set_shown(self, shown=bool(look.versions))

    def _line(self, version: Version) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        replaced = "·已更正" if version.replaced else ""
        number = f"\n{version.document_number}" if version.document_number else ""
        words = f"第 {version.version} 版·{version.filed_on} 报出{replaced}{number}"
        row.addWidget(label(words, fonts.SECOND, tone="2" if version.replaced else "", wrap=True), 1)
        record = button("记录", LINK)
        record.setAccessibleName(f"第 {version.version} 版的报送记录")
        record.clicked.connect(partial(self._ask_record, version))
        row.addWidget(record, 0, Qt.AlignmentFlag.AlignTop)
        if version.files:
            opened = button("打开", LINK)
            opened.setAccessibleName(f"打开第 {version.version} 版定稿")
            opened.clicked.connect(partial(self._open, version))
            row.addWidget(opened, 0, Qt.AlignmentFlag.AlignTop)
            self.open_buttons.append(opened)
        return row

    def _open(self, version: Version, _checked: bool = False) -> None:
        self.open_asked.emit(version)

    def _ask_record(self, version: Version, _checked: bool = False) -> None:
        self.record_asked.emit(LEDGER.key, version.record_id)


class ChangesBlock(QWidget):
    """此后变动: how many records changed, the last ones by name; hidden while nothing changed.

    Signals:
        record_asked: key of the ledger and id of a changed record.
        records_asked: key of a ledger, ids of all its changed records, where they come from.
    """

    record_asked = Signal(str, int)
    records_asked = Signal(str, object, str)

    def __init__(self, parent: QWidget | None = None, *, with_figures: bool = True) -> None:
        """Make it; ``with_figures`` names the figures that are not as they were."""
        super().__init__(parent)
        self._with_figures = with_figures
        self.banner = Banner("amber", "history")
        self.links: list[QPushButton] = []
        self._rows: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(4))
        self._column.addWidget(self.banner)
        self.setVisible(False)

    def show_changes(self, later: LaterChanges) -> None:
        """Show what changed since an issue was filed."""
        if self._rows is not None:
            self._column.removeWidget(self._rows)
            self._rows.deleteLater()
        self.banner.tell("amber", "history", later.words, self._figures(later) if self._with_figures else "")
        self._rows = self._lines(later)
        self._column.addWidget(self._rows)
        set_shown(self, shown=bool(later.items))

    def _figures(self, later: LaterChanges) -> str:
        told = "；".join(f"{name}由{old}变为{new}" for name, old, new in later.figures[:_LISTED])
        return told + (f"等 {len(later.figures)} 个数字" if len(later.figures) > _LISTED else "")

    def _lines(self, later: LaterChanges) -> QWidget:
        rows = QWidget()
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(2))
        self.links = []
        for item in reversed(later.items[-_LISTED:]):
            line = QHBoxLayout()
            line.setSpacing(theme.px(8))
            line.addWidget(self._number(item))
            # The operation may name the record once more.
            done = item.operation.removesuffix(item.number).strip()
            words = f"{FATES[item.fate]}·{item.at:%m-%d %H:%M}·{done}"
            line.addWidget(label(words, fonts.SECOND, tone="2", wrap=True), 1)
            column.addLayout(line)
        for ledger in dict.fromkeys(item.ledger for item in later.items):
            ids = later.ids(ledger)
            if len(later.items) > _LISTED:
                link = button(f"看全部 {len(ids)} 条", LINK)
                link.clicked.connect(partial(self._ask_all, ledger, ids))
                column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
                self.links.append(link)
        return rows

    def _number(self, item: LaterChange) -> QWidget:
        """The number of a record: a link while it can be opened."""
        if item.fate == "deleted":
            number = label(item.number, tone="2")
            # As far in as the words of a link.
            number.setContentsMargins(theme.px(5), 0, theme.px(5), 0)
            return number
        link = button(item.number, LINK)
        link.clicked.connect(partial(self._ask_one, item.ledger, item.record_id))
        self.links.append(link)
        return link

    def _ask_one(self, ledger: str, record_id: int, _checked: bool = False) -> None:
        self.record_asked.emit(ledger, record_id)

    def _ask_all(self, ledger: str, ids: tuple[int, ...], _checked: bool = False) -> None:
        self.records_asked.emit(ledger, ids, "定稿后变动")
