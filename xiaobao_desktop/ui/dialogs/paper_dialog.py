"""A paper of one record (签到表, 情况表, 答复函): looked at, printed, saved as PDF or Word."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QBoxLayout, QFileDialog, QWidget

from xiaobao_desktop import paths
from xiaobao_desktop.services import reporting
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.services.records import Changed
from xiaobao_desktop.ui import rights
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.pdf_dialog import PdfDialog
from xiaobao_desktop.ui.tasks import Progress, tasks
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import Notice


class SavingDialog(PdfDialog):
    """A paper that can also be saved as PDF and Word; the owner says what the files hold."""

    def __init__(self, way: WayOut, title: str, file_name: str, topic: str, parent: QWidget | None = None) -> None:
        """Prepare the dialog; the arguments are those of :class:`PdfDialog`."""
        super().__init__(way, title, file_name, topic, parent)
        self._saving = self._closing = False
        self.notice = Notice("", "amber")
        self.pdf_button = buttons.button("PDF 另存", icon="download")
        self.word_button = buttons.button("Word", icon="file-down")
        self.add_buttons(self.word_button, self.pdf_button)
        self.pdf_button.clicked.connect(lambda: self.save("pdf"))
        self.word_button.clicked.connect(lambda: self.save("docx"))
        rights.restrict(way.session, self.pdf_button, self.word_button)
        self.advise(())

    def content(self, file_format: str) -> bytes:
        """The bytes of the paper as ``pdf`` or ``docx``; called beside the window."""
        raise NotImplementedError

    def advise(self, sentences: Sequence[str]) -> None:
        """Say above the paper what is lacking on it."""
        column = self.layout()
        if isinstance(column, QBoxLayout) and column.indexOf(self.notice) < 0:
            column.insertWidget(0, self.notice)
        self.notice.set_text("\n".join(sentences))

    def save(self, file_format: str) -> None:
        """Ask where to, and write the paper as ``pdf`` or ``docx``."""
        kinds = {"pdf": "PDF 文件 (*.pdf)", "docx": "Word 文档 (*.docx)"}
        proposed = paths.documents_dir() / f"{self.file_name}.{file_format}"
        chosen, _kind = QFileDialog.getSaveFileName(self, "另存为", str(proposed), kinds[file_format])
        if chosen:
            self.save_to(Path(chosen), file_format)

    def save_to(self, target: Path, file_format: str) -> None:
        """Write the paper to ``target`` and write it down, beside the window."""
        target = target if target.suffix else target.with_suffix(f".{file_format}")

        def work(_progress: Progress) -> Changed:
            return self.way.saved(target, self.content(file_format), file_format)

        def done(changed: Changed) -> None:
            self._saving = False
            bus().announce(changed)
            self.words.setText(f"已另存：{target.name}")
            if self._closing:
                self.reject()

        self._saving = True
        self.words.setText("正在保存…")
        tasks().run(work, done, self.failed, self)

    def failed(self, error: BaseException) -> None:
        """Tell why something was not done."""
        self._saving = self._closing = False
        super().failed(error)

    def reject(self) -> None:
        """Close; a file that is being written comes first, so that the history tells of it."""
        self._closing = self._saving
        if self._closing:
            self.words.setText("正在保存，存好就关闭…")
        else:
            super().reject()


class PaperDialog(SavingDialog):
    """Shows a paper that was built; it is drawn beside the window."""

    def __init__(
        self, way: WayOut, built: reporting.Built, parent: QWidget | None = None, *, advice: Sequence[str] = ()
    ) -> None:
        """Show ``built``; ``way`` is how it leaves the program, ``advice`` says what is lacking on it."""
        super().__init__(way, built.info.title, built.file_name, "papers", parent)
        self.built = built
        self.advise(advice)
        self.draw(lambda: self.content("pdf"))

    def content(self, file_format: str) -> bytes:
        """The bytes of the paper."""
        return reporting.render(self.built, file_format)
