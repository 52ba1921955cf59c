"""Sentences of reports: Jinja2 templates in ``resources/reports``, sandboxed, every placeholder must be known.

A template file holds named blocks, one for each paragraph. Line breaks in a block are for the reader of the template
only: they and the blanks around them vanish, because Chinese prose has none.

A bank may have versions of its own: a file of the same name in a folder of its own, with the blocks it says otherwise.
A mistake in one is noted and the shipped block is used instead, so that a report can always be made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiaobao_desktop import resources
from xiaobao_desktop.domain.numbers import NO_BASE, growth, percent, share
from xiaobao_desktop.errors import UserError

if TYPE_CHECKING:
    from jinja2 import Template


PHRASES = "common.j2"


class TemplateBroken(UserError):
    """报表文字模板 {file} 第 {line} 行有错：{problem}。请恢复随程序安装的模板，或把这一行改正。"""  # noqa: D415


class OwnTexts:
    """A bank's own versions of templates.

    Attributes:
        folder: where they lie; it need not be there.
        mistakes: what was wrong with them, in Chinese, each once.
    """

    def __init__(self, folder: Path) -> None:
        """Take the versions of a folder."""
        self.folder = folder
        self.mistakes: list[str] = []

    def template(self, file: str) -> Template | None:
        """The own version of a template; None where there is none, or a broken one, which is noted."""
        if not (self.folder / file).is_file():
            return None
        try:
            return _read(self.folder, file)
        except TemplateBroken as error:
            self.note(error)
            return None

    def note(self, error: TemplateBroken) -> None:
        """Keep what was wrong."""
        file, line, problem = (error.values[key] for key in ("file", "line", "problem"))
        said = (
            f"本行的报表文字 {self.folder.name}/{file} 第 {line} 行有错：{problem}。"
            "现在用的是随程序安装的文字，请改正这一行。"
        )
        if said not in self.mistakes:
            self.mistakes.append(said)


_own: ContextVar[OwnTexts | None] = ContextVar("own texts", default=None)


@contextmanager
def own_texts(folder: Path) -> Iterator[OwnTexts]:
    """Within the block, templates of ``folder`` come before the shipped ones of the same names."""
    found = OwnTexts(folder)
    token = _own.set(found)
    try:
        yield found
    finally:
        _own.reset(token)


class Prose:
    """The sentences of one report."""

    def __init__(self, file: str, digits: int = 2, **always: object) -> None:
        """Load a template.

        Args:
            file: name in ``resources/reports``, e.g. ``periodic.j2``.
            digits: decimals of percentages (0, 1 or 2).
            always: values that every block may use.

        Raises:
            TemplateBroken: the template cannot be read.
        """
        self.file = file
        self._template = _template(file)
        self._texts = _own.get()
        self._changed = self._texts.template(file) if self._texts else None
        self._helpers: Mapping[str, object] = {
            **always,
            "pct": lambda part, whole: f"{percent(share(part, whole), digits)}%" if whole else NO_BASE,
            "change": lambda now, base, unit: change_words(now, base, unit, digits),
        }

    def say(self, block: str, **values: object) -> str:
        """The text of one block, without line breaks.

        Raises:
            TemplateBroken: the block is missing or names an unknown placeholder.
        """
        if self._changed is not None and self._texts is not None and block in self._changed.blocks:
            try:
                return self._said(self._changed, block, values)
            except TemplateBroken as error:
                self._texts.note(error)
        return self._said(self._template, block, values)

    def _said(self, template: Template, block: str, values: Mapping[str, object]) -> str:
        from jinja2 import TemplateError

        render = template.blocks.get(block)
        if render is None:
            raise TemplateBroken(file=self.file, line="?", problem=f"没有“{block}”这一段")
        context = template.new_context({**values, **self._helpers, **self._phrases()})
        try:
            return _joined("".join(render(context)))
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            # A template is data the bank may change: what goes wrong while it runs is a mistake in it.
            file, line = _place(error, template, _template(PHRASES))
            raise TemplateBroken(file=file or self.file, line=line, problem=str(error)) from error

    def _phrases(self) -> Mapping[str, object]:
        """The macros of ``common.j2``, usable in every block by their names."""
        module = _template(PHRASES).make_module(dict(self._helpers))
        return {name: value for name, value in vars(module).items() if not name.startswith("_")}


def change_words(now: int, base: int, unit: str, digits: int = 2) -> tuple[str, str]:
    """How a count changed: the direction and amount, and the relative change.

    Returns:
        ("持平", ""), ("增加4件", "上升12.12%"), ("减少4件", "下降9.76%") or, at a zero base, ("增加3件", "").
    """
    if now == base:
        return "持平", ""
    amount = f"{'增加' if now > base else '减少'}{abs(now - base)}{unit}"
    rate = growth(now, base)
    if rate is None:
        return amount, ""
    return amount, f"{'上升' if now > base else '下降'}{percent(abs(rate), digits)}%"


@cache
def _template(file: str) -> Template:
    return _read(resources.path("reports"), file)


def _read(folder: Path, file: str) -> Template:
    from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError
    from jinja2.sandbox import SandboxedEnvironment

    # The output is Chinese plain text for paper, not a web page.
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(str(folder)), undefined=StrictUndefined, autoescape=False
    )
    try:
        return environment.get_template(file)
    except (TemplateNotFound, UnicodeDecodeError) as error:
        raise TemplateBroken(file=file, line="?", problem="文件不在，或不是 UTF-8 文字") from error
    except TemplateSyntaxError as error:
        raise TemplateBroken(file=file, line=error.lineno, problem=error.message or "") from error


def _joined(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", text).strip()


def _place(error: BaseException, *templates: Template) -> tuple[str, int | str]:
    """Name of the template and line in it where an error came up; the innermost place wins."""
    by_code = {template.filename: template for template in templates}
    trace: Any = error.__traceback__
    file, line = "", "?"
    while trace is not None:
        template = by_code.get(trace.tb_frame.f_code.co_filename)
        if template is not None:
            file, line = str(template.name), str(template.get_corresponding_lineno(trace.tb_lineno))
        trace = trace.tb_next
    return file, line
