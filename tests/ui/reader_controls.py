"""What a reader may press, type into or reach by a key, collected from real widgets; the list of it is closed.

Whatever is not named here must be greyed or away in a reader's window: it changes the book or takes data out of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtGui import QAction, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QWidget,
)

ALLOWED = (
    # goes to a page, a tab, a part of it, a record, a period
    r"NavItem .*|_Tab .*|_Segment .*|DueCounter .*|GapLine .*|QToolButton ",
    r"_Button (上一条|下一条|前一期|后一期|关闭.*|返回|收起|为什么是这一天|日历|列表|更多操作|完成|取消|知道了|退出)",
    r"_Button (全部 \d+ 人|打开 .*|查看检查表|查看修改记录|查看：.*|看全部 .*|.*，看 [\d,]+ 条记录|去.*)",
    r"_Button (本月月报|随手查|月结检查|重新生成|复核页|逐处查看|回到自查台账（Esc）)",
    r"_Button (记录|打开第 \d+ 版定稿|第 \d+ 版的报送记录)",
    # narrows, sorts, arranges what is shown
    r"Chip .*|SearchBox 搜索|QLineEdit (找问题|搜索.*)|_Button (常用筛选|显示哪些列|更多条件|清除条件|全部清除)",
    r"QuietCombo (期间|时间|人员|类型|台账|网点|来源机构)|MethodButton 口径：.*|_DayLine [从到]哪天",
    r"action (按办结日期|按收到日期|重复投诉合并，只算一件)",
    r"_Button (放大.*|缩小.*|适合宽度)",
    # shows what is masked, on record
    r"_Button (显示|遮盖).*",
    # prints what is masked, on record
    r"_Button (打印|打印一页|打印…)",
    # proves the book
    r"_Button (现在检查|操作记录…|核对码…|校验报送包…|查看导出台账…|到期可销毁…|核对|从文件读出…)|QLineEdit 核对码",
    # chooses lines, for acts that are greyed
    r"_Button 全选",
    # his own
    r"_Button (锁定.*|使用手册（F1）|修改密码|复制编号)|action (修改记录|复制编号)",
    r"_Field .*密码.*|QLineEdit .*密码.*|PasswordField .*",
    # files: opened to be looked at
    r"FileChip .*|PhotoTile .*|action 打开",
)
"""Kind and name of each control, as whole patterns."""

_KEYS = (
    r"(Ctrl\+)?\d|Ctrl\+[,FLKD]|F1|F8|Ctrl\+[+=-]|PgUp|PgDown|Up|Down|Esc|Return|Enter|"
    # refused with the reason, or with nothing to do for him
    r"Ctrl\+[NPZG]"
)
"""Keys that are bound for a reader."""


def forbidden(root: QWidget) -> list[str]:
    """What can be used below ``root`` and stands on no list."""
    allowed = re.compile("|".join(f"(?:{pattern})" for pattern in ALLOWED))
    found = [words for words in (*_controls(root), *_actions(root)) if not allowed.fullmatch(words)]
    keys = [item.key().toString() for item in root.findChildren(QShortcut) if item.isEnabled()]
    return sorted({*found, *(f"key {key}" for key in keys if not re.fullmatch(_KEYS, key))})


def _controls(root: QWidget) -> Iterator[str]:
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox)
    for kind in kinds:
        for item in root.findChildren(kind):
            inner = isinstance(item.parent(), QComboBox | QAbstractSpinBox)
            closed = isinstance(item, QLineEdit | QPlainTextEdit | QTextEdit) and item.isReadOnly()
            if item.isVisibleTo(root) and item.isEnabled() and not inner and not closed:
                yield f"{type(item).__name__} {_name(item)}"


def _actions(root: QWidget) -> Iterator[str]:
    """Entries of menus that can be opened: not those behind a greyed button."""
    behind = [button.menu() for button in root.findChildren(QPushButton) if not button.isEnabled()]
    for action in root.findChildren(QAction):
        menu = action.parent()
        if action.isEnabled() and action.isVisible() and action.text() and menu not in behind:
            yield f"action {action.text()}"


def _name(item: QWidget) -> str:
    words = item.accessibleName() or (item.text() if isinstance(item, QAbstractButton) else "") or item.toolTip()
    return words.strip()
