"""Sentences from templates: phrases about changes, and what a broken template says about itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from xiaobao_desktop import resources
from xiaobao_desktop.reports import prose as prose_module
from xiaobao_desktop.reports.prose import Prose, TemplateBroken, change_words


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the installed templates that a test may break; the program finds them there."""
    place = tmp_path / "resources" / "reports"
    shutil.copytree(resources.path("reports"), place)
    monkeypatch.setattr(resources, "PACKAGE", tmp_path / "package")
    prose_module._template.cache_clear()
    assert resources.path("reports") == place
    return place


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """No template of another folder stays in the cache."""
    yield
    prose_module._template.cache_clear()


@pytest.mark.parametrize(
    ("now", "base", "digits", "words"),
    [
        (5, 5, 2, ("持平", "")),
        (0, 0, 2, ("持平", "")),
        (37, 33, 2, ("增加4件", "上升12.12%")),
        (37, 41, 2, ("减少4件", "下降9.76%")),
        (3, 0, 2, ("增加3件", "")),
        (0, 3, 2, ("减少3件", "下降100.00%")),
        (3, 2, 0, ("增加1件", "上升50%")),
        (1001, 1000, 0, ("增加1件", "上升0%")),
        (203, 200, 0, ("增加3件", "上升2%")),  # 1.5 %: the half goes up
    ],
)
def test_a_change_in_words(now: int, base: int, digits: int, words: tuple[str, str]) -> None:
    assert change_words(now, base, "件", digits) == words


def test_line_breaks_of_a_template_are_none_on_paper(templates: Path) -> None:
    (templates / "t.j2").write_text("{% block a %}\n一，\n  二{{ n }}\n  三。\n{% endblock %}", encoding="utf-8")
    assert Prose("t.j2").say("a", n=2) == "一，二2三。"


def test_helpers_and_phrases_are_there(templates: Path) -> None:
    source = "{% block a %}{{ pct(1, 3) }} {{ pct(0, 0) }} {{ moved('环比', 3, 0, '件', '上月') }}{% endblock %}"
    (templates / "t.j2").write_text(source, encoding="utf-8")
    assert Prose("t.j2", 1).say("a") == "33.3% — 环比增加3件（上月为0，不计算增幅）"


@pytest.mark.parametrize(
    ("broken", "line", "says"),
    [
        ("{% block a %}\n一\n{{ numbr }}\n{% endblock %}", 3, "numbr"),
        ("{% block a %}\n{% if n %}\n一\n{% endblock %}", 4, "endblock"),
        ("{% block a %}\n\n\n{{ pct(n) }}{% endblock %}", 4, "whole"),
        ("{% block a %}\n{{ n // 0 }}{% endblock %}", 2, "zero"),
        ("{% block a %}\n{{ n.__class__.__mro__ }}{% endblock %}", 2, "unsafe"),
        ("{% block a %}\n{{ n['x'].y }}{% endblock %}", 2, "x"),
    ],
)
def test_a_broken_template_names_file_and_line(templates: Path, broken: str, line: int, says: str) -> None:
    (templates / "periodic.j2").write_text(broken, encoding="utf-8")
    with pytest.raises(TemplateBroken) as refused:
        Prose("periodic.j2").say("a", n=1)
    assert refused.value.message.startswith(f"报表文字模板 periodic.j2 第 {line} 行有错：")
    assert says in refused.value.message
    assert "恢复随程序安装的模板" in refused.value.message


def test_a_mistake_in_the_shared_phrases_names_their_file(templates: Path) -> None:
    lines = (templates / "common.j2").read_text(encoding="utf-8").splitlines()
    number = next(index for index, line in enumerate(lines) if "macro moved" in line)
    lines.insert(number + 1, "{{ wrong_name }}")
    (templates / "common.j2").write_text("\n".join(lines), encoding="utf-8")
    (templates / "t.j2").write_text("{% block a %}{{ moved('环比', 3, 1, '件', '') }}{% endblock %}", encoding="utf-8")
    with pytest.raises(TemplateBroken, match=rf"common\.j2 第 {number + 2} 行.*wrong_name"):
        Prose("t.j2").say("a")


def test_a_missing_block_or_file_is_told(templates: Path) -> None:
    with pytest.raises(TemplateBroken, match=r"periodic\.j2.*没有“epilogue”这一段"):
        Prose("periodic.j2").say("epilogue")
    with pytest.raises(TemplateBroken, match=r"quarterly\.j2.*文件不在"):
        Prose("quarterly.j2")
    (templates / "gbk.j2").write_bytes("{% block a %}投诉{% endblock %}".encode("gb18030"))
    with pytest.raises(TemplateBroken, match="UTF-8"):
        Prose("gbk.j2")


def test_a_key_error_inside_a_block_is_not_a_missing_block(templates: Path) -> None:
    (templates / "t.j2").write_text("{% block a %}\n{{ '{x}'.format() }}{% endblock %}", encoding="utf-8")
    with pytest.raises(TemplateBroken, match=r"t\.j2 第 2 行"):
        Prose("t.j2").say("a")
