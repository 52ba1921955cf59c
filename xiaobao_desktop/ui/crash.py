"""Defects that nobody caught, wherever they happen, and what the next start tells of a run that did not end well."""

from __future__ import annotations

import sys
import threading
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QThread, Signal
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from xiaobao_desktop import __version__, log
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services.clock import wall_clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao_desktop.services.drafts import Typed, Unsaved
    from xiaobao_desktop.services.session import Session

_SHOWN = 3


class _Relay(QObject):
    """Brings a defect of another thread into that of the window."""

    raised = Signal(object)


_relay: list[_Relay] = []


def install() -> None:
    """Catch what nobody caught: in slots and in the start, in threads, in destructors. Call in the window's thread."""
    relay = _Relay()
    relay.raised.connect(_tell, Qt.ConnectionType.QueuedConnection)
    _relay[:] = [relay]
    sys.excepthook = tell_defect
    threading.excepthook = _in_thread
    sys.unraisablehook = _unraisable


def tell_defect(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Last stop of what nobody caught: an error of the officer's world is told, a defect is kept, masked, and told."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    _say(error)
    app = QApplication.instance()
    if app is not None and app.thread() is not QThread.currentThread():
        # Some library runs Python in a thread of its own.
        file = None if isinstance(error, UserError) else _kept(error)
        _relay[0].raised.emit((error, file))
        return
    _tell((error, None))


def _in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is None or issubclass(args.exc_type, SystemExit):
        return
    _say(args.exc_value)
    # Kept at once: the window may be what hangs.
    _relay[0].raised.emit((args.exc_value, _kept(args.exc_value)))


def _unraisable(args: sys.UnraisableHookArgs) -> None:
    """In a destructor: nothing that the officer could do, but kept."""
    if args.exc_value is not None:
        _say(args.exc_value)
        _kept(args.exc_value)


def _kept(error: BaseException) -> object:
    from xiaobao_desktop.ui.dialogs.error_dialog import masked_trace

    return log.keep(masked_trace(error), wall_clock())


def _say(error: BaseException) -> None:
    """To the terminal, masked too: a desktop keeps what programs say there."""
    if sys.stderr is not None and not isinstance(error, UserError):
        from xiaobao_desktop.ui.dialogs import error_dialog

        sys.stderr.write(error_dialog.masked_trace(error) + "\n")


def _tell(what: tuple[BaseException, object]) -> None:
    from xiaobao_desktop.ui.dialogs import error_dialog

    error, file = what
    if isinstance(error, UserError):
        error_dialog.show_user_error(error)
    else:
        error_dialog.show_bug(error, file)  # type: ignore[arg-type]


def tell_of_last_run(session: Session, began: datetime, window: QWidget) -> Unsaved | None:
    """Say that the last run did not end well, what is safe, and which forms wait; the draft she wants to open now.

    Args:
        session: the book that was open then and is open now.
        began: when that run opened it.
        window: owner.
    """
    from xiaobao_desktop.services import drafts
    from xiaobao_desktop.ui.dialogs import error_dialog
    from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog

    waiting, typed = drafts.unsaved(session), drafts.all_typed(session)
    crash = log.native_crash()
    if crash:
        log.keep(crash, wall_clock())
    title = "上次小保没有正常关闭"
    happened = "程序自己出错停下了" if crash else "断了电、死了机，或者被强行结束"
    explanation = (
        f"{began:%m月%d日 %H:%M} 打开以后，{happened}。保存过的记录都在：账簿已经打开，最后一条修改历史核对无误；"
        "稍后会自动把文件逐页再查一遍。"
    )
    if not waiting and not typed:
        steps = ("看一眼最后登记的几条记录，没有来得及保存的请补上",)
        details = f"XB-UNCLEAN\n小保 {__version__}\n{crash}".rstrip()
        trouble = error_dialog.Trouble(title, explanation, steps, "XB-UNCLEAN", details)
        dialog = error_dialog.ErrorDialog(trouble, window)
        dialog.exec()
        dialog.deleteLater()
        return None
    text = f"{explanation}\n没有保存的内容作为草稿留着：\n{_listed(waiting, typed)}"
    question = ConfirmDialog(title, text, yes="打开最近的草稿" if waiting else "知道了", no="关闭", parent=window)
    question.no_button.setVisible(bool(waiting))
    wanted = question.exec() == QDialog.DialogCode.Accepted
    question.deleteLater()
    return waiting[0] if wanted and waiting else None


def _listed(waiting: Sequence[Unsaved], typed: Sequence[Typed]) -> str:
    """Every draft on a line of its own: forms, and dialogs that restore theirs when they are opened again."""
    lines = [_named(item) for item in waiting]
    lines += [f"{item.title}，{_moment(item.saved_at)}的；再打开那里就在" for item in typed]
    more = [f"另外还有 {len(lines) - _SHOWN} 份"] if len(lines) > _SHOWN else []
    return "\n".join(f"· {line}" for line in [*lines[:_SHOWN], *more])


def _named(item: Unsaved) -> str:
    what = f"修改{item.ledger.label} {item.number}" if item.number else f"登记{item.ledger.label}"
    return f"{what}，{_moment(item.saved_at)}的"


def _moment(at: datetime) -> str:
    return f"{at:%m月%d日 %H:%M} "
