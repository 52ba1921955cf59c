"""The local log of defects: what broke where, never with values, names or texts of records."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from xiaobao_desktop import __version__, paths

FILE = "defects.log"
LONGEST = 256 * 1024


def keep(trace: str, at: datetime) -> Path | None:
    """Add a masked trace to the log of defects, the oldest half cut off when it grows too long.

    Args:
        trace: without values of variables.
        at: when it happened.

    Returns:
        The file, or None when it cannot be written.
    """
    file = paths.program_data_dir() / FILE
    entry = f"==== {at:%Y-%m-%d %H:%M:%S} {__version__}\n{trace.rstrip()}\n"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        old = file.read_text(encoding="utf-8") if file.exists() else ""
        file.write_text((old[-LONGEST // 2 :] if len(old) > LONGEST else old) + entry, encoding="utf-8")
    except OSError:
        return None
    return file
