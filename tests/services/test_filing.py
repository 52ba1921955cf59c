"""定稿 in a real book: the bytes stay, versions stay, and what changed since is told exactly."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.services.support import COMPLAINT, Clock, a_complaint, imported, new_book, pdf_text, sheet
from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.period import month
from xiaobao_desktop.services import (
    attachments,
    books,
    checking,
    filing,
    filing_changes,
    filing_warnings,
    listing,
    records,
    reporting,
    undo,
)
from xiaobao_desktop.services.attachments import AttachmentKept
from xiaobao_desktop.services.filing import Details, Draft, FiledMeanwhile
from xiaobao_desktop.services.filing_changes import BasisMissing, LaterChanges
from xiaobao_desktop.services.options import save_settings
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.attachments import NewFile
from xiaobao_desktop.store.query import Query

FILING, TRAINING = ledger("filing"), ledger("training")
OCTOBER = month(2026, 10)
DETAILS = Details(date(2026, 11, 2), "某农商消保〔2026〕7号", "省联社消费者权益保护部", date(2026, 11, 5))


def a_case(session: Session, received: str, *steps: Values, **values: Value) -> int:
    entered: dict[str, Value] = {"category": "B.01", "cause": "C.01", "phone": "13907991234", **values}
    return int(str(records.save(session, COMPLAINT, a_complaint(received, *steps, **entered)).record.id))


def closed(on: str) -> tuple[Values, ...]:
    return tuple({"kind": kind, "happened_on": on} for kind in ("decide", "close"))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed book with one complaint of September, two of October, and one training."""
    opened = new_book(tmp_path_factory.mktemp("filing") / "book")
    a_case(opened, "2026-09-20", *closed("2026-09-25"))
    a_case(opened, "2026-10-08", *closed("2026-10-12"))
    a_case(opened, "2026-10-20")
    values: dict[str, Value] = {"held_on": "2026-10-15", "topic": "适当性管理", "expected": 20, "attended": 18}
    records.save(opened, TRAINING, Record(values))
    opened.close()
    return opened.directory


@pytest.fixture
def session(template: Path, tmp_path: Path) -> Iterator[Session]:
    """A copy of it, open."""
    shutil.copytree(template, tmp_path / "book")
    opened = books.open_book(tmp_path / "book", None, clock=Clock())
    yield opened
    opened.close()


def filed(session: Session, details: Details = DETAILS, *, drawn: bool = False) -> tuple[Draft, dict[str, bytes], int]:
    """October's report filed: the draft, the bytes that went out (a stand-in unless ``drawn``), the record."""
    draft = filing.prepare(session, "monthly", OCTOBER)
    contents = filing.render(draft, details) if drawn else {"pdf": f"%PDF-1.7 {draft.version}".encode()}
    return draft, contents, int(str(filing.file(session, draft, details, contents).record.id))


def changes(session: Session, record_id: int) -> LaterChanges:
    return filing_changes.later_changes(session, record_id)


def test_what_went_out_is_kept_byte_for_byte(session: Session, tmp_path: Path) -> None:
    draft, contents, record_id = filed(session, drawn=True)
    assert list(contents) == ["pdf", "docx"]
    values = records.get(session, FILING, record_id).values
    assert (values["title"], values["version"], values["state"]) == ("2026年10月消保工作月报", 1, "filed")
    assert (values["filed_on"], values["due_on"], values["dated_on"]) == ("2026-11-02", "2026-11-05", "2026-11-02")
    assert all(finding.ok for finding in session.book.verify())
    session.close()
    again = books.open_book(tmp_path / "book", None, clock=Clock())
    (version,) = filing.versions(again, "monthly", OCTOBER)
    kept = {entry.name.rsplit(".", 1)[-1]: attachments.open_bytes(again, entry.id) for entry in version.files}
    assert kept == contents
    again.close()
    # Drawn anew from the same draft it is the same paper to the last byte.
    assert reporting.render(filing.finished(draft, DETAILS), "pdf") == contents["pdf"]
    (tmp_path / "月报.pdf").write_bytes(contents["pdf"])
    text = pdf_text(tmp_path / "月报.pdf")
    assert "某农商消保〔2026〕7号" in text
    assert "省联社消费者权益保护部：" in text
    assert "2026年11月2日" in text
    assert "复核页" not in text


def test_the_figures_are_frozen_with_their_records(session: Session) -> None:
    draft, contents, record_id = filed(session)
    entry = next(item for item in attachments.list_of(session, FILING, record_id) if item.evidence == "basis")
    body = json.loads(attachments.open_bytes(session, entry.id))
    received = next(item for item in body["figures"] if item["key"] == "received")
    assert (received["value"], received["ids"], received["ledger"]) == ("2件", [2, 3], "complaint")
    assert set(body["files"].values()) == {hashlib.sha256(content).hexdigest() for content in contents.values()}
    assert filing_changes.basis(session, record_id).figures == draft.figures


def test_the_kept_files_cannot_be_removed(session: Session) -> None:
    _draft, _contents, record_id = filed(session)
    for entry in attachments.list_of(session, FILING, record_id):
        with pytest.raises(AttachmentKept, match="重新定稿"):
            attachments.remove(session, entry.id)


def test_nothing_changed_since(session: Session) -> None:
    _draft, _contents, record_id = filed(session)
    a_case(session, "2026-11-03")  # not of this period, and the limits of October are over
    assert changes(session, record_id) == LaterChanges()
    assert changes(session, record_id).words == ""


def test_an_edit_is_told_with_the_figures_it_changes(session: Session) -> None:
    _draft, _contents, record_id = filed(session)
    records.save(session, COMPLAINT, Record({"category": "B.02"}, {}, 3), operation="改业务类别")
    records.save(session, COMPLAINT, Record({"request": "请尽快答复"}, {}, 2))
    found = changes(session, record_id)
    assert [(item.number, item.fate, item.operation) for item in found.items] == [
        ("TS-2026-0003", "changed", "改业务类别"),
        ("TS-2026-0002", "changed", "修改投诉"),
    ]
    assert {"人民币储蓄", "贷款"} <= set(found.items[0].figures)
    assert found.items[1].figures == ("人民币储蓄",) or not found.items[1].figures
    assert found.words.startswith("此后变动 2 件")
    assert any(name == "人民币储蓄" for name, _before, _now in found.figures)


def test_a_change_taken_back_is_none(session: Session) -> None:
    _draft, _contents, record_id = filed(session)
    records.save(session, COMPLAINT, Record({"category": "B.02"}, {}, 3))
    undo.undo(session)
    assert changes(session, record_id) == LaterChanges()


def test_a_deletion_and_a_late_entry_are_told(session: Session) -> None:
    _draft, _contents, record_id = filed(session)
    records.delete(session, COMPLAINT, 2)
    late = a_case(session, "2026-10-30")
    records.delete(session, TRAINING, 1)
    found = changes(session, record_id)
    fates = {(item.ledger, item.record_id): item.fate for item in found.items}
    assert fates == {("complaint", 2): "deleted", ("complaint", late): "new", ("training", 1): "deleted"}
    assert found.words == "此后变动 3 件，其中 3 件影响报告数字"
    assert ("培训次数", "1次", "0次") in found.figures
    assert set(found.ids("complaint")) == {2, late}


def test_a_case_ended_after_the_period_changes_no_figure(session: Session) -> None:
    _draft, _contents, record_id = filed(session)
    steps = ({"kind": "received", "happened_on": "2026-10-20"}, *closed("2026-11-03"))
    records.save(session, COMPLAINT, Record({}, {"step": steps}, 3))
    found = changes(session, record_id)
    assert [item.fate for item in found.items] == ["changed"]
    assert (found.words, found.figures) == ("此后变动 1 件，不影响报告数字", ())


def other_than_filed(session: Session) -> list[str]:
    """The warnings that speak of the version filed before."""
    points = filing_warnings.warnings(session, filing.prepare(session, "monthly", OCTOBER))
    return [point.words for point in points if "与已定稿的第" in point.words]


@pytest.mark.parametrize("digits", ["1", "0"])
def test_fewer_decimals_make_no_filed_figure_differ(session: Session, digits: str) -> None:
    _draft, _contents, record_id = filed(session)
    save_settings(session, percent_digits=digits)
    assert other_than_filed(session) == []
    records.save(session, COMPLAINT, Record({"request": "请尽快答复"}, {}, 2))
    assert changes(session, record_id).figures == ()
    records.save(session, COMPLAINT, Record({"satisfaction": "satisfied"}, {}, 2))
    told = changes(session, record_id).figures
    assert told == (("满意度", "—", "100.00%"),), "told with the decimals of the paper that went out"
    assert other_than_filed(session) == ["与已定稿的第 1 版不同：满意度由—变为100.00%"]


def test_an_issue_that_does_not_say_its_decimals_shows_them(session: Session) -> None:
    draft, _contents, record_id = filed(session)
    body = json.loads(filing.frozen(draft, DETAILS, {}))
    assert body.pop("digits") == 2
    older = json.dumps(body).encode()
    kept = next(item for item in attachments.list_of(session, FILING, record_id) if item.evidence == "basis")
    with session.book.transaction("旧版定稿", "王芳", session.now()) as writing:
        writing.detach(kept.id)
        sha256 = hashlib.sha256(older).hexdigest()
        file = NewFile(session.book.keep_content(older), sha256, "数字底稿.json", "application/json", len(older))
        writing.attach(FILING, record_id, file, evidence="basis")
    save_settings(session, percent_digits="0")
    assert filing_changes.basis(session, record_id).request.digits == 2
    assert other_than_filed(session) == []


def test_a_corrected_issue_is_a_new_version_and_the_old_one_stays(session: Session) -> None:
    _draft, first, record_id = filed(session)
    records.delete(session, COMPLAINT, 3)
    draft, second, _record = filed(session, Details(date(2026, 11, 3), "某农商消保〔2026〕8号"))
    assert draft.version == 2
    newer, older = filing.versions(session, "monthly", OCTOBER)
    assert (newer.version, newer.replaced, older.version, older.replaced) == (2, False, 1, True)
    assert attachments.open_bytes(session, older.files[0].id) == first["pdf"]
    assert attachments.open_bytes(session, newer.files[0].id) == second["pdf"] != first["pdf"]
    assert records.get(session, FILING, record_id).values["state"] == "replaced"
    assert (changes(session, newer.record_id).items, len(changes(session, older.record_id).items)) == ((), 1)
    undo.undo(session)
    (only,) = filing.versions(session, "monthly", OCTOBER)
    assert (only.version, only.replaced) == (1, False)


def test_a_draft_overtaken_by_another_version_is_refused(session: Session) -> None:
    draft, contents, _record_id = filed(session)
    with pytest.raises(FiledMeanwhile, match="第 1 版"):
        filing.file(session, draft, DETAILS, contents)
    assert listing.count(session, FILING, Query()) == 1


def test_the_next_number_follows_the_last_of_the_year(session: Session) -> None:
    assert filing.suggested_number(session, date(2026, 11, 2)) == ""
    filed(session)
    assert filing.suggested_number(session, date(2026, 11, 3)) == "某农商消保〔2026〕8号"
    assert filing.suggested_number(session, date(2027, 1, 5)) == ""


def test_a_filing_entered_by_hand_has_no_figures(session: Session) -> None:
    entered: dict[str, Value] = {"title": "自评估报告", "due_on": "2026-12-01"}
    saved = records.save(session, FILING, Record(entered)).record
    assert (saved.values["state"], saved.values["dated_on"]) == ("pending", "2026-12-01")
    with pytest.raises(BasisMissing, match="手工登记"):
        filing_changes.later_changes(session, saved.id or 0)


def test_every_report_can_be_registered_and_checked(session: Session) -> None:
    known = {item.id for item in session.rules.catalog.list("filing_report").items}
    assert {info.name for info in reporting.reports()} <= known
    assert all(reporting.kind(info.name).figures is not None for info in reporting.reports())


def test_the_check_page_lists_every_figure_and_stays_inside(session: Session, tmp_path: Path) -> None:
    built = reporting.build(session, "monthly", OCTOBER)
    found = checking.figures(session, built)
    page = checking.page(session, built, found)
    (tmp_path / "复核页.pdf").write_bytes(reporting.render(page, "pdf"))
    text = pdf_text(tmp_path / "复核页.pdf")
    assert "2026年10月消保工作月报复核页" in text
    assert f"{len(found)}项全部通过" in text
    for figure in found:
        assert "".join(figure.value.split()) in text
    assert "1÷2＝50.00%" in text
    assert "18÷20＝90.00%" in text


def test_a_register_kept_elsewhere_is_imported_by_its_headers(session: Session, tmp_path: Path) -> None:
    file = sheet(
        tmp_path / "报送台账.xlsx",
        ("序号", "报告名称", "主送机关", "报送周期", "报送期限", "报送日期", "发文字号"),
        (1, "2025年消保自评估报告", "中国人民银行某某分行", "年", "2026.1.31", "2026.1.28", "某银〔2026〕2号"),
        (2, "三季度消保情况", "某某监管分局", "季", "2026.10.10", None, None),
    )
    plan, result = imported(session, file, key="filing")
    assert (len(result.numbers), plan.rejected) == (2, ())
    first, second = (records.get(session, FILING, one).values for one in (1, 2))
    assert (first["state"], first["dated_on"], first["cycle"]) == ("filed", "2026-01-28", "year")
    assert (second["state"], second["dated_on"], second["cycle"]) == ("pending", "2026-10-10", "quarter")
    assert filing.suggested_number(session, date(2026, 11, 3)) == "某银〔2026〕3号"
