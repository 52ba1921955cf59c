"""Paints and edits the cells of child rows: ticks in the middle, a list for choices, a line for texts."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QComboBox, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from xiaobao_desktop.domain.fields import Kind
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.models.child_model import RAW_ROLE, ChildModel
from xiaobao_desktop.ui.widgets.painting import draw_check, draw_line_text

Index = QModelIndex | QPersistentModelIndex
_BOX = 16


class ChildCellDelegate(QStyledItemDelegate):
    """For a view on a :class:`ChildModel`."""

    def __init__(self, session: Session, model: ChildModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._model = session, model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground and line of the row; a tick box in the middle for yes/no, else the text."""
        area: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(area, theme.color("tint" if chosen else "base"))
        painter.fillRect(area.left(), area.bottom(), area.width(), 1, theme.color("line"))
        if self._model.field(index.column()).kind is Kind.YES_NO:
            self._paint_tick(painter, area, checked=bool(index.data(RAW_ROLE)))
        else:
            painter.setFont(fonts.font())
            words = area.adjusted(theme.px(10), 0, -theme.px(6), 0)
            draw_line_text(painter, words, str(index.data() or ""), theme.color("text"))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(0, 0, -1, -2))
        painter.restore()

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """A click or the space bar turns a tick."""
        if self._model.field(index.column()).kind is not Kind.YES_NO:
            return super().editorEvent(event, model, option, index)
        clicked = (
            event.type() is QEvent.Type.MouseButtonRelease
            and isinstance(event, QMouseEvent)
            and event.button() is Qt.MouseButton.LeftButton
        )
        pressed = (
            event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        )
        if not (clicked or pressed):
            return False
        state = Qt.CheckState.Unchecked if index.data(RAW_ROLE) else Qt.CheckState.Checked
        return model.setData(index, state, int(Qt.ItemDataRole.CheckStateRole))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A list of the choices, or a line."""
        item = self._model.field(index.column())
        if item.kind is not Kind.CHOICE:
            return super().createEditor(parent, option, index)
        box = QComboBox(parent)
        box.addItem("", "")
        for choice in self._session.rules.catalog.list(item.options).items:
            if choice.active:
                box.addItem(choice.name, choice.id)
        box.activated.connect(lambda _row: self.commitData.emit(box))
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show the value in the editor."""
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(index.data(RAW_ROLE))))
        else:
            super().setEditorData(editor, index)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Take the value out of the editor."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData(), int(Qt.ItemDataRole.EditRole))
        else:
            super().setModelData(editor, model, index)

    @staticmethod
    def _paint_tick(painter: QPainter, area: QRect, *, checked: bool) -> None:
        size = theme.px(_BOX)
        box = QRectF(area.center().x() - size / 2 + 1, area.center().y() - size / 2 + 1, size - 1, size - 1)
        painter.setPen(QPen(theme.color("accent" if checked else "field_edge"), 1))
        painter.setBrush(theme.color("accent" if checked else "base"))
        painter.drawRoundedRect(box, theme.px(4), theme.px(4))
        if checked:
            draw_check(painter, box, theme.color("on_accent"))
