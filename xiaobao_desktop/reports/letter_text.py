"""Texts of letters from templates that the bank may edit: each line of the template is a paragraph of the letter.

Placeholders have Chinese names ({{投诉人}}); an empty one prints a line to write on. Templates run in Jinja2's sandbox;
only names in the given values are known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from xiaobao_desktop import resources
from xiaobao_desktop.errors import UserError

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

BLANK = "_" * 14
"""What stands where nothing is recorded: a line to write on."""
LONGEST = 20_000
"""Characters of a template."""
_SHIPPED = "随程序安装的文字"
_LINE_IN_VALUE = "\u2028"
_LABEL = re.compile(r"【([^】]+)】")
_TESTED = re.compile(r"\{%-?\s*(?:el)?if\s+(?:not\s+)?(\w+)")
_UNDEFINED = re.compile(r"'([^']+)' is undefined")
_COMMENT = re.compile(r"\{#.*?#\}\s*", re.DOTALL)


class LetterTemplateBroken(UserError):
    """文书“{file}”的文字第 {line} 行有错：{problem}。请改正这一行，或按“恢复原文”。"""  # noqa: D415


@dataclass(frozen=True)
class Composed:
    """A text made of a template.

    Attributes:
        paragraphs: without empty ones.
        fault: why the bank's own template was not used and the shipped one was, "" when all went well.
    """

    paragraphs: tuple[str, ...]
    fault: str = ""


def shipped(name: str) -> str:
    """The text of a template as it comes with the program, without its opening remark."""
    return _COMMENT.sub("", resources.text("reports", f"{name}.j2"), count=1)


def compose(name: str, title: str, values: Mapping[str, str], own: str = "", blank: str = BLANK) -> Composed:
    """A text from the bank's own template, or from the shipped one when there is none or it is broken.

    Args:
        name: file in ``resources/reports`` without its ending.
        title: how the officer knows the template.
        values: texts by placeholder.
        own: the bank's own template, "" for none.
        blank: printed for an empty placeholder.

    Raises:
        LetterTemplateBroken: the shipped template is broken.
    """
    fault = ""
    if own.strip():
        try:
            return Composed(_run(title, own, values, blank))
        except LetterTemplateBroken as broken:
            fault = f"{broken.message}这一次用的是{_SHIPPED}。"
    return Composed(_run(title, shipped(name), values, blank), fault)


@dataclass(frozen=True)
class Filled:
    """One field to be copied: its label, its text, and the placeholders in it that nothing fills."""

    label: str
    text: str
    lacking: tuple[str, ...] = ()


def fields(name: str, title: str, values: Mapping[str, str], own: str = "") -> tuple[tuple[Filled, ...], str]:
    """The fields of a template whose lines 【栏名】 begin one each; texts exactly as recorded, empty ones empty.

    Returns:
        The fields in order, and why the bank's own template was not used ("" when all went well).

    Raises:
        LetterTemplateBroken: the shipped template is broken.
    """
    fault = ""
    if own.strip():
        try:
            return _fields(title, own, values), ""
        except LetterTemplateBroken as broken:
            fault = f"{broken.message}这一次用的是{_SHIPPED}。"
    return _fields(title, shipped(name), values), fault


def _fields(title: str, source: str, values: Mapping[str, str]) -> tuple[Filled, ...]:
    found = []
    for number, label, part in _sections(source):
        lines = _lines(title, part, values, "", number)
        text = "\n".join(line.replace(_LINE_IN_VALUE, "\n") for line in lines)
        asked = set(_TESTED.findall(part))
        lacking = tuple(dict.fromkeys(item for item in _names(part) if not values.get(item) and item not in asked))
        found.append(Filled(label, text, lacking))
    return tuple(found)


def _sections(source: str) -> list[tuple[int, str, str]]:
    """The fields of a template: lines before them, label, source."""
    found: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(source.split("\n"), start=1):
        label = _LABEL.fullmatch(line.strip())
        if label:
            found.append((number, label[1], []))
        elif found:
            found[-1][2].append(line)
    return [(number, label, "\n".join(lines)) for number, label, lines in found]


def check(title: str, source: str, values: Mapping[str, str]) -> None:
    """Refuse a template that names an unknown placeholder, cannot be read, or fails with these values or with none.

    Raises:
        LetterTemplateBroken: with the line and the placeholder.
    """
    if len(source) > LONGEST:
        raise LetterTemplateBroken(file=title, line=1, problem=f"文字超过 {LONGEST} 字")
    for number, line in enumerate(source.split("\n"), start=1):
        for name in _names(line):
            if name not in values:
                raise LetterTemplateBroken(file=title, line=number, problem=f"没有“{name}”这个占位")
    _run(title, source, values, BLANK)
    _run(title, source, dict.fromkeys(values, ""), BLANK)


def _names(line: str) -> list[str]:
    """The plain placeholders of a line: {{ 名称 }}, also with a filter after it."""
    return re.findall(r"\{\{-?\s*(\w+)\s*(?:\||-?\}\})", line)


def _run(title: str, source: str, values: Mapping[str, str], blank: str) -> tuple[str, ...]:
    """The paragraphs of a template; line breaks inside a value begin one too."""
    lines = _lines(title, source, values, blank)
    parts = (part.strip() for line in lines for part in line.split(_LINE_IN_VALUE))
    return tuple(part for part in parts if part)


def _lines(title: str, source: str, values: Mapping[str, str], blank: str, above: int = 0) -> list[str]:
    """The lines of a template that are not empty; ``above``: how many lines stand before it in its file."""
    from jinja2 import TemplateError, TemplateSyntaxError

    try:
        template = _compiled(source, blank)
    except TemplateSyntaxError as error:
        line = _unclosed(source) if "Unexpected end" in str(error) else error.lineno
        raise LetterTemplateBroken(file=title, line=line + above, problem=_told(error)) from error
    try:
        text = template.render(dict(values))
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        # A template is data the bank may change: what goes wrong while it runs is a mistake in it.
        raise LetterTemplateBroken(file=title, line=_line(error) + above, problem=_told(error)) from error
    return [line.strip() for line in text.split("\n") if line.strip()]


@cache
def _compiled(source: str, blank: str) -> Template:
    return _environment(blank).from_string(source)


def _environment(blank: str) -> SandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    def shown(value: Any) -> Any:
        """An empty text as a line to write on; line breaks inside a text begin a paragraph."""
        if isinstance(value, str):
            return value.strip().replace("\r", "").replace("\n", _LINE_IN_VALUE) or blank
        return value

    # The output is Chinese plain text for paper, not a web page. No loader: a template can include no file.
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, finalize=shown)


def _told(error: Exception) -> str:
    """The problem in words: the unknown placeholder by its name, what is not in pairs, else the engine's own words."""
    text = str(error)
    unknown = _UNDEFINED.search(text)
    if unknown:
        return f"没有“{unknown[1]}”这个占位"
    if "Unexpected end of template" in text or "unknown tag 'end" in text:
        return "“有内容才印”的记号没有成对：有一个 if，后面就要有一个 endif"
    return f"写法不对，请看花括号、百分号是否成对（{text}）"


def _unclosed(source: str) -> int:
    """Line of the last block that is begun and not ended; the last line when all are."""
    begun: list[int] = []
    lines = source.split("\n")
    for number, line in enumerate(lines, start=1):
        for word in re.findall(r"\{%-?\s*(if|for|endif|endfor)\b", line):
            if word.startswith("end"):
                begun = begun[:-1]
            else:
                begun.append(number)
    return begun[-1] if begun else len(lines)


def _line(error: BaseException) -> int:
    """Line of the template where an error came up: the engine puts it into the trace under its own name."""
    line = 1
    trace: Any = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
