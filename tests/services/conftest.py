"""Books that several tests only read: the invented ledger imported once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services.support import imported, new_book
from xiaobao_desktop.services.options import save_settings
from xiaobao_desktop.services.session import Session


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A book with the invented ledger of 137 complaints. Read only."""
    session = new_book(tmp_path_factory.mktemp("filled") / "book")
    imported(session)
    save_settings(session, short_name="某某农村商业银行", addressee="董事会消费者权益保护委员会")
    yield session
    session.close()
