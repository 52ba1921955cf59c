"""汇总: packages of other banks taken into one book; repeated, newer, damaged, taken back; whose clocks run."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PIL import Image

from tests.services.banks import OCTOBER, PASSPHRASE, Bank, take
from tests.services.report_text import written
from tests.services.support import COMPLAINT, STAFF, Clock, a_complaint, add_branch, new_book, pdf_text
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.ledgers.training import GROUP_COUNTS
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.exchange import package
from xiaobao_desktop.services import (
    attachments,
    complaint_statistics,
    consolidation,
    exporting,
    list_export,
    listing,
    organisation,
    origins,
    reading,
    records,
    reporting,
    todo,
    training_statistics,
    undo,
)
from xiaobao_desktop.services.consolidation import ConsolidationCancelled, NoPackages, State
from xiaobao_desktop.services.exporting import Order
from xiaobao_desktop.services.reporting import NothingToReport
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Condition, Query

TRAINING = ledger("training")
STEPS = ({"kind": "received", "happened_on": "2026-10-08"}, {"kind": "transfer", "happened_on": "2026-10-09"})


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    made = Bank(tmp_path, "云岭村镇银行")
    yield made
    made.session.close()


@pytest.fixture
def union(tmp_path: Path) -> Iterator[Session]:
    """The book that takes packages in, a day later."""
    clock = Clock()
    clock.move(days=1)
    made = new_book(tmp_path / "union", clock)
    yield made
    made.close()


def state(session: Session, path: Path, *passphrases: str) -> tuple[State, str]:
    (found,) = consolidation.look(session, [path], passphrases)
    return found.state, found.reason


def taken(session: Session) -> list[Record]:
    """The complaints of other books, in order of entry."""
    ids = listing.ids(session, COMPLAINT, Query(where=(Condition("origin", "not_empty"),)))
    return session.book.records(COMPLAINT, ids)


def bare(record: Record) -> tuple[Any, Any]:
    """Values and rows without what is each book's own: row ids and ids of linked records."""
    links = {item.key for item in COMPLAINT.fields if item.kind.value == "link"}
    values = {key: value for key, value in record.values.items() if value is not None and key not in links}
    rows = [
        [{key: value for key, value in row.items() if key != "id"} for row in rows] for rows in record.children.values()
    ]
    return values, rows


def test_every_value_and_step_comes_over_and_the_record_knows_its_origin(bank: Bank, union: Session) -> None:
    own = records.save(union, COMPLAINT, a_complaint("2026-10-01")).record
    branch = add_branch(bank.session, "营业部")
    add_branch(union, "营业部")
    first = bank.complaint(*STEPS, branch=branch, amount=123456789, content="=1+1\n第二行，电话13907991234")
    second = bank.complaint(repeat=True, merged_into=first)
    path = bank.send(masked=False, reason="监管检查")
    result = take(union, path, passphrases=("另一个口令 0000", PASSPHRASE))
    assert [took.added for _item, took in result.taken] == [3], "two complaints and the branch"
    sent = bank.session.book.records(COMPLAINT, [first, second])
    got = taken(union)
    assert [bare(one) for one in got] == [bare(one) for one in sent]
    assert got[1].values["merged_into"] == got[0].id, "links are found again by number"
    assert [one.number for one in got] == ["TS-2026-H00001", "TS-2026-H00002"]
    origin = union.book.origin(COMPLAINT, got[0].id or 0)
    assert origin is not None
    assert (origin.book, origin.number) == (origins.own(bank.session), sent[0].number)
    assert listing.display(union, COMPLAINT.field("branch"), got[0].values["branch"]) == "营业部（云岭村镇银行）"
    assert [name for _id, name in listing.link_options(union, "branch")] == ["营业部"], (
        "that of the other bank is not offered"
    )
    assert len(reading.lookups(union, COMPLAINT).links["branch"]) == 2, "nor found by an import: name and number of one"
    assert records.save(union, COMPLAINT, a_complaint("2026-10-02")).record.number == "TS-2026-0002"
    assert own.number == "TS-2026-0001"
    assert all(item.ok for item in union.book.verify())


def test_a_masked_package_brings_no_personal_data(bank: Bank, union: Session) -> None:
    bank.complaint(complainant="刘秀兰", phone="13907991234", content="请回电 13907991234")
    path = bank.send()
    with zipfile.ZipFile(path) as packed:
        data = packed.read("小保数据.json").decode()
    assert "13907991234" not in data
    assert "刘秀兰" not in data
    take(union, path)
    (got,) = taken(union)
    listed = list_export.sheet(union, list_export.whole(union, COMPLAINT))
    assert (listed.columns[-1].title, listed.rows[0][-1]) == ("来源机构", "云岭村镇银行")
    assert (got.values["complainant"], got.values["phone"]) == ("刘**", "139****1234")
    assert str(got.values["content"]).startswith("请回电 139")


def test_the_same_package_in_any_container_is_taken_in_once(bank: Bank, union: Session, tmp_path: Path) -> None:
    bank.complaint()
    path = bank.send()
    folder = tmp_path / "解开的"
    with zipfile.ZipFile(path) as packed:
        packed.extractall(folder)
    opened_by_us = path.with_suffix(".xbpack")
    opened_by_us.write_bytes(path.read_bytes())
    looked = consolidation.look(union, consolidation.find([folder, path.parent]))
    assert [item.state for item in looked] == [State.NEW, State.KNOWN, State.KNOWN]
    consolidation.run(union, looked)
    before = union.book.anchor()
    for one in (path, folder, opened_by_us):
        assert state(union, one)[0] is State.KNOWN
        assert take(union, one).taken == ()
    assert union.book.anchor() == before, "nothing was written"
    assert len(taken(union)) == 1


def test_a_newer_package_replaces_what_the_older_brought(bank: Bank, union: Session) -> None:
    _stays, altered, gone, both, _here = (bank.complaint(content=f"第{place}件") for place in range(5))
    older = bank.send()
    take(union, older)
    at = {str(one.values["content"]): int(str(one.id)) for one in taken(union)}
    records.save(union, COMPLAINT, Record({"remark": "省里批的"}, id=at["第3件"]))
    records.save(union, COMPLAINT, Record({"remark": "省里记的"}, id=at["第4件"]))
    bank.change(altered, content="第1件改", phone="")
    bank.change(both, content="第3件改")
    records.delete(bank.session, COMPLAINT, gone)
    bank.complaint(content="新的")
    newer = bank.send()
    assert state(union, newer)[0] is State.NEWER
    ((_item, took),) = take(union, newer).taken
    assert (took.added, took.changed, took.same, took.gone) == (1, 2, 1, 1)
    contents = {str(one.values["content"]): one for one in taken(union)}
    assert set(contents) == {"第0件", "第1件改", "第3件改", "第4件", "新的"}
    assert contents["第1件改"].id == at["第1件"]
    assert contents["第1件改"].values["phone"] is None
    assert took.replaced == [contents["第3件改"].number], "changed on both sides"
    assert contents["第3件改"].values["remark"] is None
    assert took.kept == [contents["第4件"].number], "changed here alone"
    assert contents["第4件"].values["remark"] == "省里记的"
    assert state(union, older)[0] is State.KNOWN
    assert all(item.ok for item in union.book.verify())


def test_an_older_package_does_not_come_back(bank: Bank, union: Session) -> None:
    first = bank.complaint(content="旧")
    older = bank.send()
    bank.change(first, content="新")
    take(union, bank.send())
    assert state(union, older)[0] is State.OLDER
    # Of another period, but older: the record is left as the later package has it.
    made = exporting.make(
        exporting.prepare(bank.session, Order(parse_period("2026Q4"), ("complaint",), with_report=False))
    )
    quarter = exporting.write(bank.session, made, older.parent).path
    bank.change(first, content="更新")
    take(union, bank.send())
    ((_item, took),) = take(union, quarter).taken
    assert (took.added, took.changed, took.same) == (0, 0, 1)
    assert [one.values["content"] for one in taken(union)] == ["更新"]


def test_each_bad_package_is_told_and_the_others_go_on(bank: Bank, union: Session, tmp_path: Path) -> None:
    bank.complaint()
    good = bank.send()
    without = bank.send(with_data=False)
    locked = bank.send(masked=False, reason="检查")
    cut = good.with_name("断了.zip")
    cut.write_bytes(good.read_bytes()[:-200])
    foreign = good.with_name("别的.zip")
    with zipfile.ZipFile(foreign, "w") as packed:
        packed.writestr("a.txt", "x")
    altered = good.with_name("改过.zip")
    rewritten(good, altered, **{"小保数据.json": b"{}"})
    records.save(union, COMPLAINT, a_complaint("2026-10-01"))
    made = exporting.make(exporting.prepare(union, Order(OCTOBER, ("complaint",), with_report=False)))
    own = exporting.write(union, made, good.parent).path
    looked = {item.path: item for item in consolidation.look(union, consolidation.find([good.parent]))}
    assert looked[good].usable
    assert "没有供汇总的数据" in looked[without].reason
    assert looked[locked].state is State.LOCKED
    assert "不完整" in looked[cut].reason
    assert "没有清单" in looked[foreign].reason
    assert "内容和导出时不一样" in looked[altered].reason
    assert "本行自己的" in looked[own].reason
    result = consolidation.run(union, list(looked.values()))
    assert [item.path for item, _took in result.taken] == [good]
    assert len(result.refused) == 6
    assert len(taken(union)) == 1
    assert state(union, locked, "不对的口令")[0] is State.LOCKED
    with pytest.raises(NoPackages):
        consolidation.find([tmp_path / "union"])


def test_a_package_under_a_passphrase_cannot_be_altered_without_it(bank: Bank, union: Session, tmp_path: Path) -> None:
    """The passphrase also makes the proof of the content: one byte changed anywhere in it is refused."""
    bank.complaint()
    locked = bank.send(masked=False, reason="检查")
    whole = locked.read_bytes()
    begin, end = whole.index(b"\x01\x99") + 60, whole.rindex(b"PK\x01\x02")
    for place in range(begin, end, (end - begin) // 12):
        altered = tmp_path / f"{place}.zip"
        altered.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert state(union, altered, PASSPHRASE)[0] is State.REFUSED, place
    assert state(union, locked, PASSPHRASE)[0] is State.NEW


def rewritten(source: Path, target: Path, **contents: bytes) -> None:
    """A copy of a package with other contents of some files, the manifest being one of them."""
    with zipfile.ZipFile(source) as packed, zipfile.ZipFile(target, "w") as made:
        for name in packed.namelist():
            made.writestr(name, contents.get(name, packed.read(name)))


def forged(source: Path, target: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """A package whose data was changed and whose manifest agrees with it: whole, but no work of the program."""
    with zipfile.ZipFile(source) as packed:
        data = json.loads(packed.read("小保数据.json"))
        manifest = json.loads(packed.read("manifest.json"))
    change(data)
    content = json.dumps(data).encode()
    for item in manifest["files"]:
        if item["kind"] == package.DATA:
            item["sha256"] = hashlib.sha256(content).hexdigest()
    told = json.dumps(manifest).encode()
    rewritten(source, target, **{"小保数据.json": content, "manifest.json": told})
    return target


def first_record(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["ledgers"]["complaint"]["records"][0]
    return found


SPOILT: tuple[Callable[[dict[str, Any]], object], ...] = (
    lambda data: first_record(data)["values"].update(received_on="昨天"),
    lambda data: first_record(data)["values"].update(amount="1; DROP TABLE"),
    lambda data: first_record(data)["values"].update(amount=10**30),
    lambda data: first_record(data)["values"].update(branch=7),
    lambda data: first_record(data)["values"].update(rights="respect"),
    lambda data: first_record(data)["children"].update(step=[{"kind": 3}]),
    lambda data: first_record(data)["files"].append({"file": "../../etc/passwd"}),
    lambda data: first_record(data)["files"].append(a_file("../../etc/passwd")),
    lambda data: data["ledgers"]["complaint"]["records"].append(first_record(data)),
    lambda data: first_record(data).update(number=None),
    lambda data: data.update(version=99),
    lambda data: data.update(ledgers=[]),
    lambda data: data.update(denominators={"2026": {"customers": -1}}),
    lambda data: data.update(denominators={"2026": {"customers": True}}),
    lambda data: data.update(denominators=[2026]),
)


def a_file(name: str) -> dict[str, Any]:
    """A file of a record as the data tells it."""
    words = {"name": "x.jpg", "sha256": "0", "media_type": "image/jpeg", "evidence": "proof", "caption": ""}
    return {"file": name, **words, "row": None, "width": None, "height": None}


def test_data_that_is_none_is_refused_whole(bank: Bank, union: Session, tmp_path: Path) -> None:
    bank.complaint(*STEPS)
    good, before = bank.send(), union.book.anchor()
    for place, change in enumerate(SPOILT):
        result = take(union, forged(good, tmp_path / f"bad{place}.zip", change))
        assert result.taken == ()
        assert any(words in result.refused[0].reason for words in ("汇总数据", "先升级小保", "里面没有")), place
        assert union.book.history(COMPLAINT, 1) == []
    assert taken(union) == []
    assert union.book.anchor() == before, "not even a note"


def test_a_package_of_an_older_program_is_taken_in(bank: Bank, union: Session, tmp_path: Path) -> None:
    """It tells no 年度基数, and what it has is of its period alone."""
    bank.complaint(*STEPS)
    result = take(union, forged(bank.send(), tmp_path / "older.zip", lambda data: data.pop("denominators")))
    assert len(result.taken) == 1
    (other,) = origins.others(union).values()
    assert other.denominators == {}
    assert [str(day) for day in other.packages[0].span] == ["2026-10-01", "2026-10-31"]


def test_the_run_is_undone_as_one_and_can_be_done_again(bank: Bank, union: Session) -> None:
    bank.complaint(branch=add_branch(bank.session, "城关支行"))
    path = bank.send(ledgers=("complaint",))
    take(union, path)
    assert undo.undo(union).name == "汇总报送包 1 个"
    assert taken(union) == []
    assert origins.others(union) == {}
    assert take(union, path).taken[0][1].changed == 2
    assert [one.number for one in taken(union)] == ["TS-2026-H00001"]
    assert all(item.ok for item in union.book.verify())


def test_what_an_undone_run_brought_comes_again(bank: Bank, union: Session) -> None:
    changed, gone = bank.complaint(content="旧"), bank.complaint(content="删")
    take(union, bank.send())
    bank.change(changed, content="新")
    records.delete(bank.session, COMPLAINT, gone)
    newer = bank.send()
    take(union, newer)
    undo.undo(union)
    assert sorted(str(one.values["content"]) for one in taken(union)) == ["删", "旧"]
    ((_item, took),) = take(union, newer).taken
    assert (took.changed, took.gone, took.kept, took.replaced) == (1, 1, [], [])
    undo.undo(union)
    bank.complaint(content="再新")
    ((_item, took),) = take(union, bank.send()).taken
    assert (took.added, took.changed, took.gone, took.kept) == (1, 1, 1, [])
    assert [one.values["content"] for one in taken(union)] == ["新", "再新"]


def test_a_cancelled_run_leaves_nothing(bank: Bank, union: Session) -> None:
    bank.complaint()
    looked = consolidation.look(union, [bank.send()])
    another = Bank(bank.folder, "清溪村镇银行")
    another.complaint()
    looked += consolidation.look(union, [another.send()])
    another.session.close()
    asked = iter((False, True))
    with pytest.raises(ConsolidationCancelled):
        consolidation.run(union, looked, cancelled=lambda: next(asked))
    assert taken(union) == []
    assert union.banks == {}
    with pytest.raises(ConsolidationCancelled):
        consolidation.look(union, [looked[0].path], cancelled=lambda: True)


def test_terms_of_other_banks_are_not_hers_but_statistics_count_them(bank: Bank, union: Session) -> None:
    staff = {**STAFF.defaults(), "name": "张伟", "group": next(iter(GROUP_COUNTS)), "group_post": "leader"}
    handler = int(str(records.save(bank.session, STAFF, Record(staff)).record.id))
    bank.complaint(*STEPS, handler=handler)
    take(union, bank.send())
    assert len(listing.ids(union, STAFF, Query())) == 1
    assert not any(training_statistics.staff_groups(union).values()), "nobody of another bank is to be trained here"
    assert organisation.read(union).members == ()
    later = union.today().replace(month=12)
    assert taken(union)[0].values["due_on"] is not None
    assert all(not band.items for band in todo.bands(union, later))
    assert todo.between(union, union.today().replace(month=1), later) == ()
    assert not any(gap.ids for gap in todo.gaps(union, union.today()))
    assert complaint_statistics.statistics(union, OCTOBER).total == 1
    facets = origins.facets(union, COMPLAINT, Query())
    assert [(name, count) for _sign, name, count in facets] == [("云岭村镇银行", 1)]
    assert listing.count(union, COMPLAINT, Query(where=(OWN,))) == 0


def test_entries_of_the_banks_own_are_found_by_name_or_added(bank: Bank, union: Session) -> None:
    with bank.session.book.transaction("本行来源", "王芳", bank.session.now()) as writing:
        writing.put_choice({"list_name": "source", "id": "own-1", "name": "行长信箱"})
        writing.put_choice({"list_name": "source", "id": "own-2", "name": "村委转来"})
    bank.session.forget()
    with union.book.transaction("本行来源", "王芳", union.now()) as writing:
        writing.put_choice({"list_name": "source", "id": "own-1", "name": "别的意思"})
        writing.put_choice({"list_name": "source", "id": "own-9", "name": "行长信箱"})
    union.forget()
    bank.complaint(source="own-1")
    bank.complaint(source="own-2")
    take(union, bank.send())
    shown = [listing.display(union, COMPLAINT.field("source"), one.values["source"]) for one in taken(union)]
    assert shown == ["行长信箱", "村委转来"]
    assert taken(union)[0].values["source"] == "own-9"


def picture(path: Path, colour: str) -> Path:
    Image.new("RGB", (60, 40), colour).save(path, "JPEG")
    return path


def test_photos_go_along_masked_and_every_file_unmasked(bank: Bank, union: Session, tmp_path: Path) -> None:
    values = {**TRAINING.defaults(), "held_on": "2026-10-15", "topic": "反诈培训"}
    event = int(str(records.save(bank.session, TRAINING, Record(values)).record.id))
    attachments.add(
        bank.session, TRAINING, event, "photo", picture(tmp_path / "张三签到.jpg", "red"), "张三 13907991234"
    )
    attachments.add(bank.session, TRAINING, event, "material", picture(tmp_path / "课件.jpg", "blue"))
    masked = bank.send(ledgers=("training",), with_files=True)
    assert exporting.verify(masked).ok
    with zipfile.ZipFile(masked) as packed:
        names = packed.namelist()
    assert [name for name in names if name.startswith("附件/")] == ["附件/培训/PX-2026-0001-1.jpg"]
    ((_item, took),) = take(union, masked).taken
    assert took.files == 1
    (there,) = union.book.ids(TRAINING, Query())
    (kept,) = attachments.list_of(union, TRAINING, there)
    assert (kept.name, kept.evidence) == ("照片1.jpg", "photo")
    assert "13907991234" not in kept.caption
    assert Image.open(io.BytesIO(union.book.content(union.book.attachments(TRAINING, there)[0].file))).size == (60, 40)
    take(
        union, bank.send(ledgers=("training",), with_files=True, masked=False, reason="检查"), passphrases=(PASSPHRASE,)
    )
    assert {item.evidence for item in attachments.list_of(union, TRAINING, there)} == {"photo", "material"}
    for entry in attachments.list_of(bank.session, TRAINING, event):
        attachments.remove(bank.session, entry.id)
    take(union, bank.send(ledgers=("training",), with_files=True))
    assert [item.evidence for item in attachments.list_of(union, TRAINING, there)] == ["material"], (
        "a masked package speaks of photos alone"
    )
    assert all(item.ok for item in union.book.verify())


def test_the_table_by_origin_counts_each_bank_and_adds_up(bank: Bank, union: Session, tmp_path: Path) -> None:
    with pytest.raises(NothingToReport, match="汇总报送包"):
        reporting.build(union, "consolidated", OCTOBER)
    ending = [{"kind": kind, "happened_on": "2026-10-12"} for kind in ("decide", "inform", "close")]
    for ended in (True, True, False):
        bank.complaint(STEPS[0], *(ending if ended else ()))
    training = {**TRAINING.defaults(), "held_on": "2026-10-15", "topic": "反诈培训"}
    records.save(bank.session, TRAINING, Record(training))
    records.save(union, COMPLAINT, a_complaint("2026-10-02"))
    take(union, bank.send(ledgers=("complaint", "training")))
    built = reporting.build(union, "consolidated", OCTOBER)
    page = openpyxl.load_workbook(written(built, tmp_path, "xlsx")).active
    assert page is not None
    rows = [row for row in page.iter_rows(values_only=True) if isinstance(row[3], int)]
    assert [(str(row[1]), *row[2:6], row[-1]) for row in rows] == [
        (union.settings.bank, "齐", 1, 0, 0, 0),
        ("云岭村镇银行", "齐", 3, 2, pytest.approx(66.67), 1),
        ("合　计", "齐", 4, 2, 50, 1),
    ]
    text = pdf_text(written(built, tmp_path, "pdf"))
    assert "2云岭村镇银行齐3266.67" in text
    assert "合计齐4250.00" in text
