"""The command ``reencrypt``: a new key for the whole book after a suspected leak."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from xiaobao_desktop import cli

if TYPE_CHECKING:
    from xiaobao_desktop.services.reencrypting import Done, Ready

NEW_PASSWORD_VARIABLE = "XIAOBAO_NEW_PASSWORD"  # noqa: S105 - the name of a variable, not a password


def add_to(chosen: Any) -> None:
    """Declare the command with its arguments."""
    command = chosen.add_parser("reencrypt", help="疑似泄露：换新密钥重新加密整本账簿；新恢复密钥只显示一次")
    command.add_argument("--reason", required=True, metavar="TEXT", help="为什么要重新加密，写进操作记录")
    command.add_argument("--new-password-file", metavar="FILE", help="从文件第一行读新密码")
    command.add_argument("--keep-old", action="store_true", help="新备份查验以后，旧账簿的文件夹也留着")
    command.set_defaults(handler=run)


def run(options: argparse.Namespace) -> int:
    """Re-encrypt the book, back it up, print what is shown only once, and what still opens with the old password."""
    from xiaobao_desktop.cli_commands import opened
    from xiaobao_desktop.services import reencrypting

    password = cli.password(options)
    new = cli.secret("新密码", options.new_password_file, "--new-password-file", NEW_PASSWORD_VARIABLE)
    with opened(options) as session:
        ready = reencrypting.prepare(session, password, new, options.reason)
        done = reencrypting.carry_out(session, ready, keep_old=options.keep_old)
        old = [str(copy.path) for copy in reencrypting.old_copies(session)]
    if done.trouble:
        print(done.trouble, file=sys.stderr)
    cli.emit(options, _as_json(ready, done, old), "\n".join(_lines(ready, done, old)))
    return 0


def _as_json(ready: Ready, done: Done, old: list[str]) -> dict[str, object]:
    return {
        "recovery_key": ready.keys.words,
        "start_passwords": [
            {"name": one.name, "role": one.role.value, "password": one.password} for one in ready.starts
        ],
        "backup": str(done.backup) if done.backup else None,
        "kept_aside": str(done.aside) if done.aside else None,
        "lost_attachments": list(done.lost),
        "old_copies": old,
    }


def _lines(ready: Ready, done: Done, old: list[str]) -> list[str]:
    lines = ["账簿已用新密钥重新加密，旧密码和旧恢复密钥不能再打开它。"]
    lines.append(f"恢复密钥（只显示这一次，请抄写并锁进柜子）：{ready.keys.words}")
    lines += [f"{one.name}（{one.role.label}）的临时密码，首次登录要改：{one.password}" for one in ready.starts]
    if done.backup:
        lines.append(f"新备份：{done.backup}")
    if done.aside:
        lines.append(f"旧账簿另存在 {done.aside}")
    lines += [f"附件“{name}”原来就缺失或损坏" for name in done.lost]
    if old:
        lines.append("下面这些用旧密码还能打开，不用了请删除：")
        lines += old
    return lines
