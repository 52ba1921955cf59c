"""The training list: its status bar names the groups that no training of this year has reached yet."""

from __future__ import annotations

from collections.abc import Sequence

from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.ui.models.query import Query
from xiaobao_desktop.ui.pages.ledger_presenter import Presenter


class TrainingPresenter(Presenter):
    """As for any ledger, and the coverage that PBOC order 5 (2020), article 10, asks for."""

    def status(self, query: Query, ids: Sequence[int]) -> str:
        """Total, what is lacking, and the groups without a training this year."""
        # The list's alone: the sidebar asks every presenter for its count while the window starts.
        from xiaobao_desktop.services import training_statistics

        words = super().status(query, ids)
        today = self.session.today()
        missing = training_statistics.statistics(self.session, parse_period(str(today.year)), today).missing
        return f"{words}·今年未覆盖{'、'.join(missing)}" if missing else words


PRESENTER = TrainingPresenter
