"""Rectifications: 待整改 by the planned day, 延期 in red; the panel beside says who verifies."""

from __future__ import annotations

from xiaobao_desktop.domain.ledgers.rectification import FINISHED, IN_PROGRESS, NOT_STARTED, state_on
from xiaobao_desktop.services.rectification_todo import OPEN
from xiaobao_desktop.ui.models.query import Condition
from xiaobao_desktop.ui.pages.deadline_presenter import DeadlinePresenter


class RectificationPresenter(DeadlinePresenter):
    """What is not verified yet is unfinished; the planned day counts until it is finished."""

    unfinished = Condition("state", "in", (NOT_STARTED, IN_PROGRESS, FINISHED))
    running = OPEN
    state_on = staticmethod(state_on)

    def leading_facts(self) -> tuple[str, ...]:
        """The fault and what is done about it."""
        return ("problem", "measure", "department", "owner", "planned_on", "finished_on")


PRESENTER = RectificationPresenter
"""Found by the name of this module."""
