"""Destroying records whose term is over, in a real encrypted book: nothing of them is left anywhere, figures stay."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import openpyxl
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from tests.services.support import COMPLAINT, LEDGER_FILE, Clock, a_complaint, imported, new_book, pdf_text
from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers import all_ledgers, ledger
from xiaobao_desktop.domain.masking import ERASED
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import (
    attachments,
    audit_log,
    backup_places,
    backups,
    books,
    checking,
    drafts,
    erasing,
    erasing_papers,
    export_log,
    import_names,
    import_undo,
    importing,
    list_export,
    listing,
    records,
    report_words,
    reporting,
    restoring,
    retention,
    saved_filters,
    undo,
)
from xiaobao_desktop.services.erasing import Approval
from xiaobao_desktop.services.list_export import ListOrder
from xiaobao_desktop.services.options import save_settings
from xiaobao_desktop.services.retention import Candidate
from xiaobao_desktop.services.saved_filters import SavedFilter
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import erasing as store_erasing
from xiaobao_desktop.store import repair, schema
from xiaobao_desktop.store.audit import LogQuery
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.erasing import Remains
from xiaobao_desktop.store.forgetting import Noted
from xiaobao_desktop.store.layout import BOOK_FILE
from xiaobao_desktop.store.origins import Origin
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.store.wreck import Wreck

NAME, PHONE, ID_NUMBER = "欧阳销毁甲", "13712345678", "110101199003078047"
TEXT, STEP_TEXT, FILE_WORDS = "柜面多收年费玛瑙", "已电话核对琥珀", b"%PDF-1.7 \xe7\x8f\x8a\xe7\x91\x9a"
MARKERS = (NAME, PHONE, ID_NUMBER, TEXT, STEP_TEXT, "翡翠身份证")
LATER = datetime(2032, 3, 1, 9, 0, tzinfo=timezone(timedelta(hours=8)))
APPROVED = Approval("行长 李建国", date(2032, 2, 27), "某行消保〔2032〕3号", "保管期满")


def closed(on: str, note: str = "已办") -> tuple[Values, ...]:
    return tuple({"kind": kind, "happened_on": on, "note": note} for kind in ("decide", "inform", "close"))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed book of 2026: a closed complaint with all that can be known of it, one more, and an open one."""
    folder = tmp_path_factory.mktemp("erasing")
    session = new_book(folder / "book", Clock())
    first = records.save(
        session,
        COMPLAINT,
        a_complaint(
            "2026-10-08",
            *closed("2026-10-12", STEP_TEXT),
            complainant=NAME,
            phone=PHONE,
            id_number=ID_NUMBER,
            content=TEXT,
            source_number="12378-20261008-01",
            category="B.01",
            cause="C.01",
            product="借记卡",
        ),
    ).record
    paper = folder / "翡翠身份证.pdf"
    paper.write_bytes(FILE_WORDS)
    attachments.add(session, COMPLAINT, first.id or 0, "material", paper)
    removed = attachments.add(session, COMPLAINT, first.id or 0, "material", paper, "翡翠身份证")
    attachments.remove(session, removed.entry.id)
    changed: dict[str, Value] = {**first.values, "content": f"{TEXT}，已更正"}
    records.save(session, COMPLAINT, Record(changed, first.children, first.id))
    records.save(session, COMPLAINT, a_complaint("2026-10-09", *closed("2026-10-20"), phone="13900001111"))
    records.save(session, COMPLAINT, a_complaint("2026-10-10", complainant="赵未结"))
    order = ListOrder(COMPLAINT, [first.id or 0], ("complainant",), {}, narrowed=f"搜索“{NAME}”")
    list_export.write(session, order, folder / "列表.xlsx")
    session.close()
    return session.directory


@pytest.fixture
def clock() -> Clock:
    return Clock(LATER)


@pytest.fixture
def session(template: Path, tmp_path: Path, clock: Clock) -> Iterator[Session]:
    """A copy of it, open in March 2032."""
    shutil.copytree(template, tmp_path / "book")
    opened = books.open_book(tmp_path / "book", None, clock=clock)
    yield opened
    opened.close()


def ready(session: Session) -> list[Candidate]:
    return [one for one in retention.candidates(session, session.today()) if one.ready]


def destroyed(session: Session, *numbers: str) -> erasing.Result:
    chosen = [one for one in ready(session) if not numbers or one.number in numbers]
    return erasing.erase(session, chosen, APPROVED, erasing.phrase(len(chosen)))


def decrypted(session: Session) -> bytes:
    """Every byte of the book's file, page for page, as whoever has the key could read it; closes the book.

    SQLCipher 4: 4096 bytes a page, the last 80 are nonce (16) and authentication, the first 16 of the file its salt.
    """
    data_key = session.book._data_key
    session.close()
    assert not (session.directory / f"{BOOK_FILE}-wal").exists()
    raw = (session.directory / BOOK_FILE).read_bytes()
    pages = []
    for start in range(0, len(raw), 4096):
        page = raw[start : start + 4096]
        body = page[16 if start == 0 else 0 : 4016]
        pages.append(Cipher(AES(data_key), CBC(page[4016:4032])).decryptor().update(body))
    return b"".join(pages)


def found_in(data: bytes) -> list[str]:
    return [marker for marker in MARKERS if marker.encode() in data]


def grams_of(session: Session) -> set[str]:
    """Whatever the search index holds, deleted or not."""
    db = session.book._db
    db.execute("CREATE VIRTUAL TABLE temp.held USING fts5vocab(main, search_complaint, row)")
    return {row[0] for row in db.execute("SELECT term FROM temp.held")}


def test_nothing_of_a_destroyed_record_is_left_in_any_page(session: Session) -> None:
    chosen = ready(session)[0]
    drafts.keep(session, COMPLAINT, chosen.id, {"content": TEXT}, {})
    pair = "".join(f"{ord(letter):05x}" for letter in "玛瑙")
    assert pair in grams_of(session)
    session.book._db.execute("DROP TABLE temp.held")

    result = destroyed(session, chosen.number)

    assert (result.records, result.files, result.tidied) == (1, 1, True)
    assert pair not in grams_of(session)
    pool = session.directory / "attachments"
    assert list(pool.rglob("*.bin")) == []
    verdicts = {finding.what: finding for finding in backups.verify(session)}
    assert all(finding.ok for finding in verdicts.values()), verdicts
    assert "1 件记录的内容已按规定销毁" in " ".join(finding.detail for finding in verdicts.values())
    assert found_in(decrypted(session)) == []


def test_the_pages_of_the_book_hold_the_markers_before(session: Session) -> None:
    """The control of the test above: what it looks for is found where nothing was destroyed."""
    assert found_in(decrypted(session)) == list(MARKERS)


def written_everywhere(session: Session, number: str, folder: Path) -> None:
    """What an officer can leave of a person outside the record, in this program and in older ones."""
    record = session.book.by_number(COMPLAINT, number)
    assert record is not None
    records.save(session, COMPLAINT, replace(record, values={**record.values, "amount": 1}), operation=f"登记{NAME}")
    undo.undo(session)
    with session.book.transaction("添加 翡翠身份证.pdf", session.user, session.now()) as writing:
        writing.note(COMPLAINT.key, record.id, {"reason": f"{NAME}来电"})
    saved_filters.keep(session, COMPLAINT, SavedFilter(f"{NAME}的投诉", search=PHONE))
    table = importing.best_table(COMPLAINT, importing.read_source(LEDGER_FILE))
    import_names.tell(session, COMPLAINT, table, "source", NAME, "visit")
    words = report_words.Words({"summary": f"客户{NAME}（{PHONE}）已退费。"})
    report_words.keep(session, report_words.Place("monthly", "2026-10"), words, "2026年10月月报")
    report_words.keep_draft(session, report_words.Place("monthly", "2026-11"), words)
    candidate = ready(session)[0]
    retention.hold(session, candidate, f"{NAME}在诉讼")
    retention.release(session, candidate)
    drafts.keep_typed(session, "review_words.new", "查敏感用语", {"text": f"{NAME} {ID_NUMBER}"})
    drafts.keep_typed(session, "obligation.new", "新增报送事项", {"name": "季报"})


def test_nothing_is_left_where_an_officer_wrote_of_the_person_elsewhere(session: Session, tmp_path: Path) -> None:
    number = ready(session)[0].number
    written_everywhere(session, number, tmp_path)
    assert NAME in str(audit_log.rows(session, audit_log.find(session, LogQuery())))

    destroyed(session, number)

    verdicts = [finding for finding in backups.verify(session) if not finding.ok]
    assert verdicts == []
    assert [entry.name for entry in saved_filters.saved_filters(session, COMPLAINT)] == [f"{ERASED}的投诉"]
    kept = report_words.read(session, report_words.Place("monthly", "2026-10"))
    assert kept.texts == {"summary": f"客户{ERASED}（{ERASED}）已退费。"}
    assert [item.place for item in drafts.all_typed(session)] == ["obligation.new"], "what tells of nobody stays"
    names = [row.operation for row in audit_log.rows(session, audit_log.find(session, LogQuery()))]
    assert {f"登记{ERASED}", f"撤销：登记{ERASED}", f"添加 {ERASED}"} <= set(names)
    beside = [path for path in session.directory.rglob("*") if path.is_file() and path.name != BOOK_FILE]
    assert [path for path in beside if found_in(path.read_bytes())] == []
    assert found_in(decrypted(session)) == []


def test_a_name_of_an_operation_that_was_given_anew_cannot_be_changed_unseen(session: Session, tmp_path: Path) -> None:
    written_everywhere(session, "TS-2026-0001", tmp_path)
    destroyed(session, "TS-2026-0001")
    old = backup_places.backup_here(session)
    db = session.book._db
    db.execute("DROP TRIGGER change_no_update")
    db.execute("UPDATE change SET operation = '登记别人' WHERE operation = ?", (f"登记{ERASED}",))
    db.execute(schema.TRIGGERS["change_no_update"])
    assert [finding.what for finding in backups.verify(session) if not finding.ok] == ["修改历史"]
    restoring.restore_into(session, old, None)
    assert all(finding.ok for finding in backups.verify(session)), "and a second erasure may follow"
    destroyed(session, "TS-2026-0002")
    assert all(finding.ok for finding in backups.verify(session))


def test_what_stays_is_number_dates_and_codes(session: Session) -> None:
    number = ready(session)[0].number
    before = session.book.by_number(COMPLAINT, number)
    destroyed(session, number)
    after = session.book.by_number(COMPLAINT, number)
    assert before is not None
    assert after is not None
    gone = {key for key, value in before.values.items() if after.values[key] != value}
    assert {after.values[key] for key in gone} == {ERASED}
    assert gone == {"complainant", "phone", "id_number", "content", "decision", "source_number"}
    assert [row["note"] for row in after.children["step"] if row["note"]] == [ERASED] * 3
    assert [row["happened_on"] for row in after.children["step"]] == [
        row["happened_on"] for row in before.children["step"]
    ]
    assert listing.display(session, COMPLAINT.field("phone"), after.values["phone"]) == ERASED
    assert listing.ids(session, COMPLAINT, Query(search=ERASED)) == [after.id]
    assert not session.book.marks_of(COMPLAINT, [after.id or 0])
    assert all(not entry.lines for entry in records.history(session, COMPLAINT, after.id or 0))


def test_figures_of_past_years_do_not_change(session: Session) -> None:
    def figures() -> list[object]:
        built = reporting.build(session, "annual", parse_period("2026"), date(2027, 1, 10))
        return [(one.key, one.value, one.ids) for one in checking.figures(session, built)]

    before = figures()
    destroyed(session)
    assert len(before) > 20
    assert figures() == before


def test_what_may_not_be_destroyed_says_why(session: Session, clock: Clock) -> None:
    told = {one.number: one for one in retention.candidates(session, session.today())}
    assert told["TS-2026-0003"].reasons == ("还没有办结",)
    assert told["TS-2026-0001"].due_on == "2031-10-13"
    retention.hold(session, told["TS-2026-0001"], "法院正在审理")
    linked = session.book.by_number(COMPLAINT, "TS-2026-0002")
    assert linked is not None
    other = told["TS-2026-0003"].id
    related = {"related": ({"other": f"complaint/{other}"},)}
    records.save(session, COMPLAINT, Record({}, related, linked.id))
    told = {one.number: one for one in retention.candidates(session, session.today())}
    assert told["TS-2026-0001"].reasons == ("已标记保留：法院正在审理",)
    assert told["TS-2026-0002"].reasons == ("关联的 TS-2026-0003 还没有办结",)
    with pytest.raises(erasing.NotDestroyable, match="法院正在审理"):
        erasing.erase(session, [told["TS-2026-0001"]], APPROVED, erasing.phrase(1))
    retention.release(session, told["TS-2026-0001"])
    assert [one.number for one in ready(session)] == ["TS-2026-0001"]
    clock.now = datetime(2031, 10, 12, 9, tzinfo=LATER.tzinfo)
    early = {one.number: one for one in retention.candidates(session, session.today())}
    assert early["TS-2026-0001"].reasons == ("保管期未满，2031-10-13 起可以销毁",)


def test_years_never_go_below_the_floor(session: Session) -> None:
    term = next(term for term in retention.terms(session) if term.ledger.key == "complaint")
    with pytest.raises(retention.YearsRefused, match="第四十四条"):
        retention.set_years(session, term, "2")
    with pytest.raises(retention.YearsRefused):
        save_settings(session, retention_years="两年")
    retention.set_years(session, term, "6")
    assert session.settings.retention_years == "6"
    assert ready(session) == []


@pytest.mark.parametrize(
    ("approval", "typed", "refusal"),
    [
        (Approval("", date(2032, 2, 1), "", "保管期满"), "销毁2件", "请填写批准人"),
        (Approval("李建国", date(2032, 3, 2), "", "保管期满"), "销毁2件", "还没有到"),
        (APPROVED, "销毁3件", "照样输入“销毁2件”"),
    ],
)
def test_nothing_is_destroyed_without_approval_and_confirmation(
    session: Session, approval: Approval, typed: str, refusal: str
) -> None:
    before = session.book.anchor()
    with pytest.raises(UserError, match=refusal):
        erasing.erase(session, ready(session), approval, typed)
    assert session.book.anchor() == before


def test_the_log_tells_of_it_and_nothing_can_be_taken_back(session: Session) -> None:
    chosen = ready(session)[0]
    records.save(session, ledger("training"), Record({"held_on": "2032-02-01", "topic": "适当性"}))
    destroyed(session, chosen.number)
    rows = audit_log.rows(session, audit_log.find(session, LogQuery(sort=audit_log.SORTS["销毁"])))
    assert "批准人：行长 李建国" in rows[0].note
    assert "批准文号：某行消保〔2032〕3号" in rows[0].note
    assert rows[1].what == f"投诉 {chosen.number}"
    assert NAME not in "".join(audit_log.rows(session, audit_log.find(session, LogQuery())).__str__())
    assert [entry.purpose for entry in export_log.entries(session)] == [""]
    assert undo.last_operation(session) is None
    with pytest.raises(records.RecordErased, match=chosen.number):
        records.save(session, COMPLAINT, Record({"content": "补记"}, {}, chosen.id, chosen.number))
    assert import_undo.past_imports(session, COMPLAINT) == ()
    assert chosen.number not in {one.number for one in retention.candidates(session, session.today())}


def test_a_content_that_vanishes_without_approval_is_still_a_fault(session: Session) -> None:
    destroyed(session, "TS-2026-0001")
    other = session.book.by_number(COMPLAINT, "TS-2026-0002")
    assert other is not None
    db = session.book._db
    trigger = db.execute("SELECT sql FROM sqlite_master WHERE name = 'change_content_no_delete'").fetchone()[0]
    db.execute("DROP TRIGGER change_content_no_delete")
    db.execute(
        "DELETE FROM change_content WHERE seq = (SELECT min(seq) FROM change WHERE record_id = ? AND ledger = ?)",
        (other.id, COMPLAINT.key),
    )
    db.execute(trigger)
    wrong = [finding for finding in backups.verify(session) if not finding.ok]
    assert [finding.what for finding in wrong] == ["修改历史", "投诉"]
    assert "的内容不见了" in wrong[0].detail


def test_old_backups_are_told_and_deleted_after_a_new_one(session: Session, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    old = backup_places.backup_here(session)
    away = backup_places.back_up_to_second(session, stick, backups.BackupKind.BY_HAND)
    assert len(list((stick / "附件池").rglob("*.bin"))) == 1
    result = destroyed(session)
    assert {copy.path for copy in result.leftovers.copies} == {old, away}
    assert list(stick.rglob("*.bin")) == [stick / "erased.bin"]
    left = erasing.drop_leftovers(session, result.leftovers)
    assert left.none
    assert not old.exists()
    assert not away.exists()
    assert len(list(stick.glob("*.xbbak"))) == 1
    assert erasing.leftovers(session).none
    assert all(finding.ok for finding in backups.verify(session))


def test_a_restored_backup_is_told_and_destroyed_again(session: Session, tmp_path: Path) -> None:
    old = backup_places.backup_here(session)
    destroyed(session, "TS-2026-0001")
    assert erasing.returned(session) == ()
    restoring.restore_into(session, old, None)
    back = erasing.returned(session)
    assert [item.numbers for item in back] == [("TS-2026-0001",)]
    assert back[0].erasure.facts["document"] == APPROVED.document
    assert erasing.erase_again(session, back) == 1
    assert erasing.returned(session) == ()
    assert all(finding.ok for finding in backups.verify(session))
    copies = erasing.leftovers(session).copies
    assert [copy.path.is_dir() for copy in copies if copy.path.name.startswith("replaced-")] == [True]
    assert erasing.drop_leftovers(session, erasing.leftovers(session)).none
    assert found_in(decrypted(session)) == []


def test_the_list_to_be_signed_is_masked(session: Session, tmp_path: Path) -> None:
    chosen = ready(session)
    pdf = tmp_path / "list.pdf"
    pdf.write_bytes(erasing_papers.render(erasing_papers.build(session, chosen)))
    text = pdf_text(pdf)
    assert "到期记录销毁清单" in text
    assert "TS-2026-0001欧**" in text
    assert "2031-10-13" in text
    assert "批准人：" in text
    assert "监销人：" in text
    assert NAME not in text
    target = tmp_path / "list.xlsx"
    erasing_papers.write_sheet(session, chosen, target)
    cells = [cell for row in openpyxl.load_workbook(target).active.iter_rows(values_only=True) for cell in row if cell]
    assert "TS-2026-0002" in cells
    assert NAME not in str(cells)
    assert export_log.entries(session)[0].operation == "导出销毁清单"


def test_an_import_is_taken_back_without_what_was_destroyed(tmp_path: Path) -> None:
    clock = Clock()
    session = new_book(tmp_path / "book", clock)
    imported(session)
    clock.now = LATER
    chosen = ready(session)[0]
    destroyed(session, chosen.number)
    past = import_undo.past_imports(session, COMPLAINT)[0]
    assert [kept.number for kept in import_undo.changed_since(session, COMPLAINT, past)] == [chosen.number]
    import_undo.take_back(session, COMPLAINT, past)
    assert session.book.count(COMPLAINT, Query()) == 1
    assert all(finding.ok for finding in backups.verify(session))
    session.close()


def test_a_rescued_book_keeps_its_history_past_what_was_destroyed(session: Session, tmp_path: Path) -> None:
    destroyed(session, "TS-2026-0001")
    last, data_key = session.book.anchor(), session.book._data_key
    session.close()
    wreck = Wreck(session.directory / BOOK_FILE, data_key)
    found = repair.rebuild(wreck, tmp_path / "new", data_key, all_ledgers(), who="王芳", at=LATER)
    assert (found.history, found.history_lost, found.lost) == (last.sequence, 0, ())
    assert found.whole
    with Book.open(tmp_path / "new", data_key, all_ledgers()) as book:
        record = book.by_number(COMPLAINT, "TS-2026-0001")
        assert record is not None
        assert record.values["complainant"] == ERASED
        history = next(finding for finding in book.verify() if finding.what == "修改历史")
        assert "1 件记录的内容已按规定销毁" in history.detail


def test_a_failure_in_the_middle_destroys_nothing(session: Session) -> None:
    before = session.book.anchor()
    known = [session.book.by_number(COMPLAINT, f"TS-2026-000{place}") for place in (1, 2)]
    first, second = (record for record in known if record is not None)
    wanted = [
        Remains(COMPLAINT, Record({"complainant": ERASED}, first.children, first.id, first.number), ""),
        Remains(COMPLAINT, Record({"complainant": 5}, second.children, second.id, second.number), ""),
    ]
    with pytest.raises(TypeError):
        store_erasing.erase(session.book, wanted, Noted((), frozenset()), {}, operation="销毁", who="王芳", at=LATER)
    assert session.book.anchor() == before
    assert all(finding.ok for finding in backups.verify(session))
    assert session.book.by_number(COMPLAINT, "TS-2026-0001") == first


def test_records_of_other_banks_are_left_to_them(session: Session) -> None:
    mine = session.book.by_number(COMPLAINT, "TS-2026-0002")
    assert mine is not None
    with session.book.transaction("汇总", "王芳", LATER) as writing:
        taken = writing.insert(COMPLAINT, Record(mine.values), origin=Origin("ab", "TS-2026-0009", "1", "cd"))
    numbers = {one.number for one in retention.candidates(session, session.today())}
    assert taken.number not in numbers
    assert mine.number in numbers


def test_a_deleted_record_that_never_ended_can_go_when_its_years_are_over(session: Session, clock: Clock) -> None:
    number = "TS-2026-0003"
    found = session.book.by_number(COMPLAINT, number)
    assert found is not None
    records.delete(session, COMPLAINT, found.id or 0)
    clock.now = LATER.replace(year=2037, day=2)
    one = next(one for one in ready(session) if one.number == number)
    assert (one.deleted, one.ended_on, one.due_on) == (True, "2032-03-01", "2037-03-02")
    destroyed(session, number)
    assert all(finding.ok for finding in backups.verify(session))
