"""The officer's own words and charts in reports, kept for each report, period and subject.

Her words are offered again in the next period. All this is settings of the book, so every change of it stands in the
history, can be undone, and is inherited. While she types it is a draft, which a crash does not take along; whoever
reads gets the draft first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import get_args

from xiaobao_desktop.domain.period import Period, parse_period
from xiaobao_desktop.domain.statistics import Basis, Method
from xiaobao_desktop.errors import UnknownPeriod
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.book import Draft

SETTING = "report_words."
"""What the keys of these settings begin with; ``store/undoing.py`` knows it too."""


@dataclass(frozen=True)
class Place:
    """Where words stand: name of the report, code of its period, key of its subject ("" for none)."""

    report: str
    period: str
    subject: str = ""

    @property
    def key(self) -> str:
        """Key of the setting."""
        return f"{SETTING}{self.report}.{self.period}.{self.subject}"


@dataclass(frozen=True)
class KeptChart:
    """A chart that she put into the report; its numbers are read anew each time, until the report is filed.

    Attributes:
        subject: which charts: key of a ledger with charts.
        chart: key of the chart among them.
        period: code of the period it shows.
        basis, merge_repeats: its 口径.
        section: key of the part of the report in which it stands, "" for the end of the text.
        title: what it is called where the officer sees that it is there.
        origins: signs of the 来源机构 that count in it, () for all.
    """

    subject: str
    chart: str
    period: str
    basis: Basis = "received"
    merge_repeats: bool = False
    section: str = ""
    title: str = ""
    origins: tuple[str, ...] = ()

    @property
    def method(self) -> Method:
        """Its 口径."""
        return Method(basis=self.basis, merge_repeats=self.merge_repeats)

    @property
    def span(self) -> Period | None:
        """Its period; None for one that this version of the program does not know."""
        try:
            return parse_period(self.period)
        except UnknownPeriod:
            return None

    def shows(self, other: KeptChart) -> bool:
        """Whether both show the same, wherever they stand."""
        return replace(self, section="", title="") == replace(other, section="", title="")


@dataclass(frozen=True)
class Words:
    """What she wrote, which suggestions she has dealt with, and the charts that she put in.

    Attributes:
        texts: as typed, by key of the section; a line is a paragraph.
        settled: ids of suggestions that were accepted or dropped and are not offered again.
        charts: in the order in which they were put in.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    settled: tuple[str, ...] = ()
    charts: tuple[KeptChart, ...] = ()

    @property
    def paragraphs(self) -> dict[str, tuple[str, ...]]:
        """The paragraphs of each section, blank lines left out."""
        return {key: tuple(line.strip() for line in text.splitlines() if line.strip()) for key, text in self._filled()}

    @property
    def empty(self) -> bool:
        """Whether nothing was written or put in; settled suggestions do not count."""
        return not self._filled() and not self.charts

    def _filled(self) -> list[tuple[str, str]]:
        return [(key, text) for key, text in self.texts.items() if text.strip()]


@dataclass(frozen=True)
class Earlier:
    """Words of an earlier period: its Chinese title and what was written then."""

    title: str
    words: Words


def read(session: Session, place: Place) -> Words:
    """The words of a report, what was typed last; nothing written and what cannot be read are no words."""
    draft = session.book.named_draft(place.key)
    if draft is not None:
        return _from_body(draft.body)
    return _from_text(session.book.setting(place.key))


def keep_draft(session: Session, place: Place, words: Words) -> None:
    """Keep what is being typed, without an entry in the history."""
    found = session.book.named_draft(place.key)
    moment = session.now().isoformat(timespec="seconds")
    body = _body(words, dict(words.texts))
    session.book.put_draft(Draft(found.id if found else None, place.key, None, moment, session.user, body))


def keep(session: Session, place: Place, words: Words, title: str, operation: str = "") -> bool:
    """Keep the words for good, by one entry in the history; the draft goes.

    Args:
        session: the open book.
        place: of which report.
        words: all that stands there now.
        title: what the report is called in the history, such as 2026年10月消保工作月报.
        operation: what was done, for the history; by default 填写…的文字.

    Returns:
        Whether anything differed from what was kept before.
    """
    body = _body(words, dict(words._filled()))
    text = json.dumps(body, ensure_ascii=False, sort_keys=True) if any(body.values()) else None
    differs = text != session.book.setting(place.key)
    if differs:
        with session.book.transaction(operation or f"填写{title}的文字", session.user, session.now()) as writing:
            writing.set_setting(place.key, text)
    drop_draft(session, place)
    return differs


def put_in(session: Session, place: Place, chart: KeptChart, title: str) -> bool:
    """Put a chart into a report, by one entry in the history; what is being typed there is kept along with it.

    Args:
        session: the open book.
        place: of which report.
        chart: what is put in.
        title: what the report is called in the history.

    Returns:
        Whether it was not there already.
    """
    words = read(session, place)
    if any(chart.shows(other) for other in words.charts):
        return False
    return keep(session, place, replace(words, charts=(*words.charts, chart)), title, f"把图放进{title}")


def drop_draft(session: Session, place: Place) -> None:
    """Forget what was typed and not kept, as after an undo."""
    found = session.book.named_draft(place.key)
    if found is not None and found.id is not None:
        session.book.drop_draft(found.id)


def earlier(session: Session, place: Place, sections: Sequence[str]) -> Earlier | None:
    """What was written in these sections in the last period before that has any words, or None.

    Only periods of the same length count, and only the same subject.
    """
    period = parse_period(place.period)
    found: list[tuple[Period, Words]] = []
    for key, text in session.book.settings().items():
        then = _period_of(key, place)
        if then is None or then.months != period.months or then.last >= period.first:
            continue
        words = _from_text(text)
        texts = {section: words.texts[section] for section in sections if words.texts.get(section)}
        if texts:
            found.append((then, Words(texts)))
    if not found:
        return None
    then, words = max(found, key=lambda item: item[0].last)
    return Earlier(then.title, words)


def _period_of(key: str, place: Place) -> Period | None:
    """The period of a setting that holds words of the same report and subject, else None."""
    before, after = f"{SETTING}{place.report}.", f".{place.subject}"
    if not (key.startswith(before) and key.endswith(after)):
        return None
    try:
        return parse_period(key[len(before) : len(key) - len(after)])
    except UnknownPeriod:
        return None


def _from_text(text: str | None) -> Words:
    try:
        return _from_body(json.loads(text or "{}"))
    except ValueError:
        return Words()


def _body(words: Words, texts: dict[str, str]) -> dict[str, object]:
    """Words as they are kept; without charts as before there were any."""
    body: dict[str, object] = {"texts": texts, "settled": list(words.settled)}
    return {**body, "charts": [_chart_body(chart) for chart in words.charts]} if words.charts else body


def _chart_body(chart: KeptChart) -> dict[str, object]:
    """A chart as it is kept; without 来源机构 as before there were any."""
    return {key: value for key, value in asdict(chart).items() if key != "origins" or value}


def _charts_from(found: object) -> tuple[KeptChart, ...]:
    """Charts of their JSON; one that another version of the program wrote in a way of its own is left out."""
    made = []
    for item in found if isinstance(found, list) else []:
        try:
            chart = KeptChart(**{**item, "origins": tuple(map(str, item.get("origins", ())))})
        except (TypeError, AttributeError):
            continue
        if chart.basis in get_args(Basis):
            made.append(chart)
    return tuple(made)


def _from_body(body: object) -> Words:
    """Words of their JSON; written by another version of the program, what is not understood is left out."""
    if not isinstance(body, Mapping):
        return Words()
    texts, settled = body.get("texts"), body.get("settled")
    return Words(
        {str(key): str(text) for key, text in texts.items()} if isinstance(texts, Mapping) else {},
        tuple(str(item) for item in settled) if isinstance(settled, list) else (),
        _charts_from(body.get("charts")),
    )
