"""The command ``consolidate``: the 报送包 of many banks into one book."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiaobao_desktop import cli
from xiaobao_desktop.cli_export import PassphraseFileUnreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao_desktop.services.consolidation import Candidate, Result


def add_to(chosen: Any) -> None:
    """Declare the command with its arguments."""
    command = chosen.add_parser("consolidate", help="汇总别的机构的报送包（文件或文件夹，可以很多个）")
    command.add_argument("paths", nargs="+", metavar="PATH", help=".zip、.xbpack、解开的文件夹，或放着它们的文件夹")
    command.add_argument("--zip-password-file", metavar="F", help="加密包的口令，一行一个")
    command.add_argument("--dry-run", action="store_true", help="只看每个包能不能汇总，不写入")
    command.add_argument("--strict", action="store_true", help="有不能汇总的包时退出码为 1")
    command.set_defaults(handler=run)


def run(options: argparse.Namespace) -> int:
    """Look at every package and take in those that can be; a verified backup comes first."""
    from xiaobao_desktop.cli_commands import opened
    from xiaobao_desktop.services import backup_places, consolidation

    passphrases = _lines(Path(options.zip_password_file)) if options.zip_password_file else ()
    paths = consolidation.find(Path(path) for path in options.paths)
    with opened(options) as session:
        looked = consolidation.look(session, paths, passphrases)
        usable = any(item.usable for item in looked)
        if options.dry_run or not usable:
            result = consolidation.Result((), tuple(looked), ())
        else:
            backup_places.backup_here(session)
            result = consolidation.run(session, looked, passphrases)
    cli.emit(options, _as_json(result, dry_run=options.dry_run), "\n".join(_lines_of(result)))
    refused = any(not item.usable and item.state is not consolidation.State.KNOWN for item in result.refused)
    return 1 if options.strict and refused else 0


def _lines(file: Path) -> Sequence[str]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PassphraseFileUnreadable(file=file.name) from error
    return [line.strip() for line in lines if line.strip()]


def _about(item: Candidate) -> dict[str, object]:
    return {
        "file": str(item.path),
        "bank": item.bank,
        "origin": item.origin,
        "period": item.period,
        "made_at": item.made_at,
        "masked": item.masked,
        "rows": dict(item.rows or {}),
    }


def _as_json(result: Result, *, dry_run: bool) -> dict[str, object]:
    return {
        "packages": [
            {
                **_about(item),
                "added": took.added,
                "changed": took.changed,
                "same": took.same,
                "gone": took.gone,
                "files": took.files,
                "kept": took.kept,
                "replaced": took.replaced,
                "left_out": took.left_out,
            }
            for item, took in result.taken
        ],
        "usable": [_about(item) for item in result.refused if item.usable],
        "refused": [
            {**_about(item), "state": item.state.name.lower(), "reason": item.reason}
            for item in result.refused
            if not item.usable
        ],
        "dry_run": dry_run,
    }


def _lines_of(result: Result) -> list[str]:
    lines = [
        f"已汇总\t{item.bank} {item.period_title}\t新增 {took.added}，更新 {took.changed}，撤下 {took.gone}"
        for item, took in result.taken
    ]
    lines += [f"可汇总\t{item.bank} {item.period_title}\t{item.total} 条" for item in result.refused if item.usable]
    return lines + [f"没有汇总\t{item.path.name}\t{item.reason}" for item in result.refused if not item.usable]
