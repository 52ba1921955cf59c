"""Editor for a record of another ledger (a branch, a person of the staff), found while typing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from xiaobao_desktop.domain.fields import Field, Kind, Value
from xiaobao_desktop.pinyin import initials, name_initials
from xiaobao_desktop.services import roster
from xiaobao_desktop.services.listing import link_options
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.editors.choice import PickerEditor, match_name
from xiaobao_desktop.ui.widgets.choice_popup import Option
from xiaobao_desktop.ui.widgets.picker_line import PickerLine

_LIMIT = 100


class LinkLine(PickerLine):
    """Picker of a record of another ledger; the records are read when the list is first asked for."""

    popup_width = 370

    def __init__(self, session: Session, ledger_key: str) -> None:
        super().__init__()
        self._session = session
        self._ledger = next(item for item in session.ledgers if item.key == ledger_key)
        names_people = self._ledger.field(self._ledger.title[0]).kind is Kind.PERSON_NAME
        self._letters = name_initials if names_people else initials

    def find_options(self, text: str) -> Sequence[Option]:
        """Records in use whose name, or its pinyin initials, hold ``text``; at most a hundred.

        Those of the same name have beside it what tells them apart: the version of a policy, the post of a person.
        """
        found: list[Option] = []
        for record_id, name in link_options(self._session, self._ledger.key):
            # Initials are worked out only for a search in letters: other texts cannot be initials.
            letters = self._letters(name) if text.isascii() else ""
            span = match_name(name, text, letters) if text else (0, 0)
            if span is not None:
                found.append(Option(record_id, name, span=span))
            if len(found) == _LIMIT:
                break
        return self._told_apart(found)

    def _told_apart(self, found: list[Option]) -> list[Option]:
        counts = Counter(option.name for option in found)
        if len(counts) == len(found):
            return found
        notes = roster.notes(self._session, self._ledger.key)
        return [
            replace(option, note=notes.get(int(str(option.value)), "")) if counts[option.name] > 1 else option
            for option in found
        ]

    def caption(self, value: Value) -> str:
        """Name of the record."""
        return self._session.link_name(self._ledger.key, int(str(value))) or f"#{value}"

    def exact(self, text: str) -> Option | None:
        """The record with exactly this name, when only one has it."""
        same = [option for option in self.find_options(text) if option.name == text]
        return same[0] if len(same) == 1 else None

    def unknown(self, text: str, found: int) -> str:
        """What to do with a text that names no record, or several."""
        if found:
            return f"“{text}”有 {found} 项符合，请选定一项"
        name = self._ledger.label
        # Lists are kept in the settings, ledgers have pages of their own.
        place = f"{name}台账里登记" if self._ledger.dated_by else f"“设置→{name}”里新增"
        return f"{name}里没有“{text}”，请先到{place}，再回来选"


def link_editor(field: Field, session: Session) -> PickerEditor:
    """Editor of a LINK."""
    return PickerEditor(field, LinkLine(session, field.options))
