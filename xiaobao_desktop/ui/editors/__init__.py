"""One editor for each kind of field; forms and dialogs make them by :func:`make_editor` alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xiaobao_desktop.domain.fields import Field, Kind
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.editors.base import Editor
from xiaobao_desktop.ui.editors.choice import choice_editor, choices_editor, code_editor
from xiaobao_desktop.ui.editors.day import DateEditor
from xiaobao_desktop.ui.editors.link import link_editor
from xiaobao_desktop.ui.editors.number import DecimalEditor, IntegerEditor, MoneyEditor
from xiaobao_desktop.ui.editors.text import LineEditor, LongTextEditor
from xiaobao_desktop.ui.editors.time_of_day import TimeEditor
from xiaobao_desktop.ui.editors.yes_no import YesNoEditor

__all__ = ["EDITORS", "Editor", "make_editor"]

EDITORS: Mapping[Kind, Callable[[Field, Session], Editor]] = {
    Kind.TEXT: lambda field, _session: LineEditor(field),
    Kind.LONG_TEXT: lambda field, _session: LongTextEditor(field),
    Kind.PERSON_NAME: lambda field, _session: LineEditor(field),
    Kind.PHONE: lambda field, _session: LineEditor(field),
    Kind.ID_NUMBER: lambda field, _session: LineEditor(field),
    Kind.ACCOUNT: lambda field, _session: LineEditor(field),
    Kind.ADDRESS: lambda field, _session: LineEditor(field),
    Kind.INTEGER: lambda field, _session: IntegerEditor(field),
    Kind.MONEY: lambda field, _session: MoneyEditor(field),
    Kind.DECIMAL: lambda field, _session: DecimalEditor(field),
    Kind.DATE: lambda field, session: DateEditor(field, session.today),
    Kind.TIME: lambda field, _session: TimeEditor(field),
    Kind.YES_NO: lambda field, _session: YesNoEditor(field),
    Kind.CHOICE: choice_editor,
    Kind.CHOICES: choices_editor,
    Kind.CODE: code_editor,
    Kind.LINK: link_editor,
    # Written by the panel of related records; no form asks for one.
    Kind.RECORD: lambda field, _session: LineEditor(field),
}
"""Maker of the editor of each kind; a test checks that no kind is missing."""


def make_editor(field: Field, session: Session) -> Editor:
    """The editor for ``field``; the session gives lists, trees, linked records and today."""
    return EDITORS[field.kind](field, session)
