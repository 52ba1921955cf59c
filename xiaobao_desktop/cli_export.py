"""The command ``export``: a package for the stick, and the check of one that was carried there."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiaobao_desktop import cli
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.files import ensure_folder

if TYPE_CHECKING:
    from xiaobao_desktop.services.exporting import Order

Subparsers = Any
"""argparse keeps the type of its subparsers to itself."""


class PassphraseFileUnreadable(UserError):
    """读不出口令文件“{file}”。请核对文件名；它的第一行应是口令。"""  # noqa: D415


class PassphraseOnStick(UserError):
    """没有导出：口令文件“{file}”在导出的文件夹或同一个 U 盘里。口令不能和加密包放在一起，请换一个地方。"""  # noqa: D415


def add_to(chosen: Subparsers) -> None:
    """Declare the command with its arguments."""
    export = chosen.add_parser("export", help="导出报送包（Excel、PDF、清单），或校验一个报送包")
    export.add_argument("--out", metavar="DIR", help="写到哪个文件夹或 U 盘")
    export.add_argument("--period", metavar="P", help="2026-10、2026Q3、2026H1、2026 或 FROM..TO")
    export.add_argument("--ledgers", default="", metavar="a,b", help="哪些台账，默认期间里有记录的全部")
    export.add_argument("--unmasked", action="store_true", help="不遮盖个人信息；要写明原因，包会加密")
    export.add_argument("--reason", default="", metavar="TEXT", help="为什么不遮盖")
    export.add_argument("--approver", default="", metavar="NAME", help="批准人")
    export.add_argument("--recipient", default="", metavar="NAME", help="报送给谁")
    export.add_argument("--purpose", default="报送", metavar="TEXT", help="用途")
    export.add_argument(
        "--zip-password-file", metavar="F", help="加密包的口令在这个文件的第一行；没有这个文件时由程序写一个进去"
    )
    export.add_argument("--no-report", action="store_true", help="不附月报、季报、年报")
    export.add_argument("--no-data", action="store_true", help="不附供小保汇总的数据")
    export.add_argument("--attachments", action="store_true", help="附上附件；遮盖的包里只有活动照片")
    export.add_argument("--xbpack", action="store_true", help="写成 .xbpack，对方双击就用小保打开")
    export.add_argument("--verify", metavar="FILE", help="校验一个报送包，不导出")
    export.set_defaults(handler=run)


def run(options: argparse.Namespace) -> int:
    """Export, or check with ``--verify``."""
    if options.verify:
        return _verify(options)
    if not (options.out and options.period):
        print(
            "命令写法不对：导出要写明 --out 和 --period，例如 export --out E:\\ --period 2026-10；"
            "校验用 export --verify 文件。",
            file=sys.stderr,
        )
        return 2
    return _export(options)


def _export(options: argparse.Namespace) -> int:
    from xiaobao_desktop.cli_commands import opened
    from xiaobao_desktop.domain.period import parse_period
    from xiaobao_desktop.services import exporting

    order = exporting.Order(
        period=parse_period(options.period),
        ledgers=tuple(item.strip() for item in options.ledgers.split(",") if item.strip()),
        masked=not options.unmasked,
        recipient=options.recipient,
        purpose=options.purpose,
        reason=options.reason,
        approver=options.approver,
        with_report=not options.no_report,
        with_data=not options.no_data,
        with_files=options.attachments,
        for_program=options.xbpack,
    )
    folder = Path(options.out)
    exporting.check_reasons(order, approver_needed=False)
    given = _given_passphrase(options, order, folder)
    with opened(options) as session:
        made = exporting.make(exporting.prepare(session, order), given)
        _keep_passphrase(options, made.passphrase, given)
        ensure_folder(folder)
        written = exporting.write(session, made, folder)
    shown = made.passphrase if made.passphrase and not options.zip_password_file else ""
    data = {
        "file": str(written.path),
        "sha256": written.sha256,
        "masked": order.masked,
        "rows": dict(made.export.rows),
        "files": list(made.parts),
        **({"passphrase": shown} if shown else {}),
    }
    cli.emit(options, data, str(written.path))
    if shown and not options.json:
        print(
            f"口令（只显示这一次，请打电话告诉对方，连着输、不用空格）：{exporting.spoken(shown)}",
            file=sys.stderr,
        )
    print(f"已写好并核对{'，可以安全拔出 U 盘' if written.removable else ''}。", file=sys.stderr)
    return 0


def _given_passphrase(options: argparse.Namespace, order: Order, folder: Path) -> str:
    """The passphrase in the file that was named; "" when the program is to make one."""
    from xiaobao_desktop.services import exporting

    if order.masked or not options.zip_password_file:
        return ""
    file = Path(options.zip_password_file)
    if exporting.together(file, folder):
        raise PassphraseOnStick(file=file.name)
    if not file.exists():
        return ""
    return _first_line(file)


def _keep_passphrase(options: argparse.Namespace, made: str, given: str) -> None:
    """Write a passphrase that the program made into the file that was named, readable by its owner only."""
    if not made or given or not options.zip_password_file:
        return
    file = Path(options.zip_password_file)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise PassphraseFileUnreadable(file=file.name) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(f"{made}\n")


def _first_line(file: Path) -> str:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PassphraseFileUnreadable(file=file.name) from error
    if not lines or not lines[0].strip():
        raise PassphraseFileUnreadable(file=file.name)
    return lines[0].strip()


def _verify(options: argparse.Namespace) -> int:
    from xiaobao_desktop.services import exporting

    passphrase = _first_line(Path(options.zip_password_file)) if options.zip_password_file else ""
    checked = exporting.verify(Path(options.verify), passphrase)
    manifest = checked.manifest
    data = {
        "ok": checked.ok,
        "bank": manifest["bank"],
        "period": manifest["period"],
        "made_at": manifest["made_at"],
        "masked": manifest["masked"],
        "anchor": manifest["anchor"],
        "files": [{"name": item.what, "ok": item.ok, "detail": item.detail} for item in checked.findings],
    }
    lines = [f"{manifest['bank']} {manifest['period_title']} {manifest['made_at'][:16].replace('T', ' ')}"]
    lines += [f"{'正常' if item.ok else '有问题'}\t{item.what}\t{item.detail}" for item in checked.findings]
    cli.emit(options, data, "\n".join(lines))
    return 0 if checked.ok else 1
