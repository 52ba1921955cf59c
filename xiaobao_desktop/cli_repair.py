"""The command ``repair``: what can be done for a damaged book, told first and done with ``--apply``."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiaobao_desktop import cli
from xiaobao_desktop.errors import UserError

if TYPE_CHECKING:
    from xiaobao_desktop.services.repair import Examined

RESCUED, BACKUP = "rescued", "backup"
"""The two ways to go on: with what was read of the damaged book, or with the newest good backup."""


class NothingToUse(UserError):
    """没有修复：{what}。账簿没有改动。请把整个账簿文件夹复制一份，交给科技人员。"""  # noqa: D415


def add_to(chosen: Any) -> None:
    """Declare the command with its arguments."""
    command = chosen.add_parser("repair", help="看受损的账簿能救出什么、和备份差在哪；不加 --apply 不改动")
    command.add_argument("--apply", action="store_true", help="换上选用的那一本；受损的账簿另存一旁")
    command.add_argument("--use", choices=(RESCUED, BACKUP), help="用救出的账簿还是备份；不写就按建议")
    command.set_defaults(handler=run)


def run(options: argparse.Namespace) -> int:
    """Examine the book; with ``--apply`` go on with the advised or chosen one and check it."""
    from xiaobao_desktop.services import repair

    directory = cli.book_directory(options)
    secret = cli.secret_of(options, directory)
    damage = _damage(directory, secret)
    if not damage:
        cli.emit(options, {"book": str(directory), "sound": True}, "逐页逐条检查过，账簿没有损坏，不用修复。")
        return 0
    print(damage, file=sys.stderr)
    examined = repair.examine(directory, secret, tell=lambda words: print(words, file=sys.stderr))
    try:
        way = options.use or _advised(examined)
        aside = _go_on(examined, way) if options.apply else None
    finally:
        repair.discard(directory)
    wrong = _wrong(directory, secret) if options.apply else ()
    lines = [*repair.report(examined), *_told(options, way, aside), *wrong]
    cli.emit(options, _as_json(examined, way, aside, applied=options.apply), "\n".join(lines))
    return 0 if options.apply and not wrong else 1


def _damage(directory: Path, secret: str | None) -> str:
    """What is wrong with the book, "" for nothing; a book that cannot be opened for another reason is refused."""
    from xiaobao_desktop.services import books
    from xiaobao_desktop.store.errors import BookDamaged, BookEmpty, BookForeign

    try:
        session = books.open_book(directory, secret)
    except (BookDamaged, BookEmpty, BookForeign) as error:
        return error.message
    try:
        faults = [item for item in session.book.verify() if not item.ok]
    except BookDamaged as error:
        return error.message
    finally:
        # A book that is damaged may not take its last note.
        with suppress(UserError):
            session.close()
    told: dict[str, list[str]] = {}
    for item in faults:
        told.setdefault(item.detail, []).append(item.what)
    return "；".join(f"{'、'.join(names)}：{detail}" for detail, names in told.items())


def _advised(examined: Examined) -> str:
    if examined.rescued is not None and (examined.rescued_best or examined.backup is None):
        return RESCUED
    return BACKUP if examined.backup is not None else ""


def _go_on(examined: Examined, way: str) -> Path | None:
    from xiaobao_desktop.services import repair
    from xiaobao_desktop.services.clock import wall_clock

    if way == RESCUED and examined.rescued is not None:
        return repair.go_on_with_rescued(examined, wall_clock())
    if way == BACKUP and examined.backup is not None:
        return repair.go_on_with_backup(examined, wall_clock())
    what = {RESCUED: "原来的账簿里什么也读不出来", BACKUP: "没有找到完好的备份"}
    raise NothingToUse(what=what.get(way, "什么也读不出来，也没有完好的备份"))


def _wrong(directory: Path, secret: str | None) -> tuple[str, ...]:
    """What is not in order in the book that was put in the place of the damaged one."""
    from xiaobao_desktop.services import backups, books

    session = books.open_book(directory, secret)
    try:
        findings = backups.verify(session)
    finally:
        session.close()
    return tuple(f"有问题\t{item.what}\t{item.detail}" for item in findings if not item.ok)


def _told(options: argparse.Namespace, way: str, aside: Path | None) -> list[str]:
    named = {RESCUED: "救出的账簿", BACKUP: "最近一份完好的备份"}.get(way)
    if options.apply:
        kept = [f"受损的账簿另存在 {aside}，核对无误后再删。"] if aside is not None else []
        return [f"已换上{named}。", *kept]
    if named is None:
        return ["没有可用的账簿。请把整个文件夹交给科技人员。"]
    return [f"{'选用' if options.use else '建议用'}{named}。现在什么也没有改；加 --apply 再运行一次就换上。"]


def _as_json(examined: Examined, way: str, aside: Path | None, *, applied: bool) -> dict[str, object]:
    from xiaobao_desktop.services import repair

    found, backup = examined.rescued, examined.backup
    return {
        "book": str(examined.directory),
        "sound": False,
        "rescued": asdict(found) if found is not None else None,
        "backup": {"file": str(backup.file), "made_at": backup.made_at.isoformat(), "counts": dict(backup.counts)}
        if backup is not None
        else None,
        "differences": asdict(examined.differences),
        "missing_files": examined.missing_files,
        "use": way or None,
        "applied": applied,
        "kept_aside": str(aside) if aside is not None else None,
        "report": repair.report(examined),
    }
