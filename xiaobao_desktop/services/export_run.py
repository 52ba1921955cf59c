"""An export from beginning to end, as the window asks for it: one package, or one file a ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import exporting
from xiaobao_desktop.services.exporting import Cancelled, ExportCancelled, Made, Order, Written
from xiaobao_desktop.services.session import Session

Told = Callable[[int, int, str], None]
_KILOBYTE = 1024


@dataclass(frozen=True)
class Outcome:
    """What was written, in order, and why the rest was not ("" when all was)."""

    files: tuple[tuple[Made, Written], ...]
    trouble: str = ""


def package(session: Session, order: Order, folder: Path, told: Told, cancelled: Cancelled) -> Outcome:
    """Make and write a package.

    Raises:
        UserError: one of those of ``exporting``; nothing is left of it.
    """
    made = exporting.make(exporting.prepare(session, order), told=told, cancelled=cancelled)
    return Outcome(((made, _write(session, made, folder, told, cancelled)),))


def tables(session: Session, order: Order, folder: Path, file_format: str, told: Told, cancelled: Cancelled) -> Outcome:
    """Write one file (``xlsx`` or ``csv``) a ledger, all its records whatever the period.

    Files that were written before something went wrong are proven and stay; they are told with the trouble.

    Raises:
        UserError: nothing was written at all.
    """
    done: list[tuple[Made, Written]] = []
    for place, key in enumerate(order.ledgers):
        ledger = session.ledger(key)
        told(place, len(order.ledgers), f"正在读取{ledger.label}台账")
        try:
            if cancelled():
                raise ExportCancelled
            made = exporting.table(session, ledger, order, file_format)
            done.append((made, _write(session, made, folder, told, cancelled)))
        except UserError as error:
            if not done:
                raise
            words = "后面的已取消。" if isinstance(error, ExportCancelled) else error.message
            return Outcome(tuple(done), words)
    return Outcome(tuple(done))


def _write(session: Session, made: Made, folder: Path, told: Told, cancelled: Cancelled) -> Written:
    def wrote(done: int, total: int) -> None:
        told(done // _KILOBYTE, total // _KILOBYTE, "正在写入、核对，KB")

    return exporting.write(session, made, folder, wrote, cancelled)
