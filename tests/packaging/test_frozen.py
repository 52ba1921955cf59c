"""The frozen program: the whole program in a folder, run by its own file. XIAOBAO_FROZEN names the folder (.ci/run)."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli_program import PASSWORD, ROOT, Outcome, environment, xiaobao

VARIABLE = "XIAOBAO_FROZEN"
DATA = Path(__file__).parents[1] / "data"
LEDGER_FILE = DATA / "complaint-ledger.xlsx"
KEY = json.loads((DATA / "complaint-ledger.key.json").read_text(encoding="utf-8"))
MADE = re.compile("生成|校验")
GPL = re.compile(r"readline|virtualkeyboard|qt6?(qml|quick|charts|webengine|datavisualization)", re.IGNORECASE)

pytestmark = pytest.mark.skipif(
    not os.environ.get(VARIABLE), reason=f"{VARIABLE} names no frozen program; packaging/freeze.sh makes one"
)


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path(os.environ[VARIABLE])


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """The environment of a user whose home is empty, where nothing may be left."""
    place = tmp_path / "home"
    place.mkdir()
    names = {"HOME": str(place), "TMPDIR": str(place), "QT_QPA_PLATFORM": "offscreen"}
    given = environment(**names)
    for name in ("XIAOBAO_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "MPLCONFIGDIR"):
        given.pop(name, None)
    return given


def run(folder: Path, *arguments: str | Path, given: dict[str, str] | None = None) -> Outcome:
    """Run the frozen program in a folder that is not its own."""
    done = subprocess.run(
        [folder / "xiaobao", *arguments],
        cwd="/",
        env={**(given or environment()), "XIAOBAO_PASSWORD": PASSWORD},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        timeout=120,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def month(book: Path, run_program: Callable[..., Outcome]) -> str:
    """A new book, the ledger in it, the month on paper: the text of the PDF without the line of its making."""
    out = book.with_name(f"{book.name} 报表")
    out.mkdir()
    made = run_program("--book", book, "init", "--bank", "某某农村商业银行", "--officer", "周敏")
    assert made.code == 0, made
    loaded = run_program("--book", book, "import", "complaint", LEDGER_FILE, "--json")
    assert loaded.code == 0, loaded
    assert loaded.data["imported"] == KEY["records"]
    printed = run_program("--book", book, "report", "monthly", "--period", "2026-10", "--out", out)
    assert printed.code == 0, printed
    (pdf,) = out.glob("*.pdf")
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True).stdout.decode()
    return "\n".join(line for line in text.splitlines() if not MADE.search(line))


@pytest.fixture(scope="module")
def tested(folder: Path) -> dict[str, str]:
    """What the self-test found, by the name of each check."""
    done = run(folder, "self-test", "--json")
    assert done.code == 0, done
    return {row["what"]: row["detail"] for row in done.data}


def test_the_self_test_finds_nothing_wrong(tested: dict[str, str]) -> None:
    checks = {"字体", "许可证", "中文 PDF", "打印", "Word", "Excel", "图表", "临时账簿", "导入", "界面翻译", "窗口"}
    assert set(tested) == checks
    assert tested["界面翻译"] == "取消"


def test_without_any_network_it_does_the_same(folder: Path) -> None:
    alone = ["unshare", "--net", "--map-root-user"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody give up the network")
    done = subprocess.run(
        [*alone, folder / "xiaobao", "self-test", "--json"], env=environment(), capture_output=True, timeout=120
    )
    assert done.returncode == 0, done
    assert all(row["ok"] for row in json.loads(done.stdout))


def test_the_main_job_gives_the_same_month_as_from_source(folder: Path, tmp_path: Path) -> None:
    def from_source(*arguments: str | Path) -> Outcome:
        return xiaobao(*arguments, password=PASSWORD)

    def frozen(*arguments: str | Path) -> Outcome:
        return run(folder, *arguments)

    ours = month(tmp_path / "冻结 账簿", frozen)
    assert len(ours) > 1000
    assert ours == month(tmp_path / "源码 账簿", from_source)


def test_nothing_under_the_gpl_is_inside(folder: Path) -> None:
    names = [file.relative_to(folder).as_posix() for file in folder.rglob("*")]
    assert len(names) > 500
    assert [name for name in names if GPL.search(name)] == []


def test_no_library_for_the_network_is_inside(folder: Path) -> None:
    from PyInstaller.archive.readers import CArchiveReader

    modules = set(CArchiveReader(str(folder / "xiaobao")).open_embedded_archive("PYZ.pyz").toc)
    assert "xiaobao_desktop.cli" in modules
    assert modules & {"ssl", "ftplib", "smtplib", "requests", "http.server", "PySide6.QtNetwork"} == set()
    files = [file.name for file in folder.rglob("*")]
    assert not [name for name in files if re.match(r"_ssl|libssl\.so|libssl-|QtNetwork", name)]


def test_a_command_starts_without_qt(folder: Path) -> None:
    told = subprocess.run(
        [folder / "xiaobao", "--version"],
        env={**environment(), "LD_DEBUG": "libs"},
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    assert "libpython3" in told.stderr
    assert "libQt6" not in told.stderr


def test_plug_ins_of_another_qt_stay_out(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "desktop-plugins"
    (elsewhere / "platforms").mkdir(parents=True)
    named = {"QT_PLUGIN_PATH": str(elsewhere), "QT_DEBUG_PLUGINS": "1", "QT_QPA_PLATFORM": "offscreen"}
    made = run(folder, "--book", tmp_path / "book", "demo", "--complaints", "20")
    assert made.code == 0, made
    shown = run(folder, "--book", tmp_path / "book", "self-test", "--startup", given={**environment(), **named})
    assert shown.code == 0, shown
    assert str(folder / "_internal" / "PySide6" / "Qt" / "plugins" / "platforms") in shown.err
    assert str(elsewhere) not in shown.err


def test_shiboken_finds_its_modules_compiled(folder: Path) -> None:
    place = folder / "_internal" / "shiboken6" / "files.dir"
    sources = {file.relative_to(place).with_suffix("").as_posix() for file in place.rglob("*.py")}
    compiled = {file.parent.parent.relative_to(place) / file.name.split(".")[0] for file in place.rglob("*.pyc")}
    assert "shibokensupport/signature/loader" in sources
    assert {path.as_posix() for path in compiled} == sources
    # Taken as they are, whatever the times of the files say after an installer has unpacked them (PEP 552).
    assert {file.read_bytes()[4] for file in place.rglob("*.pyc")} == {1}


def test_no_library_misses_one_that_was_left_out(folder: Path) -> None:
    libraries = [file for file in folder.rglob("*.so*") if not file.is_symlink()]
    told = subprocess.run(["readelf", "-d", *libraries], capture_output=True, encoding="utf-8", check=True).stdout
    system = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, encoding="utf-8", check=True).stdout
    there = {file.name for file in libraries} | set(re.findall(r"^\s+(\S+) \(", system, re.MULTILINE))
    assert len(libraries) > 100
    assert set(re.findall(r"\(NEEDED\).*\[(.+)\]", told)) - there == set()


def test_the_size_stays_within_bounds(folder: Path) -> None:
    assert sum(file.stat().st_size for file in folder.rglob("*") if not file.is_symlink()) < 290 * 1024 * 1024


def test_every_part_comes_with_its_licence(folder: Path, tested: dict[str, str]) -> None:
    licences = folder / "licenses"
    index = json.loads((licences / "index.json").read_text(encoding="utf-8"))
    assert len(index) > 50
    assert [entry["name"] for entry in index if (licences / entry["text"]).stat().st_size < 150] == []
    assert int(tested["许可证"].split()[0]) == sum(entry["kind"] == "library" for entry in index)
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in (licences / "PySide6.txt").read_text(encoding="utf-8")


def test_the_bill_of_materials_names_every_part(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    import sbom

    found = sbom.bill(folder)
    names = {item["name"]: item for item in found["components"]}
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    assert names["PySide6"]["purl"] == "pkg:pypi/pyside6-essentials@6.9.3"
    assert names["PySide6"]["properties"]
    assert {"Python", "Qt", "SQLCipher", "NumPy", "Noto Sans SC"} <= set(names)
    assert len({item["bom-ref"] for item in found["components"]}) == len(found["components"])
    assert found == sbom.bill(folder)


def test_on_a_stick_everything_stays_beside_the_program(folder: Path, tmp_path: Path, home: dict[str, str]) -> None:
    stick = tmp_path / "U盘 小保"
    shutil.copytree(folder, stick, symlinks=True, copy_function=os.link)
    (stick / "portable").touch()
    before = {file.name for file in stick.iterdir()}
    made = run(stick, "init", "--bank", "云岭农商银行", "--officer", "周敏", given=home)
    assert made.code == 0, made
    assert run(stick, "import", "complaint", LEDGER_FILE, given=home).code == 0
    papers = stick / "小保数据" / "报表"
    papers.mkdir()
    printed = run(stick, "report", "monthly", "--period", "2026-10", "--out", papers, given=home)
    assert printed.code == 0, printed
    shown = run(stick, "self-test", "--startup", given=home)
    assert shown.code == 0, shown
    assert {file.name for file in stick.iterdir()} - before == {"小保数据"}
    assert list(Path(home["HOME"]).rglob("*")) == []
    assert list((stick / "小保数据" / "program" / "temporary").iterdir()) == []
    moved = stick.rename(tmp_path / "另一个盘符")
    assert run(moved, "list", "complaint", given=home).code == 0
