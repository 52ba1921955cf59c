"""Files opened in other programs: written out for as long as 小保 runs, wiped at its end and before its next start."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from xiaobao_desktop import paths
from xiaobao_desktop.services.attachments import lend
from xiaobao_desktop.services.session import Session

FOLDER = "opened"
"""Folder among the program's own files."""


def write_out(session: Session, entry_id: int) -> Path:
    """Write a file, decrypted, into the folder that is wiped; what is changed there does not come back.

    Raises:
        As ``attachments.lend``.
    """
    place = paths.program_data_dir() / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    return lend(session, entry_id, Path(tempfile.mkdtemp(dir=place)))


def wipe() -> None:
    """Delete all that was written out; a file that another program holds open goes with the next wipe."""
    shutil.rmtree(paths.program_data_dir() / FOLDER, ignore_errors=True)
