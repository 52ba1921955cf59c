"""How a ledger shows itself in list and detail, as far as the declaration cannot say it.

The plain :class:`Presenter` serves every ledger. A ledger with a way of its own has a module
``ui/pages/<key>_presenter.py`` whose ``PRESENTER`` is a subclass; it is found by its name, so that no page asks which
ledger it shows.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QWidget

from xiaobao_desktop.domain.fields import Evidence, Field, Kind, Ledger, Record, Value, Values
from xiaobao_desktop.domain.masking import hider
from xiaobao_desktop.domain.numbers import yuan
from xiaobao_desktop.services import evidence, listing, origins
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.models.cells import Cell
from xiaobao_desktop.ui.models.query import OWN, Condition, Query

if TYPE_CHECKING:
    from xiaobao_desktop.services.leaving import WayOut
    from xiaobao_desktop.ui.pages.work_page import WorkPage

NUMBER = "number"
"""Key of the first column."""

_SHORT_DATE_FROM = 5
"""Where month and day begin in an ISO date."""
_SUM_LIMIT = 2000
"""Above this many selected rows only their number is shown."""


class Tab(NamedTuple):
    """A tab above the list: key, label, its conditions, and its own order ((key, descending), …) if it has one."""

    key: str
    label: str
    where: tuple[Condition, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()


class Head(NamedTuple):
    """State of a record beside its number in the detail; empty text for none."""

    text: str = ""
    tone: str = "grey"


class DetailActions(NamedTuple):
    """What the blocks of a detail may ask for.

    Attributes:
        step: open the dialog for one dated step; None adds one, a number changes that row.
        edit: open the form of the record.
        attach: add files to a dated step, named by its place among the rows; no files: ask for them.
        files: the files of a dated step, named by the id of its row, as widgets.
        open: show another record of the same ledger, named by its id.
        told: say what was done, in Chinese; it can be undone.
        work: go to the record's own page, where its ledger has one.
    """

    step: Callable[[int | None], None]
    edit: Callable[[], None]
    attach: Callable[[int, Sequence[Path]], None]
    files: Callable[[int], Sequence[QWidget]]
    open: Callable[[int], None]
    told: Callable[[str], None]
    work: Callable[[], None] = lambda: None


class CreateWay(NamedTuple):
    """Another way to begin a record than an empty form.

    Attributes:
        label: words on the button.
        icon: name of its icon.
        shortcut: key combination.
        begin: asks the officer, over the given window; an unsaved record, or None when she gave up.
        at_first: an empty list offers it too.
    """

    label: str
    icon: str
    shortcut: str
    begin: Callable[[QWidget], Record | None]
    at_first: bool = False


class PaperWay(NamedTuple):
    """Something made of a whole record besides its papers (回填, 卷宗).

    Attributes:
        label: words in the menu.
        title: how the history calls it when it leaves the program.
        icon: name of its icon.
        show: shows it for a record's id over a window; the last argument is how it leaves the program.
    """

    label: str
    title: str
    icon: str
    show: Callable[[int, QWidget, WayOut], None]


class Presenter:
    """Cells, tabs, sums and detail blocks of one ledger in one open book."""

    needed_keys: tuple[str, ...] = ()
    """Fields that cells need besides their own."""
    takes_steps = False
    """Whether 记一步 is the main thing to do with a record."""
    worked_through = False
    """Whether records have a page of their own on which they are worked through (:meth:`work_page`)."""

    def __init__(self, session: Session, ledger: Ledger) -> None:
        self.session, self.ledger = session, ledger
        self.revealed = False
        """Whether personal data is shown unmasked in the list (F9)."""

    def create_ways(self) -> tuple[CreateWay, ...]:
        """Ways to begin a record besides the empty form."""
        return ()

    def paper_ways(self) -> tuple[PaperWay, ...]:
        """What is made of a record besides its papers; they stand below them in the menu."""
        return ()

    # List

    def tabs(self) -> tuple[Tab, ...]:
        """Tabs above the list: 今年 and 全部 for dated ledgers, else 在用 and 全部, else one."""
        everything = Tab("all", "全部")
        if self.ledger.dated_by:
            return (Tab("year", "今年", (self.this_year(),)), everything)
        if self.ledger.has("active"):
            return (Tab("active", "在用", (OWN, Condition("active", "eq", (True,)))), everything)
        return (everything,)

    def this_year(self) -> Condition:
        """The condition "dated in the current year"."""
        year = self.session.today().year
        return Condition(self.ledger.dated_by, "between", (f"{year}-01-01", f"{year}-12-31"))

    def label(self, key: str) -> str:
        """Header of a column."""
        return "编号" if key == NUMBER else self.field(key).label

    def field(self, key: str) -> Field:
        """The field behind a column or filter; 来源机构 is declared by no ledger."""
        return origins.field_of(self.ledger, key)

    def order(self, key: str, descending: bool) -> tuple[tuple[str, bool], ...]:
        """Order of the list when it is sorted by a column; the number settles ties."""
        return ((key, descending),) if key == NUMBER else ((key, descending), (NUMBER, True))

    def ids(self, query: Query) -> list[int]:
        """Ids of a query's result in its order; a ledger may group them in a way of its own."""
        return listing.ids(self.session, self.ledger, query)

    def right(self, key: str) -> bool:
        """Whether a column is aligned to the right."""
        return key != NUMBER and self.field(key).kind in (Kind.INTEGER, Kind.MONEY, Kind.DECIMAL)

    def tells_state(self, key: str) -> bool:
        """Whether column ``key`` says in coloured words how a record stands; a narrow list keeps it."""
        item = self.field(key)
        if item.kind is not Kind.CHOICE or item is origins.FIELD:
            return False
        return any(choice.extra.get("tone") for choice in self.session.rules.catalog.list(item.options).items)

    def cell(self, key: str, row: Values) -> Cell:
        """What the cell of column ``key`` shows for a row of raw values."""
        if key == NUMBER:
            return Cell(str(row[NUMBER]), "strong")
        if key == origins.FIELD.key:
            return Cell(origins.short_name(self.session, row.get(key)), "quiet")
        item = self.ledger.field(key)
        value = row.get(key)
        text = self.text(item, value)
        if not self.revealed and item.kind in (Kind.TEXT, Kind.LONG_TEXT):
            text = hider(self.ledger, row)(text, item.kind)
        if item.kind is Kind.CHOICE and text:
            tone = self.tone(item, value)
            return Cell(text, "pill", tone) if tone else Cell(text, "quiet")
        if item.kind is Kind.LINK:
            return Cell(text, "quiet")
        return Cell(text, right=self.right(key))

    def masked_cell(self, key: str, row: Values) -> Cell:
        """The same cell with personal data masked in any case, for what leaves the window."""
        revealed, self.revealed = self.revealed, False
        try:
            return self.cell(key, row)
        finally:
            self.revealed = revealed

    def text(self, item: Field, value: Value) -> str:
        """A value in a list: masked unless revealed; dates of this year without the year."""
        shown = listing.display_brief(self.session, item, value, masked=not self.revealed)
        if item.kind is Kind.DATE and shown.startswith(f"{self.session.today().year}-"):
            return shown[_SHORT_DATE_FROM:]
        if item.kind is Kind.LONG_TEXT:
            return " ".join(shown.split())
        return shown

    def tone(self, item: Field, value: Value) -> str:
        """Tone of a choice as its data says, "" for none."""
        choice = self.session.rules.catalog.list(item.options).get(str(value or ""))
        return choice.extra.get("tone", "") if choice else ""

    def status(self, query: Query, ids: Sequence[int]) -> str:
        """Words about the whole list (``ids`` is the result of ``query``) for the status bar."""
        words = f"{len(ids)} {self.ledger.unit}"
        lacking = evidence.missing(self.session, self.ledger, ids)
        return f"{words}·{len(lacking)} {self.ledger.unit}待补{_kinds(lacking)}" if lacking else words

    def selection(self, ids: Sequence[int]) -> str:
        """Words about the selected rows: how many, and the sum of the first money column."""
        if not ids:
            return ""
        words = f"已选 {len(ids)} {self.ledger.unit}"
        money = next((item for item in self.ledger.fields if item.kind is Kind.MONEY), None)
        if money is None or len(ids) > _SUM_LIMIT:
            return words
        rows = listing.rows(self.session, self.ledger, ids, (money.key,))
        total = sum(value for row in rows if isinstance(value := row.get(money.key), int))
        return f"{words}·金额 {yuan(total)} 元" if total else words

    def badge(self) -> tuple[int, bool]:
        """Count beside the navigation item (0 = none) and whether something is overdue."""
        return 0, False

    # Detail

    def head(self, record: Record) -> Head:
        """The pill beside the number: the first choice that has tones."""
        for item in self.ledger.fields:
            value = record.values.get(item.key)
            if item.kind is Kind.CHOICE and value and (tone := self.tone(item, value)):
                return Head(listing.display(self.session, item, value), tone)
        return Head()

    def work_page(self, record_id: int) -> WorkPage | None:
        """The page on which a record is worked through, None for ledgers without one."""
        return None

    def leading_facts(self) -> tuple[str, ...]:
        """Fields shown at the top of the detail, before its blocks; the others follow in the form's sections."""
        return ()

    def top_blocks(self, record: Record, actions: DetailActions) -> list[QWidget]:
        """Widgets above the facts."""
        return []

    def related_blocks(self, record: Record, actions: DetailActions) -> list[QWidget]:
        """Widgets at the top of 相关, about relations that only this ledger knows."""
        return []

    def middle_blocks(self, record: Record, actions: DetailActions) -> list[QWidget]:
        """Widgets between the leading facts and the sections."""
        return []


def _kinds(lacking: Mapping[int, Sequence[Evidence]]) -> str:
    """Which kinds of attachments are lacking: 照片、签到表."""
    return "、".join(dict.fromkeys(kind.label for kinds in lacking.values() for kind in kinds))


def presenter_for(session: Session, ledger: Ledger) -> Presenter:
    """The presenter of a ledger."""
    return presenter_type(ledger.key)(session, ledger)


@cache
def presenter_type(ledger_key: str) -> type[Presenter]:
    """The kind of presenter that a ledger has: its own where its module exists, else the plain one."""
    name = f"xiaobao_desktop.ui.pages.{ledger_key}_presenter"
    if importlib.util.find_spec(name) is None:
        return Presenter
    own: type[Presenter] = importlib.import_module(name).PRESENTER
    return own


def days_between(first: str, last: date) -> int:
    """Calendar days from an ISO day to ``last``; negative when ``first`` is later."""
    return (last - date.fromisoformat(first)).days
