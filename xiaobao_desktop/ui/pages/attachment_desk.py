"""What is done with the files of a record: added, opened, saved elsewhere, named, removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices, QImage, QPixmap
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QMenu, QWidget

from xiaobao_desktop.domain.fields import Evidence, Ledger
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import attachments, opened_files
from xiaobao_desktop.services.attachments import AddedAll, FileEntry
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import rights
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.error_dialog import show_bug, show_user_error
from xiaobao_desktop.ui.tasks import Progress, tasks
from xiaobao_desktop.ui.widgets.ask_files import ask_files, begin

_CAPTION_LENGTH = 200
_KEPT_PICTURES = 200


class AttachmentDesk(QObject):
    """The acts on files of one ledger's records.

    Signals:
        told: what was done, in Chinese; it can be undone.
    """

    told = Signal(str)

    def __init__(self, session: Session, ledger: Ledger, owner: QWidget) -> None:
        super().__init__(owner)
        self._session, self._ledger, self._owner = session, ledger, owner
        self._pictures: dict[int, QPixmap] = {}

    @property
    def why_not(self) -> str:
        """Why nothing but looking may be done with the files, "" for an officer."""
        return "" if self._session.role.may_change else rights.WHY

    # Adding

    def choose(self, record_id: int, kind: Evidence, step_id: int | None = None) -> None:
        """Ask for files and add them."""
        self.add(record_id, kind, ask_files(self._owner, f"添加{kind.label}"), step_id)

    def add(self, record_id: int, kind: Evidence, files: Sequence[Path], step_id: int | None = None) -> None:
        """Add files beside the window, to the record or to one of its steps; what could not be added is told."""
        if not files:
            return
        session, ledger = self._session, self._ledger

        def work(progress: Progress) -> AddedAll:
            return attachments.add_all(
                session,
                ledger,
                record_id,
                kind.key,
                files,
                lambda place, file: progress.step(place, len(files), f"添加“{file.name}”"),
                step_id=step_id,
            )

        tasks().run(work, lambda added: self._added(kind, added), self._failed, self)

    def kind_menu(self, at: QPoint, chosen: Callable[[Evidence], None]) -> QMenu | None:
        """Ask for the kind at a point of the screen; with one kind there is nothing to ask."""
        kinds = [kind for kind in self._ledger.evidence if not kind.made]
        if len(kinds) == 1:
            chosen(kinds[0])
            return None
        menu = QMenu(self._owner)
        for kind in kinds:
            action = QAction(kind.label, menu)
            action.triggered.connect(lambda _checked=False, kind=kind: chosen(kind))
            menu.addAction(action)
        menu.popup(at)
        return menu

    def _added(self, kind: Evidence, added: AddedAll) -> None:
        bus().announce(added.changed)
        if added.count:
            self.told.emit(f"已添加{kind.label} {added.count} 个")
        if added.refused:
            reasons = "".join(added.refused)
            show_user_error(SomeNotAdded(count=len(added.refused), reasons=reasons), self._owner.window())

    # With one file

    def open(self, entry: FileEntry) -> None:
        """Show a picture or PDF from memory; give others to the program that opens them in this system."""
        from xiaobao_desktop.ui.dialogs.attachment_viewer import AttachmentViewer, can_show

        try:
            if can_show(entry):
                try:
                    viewer = AttachmentViewer(
                        entry, attachments.open_bytes(self._session, entry.id), self._owner.window()
                    )
                except ValueError:
                    # Not drawable here, though it looks like a picture or PDF: another program may know better.
                    self._open_outside(entry)
                    return
                attachments.looked_at(self._session, entry.id)
                viewer.exec()
                viewer.deleteLater()
            else:
                self._open_outside(entry)
        except UserError as error:
            show_user_error(error, self._owner.window())

    def save_as(self, entry: FileEntry) -> None:
        """Write a decrypted copy into a folder that the officer chooses."""
        folder = QFileDialog.getExistingDirectory(self._owner, f"把“{entry.name}”存到哪个文件夹", str(begin()))
        if folder:
            self._guard(lambda: self._save(entry, Path(folder)))

    def ask_caption(self, entry: FileEntry) -> None:
        """Ask for the words under a picture."""
        from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog

        line = QLineEdit(entry.caption)
        line.setMaxLength(_CAPTION_LENGTH)
        line.setAccessibleName("照片说明")
        line.setPlaceholderText("如：志愿者在集市讲解存款保险")
        dialog = ConfirmDialog("照片说明", "会印在照片下面。", yes="保存", extra=line, parent=self._owner.window())
        line.setFocus()
        if dialog.exec() == QDialog.DialogCode.Accepted:
            words = line.text()
            self._guard(lambda: bus().announce(attachments.set_caption(self._session, entry.id, words)))
        dialog.deleteLater()

    def removable(self, entry: FileEntry) -> bool:
        """Whether a file may be taken away: those that the program has put in for good may not."""
        return not self._ledger.evidence_kind(entry.evidence).made

    def remove(self, entry: FileEntry) -> None:
        """Take a file away; the note offers to undo it."""
        if self._guard(lambda: bus().announce(attachments.remove(self._session, entry.id))):
            self.told.emit(f"已移除“{entry.name}”")

    def picture(self, entry: FileEntry, size: QSize) -> QPixmap:
        """A small picture of a photo, kept for the next time; empty when it cannot be read."""
        if entry.id not in self._pictures:
            if len(self._pictures) >= _KEPT_PICTURES:
                self._pictures.clear()
            try:
                image = QImage.fromData(attachments.open_bytes(self._session, entry.id))
            except UserError:
                # The tile stays empty; opening it says why.
                image = QImage()
            if not image.isNull():
                image = image.scaled(
                    size,
                    Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                    Qt.TransformationMode.SmoothTransformation,
                )
            self._pictures[entry.id] = QPixmap.fromImage(image)
        return self._pictures[entry.id]

    def _save(self, entry: FileEntry, folder: Path) -> None:
        written = attachments.export_to(self._session, entry.id, folder)
        self.told.emit(f"已另存为“{written.name}”")

    def _open_outside(self, entry: FileEntry) -> None:
        file = opened_files.write_out(self._session, entry.id)
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(file))):
            raise NoProgram(name=entry.name)

    def _failed(self, error: BaseException) -> None:
        show_bug(error, parent=self._owner.window())

    def _guard(self, act: Callable[[], None]) -> bool:
        try:
            act()
        except UserError as error:
            show_user_error(error, self._owner.window())
            return False
        return True


class SomeNotAdded(UserError):
    """有 {count} 个文件没有添加，其余的都在。{reasons}"""  # noqa: D415


class NoProgram(UserError):
    """没有打开“{name}”：这台电脑上没有能打开它的程序。请用“另存为”存到文件夹，再到别的电脑上打开。"""  # noqa: D415
