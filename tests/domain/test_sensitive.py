"""Sensitive words: found wherever they stand and however they are written; harmless phrases are let alone."""

from __future__ import annotations

import pytest

from xiaobao_desktop.domain import sensitive
from xiaobao_desktop.domain.catalog import Choice
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.ledgers import review
from xiaobao_desktop.services import rules

RULES = rules.load()
WORDS = RULES.catalog.list(sensitive.LIST).items
TODAY = "2026-11-23"


def texts(text: str) -> list[str]:
    return [hit.text for hit in sensitive.find(text, WORDS)]


@pytest.mark.parametrize("word", WORDS, ids=lambda item: item.id)
def test_every_word_of_the_list_is_found_and_says_why_and_what_instead(word: Choice) -> None:
    assert word.extra["reason"]
    assert word.extra["advice"]
    for name in (word.name, *word.aliases):
        hits = sensitive.find(f"本行产品{name}，欢迎咨询", (word,))
        assert [hit.text for hit in hits] == [name]
    for phrase in filter(None, word.extra.get("unless", "").split("、")):
        assert sensitive.find(phrase, (word,)) == (), phrase


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("保 本 保 息，放心存", ["保 本 保 息"]),
        ("ＮＯ.１ 品牌，１００％ 放心", ["ＮＯ.１", "１００％"]),
        ("本产品不保本、不承诺收益，理财非存款", []),
        ("不保本；但是保本型产品例外", ["保本型"]),
        ("第一条 为规范管理，第一时间答复", []),
        ("稳赚不赔", ["稳赚不赔"]),
        ("高收益低风险", ["高收益低风险"]),
        ("", []),
    ],
)
def test_width_case_blanks_and_context(text: str, found: list[str]) -> None:
    assert texts(text) == found


def test_places_are_those_of_the_pasted_text() -> None:
    text = "欢迎光临\n本行理财保 本，名额有限。\n保本再说一遍"
    hits = sensitive.find(text, WORDS)
    assert [(hit.text, hit.line) for hit in hits] == [("保 本", 2), ("名额有限", 2), ("保本", 3)]
    assert all(text[hit.start : hit.end] == hit.text for hit in hits)
    assert hits[0].context == "本行理财保 本，名额有限。"
    assert sensitive.word_ids(hits) == ("capital", "quota")


def test_words_of_the_bank_and_words_put_out_of_use() -> None:
    own = Choice("own", "闭着眼存", aliases=("闭眼存",), own=True)
    (hit,) = sensitive.find("闭眼存就对了", (own,))
    assert (hit.reason, hit.advice, hit.kind) == (sensitive.OWN_REASON, "", "")
    assert sensitive.find("闭眼存就对了", (Choice("own", "闭眼存", active=False),)) == ()


def test_the_opinion_tells_each_word_once_with_its_lines() -> None:
    lines = sensitive.opinion(sensitive.find("保本\n保本\n名额有限", WORDS)).split("\n")
    assert lines[0].startswith("1. 第1、2行“保本”：承诺保本")
    assert "建议：" in lines[0]
    assert lines[1].startswith("2. 第3行“名额有限”：")
    assert sensitive.opinion(()) == ""


def completed(**values: Value) -> Record:
    entered: dict[str, Value] = {"received_on": "2026-11-02", "title": "宣传折页", **values}
    return review.complete(None, Record(entered), RULES)


def problems(**values: Value) -> dict[str, tuple[str, bool]]:
    return {item.field: (item.message, item.blocking) for item in review.check(completed(**values), TODAY, RULES)}


def test_a_review_knows_the_words_of_its_text_and_its_state() -> None:
    assert completed(checked_text="保本，名额有限").values["sensitive"] == ("capital", "quota")
    assert completed(checked_text="理财非存款", sensitive=("capital",)).values["sensitive"] is None
    assert completed(sensitive=("capital",)).values["sensitive"] == ("capital",), "typed without a text"
    assert completed().values["state"] == review.PENDING
    assert completed(finished_on="2026-11-05").values["state"] == review.FINISHED


def test_who_does_not_follow_an_opinion_says_why() -> None:
    assert problems(adopted="refused")["not_adopted_why"] == ("意见没有全部采纳，请写明原因", True)
    assert "not_adopted_why" in problems(adopted="partly")
    assert problems(adopted="partly", not_adopted_why="上级行统一文本") == {}
    assert problems(adopted="adopted") == {}


def test_days_of_a_review_that_cannot_be() -> None:
    assert problems(due_on="2026-11-01")["due_on"][1]
    assert problems(finished_on="2026-11-01", conclusion="agreed", opinion="无意见")["finished_on"][1]
    assert problems(finished_on="2026-11-24", conclusion="agreed", opinion="无意见")["finished_on"][1]
    early = problems(finished_on="2026-11-20", launch_on="2026-11-10", conclusion="agreed", opinion="无意见")
    assert not early["launch_on"][1]
    assert set(problems(finished_on="2026-11-05")) == {"conclusion", "opinion"}
