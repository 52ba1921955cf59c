"""The charts of rectifications for the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from xiaobao_desktop.domain import charts
from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.charts import Bars, ChartSet, Mark, Trend
from xiaobao_desktop.domain.fields import Value
from xiaobao_desktop.domain.ledgers.rectification import FAILED, LEDGER, PASSED
from xiaobao_desktop.domain.numbers import percent, share
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.services import origin_charts
from xiaobao_desktop.services.origins import Chosen, conditions
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

VERIFIED, FINISHED, RUNNING, LATE, UNPLANNED = "已验证", "已完成待验证", "整改中未到期", "已超期", "没有定计划完成日"
_KEYS = ("found_on", "planned_on", "finished_on", "verified_on", "verdict", "source", "department", "right")
_LATE_BANDS = (("超期30天以内", 1, 30), ("超期31—90天", 31, 90), ("超期90天以上", 91, 10**6))


@dataclass(frozen=True)
class _Fault:
    """One fault: its days, the verdict on its rectification, names for what it is counted under."""

    id: int
    found_on: date
    planned_on: date | None
    finished_on: date | None
    verified_on: date | None
    verdict: str
    source: str
    department: str
    rights: tuple[str, ...]

    def state_on(self, day: date) -> str:
        """How far it had come on a day; one that was refused counts as not finished."""
        verified = self.verified_on is not None and self.verified_on <= day
        refused = verified and self.verdict == FAILED and (self.finished_on or day) <= (self.verified_on or day)
        if self.finished_on is not None and self.finished_on <= day and not refused:
            return VERIFIED if verified and self.verdict == PASSED else FINISHED
        if self.planned_on is None:
            return UNPLANNED
        return LATE if self.planned_on < day else RUNNING

    def late_by(self, day: date) -> int:
        """Days past its planned day."""
        return (day - self.planned_on).days if self.planned_on else 0


def build(session: Session, period: Period, as_of: date, _method: Method, chosen: Chosen = ()) -> ChartSet:
    """The charts of a period: what was found in it, and what is open on the day of view, whenever found."""
    known = _faults(session, chosen)
    days = charts.span(period, as_of)
    found = [one for one in known if days.first <= one.found_on <= days.last]
    waiting = [one for one in known if one.found_on <= as_of and one.state_on(as_of) in (RUNNING, LATE, UNPLANNED)]
    year, unit = period.last.year, LEDGER.unit
    items = [(one.found_on, one.id, 1) for one in known]
    months, last_year = charts.month_marks(items, year, as_of)
    trend = Trend("trend", "各月发现问题", "与去年同月比", months, last_year, f"{year}年", f"{year - 1}年", unit)
    until = f"{as_of.month}月{as_of.day}日"
    made = (
        origin_charts.with_gaps(session, LEDGER, chosen, trend, year, as_of),
        *origin_charts.charts(session, LEDGER, chosen, items, period, as_of),
        Bars("progress", "整改进度", f"本期发现的，截至{until}", _progress(found, as_of), unit, ranked=False),
        Bars("open", "未完成的整改", f"截至{until}全部未完成的", _open(waiting, as_of), unit, ranked=False),
        Bars("source", "按问题来源", "本期发现的", _counted(found, lambda one: (one.source,)), unit),
        Bars("department", "按责任部门", "本期发现的", _counted(found, lambda one: (one.department,)), unit),
        Bars("right", "按涉及权利", "本期发现的，一项可涉及多种", _counted(found, lambda one: one.rights), unit),
    )
    return ChartSet(LEDGER.key, made, _headline(session, found, waiting, as_of))


def _headline(session: Session, found: Sequence[_Fault], waiting: Sequence[_Fault], as_of: date) -> tuple[str, ...]:
    done = sum(one.state_on(as_of) in (VERIFIED, FINISHED) for one in found)
    rate = percent(share(done, len(found)), int(session.settings.percent_digits))
    unit = LEDGER.unit
    return (
        f"发现 {len(found)} {unit}",
        f"已完成 {done} {unit}",
        f"完成率 {rate}%" if found else f"完成率 {rate}",
        f"未完成 {len(waiting)} {unit}",
    )


def _progress(found: Sequence[_Fault], as_of: date) -> tuple[Mark, ...]:
    return _marks(found, lambda one: one.state_on(as_of), (VERIFIED, FINISHED, RUNNING, LATE, UNPLANNED))


def _open(waiting: Sequence[_Fault], as_of: date) -> tuple[Mark, ...]:
    def name(one: _Fault) -> str:
        state, late = one.state_on(as_of), one.late_by(as_of)
        return next((band for band, low, high in _LATE_BANDS if low <= late <= high), state) if state == LATE else state

    return _marks(waiting, name, (RUNNING, *(band for band, _low, _high in _LATE_BANDS), UNPLANNED))


def _marks(faults: Sequence[_Fault], name_of: Callable[[_Fault], str], names: Sequence[str]) -> tuple[Mark, ...]:
    """One mark for each name in this order; none at all where there is nothing to count."""
    groups = {name: tuple(one.id for one in faults if name_of(one) == name) for name in names}
    marks = (Mark(name, ids, len(ids), share(len(ids), len(faults))) for name, ids in groups.items())
    return tuple(marks) if faults else ()


def _counted(faults: Iterable[_Fault], names_of: Callable[[_Fault], tuple[str, ...]]) -> tuple[Mark, ...]:
    groups: dict[str, list[int]] = {}
    for one in faults:
        for name in names_of(one) or (UNFILLED,):
            groups.setdefault(name or UNFILLED, []).append(one.id)
    return charts.summed((name, tuple(ids), len(ids)) for name, ids in groups.items())


def _faults(session: Session, chosen: Chosen) -> list[_Fault]:
    catalog = session.rules.catalog
    sources, rights = catalog.list("rectification_source"), catalog.list("rights")
    query = Query(where=conditions(chosen), order=(("found_on", False), ("number", False)))
    return [
        _Fault(
            id=int(str(row["id"])),
            found_on=found,
            planned_on=_day(row["planned_on"]),
            finished_on=_day(row["finished_on"]),
            verified_on=_day(row["verified_on"]),
            verdict=str(row["verdict"] or ""),
            source=sources.label(str(row["source"] or "")),
            department=str(row["department"] or ""),
            rights=tuple(rights.label(item) for item in row["right"]) if isinstance(row["right"], tuple) else (),
        )
        for row in session.book.select(LEDGER, query, _KEYS)
        if (found := _day(row["found_on"])) is not None
    ]


def _day(value: Value) -> date | None:
    return date.fromisoformat(str(value)) if value else None
