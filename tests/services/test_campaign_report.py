"""专项活动总结 of a real book: its campaigns, counters, list by branch, and photos in PDF and Word."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image

from tests.services.report_text import written
from tests.services.support import add_branch, new_book, pdf_text
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import attachments, records, reporting
from xiaobao_desktop.services.report_kind import Request
from xiaobao_desktop.services.report_kinds.campaign import PRINTED_PIXELS
from xiaobao_desktop.services.report_suggestions import suggestions
from xiaobao_desktop.services.reporting import NothingToReport
from xiaobao_desktop.services.session import Session

OUTREACH = ledger("outreach")
YEAR = parse_period("2026")


def add_event(session: Session, day: str, campaign: str | None, **values: Value) -> int:
    whole: dict[str, Value] = {
        **OUTREACH.defaults(),
        "held_on": day,
        "name": "进社区宣传",
        "campaign": campaign,
        **values,
    }
    return int(str(records.save(session, OUTREACH, Record(whole)).record.id))


def add_photo(session: Session, event: int, file: Path, size: tuple[int, int], caption: str = "") -> None:
    Image.effect_noise(size, 60).convert("RGB").save(file)
    attachments.add(session, OUTREACH, event, "photo", file, caption)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Read only: two activities of 3·15 at two branches, one of another campaign, one of none, one of last year."""
    folder = tmp_path_factory.mktemp("campaigns")
    opened = new_book(folder / "book")
    south, north = add_branch(opened, "城南支行"), add_branch(opened, "北街支行")
    spring, autumn = "consumer_day_2026", "education_week_2026"
    first = add_event(opened, "2026-03-10", spring, branch=north, sessions=2, audience_count=1200, place="北街")
    second = add_event(opened, "2026-03-13", spring, branch=south, audience_count=80, cost=123450, forms=("outlet",))
    add_event(opened, "2026-09-15", autumn, branch=south, audience_count=60)
    add_event(opened, "2026-05-01", None)
    add_event(opened, "2025-03-12", "consumer_day_2025")
    for place in range(4):
        add_photo(opened, first, folder / f"a{place}.jpg", (60, 45) if place else (1600, 1200), f"北街现场{place + 1}")
    add_photo(opened, second, folder / "b.jpg", (60, 90))
    yield opened
    opened.close()


def test_there_is_a_paper_for_each_campaign_of_the_period(session: Session) -> None:
    found = [subject.key for subject in reporting.subjects(session, "campaign", YEAR)]
    assert found == ["consumer_day_2026", "education_week_2026"]
    assert [item.key for item in reporting.subjects(session, "campaign", parse_period("2026Q3"))] == [
        "education_week_2026"
    ]
    built = reporting.build_all(session, "campaign", YEAR)
    assert [item.file_name.split(" ", 1)[1] for item in built] == [
        session.rules.catalog.list("campaign").label(key) for key in found
    ]


def test_a_period_without_campaigns_says_what_to_do(session: Session) -> None:
    with pytest.raises(NothingToReport, match="选好“专项活动”"):
        reporting.build(session, "campaign", parse_period("2026-05"))


def test_the_counters_and_the_list_agree(session: Session, tmp_path: Path) -> None:
    built = reporting.build(session, "campaign", YEAR, words={"highlights": ("群众反响好。",)})
    text = pdf_text(written(built, tmp_path, "pdf"))
    assert "2026年3·15金融消费者权益保护教育宣传活动工作总结" in text
    assert "2026年3月10日至2026年3月13日，我行组织开展" in text
    assert "以“清朗金融网络守护安心消费”为主题" in text
    assert "共开展活动2次、3场次，参加机构2家；参与员工0人次，受众1,280人次" in text
    assert "投入费用1,234.50元。" in text
    assert "2家机构开展的2次活动见表1。" in text
    assert "合计31,280" in text.replace("　", "")
    assert text.index("城南支行2026-03-13") < text.index("北街支行2026-03-10"), "in the order of the branches"
    assert "三、主要做法和成效群众反响好。" in text
    assert "进社区宣传北街21,200" in text


def test_photos_are_printed_with_their_words(session: Session, tmp_path: Path) -> None:
    built = reporting.build(session, "campaign", YEAR)
    pdf = written(built, tmp_path, "pdf")
    text = pdf_text(pdf)
    assert "附件活动现场照片" in text
    for words in ("图1北街现场1", "图4北街现场4", "图5进社区宣传"):
        assert words in text
    listed = subprocess.run(["pdfimages", "-list", str(pdf)], check=True, capture_output=True, text=True).stdout
    pictures = [line.split() for line in listed.splitlines()[2:]]
    assert len(pictures) == 5
    assert max(int(size) for line in pictures for size in line[3:5]) == PRINTED_PIXELS, "shrunk for paper"
    with ZipFile(written(built, tmp_path, "docx")) as word:
        assert sum(name.startswith("word/media/") for name in word.namelist()) == 5
        assert "图5　进社区宣传" in word.read("word/document.xml").decode()


def test_many_photos_give_each_activity_its_share(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book")
    for day in (1, 2):
        event = add_event(session, f"2026-03-{day + 9}", "consumer_day_2026", name=f"活动{day}")
        for place in range(11):
            add_photo(session, event, tmp_path / f"{day}-{place}.jpg", (40, 30), f"{day}号{place + 1}")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff not a picture")
    attachments.add(session, OUTREACH, event, "photo", tmp_path / "broken.jpg")
    file = written(reporting.build(session, "campaign", YEAR), tmp_path, "pdf")
    text = pdf_text(file)
    command = ["pdftotext", "-raw", str(file), "-"]
    pages = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout.split("\f")
    assert [page.count("号") for page in pages if "号" in page] == [6, 6], "six photos a page, below the title too"
    assert "图6" + "1号6" in text
    assert "图7" + "2号1" in text
    assert "图12" + "2号6" in text
    assert "图13" not in text
    session.close()


def test_only_the_activities_of_the_campaign_are_suggested_about(session: Session) -> None:
    request = Request(YEAR, date(2026, 11, 3), subject="education_week_2026")
    found = suggestions(session, reporting.kind("campaign"), request)
    assert "1次宣传教育活动没有留存现场照片" in found[0].text
    assert (
        suggestions(session, reporting.kind("campaign"), Request(YEAR, date(2026, 11, 3), subject="consumer_day_2026"))
        == ()
    )
