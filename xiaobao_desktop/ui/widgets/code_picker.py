"""The field for a node of a code tree (JR/T 0169): found by code, pinyin initials or part of a name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from xiaobao_desktop.domain.catalog import CodeTree
from xiaobao_desktop.domain.fields import Value
from xiaobao_desktop.pinyin import initials
from xiaobao_desktop.ui.widgets.choice_popup import Option
from xiaobao_desktop.ui.widgets.picker_line import PickerLine

_LIMIT = 60


class CodePicker(PickerLine):
    """Search field over one tree; its value is the key of a node."""

    icon_name = "search"
    opens_on_click = False
    popup_width = 540

    def __init__(self, tree: CodeTree, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tree = tree

    def find_options(self, text: str) -> Sequence[Option]:
        """Nodes that match, best first; the whole tree in its order for an empty text."""
        limit = _LIMIT if text else len(self.tree.codes)
        return [
            Option(
                found.code.key, found.code.name, found.code.official or found.code.key, _path(found.path), found.span
            )
            for found in self.tree.search(text, initials, limit)
        ]

    def caption(self, value: Value) -> str:
        """Code and name, as on paper: B.03.01.2 借记卡收费及挂失."""
        code = self.tree.get(str(value))
        return f"{code.official or code.key}  {code.name}" if code else str(value)

    def exact(self, text: str) -> Option | None:
        """A node named by its code, or by a name that only one node has; 代码 名称 together are read too."""
        code = self.tree.get(text.upper()) or self.tree.find([text]) or self.tree.find(text.split()[:1])
        return Option(code.key, code.name) if code else None

    def unknown(self, text: str, found: int) -> str:
        """What to do with a text that names no node, or several."""
        if found:
            return f"“{text}”有 {found} 项符合，请选定一项"
        return f"{self.tree.title}里没有“{text}”，请换代码、拼音首字母或名称再找"

    def count_text(self, text: str, found: int) -> str:
        """The count, with + where the list was cut."""
        return f"{found}+ 项匹配“{text}”" if text and found == _LIMIT else super().count_text(text, found)


def _path(names: tuple[str, ...]) -> str:
    return " › ".join(names)
