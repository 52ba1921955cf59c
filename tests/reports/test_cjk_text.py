from __future__ import annotations

import random

import pytest

from xiaobao_desktop.reports.cjk_text import (
    NOT_AT_END,
    NOT_AT_START,
    atoms,
    break_lines,
    gaps,
    wrap_cell,
)


def advances(text: str) -> list[float]:
    return [0.5 if char.isascii() else 1.0 for char in text]


def shown(text: str, width: float, indent: float = 0.0) -> list[str]:
    return [text[line.start : line.end] for line in break_lines(text, advances(text), width, indent=indent)]


@pytest.mark.parametrize(
    "unbroken",
    [
        "12.12%，",
        "37件",
        "4,600.00元",
        "第10日",
        "3个工作日",
        "−1.72百分点",
        "+33.33%",
        "2026年",
        "（见",
        "表2）。",
        "附件1",
        "复——",
        "等……",
        "TS2026-0326",
        "64人次、",
    ],
)
def test_pieces_that_stay_together(unbroken: str) -> None:
    assert unbroken in atoms(f"甲{unbroken}乙")


def test_full_lines_hold_exactly_their_characters() -> None:
    lines = shown("国" * 82, 28, indent=2)
    assert [len(line) for line in lines] == [26, 28, 28]


def test_closing_mark_hangs_instead_of_starting_a_line() -> None:
    text = "国" * 28 + "，" + "民" * 5
    lines = break_lines(text, advances(text), 28)
    assert text[lines[0].start : lines[0].end] == "国" * 28 + "，"
    assert lines[0].hanging
    assert lines[0].squeezed


def test_opening_mark_goes_to_the_next_line() -> None:
    assert shown("国" * 27 + "（民）", 28) == ["国" * 27, "（民）"]


def test_a_number_is_not_torn_from_its_measure_word() -> None:
    assert shown("国" * 26 + "1234件", 28) == ["国" * 26, "1234件"]


def test_a_number_that_nearly_fits_is_squeezed_in_rather_than_tearing_the_line_apart() -> None:
    assert shown("国" * 26 + "123件", 28) == ["国" * 26 + "123件"]


def test_random_prose_obeys_the_rules_and_loses_nothing() -> None:
    draw = random.Random(20261031)
    pieces = [
        "投诉",
        "（",
        "）",
        "，",
        "。",
        "“",
        "”",
        "《",
        "》",
        "37件",
        "12.12%",
        "TS2026-0326",
        "——",
        "……",
        "、",
        "：",
        "1",
        "消费者",
    ]
    for _ in range(300):
        text = "首" + "".join(draw.choice(pieces) for _ in range(draw.randint(1, 120)))
        lines = break_lines(text, advances(text), 28, indent=2)
        assert "".join(text[line.start : line.end] for line in lines) == text
        for line in lines[1:]:
            breakable = _has_place_to_break(text, lines[lines.index(line) - 1].start, line.start)
            assert text[line.start] not in NOT_AT_START or not breakable
        for line in lines[:-1]:
            breakable = _has_place_to_break(text, line.start, line.end)
            assert text[line.end - 1] not in NOT_AT_END or not breakable


def _has_place_to_break(text: str, start: int, end: int) -> bool:
    """Whether a line holds more than one piece; a single piece wider than the line is cut anywhere."""
    position = 0
    for piece in atoms(text):
        if start < position < end:
            return True
        position += len(piece)
    return False


@pytest.mark.parametrize("width", [0.0, 0.3, 1.0, 2.0])
def test_a_cell_narrower_than_a_character_still_ends(width: float) -> None:
    lines = wrap_cell("服务态度，TS2026及服务质量", advances, width)
    assert "".join(lines) == "服务态度，TS2026及服务质量"
    assert all(lines)


def test_a_word_longer_than_the_line_is_cut() -> None:
    assert shown("A" * 30, 10) == ["A" * 20, "A" * 10]


def test_forced_breaks_and_empty_text() -> None:
    assert shown("上月\n件数", 9) == ["上月", "件数"]
    assert shown("", 9) == [""]
    assert shown("甲\n", 9) == ["甲", ""]


def test_newline_after_a_full_line_gives_no_empty_line() -> None:
    assert shown("国" * 28 + "，\n民", 28) == ["国" * 28 + "，", "民"]
    assert shown("国" * 28 + "\n民", 28) == ["国" * 28, "民"]


def test_last_line_of_a_cell_has_two_characters() -> None:
    assert wrap_cell("一二三四五六七八", advances, 7) == ["一二三四五六", "七八"]


def test_a_slightly_wide_cell_stays_on_one_line() -> None:
    assert wrap_cell("一二三四五六七八九十", advances, 9.8) == ["一二三四五六七八九十"]


def test_numbers_are_not_stretched() -> None:
    assert gaps("共12件") == [True, False, True]
    assert gaps("1234") == [True, True, True]
