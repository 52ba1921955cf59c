"""Which backups are kept: random lives of a PC against the rule told in words."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from xiaobao_desktop.store.thinning import DAILY, MONTHLY, RECENT, kept

NOON = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001 - local time, as in the names


def a_life(draw: random.Random) -> list[datetime]:
    """Moments of backups over some years, in bursts, with holidays."""
    moments, now = [], NOON - timedelta(days=draw.randrange(5, 900))
    while now < NOON:
        moments += [now + timedelta(minutes=30 * n) for n in range(draw.randrange(1, 9))]
        now += timedelta(days=draw.choice((1, 1, 1, 1, 3, 12)), minutes=draw.randrange(200))
    draw.shuffle(moments)
    return moments


def test_any_life_keeps_the_recent_the_days_and_the_months() -> None:
    draw = random.Random(7)
    for _ in range(30):
        moments = a_life(draw)
        keep = kept(moments)
        newest_first = sorted(moments, reverse=True)
        assert keep <= set(moments)
        assert keep >= set(newest_first[:RECENT]), "the latest ten"
        for span, number in ((lambda m: m.date(), DAILY), (lambda m: (m.year, m.month), MONTHLY)):
            last_spans = sorted({span(moment) for moment in moments}, reverse=True)[:number]
            for one in last_spans:
                assert max(moment for moment in moments if span(moment) == one) in keep, "the last of each"
        assert len(keep) <= RECENT + DAILY + MONTHLY
        assert kept(keep) == keep, "thinning twice takes nothing more"


def test_adding_one_never_brings_back_and_old_ones_go_one_by_one() -> None:
    draw = random.Random(8)
    moments = sorted(a_life(draw))[-600:]
    there: set[datetime] = set()
    for moment in moments:
        there = set(kept(there | {moment}))
        assert moment in there
    # Thinned day by day, a year leaves what was promised: each of the last 30 days and 12 months is there.
    days = sorted({moment.date() for moment in moments})[-DAILY:]
    assert {moment.date() for moment in there} >= set(days)
    months = sorted({(moment.year, moment.month) for moment in moments})[-MONTHLY:]
    assert {(moment.year, moment.month) for moment in there} >= set(months)


def test_few_are_all_kept() -> None:
    assert kept([]) == frozenset()
    few = [NOON - timedelta(days=n) for n in range(RECENT)]
    assert kept(few) == frozenset(few)
