"""The period and the 口径 chosen last on one of the pages that count; the others turn to them when they are shown."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.services.session import Session


class PeriodChoice:
    """What was chosen last: ``period`` and ``method`` are None before anything was."""

    def __init__(self) -> None:
        self.period: Period | None = None
        self.method: Method | None = None
        self._by = ""

    def keep(self, period: Period, method: Method, by: str) -> None:
        """Remember what the page ``by`` was turned to."""
        self.period, self.method, self._by = period, method, by

    def of_others(self, page: str) -> bool:
        """Whether another page than ``page`` was turned last; it is told so only once."""
        if self.period is None or self._by is page:
            return False
        self._by = page
        return True


_choices: WeakKeyDictionary[Session, PeriodChoice] = WeakKeyDictionary()


def choice_of(session: Session) -> PeriodChoice:
    """The choice in an open book, forgotten when it is closed."""
    return _choices.setdefault(session, PeriodChoice())
