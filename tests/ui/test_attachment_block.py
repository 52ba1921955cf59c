from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import AddComplaint
from xiaobao_desktop.domain.fields import Evidence, Record
from xiaobao_desktop.services import attachments
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.attachment_viewer import AttachmentViewer
from xiaobao_desktop.ui.pages import attachment_desk
from xiaobao_desktop.ui.pages.attachment_block import AttachmentBlock
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.widgets.file_chip import FileChip, PhotoTile

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\ntrailer<</Root 1 0 R>>\n"
)


@pytest.fixture
def record(add_complaint: AddComplaint) -> Record:
    return add_complaint("2026-11-08", "刘秀兰")


@pytest.fixture
def page(qtbot: QtBot, look: QApplication, session: Session, record: Record) -> LedgerPage:
    made = LedgerPage(session, session.ledger("complaint"))
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    made.open_record(record.id or 0)
    return made


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    picture = QImage(300, 200, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    picture.save(str(tmp_path / "现场.jpg"))
    (tmp_path / "答复函.pdf").write_bytes(PDF)
    return [tmp_path / "现场.jpg", tmp_path / "答复函.pdf"]


def added(qtbot: QtBot, page: LedgerPage, kind: Evidence, files: list[Path]) -> None:
    assert page.detail.record is not None
    with qtbot.waitSignal(page.detail.told, timeout=20_000):
        page.detail.desk.add(page.detail.record.id or 0, kind, files)


def block(page: LedgerPage) -> AttachmentBlock:
    return page.detail.findChildren(AttachmentBlock)[-1]


def test_files_appear_as_chips_and_undo_takes_them_away(qtbot: QtBot, page: LedgerPage, files: list[Path]) -> None:
    added(qtbot, page, page.ledger.evidence[1], files)
    assert page.toast.text() == "已添加答复凭证 2 个"
    names = [chip.accessibleName().split()[0] for chip in block(page).findChildren(FileChip)]
    assert names == ["现场.jpg", "答复函.pdf"]
    assert [act.words for act in block(page).findChildren(FileChip)[0]._acts] == ["打开", "另存为…", "移除"]
    QTest.mouseClick(page.toast._button, Qt.MouseButton.LeftButton)
    assert block(page).findChildren(FileChip) == [], "both came in one act, so both go"


def test_pictures_and_pdfs_open_from_memory(
    qtbot: QtBot, page: LedgerPage, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    added(qtbot, page, page.ledger.evidence[0], files)
    shown: list[str] = []

    def look_at(dialog: AttachmentViewer) -> int:
        dialog.show()
        shown.append(f"{dialog.windowTitle()} {type(dialog.view).__name__}")
        assert not dialog.grab().isNull()
        return QDialog.DialogCode.Rejected

    monkeypatch.setattr(AttachmentViewer, "exec", look_at)
    for place in (0, 1):
        chip = block(page).findChildren(FileChip)[place]
        chip.setFocus()
        QTest.keyClick(chip, Qt.Key.Key_Return)
    assert shown == ["现场.jpg _Picture", "答复函.pdf PdfPreview"]
    assert page.detail.record is not None
    looks = page.session.book.history(page.ledger, int(str(page.detail.record.id)))
    kind = page.ledger.evidence[0].label
    opened = [change.operation for change in looks if change.operation.startswith("查看附件")]
    assert opened == [f"查看附件：{kind}"] * 2, "each opening once; the small pictures are none"


def test_other_files_go_through_a_folder_that_is_wiped(
    qtbot: QtBot, page: LedgerPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "说明.docx").write_bytes(b"words")
    added(qtbot, page, page.ledger.evidence[2], [tmp_path / "说明.docx"])
    opened: list[Path] = []

    def take(url: QUrl) -> bool:
        opened.append(Path(url.toLocalFile()))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", take)
    block(page).findChildren(FileChip)[0].click()
    assert [file.read_bytes() for file in opened] == [b"words"]
    assert opened[0].name == "说明.docx"


def test_what_cannot_be_added_is_told_and_the_rest_is_in(
    qtbot: QtBot, page: LedgerPage, files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(attachment_desk, "show_user_error", lambda error, _parent: told.append(error.message))
    added(qtbot, page, page.ledger.evidence[0], [tmp_path / "没有.pdf", files[1]])
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].startswith("有 1 个文件没有添加，其余的都在。没有添加“没有.pdf”")
    assert len(block(page).entries) == 1


def test_files_can_be_dropped_on_the_record(qtbot: QtBot, page: LedgerPage, files: list[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.detail.dropEvent(event)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    assert [action.text() for action in menu.actions()] == ["投诉材料", "答复凭证", "其他材料"]
    with qtbot.waitSignal(page.detail.told, timeout=20_000):
        menu.actions()[0].trigger()
    menu.close()
    assert len(block(page).entries) == 2


def test_photos_with_captions_are_tiles(
    qtbot: QtBot, look: QApplication, session: Session, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from xiaobao_desktop.services import records

    ledger = next(item for item in session.ledgers if any(kind.captions for kind in item.evidence))
    kind = next(kind for kind in ledger.evidence if kind.captions)
    values = {**records.blank(session, ledger).values, ledger.title[0]: "集市宣传"}
    with session.book.transaction("登记", "周敏", session.now()) as changes:
        record = changes.insert(ledger, Record(values))
    page = LedgerPage(session, ledger)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    page.open_record(record.id or 0)
    wanted = {kind.label for kind in ledger.evidence if kind.wanted}
    assert wanted <= _pills(page.detail)
    attachments.add(session, ledger, record.id or 0, kind.key, files[0], "志愿者讲解")
    bus().announce(((ledger.key, record.id or 0),))
    (tile,) = block(page).findChildren(PhotoTile)
    assert tile.accessibleName() == "志愿者讲解"
    assert not tile._picture.isNull()
    assert kind.label not in _pills(page.detail)
    assert page.detail.grab().width() > 0


def _pills(widget: QWidget) -> set[str]:
    from xiaobao_desktop.ui.widgets.pill import Pill

    return {pill.text() for pill in widget.findChildren(Pill) if pill.isVisibleTo(widget)}


def test_a_damaged_file_is_told_in_plain_words(
    qtbot: QtBot, page: LedgerPage, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    added(qtbot, page, page.ledger.evidence[0], files[:1])
    for file in (page.session.directory / "attachments").rglob("*.bin"):
        file.write_bytes(b"XBA1 damaged")
    told: list[str] = []
    monkeypatch.setattr(attachment_desk, "show_user_error", lambda error, _parent: told.append(error.message))
    block(page).findChildren(FileChip)[0].click()
    assert told == ["附件“现场.jpg”的文件有损坏，读不出来。请从备份恢复，或把原来的文件重新添加一次。"]
