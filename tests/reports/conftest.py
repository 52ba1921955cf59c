"""What the tests of the reports share: every report, made once."""

from __future__ import annotations

import pytest

from tests.reports.all_reports import Paper, all_papers


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> list[Paper]:
    """Every report of three books with its pages. Read only."""
    return all_papers(tmp_path_factory.mktemp("layout"))
