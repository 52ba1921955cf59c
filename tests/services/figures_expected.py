"""What the report of a period must say, sentence by sentence and row by row, made from plain counts alone."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.services.figures_book import BRANCHES, Case, Plain
from tests.services.figures_oracle import (
    UNFILLED,
    Counts,
    Seen,
    by_name,
    count,
    departments,
    grown,
    in_days,
    is_repeat,
    moved,
    name_by,
    pct,
    signed,
    total,
)

OTHERS = {"inquiry": "咨询", "suggestion": "建议", "praise": "表扬", "report": "举报", "petition": "信访"}
MONTHS = {
    1: ("本月", "上月", "上年同月", "下月", "月初", "月末"),
    3: ("本季度", "上季度", "上年同季", "下季度", "季初", "季末"),
    6: ("本期", "上期", "上年同期", "下期", "期初", "期末"),
    12: ("本年", "上年", "上年", "下一年", "年初", "年末"),
}


def back(day: date, months: int) -> date:
    """The first of the month some months earlier."""
    place = day.year * 12 + day.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def end_of(first: date, months: int) -> date:
    return back(first, -months) - timedelta(days=1)


@dataclass
class Expected:
    """The four columns of a report of the months from ``first``, each as known at its own end."""

    plain: Plain
    first: date
    months: int
    day: date
    merged: bool = False
    by_end: bool = False

    def __post_init__(self) -> None:
        self.last = end_of(self.first, self.months)
        self.words = MONTHS[self.months]
        self.previous = self.words[1]
        if self.day < self.last:
            this, before, _year, after, start, _end = self.words
            running = f"截至{self.day.year}年{self.day.month}月{self.day.day}日"
            self.words = (this, before.removesuffix("同期") + "同期", "上年同期", after, start, running)
        self.now = self._count(self.first, self.last, self.day)
        self.spans = [self._span(self.months), self._span(12)]
        self.before, self.year_ago = (self._count(*span) for span in self.spans)
        january = date(self.last.year, 1, 1)
        self.to_date = self._count(january, self.last, self.day)
        self.names = name_by(self.plain)

    def _span(self, months: int) -> tuple[date, date]:
        """The same months some months earlier, the same days of them while this period is not over."""
        first = back(self.first, months)
        last = end_of(first, self.months)
        if self.day >= self.last:
            return first, last
        month = back(self.day, months)
        return first, min(last, month.replace(day=min(self.day.day, calendar.monthrange(month.year, month.month)[1])))

    def _count(self, first: date, last: date, day: date | None = None) -> Counts:
        return count(self.plain, first, last, day or last, merged=self.merged)

    def classed(self, counts: Counts) -> list[Seen]:
        """The cases that are told by classes: those received, or those that ended."""
        return counts.closed if self.by_end else counts.received

    def sentences(self) -> list[str]:
        """What must stand in the prose."""
        return [
            *self._overall(),
            *self._closed(),
            *self._timeliness(),
            *self._activities(),
            *self._mended(),
            *self._due(),
            *self._method(),
        ]

    def _cut(self) -> str:
        if self.day == self.last:
            return f"{self.last.month}月末"
        return f"{self.day.year}年{self.day.month}月{self.day.day}日"

    def _overall(self) -> list[str]:
        this, before, _year_ago, *_rest = self.words
        now, received = self.now, len(self.now.received)
        growth = "" if self.months == 12 else f"环比{moved(received, len(self.before.received), '件', before)}，"
        told = f"截至{self._cut()}，我行{this}受理消费投诉{received}件，{growth}"
        told += f"同比{moved(received, len(self.year_ago.received), '件', '上年同期')}"
        if received:
            closed, left = now.received_closed, received - now.received_closed
            told += f"；办结{closed}件，办结率{pct(closed, received)}%"
            if left:
                told += f"，未办结{left}件" + (f"，其中超期{now.overdue}件" if now.overdue else "均在期限内")
        found = [f"{told}。"]
        if self.first.month > 1:
            january = date(self.last.year - 1, 1, 1)
            same_days = min(self.day, self.last)
            stop = same_days.replace(year=same_days.year - 1, day=min(same_days.day, 28)) + timedelta(
                days=max(0, min(same_days.day, calendar.monthrange(same_days.year - 1, same_days.month)[1]) - 28)
            )
            base = len(self._count(january, stop, stop).received) if self.day <= self.last else None
            if base is not None:
                so_far = len(self.to_date.received)
                grown_words = moved(so_far, base, "件", "上年同期")
                found.append(f"1至{min(self.last, self.day).month}月累计受理{so_far}件，同比{grown_words}。")
        return found

    def _closed(self) -> list[str]:
        this, _before, _y, _after, start, end = self.words
        now, closed = self.now, len(self.now.closed)
        balance = f"{start}未结{now.opening}件，{end}未结{len(now.ending)}件。"
        repeated = f"另有重复投诉{now.repeats}件已合并处理，未计入受理件数。"
        repeated = repeated if self.merged else f"受理的投诉中有重复投诉{now.repeats}件。"
        major = f"{balance}{repeated if now.repeats else ''}重大消费投诉{now.major}件。"
        if not closed:
            return [f"{this}办结投诉0件。", major]
        carried = f"（含{self.previous}结转{now.carried}件）" if now.carried else ""
        late = closed - now.in_time
        kept = f"其中期限内办结{now.in_time}件、逾期办结{late}件" if late else "均在期限内"
        return [
            f"{this}共办结投诉{closed}件{carried}，{kept}，及时率{pct(now.in_time, closed)}%。",
            major,
        ]

    def _timeliness(self) -> list[str]:
        closed, now = len(self.now.closed), self.now
        followed, satisfied = now.judged
        told = f"有效回访{followed}件，满意{satisfied}件，满意度{pct(satisfied, followed)}%。"
        if not followed:
            told = "有效回访0件，满意度—。"
        if not closed:
            return [told]
        extended, late = now.in_time - now.plain, closed - now.in_time
        parts = f"办结{now.plain}件，占比{pct(now.plain, closed)}%"
        parts += f"；经批准延期办结{extended}件，占比{pct(extended, closed)}%" if extended else ""
        parts += f"；逾期办结{late}件，占比{pct(late, closed)}%" if late else ""
        return [f"{parts}；平均用时{now.average}日。{told}", f"{self.words[0]}办结的{closed}件中，"]

    def _activities(self) -> list[str]:
        stop = min(self.last, self.day)
        rows = in_days(self.plain.trainings, "held_on", self.first, stop)
        found = []
        if rows:
            both = [row for row in rows if row["expected"] is not None and row["attended"] is not None]
            came, asked = total(both, "attended"), total(both, "expected")
            rate = f"，参训率{pct(came, asked)}%" if asked else ""
            found.append(
                f"{self.words[0]}开展培训{len(rows)}次，应到{total(rows, 'expected'):,}人次，"
                f"实到{total(rows, 'attended'):,}人次{rate}"
            )
        events = in_days(self.plain.events, "held_on", self.first, stop)
        times = self._times(self.first, stop)
        before, a_year = (self._times(*span) for span in self.spans)
        growth = f"环比{moved(times, before, '场次', self.words[1])}，"
        growth = "" if self.months == 12 else growth
        growth += f"同比{moved(times, a_year, '场次', '上年同期')}"
        if events:
            found.append(
                f"{self.words[0]}开展活动{times}场次，{growth}；参与员工{total(events, 'staff_count'):,}人次，"
                f"受众{total(events, 'audience_count'):,}人次，发放资料{total(events, 'materials'):,}份，"
                f"解答咨询{total(events, 'questions'):,}人次；发布线上作品{total(events, 'originals'):,}篇，"
                f"投入费用{total(events, 'cost') / 100:,.2f}元。"
            )
        return found

    def _times(self, first: date, last: date) -> int:
        rows = in_days(self.plain.events, "held_on", first, last)
        return sum(1 if row["sessions"] is None else int(str(row["sessions"])) for row in rows)

    def _mended(self) -> list[str]:
        stop, rows = min(self.last, self.day), []
        for row in self.plain.mended:
            day = {key: date.fromisoformat(str(row[key])) for key in row if key.endswith("_on") and row[key]}
            if day["found_on"] <= stop:
                rows.append((day, row["verdict"]))
        done = [day for day, verdict in rows if verdict == "pass" and "finished_on" in day and "verified_on" in day]
        ended = [day for day in done if self.first <= day["verified_on"] <= stop]
        gone = [day for day in done if day["verified_on"] < self.first]
        left = [(day, verdict) for day, verdict in rows if day not in ended and day not in gone]
        waiting = [
            day
            for day, verdict in left
            if day.get("finished_on", date.max) <= stop
            and not (verdict == "fail" and day.get("verified_on", date.max) <= stop)
        ]
        overdue = [day for day, _v in left if day not in waiting and day.get("planned_on", date.max) < stop]
        added = sum(day["found_on"] >= self.first for day, _verdict in rows)
        this, *_rest, start, end = self.words
        if not (len(left) + len(ended)):
            return []
        told = f"{start}未完成整改{len(rows) - added - len(gone)}项，{this}新增{added}项、完成{len(ended)}项，"
        told += f"{end}未完成{len(left)}项"
        if left:
            told += f"，其中{f'完成待验证{len(waiting)}项、' if waiting else ''}逾期{len(overdue)}项"
        return [f"{told}。"]

    def _due(self) -> list[str]:
        overdue = sum(one.overdue for one in self.now.ending)
        told = f"截至{self._cut()}已超期未办结{overdue}件，应立即办理。"
        return [told] if overdue else []

    def due_cases(self) -> list[Case]:
        """The cases that wait for an answer due in the months after."""
        first = back(self.first, -self.months)
        last = end_of(first, self.months)
        running = [one for one in count(self.plain, self.first, self.last, self.day).ending if one.waiting]
        return [one.case for one in running if first <= one.due <= last]

    def _method(self) -> list[str]:
        now = self.now
        opening, received, closed, ending = now.opening, len(now.received), len(now.closed), len(now.ending)
        assert opening + received - closed == ending, "what was counted plainly must balance"
        stop = min(self.last, self.day)
        came = [case for case in self.plain.cases if not case.deleted and self.first <= case.received <= stop]
        came = [case for case in came if not (self.merged and is_repeat(case))]
        kinds = Counter(str(case.values["nature"]) for case in came)
        others = "、".join(f"{name}{kinds[kind]}件" for kind, name in OTHERS.items())
        return [
            f"仅含投诉，不含{others}；",
            f"撤诉{now.withdrawn}件计入受理和办结。",
            f"期初未结{opening}件＋新收{received}件－办结{closed}件＝期末未结{ending}件。",
        ]

    def months_of_two_years(self) -> list[list[int]]:
        """Received in each month up to the day of view, last year and this year."""
        stop = min(self.last, self.day)
        return [
            [
                len(self._count(date(year, number, 1), end_of(date(year, number, 1), 1), self.day).received)
                for number in range(1, stop.month + 1)
            ]
            for year in (stop.year - 1, stop.year)
        ]

    def headline(self) -> dict[str, list[str]]:
        """表1 by the name of the row."""
        spans = [self.now, self.before, self.year_ago, self.to_date]
        counts: dict[str, Callable[[Counts], int]] = {
            "受理投诉（件）": lambda one: len(one.received),
            "其中：监管部门转送": lambda one: one.regulator,
            "其中：期末已办结": lambda one: one.received_closed,
            "办结投诉（含结转，件）": lambda one: len(one.closed),
            "其中：期限内办结": lambda one: one.in_time,
            "期末在办（件）": lambda one: len(one.ending),
        }
        found = {}
        for name, number in counts.items():
            now, before, year_ago, to_date = (number(one) for one in spans)
            row = [str(now), str(before), _with(grown(now, before), "%")]
            row += [str(year_ago), _with(grown(now, year_ago), "%"), str(to_date)]
            found[name] = row
        rates: dict[str, Callable[[Counts], tuple[int, int]]] = {
            "办结率（%）": lambda one: (one.received_closed, len(one.received)),
            "及时率（%）": lambda one: (one.in_time, len(one.closed)),
            "满意度（%）": lambda one: one.judged[::-1],
        }
        for name, parts in rates.items():
            now_, before_, year_ago_, to_date_ = (parts(one) for one in spans)
            row = [pct(*now_), pct(*before_), _points(now_, before_)]
            found[name] = [*row, pct(*year_ago_), _points(now_, year_ago_), pct(*to_date_)]
        kept = (0, 3, 4) if self.months == 12 else (0, 1, 2, 3, 4, 5)
        return {name: [row[place] for place in kept] for name, row in found.items()}

    def tables(self) -> dict[str, dict[str, list[str]]]:
        """The rows of the annex that are not all zero, by what they break down by."""
        found = {}
        for what, name in self.names.items():
            spans = [
                by_name((one.case for one in self.classed(span)), name)
                for span in (self.now, self.before, self.year_ago)
            ]
            whole = sum(spans[0].values())
            rows = {
                short(key): self._row(whole, *(span[key] for span in spans))
                for key in {key for one in spans for key in one}
            }
            rows["合计"] = self._row(whole, *(sum(span.values()) for span in spans))
            found[what] = rows
        return found

    def _row(self, whole: int, *counts: int) -> list[str]:
        now, before, year_ago = counts
        row = [str(now), pct(now, whole), str(before), signed(str(now - before)), grown(now, before)]
        row += [str(year_ago), signed(str(now - year_ago)), grown(now, year_ago)]
        return [row[place] for place in (0, 1, 5, 6, 7)] if self.months == 12 else row

    def classes(self, text: str) -> list[str]:
        """What is wrong with the sentences on classes of a text without blanks; every number and share is checked."""
        wrong = []
        classed = self.classed(self.now)
        whole = len(classed)
        for what, name in list(self.names.items())[:4]:
            counted = by_name((one.case for one in classed), name)
            said = re.search(rf"按{what}分类。(.*?)。", text)
            if not whole:
                continue
            if said is None:
                wrong.append(f"{what}: no sentence")
                continue
            wrong += [f"{what}: {one}" for one in _clauses(said[1], counted, whole)]
        counted = by_name((one.case for one in classed), self.names["被投诉机构"])
        if whole:
            inside, unknown = departments(counted), counted[UNFILLED]
            outlets = whole - inside - unknown
            told = f"{len(BRANCHES)}个网点{outlets}件，占比{pct(outlets, whole)}%；"
            told += f"总行部门{inside}件，占比{pct(inside, whole)}%"
            told += f"；未填写{unknown}件，占比{pct(unknown, whole)}%。" if unknown else "。"
            if told not in text:
                wrong.append(f"missing: {told}")
            outlets_by = {name: counted[name] for name in BRANCHES if counted[name]}
            first = re.search(r"居前的为((?:[^、。]+?\d+件[、。])+)", text)
            named = dict(re.findall(r"([^、。]+?)(\d+)件", first[1])) if first else {}
            wrong += [f"{name} leads with {n}" for name, n in named.items() if outlets_by.get(name) != int(n)]
            least = min(map(int, named.values()), default=max(outlets_by.values(), default=0))
            left_out = [name for name, n in outlets_by.items() if n > least and name not in named]
            left_out += [name for name, n in outlets_by.items() if named and n == least and name not in named]
            wrong += [f"{name} is not among those that lead" for name in left_out]
        return wrong


def _clauses(said: str, counted: Counter[str], whole: int) -> list[str]:
    """Each clause against the counts; all together must be everything that was received."""
    wrong, added, named, tail = [], 0, set(), []
    for clause in said.split("；"):
        if zero := re.fullmatch(r"(.+?)(?:各)?0件", clause):
            wrong += [f"{name} is not 0" for name in _known(zero[1], counted) if counted[name]]
            continue
        match = re.match(r"(.+?)(?:（\D*）)?(各)?(\d+)件，占比(各)?([\d.]+)%", clause)
        if match is None:
            wrong.append(f"not understood: {clause}")
            continue
        names, number = match[1].removesuffix("引起的投诉"), int(match[3])
        if match[5] != pct(number, whole):
            wrong.append(f"{clause}: {pct(number, whole)}%")
        known = _known(match[1], counted) if not names.startswith("其他") or match[1] in counted else []
        if not known:
            tail.append(number)
            added += number
        for name in known:
            named.add(name)
            added += number
            if counted[name] != number:
                wrong.append(f"{clause}: {name} is {counted[name]}")
    if added != whole:
        wrong.append(f"{said}: adds up to {added} of {whole}")
    rest = sum(number for name, number in counted.items() if name not in named)
    if sum(tail) != rest:
        wrong.append(f"{said}: the tail is {rest}")
    return wrong


def _known(words: str, counted: Mapping[str, int]) -> list[str]:
    """The names that a clause lists; names may hold 、 themselves."""
    found = []
    rest = words
    for name in sorted(counted, key=len, reverse=True):
        if re.search(rf"(^|、){re.escape(name)}(、|$)", rest):
            found.append(name)
            rest = rest.replace(name, "")
    return found


def short(name: str) -> str:
    return name.removeprefix("因").removesuffix("引起的投诉") if name.endswith("引起的投诉") else name


def _with(text: str, unit: str) -> str:
    return text if text == "—" else text + unit


def _points(now: tuple[int, int], base: tuple[int, int]) -> str:
    if not now[1] or not base[1]:
        return "—"
    value = Fraction(now[0], now[1]) - Fraction(base[0], base[1])
    hundredths = value * 10_000
    rounded = int(abs(hundredths) + Fraction(1, 2)) * (1 if hundredths >= 0 else -1)
    return signed(f"{'-' if rounded < 0 else ''}{abs(rounded) // 100}.{abs(rounded) % 100:02d}") + "百分点"
