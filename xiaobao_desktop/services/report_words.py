"""The officer's own words in reports: kept for each report, period and subject, and offered again in the next period.

They are settings of the book, so every change of them stands in the history, can be undone, and is inherited. While
she types they are a draft, which a crash does not take along; whoever reads them gets the draft first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xiaobao_desktop.domain.period import Period, parse_period
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
class Words:
    """What she wrote, and which suggestions she has dealt with.

    Attributes:
        texts: as typed, by key of the section; a line is a paragraph.
        settled: ids of suggestions that were accepted or dropped and are not offered again.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    settled: tuple[str, ...] = ()

    @property
    def paragraphs(self) -> dict[str, tuple[str, ...]]:
        """The paragraphs of each section, blank lines left out."""
        return {key: tuple(line.strip() for line in text.splitlines() if line.strip()) for key, text in self._filled()}

    @property
    def empty(self) -> bool:
        """Whether nothing was written; settled suggestions do not count."""
        return not self._filled()

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
    body = {"texts": dict(words.texts), "settled": list(words.settled)}
    session.book.put_draft(Draft(found.id if found else None, place.key, None, moment, session.user, body))


def keep(session: Session, place: Place, words: Words, title: str) -> bool:
    """Keep the words for good, by one entry in the history; the draft goes.

    Args:
        session: the open book.
        place: of which report.
        words: all that stands there now.
        title: what the report is called in the history, such as 2026年10月消保工作月报.

    Returns:
        Whether anything differed from what was kept before.
    """
    texts = dict(words._filled())
    body = {"texts": texts, "settled": list(words.settled)}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True) if texts or words.settled else None
    differs = text != session.book.setting(place.key)
    if differs:
        with session.book.transaction(f"填写{title}的文字", session.user, session.now()) as writing:
            writing.set_setting(place.key, text)
    drop_draft(session, place)
    return differs


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


def _from_body(body: object) -> Words:
    """Words of their JSON; written by another version of the program, what is not understood is left out."""
    if not isinstance(body, Mapping):
        return Words()
    texts, settled = body.get("texts"), body.get("settled")
    return Words(
        {str(key): str(text) for key, text in texts.items()} if isinstance(texts, Mapping) else {},
        tuple(str(item) for item in settled) if isinstance(settled, list) else (),
    )
