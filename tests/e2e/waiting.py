"""Waiting for work beside the window with the real event loop, so that the worker gets its turn."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer


def until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    """Run the event loop until ``condition`` holds; AssertionError when it does not within ``seconds``."""
    loop = QEventLoop()
    check = QTimer()
    check.setInterval(20)
    check.timeout.connect(lambda: loop.quit() if condition() else None)
    limit = QTimer()
    limit.setSingleShot(True)
    limit.setInterval(round(seconds * 1000))
    limit.timeout.connect(loop.quit)
    check.start()
    limit.start()
    if not condition():
        loop.exec()
    check.stop()
    assert condition(), f"not within {seconds} s"
