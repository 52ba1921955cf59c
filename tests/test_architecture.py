"""The shape of the code: rooms, one-way imports, late loading, and sizes.

The rules are those of the architecture: domain <- store, reports, exchange <- services <- ui, cli. Each rule reads the
source with ``ast`` and names the places that break it.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "xiaobao_desktop"

# What each room may import of our own package. Modules of the package's top are rooms of their own; those of one
# purpose (cli_commands.py) belong to the room before the underscore.
SHARED = {"errors", "resources", "libraries", "paths", "log", "files", "settings", "pinyin", "collector"}
ROOMS: dict[str, set[str]] = {
    "": set(),
    "errors": set(),
    "resources": set(),
    "libraries": {"resources"},
    "paths": set(),
    "log": {"paths", "errors"},
    "files": {"errors"},
    "pinyin": {"resources"},
    "collector": set(),
    "settings": {"errors"},
    "domain": {"domain", "errors"},
    "store": {"store", "domain", *SHARED},
    "reports": {"reports", "domain", *SHARED},
    "exchange": {"exchange", "domain", *SHARED},
    "services": {"services", "store", "reports", "exchange", "domain", *SHARED},
    "ui": {"ui", "services", "domain", *SHARED},
    "cli": {"cli", "app", "selftest", "services", "domain", *SHARED},
    "selftest": {"app", "ui", "services", "reports", "domain", *SHARED},
    "app": {"ui", "services", "domain", *SHARED},
    # The reading of a workbook runs in a child process, which is this program with a hidden argument.
    "__main__": {"cli", "app", "exchange", *SHARED},
}
# Values that the contract of the store hands through the services to the window and the command line.
OPEN_STORE_MODULES = {"xiaobao_desktop.store.query", "xiaobao_desktop.store.errors"}

# The rooms in which a library may be imported at all.
LIBRARY_ROOMS = {
    "PySide6": {"ui", "app"},
    "shiboken6": {"ui", "app"},
    "sqlite3": {"store"},
    "sqlcipher3": {"store"},
    "sqlite_utils": {"store"},
    "matplotlib": {"reports"},
    "numpy": {"reports"},
    "reportlab": {"reports"},
    "PIL": {"exchange", "reports"},
    "pdfrw": {"reports"},
    "docx": {"reports"},
    "jinja2": {"reports"},
    "xlsxwriter": {"reports", "exchange"},
    "openpyxl": {"exchange"},
    "pyzipper": {"exchange"},
    "msoffcrypto": {"exchange"},
    "python_calamine": {"exchange"},
    "olefile": {"exchange"},
}
# Libraries that load only when they are first needed: never at the top of a module.
LATE = {
    "PIL",
    "chinese_calendar",
    "docx",
    "jinja2",
    "lxml",
    "matplotlib",
    "msoffcrypto",
    "numpy",
    "olefile",
    "openpyxl",
    "pdfrw",
    "pypinyin",
    "python_calamine",
    "pyzipper",
    "reportlab",
    "xlsxwriter",
}
# Of the standard library, what the domain must not touch: files, clock, processes, threads, network.
NOT_IN_DOMAIN = {"io", "os", "pathlib", "shutil", "socket", "subprocess", "tempfile", "threading", "time", "urllib"}
# ... and calls that read a clock or a file.
CLOCK_AND_FILES = {"now", "today", "utcnow", "open", "read_text", "read_bytes", "write_text", "write_bytes"}

# Where a ledger's own key may stand besides the files named after it (domain/ledgers/complaint.py,
# services/complaint_rows.py, ui/pages/complaint_detail.py ...). Each further place with its reason.
OWN_FILES = {
    "complaint": {
        "domain/case.py",  # the timeline of a complaint
        "domain/statistics.py",  # here the word is a nature (投诉, not 咨询 or 建议), not the ledger
        "domain/case_rows.py",  # the same
        "services/demo.py",  # invents records ledger by ledger
        "services/demo_follow_up.py",
        "domain/ledgers/rectification.py",  # a fault may have come to light by a complaint
    },
    "filing": set(),
    "inspection": {
        "domain/ledgers/rectification.py",  # a fault may have been found by an inspection
    },
    "rectification": {
        "domain/ledgers/inspection.py",  # a finding becomes a rectification
        "services/inspection_findings.py",
        "services/inspection_run.py",
        "services/inspection_view.py",
        "services/complaint_facts.py",  # here the word is a placeholder of letters, 整改编号
        "reports/case_facts.py",
    },
    "plan": {
        "domain/ledgers/outreach.py",  # here the word is a kind of attachment, 活动方案
    },
    "policy": set(),
    "meeting": {
        "domain/ledgers/plan.py",  # a plan item may come from a resolution
    },
    "review": {
        "domain/case_clock.py",  # here the word is the rule of 核查, not the ledger
        "services/complaint_papers.py",  # here it is the paper 核查决定书
    },
}

RESOURCE_PATH = re.compile(r"_?resources(/\S*)?|_MEIPASS")
TOP_LEVEL = {"pyproject.toml", "xiaobao_desktop", "resources", "packaging", "tests", "README.md"}
LONGEST_FILE = 600
LONGEST_FUNCTION = 60
LONGEST_OF_MOST = 55  # 99 of 100 functions


@dataclass(frozen=True)
class Import:
    """One imported module: who imports it, what, in which line, and whether at module level."""

    path: Path
    line: int
    module: str
    at_top: bool

    @property
    def where(self) -> str:
        """The place, as a test failure shows it."""
        return f"{self.path.relative_to(ROOT)}:{self.line} imports {self.module}"


@cache
def sources() -> tuple[Path, ...]:
    """All modules of the package."""
    return tuple(sorted((ROOT / PACKAGE).rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    """The parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def room(path: Path) -> str:
    """The room of a module: its folder, or its own name at the package's top ("" for the package itself)."""
    first = path.relative_to(ROOT / PACKAGE).parts[0]
    if not first.endswith(".py") or first == "__main__.py":
        return first.removesuffix(".py")
    return "" if first == "__init__.py" else first.removesuffix(".py").split("_")[0]


@cache
def imports() -> tuple[Import, ...]:
    """Every import of the package, those for type checking only left out."""
    return tuple(found for path in sources() for found in _imports_of(path, tree(path).body, at_top=True))


def _imports_of(path: Path, nodes: list[ast.stmt], *, at_top: bool) -> Iterator[Import]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (Import(path, node.lineno, alias.name, at_top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (Import(path, node.lineno, name, at_top) for name in _names_of(node))
        elif not _for_typing_only(node):
            inside = at_top and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            yield from _imports_of(path, list(_statements(node)), at_top=inside)


def _names_of(node: ast.ImportFrom) -> list[str]:
    """The modules that a from-import may mean: our own packages with the imported name, others as they are."""
    module = node.module or ""
    if module.split(".")[0] != PACKAGE:
        return [module]
    return [f"{module}.{alias.name}" for alias in node.names]


def _for_typing_only(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


def _statements(node: ast.stmt) -> Iterator[ast.stmt]:
    """The statements directly inside a compound statement."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from child.body


@cache
def strings() -> tuple[tuple[Path, int, str], ...]:
    """Every string of the package with its module and line, docstrings too."""
    return tuple(
        (path, node.lineno, node.value)
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def functions() -> list[tuple[int, str]]:
    """Length in lines and place of every function of the package."""
    found = []
    for path in sources():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                found.append((length, f"{path.relative_to(ROOT)}:{node.lineno} {node.name} ({length} lines)"))
    return sorted(found)


def test_imports_go_one_way() -> None:
    wrong = []
    for found in imports():
        parts = found.module.split(".")
        if parts[0] != PACKAGE or ".".join(parts[:3]) in OPEN_STORE_MODULES:
            continue
        target = parts[1] if len(parts) > 1 else ""
        # A name of the package itself, such as __version__, belongs to no room.
        if target in ROOMS and target not in ROOMS[room(found.path)]:
            wrong.append(found.where)
    assert wrong == []


def test_every_module_is_in_a_known_room() -> None:
    assert {room(path) for path in sources()} <= set(ROOMS)


def test_libraries_stay_in_their_rooms() -> None:
    wrong = []
    for found in imports():
        rooms = LIBRARY_ROOMS.get(found.module.split(".")[0])
        if rooms is not None and room(found.path) not in rooms:
            wrong.append(found.where)
    assert wrong == []


def test_heavy_libraries_load_late() -> None:
    assert [found.where for found in imports() if found.at_top and found.module.split(".")[0] in LATE] == []


def test_start_imports_the_window_and_the_command_line_lazily() -> None:
    start = [found for found in imports() if found.path.name == "__main__.py" and found.at_top]
    assert [found.where for found in start if found.module.startswith((f"{PACKAGE}.cli", f"{PACKAGE}.app"))] == []


def test_domain_touches_no_file_and_no_clock() -> None:
    wrong = [
        found.where
        for found in imports()
        if room(found.path) == "domain" and found.module.split(".")[0] in NOT_IN_DOMAIN
    ]
    for path in sources():
        if room(path) == "domain":
            wrong += [
                f"{path.relative_to(ROOT)}:{node.lineno} calls {ast.unparse(node.func)}"
                for node in ast.walk(tree(path))
                if isinstance(node, ast.Call) and _called(node) in CLOCK_AND_FILES
            ]
    assert wrong == []


def _called(call: ast.Call) -> str:
    """The last name of what is called: ``now`` for ``datetime.now()``."""
    return ast.unparse(call.func).split(".")[-1]


def test_domain_uses_only_the_standard_library_and_itself() -> None:
    wrong = []
    for found in imports():
        top = found.module.split(".")[0]
        if room(found.path) == "domain" and top != PACKAGE and top not in sys.stdlib_module_names:
            wrong.append(found.where)
    assert wrong == []


def test_resources_are_found_in_one_place() -> None:
    """No other module spells the folder's name as a path or asks Python for package data."""
    wrong = [found.where for found in imports() if found.module.startswith("importlib.resources")]
    wrong += [
        f"{path.relative_to(ROOT)}:{line} {text}"
        for path, line, text in strings()
        if room(path) != "resources" and RESOURCE_PATH.fullmatch(text)
    ]
    assert wrong == []


@pytest.mark.parametrize("key", sorted(OWN_FILES))
def test_no_ledger_key_outside_its_own_files(key: str) -> None:
    said = [(path, line) for path, line, text in strings() if text == key]
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path, line in said
        if path.relative_to(ROOT / PACKAGE).as_posix() not in OWN_FILES[key] and not path.name.startswith(key)
    ]
    assert wrong == []


def test_files_and_functions_stay_short() -> None:
    long_files = [
        f"{path.relative_to(ROOT)} ({lines} lines)"
        for path in sources()
        if (lines := path.read_text(encoding="utf-8").count("\n")) > LONGEST_FILE
    ]
    lengths = functions()
    assert long_files == []
    assert [place for length, place in lengths if length > LONGEST_FUNCTION] == []
    assert lengths[int(len(lengths) * 0.99)][0] <= LONGEST_OF_MOST, lengths[-5:]


def test_top_level_holds_only_what_the_architecture_names() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    tops = {name.strip('"').split("/")[0] for name in listed.stdout.splitlines()}
    assert {name for name in tops if not name.startswith(".")} <= TOP_LEVEL
