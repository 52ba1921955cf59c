"""What a ledger is made of: fields, child tables, list layout, form sections.

A declaration is data. The store makes tables from it, the screens make lists and forms from it, the readers map
columns to it, the reports count by it. Adding a field is one line in one ledger file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from xiaobao_desktop.domain.rules import Rules

Value = str | int | bool | tuple[str, ...] | None
"""One value of a record: text, integer, yes/no, several choice ids, or nothing.

Dates are ISO text (``2026-10-31``), times ``HH:MM``, money an integer of fen (1/100 yuan),
other numbers with decimals an integer of hundredths. A RECORD is text: the key of a ledger, "/", a row id.
"""

Values = Mapping[str, Value]
"""Values of one row by field key."""

EMPTY: Values = MappingProxyType({})


E = TypeVar("E", bound=Enum)


def at_hand(members: type[E]) -> type[E]:
    """An enumeration that is asked for in every check of every value: its members lie in the class itself.

    So it is from Python 3.12 on; 3.11 finds each member through a function, which costs more than what is done with it.
    """
    for member in members:
        type.__setattr__(members, member.name, member)
    return members


@at_hand
class Kind(Enum):
    """The type of a field: decides editor, reader, check, mask and sort order."""

    # Members are the same only when they are the same object; Enum's own hash costs a call a look-up.
    __hash__ = object.__hash__

    TEXT = "text"
    LONG_TEXT = "long_text"
    PERSON_NAME = "person_name"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    ACCOUNT = "account"
    ADDRESS = "address"
    INTEGER = "integer"
    MONEY = "money"
    DECIMAL = "decimal"
    DATE = "date"
    TIME = "time"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    CODE = "code"
    LINK = "link"
    RECORD = "record"


CHECKED = frozenset(
    {Kind.PHONE, Kind.ID_NUMBER, Kind.INTEGER, Kind.MONEY, Kind.DECIMAL, Kind.DATE, Kind.TIME, Kind.LONG_TEXT}
)
"""The kinds of which a single value can be wrong; ``values.check_value`` has a check for each."""


@at_hand
class Grade(Enum):
    """When a field must be filled (PRODUCT: three grades). Gaps of the later grades are shown, not refused."""

    FREE = "free"
    TO_SAVE = "to_save"
    TO_CLOSE = "to_close"
    TO_FILE = "to_file"


class Privacy(Enum):
    """Level of personal data, JR/T 0171-2020: C2 identifies a person, C1 is internal, NONE is neither."""

    NONE = "none"
    C1 = "C1"
    C2 = "C2"


@dataclass(frozen=True)
class Field:
    """One field of a ledger.

    Attributes:
        key: English name, also the column in the book.
        label: Chinese name as shown and printed.
        kind: type of the value.
        grade: when it must be filled.
        privacy: level of personal data; C2 is masked in lists and exports.
        options: name of the choice list, code tree or ledger that a CHOICE, CHOICES, CODE or LINK takes from.
        help: one Chinese sentence shown under the field.
        hint: Chinese example shown in the empty field.
        span: columns taken in the four-column form.
        default: value of a new record; for CHOICE an id.
        synonyms: other names of the column in banks' own workbooks.
        derived: computed from child rows; still typed in form and import when ``entered`` is true.
        entered: whether the officer types it (false: shown only).
        minimum: smallest number allowed for INTEGER, MONEY and DECIMAL, in the unit that is kept.
        time_field: key of the TIME field that takes the time of day when a read date carries one.
        begins_now: a TIME that is the present one in a new record, as long as that is dated today.
    """

    key: str
    label: str
    kind: Kind
    grade: Grade = Grade.FREE
    privacy: Privacy = Privacy.NONE
    options: str = ""
    help: str = ""
    hint: str = ""
    span: int = 1
    default: Value = None
    synonyms: tuple[str, ...] = ()
    derived: bool = False
    entered: bool = True
    minimum: int | None = None
    time_field: str = ""
    begins_now: bool = False


class Section(NamedTuple):
    """A titled group of fields in the form; ``fields`` are keys in reading order."""

    title: str
    fields: tuple[str, ...]
    hint: str = ""


class Column(NamedTuple):
    """A column of the list: a field key and its width in characters; ``stretch`` takes the rest."""

    key: str
    width: int
    stretch: bool = False
    shown: bool = True


class PrintColumn(NamedTuple):
    r"""A column of the printed ledger (台账).

    Attributes:
        key: of the field; of the first field it is reckoned from when there are ``words``.
        width: in millimetres; all columns together are scaled to the page.
        label: head, where the field's own is too long; "\n" forces a new line.
        words: the text of a cell, for what no field holds.
        needs: keys of the fields that ``words`` reads.
    """

    key: str
    width: float
    label: str = ""
    words: Callable[[Values], str] | None = None
    needs: tuple[str, ...] = ()


RowStart = Callable[[Values, str], Values]
"""What a child row added by hand begins with: (values of its record, today ISO) -> values of the row."""


def _starts_empty(_values: Values, _today: str) -> Values:
    return EMPTY


class HasFields:
    """What ledgers and child tables have in common: fields found by key and by kind, worked out once."""

    fields: tuple[Field, ...]

    @cached_property
    def by_key(self) -> Mapping[str, Field]:
        """The fields by their key."""
        return {item.key: item for item in self.fields}

    def field(self, key: str) -> Field:
        """The field called ``key``; KeyError when there is none."""
        return self.by_key[key]

    def of_kinds(self, kinds: frozenset[Kind]) -> tuple[Field, ...]:
        """The fields of some kinds, in declared order."""
        if kinds not in self._by_kinds:
            self._by_kinds[kinds] = tuple(item for item in self.fields if item.kind in kinds)
        return self._by_kinds[kinds]

    @cached_property
    def _by_kinds(self) -> dict[frozenset[Kind], tuple[Field, ...]]:
        return {}


@dataclass(frozen=True)
class ChildTable(HasFields):
    """Rows that belong to a record, in a real table ``<ledger>_<key>`` (steps, attendees, photos).

    Attributes:
        key: English name, part of the table's name.
        label: Chinese name, e.g. 参训人员.
        fields: the columns.
        edited: "table" when the form edits the rows in a table; "" when a page of the ledger's own does.
        row_start: what a row added by hand begins with.
        dated_by: key of the field with a row's day, where the book is asked what was known on a day; "" for none.
    """

    key: str
    label: str
    fields: tuple[Field, ...]
    edited: str = ""
    row_start: RowStart = _starts_empty
    dated_by: str = ""

    @cached_property
    def checked_fields(self) -> tuple[Field, ...]:
        """The fields of which a value can be wrong by itself."""
        return tuple(item for item in self.fields if item.kind in CHECKED)


class Evidence(NamedTuple):
    """A kind of attachment that records of a ledger have: sign-in sheet, photos, proof of an answer.

    Attributes:
        key: English name, kept with each attachment.
        label: Chinese name, e.g. 签到表.
        captions: whether each file has a caption (photos).
        wanted: a record without one is 待补.
        made: the program puts these in; they are neither added nor taken away by hand.
    """

    key: str
    label: str
    captions: bool = False
    wanted: bool = True
    made: bool = False


@dataclass(frozen=True)
class Record:
    """A record as it goes in and out of the store.

    Attributes:
        values: by field key.
        children: rows of each child table by its key; a row may carry ``id`` (kept when it is written again).
        id: row id in the book, None before the first save.
        number: such as ``TS-2026-0001``, None before the first save.
        deleted: in the recycle bin.
    """

    values: Values
    children: Mapping[str, tuple[Values, ...]] = field(default_factory=dict)
    id: int | None = None
    number: str | None = None
    deleted: bool = False


class Problem(NamedTuple):
    """Something wrong or odd about a field: ``field`` is its key ("" for the whole record).

    ``blocking`` problems refuse the save; the others are shown as hints.
    """

    field: str
    message: str
    blocking: bool = True


Complete = Callable[["Record | None", "Record", "Rules"], "Record"]
"""Turns what was entered into a whole record: (before, entered, rules) -> record with derived values and steps."""

Check = Callable[["Record", str, "Rules"], tuple[Problem, ...]]
"""Plausibility of a record: (record, today ISO, rules) -> problems."""


OnDay = Callable[[Values, str], Values]
"""How values read on a day: (values, today ISO) -> values, for states that time alone changes (延期)."""


def _any_day(values: Values, _today: str) -> Values:
    return values


def _unchanged(_before: Record | None, entered: Record, _rules: Rules) -> Record:
    return entered


def _no_problems(_record: Record, _today: str, _rules: Rules) -> tuple[Problem, ...]:
    return ()


@dataclass(frozen=True)
class Group:
    """Ledgers that share a page (``domain/groups.py`` has them all).

    Attributes:
        key: English name of the page.
        label: Chinese name in the sidebar, e.g. 制度与会议.
        icon: name of its icon.
    """

    key: str
    label: str
    icon: str


@dataclass(frozen=True)
class Ledger(HasFields):
    """One ledger (台账), declared once.

    Attributes:
        key: singular English name, table name and command-line name.
        label: Chinese name, e.g. 投诉.
        prefix: letters before the number, e.g. TS.
        unit: measure word, e.g. 件.
        fields: every field, derived ones included.
        sections: the form.
        columns: the list.
        title: field keys that name a record in one line.
        filters: field keys offered as chips.
        sort: (field key, descending) of the list at first sight.
        children: child tables.
        dated_by: the date field that gives the year of the number and the period of lists ("" = year of entry).
        ended_by: the date fields that say when a record's matter came to its end; while one of them is empty, or was
            filled lately, a 报送包 of a later period carries the record again.
        branch_by: the LINK field naming the branch, for statistics ("" = none).
        recognised_by: keys of the fields whose equal values mean the same person or ticket (``domain/marks.py``); the
            store keeps keyed hashes of them. A field that comes to this list later needs a migration.
        complete: derives values and child rows from what was entered.
        checks: plausibility checks over the whole record.
        on_day: how the values read on a day; what is printed is told so.
        evidence: kinds of attachments; wanted ones that are missing show as 待补.
        not_copied: keys of fields that belong to one record alone (its outcome, its own numbers): a copy leaves them
            out, as it does derived fields and child rows.
        ignored_headers: import headers that carry nothing to keep, with the Chinese reason.
        print_title: title of the printed ledger; label and 台账 when "".
        printed: columns of the printed ledger; those shown in the list when empty.
        create_action: words on the button that makes a new record.
        icon: name of the icon in the navigation.
        group: the ledgers it shares a page with, None for a page of its own.
    """

    key: str
    label: str
    prefix: str
    unit: str
    fields: tuple[Field, ...]
    sections: tuple[Section, ...]
    columns: tuple[Column, ...]
    title: tuple[str, ...]
    filters: tuple[str, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    children: tuple[ChildTable, ...] = ()
    dated_by: str = ""
    ended_by: tuple[str, ...] = ()
    branch_by: str = ""
    recognised_by: tuple[str, ...] = ()
    complete: Complete = _unchanged
    checks: Check = _no_problems
    on_day: OnDay = _any_day
    evidence: tuple[Evidence, ...] = ()
    not_copied: tuple[str, ...] = ()
    ignored_headers: Mapping[str, str] = field(default_factory=dict)
    print_title: str = ""
    printed: tuple[PrintColumn, ...] = ()
    create_action: str = "新增"
    icon: str = "list"
    group: Group | None = None

    def has(self, key: str) -> bool:
        """Whether a field is called ``key``."""
        return key in self.by_key

    def child(self, key: str) -> ChildTable:
        """The child table called ``key``; KeyError when there is none."""
        for table in self.children:
            if table.key == key:
                return table
        raise KeyError(key)

    def evidence_kind(self, key: str) -> Evidence:
        """The kind of attachment called ``key``; KeyError when there is none."""
        for kind in self.evidence:
            if kind.key == key:
                return kind
        raise KeyError(key)

    def defaults(self) -> dict[str, Value]:
        """Values of a new, empty record."""
        return {item.key: item.default for item in self.fields if item.default is not None}

    @cached_property
    def entered_fields(self) -> tuple[Field, ...]:
        """The fields the officer types."""
        return tuple(item for item in self.fields if item.entered)

    @cached_property
    def checked_fields(self) -> tuple[Field, ...]:
        """The fields of which a value can be wrong by itself, or missing when a record is saved."""
        return tuple(item for item in self.fields if item.kind in CHECKED or item.grade is Grade.TO_SAVE)

    @cached_property
    def needed_fields(self) -> tuple[Field, ...]:
        """The fields that must be filled at some time."""
        return tuple(item for item in self.fields if item.grade is not Grade.FREE)


def is_empty(value: Value) -> bool:
    """Whether a value counts as not filled in (None, blank text, no choices); 0 and False are filled in."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or value == ()


def gaps(ledger: Ledger, values: Values, *grades: Grade) -> tuple[Field, ...]:
    """The unfilled fields of the given grades (all required grades when none is given), in declared order."""
    needed = ledger.needed_fields if not grades else tuple(item for item in ledger.fields if item.grade in grades)
    return tuple(item for item in needed if is_empty(values.get(item.key)))
