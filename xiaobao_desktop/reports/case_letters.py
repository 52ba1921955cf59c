"""Letters about one complaint: 答复函, 延期办理告知书, 不属本行处理告知, 核查决定书, 撤诉确认书 (PAPER §4, §6).

Their words come from templates (:mod:`letter_text`); title, salutation, number, signature and slip stand here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from xiaobao_desktop.reports.case_facts import CaseFacts
from xiaobao_desktop.reports.document import Block, Document, Heading, Paragraph, Run, Signature, Slip
from xiaobao_desktop.reports.forms import Box, CellKind, FormCell, FormGrid, FormRow
from xiaobao_desktop.reports.letter_text import BLANK

LABEL, CENTER = CellKind.LABEL, CellKind.CENTER
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、[^，。；：！？]{1,20}")
_SLIP_COLUMNS = (34.0, 46.0, 28.0, 48.0)
_SLIP_ROW = 24.0
_WAYS = ("直接送达", "邮寄（单号：　　　　　　）", "短信", "电子邮件", "电话")
_DATE_ROOM = "年　　月　　日"


@dataclass(frozen=True)
class Letter:
    """A kind of letter: its template, the second line of its title, the words behind the bank's code, its slip.

    ``receipt`` says that a receipt to be signed stands below; ``by_complainant`` that the complainant signs it.
    """

    template: str
    title: str
    receipt: bool = False
    by_complainant: bool = False


REPLY = Letter("case_reply", "关于消费投诉处理结果的答复函", receipt=True)
EXTENSION = Letter("case_extension", "消费投诉延期办理告知书")
NOT_OURS = Letter("case_not_ours", "关于投诉事项不属本行办理的告知书", receipt=True)
REVIEW = Letter("case_review", "消费投诉核查决定书", receipt=True)
WITHDRAWAL = Letter("case_withdrawal", "撤回消费投诉确认书", by_complainant=True)


def build(letter: Letter, facts: CaseFacts, paragraphs: Sequence[str], signed: str) -> Document:
    """A letter of the paragraphs its template gave.

    Args:
        letter: which kind.
        facts: of the case.
        paragraphs: of the template; short ones that begin with 一、 are headings.
        signed: date below the signature, as text.
    """
    blocks = tuple(_block(text) for text in paragraphs)
    if letter.by_complainant:
        signature = Signature(f"投诉人（签名）：{BLANK}", f"　　　　{_DATE_ROOM}")
        return Document(
            (letter.title,),
            blocks,
            addressee=f"{facts.bank}：" if facts.bank else "",
            signature=signature,
            numbers_from=2,
            slip=_reception(facts),
        )
    return Document(
        (facts.short_name, letter.title) if facts.short_name else (letter.title,),
        blocks,
        addressee=f"{facts.complainant}{facts.salutation}：" if facts.complainant else f"{BLANK}：",
        number=letter_number(facts),
        signature=Signature(facts.bank or facts.short_name, signed),
        numbers_from=2,
        slip=_receipt(letter, facts) if letter.receipt else None,
    )


def letter_number(facts: CaseFacts) -> str:
    """文号 with room for the number itself: 某农商消保函〔2026〕　　号; "" where the bank has no code for letters."""
    return f"{facts.letter_code}〔{facts.today[:4]}〕　　号" if facts.letter_code else ""


def _block(text: str) -> Block:
    return Heading(text) if _HEADING.fullmatch(text) else Paragraph((Run(text),))


def _receipt(letter: Letter, facts: CaseFacts) -> Slip:
    """送达回证."""
    name = letter.title.removeprefix("关于")
    paper = "　".join(text for text in (name, letter_number(facts)) if text)
    rows = (
        (_label("文书名称及文号"), FormCell(paper, columns=3)),
        (_label("受送达人"), FormCell(facts.complainant), _label("送达地点"), FormCell()),
        (_label("送达方式"), FormCell(columns=3, boxes=tuple(Box(way) for way in _WAYS))),
        (_label("受送达人签名"), FormCell(), _label("签收日期"), FormCell(_DATE_ROOM, CENTER)),
        (_label("送达人签名"), FormCell(), _label("备　　注"), FormCell()),
    )
    return _slip("送 达 回 证", rows)


def _reception(facts: CaseFacts) -> Slip:
    """What the bank fills in when it gets the withdrawal."""
    rows = (
        (_label("投诉编号"), FormCell(facts.number), _label("收到日期"), FormCell(facts.withdrawn, CENTER)),
        (_label("收到方式"), FormCell(columns=3, boxes=tuple(Box(way) for way in ("当面", "邮寄", "电子方式")))),
        (_label("接收人签名"), FormCell(), _label("接收日期"), FormCell(_DATE_ROOM, CENTER)),
    )
    return _slip("本 行 接 收", rows)


def _slip(title: str, rows: Sequence[tuple[FormCell, ...]]) -> Slip:
    return Slip(title, FormGrid(_SLIP_COLUMNS, tuple(FormRow(cells, _SLIP_ROW) for cells in rows), size=10.0))


def _label(text: str) -> FormCell:
    return FormCell(text, LABEL)
