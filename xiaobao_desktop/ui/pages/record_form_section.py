"""A titled, numbered group of fields in a grid of four columns; what is seldom used is folded under 更多."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Field, Grade, Kind, Section
from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.pages.record_form_cell import FieldCell
from xiaobao_desktop.ui.widgets.buttons import LINK, button
from xiaobao_desktop.ui.widgets.labels import label

COLUMNS = 4
_SMALLEST_FOLD = 3


@dataclass(frozen=True)
class Place:
    """Where a field stands in the grid."""

    row: int
    column: int
    span: int


def places(fields: Sequence[Field]) -> tuple[Place, ...]:
    """Places of fields in reading order: a field that does not fit into its row begins the next."""
    found: list[Place] = []
    row, column = 0, 0
    for item in fields:
        span = max(1, min(item.span, COLUMNS))
        if column + span > COLUMNS:
            row, column = row + 1, 0
        found.append(Place(row, column, span))
        column += span
    return tuple(found)


def split(fields: Sequence[Field]) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """The fields shown at once and those folded away, both in declared order.

    Every field that must be filled one day is shown. Free ones fill the rows begun by them, and one row more in a
    section of more than one row; the others are folded. A fold of one or two fields is not worth a click.
    """
    needed = sum(item.span for item in fields if item.grade is not Grade.FREE)
    rows = max(1, -(-needed // COLUMNS)) + (1 if needed > COLUMNS else 0)
    room = rows * COLUMNS - needed
    shown: list[Field] = []
    for item in fields:
        if item.grade is Grade.FREE:
            if item.span > room:
                room = 0
                continue
            room -= item.span
        shown.append(item)
    folded = tuple(item for item in fields if item not in shown)
    return (tuple(shown), folded) if len(folded) >= _SMALLEST_FOLD else (tuple(fields), ())


class _Number(QWidget):
    """The number of a section on a disc; a green tick once it is done."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.done = False
        self.setFixedSize(theme.px(20), theme.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Disc with number or tick."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("green_tint" if self.done else "tint_edge"))
        painter.drawEllipse(self.rect())
        if self.done:
            edge = theme.px(4)
            icons.draw(painter, QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), "check", "green_text")
        else:
            painter.setFont(fonts.font(fonts.SECOND))
            painter.setPen(theme.color("link"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.end()


class SectionBox(QWidget):
    """A section: head, grid of cells, fold."""

    def __init__(self, number: int, section: Section, cells: Sequence[FieldCell], *, folds: bool = True) -> None:
        """Lay out ``cells``; ``folds`` is False for a form so short that nothing need be folded."""
        super().__init__()
        self.section = section
        fields = tuple(cell.field for cell in cells)
        shown, folded = split(fields) if folds else (fields, ())
        by_key = {cell.field.key: cell for cell in cells}
        self.shown = tuple(by_key[item.key] for item in shown)
        self.folded = tuple(by_key[item.key] for item in folded)
        self._number = _Number(number)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        self.more: QPushButton | None = None
        if self.folded:
            self.more = button("", LINK)
            self.more.clicked.connect(lambda: self.unfold(not self.unfolded))
        self._fold = QWidget()
        grid = cell_grid(self.folded)
        grid.setContentsMargins(0, theme.px(4), 0, 0)
        self._fold.setLayout(grid)
        column.addLayout(self._head())
        column.addLayout(cell_grid(self.shown))
        column.addWidget(self._fold)
        self.unfold(False)

    @property
    def cells(self) -> tuple[FieldCell, ...]:
        """All cells in the order in which they stand."""
        return (*self.shown, *self.folded)

    @property
    def unfolded(self) -> bool:
        """Whether the seldom used fields are shown."""
        return not self._fold.isHidden()

    def unfold(self, on: bool) -> None:
        """Show the seldom used fields, or fold them away."""
        self._fold.setVisible(on and bool(self.folded))
        if self.more is not None:
            words = "收起" if on else f"更多（{len(self.folded)} 项）"
            self.more.setText(f" {words}")
            self.more.setAccessibleName(f"{self.section.title}：{words}")
            icons.put(self.more, "chevron-up" if on else "chevron-down", "link", icons.SMALL)

    def set_done(self, done: bool) -> None:
        """Show the tick instead of the number."""
        if self._number.done != done:
            self._number.done = done
            self._number.update()

    @property
    def done(self) -> bool:
        """Whether the tick is shown."""
        return self._number.done

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        row.addWidget(self._number)
        row.addWidget(label(self.section.title, fonts.CARD_TITLE, medium=True))
        if self.section.hint:
            row.addSpacing(theme.px(2))
            row.addWidget(label(self.section.hint, fonts.SECOND, tone="2"))
        row.addStretch(1)
        if self.more is not None:
            row.addWidget(self.more)
        return row


def cell_grid(cells: Sequence[FieldCell]) -> QGridLayout:
    """Cells in four equal columns, rows aligned at the top."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.px(14))
    grid.setVerticalSpacing(theme.px(12))
    placed = list(zip(cells, places([cell.field for cell in cells]), strict=True))
    labelled = {place.row for cell, place in placed if cell.field.kind is not Kind.YES_NO}
    for cell, place in placed:
        if place.row not in labelled:
            cell.drop_head()
        grid.addWidget(cell, place.row, place.column, 1, place.span, Qt.AlignmentFlag.AlignTop)
    for column in range(COLUMNS):
        grid.setColumnStretch(column, 1)
        # A column that no cell has to itself would lose its gap: columns of two sections would not stand in line.
        filler = QWidget()
        filler.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        grid.addWidget(filler, 0, column, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    return grid
