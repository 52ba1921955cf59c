"""No way round the gate: what writes files or keys past the book is named here, and asks before it does.

Changes of the book need no such list: ``Book.transaction`` asks the gate itself (``test_users``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import xiaobao_desktop

PACKAGE = Path(xiaobao_desktop.__file__).parent
SERVICES, WINDOW = PACKAGE / "services", PACKAGE / "ui"

WRITING = {"write_atomically", "write_proven", "write_bytes", "write_text", "copytree", "copyfile"}
"""Calls that make a file."""
KEYS = {
    "put_user",
    "remove_user",
    "hand_over",
    "new_recovery_key",
    "restore_file",
    "change_password",
    "prepare_hand_over",
}
"""Calls that change who can open a book, or which book it is."""

ASKING = {
    "attachments.lend",
    "credentials.renew_recovery_key",
    "export_log.written",
    "handover.carry_out",
    "handover.prepare",
    "leaving.WayOut.saved",
    "restoring.restore_into",
    "users.add",
    "users.remove",
    "users.reset_password",
}
"""Take data out, change keys or books: each asks the session before it does so."""

OWN = {
    "anchors._write": "numbers of this PC's own, no data of the bank",
    "backup_places._note": "when the last backup was",
    "backups.restore": "before a session is open; the store refuses a reader's password",
    "books._take_own_password": "his own password, which was set for him",
    "closed_copy._copy": "a copy of the encrypted folder beside itself",
    "credentials.change_password": "his own password",
    "health._note": "when the book was checked last",
    "restoring.restore_as_book": "before a session is open; the store refuses a reader's password",
    "tries._write": "how often a wrong password was typed",
}
"""Write beside the book or before there is a session, with the reason why nobody is asked."""


def calls_in(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Names of what is called in a function, with their lines."""
    for item in ast.walk(node):
        if isinstance(item, ast.Call):
            made = item.func
            yield (made.attr if isinstance(made, ast.Attribute) else getattr(made, "id", "")), item.lineno


def functions_of(file: Path) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Functions and methods of a module by name; functions inside them belong to them."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    place = ".".join(file.relative_to(SERVICES).with_suffix("").parts)
    for item in tree.body:
        if isinstance(item, ast.FunctionDef):
            yield f"{place}.{item.name}", item
        elif isinstance(item, ast.ClassDef):
            for method in item.body:
                if isinstance(method, ast.FunctionDef):
                    yield f"{place}.{item.name}.{method.name}", method


@pytest.fixture(scope="module")
def doors() -> dict[str, ast.FunctionDef]:
    """Every function of the services that writes a file or changes keys by itself."""
    found = (pair for file in sorted(SERVICES.rglob("*.py")) for pair in functions_of(file))
    return {name: body for name, body in found if {call for call, _line in calls_in(body)} & (WRITING | KEYS)}


def test_every_door_past_the_book_is_known(doors: dict[str, ast.FunctionDef]) -> None:
    """A new one is put on one of the two lists, by whoever has made sure that it belongs there."""
    assert set(doors) - set(OWN) == ASKING
    assert set(OWN) <= set(doors)


@pytest.mark.parametrize("name", sorted(ASKING))
def test_a_door_asks_before_it_opens(doors: dict[str, ast.FunctionDef], name: str) -> None:
    body = doors[name]
    lines = list(calls_in(body))
    asked = min((line for call, line in lines if call == "require"), default=0)
    assert asked, f"{name} asks nobody"
    assert all(line > asked for call, line in lines if call in WRITING | KEYS), f"{name} asks too late"


def test_the_window_and_the_command_line_write_no_file_themselves() -> None:
    """Whatever leaves goes through a service, which asks and writes it down; what is kept here is the window's own."""
    kept = {"state.py": "place and columns of the window", "cli_installer.py": "the note for the installer"}
    files = [*WINDOW.rglob("*.py"), *PACKAGE.glob("cli*.py")]
    found = {
        file.name
        for file in files
        if {call for call, _line in calls_in(ast.parse(file.read_text(encoding="utf-8")))} & WRITING
    }
    assert found == set(kept)


def test_whatever_is_printed_is_printed_through_its_way_out() -> None:
    """Two doors to the printer, each of which writes it down; the self-test prints nothing of a book."""
    users = {
        file.name
        for file in WINDOW.rglob("*.py")
        for call, _line in calls_in(ast.parse(file.read_text(encoding="utf-8")))
        if call == "print_pages" and file.name not in ("pdf_printing.py", "selfcheck.py")
    }
    assert users == {"pdf_dialog.py", "report_page.py"}
    for name in ("dialogs/pdf_dialog.py", "pages/report_page.py"):
        assert ".printed()" in (WINDOW / name).read_text(encoding="utf-8")
