"""What goes out of a list and comes in by the clipboard: the list into a file, a copied block into an import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from xiaobao_desktop import paths
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import list_export, pasting
from xiaobao_desktop.services.list_export import CSV, XLSX, ListOrder
from xiaobao_desktop.ui.dialogs.error_dialog import show_bug, show_user_error
from xiaobao_desktop.ui.pages.ledger_presenter import NUMBER
from xiaobao_desktop.ui.pages.page import DATA
from xiaobao_desktop.ui.tasks import Progress, tasks

if TYPE_CHECKING:
    from xiaobao_desktop.ui.pages.ledger_page import LedgerPage

KINDS = {XLSX: "Excel 工作簿 (*.xlsx)", CSV: "CSV，给别的系统用 (*.csv)"}


class _Cancelled(Exception):
    """The window was closed: nobody waits for the file any more."""


def export_list(page: LedgerPage) -> None:
    """Ask for a file and write the list as it is shown, masked; nothing while a form lies over it."""
    if page.editing:
        return
    proposed = paths.documents_dir() / f"{list_export.file_stem(page.session, page.ledger)}.{XLSX}"
    chosen, kind = QFileDialog.getSaveFileName(page, "导出这个列表", str(proposed), ";;".join(KINDS.values()))
    if not chosen:
        return
    target = Path(chosen)
    if target.suffix.lower().removeprefix(".") not in KINDS:
        ending = next(key for key, words in KINDS.items() if words == (kind or KINDS[XLSX]))
        target = target.with_name(f"{target.name}.{ending}")
    export_to(page, target)


def export_to(page: LedgerPage, target: Path) -> None:
    """Write the list into ``target`` (``.xlsx`` or ``.csv``) beside the window, and say so."""
    shown = page.list.model
    keys = tuple(key for key in shown.columns if key != NUMBER)
    labels = {key: page.presenter.label(key) for key in keys}
    order = ListOrder(page.ledger, tuple(shown.ids), keys, labels, page.list.narrowed_words())

    def work(progress: Progress) -> str:
        def told(done: int, total: int) -> None:
            if progress.cancelled:
                raise _Cancelled
            progress.step(done, total)

        return list_export.write(page.session, order, target, told)

    def failed(error: BaseException) -> None:
        if isinstance(error, UserError):
            show_user_error(error, page)
        else:
            show_bug(error, parent=page)

    count = f"{len(order.ids)} {page.ledger.unit}"
    tasks().run(work, lambda _digest: page.toast.tell(f"已导出 {count}：{target.name}，个人信息已遮盖"), failed, page)


def paste(page: LedgerPage) -> None:
    """Recognise the block on the clipboard and open the import of the ledger with it; nothing is written yet."""
    from xiaobao_desktop.ui.main_window import MainWindow
    from xiaobao_desktop.ui.pages.data_page import DataPage

    data = QGuiApplication.clipboard().mimeData()
    try:
        page.session.require(f"粘贴到{page.ledger.label}")
        source, table = pasting.recognise(page.ledger, data.text(), data.html(), page.list.model.columns)
    except UserError as error:
        show_user_error(error, page)
        return
    window = page.window()
    if not isinstance(window, MainWindow):
        return
    target = window.page(DATA)
    if window.show_page(DATA) and isinstance(target, DataPage):
        target.begin_import(page.ledger).take_pasted(source, table, pasting.NAME)
