"""The texts of letters that the bank may edit: which there are, its own version in the book, back to the shipped one.

The bank's own versions are settings of the book (key ``template:<name>``): history keeps every change, the successor
inherits them, an upgrade changes the shipped texts only.
"""

from __future__ import annotations

from dataclasses import dataclass

from xiaobao_desktop.reports import letter_text
from xiaobao_desktop.reports.case_facts import PLACEHOLDERS, CaseFacts, every_placeholder, placeholder_values
from xiaobao_desktop.reports.letter_text import BLANK, Composed, Filled
from xiaobao_desktop.services.session import Session

_KEY = "template:"


@dataclass(frozen=True)
class LetterTemplate:
    """A text that may be edited: file without its ending, Chinese title, what stands for an empty placeholder."""

    name: str
    title: str
    blank: str = BLANK


TEMPLATES = (
    LetterTemplate("case_reply", "答复函"),
    LetterTemplate("case_extension", "延期告知书"),
    LetterTemplate("case_not_ours", "不属本行处理告知"),
    LetterTemplate("case_review", "核查决定书"),
    LetterTemplate("case_withdrawal", "撤诉确认书"),
    LetterTemplate("case_transfer", "转办单的办理要求"),
    LetterTemplate("case_approval", "延期审批表的申请事项"),
    LetterTemplate("feedback_order5", "回填：人行 5 号令", ""),
    LetterTemplate("feedback_12378", "回填：12378 系统", ""),
)


def template(name: str) -> LetterTemplate:
    """The template called ``name``; KeyError when there is none (a bug)."""
    for item in TEMPLATES:
        if item.name == name:
            return item
    raise KeyError(name)


def placeholders() -> tuple[str, ...]:
    """Names of all placeholders, in the order in which they are shown."""
    return tuple(PLACEHOLDERS.values())


def own(session: Session, name: str) -> str:
    """The bank's own version, "" where the shipped one is used."""
    return session.book.setting(f"{_KEY}{name}") or ""


def source(session: Session, name: str) -> str:
    """The text as it is used: the bank's own or the shipped one."""
    return own(session, name) or letter_text.shipped(name)


def save(session: Session, name: str, text: str) -> None:
    """Keep the bank's own version; the shipped text itself takes the own one away.

    Raises:
        LetterTemplateBroken: it names an unknown placeholder or cannot be read; nothing was changed.
    """
    found = template(name)
    letter_text.check(found.title, text, every_placeholder())
    same = text.strip() == letter_text.shipped(name).strip()
    _write(session, f"修改文书“{found.title}”", name, None if same or not text.strip() else text)


def restore(session: Session, name: str) -> None:
    """Go back to the shipped text."""
    _write(session, f"恢复文书“{template(name).title}”原文", name, None)


def compose(session: Session, name: str, facts: CaseFacts) -> Composed:
    """The text of a case; when the bank's own version is broken, the shipped one and the reason."""
    found = template(name)
    return letter_text.compose(name, found.title, placeholder_values(facts), own(session, name), found.blank)


def fields(session: Session, name: str, facts: CaseFacts) -> tuple[tuple[Filled, ...], str]:
    """The fields of a template for 回填 with the texts of a case; and why the bank's own version was not used."""
    return letter_text.fields(name, template(name).title, placeholder_values(facts), own(session, name))


def example(name: str, text: str) -> tuple[str, ...]:
    """How a text looks with each placeholder standing for itself.

    Raises:
        LetterTemplateBroken: as for :func:`save`.
    """
    found = template(name)
    values = every_placeholder()
    letter_text.check(found.title, text, values)
    return letter_text.compose(name, found.title, values, text, found.blank).paragraphs


def _write(session: Session, operation: str, name: str, text: str | None) -> None:
    with session.book.transaction(operation, session.user, session.now()) as changes:
        changes.set_setting(f"{_KEY}{name}", text)
