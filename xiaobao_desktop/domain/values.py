"""Checks of single values by their kind, with a Chinese sentence that says what is wrong and what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, lru_cache
from operator import mul

from xiaobao_desktop.domain.fields import Field, Grade, Kind, Ledger, Problem, Record, Value, Values, is_empty

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_ZEROS = ord("0") * sum(_ID_WEIGHTS)
"""What the weighted sum of the characters is more than that of their digits."""
_ID_LIKE = re.compile(r"[0-9]{6,}[0-9X]")
_MOBILE = re.compile(r"1[13-9][0-9]{9}")
_PHONE_SIGNS = re.compile(r"[\s\-－—()（）]")
_NO_PHONE_SIGN = re.compile(r"[^0-9转,，/、;；]")
_BEGINS_AS_PHONE = re.compile(r"[0-9]{7}")
_AFTER_FIRST = re.compile(r"[转,，/、;；]")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def check_phone(text: str) -> str | None:
    """What is wrong with a telephone number, None when it can be one.

    Mobile numbers have 11 digits and begin with 1; land lines have 7 or 8 digits after an area code, with an extension.
    """
    if _MOBILE.fullmatch(text):
        return None
    digits = _PHONE_SIGNS.sub("", text)
    if digits.startswith("+86"):
        digits = digits[3:]
    if _NO_PHONE_SIGN.search(digits):
        if _BEGINS_AS_PHONE.match(digits):
            return "号码后面夹着别的字，请核对；是谁的号码，可以写在备注里"
        return "电话只能由数字组成，请核对"
    first = _AFTER_FIRST.split(digits)[0]
    if first.startswith("1") and not first.startswith(("12", "10")):
        if len(first) < 11:
            return f"手机号少 {11 - len(first)} 位，应为 11 位"
        if len(first) > 11:
            return f"手机号多 {len(first) - 11} 位，应为 11 位"
        return None
    if not 5 <= len(first) <= 12:
        return "座机号应为区号加 7 到 8 位号码"
    return None


def check_id_number(text: str) -> str | None:
    """What is wrong with a resident identity number (18 digits, GB 11643 check digit); other papers are accepted."""
    number = text.strip().upper()
    if not _ID_LIKE.fullmatch(number):
        return None
    if len(number) == 15:
        return None
    if len(number) != 18:
        return f"身份证号应为 18 位，现在是 {len(number)} 位"
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "身份证号里的出生日期不存在，请核对第 7 到 14 位"
    if number[17] != _ID_CHECK[(sum(map(mul, number[:17].encode(), _ID_WEIGHTS)) - _ZEROS) % 11]:
        return "身份证号最后一位校验不符，请逐位核对"
    return None


def check_value(field: Field, value: Value) -> Problem | None:
    """The problem of one value, None when it is in order or empty.

    Telephone and ID sentences do not refuse the save: an old ledger's number must not be lost because it is odd.
    """
    check = _CHECKS.get(field.kind)
    return None if check is None or is_empty(value) else check(field, value)


def check_values(ledger: Ledger, values: Values) -> tuple[Problem, ...]:
    """Problems of all values of a record: missing required ones first named, then odd ones, in declared order."""
    found: list[Problem] = []
    for item in ledger.checked_fields:
        value = values.get(item.key)
        if item.grade is Grade.TO_SAVE and is_empty(value):
            found.append(Problem(item.key, f"请填写{item.label}"))
        elif value is not None and (problem := check_value(item, value)):
            found.append(problem)
    return tuple(found)


def check_children(ledger: Ledger, record: Record) -> tuple[Problem, ...]:
    """Problems of the values in child rows, reported against the child table's key."""
    found: list[Problem] = []
    for table in ledger.children:
        for row in record.children.get(table.key, ()):
            for item in table.checked_fields:
                value = row.get(item.key)
                if value is not None and (problem := check_value(item, value)):
                    found.append(Problem(table.key, f"{table.label}：{problem.message}", problem.blocking))
    return tuple(found)


def _hint(field: Field, sentence: str | None) -> Problem | None:
    return Problem(field.key, sentence, blocking=False) if sentence else None


def _check_phone(field: Field, value: Value) -> Problem | None:
    return _hint(field, check_phone(str(value)))


def _check_id_number(field: Field, value: Value) -> Problem | None:
    return _hint(field, check_id_number(str(value)))


def _check_number(field: Field, value: Value) -> Problem | None:
    if isinstance(value, int) and field.minimum is not None and value < field.minimum:
        return Problem(field.key, f"{field.label}不能小于 {field.minimum}")
    return None


def _check_words(field: Field, value: Value) -> Problem | None:
    return _hint(field, "；".join(_secrets()(str(value))))


@cache
def _secrets() -> Callable[[str], tuple[str, ...]]:
    """The search for data of level C3. Its patterns are many; the window must not wait for them."""
    from xiaobao_desktop.domain import secret_data

    return secret_data.warnings


def _check_time(field: Field, value: Value) -> Problem | None:
    return None if _CLOCK.fullmatch(str(value)) else Problem(field.key, f"“{value}”不是时间，请写成 14:20")


def _check_date(field: Field, value: Value) -> Problem | None:
    year = _year(str(value))
    if year is None:
        return Problem(field.key, f"“{value}”不是日期，请写成 2026-03-05")
    if not 1990 <= year <= 2100:
        return Problem(field.key, f"{field.label}的年份 {year} 不对，请核对")
    return None


@lru_cache(maxsize=4096)
def _year(text: str) -> int | None:
    """The year of an ISO day, None when the text is none; the same days come again and again."""
    try:
        return date.fromisoformat(text).year
    except ValueError:
        return None


_CHECKS: Mapping[Kind, Callable[[Field, Value], Problem | None]] = {
    Kind.PHONE: _check_phone,
    Kind.ID_NUMBER: _check_id_number,
    Kind.INTEGER: _check_number,
    Kind.MONEY: _check_number,
    Kind.DECIMAL: _check_number,
    Kind.DATE: _check_date,
    Kind.TIME: _check_time,
    Kind.LONG_TEXT: _check_words,
}
"""How a filled value of each of the kinds that can be wrong (``fields.CHECKED``) is checked."""
