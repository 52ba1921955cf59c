"""The section on training and outreach: the banks' own sentences for none, one and many."""

from __future__ import annotations

from datetime import date

from xiaobao_desktop.domain.outreach_statistics import OutreachRow
from xiaobao_desktop.domain.period import month
from xiaobao_desktop.domain.training_statistics import TrainingRow
from xiaobao_desktop.reports.document import Heading, Paragraph
from xiaobao_desktop.reports.period_words import period_words
from xiaobao_desktop.reports.periodic_activities import Activities, section
from xiaobao_desktop.reports.prose import Prose

OCTOBER = month(2026, 10)
PROSE = Prose("periodic.j2", p=period_words(OCTOBER), yearly=False)
GROUPS = {"managers": "中高级管理人员", "front_line": "基层业务人员", "newcomers": "新入职人员"}


def said(trainings: tuple[TrainingRow, ...] = (), events: tuple[OutreachRow, ...] = ()) -> tuple[str, str]:
    """The two paragraphs of October 2026."""
    data = Activities(trainings, events, GROUPS)
    heading, training, outreach = section("四", data, OCTOBER, OCTOBER.last, PROSE, 2)
    assert heading == Heading("四、教育培训和宣传教育情况")
    assert isinstance(training, Paragraph)
    assert isinstance(outreach, Paragraph)
    return training.text, outreach.text


def training(number: int, day: str, expected: int | None, attended: int | None, **groups: int) -> TrainingRow:
    return TrainingRow(
        number,
        date.fromisoformat(day),
        expected=expected,
        attended=attended,
        groups=groups,
        reached=frozenset(group for group, count in groups.items() if count),
    )


def event(number: int, day: str, sessions: int, **counters: int) -> OutreachRow:
    return OutreachRow(number, date.fromisoformat(day), sessions=sessions, counters=counters)


def test_the_month_of_the_printed_sample() -> None:
    rows = (
        training(1, "2026-10-08", 14, 12, managers=12),
        training(2, "2026-10-12", 140, 138, front_line=138),
        training(3, "2026-10-20", 20, 18, newcomers=18),
    )
    october = event(
        1,
        "2026-10-15",
        9,
        staff_count=64,
        audience_count=2380,
        materials=3150,
        questions=187,
        originals=6,
        cost=460000,
    )
    events = (october, event(2, "2026-09-16", 14), event(3, "2025-10-10", 9))
    trained, reached = said(rows, events)
    assert trained == (
        "（一）教育培训。本月开展培训3次，应到174人次，实到168人次，参训率96.55%；"
        "其中中高级管理人员12人次、基层业务人员138人次、新入职人员18人次。"
    )
    assert reached == (
        "（二）宣传教育。本月开展活动9场次，环比减少5场次、下降35.71%，同比持平；参与员工64人次，受众2,380人次，"
        "发放资料3,150份，解答咨询187人次；发布线上作品6篇，投入费用4,600.00元。"
    )


def test_nothing_in_the_month_says_so_with_the_year_so_far() -> None:
    trained, reached = said((training(1, "2026-03-08", 14, 12, managers=12),), (event(1, "2026-09-16", 2),))
    assert trained == "（一）教育培训。本月未开展培训（0次），本年累计1次。本年培训尚未覆盖基层业务人员、新入职人员。"
    assert reached == (
        "（二）宣传教育。本月未开展宣传教育活动（0场次），环比减少2场次、下降100.00%，同比持平，本年累计2场次。"
    )


def test_one_of_each() -> None:
    trained, reached = said((training(1, "2026-10-08", 1, 1, managers=1),), (event(1, "2026-10-16", 1),))
    assert trained.startswith("（一）教育培训。本月开展培训1次，应到1人次，实到1人次，参训率100.00%；其中中高级")
    assert "开展活动1场次，环比增加1场次（上月为0，不计算增幅），同比增加1场次（上年同期为0，不计算增幅）；" in reached
    assert reached.endswith("受众0人次，发放资料0份，解答咨询0人次；发布线上作品0篇，投入费用0.00元。")


def test_an_empty_book_names_every_group() -> None:
    trained, reached = said()
    assert trained.endswith("本年累计0次。本年培训尚未覆盖中高级管理人员、基层业务人员、新入职人员。")
    assert reached.endswith("环比持平，同比持平，本年累计0场次。")


def test_unfilled_numbers_are_told_and_not_counted_in_the_rate() -> None:
    trained, _reached = said((training(1, "2026-10-08", 10, 8), training(2, "2026-10-09", None, 30)))
    assert trained.startswith(
        "（一）教育培训。本月开展培训2次，应到10人次，实到38人次，参训率80.00%（其中1次未填应到或实到人数，不计入参训率）。"
    )
