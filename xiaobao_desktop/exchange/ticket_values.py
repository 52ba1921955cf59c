"""Values read from the words of a ticket: whole words first, then the part of them that can be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from xiaobao_desktop.domain.catalog import CodeTree, plain
from xiaobao_desktop.domain.dates import DateHints, tidy
from xiaobao_desktop.domain.fields import Field, Kind, Value
from xiaobao_desktop.domain.values import check_phone
from xiaobao_desktop.exchange.cell_values import Lookups, read_cells

_PHONE = re.compile(r"(?<![\d*])(?:\+?86[- ]?)?(1[3-9]\d(?:[- ]?\d{4}){2}|0\d{2,3}-?\d{7,8})(?!\d)")
_ID = re.compile(r"(?<![0-9A-Za-z])(\d{17}[\dXx])(?![0-9A-Za-z])")
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,8}")
_LEADING_NAME = re.compile(r"([\u4e00-\u9fff·]{2,4})(?=[ (\[<,，、;；:：\"'/|0-9])")
_MONEY = re.compile(r"(\d[\d,]*(?:\.\d+)?) *(万)? *元")
_DATE = re.compile(
    r"(?:(?P<year>\d{4}) *[-年./] *)(?P<month>\d{1,2}) *[-月./] *(?P<day>\d{1,2}) *日?"
    r"|(?P<month2>\d{1,2}) *月 *(?P<day2>\d{1,2}) *[日号]|(?P<near>今天|今日|昨天|昨日)"
)
_CLOCK = re.compile(r"(?P<half>上午|早上|中午|下午|晚上|凌晨)? *(?P<hour>\d{1,2}) *[:时点] *(?P<minute>\d{1,2})? *分?")
_NEAR = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1}
_LEVELS = re.compile(r"\s*(?:[/>＞\\→]|--+|—+|－)+\s*")
_NEAR_MONEY = 8
_EARLY = 30
"""In running text only a date within the first characters is the day of the call; later ones belong to the story."""


@dataclass(frozen=True)
class Reading:
    """A value read: the words it came from, whether they are all in it, a time of day beside a date, a note."""

    value: Value
    words: str
    exact: bool
    time: str = ""
    note: str = ""


def read_words(item: Field, words: str, lookups: Lookups, today: date) -> Reading | None:
    """The value of a field from the words behind its label; None when nothing can be read."""
    if item.kind in (Kind.DATE, Kind.PHONE, Kind.ID_NUMBER, Kind.PERSON_NAME):
        return _special(item, words, lookups, today)
    cells = _LEVELS.split(words) if item.kind is Kind.CODE else [words]
    found = read_cells(item, cells, lookups, DateHints(year=today.year))
    if found.value is not None and not found.unknown and not found.problem:
        return Reading(found.value, words, exact=True)
    part = _part(item, words, lookups)
    if part is not None:
        return part
    if found.value is not None and not found.problem:
        return Reading(found.value, words, exact=False)
    return None


def in_running_text(
    item: Field,
    text: str,
    lookups: Lookups,
    today: date,
    words: Mapping[str, Sequence[str]],
    names: Sequence[str],
) -> Reading | None:
    """A guess from the whole text, where its kind allows one; ``exact`` when it can hardly be anything else."""
    if item.kind is Kind.PHONE:
        return _matched(_PHONE, tidy(text), 1, exact=True)
    if item.kind is Kind.ID_NUMBER:
        return _matched(_ID, tidy(text), 1, exact=True)
    if item.kind is Kind.PERSON_NAME:
        return _name_in(text, names)
    if item.kind is Kind.DATE:
        return _early_date(text, today)
    if item.kind is Kind.MONEY:
        return _money_in(text, [word for told in words.values() for word in told])
    if item.kind is Kind.LINK:
        return _link_in(item, text, lookups)
    if item.kind is Kind.CODE:
        return _code_by_words(lookups.catalog.tree(item.options), text, words)
    return None


def _special(item: Field, words: str, lookups: Lookups, today: date) -> Reading | None:
    if item.kind is Kind.DATE:
        return _date(item, words, lookups, today)
    if item.kind is Kind.PERSON_NAME:
        bare = re.sub(r"(?<=[\u4e00-\u9fff])[ \u3000](?=[\u4e00-\u9fff])", "", words.strip())
        if _NAME.fullmatch(bare):
            return Reading(bare, words, exact=True)
        match = _LEADING_NAME.match(tidy(words))
        return Reading(match[1], words, exact=False) if match else None
    number = tidy(words)
    if item.kind is Kind.PHONE:
        if len(number) <= 20 and number[:1].isdigit() and check_phone(number) is None:
            return Reading(number, words, exact=True)
        return _matched(_PHONE, number, 1, exact=False)
    if _ID.fullmatch(number):
        return Reading(number.upper(), words, exact=True)
    return _matched(_ID, number, 1, exact=False)


def _matched(pattern: re.Pattern[str], text: str, group: int, *, exact: bool) -> Reading | None:
    match = pattern.search(text)
    return Reading(re.sub(r"[ -](?=\d{4})", "", match[group]).upper(), match[0], exact) if match else None


def _date(item: Field, words: str, lookups: Lookups, today: date) -> Reading | None:
    found = read_cells(item, [words], lookups, DateHints(year=today.year))
    if found.value is not None:
        # A time of day that no field takes is kept in the remark.
        return Reading(found.value, words, exact=not found.time or bool(item.time_field), time=found.time)
    match = _DATE.search(tidy(words))
    day = _day(match, today) if match else None
    if match is None or day is None:
        return None
    time, clock_end = _clock(tidy(words), match.end())
    left = tidy(words)[: match.start()] + tidy(words)[clock_end:]
    # Seconds and a day of the week add nothing; anything else is kept in the remark.
    exact = re.fullmatch(r"[\s()]*(?::\d{2})?[\s()]*(?:(?:星期|周)[一二三四五六日天])?[\s()]*", left) is not None
    return Reading(day.isoformat(), words, exact, time)


def _day(match: re.Match[str], today: date) -> date | None:
    if match["near"]:
        return today - timedelta(days=_NEAR[match["near"]])
    year = int(match["year"]) if match["year"] else today.year
    try:
        day = date(year, int(match["month"] or match["month2"]), int(match["day"] or match["day2"]))
    except ValueError:
        return None
    if not match["year"] and day > today:
        day = day.replace(year=year - 1) if (day.month, day.day) != (2, 29) else day
    return day


def _clock(text: str, start: int) -> tuple[str, int]:
    """The time of day that follows a date, and where it ends."""
    gap = re.compile(r"[ T,，(]*(?:(?:星期|周)[一二三四五六日天])?[ )]*").match(text, start)
    at = gap.end() if gap else start
    match = _CLOCK.match(text, at)
    if match is None:
        return "", start
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"] in ("下午", "晚上") and hour < 12:
        hour += 12
    return (f"{hour:02d}:{minute:02d}", match.end()) if hour < 24 and minute < 60 else ("", start)


def _early_date(text: str, today: date) -> Reading | None:
    """A date in the first words, or one that has a line of its own (a letter's date)."""
    bare = tidy(text)
    match = _DATE.search(bare[:_EARLY])
    if match is None:
        lone = [line.strip() for line in bare.splitlines() if len(line.strip()) <= 16]
        match = next((found for line in reversed(lone) if (found := _DATE.fullmatch(line))), None)
        day = _day(match, today) if match else None
        return Reading(day.isoformat(), match[0], exact=True) if match and day else None
    day = _day(match, today)
    return Reading(day.isoformat(), match[0], True, _clock(bare, match.end())[0]) if day else None


def _name_in(text: str, names: Sequence[str]) -> Reading | None:
    for pattern in names:
        if match := re.search(pattern, text, re.MULTILINE):
            return Reading(match[1], match[0].strip(), exact=False)
    return None


def _money_in(text: str, after: Sequence[str] = ()) -> Reading | None:
    """The first amount in yuan; with ``after``, the first that one of these words stands shortly before."""
    bare = tidy(text)
    for match in _MONEY.finditer(bare):
        near = bare[max(0, match.start() - _NEAR_MONEY) : match.start()]
        if not after or any(word in near for word in after):
            return Reading(_fen(match), match[0], exact=False)
    return None


def _fen(match: re.Match[str]) -> int:
    whole, _, cents = match[1].replace(",", "").partition(".")
    digits = 6 if match[2] else 2
    return int(whole) * int(10**digits) + int((cents + "0" * digits)[:digits])


def _part(item: Field, words: str, lookups: Lookups) -> Reading | None:
    """A known name inside longer words."""
    if item.kind is Kind.LINK:
        return _link_in(item, words, lookups)
    if item.kind is Kind.CHOICE:
        choices = lookups.catalog.list(item.options)
        names = [
            (name, choice.id) for choice in choices.items if choice.active for name in (choice.name, *choice.aliases)
        ]
        found = _longest(words, names, shortest=2)
        return Reading(found, words, exact=False) if found else None
    if item.kind is Kind.CODE:
        found = _longest(words, _code_names(lookups.catalog.tree(item.options)), shortest=2)
        return Reading(found, words, exact=False) if found else None
    if item.kind is Kind.MONEY:
        money = _money_in(words)
        return Reading(money.value, words, exact=False) if money else None
    return None


def _link_in(item: Field, text: str, lookups: Lookups) -> Reading | None:
    """The known record whose name stands in the text: the longest, of equal ones the first."""
    folded = plain(text)
    names = [name for name in lookups.links.get(item.options, {}) if len(name) >= 3 and name in folded]
    if not names:
        return None
    name = max(names, key=lambda found: (len(found), -folded.index(found)))
    return Reading(lookups.links[item.options][name], name, exact=False)


def _code_names(tree: CodeTree) -> list[tuple[str, str]]:
    return [
        (name, code.key)
        for code in tree.codes
        if not code.name.startswith("其他")
        for name in (code.name, *code.aliases)
    ]


def _code_by_words(tree: CodeTree, text: str, words: Mapping[str, Sequence[str]]) -> Reading | None:
    """The node whose name, other name or telling word is the longest in the text."""
    told = [(word, key) for key, found in words.items() if tree.get(key) for word in found]
    found = _longest(text, [*_code_names(tree), *told], shortest=2)
    if found is None:
        return None
    return Reading(found, tree.label(found), exact=False, note="按文字猜的，请核对")


def _longest(text: str, names: Iterable[tuple[str, str]], *, shortest: int) -> str | None:
    folded = plain(text)
    inside = [
        (len(bare), -folded.index(bare), key)
        for name, key in names
        if len(bare := plain(name)) >= shortest and bare in folded
    ]
    return max(inside, key=lambda item: item[:2])[2] if inside else None
