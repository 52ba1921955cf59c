"""Editors for one choice, several choices, and a code of a tree; all find by number, text or pinyin initials."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from xiaobao_desktop.domain.catalog import Choice, ChoiceList
from xiaobao_desktop.domain.fields import Field, Value
from xiaobao_desktop.pinyin import initials
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.editors.base import Editor
from xiaobao_desktop.ui.widgets.choice_popup import Option
from xiaobao_desktop.ui.widgets.code_picker import CodePicker
from xiaobao_desktop.ui.widgets.picker_line import PickerLine


class PickerEditor(Editor):
    """An editor whose control is a picker line."""

    def __init__(self, field: Field, line: PickerLine, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line = line
        line.setPlaceholderText(field.hint)
        line.picked.connect(self.edited)
        line.done.connect(self.advance)
        self.use(line, enter_advances=False)

    def value(self) -> Value:
        """What is chosen."""
        return self.line.value()

    def set_value(self, value: Value) -> None:
        """Show what is chosen."""
        self.line.set_value(value)

    def problem(self) -> str:
        """Why the text typed stands for nothing."""
        return self.line.problem()

    def leaving(self) -> None:
        """Take what the text names beyond doubt."""
        self.line.settle()


class ChoiceLine(PickerLine):
    """Picker over a choice list; each choice has its number in the list."""

    popup_width = 370

    def __init__(self, choices: ChoiceList, *, numbers: bool = True) -> None:
        """Pick from ``choices``; ``numbers`` paints the number before the name in the closed field."""
        super().__init__()
        self.choices = choices
        self._numbers = numbers

    def find_options(self, text: str) -> Sequence[Option]:
        """Choices in use whose name, other name or pinyin initials hold ``text``, in the order of the list."""
        found = [_option(choice, text) for choice in self.choices.items if choice.active or choice.id == self._value]
        return [option for option in found if option is not None]

    def caption(self, value: Value) -> str:
        """Name and remark of the choice."""
        choice = self.choices.get(str(value))
        note = choice.extra.get("note", "") if choice else ""
        return f"{self.choices.label(str(value))}  {note}".rstrip()

    def prefix(self) -> str:
        """The number of the choice in its list, when it can be picked by Alt and a digit."""
        active = [choice.id for choice in self.choices.items if choice.active]
        number = active.index(str(self._value)) + 1 if str(self._value) in active else 0
        return str(number) if self._numbers and 1 <= number <= 9 else ""

    def exact(self, text: str) -> Option | None:
        """The choice with this name or other name."""
        choice = self.choices.find(text)
        return Option(choice.id, choice.name) if choice and choice.active else None

    def unknown(self, text: str, found: int) -> str:
        """What to do with a text that names no choice, or several."""
        if found:
            return f"“{text}”有 {found} 项符合，请选定一项"
        return f"{self.choices.title}里没有“{text}”，按 Alt+↓ 从列表选"


class ChoicesLine(ChoiceLine):
    """Picker of several choices: Space or a click ticks, Enter is done."""

    keys_hint = "↑↓ 选择    空格 勾选    Alt+1–9 直选    Enter 确定"

    def __init__(self, choices: ChoiceList) -> None:
        super().__init__(choices, numbers=False)
        self._start: tuple[str, ...] = ()

    def find_options(self, text: str) -> Sequence[Option]:
        """The choices with their ticks."""
        chosen = self._ids()
        found = [_option(item, text) for item in self.choices.items if item.active or item.id in chosen]
        return [
            Option(option.value, option.name, note=option.note, span=option.span, ticked=option.value in chosen)
            for option in found
            if option is not None
        ]

    def caption(self, value: Value) -> str:
        """The names, one after the other."""
        names = value if isinstance(value, tuple) else (str(value),) if value else ()
        return "、".join(self.choices.label(name) for name in names)

    def value(self) -> Value:
        """The ids ticked, in the order of the list; while the list is open too."""
        return self._value

    def choose(self, option: Option) -> None:
        """Tick or untick; the list stays open for the next."""
        chosen = set(self._ids()) ^ {str(option.value)}
        known = [item.id for item in self.choices.items if item.id in chosen]
        foreign = [item for item in self._ids() if item in chosen and item not in known]
        ids = (*known, *foreign)
        row, was_open = self.popup.current_row(), self.popup.isVisible()
        self._set(ids or None)
        if was_open:
            self.open_list()
            self.popup.fill(self.popup.options, self.count_text("", len(self.popup.options)), row)
        self.selectAll()

    def enter_in_list(self) -> None:
        """Take the row found by typing, else close; then go on."""
        option = self.popup.current()
        if self._searching and option is not None and not option.ticked:
            self.choose(option)
        self.popup.dismiss()
        self._show_value()
        self.done.emit()

    def emptied(self, was_searching: bool) -> None:
        """Deleting the names takes every tick away; deleting a search only ends it."""
        if was_searching:
            self.open_list()
        else:
            super().emptied(was_searching)

    def settle(self) -> None:
        """Tick what was typed when it names one choice; never take ticks away."""
        self.popup.dismiss()
        text = self.text().strip()
        if not self._searching:
            return
        if not text:
            self._show_value()
            return
        parts = [self.choices.find(part) for part in text.replace("，", "、").replace(",", "、").split("、") if part]
        if parts and all(parts):
            ids = [choice.id for choice in self.choices.items if choice in parts]
            self._set(tuple(dict.fromkeys((*self._ids(), *ids))) if len(parts) == 1 else tuple(ids))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks the row stood on while nothing is being typed over it."""
        if event.key() == Qt.Key.Key_Space and self.popup.isVisible() and not self._composing:
            option = self.popup.current()
            if option is not None:
                self.choose(option)
            event.accept()
            return
        super().keyPressEvent(event)

    def _take_clicked(self, option: Option) -> None:
        self.choose(option)

    def _ids(self) -> tuple[str, ...]:
        return self._value if isinstance(self._value, tuple) else ()


def choice_editor(field: Field, session: Session) -> Editor:
    """Editor of a CHOICE."""
    return PickerEditor(field, ChoiceLine(session.rules.catalog.list(field.options)))


def choices_editor(field: Field, session: Session) -> Editor:
    """Editor of CHOICES."""
    return PickerEditor(field, ChoicesLine(session.rules.catalog.list(field.options)))


def code_editor(field: Field, session: Session) -> Editor:
    """Editor of a CODE."""
    return PickerEditor(field, CodePicker(session.rules.catalog.tree(field.options)))


def _option(choice: Choice, text: str) -> Option | None:
    """The choice as a row when it matches ``text``, with the matched part of its name."""
    note = choice.extra.get("note", "") or choice.group
    if not text:
        return Option(choice.id, choice.name, note=note)
    span = match_name(choice.name, text, initials(choice.name))
    if span is None and not any(text.lower() in alias.lower() for alias in choice.aliases):
        return None
    return Option(choice.id, choice.name, note=note, span=span)


def match_name(name: str, text: str, letters: str) -> tuple[int, int] | None:
    """Where ``text`` stands in ``name``, or in its pinyin ``letters``; None where it does not."""
    wanted = text.lower()
    for place in (name.lower(), letters):
        at = place.find(wanted)
        if at >= 0:
            return at, at + len(wanted)
    return None
