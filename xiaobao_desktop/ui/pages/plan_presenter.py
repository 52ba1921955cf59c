"""The work plan: what is to be done by its planned day, what is late in red."""

from __future__ import annotations

from xiaobao_desktop.domain.ledgers.plan import state_on
from xiaobao_desktop.services.plan_todo import OPEN
from xiaobao_desktop.ui.pages.deadline_presenter import DeadlinePresenter


class PlanPresenter(DeadlinePresenter):
    """Neither done nor called off is unfinished."""

    unfinished = OPEN
    running = OPEN
    state_on = staticmethod(state_on)


PRESENTER = PlanPresenter
"""Found by the name of this module."""
