"""Numbers of a sheet made exact: what the file says, or what Excel shows where the file holds a binary rest."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Final

from xiaobao_desktop.domain.dates import from_serial
from xiaobao_desktop.exchange.sheets import CellProblem

# Excel and WPS show and keep 15 significant digits of a number.
_FIFTEEN: Final = Context(prec=15, rounding=ROUND_HALF_UP)
_LARGEST_EXPONENT: Final = 308


def exact_number(text: str) -> int | Decimal | CellProblem:
    """A number as written in the file: 15590302945 → int, 12.50 → Decimal, 0.30000000000000004 → 0.3."""
    if text.isascii() and text.isdigit() and len(text) <= 20:
        return int(text)
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return CellProblem("这一格标为数字，内容却不是数字", text[:50])
    if not number.is_finite() or number.adjusted() > _LARGEST_EXPONENT:
        return CellProblem("这一格的数字大得读不了", text[:50])
    if number.adjusted() < -_LARGEST_EXPONENT:
        return 0
    if number != number.to_integral_value() and len(number.as_tuple().digits) > 15:
        number = _FIFTEEN.plus(number).normalize()
    if number == number.to_integral_value():
        return int(number)
    return number


def exact_float(value: float) -> int | Decimal | CellProblem:
    """A number of a library that only knows binary floats, with the 15 digits that Excel shows."""
    if value == int(value) and abs(value) < 1e15:
        return int(value)
    return exact_number(f"{value:.15g}")


def moment_of(number: int | Decimal, *, date_1904: bool, clock_only: bool) -> date | str | CellProblem:
    """What a number shows under a date format: a date, a moment, or a time of day as text ("09:15").

    Args:
        number: the day number of the cell.
        date_1904: the workbook counts from 1904.
        clock_only: the format shows no day.
    """
    if 0 <= number < 1 and (clock_only or number > 0):
        seconds = int(number * 86_400 + Decimal("0.5")) % 86_400
        clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
        return clock if seconds % 60 == 0 else f"{clock}:{seconds % 60:02d}"
    moment = from_serial(number, date_1904=date_1904)
    if moment is None:
        return CellProblem(f"这一格按日期显示，但 {number} 不是哪一天的序号", str(number))
    return moment if number != int(number) else moment.date()


def day_or_moment(moment: datetime) -> date:
    """A moment at midnight is a date."""
    is_midnight = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return moment.date() if is_midnight else moment.replace(microsecond=0)
