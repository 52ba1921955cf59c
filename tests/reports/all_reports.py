"""Every report there is, made from a full, a nearly empty and an empty book, with its pages read back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.reports.page_reading import ReadPage, Word, read_pages
from tests.services.sample_book import one_of_each
from tests.services.support import COMPLAINT, Clock, a_complaint, new_book
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.period import Period, parse_period
from xiaobao_desktop.reports.document import Block, Document, Layout
from xiaobao_desktop.reports.typeset_parts import LANDSCAPE, OFFICIAL, Page
from xiaobao_desktop.services import consolidation, demo, exporting, options, records, reporting
from xiaobao_desktop.services.exporting import Order
from xiaobao_desktop.services.report_kind import ReportInfo
from xiaobao_desktop.services.reporting import Built
from xiaobao_desktop.services.session import Session

RARE = "㛃䶮𬱖"
"""Characters of people's names: of plane 0, of an extension of it, and of plane 2."""
CODES = {1: "2026-10", 3: "2026Q3", 6: "2026H1", 12: "2026"}


@dataclass(frozen=True)
class Paper:
    """A report and its pages as read back."""

    name: str
    built: Built
    pages: list[ReadPage]
    file: Path
    anchor: str

    @property
    def book(self) -> str:
        """Of which book it is: full, one, empty or union."""
        return self.file.parent.name

    @property
    def document(self) -> Document:
        return self.built.document

    @property
    def area(self) -> Page:
        return LANDSCAPE if self.document.layout is Layout.LANDSCAPE else OFFICIAL

    @property
    def official(self) -> bool:
        return self.document.layout is Layout.OFFICIAL

    def inside(self, page: ReadPage) -> list[Word]:
        """The words of the text block; the page number stands below it."""
        return [word for word in page.words if word.top < self.area.top + self.area.depth]

    @property
    def body(self) -> list[ReadPage]:
        """The pages before the first annex."""
        labels = {item.label for item in self.document.appendices}
        starts = [number for number, page in enumerate(self.pages) if page.words and page.words[0].text in labels]
        return self.pages[: starts[0]] if starts else self.pages


def blocks(document: Document) -> list[Block]:
    return [*document.blocks, *(block for annex in document.appendices for block in annex.blocks)]


def own_words(info: ReportInfo) -> dict[str, tuple[str, ...]]:
    """Much text of the officer's own, rare characters among it, so that pages are turned in the middle of it."""
    sections = reporting.kind(info.name).sections
    text = f"联系人{RARE}介绍：一是做实“金融知识进万家”活动，覆盖乡镇38个、村组1,204户；二是整改问题12项（含上年5项）。"
    return {item.key: (text * (2 + place % 3), text) for place, item in enumerate(sections)}


def periods(info: ReportInfo, full: bool) -> list[Period]:
    """The shortest and the longest of its periods; the longest alone when there is little to tell."""
    lengths = info.months or (12,)
    chosen = {min(lengths), max(lengths)} if full else {max(lengths)}
    return [parse_period(CODES[months]) for months in sorted(chosen)]


def papers_of(session: Session, folder: Path, made: Collection[str] = ()) -> Iterator[Paper]:
    """The reports of a book but those ``made`` before."""
    words = folder.name != "empty"
    built_before: set[object] = set()
    for info in (info for info in reporting.reports() if info.name not in made):
        builder = reporting.kind(info.name).build
        if folder.name != "full" and builder in built_before:
            # Month, quarter and half-year differ in their periods alone.
            continue
        built_before.add(builder)
        for period in periods(info, folder.name == "full"):
            subjects = [item.key for item in reporting.subjects(session, info.name, period)]
            if reporting.kind(info.name).subjects is None:
                subjects = [""]
            for subject in subjects if folder.name == "full" else subjects[:1]:
                name = f"{info.name}-{period.code}-{subject}"
                built = reporting.build(
                    session, info.name, period, subject=subject, words=own_words(info) if words else None
                )
                file = folder / f"{name}.pdf"
                file.write_bytes(reporting.render(built, "pdf"))
                yield Paper(name, built, read_pages(file), file, session.book.anchor().mac16)


def full_book(folder: Path) -> Session:
    """The demo book with names that few faces have."""
    demo.make_demo(folder, complaints=150)
    session = demo.open_demo(folder, Clock())
    options.save_settings(session, preparer=f"李{RARE}", regulator="国家金融监督管理总局云岭监管分局")
    training = ledger("training")
    values: dict[str, Value] = {**training.defaults(), "held_on": "2026-10-20", "topic": f"{RARE}老师讲投诉处理"}
    records.save(session, training, Record(values))
    records.save(session, COMPLAINT, a_complaint("2026-10-08", complainant=f"{RARE}", content=f"{RARE}反映年费。"))
    one_of_each(session)
    return session


def nearly_empty_book(folder: Path) -> Session:
    """One record of each kind."""
    session = new_book(folder)
    records.save(session, COMPLAINT, a_complaint("2026-10-08", category="B.01"))
    for key in ("training", "outreach"):
        kind = ledger(key)
        values: dict[str, Value] = {**kind.defaults(), "held_on": "2026-10-20", "campaign": "routine"}
        values |= {"topic": "一次活动", "name": "一次活动"}
        known = {field.key for field in kind.fields}
        records.save(session, kind, Record({name: value for name, value in values.items() if name in known}))
    one_of_each(session)
    return session


def union_book(folder: Path) -> Session:
    """A book that took in the package of another bank."""
    sender = nearly_empty_book(folder / "sender")
    order = Order(parse_period(CODES[1]), ("complaint", "training"), with_report=False)
    sent = exporting.write(sender, exporting.make(exporting.prepare(sender, order)), folder)
    sender.close()
    session = new_book(folder / "union")
    consolidation.run(session, consolidation.look(session, consolidation.find([sent.path])))
    return session


def all_papers(folder: Path) -> list[Paper]:
    """Every report of the books; ``folder`` gets a folder for each of them."""
    made: list[Paper] = []
    makers: dict[str, Callable[[Path], Session]] = {"full": full_book, "one": nearly_empty_book, "empty": new_book}
    for name, make in makers.items():
        session = make(folder / name / "book")
        made += papers_of(session, folder / name)
        session.close()
    # What only a book that consolidates has.
    session = union_book(folder / "union" / "book")
    made += papers_of(session, folder / "union", {paper.built.info.name for paper in made})
    session.close()
    return made
