"""Run as a program: types into a real form, and says on stdout what was typed and when, until it is killed.

python -m tests.ui.typing_form BOOK PAUSE_MS
"""

from __future__ import annotations

import itertools
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> int:
    """Open the book in ``sys.argv[1]`` and type a character each ``sys.argv[2]`` milliseconds."""
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtTest import QTest

    from xiaobao_desktop.app import Stages, application
    from xiaobao_desktop.services import books
    from xiaobao_desktop.ui.pages.ledger_page import LedgerPage

    app = application(Stages())
    session = books.open_book(Path(sys.argv[1]), None)
    page = LedgerPage(session, session.ledger("complaint"))
    page.show()
    page.create_record()
    form = page._form
    assert form is not None
    control = form.cells["content"].editor.control
    control.setFocus(Qt.FocusReason.OtherFocusReason)
    letters = itertools.cycle("abcdefghij")
    typed = ""

    def press() -> None:
        nonlocal typed
        letter = next(letters)
        QTest.keyClicks(control, letter)
        typed += letter
        sys.stdout.write(f"{time.monotonic():.3f} {typed}\n")
        sys.stdout.flush()

    timer = QTimer()
    timer.timeout.connect(press)
    timer.start(int(sys.argv[2]))
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
