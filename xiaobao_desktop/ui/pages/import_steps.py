"""The five steps of an import as widgets: file, header, columns, problems, result. The page moves between them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QFileDialog, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop import paths
from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.services import import_view
from xiaobao_desktop.services.import_view import ColumnView
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import Card, Notice, line_icon, scrolling
from xiaobao_desktop.ui.widgets.labels import ElidedLabel, hairline, label, set_tone
from xiaobao_desktop.ui.widgets.painting import fill_round
from xiaobao_desktop.ui.widgets.summary_card import SummaryCard, headed_grid

if TYPE_CHECKING:
    from xiaobao_desktop.exchange.sheets import Workbook
    from xiaobao_desktop.exchange.tables import RawTable

KINDS = "台账文件 (*.xlsx *.xls *.xlsb *.ods *.csv *.tsv *.txt *.htm *.html);;所有文件 (*)"
_CONFIDENCE = ("", "低", "中", "高")
_TOKENS = ("", "red_solid", "amber_solid", "green_solid")


class FileStep(QWidget):
    """A place to drop a file on, and a button to choose one; ``chosen`` carries the path."""

    chosen = Signal(object)

    def __init__(self, ledger: Ledger) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._over = False
        self.choose_button = buttons.button("选择文件…", buttons.PRIMARY, icon="folder-open")
        self.choose_button.clicked.connect(self._ask)
        column = QVBoxLayout(self)
        column.setSpacing(theme.px(8))
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addStretch(2)
        column.addWidget(label(f"把{ledger.label}台账文件拖到这里", 12, medium=True), 0, middle)
        column.addWidget(label("Excel、WPS 表格、CSV 都可以；原文件只读，不会改动", fonts.SECOND, tone="2"), 0, middle)
        column.addSpacing(theme.px(8))
        column.addWidget(self.choose_button, 0, middle)
        column.addStretch(3)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one local file."""
        urls = event.mimeData().urls()
        if len(urls) == 1 and urls[0].isLocalFile():
            self._over = True
            self.update()
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: object) -> None:
        """The file was dragged away again."""
        self._over = False
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the dropped file."""
        self._over = False
        self.update()
        self.chosen.emit(Path(event.mimeData().urls()[0].toLocalFile()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A dashed frame, tinted while a file hovers over it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent" if self._over else "field_edge"), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(theme.color("tint" if self._over else "base"))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), theme.px(8), theme.px(8))
        painter.end()

    def _ask(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, "选择台账文件", str(paths.documents_dir()), KINDS)
        if chosen:
            self.chosen.emit(Path(chosen))


class HeaderStep(QWidget):
    """Which sheet, where its header is, what was found below it; ``changed`` carries (sheet name, first row)."""

    changed = Signal(str, int)

    def __init__(self) -> None:
        super().__init__()
        self.sheet, self.row = QComboBox(), QComboBox()
        self.sheet.setAccessibleName("工作表")
        self.row.setAccessibleName("表头所在行")
        card = Card("认表头", "程序在前 8 行里找表头；不对就在这里改。")
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(12))
        grid.setColumnStretch(1, 1)
        for place, (name, combo) in enumerate((("工作表", self.sheet), ("表头从哪一行起", self.row))):
            grid.addWidget(label(name, tone="2"), place, 0)
            grid.addWidget(combo, place, 1)
        card.body.addLayout(grid)
        self.found = Card("找到的内容")
        self._facts = QVBoxLayout()
        self._facts.setSpacing(theme.px(6))
        self.found.body.addLayout(self._facts)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(12))
        column.addWidget(card)
        column.addWidget(self.found)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(inner))
        self.sheet.activated.connect(lambda _index: self.changed.emit(self.sheet.currentText(), 0))
        self.row.activated.connect(
            lambda _index: self.changed.emit(self.sheet.currentText(), int(self.row.currentData()))
        )

    def show_table(self, source: Workbook, table: RawTable) -> None:
        """Show what was recognised."""
        with QSignalBlocker(self.sheet), QSignalBlocker(self.row):
            self.sheet.clear()
            self.sheet.addItems(import_view.sheet_names(source))
            self.sheet.setCurrentText(table.sheet)
            self.row.clear()
            for number, text in import_view.header_choices(source, table.sheet):
                self.row.addItem(f"第 {number} 行　{text}", number)
            self.row.setCurrentIndex(max(0, self.row.findData(table.header_rows[0])))
        while self._facts.count():
            self._facts.takeAt(0).widget().deleteLater()
        rows = "—".join(dict.fromkeys(str(row) for row in table.header_rows))
        self._fact(
            "circle-check", "green_text", f"表头在第 {rows} 行，共 {len(table.headers)} 列：{'、'.join(table.headers)}"
        )
        self._fact("circle-check", "green_text", f"下面有 {len(table.rows)} 行记录")
        pictures = sum(len(found) for found in table.pictures.values())
        if pictures:
            self._fact("image", "green_text", f"这些行上有 {pictures} 张图片，导入后是各自记录的附件")
        for row, reason in import_view.skipped(table):
            self._fact("info", "text2", f"第 {row} 行不是记录，跳过：{reason}")
        for text in table.warnings:
            self._fact("triangle-alert", "amber_text", text)

    def _fact(self, icon: str, token: str, text: str) -> None:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(line_icon(icon, token), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(text, wrap=True), 1)
        self._facts.addWidget(line)


class _Dots(QWidget):
    """Three small blocks and a word for how sure a column is."""

    def __init__(self) -> None:
        super().__init__()
        self._level = 0
        self.setFixedSize(theme.px(60), theme.px(20))

    def show_level(self, level: int) -> None:
        """0 shows nothing; 1 low, 2 middle, 3 high."""
        self._level = level
        self.setAccessibleName(f"把握{_CONFIDENCE[level]}" if level else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The blocks, then the word."""
        if not self._level:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side, step, top = theme.px(7), theme.px(9), (self.height() - theme.px(6)) / 2
        for place in range(3):
            token = _TOKENS[self._level] if place < self._level else "button_edge"
            fill_round(painter, QRectF(place * step, top, side, theme.px(6)), theme.color(token), 2)
        painter.setFont(fonts.font(fonts.SECOND))
        painter.setPen(theme.color("text2"))
        painter.drawText(
            self.rect().adjusted(3 * step + theme.px(6), 0, 0, 0),
            Qt.AlignmentFlag.AlignVCenter,
            _CONFIDENCE[self._level],
        )
        painter.end()


class _Combo(QComboBox):
    """A combo box that the wheel leaves alone, so that scrolling the list changes nothing."""

    def wheelEvent(self, event: object) -> None:
        """Leave the wheel to the page."""
        event.ignore()  # type: ignore[attr-defined]


class ColumnsCard(SummaryCard):
    """The mapping: column, sample, target field, confidence, remark; ``changed`` carries (column index, field key)."""

    changed = Signal(int, str)

    def __init__(self, ledger: Ledger) -> None:
        scroll = scrolling(QWidget())
        super().__init__("对应列", scroll)
        self._scroll = scroll
        self._targets = import_view.targets(ledger)
        self.combos: dict[int, QComboBox] = {}

    def show_columns(self, columns: Sequence[ColumnView], missing: Sequence[str]) -> None:
        """Show all columns anew; ``missing`` names required fields without a column."""
        fresh = QWidget()
        heads = (("表里的列", 3), ("样例", 3), ("台账字段", 4), ("把握", 0), ("说明", 5))
        grid = headed_grid(fresh, heads, gap=2)
        self.combos = {}
        for row, column in enumerate(columns, start=1):
            self._add(grid, 2 * row, column)
        self._scroll.setWidget(fresh)
        fresh.setAutoFillBackground(False)
        mapped = sum(bool(column.field) for column in columns)
        self.summary.setText(f"{len(columns)} 列中 {mapped} 列已对上，改过的记住给下次用")
        self._tell_missing(missing)

    def _tell_missing(self, missing: Sequence[str]) -> None:
        set_tone(self.remark, "red" if missing else "green")
        self.remark.setText(f"还缺必填的：{'、'.join(missing)}" if missing else "✓ 必填字段都已对上")

    def _add(self, grid: QGridLayout, row: int, column: ColumnView) -> None:
        grid.addWidget(hairline(), row - 1, 0, 1, 5)
        grid.addWidget(label(column.header, medium=bool(column.field), tone="" if column.field else "2"), row, 0)
        sample = ElidedLabel(column.sample, token="text2")  # noqa: S106 - a colour, not a password
        grid.addWidget(sample, row, 1)
        combo = _Combo()
        combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        combo.setAccessibleName(f"{column.header} 对应的台账字段")
        combo.setMaxVisibleItems(14)
        combo.addItem("不导入", "")
        for key, name in self._targets:
            combo.addItem(name, key)
        combo.setCurrentIndex(max(0, combo.findData(column.field)))
        combo.activated.connect(lambda _index: self.changed.emit(column.index, str(combo.currentData())))
        self.combos[column.index] = combo
        grid.addWidget(combo, row, 2)
        dots = _Dots()
        dots.show_level(column.confidence)
        grid.addWidget(dots, row, 3)
        tone = {1: "red", 2: "amber"}.get(column.confidence, "2")
        grid.addWidget(label(column.remark, fonts.SECOND, tone=tone, wrap=True), row, 4)


class ResultStep(QWidget):
    """What came in, and what to do next."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__()
        self._ledger = ledger
        self.title = label("", 12, medium=True)
        self.lines = label("", tone="2", wrap=True)
        self.notice = Notice("")
        self.below = QVBoxLayout()
        self.undo_button = buttons.button("撤回这次导入…", icon="undo-2")
        self.rejects_button = buttons.button("另存不能导入的行…", icon="file-spreadsheet")
        self.again_button = buttons.button("再导入一个文件")
        self.list_button = buttons.button(f"打开{ledger.label}列表", buttons.PRIMARY)
        card = QFrame()
        card.setProperty("look", "card")
        inside = QVBoxLayout(card)
        edge = theme.px(24)
        inside.setContentsMargins(edge, edge, edge, edge)
        inside.setSpacing(theme.px(10))
        inside.addWidget(self.title)
        inside.addWidget(self.lines)
        inside.addWidget(self.notice)
        inside.addLayout(self.below)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        row.addWidget(self.rejects_button)
        row.addWidget(self.again_button)
        row.addWidget(self.undo_button)
        row.addStretch(1)
        row.addWidget(self.list_button)
        inside.addSpacing(theme.px(8))
        inside.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        column.addStretch(1)

    def show_taken_back(self, words: str) -> None:
        """Say that the import was taken back."""
        self.title.setText("这次导入已撤回")
        self.lines.setText(words)
        self.notice.set_text("")
        self.undo_button.hide()

    def show_result(self, imported: int, repeats: int, refused: int, pictures: int, backup: str) -> None:
        """Say what became of the rows and pictures, and where the backup lies ("" = none made)."""
        unit = self._ledger.unit
        self.title.setText(f"导入了 {imported} {unit}" if imported else "没有新的记录要导入")
        parts = [f"重复 {repeats} 行，以前已经导入过，没有再导入" if repeats else "没有重复的行"]
        parts.append(f"不能导入 {refused} 行" if refused else "没有不能导入的行")
        if pictures:
            parts.insert(0, f"{pictures} 张图片存为附件")
        if backup:
            parts.append(f"导入前的备份：{backup}")
        self.lines.setText("\n".join(parts))
        self.notice.set_text(
            f"有 {refused} 行没有进台账。点“另存不能导入的行”，在 Excel 里改好标红的格子，再导入那个文件就行。"
            if refused
            else ""
        )
        self.rejects_button.setVisible(refused > 0)
        self.undo_button.setVisible(imported > 0)
