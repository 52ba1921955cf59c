"""季报, 半年报, 年报 and 年度投诉分析报告 of a real book, read back from the PDF against the source file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from tests.services.report_text import written
from tests.services.support import COMPLAINT, Clock, a_complaint, filed_rows, new_book, pdf_text
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.period import Period, parse_period
from xiaobao_desktop.services import records, reporting
from xiaobao_desktop.services.session import Session

WORDS = {"highlights": ("开展“金融知识进万家”6场。", "新增手语服务窗口。"), "problems": ("催收外包管理不到位。",)}


def percent(part: int, whole: int) -> str:
    return str((Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def received_in(period: Period) -> list[dict[str, object]]:
    return [row for row in filed_rows() if row["收到日期"] in period]


def text_of(session: Session, folder: Path, name: str, code: str, **more: object) -> str:
    built = reporting.build(session, name, parse_period(code), **more)  # type: ignore[arg-type]
    return pdf_text(written(built, folder, "pdf"))


@pytest.mark.parametrize(
    ("name", "code", "this", "before"),
    [("quarterly", "2026Q3", "本季度", "上季度"), ("half-year", "2026H1", "本期", "上期")],
)
def test_longer_periods_speak_in_their_own_words(
    filled: Session, tmp_path: Path, name: str, code: str, this: str, before: str
) -> None:
    period = parse_period(code)
    text = text_of(filled, tmp_path, name, code)
    count, base = len(received_in(period)), len(received_in(period.before()))
    change = f"{'增加' if count > base else '减少'}{abs(count - base)}件" if count != base else "持平"
    assert f"我行{this}受理消费投诉{count}件，环比{change}" in text
    assert "本月" not in text
    assert "上月" not in text
    assert f"截至{period.last.month}月末" in text
    assert before in text, "the table names the period before"


def test_the_year_is_compared_with_the_year_before_alone(filled: Session, tmp_path: Path) -> None:
    period = parse_period("2026")
    text = text_of(filled, tmp_path, "annual", "2026", as_of=date(2026, 11, 3))
    count, base = len(received_in(period)), len(received_in(period.before()))
    closed = sum(bool(row["办结日期"]) for row in received_in(period))
    assert f"；受理投诉{count}件、办结{closed}件；" in text
    assert f"我行本年受理消费投诉{count}件，同比" in text
    assert str(abs(count - base)) in text
    assert "环比" not in text
    assert reporting.build(filled, "annual", period).file_name == "某某农村商业银行2026年度消保工作报告"


def test_the_officers_own_parts_follow_with_their_numbers(filled: Session, tmp_path: Path) -> None:
    text = text_of(filled, tmp_path, "quarterly", "2026Q3", words=WORDS)
    parts = ("五、下季度到期事项", "六、工作亮点", "开展“金融知识进万家”6场。", "七、存在问题", "催收外包管理不到位。")
    assert [text.find(part) for part in parts] == sorted(text.find(part) for part in parts)
    assert all(part in text for part in parts)
    assert "下一步工作" not in text, "an empty part is left out"


def test_the_public_analysis_gives_counts_shares_and_changes(filled: Session, tmp_path: Path) -> None:
    text = text_of(filled, tmp_path, "complaint-analysis", "2025")
    rows = received_in(parse_period("2025"))
    assert f"我行共计受理金融消费者投诉{len(rows)}件" in text
    for column, cut in (("业务类别", 0), ("投诉原因", 5)):
        for name, count in Counter(str(row[column]) for row in rows).items():
            shown = name[1:-cut] if cut and name.startswith("因") else name
            assert f"{shown}{count}{percent(count, len(rows))}" in text, name
    top, most = Counter(str(row["业务类别"]) for row in rows).most_common(1)[0]
    assert f"投诉最多的是{top}，{most}件，占比{percent(most, len(rows))}%" in text
    assert not [row["投诉人"] for row in rows if str(row["投诉人"]) in text], "nobody is named in public"


def test_a_year_without_complaints_says_so(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book", Clock())
    for name in ("annual", "complaint-analysis"):
        text = text_of(session, tmp_path, name, "2026")
        assert "0件" in text
        assert "占比" not in text.split("统计口径")[0].split("附件")[0]
    session.close()


def test_one_complaint_is_told_without_false_plurals(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book", Clock())
    records.save(session, COMPLAINT, a_complaint("2026-10-08"))
    text = text_of(session, tmp_path, "complaint-analysis", "2026")
    assert "共计受理金融消费者投诉1件，同比增加1件（上年同期为0，不计算增幅）" in text
    assert "未填写1件，占比100.00%" in text
    assert "；；" not in text
    assert "。。" not in text
    session.close()


def test_the_implementation_report_runs_from_january(filled: Session, tmp_path: Path) -> None:
    words = {"system": ("修订《投诉管理办法》。",), "next_steps": ("年底前完成全员培训。",)}
    text = text_of(filled, tmp_path, "implementation", "2026-10", words=words)
    rows = received_in(parse_period("2026-01-01..2026-10-31"))
    closed = sum(bool(row["办结日期"] and row["办结日期"] <= date(2026, 10, 31)) for row in rows)  # type: ignore[operator]
    assert f"截至10月末，我行受理消费者投诉{len(rows)}件，办结{closed}件，办结率{percent(closed, len(rows))}%" in text
    for label in ("一是按投诉来源分类：", "二是按投诉业务类别分类：", "三是按投诉原因分类："):
        assert label in text
    assert "（一）消保制度建设及落实情况。修订《投诉管理办法》。" in text
    assert "（二）消保机制运行情况。" in text
    assert "三、下一步工作" in text
    assert "存在问题" not in text


@pytest.fixture
def active(tmp_path: Path) -> Iterator[Session]:
    """A book with two trainings and two events of 2026."""
    session = new_book(tmp_path / "book", Clock())
    for day, topic, people in (("2026-03-05", "新办法宣贯", (40, 38)), ("2026-09-10", "投诉处理技巧", (12, 12))):
        values: dict[str, Value] = {"held_on": day, "topic": topic, "category": "complaint", "form": "onsite"}
        values |= {"expected": people[0], "attended": people[1], "front_line_count": people[1], "hours": 200}
        records.save(session, ledger("training"), Record({**values, "audience": ("front_line",)}))
    for name, venue, audience in (("集市宣传", "village", 300), ("进校园", "school", 120)):
        event: dict[str, Value] = {"held_on": "2026-09-18", "name": name, "venues": (venue,), "originals": 2}
        event |= {"audience_count": audience}
        records.save(session, ledger("outreach"), Record({**ledger("outreach").defaults(), **event}))
    yield session
    session.close()


def test_the_training_summary_names_sessions_people_and_gaps(active: Session, tmp_path: Path) -> None:
    text = text_of(active, tmp_path, "training", "2026")
    assert "2026年共组织培训2次，同比增加2次（上年同期为0，不计算增幅）" in text
    assert "应到52人次，实到50人次，参训率96.15%" in text
    assert "新办法宣贯" in text
    assert "尚未覆盖中高级管理人员、新入职人员" in text
    nothing = text_of(active, tmp_path, "training", "2025")
    assert "未组织消费者权益保护培训（0次）" in nothing
    assert "培训主题" not in nothing


def test_the_work_summary_adds_up_the_year(active: Session, tmp_path: Path) -> None:
    text = text_of(active, tmp_path, "summary", "2026", words={"security": ("实行实名、权限、审计三把钥匙。",)})
    assert "开展金融知识宣传教育2场次" in text
    assert "受众420人次" in text
    assert "发布原创作品4篇" in text
    assert "走进农村1场次、校园1场次" in text
    assert "组织消保培训2次，参训50人次" in text
    assert "保护客户信息安全。实行实名、权限、审计三把钥匙。" in text
    assert "受理投诉0件。" in text
    assert "完善制度体系。" not in text, "a part without words is left out"
