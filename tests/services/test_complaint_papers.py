"""Case papers, 回填 and 卷宗 from a real book: when each makes sense, what it says, what the history keeps."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.services.report_text import written
from tests.services.support import COMPLAINT, a_complaint, add_branch, new_book, pdf_text
from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.reports import letter_text
from xiaobao_desktop.reports.letter_text import LetterTemplateBroken
from xiaobao_desktop.services import (
    attachments,
    complaint_back_fill,
    complaint_dossier,
    letter_templates,
    papers,
    records,
    undo,
)
from xiaobao_desktop.services.complaint_facts import facts
from xiaobao_desktop.services.options import save_settings
from xiaobao_desktop.services.papers import PaperRefused
from xiaobao_desktop.services.session import Session

ALL = ["登记处理单", "转办单", "延期审批表", "延期告知书", "答复函", "不属本行处理告知", "撤诉确认书", "核查决定书"]


def step(kind: str, on: str, **values: Value) -> Values:
    return {"kind": kind, "happened_on": on, **values}


TRANSFER = step("transfer", "2026-10-09", department="零售金融部", person="李一", note="请先联系客户")
EXTENSION = step(
    "extend_30", "2026-10-20", reason="需要调取档案。", approver="刘某", told_on="2026-10-21", way="phone", proof="录音"
)
DECISION = step("decide", "2026-10-28", person="李一", note="同意退还")
INFORMED = step("inform", "2026-10-29", way="phone", proof="录音1份")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """One book for all; each test has a case of its own."""
    opened = new_book(tmp_path_factory.mktemp("papers") / "book")
    save_settings(
        opened, short_name="某某农商行", letter_code="某农商消保函", phone="0000-6688123", address="人民路18号"
    )
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def _shipped_texts(session: Session) -> Iterator[None]:
    """No test leaves a text of the bank's own behind."""
    yield
    if not session.book.closed:
        letter_templates.restore(session, "case_reply")


def add(session: Session, *steps: Values, **more: Value) -> Record:
    """A complaint of 8 October in the book with its steps."""
    received = "2026-10-08"
    entered = a_complaint(received, step("received", received, happened_at="10:05"), *steps, **more)
    return records.save(session, COMPLAINT, entered).record


def offered(session: Session, record: Record) -> dict[str, str]:
    return {offer.paper.label: offer.refusal for offer in papers.offers(session, COMPLAINT, record)}


def printed(session: Session, record: Record, key: str, folder: Path) -> str:
    built = papers.build(session, COMPLAINT, int(str(record.id)), key)
    return pdf_text(written(built, folder, "pdf"))


def test_a_new_case_offers_what_makes_sense_and_says_why_not_the_rest(session: Session) -> None:
    found = offered(session, add(session))
    assert list(found) == ALL
    assert [label for label, refusal in found.items() if not refusal] == ["登记处理单", "延期审批表", "撤诉确认书"]
    assert found["延期告知书"] == "还没有记延期，请先记一步“延期”"
    assert "还没有处理决定" in found["答复函"]
    assert "核查申请" in found["核查决定书"]


@pytest.mark.parametrize(
    ("steps", "values", "made"),
    [
        ((TRANSFER,), {}, ["登记处理单", "转办单", "延期审批表", "撤诉确认书"]),
        ((EXTENSION,), {}, ["登记处理单", "延期审批表", "延期告知书", "撤诉确认书"]),
        ((), {"decision": "予以退还。"}, ["登记处理单", "延期审批表", "答复函", "撤诉确认书"]),
        (
            (DECISION, INFORMED),
            {"closing_way": "not_ours"},
            ["登记处理单", "延期审批表", "不属本行处理告知", "撤诉确认书"],
        ),
        ((step("withdraw", "2026-10-12", note="已和解"),), {}, ["登记处理单", "撤诉确认书"]),
        ((step("withdraw", "2026-10-12"),), {"decision": "客户撤诉"}, ["登记处理单", "撤诉确认书"]),
        ((DECISION, INFORMED, step("close", "2026-10-30")), {}, ["登记处理单", "答复函"]),
        (
            (DECISION, INFORMED, step("close", "2026-10-30"), step("review_request", "2026-11-02", note="不服")),
            {},
            ["登记处理单", "答复函", "核查决定书"],
        ),
    ],
)
def test_papers_follow_the_steps(
    session: Session, steps: tuple[Values, ...], values: dict[str, Value], made: list[str]
) -> None:
    found = offered(session, add(session, *steps, **values))
    assert [label for label, refusal in found.items() if not refusal] == made


def test_a_paper_that_makes_no_sense_is_refused(session: Session) -> None:
    record = add(session)
    with pytest.raises(PaperRefused) as refused:
        papers.build(session, COMPLAINT, int(str(record.id)), "reply")
    assert refused.value.message.startswith("现在还不能出答复函：还没有处理决定")


def test_the_extension_notice_tells_the_clock_before_and_after(session: Session, tmp_path: Path) -> None:
    record = add(session, EXTENSION, category="B.02", id_number="11010119900307803X")
    text = printed(session, record, "extension-notice", tmp_path)
    assert "刘秀兰先生：" in text, "the seventeenth digit is odd"
    assert "因需要调取档案，情况较为复杂，无法在15日内作出处理决定" in text
    assert "延长至30日，即在2026年11月7日（含当日）前" in text
    assert "某农商消保函〔2026〕号" in text
    assert "2026年10月20日" in text, "dated as the extension"


def test_a_second_extension_counts_from_the_first(session: Session, tmp_path: Path) -> None:
    second = step("extend_60", "2026-10-30", reason="外部机构未回函", approver="行长", told_on="2026-10-30")
    record = add(session, EXTENSION, second)
    text = printed(session, record, "extension-approval", tmp_path)
    assert "应在30日内（2026年11月7日前）" in text
    assert "延长至60日，即2026年12月7日" in text
    told = facts(session, record).extensions_told.split("\n")
    assert len(told) == 2
    assert told[0].startswith("2026年10月20日延期（至30日），期限至2026年11月7日；原因：需要调取档案；批准人：刘某")


def test_letters_name_the_person_working_papers_too_and_mask_the_identity_card(
    session: Session, tmp_path: Path
) -> None:
    record = add(session, TRANSFER, id_number="11010119900307804X"[:17] + "8", decision="予以退还。")
    sheet = printed(session, record, "sheet", tmp_path)
    assert "刘秀兰" in sheet
    assert "13907991234" in sheet
    assert "11010119900307804" not in sheet
    assert "110***********" in sheet.replace("\n", "")
    reply = printed(session, record, "reply", tmp_path)
    assert "刘秀兰女士：" in reply
    assert "自收到本函之日起30日内" in reply, "the days come from the rule of reviews"
    assert "刘秀兰女士" in printed(session, record, "transfer", tmp_path)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"source": "call"}, "您于2026年10月8日向我行城关支行提出的"),
        ({"source": "nfra_12378"}, "您于2026年10月8日通过金融监管总局12378提出的"),
        ({"people_count": 3}, "刘秀兰等3人："),
        ({"product": "惠农卡"}, "关于惠农卡的投诉"),
    ],
)
def test_the_words_of_the_reply_follow_the_case(
    session: Session, values: dict[str, Value], says: str, tmp_path: Path
) -> None:
    branch = add_branch(session, "城关支行")
    record = add(session, branch=branch, decision="予以退还。", **values)
    assert says in printed(session, record, "reply", tmp_path)


def test_what_is_lacking_is_told_and_printed_as_a_line(session: Session, tmp_path: Path) -> None:
    record = add(session, DECISION)
    (told,) = papers.advice(session, COMPLAINT, int(str(record.id)), "reply")
    assert told.startswith("待补：投诉事项、调查经过、处理依据。")
    assert "____" in printed(session, record, "reply", tmp_path)


def test_working_papers_say_what_the_steps_say(session: Session, tmp_path: Path) -> None:
    looked = step("investigate", "2026-10-12", note="调阅凭单，柜员没有出示公示")
    record = add(session, TRANSFER, looked, EXTENSION, step("decide", "2026-10-28", note="退还年费。"))
    sheet = printed(session, record, "sheet", tmp_path)
    for words in (TRANSFER["department"], TRANSFER["person"], "调阅凭单，柜员没有出示公示", "退还年费。"):
        assert str(words) in sheet, words
    approval = printed(session, record, "extension-approval", tmp_path)
    assert "调阅凭单，柜员没有出示公示" in approval
    assert "告知方式电话" in approval.replace("\n", "").replace(" ", "")
    reply = printed(session, record, "reply", tmp_path)
    assert "退还年费。" in reply
    assert "调阅凭单" not in reply, "notes on an investigation are not written for the complainant"


def test_printing_is_kept_in_the_history_and_changes_nothing(session: Session, tmp_path: Path) -> None:
    record = add(session, TRANSFER)
    record_id = int(str(record.id))
    before = undo.last_operation(session)
    way = papers.way_out(session, COMPLAINT, record_id, "转办单")
    assert way.printed() == (("complaint", record_id),)
    way.saved(tmp_path / "转办单.docx", b"PK", "docx")
    assert [item.words for item in papers.taken_out(session, COMPLAINT, record_id)] == [
        "打印 转办单",
        "另存 Word 转办单",
    ]
    assert papers.taken_out(session, COMPLAINT, record_id)[0].at == session.now()
    assert records.get(session, COMPLAINT, record_id) == record
    assert undo.last_operation(session) == before, "printing cannot be undone"
    assert records.history(session, COMPLAINT, record_id)[0].operation == "另存 Word 转办单"
    assert all(finding.ok for finding in session.book.verify())


# The bank's own words


def test_the_banks_own_words_are_used_kept_and_taken_back(session: Session, tmp_path: Path) -> None:
    record = add(session, decision="予以退还。")
    letter_templates.save(session, "case_reply", "{{投诉人}}您好，结果是：{{处理结果}}")
    text = printed(session, record, "reply", tmp_path)
    assert "刘秀兰您好，结果是：予以退还。" in text
    assert "我行高度重视" not in text
    letter_templates.restore(session, "case_reply")
    assert letter_templates.own(session, "case_reply") == ""
    assert "我行高度重视" in printed(session, record, "reply", tmp_path)


def test_a_broken_text_is_not_kept(session: Session) -> None:
    with pytest.raises(LetterTemplateBroken) as refused:
        letter_templates.save(session, "case_reply", "一\n{{投诉的人}}")
    assert "“答复函”的文字第 2 行有错：没有“投诉的人”这个占位" in refused.value.message
    assert letter_templates.own(session, "case_reply") == ""


def test_the_shipped_text_saved_is_no_text_of_the_banks(session: Session) -> None:
    letter_templates.save(session, "case_reply", letter_text.shipped("case_reply"))
    assert letter_templates.own(session, "case_reply") == ""


def test_a_text_that_an_upgrade_broke_is_told_and_the_shipped_one_printed(session: Session, tmp_path: Path) -> None:
    record = add(session, decision="予以退还。")
    with session.book.transaction("旧版本的文字", session.user, session.now()) as changes:
        changes.set_setting("template:case_reply", "{{从前的占位}}")
    told = papers.advice(session, COMPLAINT, int(str(record.id)), "reply")
    assert "没有“从前的占位”这个占位" in told[-1]
    assert "随程序安装的文字" in told[-1]
    assert "我行高度重视" in printed(session, record, "reply", tmp_path)


# 回填


def test_back_fill_gives_the_fields_of_order_5_in_order_and_exactly(session: Session) -> None:
    record = add(
        session,
        EXTENSION,
        DECISION,
        INFORMED,
        source="pboc",
        dispute="是否告知年费",
        investigation="第一步查账。\n\n第二步查凭证。",
    )
    record_id = int(str(record.id))
    form = complaint_back_fill.usual(session, record_id)
    assert form.label == "人行 5 号令"
    found = {item.label: item for item in complaint_back_fill.read(session, record_id, form).fields}
    assert list(found) == [
        "投诉基本情况",
        "争议焦点",
        "调查结果及证据",
        "处理依据",
        "与消费者沟通情况",
        "延期情况",
        "投诉人满意度",
    ]
    assert found["调查结果及证据"].text == "第一步查账。\n\n第二步查凭证。"
    assert found["与消费者沟通情况"].text == "2026年10月29日告知（电话；凭证：录音1份）。"
    assert found["延期情况"].text.startswith("2026年10月20日延期（至30日）")
    assert (found["处理依据"].text, found["处理依据"].lacking) == ("", ("处理依据",))
    assert "业务类别" in found["投诉基本情况"].lacking
    assert "来源文号" not in found["投诉基本情况"].lacking, "it is asked for only where there is one"


def test_back_fill_for_12378(session: Session) -> None:
    record = add(session, DECISION, source="nfra_12378", source_number="12378-91", decision="予以退还。")
    record_id = int(str(record.id))
    form = complaint_back_fill.usual(session, record_id)
    assert form.label == "12378 系统"
    found = {item.label: item.text for item in complaint_back_fill.read(session, record_id, form).fields}
    assert found["工单号"] == "12378-91"
    assert found["投诉人"] == "刘秀兰"
    assert found["处理结果"] == "予以退还。"
    assert found["退赔金额"] == "0.00元"
    assert found["延期情况"] == "未延期。"


# 卷宗


def test_the_dossier_of_a_case(session: Session, tmp_path: Path) -> None:
    record = add(session, TRANSFER, EXTENSION, DECISION, INFORMED, step("close", "2026-10-30"), decision="予以退还。")
    record_id = int(str(record.id))
    stream = BytesIO()
    Image.new("RGB", (80, 60), (10, 90, 20)).save(stream, "JPEG")
    for name, data in (("申请书.jpg", stream.getvalue()), ("明细.xlsx", b"PK\x03\x04"), ("坏.pdf", b"%PDF-1.4 x")):
        (tmp_path / name).write_bytes(data)
    received = next(row["id"] for row in record.children["step"] if row["kind"] == "received")
    step_id = int(str(received))
    attachments.add(session, COMPLAINT, record_id, "material", tmp_path / "申请书.jpg", "当面提交", step_id=step_id)
    attachments.add(session, COMPLAINT, record_id, "other", tmp_path / "明细.xlsx")
    attachments.add(session, COMPLAINT, record_id, "proof", tmp_path / "坏.pdf")
    found = complaint_dossier.read(session, record_id)
    made = complaint_dossier.build(found)
    assert [(entry.title.split("（")[0], entry.pages) for entry in made.entries] == [
        ("当面提交", "1"),
        ("消费投诉登记处理单", "2"),
        ("消费投诉转办单", "3"),
        ("消费投诉延期办理审批表", "4"),
        ("消费投诉延期办理告知书", "5"),
        ("消费投诉处理结果答复函", "6—7"),
        ("坏", "8"),
        ("明细.xlsx", ""),
    ]
    assert made.entries[0].responsible == "刘秀兰"
    assert made.faults == ("“坏.pdf”没有并入：文件已损坏，或不是完整的 PDF",)
    file = tmp_path / "dossier.pdf"
    file.write_bytes(made.pdf)
    text = pdf_text(file)
    assert "案卷题名刘秀兰的投诉" in text
    assert [f"卷内第{number}页" in text for number in range(1, 10)] == [True] * 8 + [False]
    assert complaint_dossier.word(found, made.front)[:2] == b"PK"


def test_a_dossier_is_put_together_without_the_book(tmp_path: Path) -> None:
    own = new_book(tmp_path / "book")
    found = complaint_dossier.read(own, int(str(add(own).id)))
    own.close()
    assert complaint_dossier.build(found).pages == 1


def test_a_dossier_survives_a_file_that_is_gone(session: Session, tmp_path: Path) -> None:
    record = add(session)
    record_id = int(str(record.id))
    (tmp_path / "合同.pdf").write_bytes(b"%PDF-1.4 x")
    attachments.add(session, COMPLAINT, record_id, "other", tmp_path / "合同.pdf")
    for kept in (session.directory / "attachments").rglob("*"):
        if kept.is_file():
            kept.unlink()
    made = complaint_dossier.build(complaint_dossier.read(session, record_id))
    assert len(made.faults) == 1
    assert "合同.pdf" in made.faults[0]
    assert made.pages == 2
