"""Working through a checklist in a real book: begin, judge, undo, end, compare, rectify; old rows by import."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.report_text import written
from tests.services.support import Clock, add_branch, imported, new_book, pdf_text, sheet
from xiaobao_desktop.domain.fields import Record, Values
from xiaobao_desktop.domain.inspection import BETTER, CONFORM, FAULTY, NEW, NOT, NOT_APPLICABLE, PARTLY, WORSE, Change
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.ledgers.inspection import ITEMS
from xiaobao_desktop.errors import RecordRefused
from xiaobao_desktop.services import (
    attachments,
    checklists,
    inspection_evidence,
    inspection_findings,
    inspection_run,
    inspection_view,
    papers,
    records,
    undo,
)
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

INSPECTION, RECTIFICATION = ledger("inspection"), ledger("rectification")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = new_book(tmp_path / "book")
    yield opened
    opened.close()


def begun(session: Session, checklist: str = "info_security", **values: object) -> int:
    return int(str(inspection_run.start_run(session, checklist, **values).record.id))  # type: ignore[arg-type]


def keys(session: Session, run: int) -> list[str]:
    return [item.key for item in inspection_view.view(session, run).items]


def judge_all(session: Session, run: int, *verdicts: str) -> None:
    """Judge every item, the last verdict for the rest; faulty ones get a finding."""
    for place, key in enumerate(keys(session, run)):
        verdict = verdicts[min(place, len(verdicts) - 1)]
        inspection_run.set_verdict(session, run, key, verdict)
        if verdict in FAULTY:
            inspection_run.set_words(session, run, key, finding=f"{key} 有缺口")


def test_a_run_is_begun_with_the_items_of_its_checklist(session: Session) -> None:
    saved = inspection_run.start_run(session, "evaluation_2025", leader="王建国（分管行长）")
    assert saved.record.number == "ZC-2026-0001"
    assert len(saved.record.children[ITEMS.key]) == 30
    run = inspection_view.view(session, int(str(saved.record.id)))
    assert run.title == "2026年监管评价自评（2025年七要素）"
    assert run.basis == "《金融机构消费者权益保护监管评价办法》"
    assert [(item.name, item.weight, item.minimum) for item in run.sections][2] == ("营销行为管理", 2500, 2500)
    item = run.items[9]
    assert (item.number, item.title, item.how) == ("3.3", "收费公示", "现场看公示牌，与现行价目表逐项核对")
    assert records.history(session, INSPECTION, 1)[0].operation == "开始自查：监管评价自评（2025年七要素）"


def test_one_without_a_name_needs_a_checklist(session: Session) -> None:
    with pytest.raises(RecordRefused, match="请填写检查名称，或选一张检查表"):
        records.save(session, INSPECTION, Record({"begun_on": "2026-11-03"}))


def test_an_unknown_checklist_begins_nothing(session: Session) -> None:
    with pytest.raises(inspection_run.NothingToCheck):
        inspection_run.start_run(session, "no_such")
    assert session.book.count(INSPECTION, Query()) == 0


def test_each_verdict_is_one_operation_that_can_be_undone(session: Session) -> None:
    run = begun(session)
    first, second = keys(session, run)[:2]
    inspection_run.set_verdict(session, run, first, CONFORM)
    inspection_run.set_verdict(session, run, second, NOT)
    view = inspection_view.view(session, run)
    assert (view.progress.checked, view.progress.faulty, view.score) == (2, 1, "50.00")
    assert [part.score for part in view.sections] == ["50.00", "", ""]
    assert undo.last_operation(session) == "ZC-2026-0001 1.2 离岗停用：不符合"
    undo.undo(session)
    assert [item.verdict for item in inspection_view.view(session, run).items[:2]] == [CONFORM, ""]
    # The same verdict again writes nothing.
    assert inspection_run.set_verdict(session, run, first, CONFORM) is None
    assert inspection_run.set_verdict(session, run, first, None) is not None
    assert records.get(session, INSPECTION, run).values["state"] == "not_started"


def test_words_and_numbers_are_kept_and_blank_ones_are_nothing(session: Session) -> None:
    run = begun(session, "recording")
    key = keys(session, run)[0]
    inspection_run.set_words(session, run, key, evidence=" 抽查清单 1 份 \n", sampled=20, failed=1)
    item = inspection_view.view(session, run).items[0]
    assert (item.evidence, item.sampled, item.failed, item.draws) == ("抽查清单 1 份", 20, 1, True)
    values = records.get(session, INSPECTION, run).values
    assert (values["sampled"], values["failed"]) == (20, 1)
    inspection_run.set_words(session, run, key, evidence="  ")
    assert inspection_view.view(session, run).items[0].evidence == ""
    with pytest.raises(RecordRefused, match=r"1\.1 应录尽录：不合格笔数多于抽查笔数"):
        inspection_run.set_words(session, run, key, failed=21)


def test_an_end_needs_every_verdict_and_every_finding(session: Session) -> None:
    run = begun(session)
    first, *others = keys(session, run)
    inspection_run.set_verdict(session, run, first, PARTLY)
    with pytest.raises(RecordRefused) as refused:
        inspection_run.finish(session, run)
    assert "1.1 实名账号还没有写发现的问题" in refused.value.message
    assert "还有 7 项没有查（1.2 离岗停用、2.1 最小授权、2.2 提取审批等 7 项）" in refused.value.message
    for key in others:
        inspection_run.set_verdict(session, run, key, CONFORM)
    inspection_run.set_words(session, run, first, finding="2 人共用一个账号")
    inspection_run.finish(session, run)
    values = records.get(session, INSPECTION, run).values
    assert (values["state"], values["finished_on"], values["score"], values["findings"]) == (
        "done",
        "2026-11-03",
        9375,
        1,
    )
    assert values["conclusion"] == "共检查 8 项：符合 7 项，部分符合 1 项。问题集中在“实名”。"


def test_a_run_that_has_ended_is_changed_only_after_it_was_opened_again(session: Session) -> None:
    run = begun(session)
    judge_all(session, run, CONFORM)
    inspection_run.finish(session, run)
    key = keys(session, run)[0]
    with pytest.raises(inspection_run.RunEnded, match="ZC-2026-0001 已经完成"):
        inspection_run.set_verdict(session, run, key, NOT)
    inspection_run.reopen(session, run)
    inspection_run.set_verdict(session, run, key, NOT_APPLICABLE)
    assert records.get(session, INSPECTION, run).values["state"] == "running"


def test_a_run_under_way_keeps_its_checklist(session: Session) -> None:
    run = begun(session)
    changed = Record({"checklist": "outlet"}, {}, run)
    records.save(session, INSPECTION, changed)
    assert len(keys(session, run)) == 13
    inspection_run.set_verdict(session, run, keys(session, run)[0], CONFORM)
    with pytest.raises(RecordRefused, match="已经查了 1 项，不能换检查表"):
        records.save(session, INSPECTION, Record({"checklist": "drill"}, {}, run))
    assert len(keys(session, run)) == 13


def test_a_finding_becomes_a_rectification_and_its_state_comes_back(session: Session) -> None:
    branch = add_branch(session, "城关支行")
    run = begun(session, "double_check", branch=branch)
    key = keys(session, run)[2]
    inspection_run.set_verdict(session, run, key, NOT)
    with pytest.raises(inspection_findings.FindingMissing, match=r"1\.3 信息披露 还没有写发现的问题"):
        inspection_findings.rectify(session, run, key)
    inspection_run.set_words(session, run, key, finding="年报没有写消保工作")
    made = inspection_findings.rectify(session, run, key).record
    wanted = {"source": "double_check", "problem": "年报没有写消保工作", "inspection": run, "item": key}
    assert {name: made.values[name] for name in wanted} == wanted
    assert (made.values["department"], made.values["clause"]) == (
        "城关支行",
        "《银行保险机构消费者权益保护管理办法》第十条",
    )
    with pytest.raises(inspection_findings.AlreadyRectified, match="ZG-2026-0001"):
        inspection_findings.rectify(session, run, key)
    records.save(session, RECTIFICATION, Record({"planned_on": "2026-11-01"}, {}, made.id))
    shown = inspection_view.view(session, run).items[2].rectification
    assert shown is not None
    assert (shown.number, shown.planned_on, shown.tone) == ("ZG-2026-0001", "2026-11-01", "red")


def test_one_undo_takes_a_rectification_and_its_link_back(session: Session) -> None:
    run = begun(session)
    key = keys(session, run)[0]
    inspection_run.set_verdict(session, run, key, NOT)
    inspection_run.set_words(session, run, key, finding="共用账号")
    made = inspection_findings.rectify(session, run, key).record
    undo.undo(session)
    assert inspection_view.view(session, run).items[0].rectification is None
    assert records.get(session, RECTIFICATION, int(str(made.id))).deleted
    # One in the recycle bin does not stand in the way of another.
    again = inspection_findings.rectify(session, run, key).record
    records.delete(session, RECTIFICATION, int(str(again.id)))
    assert inspection_findings.rectify(session, run, key).record.number == "ZG-2026-0003"


def test_the_run_before_is_of_the_same_checklist_and_place(session: Session) -> None:
    branch = add_branch(session, "城关支行")
    old = begun(session, begun_on="2025-11-03")
    judge_all(session, old, CONFORM, NOT, PARTLY)
    inspection_run.finish(session, old)
    elsewhere = begun(session, branch=branch, begun_on="2026-05-01")
    judge_all(session, elsewhere, CONFORM)
    inspection_run.finish(session, elsewhere)
    now = begun(session)
    judge_all(session, now, NOT, CONFORM, PARTLY)
    view = inspection_view.view(session, now)
    assert view.before == "ZC-2025-0001，2026-11-03"
    kinds = [item.change.kind for item in view.items if item.change]
    assert kinds[:3] == [WORSE, BETTER, "same"]
    assert view.items[1].change == Change(BETTER, NOT, "leavers 有缺口")
    assert inspection_view.view(session, elsewhere).before == ""


def test_a_run_keeps_its_items_when_the_checklist_is_changed(session: Session) -> None:
    old = begun(session)
    first = keys(session, old)[0]
    judge_all(session, old, CONFORM)
    inspection_run.finish(session, old)
    known = session.rules.checklist("info_security")
    assert known is not None
    kept = tuple(item for item in known.items if item.key != first)
    key = checklists.new_key(session, known.id, kept)
    added = replace(known.items[0], key=key, title="账号年审", text="每年核对一次账号")
    made = checklists.save(session, replace(known, items=(*kept[:2], added, *kept[2:])))
    assert (made.version, made.base, made.recorded_by) == (2, 1, "王芳")
    view = inspection_view.view(session, old)
    assert (view.items[0].key, view.items[0].title, view.items[0].how) == (
        first,
        "实名账号",
        "导出账号清单与在岗名单核对",
    )
    now = begun(session, begun_on="2026-11-03")
    assert first not in keys(session, now)
    change = next(item.change for item in inspection_view.view(session, now).items if item.key == key)
    assert change is not None
    assert change.kind == NEW


def test_files_stay_at_their_item_when_others_are_judged(session: Session, tmp_path: Path) -> None:
    run = begun(session)
    item = inspection_view.view(session, run).items[1]
    note = tmp_path / "名单.txt"
    note.write_text("在岗名单", encoding="utf-8")
    attachments.add(session, INSPECTION, run, "proof", note, step_id=item.row_id)
    judge_all(session, run, CONFORM)
    assert [one.files for one in inspection_view.view(session, run).items] == [0, 1, 0, 0, 0, 0, 0, 0]


def test_rows_of_which_only_the_result_is_known_are_imported(session: Session, tmp_path: Path) -> None:
    add_branch(session, "城关支行")
    file = sheet(
        tmp_path / "自查台账.xlsx",
        (
            "序号",
            "检查日期",
            "检查名称",
            "检查类型",
            "网点",
            "检查人",
            "抽查笔数",
            "不合格",
            "存在问题",
            "检查结果",
            "完成时间",
        ),
        (1, "2025.3.5", "一季度双录检查", "双录", "城关支行", "周敏", 20, 1, "1 笔画面不清", "基本合格", "2025.3.6"),
        (2, "2025.6.10", "网点公示检查", "网点检查", "城关支行", "周敏、赵丽", None, None, None, "合格", "2025.6.10"),
        (3, "2025.9.1", "厅堂走访", "走访", "城关支行", "周敏", None, None, None, "合格", "2025.9.1"),
    )
    plan, result = imported(session, file, key="inspection")
    assert plan.rejected == ()
    assert list(result.numbers) == [2, 3, 4]
    found = [records.get(session, INSPECTION, one) for one in (1, 2, 3)]
    assert [one.values["state"] for one in found] == ["done"] * 3
    assert not any(one.children[ITEMS.key] for one in found)
    first = found[0].values
    assert (first["checklist"], first["sampled"], first["failed"], first["problems"]) == (
        "recording",
        20,
        1,
        "1 笔画面不清",
    )
    # A kind of its own becomes a name to choose from, not a checklist to edit.
    assert session.rules.catalog.list("checklist").label(str(found[2].values["checklist"])) == "走访"
    assert "走访" not in [item.checklist.title for item in checklists.listed(session)]


def test_ledgers_offer_evidence_with_their_numbers(session: Session) -> None:
    training = ledger("training")
    values: Values = {
        "held_on": "2026-03-05",
        "topic": "投诉处理",
        "audience": ("front_line",),
        "attended": 12,
        "expected": 12,
        "front_line_count": 12,
    }
    records.save(session, training, Record(values))
    policy: Values = {"name": "投诉管理办法", "categories": ("complaint_handling",), "in_force_on": "2025-01-01"}
    records.save(session, ledger("policy"), Record({**policy, "change": "made", "level": "own"}))
    today = session.today()
    assert inspection_evidence.suggestion(session, "training_coverage", today) == (
        "2026年截至11月3日培训 1 次：中高级管理人员 0 次 0 人次，基层业务人员 1 次 12 人次，新入职人员 0 次 0 人次；"
        "中高级管理人员、新入职人员今年尚无场次。"
    )
    assert inspection_evidence.suggestion(session, "standing:policy?categories=complaint_handling", today) == (
        "制度台账现有“投诉处理”：投诉管理办法（ZD-2025-0001），共 1 项。"
    )
    assert inspection_evidence.suggestion(session, "records:training?form=online", today) == (
        "培训台账2026年截至11月3日“线上”没有记录。"
    )
    assert inspection_evidence.suggestion(session, "complaint_timeliness", today) == "2026年截至11月3日没有办结的投诉。"


def test_every_source_of_evidence_in_the_checklists_has_something_to_say(session: Session) -> None:
    for listed in checklists.listed(session):
        for item in listed.checklist.items:
            if item.evidence_from:
                words = inspection_evidence.suggestion(session, item.evidence_from, session.today())
                assert words.endswith("。"), item.evidence_from
    assert inspection_evidence.suggestion(session, "records:no_such", session.today()) == ""
    assert inspection_evidence.suggestion(session, "", session.today()) == ""


def test_the_sheet_is_printed_with_every_item(session: Session, tmp_path: Path) -> None:
    run = begun(session, "recording", members="周敏、赵丽", leader="王建国（分管行长）")
    first, second = keys(session, run)[:2]
    inspection_run.set_verdict(session, run, first, NOT)
    inspection_run.set_words(session, run, first, finding="2 笔没有双录", evidence="销售流水", sampled=20, failed=2)
    inspection_findings.rectify(session, run, first)
    inspection_run.set_verdict(session, run, second, CONFORM)
    built = papers.build(session, INSPECTION, run, "inspection-sheet")
    text = pdf_text(written(built, tmp_path, "pdf"))
    wanted = ["2026年双录检查底稿", "ZC-2026-0001", "1.1", "应录尽录", "不符合", "20/2", "未检查"]
    wanted += ["问题：2笔没有双录", "整改ZG-2026-0001（未开始）", "组长：王建国（分管行长）"]
    wanted += ["已查2项，未查6项，发现问题1项。"]
    assert [words for words in wanted if words not in text] == []
    listed = records.save(session, INSPECTION, Record({"begun_on": "2026-01-05", "name": "走访"})).record
    with pytest.raises(papers.PaperRefused, match="这次自查没有检查项"):
        papers.build(session, INSPECTION, int(str(listed.id)), "inspection-sheet")


def test_a_copy_of_a_run_begins_anew(session: Session) -> None:
    from xiaobao_desktop.services import copying

    run = begun(session, leader="王建国", begun_on="2026-10-08")
    judge_all(session, run, NOT)
    inspection_run.finish(session, run)
    copied = copying.copy_of(session, INSPECTION, run)
    saved = records.save(session, INSPECTION, copied).record
    assert (saved.values["leader"], saved.values["state"], saved.values["checked"]) == ("王建国", "not_started", 0)
    assert saved.values["conclusion"] is None


def test_the_numbers_of_the_day_follow_the_clock(tmp_path: Path) -> None:
    clock = Clock()
    session = new_book(tmp_path / "book", clock)
    run = begun(session)
    judge_all(session, run, CONFORM)
    clock.move(days=3)
    inspection_run.finish(session, run)
    assert records.get(session, INSPECTION, run).values["finished_on"] == "2026-11-06"
    session.close()
