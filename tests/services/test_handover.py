"""The book goes from one officer to the next: what stands on the list, who opens it when, and what a cut leaves."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.support import (
    COMPLAINT,
    OFFICER,
    PASSWORD,
    Clock,
    a_complaint,
    add_branch,
    new_book,
    pdf_text,
)
from tests.store.books import QUICK
from xiaobao_desktop.domain.denominators import Denominators
from xiaobao_desktop.services import books, credentials, denominators, handover, records, report_words, todo_print
from xiaobao_desktop.services.options import save_settings
from xiaobao_desktop.services.report_words import Place, Words
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import keyslots
from xiaobao_desktop.store.errors import WrongPassword
from xiaobao_desktop.store.layout import KEY_COPY, KEY_FILE

SUCCESSOR, NEW_PASSWORD = "李静", "接手 Lijing 2026"


@pytest.fixture
def quick_book(tmp_path: Path) -> Path:
    """The folder of a closed book with a password, whose keys are derived quickly."""
    opened = new_book(tmp_path / "book")
    directory = opened.directory
    save_settings(opened, preparer=OFFICER)
    opened.close()
    data_key = keyslots.unlock(directory / KEY_FILE, None).data_key
    keyslots.create(tmp_path / KEY_FILE, password=PASSWORD, user=OFFICER, data_key=data_key, cost=QUICK)
    for name in (KEY_FILE, KEY_COPY):
        (tmp_path / name).replace(directory / name)
    return directory


@pytest.fixture
def session(quick_book: Path) -> Iterator[Session]:
    opened = books.open_book(quick_book, PASSWORD, clock=Clock())
    yield opened
    opened.close()


def opens(directory: Path, secret: str) -> str:
    """Whose password it is; "" when the book does not open."""
    try:
        again = books.open_book(directory, secret, clock=Clock())
    except WrongPassword:
        return ""
    user = again.user
    again.close()
    return user


def test_the_list_says_what_is_handed_over(session: Session, tmp_path: Path) -> None:
    branch = add_branch(session, "城关支行")
    records.save(session, COMPLAINT, a_complaint("2026-10-25", branch=branch, due_on="2026-11-09"))
    records.save(session, COMPLAINT, a_complaint("2026-10-01", complainant="已结的", closed_on="2026-10-20"))
    denominators.save(session, {2026: Denominators(outlets=12, customers=86000)})
    report_words.keep(session, Place("quarterly", "2026Q3"), Words({"work": "本季开展了宣传。"}), "三季度季报")
    found = handover.look(session, session.today())
    assert [case.number for case in found.cases] == ["TS-2026-0001"]
    assert found.reports == ("2026年第三季度消保工作季报", "2026年10月消保工作月报")
    file = tmp_path / "清单.pdf"
    file.write_bytes(todo_print.render(handover.sheet(session, found, SUCCESSOR)))
    text = pdf_text(file)
    for words in (
        "消费者权益保护工作交接清单",
        f"专员{OFFICER}于2026年11月3日将消保台账和有关工作移交{SUCCESSOR}",
        "TS-2026-0001",
        "刘**",
        "城关支行",
        "网点12个，个人客户86000户",
        "旧恢复密钥没有留存记录",
        "姓名签名日期",
        "移交人",
        "接收人",
        "监交人",
        f"修改历史共{found.anchor[0]}条，末条校验码{found.anchor[1]}",
    ):
        assert words in text, words
    assert "刘秀兰" not in text, "names are masked"


def test_a_wrong_password_or_a_known_name_prepares_nothing(session: Session) -> None:
    before = (session.directory / KEY_FILE).read_bytes()
    with pytest.raises(WrongPassword):
        handover.prepare(session, "不是这个密码", SUCCESSOR, NEW_PASSWORD)
    with pytest.raises(handover.SuccessorKnown, match=OFFICER):
        handover.prepare(session, PASSWORD, OFFICER, NEW_PASSWORD)
    assert (session.directory / KEY_FILE).read_bytes() == before


def test_preparing_changes_nothing_and_handing_over_changes_who_opens(session: Session) -> None:
    directory, anchor = session.directory, session.book.anchor()
    before = [(directory / name).read_bytes() for name in (KEY_FILE, KEY_COPY)]
    ready = handover.prepare(session, PASSWORD, SUCCESSOR, NEW_PASSWORD)
    assert [(directory / name).read_bytes() for name in (KEY_FILE, KEY_COPY)] == before
    assert session.book.anchor() == anchor
    credentials.set_recovery_kept(session, kept=True)
    handover.carry_out(session, ready, SUCCESSOR)
    assert session.user == SUCCESSOR
    assert session.settings.preparer == SUCCESSOR
    assert not credentials.recovery_kept(session), "the new recovery key is not kept yet"
    saved = records.save(session, COMPLAINT, a_complaint())
    history = session.book.history(COMPLAINT, int(str(saved.record.id)))
    assert history[0].who == SUCCESSOR
    told = [row[0] for row in session.book._db.execute("SELECT DISTINCT operation FROM change")]
    assert {f"交接开始：{OFFICER} → {SUCCESSOR}", f"交接完成：{OFFICER} → {SUCCESSOR}"} <= set(told)
    session.close()
    assert credentials.users(directory) == (SUCCESSOR,)
    assert (opens(directory, PASSWORD), opens(directory, NEW_PASSWORD)) == ("", SUCCESSOR)
    assert opens(directory, ready.words) == SUCCESSOR
    (directory / KEY_FILE).unlink()
    assert opens(directory, PASSWORD) == "", "nor does the copy of the keys"


def cut_off(directory: Path, ready: keyslots.HandOver, step: int) -> bool:
    """Hand over in a child process that dies at its ``step``-th touch of a file; whether it came to the end."""
    child = os.fork()
    if not child:
        left = step

        def watch(event: str, _arguments: object) -> None:
            nonlocal left
            if event in ("open", "os.rename", "os.remove"):
                left -= 1
                if left < 0:
                    os._exit(9)

        code = 1
        try:
            session = books.open_book(directory, PASSWORD, clock=Clock())
            sys.addaudithook(watch)
            handover.carry_out(session, ready, SUCCESSOR)
            code = 0
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in (0, 9)
    return os.waitstatus_to_exitcode(status) == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_cut_off_anywhere_exactly_one_of_both_opens_the_book(quick_book: Path, tmp_path: Path) -> None:
    ready = keyslots.prepare_hand_over(quick_book / KEY_FILE, PASSWORD, OFFICER, SUCCESSOR, NEW_PASSWORD, cost=QUICK)
    seen, ended, step = [], False, 0
    while not ended:
        directory = tmp_path / f"step {step}"
        shutil.copytree(quick_book, directory)
        ended = cut_off(directory, ready, step)
        step += 1
        opened = [opens(directory, secret) for secret in (PASSWORD, NEW_PASSWORD)]
        assert opened in ([OFFICER, ""], ["", SUCCESSOR])
        seen.append(opened[0] == "")
        again = books.open_book(directory, PASSWORD if opened[0] else NEW_PASSWORD, clock=Clock())
        assert again.book.setting(books.HANDING_OVER) is None, "the next opening wrote down how it ended"
        assert again.settings.preparer == (OFFICER if opened[0] else SUCCESSOR)
        assert all(finding.ok for finding in again.book.verify())
        again.close()
        (directory / KEY_FILE).unlink()
        assert [opens(directory, secret) for secret in (PASSWORD, NEW_PASSWORD)] == opened, "the copy says the same"
    assert False in seen, "some cuts came before the keys were exchanged"
    assert seen.count(True) > 1, "and some after"
