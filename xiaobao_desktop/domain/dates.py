"""Reading what people write for a date, a number or yes/no: from a form, a cell or a pasted ticket.

Pure functions. Each gives a :class:`Reading`: a value, or a reason why there is none, or a question with its possible
answers. An empty cell reads as nothing at all. What is read never depends on the clock: the year for "3月5日" and the
meaning of "3/5/2026" come from :class:`DateHints`, once the officer has answered.

Sources: the forms of dates found in banks' ledgers (TECHNIQUES §6); day numbers are those of Excel and WPS.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, Generic, Literal, TypeVar

Value = TypeVar("Value")
Question = Literal["", "no_year", "short_year", "year_last"]

# A ledger of this bank cannot hold dates outside these years; callers may pass others (birth dates).
EARLIEST: Final = date(1990, 1, 1)
LATEST: Final = date(2100, 12, 31)
_LONGEST: Final = 60  # characters; nothing longer is a date or a number
_LAST_SERIAL: Final = 2_958_465  # 9999-12-31, the last day Excel knows

_SEPARATOR = r"[-./。·年]"
_SEPARATOR_2 = r"[-./。·月]"
_TIME = (
    r"(?:[T\s]*(?:星期.|周.|\(.{1,3}\))?[T\s]*(?P<half>上午|下午|AM|PM)?\s*"
    r"(?:(?P<hour>\d{1,2})[:时点](?:(?P<minute>\d{1,2})(?:[:分](?:(?P<second>\d{1,2})(?:\.\d+)?秒?)?)?)?Z?)?)"
)
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})\s*{_SEPARATOR}\s*(?P<month>\d{{1,2}})\s*{_SEPARATOR_2}\s*(?P<day>\d{{1,2}})(?:\s*[日号])?{_TIME}"
)
_EIGHT = re.compile(rf"(?P<year>\d{{4}})(?P<month>\d\d)(?P<day>\d\d){_TIME}")
_FOURTEEN = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)")
_SHORT_YEAR = re.compile(
    rf"(?P<year>\d\d)\s*{_SEPARATOR}\s*(?P<month>\d{{1,2}})\s*{_SEPARATOR_2}\s*(?P<day>\d{{1,2}})(?:\s*[日号])?{_TIME}"
)
_NO_YEAR = re.compile(rf"(?P<month>\d{{1,2}})\s*{_SEPARATOR_2}\s*(?P<day>\d{{1,2}})(?:\s*[日号])?{_TIME}")
_YEAR_LAST = re.compile(
    rf"(?P<first>\d{{1,2}})\s*[-./]\s*(?P<second_part>\d{{1,2}})\s*[-./]\s*(?P<year>\d{{4}}){_TIME}"
)
_NO_DAY = re.compile(r"(?:\d{4})\s*[-./。年]\s*\d{1,2}\s*月?(?:份)?|(?:19|20)\d\d(?:0[1-9]|1[0-2])")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_DASHES = str.maketrans({"—": "-", "–": "-", "−": "-", "‐": "-", "‑": "-", "\u3000": " ", "\xa0": " ", "\u200b": ""})

_NUMBER = re.compile(r"(?P<sign>[-+]?)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?P<part>\.\d+)?")
_SCIENTIFIC = re.compile(r"[-+]?\d(?:\.\d+)?[eE]\+?(?P<power>\d{2})")
_YES: Final = frozenset({"是", "有", "对", "√", "✓", "✔", "☑", "y", "yes", "true", "1", "t"})
_NO: Final = frozenset({"否", "无", "不是", "没有", "×", "✗", "✘", "x", "n", "no", "false", "0", "f"})


@dataclass(frozen=True, slots=True)
class Reading(Generic[Value]):
    """What came of reading one cell.

    Exactly one of these holds: ``value`` is set; ``problem`` is a Chinese sentence without its full stop;
    ``question`` is set (``ask`` is its Chinese sentence, ``choices`` the possible values, likeliest first);
    or all are empty, because the cell is.
    """

    value: Value | None = None
    problem: str = ""
    question: Question = ""
    ask: str = ""
    choices: tuple[Value, ...] = ()
    time: time | None = None

    @property
    def is_empty(self) -> bool:
        """The cell held nothing."""
        return self.value is None and not self.problem and not self.question


@dataclass(frozen=True, slots=True)
class DateHints:
    """The officer's answers for a whole column; a question that is answered is not asked again.

    ``year`` completes "3月5日"; ``short_year`` accepts "26.3.5" as 2026-03-05; ``year_last`` says how to read
    "3/5/2026"; ``date_1904`` says that day numbers count from 1904 (the workbook knows).
    """

    year: int | None = None
    short_year: bool = False
    year_last: Literal["", "month_first", "day_first"] = ""
    date_1904: bool = False


_NO_HINTS: Final = DateHints()


def tidy(text: str) -> str:
    """Text as one would type it: full-width forms made narrow, odd dashes and blanks made plain, ends cut."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text.translate(_DASHES)).translate(_DASHES).strip()


def from_serial(serial: int | Decimal, *, date_1904: bool = False) -> datetime | None:
    """The moment of an Excel day number, to the second; None for numbers that are no day of the calendar.

    Day 60 of the 1900 system is the 29 February 1900 that never was.
    """
    days = int(serial)
    seconds = int((Decimal(serial) - days) * 86_400 + Decimal("0.5"))
    if date_1904:
        if not 0 <= days <= _LAST_SERIAL - 1462:
            return None
        return datetime(1904, 1, 1) + timedelta(days=days, seconds=seconds)  # noqa: DTZ001 - a cell has no zone
    if not 1 <= days <= _LAST_SERIAL or days == 60:
        return None
    base = datetime(1899, 12, 31) if days < 60 else datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no zone
    return base + timedelta(days=days, seconds=seconds)


def read_date(
    cell: object, *, hints: DateHints = _NO_HINTS, earliest: date = EARLIEST, latest: date = LATEST
) -> Reading[date]:
    """Read one date.

    Args:
        cell: text, number, date, moment or None, as a form or a sheet holds it.
        hints: answers the officer gave for this column.
        earliest: first date taken for possible.
        latest: last date taken for possible.

    Returns:
        The date (and the time of day, if one was written), or a problem, or a question.
    """
    if cell is None:
        return Reading()
    if isinstance(cell, datetime):
        return _checked(cell.date(), cell.time(), str(cell), earliest, latest)
    if isinstance(cell, date):
        return _checked(cell, None, str(cell), earliest, latest)
    if isinstance(cell, bool):
        return Reading(problem=f"“{'是' if cell else '否'}”不是日期")
    if isinstance(cell, (int, Decimal)):
        return _date_of_number(Decimal(cell), hints, earliest, latest)
    if isinstance(cell, float):
        return _date_of_number(Decimal(repr(cell)), hints, earliest, latest)
    if not isinstance(cell, str):
        return Reading(problem="不是日期")
    return _date_of_text(cell, hints, earliest, latest)


def _date_of_number(number: Decimal, hints: DateHints, earliest: date, latest: date) -> Reading[date]:
    shown = f"{number.normalize():f}" if number.is_finite() and abs(number.adjusted()) < 20 else str(number)
    whole = number.is_finite() and number == number.to_integral_value()
    if whole and len(shown) in (6, 8):
        return _date_of_text(shown, hints, earliest, latest)
    if number.is_finite() and 10_000 <= number < 100_000:
        return _date_of_serial(number, shown, hints, earliest, latest)
    return Reading(problem=f"“{shown}”不是日期")


def _date_of_serial(number: Decimal, shown: str, hints: DateHints, earliest: date, latest: date) -> Reading[date]:
    moment = from_serial(number, date_1904=hints.date_1904)
    if moment is None or not earliest <= moment.date() <= latest:
        return Reading(problem=f"“{shown}”不是日期")
    return Reading(moment.date(), time=moment.time() if number != int(number) else None)


def _date_of_text(raw: str, hints: DateHints, earliest: date, latest: date) -> Reading[date]:
    if len(raw) > _LONGEST:
        return Reading(problem=f"“{_short(raw)}”不是日期，请写成 2026-03-05 的样子")
    text = tidy(raw)
    if not text:
        return Reading()
    for pattern in (_YEAR_FIRST, _FOURTEEN, _EIGHT):
        if match := pattern.fullmatch(text):
            return _complete(match, int(match["year"]), raw, earliest, latest)
    if match := _YEAR_LAST.fullmatch(text):
        return _year_last(match, raw, hints, earliest, latest)
    if match := _SHORT_YEAR.fullmatch(text):
        return _short_year(match, raw, hints, earliest, latest)
    if _SERIAL.fullmatch(text):
        return _date_of_serial(Decimal(text), raw.strip(), hints, earliest, latest)
    if _NO_DAY.fullmatch(text):
        return Reading(problem=f"“{raw.strip()}”只有年和月，请补上是哪一日")
    if match := _NO_YEAR.fullmatch(text):
        return _no_year(match, raw, hints, earliest, latest)
    return Reading(problem=f"“{_short(raw)}”不是日期，请写成 2026-03-05 的样子")


def _short(raw: str) -> str:
    text = " ".join(raw.split())
    return text if len(text) <= 20 else text[:20] + "…"


def _complete(match: re.Match[str], year: int, raw: str, earliest: date, latest: date) -> Reading[date]:
    month, day = int(match["month"]), int(match["day"])
    fault = calendar_fault(year, month, day)
    if fault:
        return Reading(problem=f"“{_short(raw)}”不是日期：{fault}")
    clock = _time_of(match)
    if isinstance(clock, str):
        return Reading(problem=f"“{_short(raw)}”不是日期：{clock}")
    return _checked(date(year, month, day), clock, raw, earliest, latest)


def calendar_fault(year: int, month: int, day: int) -> str:
    """Why year, month and day make no date, as a Chinese clause; empty when they do."""
    if year < 1:
        return f"没有 {year} 年"
    if not 1 <= month <= 12:
        return f"没有 {month} 月"
    first_of_next = date(year + month // 12, month % 12 + 1, 1) if (year, month) != (9999, 12) else None
    last = (first_of_next - timedelta(days=1)).day if first_of_next else 31
    if 1 <= day <= last:
        return ""
    if month == 2 and day == 29:
        return f"{year}年2月没有29日"
    return f"{month}月没有{day}日"


def _time_of(match: re.Match[str]) -> time | str | None:
    """The time of day written behind a date, None without one, or the reason why it is none."""
    groups = match.groupdict()
    if groups.get("hour") is None:
        return None
    hour, minute, second = (int(groups.get(part) or 0) for part in ("hour", "minute", "second"))
    if groups.get("half") in ("下午", "PM") and hour < 12:
        hour += 12
    if hour > 23:
        return f"没有 {hour} 时"
    if minute > 59:
        return f"没有 {minute} 分"
    return time(hour, minute, min(second, 59))


def _checked(day: date, clock: time | None, raw: str, earliest: date, latest: date) -> Reading[date]:
    if not earliest <= day <= latest:
        return Reading(problem=f"“{_short(raw)}”不像这里的日期：应在 {earliest.year} 年到 {latest.year} 年之间")
    return Reading(day, time=clock)


def _no_year(match: re.Match[str], raw: str, hints: DateHints, earliest: date, latest: date) -> Reading[date]:
    if hints.year is not None:
        return _complete(match, hints.year, raw, earliest, latest)
    # 2024 had a 29 February: the fault is looked for in a year that has every day.
    checked = _complete(match, 2024, raw, date.min, date.max)
    if checked.problem:
        return checked
    return Reading(question="no_year", ask=f"“{_short(raw)}”没有写年份，是哪一年？", time=checked.time)


def _short_year(match: re.Match[str], raw: str, hints: DateHints, earliest: date, latest: date) -> Reading[date]:
    read = _complete(match, 2000 + int(match["year"]), raw, earliest, latest)
    if hints.short_year or read.value is None:
        return read
    return Reading(
        question="short_year",
        ask=f"“{_short(raw)}”的年份只有两位，是 {read.value.isoformat()} 吗？",
        choices=(read.value,),
        time=read.time,
    )


def _year_last(match: re.Match[str], raw: str, hints: DateHints, earliest: date, latest: date) -> Reading[date]:
    year, first, second = int(match["year"]), int(match["first"]), int(match["second_part"])
    orders = {"month_first": (first, second), "day_first": (second, first)}
    if hints.year_last:
        orders = {hints.year_last: orders[hints.year_last]}
    faults = [calendar_fault(year, month, day) for month, day in orders.values()]
    good = {date(year, *order) for order, fault in zip(orders.values(), faults, strict=True) if not fault}
    clock = _time_of(match)
    if not good or isinstance(clock, str):
        return Reading(problem=f"“{_short(raw)}”不是日期：{clock if isinstance(clock, str) else faults[0]}")
    choices = tuple(sorted(good, key=lambda day: (day.month, day.day) != (first, second)))
    if hints.year_last:
        return _checked(choices[0], clock, raw, earliest, latest)
    shown = "还是 ".join(f"{day.isoformat()} " for day in choices).strip()
    return Reading(question="year_last", ask=f"“{_short(raw)}”是 {shown}？", choices=choices, time=clock)


def read_number(cell: object) -> Reading[int | Decimal]:
    """Read an exact number: 12, 12.50, "1,234.5", "￥1,200.00元", "3.5万元" (= 35000).

    Percentages and estimates ("约3万") are problems: they need a decision.
    """
    if cell is None:
        return Reading()
    if isinstance(cell, bool):
        return Reading(problem=f"“{'是' if cell else '否'}”不是数字")
    if isinstance(cell, (int, Decimal)):
        return Reading(cell)
    if isinstance(cell, float):
        return _number_of_text(repr(cell))
    if not isinstance(cell, str):
        return Reading(problem="不是数字")
    return _number_of_text(cell)


def _number_of_text(raw: str) -> Reading[int | Decimal]:
    text = tidy(raw).replace(" ", "")
    if not text:
        return Reading()
    if len(text) > _LONGEST:
        return Reading(problem=f"“{_short(raw)}”不是数字")
    if text.endswith("%"):
        return Reading(problem=f"“{_short(raw)}”是百分数，请改成数字")
    bare = re.sub(r"^(人民币|[¥￥])", "", text)
    bare = re.sub(r"(元整|元|件|人次|人|次|份|个|家|场|笔)$", "", bare)
    factor = 1
    if bare.endswith(("万", "亿")):
        factor = 10_000 if bare.endswith("万") else 100_000_000
        bare = bare[:-1]
    match = _NUMBER.fullmatch(bare)
    if match is None:
        return Reading(problem=f"“{_short(raw)}”不是数字")
    number = Decimal(match["sign"] + match["whole"].replace(",", "") + (match["part"] or ""))
    if factor == 1 and match["part"]:
        return Reading(number)
    number *= factor
    return Reading(int(number) if number == number.to_integral_value() else number)


def read_bool(cell: object) -> Reading[bool]:
    """Read yes or no: 是/否, 有/无, √/×, Y/N, 1/0, true/false."""
    if cell is None:
        return Reading()
    if isinstance(cell, bool):
        return Reading(cell)
    text = tidy(str(cell)).casefold() if isinstance(cell, (str, int, Decimal)) else "?"
    if not text:
        return Reading()
    if text in _YES:
        return Reading(True)
    if text in _NO:
        return Reading(False)
    return Reading(problem=f"“{_short(str(cell))}”看不出是“是”还是“否”")


def id_number_lost_digits(cell: object) -> str:
    """Why an ID or card number in ``cell`` is no longer whole, as a Chinese clause; empty when nothing shows.

    Excel and WPS keep 15 digits of a number: an 18-digit ID that was stored as a number has lost its last three,
    and no reader can bring them back. Text in the 4.10121E+17 form has lost even more.
    """
    if isinstance(cell, str):
        match = _SCIENTIFIC.fullmatch(tidy(cell))
        if match and 14 <= int(match["power"]) <= 19:
            return f"证件号被存成数字“{cell.strip()}”，后几位已丢失，请从原件补录"
        return ""
    if isinstance(cell, bool) or not isinstance(cell, (int, float, Decimal)):
        return ""
    number = Decimal(cell)
    lost = number.adjusted() + 1 - 15 if number.is_finite() else 0
    if not 1 <= lost <= 5:
        return ""
    return f"证件号被存成数字，后 {lost} 位已丢失，请从原件补录"
