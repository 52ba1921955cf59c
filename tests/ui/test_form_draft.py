from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.conftest import NOW, AddComplaint
from xiaobao_desktop.services import books, drafts
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.pages import record_form, record_form_draft
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.pages.record_form import RecordForm

ROOT = Path(__file__).resolve().parents[2]
AT_MOST_LOST = 2.0
"""Seconds of typing."""
SLACK = 0.5
"""Seconds for writing on a busy machine."""


@pytest.fixture
def page(qtbot: QtBot, look: QApplication, session: Session, monkeypatch: pytest.MonkeyPatch) -> LedgerPage:
    # A form that is left open asks before the window closes; these tests end with such forms.
    monkeypatch.setattr(record_form, "may_leave", lambda _labels, _parent: True)
    made = LedgerPage(session, session.ledger("complaint"))
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    return made


def begun(page: LedgerPage) -> RecordForm:
    page.create_record()
    assert page._form is not None
    return page._form


def type_in(form: RecordForm, key: str, text: str) -> None:
    control = form.cells[key].editor.control
    control.setFocus(Qt.FocusReason.OtherFocusReason)
    QTest.keyClicks(control, text)


def pending(page: LedgerPage, record_id: int | None = None) -> drafts.Draft | None:
    return drafts.pending(page.session, page.ledger, record_id)


def test_typing_is_kept_without_a_pause_in_it(page: LedgerPage, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    form = begun(page)
    form.draft._timer.setInterval(60)
    until = time.monotonic() + 5
    while pending(page) is None and time.monotonic() < until:
        type_in(form, "content", "a")
        QTest.qWait(10)
    assert pending(page) is not None
    assert form.draft.note.text() == "草稿已自动保存 09:41"
    assert record_form_draft.KEPT_AFTER_MS / 1000 < AT_MOST_LOST


def test_a_new_form_shows_what_was_typed_before_and_can_give_it_up(page: LedgerPage) -> None:
    form = begun(page)
    type_in(form, "complainant", "liu")
    form.draft.keep()
    # As after a crash: the form is gone, nobody was asked.
    page._close_form()
    again = begun(page)
    assert again.cells["complainant"].editor.value() == "liu"
    assert again.draft.banner.title() == "上次没有保存的内容已恢复"
    assert again.dirty
    again.draft.give_up()
    assert again.cells["complainant"].editor.value() is None
    assert not again.draft.banner.title()
    assert pending(page) is None


def test_the_moment_at_which_a_form_was_opened_comes_back_with_the_draft(page: LedgerPage) -> None:
    """Restored the next morning, an untouched day and time of receipt were once those of that morning."""
    form = begun(page)
    type_in(form, "complainant", "liu")
    form.draft.keep()
    page._close_form()
    page.session._clock = lambda: NOW + timedelta(days=1, minutes=31)
    again = begun(page)
    assert again.draft.banner.title() == "上次没有保存的内容已恢复"
    shown = [again.cells[key].editor.value() for key in ("received_on", "received_time", "complainant")]
    assert shown == ["2026-11-23", "09:41", "liu"]
    again.draft.give_up()
    assert [again.cells[key].editor.value() for key in ("received_on", "received_time")] == ["2026-11-24", "10:12"]
    type_in(again, "complainant", "a")
    again.draft.keep()
    again.cells["complainant"].editor.set_value(None)
    again.draft.keep()
    assert pending(page) is None, "a day and a time alone are no draft"


def test_half_a_date_is_restored_as_typed(page: LedgerPage) -> None:
    form = begun(page)
    control = form.cells["received_on"].editor.control
    assert isinstance(control, QLineEdit)
    control.setFocus()
    control.selectAll()
    QTest.keyClicks(control, "2026-13")
    assert form.cells["received_on"].editor.problem()
    form.draft.keep()
    page._close_form()
    restored = begun(page).cells["received_on"].editor.control
    assert isinstance(restored, QLineEdit)
    assert restored.text() == "2026-13"


def test_saving_and_setting_back_need_no_draft(page: LedgerPage) -> None:
    form = begun(page)
    type_in(form, "complainant", "liu")
    form.draft.keep()
    assert pending(page) is not None
    assert form.save()
    assert pending(page) is None
    form = begun(page)
    assert not form.draft.banner.title()
    type_in(form, "complainant", "liu")
    form.draft.keep()
    form.cells["complainant"].editor.set_value(None)
    form.draft.keep()
    assert pending(page) is None


def test_the_draft_of_a_record_belongs_to_it(page: LedgerPage, add_complaint: AddComplaint) -> None:
    first, second = add_complaint("2026-11-08", "刘秀兰"), add_complaint("2026-11-09", "张明")
    page._open_form(first).restore_draft()
    assert page._form is not None
    type_in(page._form, "content", "abc")
    page._form.draft.keep()
    page._close_form()
    assert not page._open_form(second).restore_draft()
    page._close_form()
    form = page._open_form(first)
    assert form.restore_draft()
    assert form.cells["content"].editor.value() == "abc"
    assert form.save()
    assert pending(page, first.id) is None


def test_hiding_the_window_keeps_what_is_typed_at_once(page: LedgerPage) -> None:
    form = begun(page)
    type_in(form, "complainant", "liu")
    assert pending(page) is None
    page.hide()
    found = pending(page)
    assert found is not None
    assert found.values["complainant"] == "liu"


def test_copying_fills_a_new_form_and_leaves_other_drafts_alone(page: LedgerPage, add_complaint: AddComplaint) -> None:
    record = add_complaint("2026-11-08", "刘秀兰", content="短信费")
    form = begun(page)
    type_in(form, "complainant", "zhang")
    form.draft.keep()
    page._close_form()
    page.open_record(record.id or 0)
    page.detail.copy_asked.emit()
    assert page._form is not None
    assert page._form.cells["content"].editor.value() == "短信费"
    assert page._form.cells["received_on"].editor.value() == page.session.today().isoformat()
    assert page._form.save()
    found = pending(page)
    assert found is not None
    assert found.values["complainant"] == "zhang"


def kills(config: pytest.Config) -> int:
    return 50 if config.getoption("--full") else 5


def test_killed_while_typing_at_most_two_seconds_are_lost(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    dice = random.Random(20261123)
    seconds = [dice.uniform(0.2, 3.5) for _time in range(kills(request.config))]
    folders = [tmp_path / f"账簿{number}" for number in range(3)]
    for folder in folders:
        made, _recovery = books.create_book(
            folder, bank="云岭惠民村镇银行", officer="周敏", password="", open_without_password=True
        )
        made.close()
    # The programs mostly wait: one for each book at a time, and each book is killed again and again.
    shares = [seconds[place :: len(folders)] for place in range(len(folders))]
    with ThreadPoolExecutor(len(folders)) as pool:
        kept = list(pool.map(_kill_again_and_again, folders, shares))
    assert any(kept)


def _kill_again_and_again(folder: Path, seconds: Sequence[float]) -> int:
    """Type into a form of this book until each kill; how often something was kept, never with too much lost."""
    kept = 0
    for until in seconds:
        typed = _typed_until_killed(folder, until)
        session = books.open_book(folder, None)
        found = drafts.pending(session, session.ledger("complaint"), None)
        text = str(found.values.get("content") or "") if found else ""
        last = typed[-1][0]
        safe = [words for at, words in typed if at <= last - AT_MOST_LOST - SLACK]
        assert len(text) >= len(safe[-1] if safe else "")
        assert any(words == text for _at, words in typed) or not text
        kept += bool(text)
        if found:
            drafts.drop(session, found.id)
        session.close()
    return kept


def _typed_until_killed(folder: Path, seconds: float) -> list[tuple[float, str]]:
    """Start the typing program, let it type for a while, kill it without warning; what it said that it typed."""
    command = [sys.executable, "-m", "tests.ui.typing_form", str(folder), "40"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline()]
        begin = time.monotonic()
        while time.monotonic() - begin < seconds:
            lines.append(child.stdout.readline())
        child.kill()
        lines += child.stdout.readlines()
    found = [line.split() for line in lines if line.endswith("\n") and line.strip()]
    assert found, "the program did not start"
    return [(float(at), words) for at, words in found]
