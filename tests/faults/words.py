"""What no sentence for the officer may hold: names of the program's own files, and words of its makers."""

from __future__ import annotations

import re

_TECHNICAL = re.compile(
    r"\.(tmp|part|bin|json|db|bak)\b|sqlite|\bsql|errno|\bwal\b|hmac|\bsalt\b|trigger|traceback|exception|[A-Z]\w+Error"
    r"|repair-|restore-|reencrypt-|backup-copy|change_|[0-9a-f]{16,}|\b[a-z]{3,} [a-z]{2,}\b",
    re.IGNORECASE,
)
_PATH = re.compile(r"(?:[A-Za-z]:)?[\\/][\w.\-/\\]*")


def technical(sentence: str) -> list[str]:
    """Whatever in a sentence only a programmer understands.

    Places of folders, names of backups, and the one file that the officer herself has to put back are not meant.
    """
    bare = _PATH.sub("", re.sub(r"[\w\-]+\.xbbak|keys\.json", "", sentence))
    return [found.group(0) for found in _TECHNICAL.finditer(bare)]
