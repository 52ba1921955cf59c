"""What the editors of child rows share: a line to add by, the table of the rows, a count and a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLayout, QLineEdit, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import EMPTY, ChildTable, Field, Kind, Values
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.delegates.child_cell import ChildCellDelegate
from xiaobao_desktop.ui.editors.child_view import HEAD, MOST_ROWS, ROW, ChildView
from xiaobao_desktop.ui.models.child_model import ChildModel
from xiaobao_desktop.ui.widgets.buttons import button
from xiaobao_desktop.ui.widgets.labels import label, set_tone


class ChildRowsEditor(QWidget):
    """The rows of one child table. How rows are added and pasted is up to the classes that build on it.

    Signals:
        edited: a row was added, changed or taken away.
        advance: Enter in the empty line asks for what comes next.
    """

    edited = Signal()
    advance = Signal()

    def __init__(self, session: Session, table: ChildTable, line: QLineEdit, unit: str, nothing: str) -> None:
        """Make the parts; the caller makes its own and ends with ``_arrange``.

        Args:
            session: the open book.
            table: whose rows are edited.
            line: where the next row is typed or looked up.
            unit: counts the rows.
            nothing: said where a count stands while there are no rows.
        """
        super().__init__()
        self._session, self.table = session, table
        self._unit, self._nothing = unit, nothing
        self._record: Values = EMPTY
        self.model = ChildModel(session, table)
        self.line = line
        self.view = ChildView(self.model)
        self.remove_button = button("移除所选", icon="trash-2")
        self.count = label("", fonts.SECOND, tone="2")
        self.message = label("", fonts.SECOND, tone="2", wrap=True)

    @property
    def rows(self) -> tuple[Values, ...]:
        """The rows as they go into the record."""
        return self.model.rows

    def set_rows(self, rows: Sequence[Values]) -> None:
        """Show rows; ``edited`` is not sent."""
        self.model.set_rows(rows)
        self._say("")
        self._changed(tell=False)

    def belong_to(self, values: Values) -> None:
        """Say what the record holds now: rows added from now on begin by it."""
        self._record = values

    def controls(self) -> tuple[QWidget, ...]:
        """What the Tab key visits, in order."""
        return (self.line, self.remove_button, self.view)

    def paste(self) -> None:
        """Add the rows that the clipboard holds."""
        raise NotImplementedError

    def remove_selected(self) -> None:
        """Take the selected rows away."""
        places = {index.row() for index in self.view.selectionModel().selectedIndexes()}
        if places:
            self.model.remove(places)
            self._say(f"已移除 {len(places)} {self._unit}")
            self._changed()

    def _ticks(self) -> list[Field]:
        return [item for item in self.table.fields if item.kind is Kind.YES_NO]

    def _row_start(self, record: Values) -> Values:
        return self.table.row_start(record, self._session.today().isoformat())

    def _arrange(self, tools: QLayout) -> None:
        """Put the tools over the table, and let the table speak."""
        self.line.setAccessibleName(f"添加{self.table.label}")
        self.view.setItemDelegate(ChildCellDelegate(self._session, self.model, self.view))
        self.view.setAccessibleName(self.table.label)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.px(8))
        whole.addLayout(tools)
        whole.addWidget(self.message)
        whole.addWidget(self.view)
        self.remove_button.clicked.connect(self.remove_selected)
        self.model.dataChanged.connect(lambda *_cells: self._changed())
        self.view.removed.connect(self.remove_selected)
        pasted = QShortcut(QKeySequence.StandardKey.Paste, self.view)
        pasted.setContext(Qt.ShortcutContext.WidgetShortcut)
        pasted.activated.connect(self.paste)
        self._changed(tell=False)

    def _changed(self, *, tell: bool = True) -> None:
        """Show what the rows are now; ``tell`` sends ``edited``."""
        rows = self.model.rows
        words = [f"{len(rows)} {self._unit}"] if rows else [self._nothing]
        words += [f"{item.label} {sum(bool(row.get(item.key)) for row in rows)}" for item in self._ticks() if rows]
        self.count.setText("·".join(words))
        self.view.setVisible(bool(rows))
        self.view.setFixedHeight(theme.px(HEAD + ROW * min(MOST_ROWS, max(1, len(rows))) + 2))
        self.remove_button.setEnabled(bool(rows))
        if tell:
            self.edited.emit()

    def _say(self, words: str, tone: str = "2") -> None:
        self.message.setText(words)
        self.message.setVisible(bool(words))
        set_tone(self.message, tone)
