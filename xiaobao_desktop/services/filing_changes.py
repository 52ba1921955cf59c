"""此后变动: what changed in the records behind a filed report since it went out.

A record counts when its last state differs from the one at the time of filing (a change taken back is none), and when
it stands behind a figure of the report, then or now. Whether it changes a figure is told by reckoning them again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from xiaobao_desktop.domain.check_figures import Check, CheckFigure
from xiaobao_desktop.domain.ledgers.filing import BASIS, LEDGER
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import attachments, reporting
from xiaobao_desktop.services.report_kind import Request
from xiaobao_desktop.services.session import Session

_PERCENT = re.compile(r"\d(?:\.(\d+))?%")


class BasisMissing(UserError):
    """这一件没有数字底稿，算不出此后的变动：它是手工登记的，不是在报表页定稿的。"""  # noqa: D415


@dataclass(frozen=True)
class Basis:
    """What was frozen with an issue: what it was asked for, where the history ended, the figures."""

    report: str
    request: Request
    sequence: int
    figures: tuple[CheckFigure, ...]


@dataclass(frozen=True)
class LaterChange:
    """A record that changed after an issue had been filed.

    Attributes:
        ledger: key of its ledger.
        record_id: which one.
        number: such as TS-2026-0001.
        fate: "new" (fell into the period), "changed", "deleted" or "restored".
        operation: the last thing done to it.
        at: when.
        who: real name.
        figures: names of the figures that it changes.
    """

    ledger: str
    record_id: int
    number: str
    fate: str
    operation: str
    at: datetime
    who: str
    figures: tuple[str, ...]


@dataclass(frozen=True)
class LaterChanges:
    """此后变动: every record changed since an issue, and the figures that would be different today."""

    items: tuple[LaterChange, ...] = ()
    figures: tuple[tuple[str, str, str], ...] = ()

    @property
    def words(self) -> str:
        """此后变动3件，其中1件影响报告数字; "" when nothing changed."""
        if not self.items:
            return ""
        felt = sum(bool(item.figures) for item in self.items)
        told = f"，其中 {felt} 件影响报告数字" if felt else "，不影响报告数字"
        return f"此后变动 {len(self.items)} 件{told}"

    def ids(self, ledger: str) -> tuple[int, ...]:
        """The changed records of one ledger."""
        return tuple(item.record_id for item in self.items if item.ledger == ledger)


def basis(session: Session, record_id: int) -> Basis:
    """What was frozen with an issue.

    Raises:
        BasisMissing: the record was entered by hand.
        AttachmentMissing, AttachmentDamaged: the file beside the book is not to be had.
    """
    found = next((item for item in attachments.list_of(session, LEDGER, record_id) if item.evidence == BASIS), None)
    if found is None:
        raise BasisMissing
    body: dict[str, Any] = json.loads(attachments.open_bytes(session, found.id))
    kept = body["method"]
    method = Method(kept["basis"], kept["merge_repeats"], tuple(kept["natures"]))
    figures = tuple(_figure(item) for item in body["figures"])
    digits = body.get("digits", _decimals(figures))
    day = date.fromisoformat(body["as_of"])
    request = Request(parse_period(body["period"]), day, method, body["subject"], digits=digits)
    return Basis(body["report"], request, body["sequence"], figures)


def _decimals(figures: Sequence[CheckFigure]) -> int | None:
    """Decimals of the percentages in figures that were filed before an issue said how many; None without any."""
    shown = (match for figure in figures if (match := _PERCENT.search(figure.value)))
    return next((len(match[1] or "") for match in shown), None)


def as_filed(
    session: Session, then: Basis, request: Request, figures: tuple[CheckFigure, ...]
) -> tuple[CheckFigure, ...]:
    """The figures of today with the decimals that an issue has: to print more or fewer of them changes no figure.

    Args:
        session: the open book.
        then: what was frozen with the issue.
        request: what the figures were asked for.
        figures: the figures with the decimals of today's settings.
    """
    found = reporting.kind(then.report).figures
    if found is None or then.request.digits in (None, request.digits):
        return figures
    return found(session, replace(request, digits=then.request.digits))


def later_changes(session: Session, record_id: int) -> LaterChanges:
    """What changed since an issue was filed: records behind its figures, and those that fall into its period now.

    Raises:
        BasisMissing, AttachmentMissing, AttachmentDamaged: as for :func:`basis`.
    """
    then = basis(session, record_id)
    ledgers = dict.fromkeys(figure.ledger for figure in then.figures)
    moved = {key: session.book.moved_since(session.ledger(key), then.sequence) for key in ledgers}
    if not any(moved.values()):
        return LaterChanges()
    found = reporting.kind(then.report).figures
    now = found(session, then.request) if found else ()
    felt = _felt(then.figures, now, {key: {item.record_id for item in items} for key, items in moved.items()})
    items = []
    for key, changed in moved.items():
        before, after = _behind(then.figures, key), _behind(now, key)
        concerned = [item for item in changed if item.record_id in before | after]
        numbers = _numbers(session, key, [item.record_id for item in concerned])
        for item in concerned:
            fate = item.fate if item.record_id in before else "new"
            names = tuple(felt.get((key, item.record_id), ()))
            one = item.record_id
            items.append(LaterChange(key, one, numbers.get(one, ""), fate, item.operation, item.at, item.who, names))
    return LaterChanges(tuple(items), differences(then.figures, now))


def differences(before: Sequence[CheckFigure], now: Sequence[CheckFigure]) -> tuple[tuple[str, str, str], ...]:
    """Figures that are not as they were: name, value before, value now; "—" for one that was or is not there."""
    old, new = ({figure.key: figure for figure in figures} for figures in (before, now))
    found = []
    for key in dict.fromkeys((*old, *new)):
        first, second = old.get(key), new.get(key)
        if first is None or second is None or first.value != second.value:
            name = (second or first).name  # type: ignore[union-attr]
            found.append((name, first.value if first else "—", second.value if second else "—"))
    return tuple(found)


def _figure(body: Mapping[str, Any]) -> CheckFigure:
    return CheckFigure(
        body["key"],
        body["section"],
        body["name"],
        body["value"],
        body["formula"],
        body["calculation"],
        tuple(body["ids"]),
        body["ledger"],
        Check(body["state"]),
    )


def _behind(figures: Sequence[CheckFigure], ledger: str) -> set[int]:
    return {one for figure in figures if figure.ledger == ledger for one in figure.ids}


def _felt(
    before: Sequence[CheckFigure], now: Sequence[CheckFigure], moved: Mapping[str, set[int]]
) -> dict[tuple[str, int], list[str]]:
    """The figures that each changed record changes: it came in or went out, or it is behind one that differs."""
    old, new = ({figure.key: figure for figure in figures} for figures in (before, now))
    found: dict[tuple[str, int], list[str]] = {}
    for key in dict.fromkeys((*old, *new)):
        first, second = old.get(key), new.get(key)
        shown = second or first
        assert shown is not None
        was, now_in = set(first.ids if first else ()), set(second.ids if second else ())
        differs = first is None or second is None or first.value != second.value
        concerned = (was | now_in) if differs else (was ^ now_in)
        for one in concerned & moved.get(shown.ledger, set()):
            found.setdefault((shown.ledger, one), []).append(shown.name)
    return found


def _numbers(session: Session, ledger_key: str, ids: Sequence[int]) -> dict[int, str]:
    rows = session.book.rows(session.ledger(ledger_key), ids, ())
    return {int(str(row["id"])): str(row["number"]) for row in rows}
