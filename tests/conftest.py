"""What every test shares: a screenless Qt, a home folder of its own, and the ``--full`` option."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

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


@pytest.fixture(autouse=True)
def no_remembered_books(own_home: Path) -> None:
    """Books of tests are often copies of one: what one test remembered of its copy is no proof against another's."""
    (own_home / "program" / "anchors.json").unlink(missing_ok=True)
