"""What dated activities (a training, an event for the public) have in common: a first and a last day with times."""

from __future__ import annotations

from xiaobao_desktop.domain.fields import Problem, Values

FIRST_DAY, LAST_DAY, FIRST_TIME, LAST_TIME = "held_on", "ended_on", "start_time", "end_time"
"""Field keys; the last day is empty for an activity of one day."""


def span_problems(values: Values) -> tuple[Problem, ...]:
    """Refusals of an end before the beginning."""
    first, last = str(values.get(FIRST_DAY) or ""), str(values.get(LAST_DAY) or "")
    if first and last and last < first:
        return (Problem(LAST_DAY, "结束日期早于开始日期，请核对"),)
    start, end = str(values.get(FIRST_TIME) or ""), str(values.get(LAST_TIME) or "")
    if start and end and last in ("", first) and end <= start:
        return (Problem(LAST_TIME, "结束时间不晚于开始时间，请核对"),)
    return ()
