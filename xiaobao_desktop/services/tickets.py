"""粘贴工单: reads a pasted ticket with the names of the open book and makes a record of what the officer ticked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from xiaobao_desktop import resources
from xiaobao_desktop.domain.fields import Field, Ledger, Record, Value
from xiaobao_desktop.domain.ledgers import ledger as ledger_of
from xiaobao_desktop.exchange import mapping, tickets
from xiaobao_desktop.exchange.ticket_text import Label
from xiaobao_desktop.exchange.tickets import Found, Layout, Ticket, TicketRules
from xiaobao_desktop.services import listing, reading, records
from xiaobao_desktop.services.session import Session

SURE, LIKELY, WEAK = mapping.SURE, mapping.LIKELY, mapping.WEAK
"""Confidence of a field: read whole behind its label; read in part or beyond much doubt; guessed."""


@dataclass(frozen=True)
class Proposed:
    """A recognised field as shown for checking: its value in words, where it was read, how sure (3 to 1), a note."""

    field: Field
    value: Value
    shown: str
    words: str
    confidence: int
    note: str


@dataclass(frozen=True)
class Proposal:
    """A ticket as read: name of its layout ("" = none known) and its fields in the order of the form."""

    layout: str
    fields: tuple[Proposed, ...]


def takes_tickets(ledger: Ledger) -> bool:
    """Whether tickets can be pasted into a ledger."""
    return ledger.key in _data()


def recognise(session: Session, ledger: Ledger, text: str) -> Proposal:
    """Read a pasted ticket; nothing is written.

    Args:
        session: the open book.
        ledger: one that :func:`takes_tickets`.
        text: as pasted.
    """
    ticket = _read(session, ledger, text)
    proposed = tuple(_proposed(session, ledger, found) for found in ticket.found)
    return Proposal(ticket.layout, proposed)


def record(session: Session, ledger: Ledger, proposal: Proposal, chosen: Collection[str]) -> Record:
    """A new, unsaved record with the chosen fields; the words of the others go to the remark, so that none is lost.

    Args:
        session: the open book.
        ledger: the target.
        proposal: as recognised.
        chosen: keys of the fields that the officer ticked.
    """
    values: dict[str, Value] = dict(records.blank(session, ledger).values)
    values.update({item.field.key: item.value for item in proposal.fields if item.field.key in chosen})
    rest = _data()[ledger.key]["rest"]
    left = [
        f"{item.field.label}：{item.words}"
        for item in proposal.fields
        if item.field.key not in chosen and item.words and item.field.key != rest
    ]
    left += [item.words for item in proposal.fields if item.field.key == rest and rest not in chosen]
    if left:
        values[rest] = "\n".join([*([str(values[rest])] if values.get(rest) else []), *left])
    return Record(values)


def _proposed(session: Session, ledger: Ledger, found: Found) -> Proposed:
    item = ledger.field(found.field)
    shown = listing.display(session, item, found.value, masked=False)
    return Proposed(item, found.value, shown, found.words, found.confidence, found.note)


def _read(session: Session, ledger: Ledger, text: str) -> Ticket:
    lookups = reading.lookups(session, ledger)
    return tickets.recognise(text, _rules(ledger.key), ledger, lookups, session.today())


@cache
def _data() -> dict[str, Any]:
    found = resources.json_data("rules", "tickets.json")
    return {key: value for key, value in found.items() if not key.startswith("_")}


@cache
def _rules(ledger_key: str) -> TicketRules:
    ledger, data = ledger_of(ledger_key), _data()[ledger_key]
    given = {name: Label("") for name in data["kept"]}
    for entry in data["labels"]:
        given.update({name: Label(entry["field"], entry["rank"]) for name in entry["names"]})
    layouts = tuple(Layout(item["id"], item["name"], item["choice"], tuple(item["words"])) for item in data["layouts"])
    return TicketRules(
        labels=tickets.labels_of(ledger, given),
        body=data["body"],
        rest=data["rest"],
        source=data["source"],
        date=data["date"],
        time=data["time"],
        layouts=layouts,
        guessed=tuple(data["guessed"]),
        names=tuple(data["names"]),
        words=data["words"],
    )
