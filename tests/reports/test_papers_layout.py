"""Every paper of a record (处理单, 函, 签到表 …) of a full book: pages read back with the places of their words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reports.all_reports import full_book
from tests.reports.page_reading import ReadPage, faces_not_embedded, read_pages
from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.reports.document import Document, Layout
from xiaobao_desktop.reports.typeset_forms import FORM_PAGE
from xiaobao_desktop.reports.typeset_parts import LANDSCAPE, OFFICIAL
from xiaobao_desktop.services import papers, records, reporting
from xiaobao_desktop.services.papers import Paper
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

AREAS = {Layout.FORM: FORM_PAGE, Layout.LANDSCAPE: LANDSCAPE, Layout.OFFICIAL: OFFICIAL}
MOST_TRIED = 80

Printed = tuple[str, Document, list[ReadPage], Path]


def first_record(session: Session, ledger: Ledger, paper: Paper) -> int | None:
    """The newest record for which the paper makes sense."""
    for one in list(reversed(session.book.ids(ledger, Query())))[:MOST_TRIED]:
        offers = papers.offers(session, ledger, records.get(session, ledger, one))
        if any(offer.paper == paper and not offer.refusal for offer in offers):
            return one
    return None


def printed_papers(session: Session, folder: Path) -> Iterator[Printed]:
    for ledger in session.ledgers:
        for paper in papers.papers(ledger):
            one = first_record(session, ledger, paper)
            if one is not None:
                built = papers.build(session, ledger, one, paper.key)
                file = folder / f"{ledger.key}-{paper.key}.pdf"
                file.write_bytes(reporting.render(built, "pdf"))
                yield f"{ledger.key}-{paper.key}", built.document, read_pages(file), file


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[Printed]:
    folder = tmp_path_factory.mktemp("papers")
    session = full_book(folder / "book")
    made = list(printed_papers(session, folder))
    session.close()
    assert {document.layout for _name, document, _pages, _file in made} >= {Layout.FORM, Layout.OFFICIAL}
    assert len(made) >= 8
    return made


def test_nothing_stands_outside_the_text_block(printed: list[Printed]) -> None:
    for name, document, pages, _file in printed:
        area = AREAS[document.layout]
        for page in pages:
            assert (round(page.width), round(page.height)) == (round(area.width), round(area.height)), name
            for word in page.words:
                hang = word.size / 2 if word.text[-1] in "、，。；：）" else 0.0
                assert word.left >= area.left - 1.0, (name, word)
                assert word.right <= area.left + area.measure + hang + 1.0, (name, word)
                assert area.top - 4.0 <= word.top, (name, word)
                assert word.bottom <= area.height - 24.0, (name, word)


def test_nothing_is_printed_over_anything_else(printed: list[Printed]) -> None:
    assert {name: found for name, _doc, pages, _file in printed for page in pages if (found := page.overlaps())} == {}


def test_sheets_are_numbered_and_letters_of_one_page_are_not(printed: list[Printed]) -> None:
    for name, document, pages, _file in printed:
        for number, page in enumerate(pages, start=1):
            text = page.text.replace("　", "")
            if document.layout is Layout.FORM:
                assert f"第{number}页共{len(pages)}页" in text, name
            elif document.layout is Layout.OFFICIAL:
                assert (f"—{number}—" in text) is (len(pages) >= document.numbers_from), name


def test_only_embedded_faces_are_used(printed: list[Printed]) -> None:
    assert [(name, face) for name, _document, _pages, file in printed for face in faces_not_embedded(file)] == []
