from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from tests.reports.sample_report import INDICATORS, PAIRS, REPORT, body
from xiaobao_desktop.reports.document import Column, Document, Paragraph, Run, RunStyle, Signature, Table, cleaned


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="row 2 has 1 cells, expected 2"):
        Table((Column("甲", 1), Column("乙", 1)), (("1", "2"), ("3",)))


def test_a_table_needs_a_column() -> None:
    with pytest.raises(ValueError, match="at least one column"):
        Table((), ())


def test_the_parts_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        REPORT.title = ("别的",)  # type: ignore[misc]


def test_a_paragraph_tells_its_text() -> None:
    assert Paragraph((Run("（一）来源。", RunStyle.LEAD), Run("热线15件。"))).text == "（一）来源。热线15件。"


def test_group_heads_are_noticed() -> None:
    assert not INDICATORS.has_groups
    assert replace(INDICATORS, columns=(replace(INDICATORS.columns[0], group="组"), *INDICATORS.columns[1:])).has_groups


def test_cleaning_drops_what_cannot_be_printed_and_nothing_else() -> None:
    dirty = Document(
        title=("题\ufeff目",),
        blocks=(
            body("一\x00\x1f二\t三\r\n四\u200b五\u202e六\ufe0f\ud83d"),
            Table((Column("甲\r乙", 1),), (("𬱖\U000e0100",),)),
        ),
        signature=Signature("甲\x7f行", "2026年11月3日"),
    )
    clean = cleaned(dirty)
    assert clean.title == ("题目",)
    assert clean.blocks == (body("一二 三\n四五六\ufffd"), Table((Column("甲\n乙", 1),), (("𬱖",),)))
    assert clean.signature == Signature("甲行", "2026年11月3日")


def test_cleaning_leaves_a_clean_document_as_it_is() -> None:
    assert cleaned(REPORT) == REPORT
    assert replace(REPORT, blocks=(body("㛃䶮𬱖−　“—”……"),)) == cleaned(
        replace(REPORT, blocks=(body("㛃䶮𬱖−　“—”……"),))
    )


def test_chart_data_must_cover_its_months() -> None:
    with pytest.raises(ValueError, match="not empty"):
        replace(PAIRS, months=(), last_year=(), this_year=())
