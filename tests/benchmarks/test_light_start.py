"""What the window must not wait for: libraries that only reports, imports and searches by pinyin need."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.cli_program import ROOT, environment
from tests.services.support import COMPLAINT, a_complaint, new_book
from xiaobao_desktop.services import records

HEAVY = (
    "chinese_calendar",
    "click",
    "docx",
    "jinja2",
    "lxml",
    "matplotlib",
    "numpy",
    "openpyxl",
    "pdfrw",
    "pluggy",
    "pypinyin",
    "python_calamine",
    "reportlab",
    "xlsxwriter",
)

CHILD = """
import json, sys
from pathlib import Path
from xiaobao_desktop import app
from xiaobao_desktop.services import books
stages = app.Stages()
application = app.application(stages)
session = books.open_book(Path(sys.argv[1]), None)
window = app.show_window(application, session, stages)
loaded = sorted({name.partition(".")[0] for name in sys.modules})
window.show_page("complaint")
application.processEvents()
shown = sorted({name.partition(".")[0] for name in sys.modules})
window.close()
app.end(session)
print(json.dumps({"loaded": loaded, "shown": shown}))
"""


def test_heavy_libraries_wait_until_they_are_needed(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book")
    records.save(session, COMPLAINT, a_complaint())
    session.close()
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path / "book")],
        cwd=ROOT,
        env=environment(QT_QPA_PLATFORM="offscreen"),
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=120,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert "PySide6" in found["loaded"]  # the child really opened a window
    assert [name for name in HEAVY if name in found["loaded"]] == []
    assert [name for name in HEAVY if name in found["shown"]] == []
