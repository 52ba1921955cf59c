"""Errors of the officer's world, told apart from our bugs.

Every class derives from :class:`UserError`. Its docstring *is* the Chinese message: what happened, where, and what
to do now. Placeholders in braces are filled from the keyword arguments. Anything that is not a ``UserError`` is a
bug and goes to the bug dialog.
"""

from __future__ import annotations


class UserError(Exception):
    """{message}"""

    def __init__(self, **values: object) -> None:
        """Keep ``values`` and build the message from the class docstring.

        Args:
            **values: what the placeholders in the docstring stand for.
        """
        self.values = values
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The Chinese sentence for the officer."""
        # Slow to load, and a start without trouble needs no message.
        import inspect

        return inspect.cleandoc(type(self).__doc__ or "").format(**self.values)


class OfFile(UserError):
    """{message}"""

    def __init__(self, **values: object) -> None:
        """``file`` is a file of the program's own; the sentence names its ``folder``, which the officer knows."""
        from pathlib import Path

        super().__init__(**{"folder": Path(str(values["file"])).parent, **values})


class ValueRefused(UserError):
    """{label}：{reason}"""


class RecordRefused(UserError):
    """没有保存：{reasons}。内容还在，改好后再保存。"""


class RecordMissing(UserError):
    """{ledger}里没有编号为 {number} 的记录，它可能已被删除。请到回收站查看。"""


class UnknownLedger(UserError):
    """没有名为“{key}”的台账。可以用的有：{known}。"""


class UnknownField(UserError):
    """{ledger}里没有“{key}”这一项。用 fields {ledger_key} 可以列出全部项目。"""


class UnknownPeriod(UserError):
    """看不懂期间“{text}”。请写成 2026-10、2026Q3、2026H1、2026 或 2026-01-01..2026-10-31。"""


class UnknownReport(UserError):
    """没有名为“{name}”的报表。用 report --list 可以列出全部报表。"""
