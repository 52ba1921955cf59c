"""A book with a record of everything the nine sample reports tell about; every number in it is small and known."""

from __future__ import annotations

from pathlib import Path

from tests.services.support import COMPLAINT, STAFF, a_complaint, add_branch, new_book
from xiaobao_desktop.domain.fields import Ledger, Record, Value, Values
from xiaobao_desktop.domain.ledgers import inspection, ledger, meeting, outreach, plan, policy, rectification, review
from xiaobao_desktop.services import inspection_findings, inspection_run, inspection_view, options, records
from xiaobao_desktop.services.session import Session

TRAINING = ledger("training")


def sample_book(folder: Path) -> Session:
    """A new open book; it is viewed on 3 November 2026."""
    session = new_book(folder)
    options.save_settings(
        session,
        short_name="云岭村镇银行",
        regulator="国家金融监督管理总局云岭监管支局",
        executive="王建国 副行长",
        preparer="周敏",
        phone="0799-1234567",
    )
    people = _people(session)
    _policies(session)
    _meetings(session)
    _reviews(session)
    _rectifications(session, people)
    _runs(session, people)
    _activities(session)
    _plan(session)
    _complaints(session)
    return session


def one_of_each(session: Session) -> None:
    """One policy, meeting, review, rectification and plan item with little more than each must have, and two runs."""
    _add(session, policy.LEDGER, {"name": "投诉办法"})
    _add(
        session,
        meeting.LEDGER,
        {"held_on": "2026-10-12", "title": "领导小组会议"},
        resolutions=({"resolution": "加强培训"},),
    )
    _add(session, review.LEDGER, {"received_on": "2026-10-12", "title": "海报"})
    _add(session, rectification.LEDGER, {"source": "self_check", "found_on": "2026-10-12", "problem": "公示牌破损。"})
    _add(session, plan.LEDGER, {"title": "培训", "planned_on": "2026-11-20"})
    for checklist in ("double_check", "evaluation_2025"):
        run = int(str(inspection_run.start_run(session, checklist, begun_on="2026-10-20").record.id))
        inspection_run.set_verdict(session, run, inspection_view.view(session, run).items[0].key, "conform")


def _add(session: Session, target: Ledger, values: dict[str, Value], **children: tuple[Values, ...]) -> int:
    return int(str(records.save(session, target, Record({**target.defaults(), **values}, dict(children))).record.id))


def _people(session: Session) -> dict[str, int]:
    told = (
        ("王建国", "副行长", {"group_post": "leader"}),
        ("陈立", "消费者权益保护部经理", {"group_post": "deputy"}),
        ("赵丽", "综合管理部经理", {"group_post": "member"}),
        ("周敏", "消保专员", {"group_post": "member", "duty": "full"}),
    )
    return {name: _add(session, STAFF, {"name": name, "post": post, **more}) for name, post, more in told}


def _policies(session: Session) -> None:
    for name, category, change, day in (
        ("消费者权益保护工作管理办法", "supervision", "revised", "2026-03-10"),
        ("金融消费者权益保护站管理办法", "other", "made", "2026-04-01"),
        ("客户投诉管理办法", "complaint_handling", "made", "2025-06-01"),
    ):
        values: dict[str, Value] = {"name": name, "categories": (category,), "change": change, "level": "own"}
        _add(session, policy.LEDGER, {**values, "issued_on": day, "in_force_on": day, "department": "消费者权益保护部"})
    outside: dict[str, Value] = {"name": "银行保险机构消费者权益保护管理办法", "level": "external"}
    _add(session, policy.LEDGER, {**outside, "in_force_on": "2023-03-01"})


def _meetings(session: Session) -> None:
    rows: tuple[Values, ...] = (
        {
            "resolution": "修订考核办法",
            "department": "人力资源部",
            "due_on": "2026-05-31",
            "done": True,
            "done_on": "2026-05-20",
        },
        {"resolution": "补充消保专岗一名", "department": "人力资源部", "due_on": "2026-09-30"},
    )
    values: dict[str, Value] = {
        "held_on": "2026-04-15",
        "kind": "committee",
        "title": "消费者权益保护委员会2026年第1次会议",
    }
    _add(session, meeting.LEDGER, {**values, "topics": "审议年度工作计划\n通报投诉情况"}, resolutions=rows)
    _add(session, meeting.LEDGER, {"held_on": "2026-08-12", "kind": "board", "title": "董事会2026年第2次会议"})


def _reviews(session: Session) -> None:
    for title, kind, conclusion, adopted in (
        ("“丰收贷”协议文本", "contract", "agreed_changed", "adopted"),
        ("新版存款产品", "product", "agreed", "adopted"),
        ("中秋活动海报", "marketing", "agreed", None),
    ):
        values: dict[str, Value] = {"received_on": "2026-06-01", "title": title, "kind": kind, "opinion": "无意见"}
        done: dict[str, Value] = {"finished_on": "2026-06-05", "conclusion": conclusion, "adopted": adopted}
        _add(session, review.LEDGER, {**values, **done, "reviewer": "周敏"})


def _rectifications(session: Session, people: dict[str, int]) -> None:
    done: dict[str, Value] = {"finished_on": "2026-03-20", "verified_on": "2026-03-25", "verdict": "pass"}
    done |= {"verifier": people["周敏"], "owner": people["赵丽"], "planned_on": "2026-03-31"}
    for source, problem in (("audit", "离岗人员查询权限没有当日收回。"), ("supervision", "代销公示信息更新不及时")):
        values: dict[str, Value] = {"source": source, "found_on": "2026-02-10", "problem": problem}
        _add(
            session,
            rectification.LEDGER,
            {**values, **done, "department": "综合管理部", "measure": f"{problem[:4]}按周核对。"},
        )
    late: dict[str, Value] = {"source": "root_cause", "found_on": "2026-07-01", "problem": "短信收费没有书面确认"}
    late |= {"department": "运营管理部", "owner": people["陈立"], "planned_on": "2026-09-30", "measure": "增加确认页"}
    _add(session, rectification.LEDGER, late)


def _runs(session: Session, people: dict[str, int]) -> None:
    led: dict[str, Value] = {"leader": "王建国（副行长）", "deputy": "陈立（经理）", "members": "赵丽、周敏"}
    run = int(str(inspection_run.start_run(session, "double_check", basis="云金监办发〔2026〕18号", **led).record.id))
    record = records.get(session, inspection.LEDGER, run)
    rows = []
    for row in record.children[inspection.ITEMS.key]:
        told: dict[str, Value] = {**row, "verdict": "conform"}
        if row["item"] == "board_disclosure":
            told |= {"verdict": "not", "finding": "年报没有充分披露消保工作内容。"}
        elif row["item"] == "audit_rules":
            told |= {"evidence": "制定了《消费者权益保护工作内部审计制度》"}
        elif row["item"] == "mechanism_basic":
            told |= {"verdict": "partly", "finding": "消保内部控制体系不健全"}
        rows.append(told)
    values = {**record.values, "begun_on": "2026-10-09", "finished_on": "2026-10-30"}
    records.save(session, inspection.LEDGER, Record(values, {inspection.ITEMS.key: tuple(rows)}, run))
    made = inspection_findings.rectify(session, run, "board_disclosure").record
    plans: dict[str, Value] = {"found_on": "2026-10-30", "department": "综合管理部", "owner": people["赵丽"]}
    plans |= {"planned_on": "2027-02-28", "measure": "年度报告单列消保工作章节。"}
    records.save(session, rectification.LEDGER, Record({**made.values, **plans}, {}, made.id))
    drawn: dict[str, Value] = {"begun_on": "2026-05-06", "finished_on": "2026-05-07", "name": "双录检查", "findings": 1}
    _add(session, inspection.LEDGER, {**drawn, "sampled": 20, "failed": 1})
    rated = int(str(inspection_run.start_run(session, "evaluation_2025").record.id))
    for place, item in enumerate(inspection_view.view(session, rated).items[:3]):
        inspection_run.set_verdict(session, rated, item.key, ("conform", "partly", "na")[place])
    inspection_run.set_words(session, rated, "governance", evidence="董事会听取报告 2 次")


def _activities(session: Session) -> None:
    for day, topic, category in (("2026-03-05", "投诉处理技巧", "complaint"), ("2026-09-10", "个人信息保护", None)):
        values: dict[str, Value] = {
            "held_on": day,
            "topic": topic,
            "category": category,
            "expected": 40,
            "attended": 38,
        }
        _add(session, TRAINING, {**values, "front_line_count": 38, "audience": ("front_line",)})
    for name, venue, campaign in (
        ("进社区讲座", "community", "education_week_2026"),
        ("集市宣传", "village", "routine"),
    ):
        event: dict[str, Value] = {"held_on": "2026-09-18", "name": name, "venues": (venue,), "campaign": campaign}
        event |= {"audience_count": 150, "materials": 200, "questions": 30, "originals": 2, "staff_count": 6}
        _add(session, outreach.LEDGER, {**event, "cost": 120_000, "person_days": 300})


def _plan(session: Session) -> None:
    for title, day, done in (("开展专题培训", "2026-03-31", "2026-03-05"), ("修订应急预案", "2026-12-31", None)):
        _add(session, plan.LEDGER, {"title": title, "planned_on": day, "finished_on": done})


def _complaints(session: Session) -> None:
    branch = add_branch(session, "城关支行")
    for received, source, category, cause, paid in (
        ("2026-03-02", "call", "B.03", "C.01", 50_000),
        ("2026-06-01", "nfra_12378", "B.01", "C.03", None),
        ("2026-09-01", "call", "B.03", "C.03", None),
    ):
        steps: tuple[Values, ...] = tuple(
            {"kind": kind, "happened_on": f"{received[:8]}08", **more}
            for kind, more in (
                ("received", {}),
                ("decide", {}),
                ("inform", {"way": "phone"}),
                ("follow_up", {"satisfaction": "satisfied"}),
                ("close", {}),
            )
        )
        first = {**steps[0], "happened_on": received}
        more: dict[str, Value] = {"category": category, "cause": cause, "branch": branch, "compensation": paid}
        more |= {"closing_way": "mediated" if paid else "explained"}
        records.save(session, COMPLAINT, a_complaint(received, first, *steps[1:], **{**more, "source": source}))
