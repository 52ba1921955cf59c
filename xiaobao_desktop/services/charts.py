"""Which ledgers have charts, and how each builds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from xiaobao_desktop.domain.charts import ChartSet
from xiaobao_desktop.domain.ledgers.complaint import LEDGER as COMPLAINT
from xiaobao_desktop.domain.ledgers.outreach import LEDGER as OUTREACH
from xiaobao_desktop.domain.ledgers.rectification import LEDGER as RECTIFICATION
from xiaobao_desktop.domain.ledgers.training import LEDGER as TRAINING
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.services import complaint_charts, outreach_charts, rectification_charts, training_charts
from xiaobao_desktop.services.origins import Chosen
from xiaobao_desktop.services.session import Session


@dataclass(frozen=True)
class Subject:
    """A tab of the charts page: key of the ledger, words, how its charts are made, whether a 口径 can be chosen.

    ``build`` takes the book, the period, the day of view, the 口径 and the 来源机构 that count (() for all).
    """

    key: str
    label: str
    build: Callable[[Session, Period, date, Method, Chosen], ChartSet]
    has_method: bool = False


def subjects() -> tuple[Subject, ...]:
    """The ledgers with charts, in the order of the tabs."""
    return _SUBJECTS


_SUBJECTS = (
    Subject(COMPLAINT.key, COMPLAINT.label, complaint_charts.build, True),
    Subject(TRAINING.key, TRAINING.label, training_charts.build),
    Subject(OUTREACH.key, OUTREACH.label, outreach_charts.build),
    Subject(RECTIFICATION.key, RECTIFICATION.label, rectification_charts.build),
)
