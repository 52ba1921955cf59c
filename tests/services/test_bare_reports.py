"""Every report there is: made of nothing, of one record each, with broken sentences, where no file can be written.

The kinds come from the registry: a report added later is tested here without a word more.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.report_text import written
from tests.services.sample_book import one_of_each
from tests.services.support import COMPLAINT, a_complaint, add_branch, new_book, pdf_text
from xiaobao_desktop import resources
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.period import Period, parse_period
from xiaobao_desktop.files import TargetRefused
from xiaobao_desktop.reports import pdf_fonts
from xiaobao_desktop.services import checking, filing_look, records, report_suggestions, reporting
from xiaobao_desktop.services.report_kind import ReportInfo
from xiaobao_desktop.services.reporting import Built, NothingToReport, PartMissing
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.layout import OWN_TEXTS

KINDS = [info.name for info in reporting.reports()]
BY_FORMAT = {ending: info.name for info in reversed(reporting.reports()) for ending in info.formats}
"""A report for each format that is written."""
CODES = {1: "2026-10", 3: "2026Q3", 6: "2026H2", 12: "2026"}
DOUBLED = re.compile(r"[，。；：、！？,;]{2,}|（）|、）|（，|[，、；：]）")
LEFT_OVER = re.compile(r"\b(?:None|nan|NaN|inf|undefined|Undefined|True|False|null)\b|\{\{|\}\}|\{%|%%|Fraction\(")


def period_of(info: ReportInfo) -> Period:
    return parse_period(CODES[info.months[0] if info.months else 1])


def all_papers(session: Session, name: str) -> list[Built]:
    """Every paper of a report; none where it says that there is nothing to tell, and what to do."""
    info = reporting.info(name)
    try:
        return reporting.build_all(session, name, period_of(info))
    except NothingToReport as error:
        said = str(error)
        assert info.title in said
        assert said.endswith("。")
        assert not DOUBLED.search(said)
        return []


def printed(built: Built, folder: Path, *, every_format: bool) -> str:
    """The text of the PDF, with ``every_format`` that of the Excel cells too; the Word file is drawn as well."""
    text = pdf_text(written(built, folder, "pdf"))
    for file_format in built.info.formats[1:] if every_format else ():
        content = reporting.render(built, file_format)
        if file_format == "xlsx":
            text += cells_of(content)
    return text


def cells_of(content: bytes) -> str:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return " ".join(str(cell) for page in book for row in page.values for cell in row if cell is not None)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A book in which nothing was entered but the bank's name."""
    session = new_book(tmp_path_factory.mktemp("empty") / "book")
    yield session
    session.close()


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A book with one complaint, one training, one event and so on, each with little more than it must have."""
    session = new_book(tmp_path_factory.mktemp("single") / "book")
    add_branch(session, "城关支行")
    records.save(session, COMPLAINT, a_complaint("2026-10-08"))
    training: dict[str, Value] = {"held_on": "2026-10-15", "topic": "适当性管理"}
    records.save(session, ledger("training"), Record(training))
    event: dict[str, Value] = {"held_on": "2026-10-16", "name": "进社区", "campaign": "education_week_2026"}
    records.save(session, ledger("outreach"), Record(event))
    one_of_each(session)
    yield session
    session.close()


def check(session: Session, name: str, folder: Path) -> int:
    """Make every paper of a report with its check page, and look for what stands on no paper; how many there are."""
    papers = all_papers(session, name)
    for built in papers:
        assert built.request is not None
        figures = checking.figures(session, built)
        suggested = report_suggestions.suggestions(session, reporting.kind(name), built.request)
        look = filing_look.look(session, built)
        paper = printed(built, folder, every_format=built is papers[0])
        texts = [paper, *(item.text for item in suggested), *(point.words for point in look.points)]
        texts += [part for item in figures for part in (item.name, item.value, item.formula, item.calculation)]
        for text in texts:
            assert text
            assert not DOUBLED.findall(text), (built.title, DOUBLED.findall(text), text)
            assert not LEFT_OVER.findall(text), (built.title, LEFT_OVER.findall(text), text)
        assert all(figure.state.value != "wrong" for figure in figures), built.title
    return len(papers)


@pytest.mark.parametrize("name", KINDS)
def test_a_book_without_a_record_gives_a_sound_report_or_says_what_to_enter(
    empty: Session, tmp_path: Path, name: str
) -> None:
    count = check(empty, name, tmp_path)
    assert count or reporting.kind(name).subjects is not None, "only a report with subjects may have nothing to tell"


@pytest.mark.parametrize("name", KINDS)
def test_one_record_of_each_gives_a_sound_report(single: Session, tmp_path: Path, name: str) -> None:
    count = check(single, name, tmp_path)
    assert count or reporting.kind(name).subjects is not None, "some need what other banks sent"


@pytest.mark.parametrize("ending", BY_FORMAT)
def test_a_place_that_takes_no_file_is_told_and_left_as_it_was(single: Session, tmp_path: Path, ending: str) -> None:
    """A folder that is a file, a name that something else holds as Word holds an open file: nothing half-written."""
    built = all_papers(single, BY_FORMAT[ending])[0]
    (tmp_path / "文件").write_text("", encoding="utf-8")
    with pytest.raises(TargetRefused, match="换"):
        reporting.save_into(single, built, tmp_path / "文件", ending)
    held = tmp_path / "报表" / f"{built.file_name}.{ending}"
    (held / "被占用").mkdir(parents=True)
    with pytest.raises(TargetRefused):
        reporting.save_into(single, built, held.parent, ending)
    assert list(held.parent.iterdir()) == [held]


@pytest.fixture
def own_texts(single: Session) -> Iterator[Path]:
    """The folder of the bank's own sentences, with every shipped one in it."""
    folder = single.directory / OWN_TEXTS
    folder.mkdir()
    for shipped in resources.path("reports").glob("*.j2"):
        shutil.copy(shipped, folder)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("name", KINDS)
def test_mistakes_in_own_sentences_are_told_and_the_shipped_ones_printed(
    single: Session, own_texts: Path, name: str
) -> None:
    copied = all_papers(single, name)
    assert all(not built.mistakes for built in copied)
    for file in own_texts.iterdir():
        broken = re.sub(r"(\{%-? block \w+ -?%\})", r"\1{{ no_such_name }}", file.read_text(encoding="utf-8"))
        file.write_text(broken, encoding="utf-8")
    for before, built in zip(copied, all_papers(single, name), strict=True):
        assert built.document == before.document
        for mistake in built.mistakes:
            assert re.match(
                r"本行的报表文字 报表文字/\w+\.j2 第 \d+ 行有错：.*no_such_name.*请改正这一行。$", mistake
            ), mistake
        assert built.mistakes or name == "ledger", "a list has no sentences"
        if built.mistakes:
            look = filing_look.look(single, built)
            assert look.points[0].words == built.mistakes[0]


def test_own_sentences_are_printed_and_what_they_lack_is_shipped(single: Session, own_texts: Path) -> None:
    (shipped,) = all_papers(single, "monthly")
    own = "{% block title_line %}{{ period }}消保工作情况{% endblock %}"
    (own_texts / "periodic.j2").write_text(own, encoding="utf-8")
    (built,) = all_papers(single, "monthly")
    assert built.document.title[-1] == "2026年10月消保工作情况" != shipped.document.title[-1]
    assert (built.document.blocks, built.mistakes) == (shipped.document.blocks, ())
    (own_texts / "periodic.j2").write_text("{% block title_line %}\n{% if %}", encoding="utf-8")
    (built,) = all_papers(single, "monthly")
    assert built.document == shipped.document
    assert built.mistakes[0].startswith("本行的报表文字 报表文字/periodic.j2 第 2 行有错：")


@pytest.fixture
def without_a_face(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The installed files but for one face."""
    face = "FandolFang-Regular.ttf"
    fonts = tmp_path / "resources" / "fonts"
    fonts.mkdir(parents=True)
    for place in resources.root().iterdir():
        if place.name != "fonts":
            (fonts.parent / place.name).symlink_to(place)
    for file in resources.path("fonts").iterdir():
        if file.name != face:
            (fonts / file.name).symlink_to(file)
    monkeypatch.setattr(resources, "PACKAGE", tmp_path / "package")
    pdf_fonts.face.cache_clear()
    pdf_fonts.role_font.cache_clear()
    yield face
    pdf_fonts.face.cache_clear()
    pdf_fonts.role_font.cache_clear()


def test_a_face_that_is_gone_is_named_and_excel_needs_none(
    single: Session, tmp_path: Path, without_a_face: str
) -> None:
    (built,) = all_papers(single, "summary")
    with pytest.raises(PartMissing, match=rf"工作总结.*fonts/{without_a_face}.*请重新安装小保"):
        reporting.save_into(single, built, tmp_path / "报表", "pdf")
    assert not (tmp_path / "报表").exists()
    assert written(all_papers(single, "ledger")[0], tmp_path / "报表", "xlsx").is_file()
