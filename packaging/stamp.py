"""One sum over everything the installers are made from besides the program's own code.

``packaging/verified.json`` keeps the sum of the state for which both installers were last built and checked whole.
``stamp.py`` prints the sum of now and ends with 1 when it differs; ``stamp.py --record`` writes it down.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERIFIED = ROOT / "packaging" / "verified.json"
PLACES = ("packaging", "resources", "pyproject.toml")
KEY = "sha256"


def counted() -> list[Path]:
    """The files that count: all under version control or about to be, but no documents and not the record itself."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *PLACES]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    files = (ROOT / name for name in sorted(set(filter(None, listed))))
    return [file for file in files if file.is_file() and file.suffix != ".md" and file != VERIFIED]


def stamp() -> str:
    """SHA-256 over names and contents, as hex digits."""
    whole = hashlib.sha256()
    for file in counted():
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        whole.update(f"{file.relative_to(ROOT).as_posix()}\0{content}\n".encode())
    return whole.hexdigest()


def verified() -> str:
    """The sum that was written down; "" when there is none."""
    try:
        return str(json.loads(VERIFIED.read_text(encoding="utf-8"))[KEY])
    except (OSError, ValueError, KeyError):
        return ""


def main() -> int:
    """Compare or record."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--record", action="store_true", help="both installers were built and checked: write it down")
    now = stamp()
    if parser.parse_args().record:
        VERIFIED.write_text(json.dumps({KEY: now}, indent=1) + "\n", encoding="utf-8")
    print(now)
    return 0 if now == verified() else 1


if __name__ == "__main__":
    sys.exit(main())
