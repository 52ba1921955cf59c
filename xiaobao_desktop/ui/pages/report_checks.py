"""What stands beside the preview: headline figures with how they were reckoned, and what to look at before printing."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.numbers import percent, round_half_up, share
from xiaobao_desktop.domain.statistics import Figures, Group
from xiaobao_desktop.services.complaint_statistics import Statistics

OK, NOTE, WRONG = "ok", "note", "wrong"

_SUMS = (("source", "来源合计"), ("category", "业务类别合计"), ("cause", "原因合计"), ("branch", "机构合计"))
_GAPS = (
    ("source", "来源"),
    ("category", "业务类别"),
    ("cause", "投诉原因"),
    ("channel", "办理渠道"),
    ("branch", "被投诉机构"),
)
_TERMS_SHOWN = 6


@dataclass(frozen=True)
class CheckLine:
    """One figure: its name, value and formula as text, and whether the check holds (OK), has a note, or is wrong."""

    name: str
    value: str
    formula: str
    state: str = OK


def check_lines(result: Statistics, digits: int) -> tuple[CheckLine, ...]:
    """The figures of a report with their sums; percentages with ``digits`` decimals."""
    return (*_headline(result.figures, digits), _balance(result.figures), *_sums(result), _shares(result, digits))


def warnings(result: Statistics) -> tuple[str, ...]:
    """What the officer should look at before the report goes out, one sentence each."""
    found = result.figures
    said: list[str] = []
    if found.received_open.count:
        late = f"，其中 {found.open_overdue.count} 件已逾期" if found.open_overdue.count else ""
        said.append(f"{found.received_open.count} 件仍未办结{late}")
    for key, name in _GAPS:
        empty = next((group.count for group in result.dimensions[key] if group.name == UNFILLED), 0)
        if empty:
            said.append(f"{empty} 件没有填{name}，报表里列为“{UNFILLED}”")
    if not found.balanced:
        said.append("期初未结加新收减办结不等于期末未结，请核对办理日期")
    return tuple(said)


def _headline(found: Figures, digits: int) -> tuple[CheckLine, ...]:
    received, closed = found.received.count, found.closed.count
    lines = [CheckLine("受理件数", f"{received:,}", f"= 明细 {received:,} 行")]
    lines.append(_rate("办结率", found.closed_rate, found.received_closed.count, received, digits))
    carried = found.carried_over.count
    told = f"含上期结转 {carried:,} 件" if carried else "都是本期受理的" if closed else "没有办结"
    lines.append(CheckLine("本期办结", f"{closed:,}", told))
    lines.append(_rate("及时率", found.in_time_rate, found.closed_in_time.count, closed, digits))
    if found.followed_up.count:
        lines.append(_rate("满意度", found.satisfaction_rate, found.satisfied.count, found.followed_up.count, digits))
    if found.average_days is not None:
        lines.append(
            CheckLine("平均办理天数", f"{round_half_up(found.average_days, 1)}", f"{found.days_total:,}÷{closed:,}")
        )
    return tuple(lines)


def _rate(name: str, value: Fraction | None, part: int, whole: int, digits: int) -> CheckLine:
    text = percent(value, digits)
    return CheckLine(name, f"{text}%" if value is not None else text, f"{part:,}÷{whole:,}")


def _balance(found: Figures) -> CheckLine:
    """期初未结 + 新收 − 办结 = 期末未结."""
    opening, received, closed, ending = found.balance
    return CheckLine(
        "期末未结", f"{ending:,}", f"期初{opening:,}+新收{received:,}−办结{closed:,}", OK if found.balanced else WRONG
    )


def _sums(result: Statistics) -> tuple[CheckLine, ...]:
    """Each breakdown adds up to the total, 未填写 counted."""
    lines = []
    for key, name in _SUMS:
        groups = result.dimensions[key]
        total = sum(group.count for group in groups)
        lines.append(CheckLine(name, f"{total:,}", _terms(groups), OK if total == result.total else WRONG))
    return tuple(lines)


def _terms(groups: tuple[Group, ...]) -> str:
    counts = [str(group.count) for group in groups if group.count]
    shown = "+".join(counts[:_TERMS_SHOWN])
    return f"{shown}+…（{len(counts)} 项）" if len(counts) > _TERMS_SHOWN else shown or "没有明细"


def _shares(result: Statistics, digits: int) -> CheckLine:
    """Rounded shares are never adjusted to give 100; the report says so in a note."""
    if not result.total:
        return CheckLine("占比合计", "—", "没有受理")
    shares = [share(group.count, result.total) or Fraction(0) for group in result.dimensions["category"]]
    total = sum(round_half_up(item * 100, digits) for item in shares)
    exact = total == 100
    return CheckLine(
        "业务占比合计", f"{total:.{digits}f}%", "正好" if exact else "四舍五入，附注", OK if exact else NOTE
    )
