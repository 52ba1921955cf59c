"""What must hold of the clock for any timeline: later only, and the set of steps alone decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from xiaobao_desktop.domain import case
from xiaobao_desktop.domain.calendar import RollOver
from xiaobao_desktop.domain.deadline import Stage
from xiaobao_desktop.domain.fields import Values
from xiaobao_desktop.domain.rules import Rules
from xiaobao_desktop.services import rules as rule_files

RULES = rule_files.load()
START = date(2025, 12, 1)
FAR = 150
QUICK = settings(max_examples=60, deadline=None, derandomize=True, database=None)

OTHERS = ("supplement", "transfer", "investigate", "extend_30", "extend_60", "new_facts", "decide", "inform")
ENDS = ("withdraw", "merge", "close")


def on(after: int) -> str:
    return str(START + timedelta(days=after))


def row(kind: str, after: int) -> Values:
    return {"kind": kind, "happened_on": on(after), "happened_at": None}


@st.composite
def pauses(draw: st.DrawFn) -> tuple[Values, ...]:
    """A pause, finished or not."""
    begin = draw(st.integers(0, FAR))
    length = draw(st.none() | st.integers(0, 40))
    return (row("pause", begin), *(() if length is None else (row("resume", begin + length),)))


@st.composite
def timelines(draw: st.DrawFn) -> tuple[Values, ...]:
    """A received case with any steps, pauses in pairs (the last may last on), and perhaps an end."""
    steps = [row("received", 0)]
    steps += [row(kind, after) for kind, after in draw(st.lists(st.tuples(st.sampled_from(OTHERS), days), max_size=6))]
    for begin, length in draw(st.lists(st.tuples(days, st.integers(0, 30)), max_size=3)):
        steps += [row("pause", begin), row("resume", begin + length)]
    steps += [row(kind, after) for kind, after in draw(st.lists(st.tuples(st.sampled_from(ENDS), days), max_size=1))]
    return tuple(steps)


days = st.integers(0, FAR)
ways = st.sampled_from(RollOver)
profiles = st.sampled_from(("order3", "order5", "hotline_12345"))


def counting(way: RollOver, workdays: bool = False) -> Rules:
    """The shipped rules with another way of counting."""
    changed = [item._replace(roll_over=way) for item in RULES.profiles if item.stages]
    if workdays:
        changed = [item._replace(workdays=True, stages=(Stage(10, "10 个工作日"),)) for item in changed]
    return replace(RULES, profiles=tuple(changed))


def due(rows: tuple[Values, ...], profile: str, rules: Rules) -> date:
    found = case.derive(case.read_steps(rows, rules), profile, rules).due_on
    assert found is not None
    return found


@QUICK
@given(timelines(), pauses(), profiles, ways, st.booleans())
def test_a_pause_never_makes_a_term_shorter(
    rows: tuple[Values, ...], pause: tuple[Values, ...], profile: str, way: RollOver, workdays: bool
) -> None:
    rules = counting(way, workdays)
    assert due((*rows, *pause), profile, rules) >= due(rows, profile, rules)


@QUICK
@given(timelines(), st.sampled_from(("extend_30", "extend_60")), days, profiles, ways)
def test_an_extension_never_makes_a_term_shorter(
    rows: tuple[Values, ...], kind: str, after: int, profile: str, way: RollOver
) -> None:
    rules = counting(way)
    assert due((*rows, row(kind, after)), profile, rules) >= due(rows, profile, rules)


@QUICK
@given(timelines(), ways)
def test_moving_over_days_off_never_makes_a_term_shorter(rows: tuple[Values, ...], way: RollOver) -> None:
    plain, moved = due(rows, "order3", counting(RollOver.NONE)), due(rows, "order3", counting(way))
    assert moved >= plain
    found = case.derive(case.read_steps(rows, RULES), "order3", counting(way)).due
    assert found is not None
    assert found.by_rule.plain_on <= found.by_rule.on


@QUICK
@given(timelines(), st.data())
def test_the_set_of_steps_alone_decides(rows: tuple[Values, ...], data: st.DataObject) -> None:
    expected = case.derive(case.read_steps(rows, RULES), "order3", RULES)
    entered = tuple(data.draw(st.permutations(rows)))
    assert case.derive(case.read_steps(entered, RULES), "order3", RULES) == expected
    # Ids of rows, given by the book in the order of entry, play no part either.
    stored = tuple({**item, "id": place} for place, item in enumerate(entered))
    assert case.derive(case.read_steps(stored, RULES), "order3", RULES) == expected


@QUICK
@given(timelines())
def test_steps_of_one_day_stand_in_the_fixed_order_of_their_kinds(rows: tuple[Values, ...]) -> None:
    steps = case.read_steps(rows, RULES)
    assert [step.on for step in steps] == sorted(step.on for step in steps)
    orders = {kind.id: kind.order for kind in RULES.step_kinds}
    for _day, group in groupby(steps, key=lambda step: step.on):
        found = [orders[step.kind] for step in group]
        assert found == sorted(found)


@QUICK
@given(timelines(), days)
def test_what_comes_after_the_end_changes_neither_end_nor_term(rows: tuple[Values, ...], after: int) -> None:
    ended = (*rows, row("withdraw", 3))
    before = case.derive(case.read_steps(ended, RULES), "order3", RULES)
    more = (*ended, row("new_facts", 4 + after), row("extend_60", 4 + after), row("close", 4 + after))
    later = case.derive(case.read_steps(more, RULES), "order3", RULES)
    assert (later.closed_on, later.ended_by, later.state, later.due_on) == (
        before.closed_on,
        before.ended_by,
        before.state,
        before.due_on,
    )
