"""What dated activities (a training, an event for the public) have in common: a first and a last day with times."""

from __future__ import annotations

from xiaobao_desktop.domain.fields import Field, Grade, Kind, Problem, Values

FIRST_DAY, LAST_DAY, FIRST_TIME, LAST_TIME = "held_on", "ended_on", "start_time", "end_time"
"""Field keys; the last day is empty for an activity of one day."""

OF_ONE_DAY = (LAST_DAY, FIRST_TIME, LAST_TIME)
"""What belongs to one activity alone when it is held again: a copy is of today and asks for its times anew."""


def span_fields(*nouns: str, day: str, begins: str, ends: str) -> tuple[Field, ...]:
    """The fields of first day, first time, last day and last time, in this order.

    Args:
        nouns: what banks call the activity in the headers of their workbooks, the usual name first: 培训, 举办.
        day: example of the first day.
        begins: example of the time at which it begins.
        ends: example of the time at which it ends.
    """
    usual = nouns[0]
    dates = tuple(f"{noun}{what}" for noun in nouns for what in ("日期", "时间"))
    return (
        Field(
            FIRST_DAY,
            "开始日期",
            Kind.DATE,
            Grade.TO_SAVE,
            time_field=FIRST_TIME,
            hint=f"如 {day}",
            synonyms=(*dates, "日期", "时间", f"{usual}开始日期"),
        ),
        Field(FIRST_TIME, "开始时间", Kind.TIME, hint=f"如 {begins}", synonyms=("开始时刻",)),
        Field(LAST_DAY, "结束日期", Kind.DATE, hint="当天结束可不填", synonyms=(f"{usual}结束日期", "截止日期")),
        Field(LAST_TIME, "结束时间", Kind.TIME, hint=f"如 {ends}", synonyms=("结束时刻",)),
    )


def has_begun(values: Values, today: str) -> bool:
    """Whether the activity was held or begins today; False without a first day.

    Args:
        values: of the record.
        today: ISO date.
    """
    return "" < str(values.get(FIRST_DAY) or "") <= today


def span_problems(values: Values) -> tuple[Problem, ...]:
    """Refusals of an end before the beginning."""
    first, last = str(values.get(FIRST_DAY) or ""), str(values.get(LAST_DAY) or "")
    if first and last and last < first:
        return (Problem(LAST_DAY, "结束日期早于开始日期，请核对"),)
    start, end = str(values.get(FIRST_TIME) or ""), str(values.get(LAST_TIME) or "")
    if start and end and last in ("", first) and end <= start:
        return (Problem(LAST_TIME, "结束时间不晚于开始时间，请核对"),)
    return ()
