from __future__ import annotations

import subprocess
import sys

import pytest

from xiaobao_desktop import resources
from xiaobao_desktop.pinyin import initials, name_initials


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("借记卡收费及挂失", "jjksfjgs"),
        ("其他（借记卡）", "qt（jjk）"),
        ("ATM存取款", "atmcqk"),
        ("12345政务热线", "12345zwrx"),
        ("重复投诉", "cfts"),
        ("行长接待", "hzjd"),
        ("银行卡", "yhk"),
        ("利率调整", "lltz"),
        ("", ""),
    ],
)
def test_initials(text: str, letters: str) -> None:
    assert initials(text) == letters


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("单小云", "sxy"),
        ("仇英", "qy"),
        ("解元", "xy"),
        ("曾强", "zq"),
        ("尉迟恭", "ycg"),
        ("王建国", "wjg"),
        ("单", "s"),
    ],
)
def test_family_names_are_read_as_family_names(name: str, letters: str) -> None:
    assert name_initials(name) == letters


@pytest.mark.parametrize("text", ["䶮𬱖 ab", "①②", "Ⅳ级投诉", "ɑ", "张·李", "𠮷野家", "贷款，逾期！", "\ue000私用"])
def test_one_letter_for_each_character(text: str) -> None:
    assert len(initials(text)) == len(text)


def test_every_override_has_a_letter_for_each_character() -> None:
    data = resources.json_data("rules", "pinyin.json")
    for group in ("surnames", "words"):
        for word, letters in data[group].items():
            assert len(word) == len(letters), word


def test_pypinyin_is_loaded_only_when_asked() -> None:
    code = "import sys, xiaobao_desktop.pinyin; sys.exit('pypinyin' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
