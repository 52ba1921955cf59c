"""What the whole user flows share: a dialog that nobody closes fails its test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.dialogs import watched


@pytest.fixture(autouse=True)
def no_dialog_hangs(qapp: QApplication) -> Iterator[None]:
    """A dialog that nobody closes fails its test instead of blocking the run."""
    with watched():
        yield
