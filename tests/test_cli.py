"""Every command of the command line, once at least as a real process; refusals end with 1 and a Chinese sentence."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli_program import PASSWORD, ROOT, Outcome, environment, here, xiaobao
from tests.services.support import COMPLAINT, KEY, LEDGER_FILE, imported, new_book, pdf_text, sheet
from xiaobao_desktop.domain.ledgers import all_ledgers
from xiaobao_desktop.services import backups, books, listing
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.layout import BOOK_FILE, KEY_FILE
from xiaobao_desktop.store.query import Query

ALL = "2025-01-01..2026-10-31"

ALONE = ("export", "consolidate", "reencrypt", "repair", "self-test", "installer")
"""Commands whose module loads without the others."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book without a password holding the invented ledger, filled by the command line."""
    place = tmp_path_factory.mktemp("cli") / "账 簿"
    new_book(place).close()
    done = xiaobao("--book", place, "import", "complaint", LEDGER_FILE, "--json")
    assert done.code == 0, done
    assert (done.data["read"], done.data["imported"], len(done.data["rejected"])) == (140, KEY["records"], 3)
    return place


@pytest.fixture
def opened(filled: Path) -> Iterator[Session]:
    session = books.open_book(filled, None)
    yield session
    session.close()


def intact(place: Path, secret: str | None = None, records: int = KEY["records"]) -> bool:
    """Whether a book opens, verifies and still has its complaints."""
    session = books.open_book(place, secret)
    try:
        counted = listing.count(session, COMPLAINT, Query())
        return counted == records and all(finding.ok for finding in session.book.verify())
    finally:
        session.close()


def test_a_book_is_made_once_with_a_password_from_file_or_environment(tmp_path: Path) -> None:
    place, secret = tmp_path / "小保 账簿", tmp_path / "密码.txt"
    secret.write_text(f"\ufeff{PASSWORD}\r\n第二行不算\r\n", encoding="utf-8")
    words = ("--bank", "某某农村商业银行", "--officer", "王芳", "--json")
    made = xiaobao("--book", place, "--password-file", secret, "init", *words)
    assert made.code == 0, made
    key = made.data["recovery_key"]
    assert len(key.split()) == 8
    assert all(len(group) == 6 and group.isdecimal() for group in key.split())
    assert xiaobao("--book", place, "verify", password=PASSWORD).code == 0
    assert here("--book", place, "verify", password=key).code == 0
    assert "已经有一本台账" in here("--book", place, "init", *words, password=PASSWORD).refusal
    assert "密码不对" in here("--book", place, "list", "complaint", password="别的密码").refusal
    assert "XIAOBAO_PASSWORD" in here("--book", place, "list", "complaint").refusal
    assert "密码文件" in here("--book", place, "--password-file", tmp_path / "无", "list", "branch").refusal
    assert intact(place, PASSWORD, 0)


@pytest.mark.parametrize(
    "words",
    [
        ("list", "complaint", "--from", "2026-10-01"),
        ("list", "complaint", "--where", "source=来店"),
        ("stats", "--period", "2026-10"),
        ("report", "monthly", "--period", "2026-10", "--out", "x", "--format", "xlsx"),
        ("verify", "--fast"),
    ],
)
def test_a_process_of_its_own_says_what_is_said_here(filled: Path, words: tuple[str, ...]) -> None:
    assert here("--book", filled, *words) == xiaobao("--book", filled, *words)


def test_a_short_password_makes_no_book(tmp_path: Path) -> None:
    done = here("--book", tmp_path / "b", "init", "--bank", "行", "--officer", "王", password="1234567")
    assert "至少要 8 位，现在是 7 位" in done.refusal
    assert not (tmp_path / "b").exists()


def test_demo_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    rows = []
    for name in ("a", "b"):
        made = xiaobao("--book", tmp_path / name, "demo", "--seed", "3", "--complaints", "40", "--json")
        assert (made.code, made.data["complaint"], made.data["branch"]) == (0, 40, 14), made
        rows.append(here("--book", tmp_path / name, "list", "complaint").out)
    assert rows[0] == rows[1]
    assert len(rows[0]) > 1000
    assert "已经有一本台账" in here("--book", tmp_path / "a", "demo").refusal


def test_fields_names_every_item_of_a_ledger() -> None:
    done = xiaobao("fields", "complaint", "--json")
    assert [item["key"] for item in done.data] == [item.key for item in COMPLAINT.fields]
    assert "received_on\t收到日期" in here("fields", "complaint").out
    known = "、".join(item.key for item in all_ledgers())
    assert known in here("fields", "compliant").refusal


def test_import_dry_run_rejects_and_strict(tmp_path: Path) -> None:
    place, rejects = tmp_path / "book", tmp_path / "不能导入.xlsx"
    new_book(place).close()
    book = ("--book", place, "import", "complaint")
    dry = here(*book, LEDGER_FILE, "--dry-run", "--json")
    assert (dry.code, dry.data["imported"], dry.data["dry_run"]) == (0, KEY["records"], True)
    assert intact(place, None, 0)
    assert dry.data["backup"] is None
    text = xiaobao(*book, LEDGER_FILE, "--rejects", rejects, "--strict")
    assert (text.code, text.err) == (1, "")
    assert "读到 140 行，导入 137 行，重复 0 行，不能导入 3 行。" in text.out
    assert "第 144 行“收到日期”2026.2.30" in text.out
    assert rejects.exists()
    (saved,) = (place / "backups").glob("*.xbbak")
    assert f"导入前已备份：{saved}" in text.out
    again = here(*book, LEDGER_FILE, "--json")
    assert again.data["backup"] is None, "nothing came in, nothing to go back behind"
    assert (again.code, again.data["imported"], len(again.data["duplicates"])) == (0, 0, KEY["records"])
    assert again.data["duplicates"][0] == {"row": 5, "of": "TS-2025-0001"}
    assert intact(place)


def test_an_import_whose_refused_rows_cannot_be_handed_back_brings_in_nothing(tmp_path: Path) -> None:
    place, source = tmp_path / "book", tmp_path / "台账.xlsx"
    new_book(place).close()
    shutil.copy(LEDGER_FILE, source)
    before = source.read_bytes()
    done = here("--book", place, "import", "complaint", source, "--rejects", source)
    assert "会盖掉原来的台账" in done.refusal
    assert source.read_bytes() == before
    away = here("--book", place, "import", "complaint", source, "--rejects", tmp_path / "无" / "r.xlsx")
    assert "找不到文件夹" in away.refusal
    assert intact(place, None, 0)


def test_import_with_a_mapping_and_unknown_choices(tmp_path: Path) -> None:
    place = tmp_path / "book"
    new_book(place).close()
    file = sheet(tmp_path / "a.xlsx", ("哪天", "投诉来源", "投诉内容"), ("2026-10-08", "行长信箱", "某事"))
    mapping = tmp_path / "m.json"
    mapping.write_text('{"哪天": "received_on"}', encoding="utf-8")
    book = ("--book", place, "import", "complaint", file)
    assert "没有对应“收到日期”的列" in here(*book).refusal
    refused = here(*book, "--mapping", mapping, "--unknown", "reject", "--json")
    assert [(item["row"], item["column"], item["value"]) for item in refused.data["rejected"]] == [
        (2, "投诉来源", "行长信箱")
    ]
    added = here(*book, "--mapping", mapping, "--json")
    assert added.data["new_names"] == [{"list": "source", "name": "行长信箱"}]


def test_the_backup_before_an_import_holds_the_book_as_it_was(tmp_path: Path) -> None:
    place, back = tmp_path / "book", tmp_path / "back"
    heads = ("收到日期", "投诉来源", "投诉内容")
    session = new_book(place)
    imported(session, sheet(tmp_path / "a.xlsx", heads, ("2026-10-08", "来电", "某事")))
    session.close()
    file = sheet(tmp_path / "b.xlsx", heads, ("2026-10-09", "来电", "某事"))
    done = here("--book", place, "import", "complaint", file, "--json")
    assert here("--book", back, "restore", done.data["backup"]).code == 0
    assert intact(back, None, 1)


def test_list_filters_and_searches(filled: Path) -> None:
    def numbers(*words: str) -> int:
        done = here("--book", filled, "list", "complaint", *words)
        assert done.code == 0, done
        return len(done.data)

    assert numbers("--where", "source=来电") == KEY["by_source"]["来电"]
    assert numbers("--where", "category=贷款") == KEY["by_category"]["贷款"]
    assert numbers("--where", "category=个人住房贷款", "--where", "branch=") == 0
    assert numbers("--from", "2026.10.1", "--to", "2026-10-31", "--json") == KEY["by_month"]["2026-10"]
    assert numbers("--search", "城关支行") == KEY["by_branch"]["城关支行"]
    assert numbers("--where", "number=TS-2025-0001") == 1
    assert numbers("--where", "special_groups=老年人") == 0
    assert numbers("--where", "closed_on=") == KEY["records"] - KEY["closed"]


def test_list_masks_and_a_reveal_with_a_reason_is_recorded(filled: Path) -> None:
    command = ("--book", filled, "list", "complaint", "--where", "number=TS-2025-0001")
    personal = ("complainant", "phone", "id_number")
    (masked,) = xiaobao(*command).data
    assert [masked[key] for key in personal] == ["杨**", "155****2945", "410***********4852"]
    assert not any(secret in str(masked) for secret in ("杨志强", "15590302945", "410121200211074852"))
    assert "--reason" in here(*command, "--reveal").refusal
    session = books.open_book(filled, None)
    before = session.book.anchor().sequence
    session.close()
    (shown,) = here(*command, "--reveal", "--reason", "监管检查核对").data
    assert [shown[key] for key in personal] == ["杨志强", "15590302945", "410121200211074852"]
    session = books.open_book(filled, None)
    logged = session.book.log.entries(range(before + 1, session.book.anchor().sequence + 1))
    session.close()
    assert [entry.operation for entry in logged] == ["命令行打开账簿：list", "查看投诉完整信息"]
    assert intact(filled)


def test_stats_gives_the_key(filled: Path) -> None:
    found = xiaobao("--book", filled, "stats", "--period", ALL, "--as-of", "2027-12-31", "--json").data
    assert (found["total"], found["closed"]) == (KEY["records"], KEY["closed"])
    counted = {name: item["count"] for name, item in found["dimensions"]["source"].items()}
    assert counted == KEY["by_source"]
    closed = here("--book", filled, "stats", "--period", "2026Q3", "--basis", "closed", "--merge-repeats").data
    assert (closed["period"], closed["basis"], closed["merge_repeats"]) == ("2026Q3", "closed", True)


def test_report_writes_files_and_prints_their_paths(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "报表 一"
    done = xiaobao(
        "--book", filled, "report", "monthly", "--period", "2026-10", "--out", out, "--format", "pdf,docx", "--json"
    )
    assert done.code == 0, done
    pdf, docx = map(Path, done.data)
    assert (pdf.suffix, docx.suffix, pdf.parent) == (".pdf", ".docx", out)
    assert f"本月受理消费投诉{KEY['by_month']['2026-10']}件" in pdf_text(pdf)
    listed = here("report", "--list", "--json").data
    assert listed[0] == {"name": "monthly", "title": "消保工作月报", "formats": ["pdf", "docx"]}
    names = {item["name"]: item["formats"] for item in listed}
    assert {"quarterly", "half-year", "annual", "complaint-analysis", "campaign", "training"} <= names.keys()
    assert {"double-check", "rectification", "station", "progress"} <= names.keys()
    assert names["ledger"] == ["pdf", "docx", "xlsx"]


def test_report_refusals_leave_nothing(filled: Path, tmp_path: Path) -> None:
    book = ("--book", filled, "report")
    (tmp_path / "文件").write_text("", encoding="utf-8")
    target = tmp_path / "out"
    month = ("--period", "2026-10", "--out", target)
    assert "只能按月出" in here(*book, "monthly", "--period", "2026Q3", "--out", target).refusal
    assert "pdf、docx" in here(*book, "monthly", *month, "--format", "pdf,xlsx").refusal
    assert "report --list" in here(*book, "yearly", *month).refusal
    assert "看不懂期间" in here(*book, "monthly", "--period", "十月", "--out", target).refusal
    assert "没有写成" in here(*book, "monthly", "--period", "2026-10", "--out", tmp_path / "文件" / "x").refusal
    assert not target.exists()
    assert intact(filled)


def test_backup_verify_and_restore(filled: Path, tmp_path: Path) -> None:
    done = xiaobao("--book", filled, "backup", "--out", tmp_path / "U 盘", "--json")
    assert done.code == 0, done
    file = Path(done.data["file"])
    assert file.parent == tmp_path / "U 盘"
    place = tmp_path / "新"
    assert xiaobao("--book", place, "restore", file, "--json").data == {"book": str(place), "kept_aside": None}
    aside = here("--book", place, "restore", file, "--json").data["kept_aside"]
    assert Path(aside).is_dir()
    findings = xiaobao("--book", place, "verify", "--json").data
    assert findings
    assert all(item["ok"] for item in findings)
    assert intact(place)
    file.write_bytes(file.read_bytes()[:-3000])
    assert "不能用" in here("--book", place, "restore", file).refusal
    assert "没有找到备份文件" in here("--book", place, "restore", tmp_path / "无.xbbak").refusal
    (tmp_path / "文件").write_text("", encoding="utf-8")
    assert "没有写成" in here("--book", place, "backup", "--out", tmp_path / "文件" / "x").refusal
    assert intact(place)


def test_a_backup_comes_back_on_another_machine_with_password_or_recovery_key(tmp_path: Path) -> None:
    session, key = books.create_book(tmp_path / "old", bank="某某银行", officer="王芳", password=PASSWORD)
    file = backups.backup(session, tmp_path / "U 盘")
    session.close()
    refused = here("--book", tmp_path / "new", "restore", file, password="别的密码")
    assert "密码不对" in refused.refusal
    assert not books.book_at(tmp_path / "new")
    for place, secret in ((tmp_path / "new", PASSWORD), (tmp_path / "newer", key)):
        done = here("--book", place, "restore", file, "--json", password=secret)
        assert done.data == {"book": str(place), "kept_aside": None}
        assert intact(place, PASSWORD, 0)


def test_books_that_cannot_be_opened(filled: Path, tmp_path: Path) -> None:
    def refusal(place: Path) -> str:
        return here("--book", place, "stats", "--period", "2026").refusal

    def copy(name: str) -> Path:
        return Path(shutil.copytree(filled, tmp_path / name))

    assert "没有台账" in refusal(tmp_path / "没有")
    empty = copy("empty")
    (empty / BOOK_FILE).write_bytes(b"")
    assert "是空的" in refusal(empty)
    foreign = copy("foreign")
    (foreign / BOOK_FILE).unlink()
    with sqlite3.connect(foreign / BOOK_FILE) as other:
        other.execute("CREATE TABLE a (b)")
    other.close()
    assert "没有打开，也没有改动" in refusal(foreign)
    damaged = copy("damaged")
    content = bytearray((damaged / BOOK_FILE).read_bytes())
    content[len(content) // 2 : len(content) // 2 + 64] = bytes(64)
    (damaged / BOOK_FILE).write_bytes(content)
    done = xiaobao("--book", damaged, "verify")
    assert done.code == 1
    assert "Traceback" not in done.err
    assert "损坏" in done.err or "有问题" in done.out
    keyless = copy("keyless")
    for file in keyless.glob(f"{KEY_FILE}*"):
        file.unlink()
    assert "没有钥匙文件" in refusal(keyless)
    newer = copy("newer")
    session = books.open_book(newer, None)
    version = session.book._db.execute("PRAGMA user_version").fetchone()[0]
    session.book._db.execute(f"PRAGMA user_version = {version + 1}")
    session.close()
    assert "请先升级小保" in refusal(newer)
    assert intact(filled)


def test_a_second_program_on_the_same_book_is_refused(opened: Session, filled: Path) -> None:
    assert "先关掉那个窗口" in xiaobao("--book", filled, "list", "complaint").refusal
    assert listing.count(opened, COMPLAINT, Query()) == KEY["records"]


def test_files_that_are_no_ledgers_are_refused(filled: Path, tmp_path: Path) -> None:
    def refusal(name: str, content: bytes) -> str:
        file = tmp_path / name
        file.write_bytes(content)
        return here("--book", filled, "import", "complaint", file).refusal

    assert "没有找到文件" in here("--book", filled, "import", "complaint", tmp_path / "无.xlsx").refusal
    assert "是空的" in refusal("空.xlsx", b"")
    assert "不是表格文件" in refusal("图.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(200))
    assert "另存" in refusal("断.xlsx", LEDGER_FILE.read_bytes()[:9000])
    assert "没有对应“收到日期”的列" in refusal("信.csv", "一封信\n没有表\n".encode())
    assert intact(filled)


def test_impossible_dates_are_refused(filled: Path) -> None:
    assert "2月没有30日" in here("--book", filled, "list", "complaint", "--from", "2026-02-30").refusal
    assert "看不懂期间" in here("--book", filled, "stats", "--period", "2026-13").refusal
    assert "看不懂期间" in here("--book", filled, "stats", "--period", "2026-10-31..2026-10-01").refusal
    assert "没有 13 月" in here("--book", filled, "stats", "--period", "2026", "--as-of", "2026-13-01").refusal
    assert "没有日期" in here("--book", filled, "list", "branch", "--from", "2026-01-01").refusal
    assert "没有“来店”这一项" in here("--book", filled, "list", "complaint", "--where", "source=来店").refusal
    assert "fields complaint" in here("--book", filled, "list", "complaint", "--where", "colour=红").refusal


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("init",), "缺少 --bank, --officer"),
        (("frobnicate",), "不能是 'frobnicate'"),
        (("stats", "--period"), "--period 后面要有一个值"),
        (("stats", "--period", "2026", "--basis", "filed"), "--basis 不能是 'filed'"),
        (("demo", "--complaints", "-3"), "--complaints"),
        (("demo", "--seed", "x"), "--seed 应为整数"),
        (("verify", "--fast"), "不认识 --fast"),
        (("report", "monthly", "--period", "2026-10"), "--out"),
    ],
)
def test_wrong_usage_ends_with_two_and_chinese_words(words: tuple[str, ...], says: str) -> None:
    done = here(*words)
    assert (done.code, done.out) == (2, ""), done
    assert says in done.err
    assert "命令写法不对" in done.err


def test_help_is_chinese() -> None:
    done = xiaobao("--help")
    assert done.code == 0
    for name in ("init", "demo", "fields", "import", "list", "stats", "report", "backup", "restore", "verify", *ALONE):
        assert name in done.out
    assert "usage" not in done.out
    assert "options" not in done.out
    assert "用法：" in done.out
    assert here("--version").out.startswith("小保 ")


@pytest.mark.parametrize("name", ALONE)
def test_a_command_that_loads_alone_explains_itself(name: str) -> None:
    done = here("--book", "list", name, "--help")
    assert done.code == 0
    assert f"xiaobao-desktop {name}" in done.out


def test_the_name_of_a_command_may_be_that_of_a_book(tmp_path: Path) -> None:
    done = here("--book", str(tmp_path / "export"), "list", "complaint")
    assert done.code == 1
    assert "命令写法不对" not in done.err


def test_a_reader_that_stops_early_is_no_fault(filled: Path) -> None:
    command = [sys.executable, "-m", "xiaobao_desktop", "--book", str(filled), "list", "complaint"]
    program = subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    assert program.stdout is not None
    assert program.stderr is not None
    assert program.stdout.readline() == "[\n"
    program.stdout.close()
    assert (program.stderr.read(), program.wait(60)) == ("", 0)
    program.stderr.close()


def test_the_self_test_finds_nothing_wrong() -> None:
    done: Outcome = xiaobao("self-test", "--json")
    assert done.code == 0, done
    assert all(item["ok"] for item in done.data)
    assert len(done.data) >= 6
