"""What every test shares: a screenless Qt, a home folder of its own, quick keys, and the ``--full`` option."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# Set before Qt or matplotlib is first imported; a developer may ask for a real screen by setting the variable.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--full``, which also runs the tests marked ``full``."""
    parser.addoption("--full", action="store_true", help="also run the tests marked 'full', which take long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the tests marked ``full`` unless they were asked for."""
    if config.getoption("--full"):
        return
    skip = pytest.mark.skip(reason="takes long; runs with --full")
    for item in items:
        if item.get_closest_marker("full"):
            item.add_marker(skip)


def pytest_collection_finish() -> None:
    """Look for garbage rarely: what was collected stays to the end, and each look at it took a fifth of the run."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 10)


@pytest.fixture
def other_disk(tmp_path: Path) -> Iterator[Path]:
    """An empty folder on another drive than ``tmp_path``; skips where the machine has none that can be written."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("no second drive here")
    with tempfile.TemporaryDirectory(prefix="xiaobao-", dir=memory) as folder:
        yield Path(folder)


@pytest.fixture(autouse=True, scope="session")
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the whole run a home folder of its own, so that no test touches the developer's book, log or settings."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XIAOBAO_HOME", str(home))
        yield home


@pytest.fixture(autouse=True, scope="session")
def quick_keys() -> Iterator[None]:
    """Derive keys from passwords at a cost that tests can wait for, unless a test asks for ``real_cost``.

    Only what this process makes: programs that tests start, and books that lie in ``tests/data``, keep the real cost.
    """
    from tests.store.books import QUICK

    with pytest.MonkeyPatch.context() as patch:
        for defaults in _defaults_with_a_cost():
            patch.setitem(defaults, "cost", QUICK)
        yield


@pytest.fixture
def real_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Derive keys at the cost that a bank's book has, in this test alone."""
    from xiaobao_desktop.store import keyslots

    for defaults in _defaults_with_a_cost():
        monkeypatch.setitem(defaults, "cost", keyslots.DEFAULT_COST)


def _defaults_with_a_cost() -> list[dict[str, Any]]:
    """The default arguments of every function that takes the cost of a key derivation."""
    from xiaobao_desktop.services import books, reencrypting
    from xiaobao_desktop.store import keyslots

    functions = [made for module in (keyslots, books, reencrypting) for made in vars(module).values()]
    found = [getattr(made, "__kwdefaults__", None) or {} for made in functions]
    return [defaults for defaults in found if isinstance(defaults.get("cost"), keyslots.Cost)]


@pytest.fixture(autouse=True, scope="session")
def empty_clipboard() -> Iterator[None]:
    """Leave nothing on the clipboard: without a screen Qt would free it after Python is gone, and crash."""
    yield
    qt = sys.modules.get("PySide6.QtGui")
    if qt is not None and qt.QGuiApplication.instance() is not None:
        qt.QGuiApplication.clipboard().clear()


@pytest.fixture(autouse=True)
def no_remembered_books(own_home: Path) -> None:
    """Books of tests are often copies of one: what one test remembered of its copy is no proof against another's."""
    (own_home / "program" / "anchors.json").unlink(missing_ok=True)
