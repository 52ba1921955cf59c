"""Parts of dialogs that go from page to page (交接, 重新加密): foot, a page below a sentence, checks of passwords."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.widgets.form_field import LabelledField
from xiaobao_desktop.ui.widgets.labels import label, set_tone
from xiaobao_desktop.ui.widgets.password_field import password_advice

Complaint = tuple[LabelledField, QLineEdit, str]
"""A field, its editor, and what is wrong with it; "" for nothing."""


def wizard_foot(cancel: QPushButton, ways: Sequence[QPushButton]) -> QHBoxLayout:
    """The row below the pages: cancel on the left, the ways on at the right."""
    foot = QHBoxLayout()
    foot.setContentsMargins(theme.px(24), theme.px(12), theme.px(20), theme.px(12))
    foot.setSpacing(theme.px(8))
    foot.addWidget(cancel)
    foot.addStretch(1)
    for way in ways:
        foot.addWidget(way)
    return foot


def page_below(words: str, place: QVBoxLayout) -> QWidget:
    """A page that begins with a sentence; what it is about comes into ``place`` later."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(theme.px(24), theme.px(16), theme.px(24), theme.px(12))
    column.setSpacing(theme.px(10))
    column.addWidget(label(words, tone="2", wrap=True))
    column.addLayout(place)
    return page


def complain(found: Iterable[Complaint]) -> bool:
    """Say at each field what is wrong with it and go to the first wrong one; True when nothing is."""
    first: QLineEdit | None = None
    for field, editor, words in found:
        field.complain(words)
        first = first or (editor if words else None)
    if first is not None:
        first.setFocus()
    return first is None


def advise(advice: QLabel, password: str) -> None:
    """Say below a new password how good it is."""
    advice.setText(password_advice(password))
    set_tone(advice, "amber" if password.isdigit() else "green")
