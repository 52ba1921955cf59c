"""A line edit that finds its value in a list while one types: the base of choice, code and link fields.

Typing filters the list; Alt+↓ opens it; ↑↓ move; Enter or Tab takes the row and goes on; Alt+1–9 take a row by its
number, open or not; Esc closes the list. The mouse wheel changes nothing. Text still being composed by an input method
is not searched. A caption that is too long ends in … and is the tooltip.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QWidget

from xiaobao_desktop.domain.fields import Value, is_empty
from xiaobao_desktop.ui import icons, theme
from xiaobao_desktop.ui.widgets.choice_popup import Option, OptionPopup
from xiaobao_desktop.ui.widgets.painting import draw_line_text

_KEYS = "↑↓ 选择  Alt+1–9 直选  Enter 确定  Esc 关闭"
_PAGE = 8
_QUOTED = 6
"""So many characters of a search that finds nothing are repeated below it."""
_PREFIX = 20
"""Pixels of the design sheet that the number before a caption takes."""


class PickerLine(QLineEdit):
    """One value chosen from a list.

    ``picked`` says that the value changed; ``done`` that Enter asks for the next field. Subclasses say what the list
    holds (:meth:`find_options`), what is shown of a value (:meth:`caption`) and which text names one (:meth:`exact`).
    """

    picked = Signal()
    done = Signal()
    icon_name = "chevron-down"
    opens_on_click = True
    keys_hint = _KEYS
    popup_width = 220

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: Value = None
        self._searching = False
        self._composing = False
        self.popup = OptionPopup(self, self.keys_hint)
        self.popup.chosen.connect(self._take_clicked)
        self.setTextMargins(0, 0, theme.px(22), 0)
        self.textEdited.connect(self._on_edited)

    # What subclasses say.

    def find_options(self, text: str) -> Sequence[Option]:
        """The rows for a search; an empty text asks for the whole list."""
        raise NotImplementedError

    def caption(self, value: Value) -> str:
        """The words shown for a value."""
        raise NotImplementedError

    def exact(self, text: str) -> Option | None:
        """The option that ``text`` names beyond doubt, so that leaving the field takes it."""
        raise NotImplementedError

    def unknown(self, text: str, found: int) -> str:
        """The Chinese sentence for a text that names nothing, or ``found`` options at once."""
        raise NotImplementedError

    def count_text(self, text: str, found: int) -> str:
        """The sentence at the foot of the list."""
        if text and not found:
            return f"没有“{text[:_QUOTED]}{'…' * (len(text) > _QUOTED)}”，改一改，或按 Esc 放弃"
        return f"{found} 项匹配“{text}”" if text else f"共 {found} 项"

    def prefix(self) -> str:
        """A short text painted before the caption (the number of a choice)."""
        return ""

    # The value.

    def value(self) -> Value:
        """What is chosen, None for nothing or while a search is not settled."""
        return None if self._searching else self._value

    def set_value(self, value: Value) -> None:
        """Show ``value``; no signal is sent."""
        self._value = None if is_empty(value) else value
        self._show_value()

    def problem(self) -> str:
        """Why the text typed stands for no value; empty when it does."""
        text = self.text().strip()
        if not self._searching or not text:
            return ""
        return self.unknown(text, len(self.find_options(text)))

    def choose(self, option: Option) -> None:
        """Take ``option`` and close the list."""
        self._set(option.value)
        self.popup.dismiss()

    def settle(self) -> None:
        """Take what the text names beyond doubt; called when the keyboard goes elsewhere."""
        self.popup.dismiss()
        if not self._searching:
            return
        text = self.text().strip()
        if not text:
            self._set(None)
            return
        found = self.exact(text)
        if found is None:
            options = self.find_options(text)
            found = options[0] if len(options) == 1 else None
        if found is not None:
            self._set(found.value)

    def take_row(self) -> None:
        """Take the row stood on when something was typed for it; Tab and F8 leave the field like this."""
        option = self.popup.current() if self._searching and self.popup.isVisible() else None
        if option is not None:
            self.choose(option)
            self.popup.dismiss()

    def open_list(self, text: str = "") -> None:
        """Open the list for a search, standing on the value chosen."""
        options = list(self.find_options(text))
        at = next((row for row, option in enumerate(options) if option.value == self._value), 0)
        self.popup.fill(options, self.count_text(text, len(options)), at)
        if options or text:
            self.popup.open(theme.px(self.popup_width))

    # Keys, mouse, input method.

    def event(self, event: QEvent) -> bool:
        """Keep keys of the open list from the shortcuts of the window; Tab takes the row before it leaves."""
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and self._wants(event):
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab and not self._composing:
                self.take_row()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """List keys first, then those of a line edit."""
        if self._composing or not (self._list_key(event) or self._field_key(event)):
            super().keyPressEvent(event)
        else:
            event.accept()

    def _list_key(self, event: QKeyEvent) -> bool:
        """Keys of the open list; True when used."""
        if not self.popup.isVisible():
            return False
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -_PAGE, Qt.Key.Key_PageDown: _PAGE}
        if key == Qt.Key.Key_Escape or (key == Qt.Key.Key_Up and _alt(event)):
            self._give_up()
        elif key in steps:
            self.popup.step(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.enter_in_list()
        else:
            return False
        return True

    def emptied(self, was_searching: bool) -> None:
        """The text was deleted to the last character: nothing is chosen any more."""
        self.popup.dismiss()
        self._set(None)

    def enter_in_list(self) -> None:
        """Enter in the open list: take the row and go on; with nothing found stay."""
        option = self.popup.current()
        if option is not None:
            self.choose(option)
            self.done.emit()

    def _field_key(self, event: QKeyEvent) -> bool:
        """Keys of the field with the list open or closed; True when used."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Down and _alt(event):
            self.open_list()
        elif (number := alt_digit(event)) is not None:
            self._pick_number(number)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.popup.isVisible():
            self.settle()
            if not self.problem():
                self.done.emit()
        else:
            return False
        return True

    def _pick_number(self, number: int) -> None:
        if not self.popup.isVisible():
            self.popup.fill(list(self.find_options(self.text().strip() if self._searching else "")), "")
        option = self.popup.nth(number)
        if option is not None:
            self.choose(option)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Search only what is written for good; letters being composed wait."""
        was = self._composing
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)
        if was and not self._composing and not event.commitString():
            # The composition was given up; it may have replaced the selected text.
            self._on_edited(self.text())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark the whole text, so that typing starts a new search."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason and not self._searching:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close the list and settle what was typed."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.settle()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click opens the list (a click on the icon always), or closes it."""
        super().mousePressEvent(event)
        on_icon = event.position().x() > self.width() - theme.px(32)
        if event.button() != Qt.MouseButton.LeftButton or not (self.opens_on_click or on_icon):
            return
        if self.popup.isVisible() and not self._searching:
            self.popup.dismiss()
        elif not self._searching:
            self.selectAll()
            self.open_list()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the page, never the value."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line edit, the icon at its right, the number before the caption."""
        cut = not self.hasFocus() and self._is_cut()
        if not cut:
            super().paintEvent(event)
        painter = QPainter(self)
        if cut:
            self._paint_cut(painter)
        side = theme.px(16)
        box = QRectF(self.width() - side - theme.px(9), (self.height() - side) / 2, side, side)
        icons.draw(painter, box, self.icon_name, "text2")
        if prefix := self._shown_prefix():
            painter.setFont(self.font())
            area = QRect(theme.px(10), 0, theme.px(_PREFIX), self.height())
            draw_line_text(painter, area, prefix, theme.color("text2"))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the whole caption as a tooltip when it does not fit any more."""
        super().resizeEvent(event)
        self._place_text()
        self._tell_whole()

    # Details.

    def _room(self) -> QRect:
        """Where the text stands."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        inside = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        inside = inside.marginsRemoved(self.textMargins())
        # Qt itself keeps two pixels free at both ends of a line.
        return inside.adjusted(2, 0, -2, 0)

    def _is_cut(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self.text()) > self._room().width()

    def _paint_cut(self, painter: QPainter) -> None:
        """Ground and edge of the field, and its text ending in …; Qt itself would cut through a character."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        painter.setFont(self.font())
        draw_line_text(painter, self._room(), self.text(), theme.color("text" if self.isEnabled() else "text3"))

    def _tell_whole(self) -> None:
        self.setToolTip(self.text() if not self._searching and self._is_cut() else "")

    def _on_edited(self, text: str) -> None:
        if self._composing:
            return
        was_searching, self._searching = self._searching, True
        self._place_text()
        wanted = text.strip()
        if not wanted:
            self.emptied(was_searching)
            return
        self.open_list(wanted)
        self.picked.emit()

    def _give_up(self) -> None:
        self.popup.dismiss()
        self._show_value()
        self.selectAll()
        self.picked.emit()

    def _take_clicked(self, option: Option) -> None:
        self.choose(option)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _set(self, value: Value) -> None:
        self._searching = False
        self._changed(value)
        self._show_value()
        self.picked.emit()

    def _changed(self, value: Value) -> None:
        if value != self._value:
            self._value = value
            self.picked.emit()

    def _show_value(self) -> None:
        self._searching = False
        self.setText("" if self._value is None else self.caption(self._value))
        self.setCursorPosition(0)
        self._place_text()
        self._tell_whole()

    def _place_text(self) -> None:
        margins = self.textMargins()
        margins.setLeft(theme.px(_PREFIX) if self._shown_prefix() else 0)
        self.setTextMargins(margins)

    def _shown_prefix(self) -> str:
        """The number before the caption, where it takes no room that the caption needs itself."""
        if self._searching or self._value is None:
            return ""
        room = self._room().width() + self.textMargins().left() - theme.px(_PREFIX)
        return self.prefix() if self.fontMetrics().horizontalAdvance(self.text()) <= room else ""

    def _wants(self, event: QKeyEvent) -> bool:
        if alt_digit(event) is not None:
            return True
        return self.popup.isVisible() and event.key() in (
            Qt.Key.Key_Escape,
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
        )


def alt_digit(event: QKeyEvent) -> int | None:
    """The digit 1 to 9 pressed with Alt on the main keys; None otherwise (Alt and the number pad type characters)."""
    if event.modifiers() != Qt.KeyboardModifier.AltModifier:
        return None
    digit = event.key() - Qt.Key.Key_0
    return digit if 1 <= digit <= 9 else None


def _alt(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
