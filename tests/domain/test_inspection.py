"""Runs of checklists: progress, numbers of items, exact scores and the comparison with the run before."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaobao_desktop.domain import inspection
from xiaobao_desktop.domain.fields import Record, Values
from xiaobao_desktop.domain.inspection import CONFORM, NOT, NOT_APPLICABLE, PARTLY, VERDICTS
from xiaobao_desktop.domain.ledgers.inspection import ITEMS, LEDGER, worth
from xiaobao_desktop.services import rules as rule_files

RULES = rule_files.load()
WORTH = worth(RULES)
QUICK = settings(max_examples=40, deadline=None, derandomize=True, database=None)


def row(item: str, verdict: str | None = None, weight: int | None = None, section: str = "公示") -> Values:
    return {"item": item, "section": section, "title": item, "verdict": verdict, "weight": weight}


@st.composite
def runs(draw: st.DrawFn) -> tuple[Values, ...]:
    """A run with or without weights, in any stage."""
    weighted = draw(st.booleans())
    verdicts = draw(st.lists(st.sampled_from((None, *VERDICTS)), max_size=25))
    weights = st.integers(1, 2500) if weighted else st.none()
    return tuple(row(f"i{place}", verdict, draw(weights)) for place, verdict in enumerate(verdicts))


def test_the_worth_of_verdicts_is_data() -> None:
    assert sorted(WORTH.items()) == [(CONFORM, Fraction(1)), (NOT, Fraction(0)), (PARTLY, Fraction(1, 2))]


def test_a_score_is_exact_and_leaves_out_what_does_not_apply() -> None:
    rows = (row("a", CONFORM, 300), row("b", PARTLY, 400), row("c", NOT_APPLICABLE, 2000), row("d", None, 100))
    assert inspection.score(rows, WORTH) == Fraction(300 + 200, 700)
    assert inspection.score(rows[2:], WORTH) is None


def test_without_weights_every_item_counts_the_same() -> None:
    rows = (row("a", CONFORM), row("b", CONFORM), row("c", NOT))
    assert inspection.score(rows, WORTH) == Fraction(2, 3)


@QUICK
@given(runs())
def test_a_score_lies_between_nothing_and_all(rows: tuple[Values, ...]) -> None:
    found = inspection.score(rows, WORTH)
    counting = [one for one in rows if one["verdict"] in WORTH]
    assert (found is None) == (not counting)
    assert found is None or 0 <= found <= 1


@QUICK
@given(runs(), st.integers(1, 2500))
def test_an_item_that_does_not_apply_changes_no_score(rows: tuple[Values, ...], weight: int) -> None:
    weighted = any(one["weight"] is not None for one in rows)
    more = (*rows, row("more", NOT_APPLICABLE, weight if weighted else None))
    assert inspection.score(more, WORTH) == inspection.score(rows, WORTH)


@QUICK
@given(runs())
def test_a_better_verdict_never_lowers_the_score(rows: tuple[Values, ...]) -> None:
    before = inspection.score(rows, WORTH)
    for place, one in enumerate(rows):
        if one["verdict"] in (NOT, PARTLY):
            better = (*rows[:place], {**one, "verdict": CONFORM}, *rows[place + 1 :])
            after = inspection.score(better, WORTH)
            assert before is not None
            assert after is not None
            assert after > before


@QUICK
@given(runs())
def test_progress_adds_up(rows: tuple[Values, ...]) -> None:
    told = inspection.progress(rows)
    assert told.checked + told.left == told.total == len(rows)
    parts = [inspection.progress(own) for own in inspection.sections(rows).values()]
    assert sum(part.faulty for part in parts) == told.faulty
    assert sum(part.checked for part in parts) == told.checked


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        (NOT, PARTLY, inspection.BETTER),
        (PARTLY, CONFORM, inspection.BETTER),
        (CONFORM, NOT, inspection.WORSE),
        (PARTLY, PARTLY, inspection.SAME),
        (NOT_APPLICABLE, CONFORM, inspection.OTHER),
        (CONFORM, NOT_APPLICABLE, inspection.OTHER),
        (CONFORM, None, inspection.WAITING),
        (None, CONFORM, inspection.NEW),
    ],
)
def test_an_item_against_the_run_before(was: str | None, now: str | None, kind: str) -> None:
    found = inspection.compare((row("a", was),), (row("a", now),))["a"]
    assert found.kind == kind
    assert found.verdict == (was or "")


@QUICK
@given(runs())
def test_a_run_against_itself_is_the_same(rows: tuple[Values, ...]) -> None:
    kinds = {one["item"]: one["verdict"] for one in rows}
    for key, change in inspection.compare(rows, rows).items():
        assert change.kind == (inspection.SAME if kinds[key] else inspection.NEW)


def test_items_are_numbered_within_their_sections() -> None:
    rows = (row("a"), row("b"), row("c", section="双录"))
    assert inspection.numbers(rows) == {"a": "1.1", "b": "1.2", "c": "2.1"}


def test_a_run_goes_on_behind_what_was_checked_last() -> None:
    rows = [row("a"), row("b", CONFORM), row("c"), row("d")]
    assert inspection.resume_at(rows) == 2
    assert inspection.resume_at(rows[:2]) == 0
    assert inspection.resume_at([row("a", CONFORM)]) == 0
    assert inspection.resume_at([]) == 0


def test_a_run_begins_with_the_items_of_its_checklist() -> None:
    record = LEDGER.complete(None, Record({"begun_on": "2026-11-16", "checklist": "outlet"}), RULES)
    known = RULES.checklist("outlet")
    assert known is not None
    rows = record.children[ITEMS.key]
    assert [one["item"] for one in rows] == [item.key for item in known.items]
    assert record.values["name"] == "2026年网点消保检查"
    assert (record.values["state"], record.values["total"], record.values["version"]) == ("not_started", 13, 1)


def test_a_row_of_which_only_the_result_is_known_gets_no_items() -> None:
    values: Values = {"begun_on": "2025-06-10", "finished_on": "2025-06-12", "checklist": "outlet", "findings": 2}
    record = LEDGER.complete(None, Record(values), RULES)
    assert ITEMS.key not in record.children
    assert (record.values["state"], record.values["findings"]) == ("done", 2)


def test_figures_of_a_run_are_rounded_once() -> None:
    rows = (row("a", CONFORM), row("b", CONFORM), row("c", NOT))
    values = {"begun_on": "2026-11-16", "checklist": "outlet", "taken_from": "outlet", "name": "检查"}
    record = LEDGER.complete(None, Record(values, {ITEMS.key: rows}), RULES)
    assert record.values["score"] == 6667
    assert (record.values["checked"], record.values["findings"], record.values["state"]) == (3, 1, "running")
