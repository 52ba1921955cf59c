"""Tables of an import: the first rows with refused cells in red, and the list of refused cells."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from xiaobao_desktop.services.import_view import GOOD, REJECTED, Preview, PreviewCell, Refusal
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.summary_card import SummaryCard

Index = QModelIndex | QPersistentModelIndex
_CELL = int(Qt.ItemDataRole.UserRole)
_STATE = _CELL + 1
_NONE = QModelIndex()


class CellsModel(QAbstractTableModel):
    """Read-only rows of :class:`PreviewCell`, each row with its state."""

    def __init__(self) -> None:
        super().__init__()
        self._headers: tuple[str, ...] = ()
        self._rows: list[tuple[str, tuple[PreviewCell, ...]]] = []

    def fill(self, headers: Sequence[str], rows: Sequence[tuple[str, tuple[PreviewCell, ...]]]) -> None:
        """Show other rows; each is (state, cells)."""
        self.beginResetModel()
        self._headers, self._rows = tuple(headers), list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _NONE) -> int:
        """Number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NONE) -> int:
        """Number of columns."""
        return 0 if parent.isValid() else len(self._headers)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Names of the columns."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._headers[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text, the reason as a tooltip, and what the delegate needs."""
        state, cells = self._rows[index.row()]
        cell = cells[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{cell.text}\n{cell.problem}".strip() if cell.problem else cell.text
        return {_CELL: cell, _STATE: state}.get(role)


class CellDelegate(QStyledItemDelegate):
    """Paints a cell; a refused one red with an edge, its row tinted, a row that stays out muted."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Rows of one height; as wide as the text."""
        text = str(index.data() or "")
        return QSize(QFontMetrics(fonts.font()).horizontalAdvance(text) + theme.px(22), theme.px(28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Tint, edge, text, hairline."""
        cell, state = index.data(_CELL), index.data(_STATE)
        area: QRect = option.rect  # type: ignore[attr-defined]
        box = QRectF(area)
        painter.save()
        refused = state == REJECTED
        if refused:
            painter.fillRect(box, theme.color("red_tint"))
        if cell.problem:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("red_solid"), 1.5))
            painter.drawRoundedRect(box.adjusted(1.5, 2.5, -1.5, -3.5), theme.px(4), theme.px(4))
        token = "red_text" if cell.problem else "text" if state == GOOD or refused else "text3"
        painter.setPen(theme.color(token))
        painter.setFont(fonts.font(medium=bool(cell.problem)))
        inner = area.adjusted(theme.px(9), 0, -theme.px(5), -1)
        shown = painter.fontMetrics().elidedText(cell.text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.fillRect(QRectF(box.left(), box.bottom(), box.width(), 1), theme.color("line"))
        painter.restore()


class CellsTable(QTableView):
    """A plain table over a :class:`CellsModel`."""

    WIDEST = 240

    def __init__(self, name: str) -> None:
        """Make it; ``name`` is its accessible name."""
        super().__init__()
        self.cells = CellsModel()
        self.setModel(self.cells)
        self.setItemDelegate(CellDelegate(self))
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(28))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)

    def fill(self, headers: Sequence[str], rows: Sequence[tuple[str, tuple[PreviewCell, ...]]]) -> None:
        """Show rows and make each column as wide as its contents, within reason."""
        self.cells.fill(headers, rows)
        self.resizeColumnsToContents()
        for column in range(len(headers)):
            self.setColumnWidth(column, min(theme.px(self.WIDEST), self.columnWidth(column) + theme.px(6)))
        self.horizontalHeader().setStretchLastSection(True)


class PreviewCard(SummaryCard):
    """The first rows of the table as they would come in."""

    def __init__(self) -> None:
        table = CellsTable("预览")
        super().__init__("预览", table)
        self.table = table

    def show_preview(self, preview: Preview, total: int, remark: str) -> None:
        """Show rows; ``total`` is the number in the file, ``remark`` stands at the right."""
        headers = ("行", *preview.headers, "说明")
        rows = [(row.state, (PreviewCell(str(row.number)), *row.cells, PreviewCell(row.note))) for row in preview.rows]
        self.table.fill(headers, rows)
        shown = f"前 {len(rows)} 行，" if len(rows) < total else ""
        refused = "，不能导入的排在前面" if any(row.state == REJECTED for row in preview.rows) else ""
        self.summary.setText(f"{shown}共 {total} 行{refused}")
        self.remark.setText(remark)


class RefusalsCard(SummaryCard):
    """Every refused cell with its reason."""

    def __init__(self) -> None:
        table = CellsTable("不能导入的格子")
        table.WIDEST = 420
        super().__init__("不能导入的行", table)
        self.table = table

    def show_refusals(self, refusals: Sequence[Refusal]) -> None:
        """Show them in the order of the sheet."""
        rows = [
            (
                GOOD,
                (
                    PreviewCell(f"第 {item.row} 行"),
                    PreviewCell(item.column),
                    PreviewCell(item.value),
                    PreviewCell(item.reason),
                ),
            )
            for item in refusals
        ]
        self.table.fill(("行", "列", "原来写的", "为什么不能导入"), rows)
        count = len({item.row for item in refusals})
        self.summary.setText(f"{count} 行，其余的照常导入" if count else "没有，全部可以导入")
