"""附件2: trainings and events of the month and of the year, each table adding up to its last row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from xiaobao_desktop.domain.outreach_statistics import OutreachRow
from xiaobao_desktop.domain.period import month
from xiaobao_desktop.domain.training_statistics import TrainingRow
from xiaobao_desktop.reports.periodic_activity_tables import tables

OCTOBER = month(2026, 10)
TRAININGS = (
    TrainingRow(1, date(2026, 10, 8), expected=14, attended=12, category="专题培训"),
    TrainingRow(2, date(2026, 3, 2), expected=1000, attended=990, category="岗前培训"),
    TrainingRow(3, date(2026, 10, 20), expected=20, attended=18),
    TrainingRow(4, date(2025, 10, 20), expected=20, attended=18, category="制度学习"),
    TrainingRow(5, date(2026, 11, 1), expected=20, attended=18, category="专题培训"),
)
EVENTS = (
    OutreachRow(1, date(2026, 10, 5), 2, {"audience_count": 1200, "cost": 123450}, series="常态化"),
    OutreachRow(2, date(2026, 9, 15), 3, {"audience_count": 800}, series="金融教育宣传周"),
)


def test_the_tables_say_what_took_place() -> None:
    trainings, events = tables(TRAININGS, EVENTS, OCTOBER, OCTOBER.last, 2)
    assert trainings.rows == (
        ("专题培训", "1", "14", "12", "85.71", "1", "12"),
        ("岗前培训", "0", "0", "0", "—", "1", "990"),
        ("未填写", "1", "20", "18", "90.00", "1", "18"),
        ("合　计", "2", "34", "30", "88.24", "3", "1,020"),
    )
    assert events.rows == (
        ("常态化", "2", "0", "1,200", "0", "0", "1,234.50", "2", "1,200"),
        ("金融教育宣传周", "0", "0", "0", "0", "0", "0.00", "3", "800"),
        ("合　计", "2", "0", "1,200", "0", "0", "1,234.50", "5", "2,000"),
    )


def test_what_never_took_place_has_no_table() -> None:
    assert tables((), (), OCTOBER, OCTOBER.last, 2) == ()
    last_year = [replace(row, held_on=row.held_on.replace(year=2025)) for row in TRAININGS]
    assert [table.caption for table in tables(last_year, EVENTS, OCTOBER, OCTOBER.last, 2)] == ["附表1  宣传教育情况"]
