"""What leaves the book: packages, locked ones, single tables, lists; masked, proven, logged, and checked again."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.services.support import COMPLAINT, a_complaint, add_branch, new_book
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.exchange import package
from xiaobao_desktop.exchange.locking import opened_xlsx
from xiaobao_desktop.exchange.package import PackageLocked, PackagePassphraseWrong, PackageUnreadable, PassphraseUnfit
from xiaobao_desktop.exchange.usb import SPARE
from xiaobao_desktop.files import TargetRefused
from xiaobao_desktop.services import export_log, export_run, exporting, list_export, records
from xiaobao_desktop.services.exporting import ExportCancelled, NothingToExport, Order, ReasonMissing
from xiaobao_desktop.services.ledger_cells import Audience
from xiaobao_desktop.services.list_export import ListOrder
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

OCTOBER = parse_period("2026-10")
PHONE, ID, CARD = "13907991234", "11010119900307803X", "6222021234567890128"
CONTENT = f"客户刘女士（{PHONE}）称卡{CARD}被收年费36.00元，身份证１１０１０１１９９００３０７８０３Ｘ"


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    made = new_book(tmp_path_factory.mktemp("export") / "book")
    branch = add_branch(made, "城关支行")
    for number in range(3):
        entered = a_complaint(
            f"2026-10-0{number + 1}",
            id_number=ID,
            content=CONTENT,
            amount=3600,
            branch=branch,
            source_number="202610034410",
        )
        records.save(made, COMPLAINT, entered)
    records.save(made, COMPLAINT, a_complaint("2026-09-05", content="=1+1"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def masked(session: Session, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A masked package of October."""
    order = Order(OCTOBER, ("complaint",), recipient="省联社", with_report=False)
    made = exporting.make(exporting.prepare(session, order))
    return exporting.write(session, made, tmp_path_factory.mktemp("stick")).path


@pytest.fixture(scope="module")
def locked(session: Session, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An unmasked package of October and its passphrase."""
    order = Order(OCTOBER, ("complaint",), masked=False, reason="监管检查", approver="李建国", with_report=False)
    made = exporting.make(exporting.prepare(session, order))
    return exporting.write(session, made, tmp_path_factory.mktemp("stick")).path, made.passphrase


def unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def cells(content: bytes) -> list[str]:
    """Every cell of a workbook as text."""
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    return [str(value) for row in page.iter_rows(values_only=True) for value in row if value is not None]


def pdf_words(content: bytes, folder: Path) -> str:
    (folder / "a.pdf").write_bytes(content)
    done = subprocess.run(["pdftotext", "-raw", str(folder / "a.pdf"), "-"], check=True, capture_output=True)
    return "".join(done.stdout.decode().split())


def test_a_masked_package_names_nobody_and_says_what_it_is(session: Session, masked: Path, tmp_path: Path) -> None:
    files = unpacked(masked)
    assert masked.name == "某某农村商业银行股份有限公司报送包2026年10月.zip"
    assert sorted(files) == ["manifest.json", "小保数据.json", "消费投诉台账.pdf", "消费投诉台账.xlsx"]
    words = "\n".join([*cells(files["消费投诉台账.xlsx"]), pdf_words(files["消费投诉台账.pdf"], tmp_path)])
    words += files["小保数据.json"].decode()
    for secret in (PHONE, ID, CARD, "刘秀兰", "１１０１０１１９９００３０７８０３Ｘ"):
        assert secret not in words
    assert "刘**" in words
    assert "36.00元" in words
    assert "202610034410" in words, "the number of a ticket names nobody"
    told = json.loads(files["manifest.json"])
    assert (told["bank"], told["period"], told["masked"], told["recipient"]) == (
        "某某农村商业银行股份有限公司",
        "2026-10",
        True,
        "省联社",
    )
    assert [item["rows"] for item in told["files"]] == [3, 3, 3]
    assert told["files"][-1]["title"] == "供小保汇总的数据（另有以前期间没办完或刚办完的1条）"
    assert len(told["anchor"]["mac16"]) == 16
    assert told["program"].startswith("xiaobao-desktop ")


def test_numbers_and_days_keep_their_types(masked: Path) -> None:
    page = openpyxl.load_workbook(io.BytesIO(unpacked(masked)["消费投诉台账.xlsx"])).active
    heads = [cell.value for cell in page[3]]
    first = dict(zip(heads, page[4], strict=True))
    assert first["收到日期"].is_date
    assert first["涉及金额"].value == 36


def test_a_package_is_checked_again_and_each_damage_is_seen(masked: Path, tmp_path: Path) -> None:
    checked = exporting.verify(masked)
    assert checked.ok
    assert [item.what for item in checked.findings] == ["消费投诉台账.xlsx", "消费投诉台账.pdf", "小保数据.json"]
    files = unpacked(masked)

    def repacked(**changed: bytes | None) -> Path:
        target = tmp_path / "anders.zip"
        with zipfile.ZipFile(target, "w") as packed:
            for name, content in {**files, **changed}.items():
                if content is not None:
                    packed.writestr(name, content)
        return target

    for change, words in (
        ({"消费投诉台账.xlsx": b"other"}, "内容和导出时不一样"),
        ({"消费投诉台账.pdf": None}, "包里没有"),
        ({"病毒.exe": b"MZ"}, "清单里没有这个文件"),
    ):
        found = exporting.verify(repacked(**change))
        assert not found.ok
        assert any(words in item.detail for item in found.findings if not item.ok)
    for broken in (masked.read_bytes()[:-200], b"no zip", b""):
        (tmp_path / "x.zip").write_bytes(broken)
        with pytest.raises(PackageUnreadable):
            exporting.verify(tmp_path / "x.zip")
    with pytest.raises(PackageUnreadable, match="manifest"):
        exporting.verify(repacked(**{"manifest.json": None}))
    told = json.loads(files["manifest.json"])
    wrong: tuple[object, ...] = (
        [],
        {},
        {"format": "xiaobao-package"},
        {**told, "version": 99},
        {**told, "files": [1]},
        {**told, "files": 3},
    )
    for manifest in wrong:
        with pytest.raises(PackageUnreadable):
            exporting.verify(repacked(**{"manifest.json": json.dumps(manifest).encode()}))
    with pytest.raises(PackageUnreadable, match="找不到"):
        exporting.verify(tmp_path / "weg.zip")


def test_a_locked_package_opens_with_its_digits_only(locked: tuple[Path, str]) -> None:
    path, passphrase = locked
    assert passphrase.isdigit()
    assert len(passphrase) == 24
    assert exporting.is_locked(path)
    with zipfile.ZipFile(path) as outer:
        assert outer.namelist() == ["报送包.zip"], "names of the files are hidden too"
    assert exporting.verify(path, exporting.spoken(passphrase)).ok, "blanks between the groups do no harm"
    with pytest.raises(PackageLocked):
        exporting.verify(path)
    with pytest.raises(PackagePassphraseWrong):
        exporting.verify(path, "1" * 24)


@pytest.mark.skipif(shutil.which("7z") is None, reason="7-Zip is not installed")
def test_seven_zip_opens_it(locked: tuple[Path, str], tmp_path: Path) -> None:
    path, passphrase = locked
    command = ["7z", "x", "-y", f"-o{tmp_path}", str(path)]
    assert subprocess.run([*command, "-p000"], check=False, capture_output=True).returncode
    subprocess.run([*command, f"-p{passphrase}"], check=True, capture_output=True)
    words = cells(unpacked(tmp_path / "报送包.zip")["消费投诉台账.xlsx"])
    assert "刘秀兰" in words
    assert PHONE in words
    assert ID in words


def test_the_passphrase_is_kept_nowhere(session: Session, locked: tuple[Path, str]) -> None:
    _path, passphrase = locked
    for note in session.book.notes(export_log.ABOUT):
        assert passphrase not in json.dumps(note.facts)
    assert passphrase not in str(session.book.settings())


def test_every_export_is_in_the_log(session: Session, masked: Path, locked: tuple[Path, str]) -> None:
    found = {entry.file: entry for entry in export_log.entries(session)}
    plain, secret = found[masked.name], found[locked[0].name]
    assert (plain.masked, plain.total, plain.recipient, plain.who, plain.done) == (True, 3, "省联社", "王芳", True)
    assert (secret.masked, secret.reason, secret.approver) == (False, "监管检查", "李建国")
    assert secret.at is not None
    assert 0 < plain.anchor[0] < secret.anchor[0]
    assert json.loads(unpacked(masked)["manifest.json"])["anchor"]["sequence"] == plain.anchor[0]
    known = export_log.of_file(session, locked[0])
    assert known is not None
    assert known.file == locked[0].name
    assert all(finding.ok for finding in session.book.verify())


def test_the_same_again_leaves_the_first_as_it_was(session: Session, masked: Path, tmp_path: Path) -> None:
    made = exporting.make(exporting.prepare(session, Order(OCTOBER, ("branch",), with_report=False)))
    first = exporting.write(session, made, tmp_path)
    before = first.path.read_bytes()
    second = exporting.write(session, made, tmp_path)
    assert second.path.name == first.path.stem + "（2）.zip"
    assert first.path.read_bytes() == before
    assert (
        json.loads(unpacked(masked)["manifest.json"])["origin"]
        == json.loads(unpacked(second.path)["manifest.json"])["origin"]
    )


def test_unmasked_needs_a_reason_and_an_approver(session: Session) -> None:
    with pytest.raises(ReasonMissing):
        exporting.prepare(session, Order(OCTOBER, masked=False))
    with pytest.raises(ReasonMissing, match="批准人"):
        exporting.table(session, COMPLAINT, Order(OCTOBER, masked=False, reason="检查"), "xlsx")


@pytest.mark.parametrize("weak", ["123456", "1111111111111111", "密码密码密码密码密码密码密码"])
def test_weak_passphrases_are_refused(weak: str) -> None:
    with pytest.raises(PassphraseUnfit):
        package.check_passphrase(weak)


def test_nothing_to_export_is_said(tmp_path: Path) -> None:
    empty = new_book(tmp_path / "book")
    with pytest.raises(NothingToExport, match="2031年"):
        exporting.prepare(empty, Order(parse_period("2031")))
    empty.close()


def test_cancelled_leaves_neither_file_nor_note(session: Session, tmp_path: Path) -> None:
    prepared = exporting.prepare(session, Order(OCTOBER, ("branch",), with_report=False))
    known = len(export_log.entries(session))
    with pytest.raises(ExportCancelled):
        exporting.make(prepared, cancelled=lambda: True)
    made = exporting.make(prepared)
    with pytest.raises(ExportCancelled):
        exporting.write(session, made, tmp_path, cancelled=lambda: True)
    assert list(tmp_path.iterdir()) == []
    assert len(export_log.entries(session)) == known


def test_a_single_table_leaves_with_an_opening_password(session: Session, tmp_path: Path) -> None:
    order = Order(OCTOBER, ("complaint",), masked=False, reason="监管检查", approver="李建国")
    outcome = export_run.tables(session, order, tmp_path, "xlsx", lambda *_told: None, lambda: False)
    ((made, written),) = outcome.files
    content = written.path.read_bytes()
    assert content[:4] == bytes.fromhex("d0cf11e0"), "an OLE file, as Excel keeps locked workbooks"
    words = cells(opened_xlsx(content, made.passphrase))
    assert "刘秀兰" in words
    assert CONTENT in words
    assert "=1+1" in words, "a text that looks like a formula stays a text"


def test_files_before_a_full_disk_are_told_with_the_trouble(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = Order(OCTOBER, ("branch", "complaint"))
    usage = shutil.disk_usage
    room = [usage(tmp_path).free, SPARE // 2]

    def shrinking(path: Path) -> object:
        return type("Usage", (), {"free": room.pop(0) if len(room) > 1 else room[0]})()

    monkeypatch.setattr("shutil.disk_usage", shrinking)
    outcome = export_run.tables(session, order, tmp_path, "csv", lambda *_told: None, lambda: False)
    assert [written.path.suffix for _made, written in outcome.files] == [".csv"]
    assert "请清出一些空间" in outcome.trouble


def test_a_place_that_is_no_folder_is_refused(session: Session, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    known = len(export_log.entries(session))
    with pytest.raises(TargetRefused):
        list_export.write(session, list_export.whole(session, COMPLAINT), tmp_path / "file" / "a.csv")
    assert len(export_log.entries(session)) == known


def test_a_list_is_exported_as_shown(session: Session, tmp_path: Path) -> None:
    ids = session.book.ids(COMPLAINT, Query(order=(("received_on", True),)))
    order = ListOrder(COMPLAINT, ids, ("amount", "complainant", "received_on"), {"received_on": "收到"}, "来源：来电")
    list_export.write(session, order, tmp_path / "列表.xlsx")
    page = openpyxl.load_workbook(tmp_path / "列表.xlsx").active
    rows = [[cell.value for cell in row][:4] for row in page.iter_rows(min_row=3, max_row=7)]
    assert rows[0][0] == "编号"
    assert rows[0][3] == "收到"
    assert [row[3].day for row in rows[1:]] == [3, 2, 1, 5]
    assert {row[2] for row in rows[1:]} == {"刘**"}
    list_export.write(session, order, tmp_path / "列表.csv")
    lines = (tmp_path / "列表.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].endswith("收到")
    assert lines[1].endswith(",36.00,刘**,2026-10-03")
    assert [entry.file for entry in export_log.entries(session)[:2]] == ["列表.csv", "列表.xlsx"]


def test_who_reads_decides_what_is_shown(session: Session) -> None:
    ids = session.book.ids(COMPLAINT, Query(order=(("received_on", True),)))[:1]

    def shown(audience: Audience) -> tuple[object, ...]:
        order = ListOrder(COMPLAINT, ids, ("complainant", "content"), {}, audience=audience)
        return list_export.sheet(session, order).rows[0][1:]

    assert shown(Audience.FULL) == ("刘秀兰", CONTENT)
    assert shown(Audience.WORK) == ("刘**", CONTENT)
    assert shown(Audience.OUTSIDE)[0] == "刘**"
    assert PHONE not in str(shown(Audience.OUTSIDE)[1])
