"""Typesetting of running text: titles, headings, justified paragraphs, notes, the closing lines of a letter."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from math import ceil

from xiaobao_desktop.reports.cjk_text import Line, break_lines, gaps
from xiaobao_desktop.reports.document import (
    Document,
    Heading,
    Note,
    Paragraph,
    RunStyle,
    Signature,
    SignatureLine,
)
from xiaobao_desktop.reports.pdf_fonts import Role, role_font
from xiaobao_desktop.reports.typeset_parts import (
    BASELINE_DROP,
    BODY_SIZE,
    CHARACTERS,
    LINE,
    PITCH,
    Mark,
    Piece,
    TextMark,
    kept,
)

BODY_SPACING = PITCH - BODY_SIZE
TITLE_SIZE, TITLE_LINE, TITLE_BASELINE = 22.0, 36.0, 31.0
NOTE_SIZE, NOTE_LINE = 9.5, 12.8
FOOT_SIZE = 10.5
_TITLE_BREAK = re.compile("权益保护(?:工作)?|金融知识|消费投诉|宣传|教育|活动|人民币|股份|有限公司")
"""Words after which a title that is too long for a line may be broken."""
MAX_STRETCH = 4.0
"""A line whose gaps would grow by more than this many points is left ragged."""

_ROLES = {RunStyle.BODY: Role.FANG, RunStyle.LEAD: Role.KAI, RunStyle.STRONG: Role.HEI}
_BODY_BASELINE = LINE / 2 + BASELINE_DROP * BODY_SIZE


def text_width(text: str, role: Role, size: float, spacing: float = 0.0) -> float:
    """Width of a single line of text in points, without the blank after its last character."""
    advances = role_font(role).advances(text)
    return sum(advances) * size + spacing * max(len(advances) - 1, 0)


def aligned(text: str, role: Role, size: float, y: float, left: float, width: float, align: str) -> TextMark:
    """Return a mark for a line of text standing left, centred or right in a box of the given width.

    A line too wide for its box starts at the left edge and is squeezed into it, as far as readable.
    """
    free = width - text_width(text, role, size)
    if free < 0:
        return TextMark(left, y, text, role, size, max(free / max(len(text) - 1, 1), -0.08 * size))
    share = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    return TextMark(left + free * share, y, text, role, size)


def title_lines(lines: tuple[str, ...], measure: float) -> tuple[str, ...]:
    """The lines of a title, each that is wider than ``measure`` points broken after a word near its middle."""
    return tuple(part for line in lines for part in _fitting_title(line, measure))


def _fitting_title(text: str, measure: float) -> tuple[str, ...]:
    if text_width(text, Role.TITLE, TITLE_SIZE) <= measure:
        return (text,)
    ends = {found.end() for found in _TITLE_BREAK.finditer(text)} - {len(text)}
    between = {place for place in range(1, len(text)) if not text[place - 1 : place + 1].isascii()}
    place = min(ends or between, key=lambda end: (abs(end - len(text) // 2), -end), default=len(text))
    return text[:place], text[place:]


def title_pieces(lines: tuple[str, ...], number: str, measure: float) -> list[Piece]:
    """Set the title (22 pt, centred) with the 文号 under it; the whole takes full grid lines and one blank line."""
    lines = title_lines(lines, measure)
    marks: list[Mark] = [
        aligned(text, Role.TITLE, TITLE_SIZE, TITLE_BASELINE + index * TITLE_LINE, 0, measure, "center")
        for index, text in enumerate(lines)
    ]
    grid_lines = ceil(len(lines) * TITLE_LINE / LINE)
    if number:
        marks.append(aligned(number, Role.FANG, BODY_SIZE, grid_lines * LINE + _BODY_BASELINE, 0, measure, "center"))
        grid_lines += 1
    return [Piece((grid_lines + 1) * LINE, tuple(marks), keep_next=True)]


def heading_pieces(heading: Heading) -> list[Piece]:
    """Set a heading of one or more lines, bound to what follows."""
    role = Role.HEI if heading.level == 1 else Role.KAI
    return [replace(piece, keep_next=True) for piece in _grid_lines([(heading.text, role)], 2 * PITCH)]


def paragraph_pieces(paragraph: Paragraph) -> list[Piece]:
    """Set a paragraph; neither its first nor its last line stands alone on a page."""
    pieces = _grid_lines(
        [(run.text, _ROLES[run.style]) for run in paragraph.runs], 2 * PITCH if paragraph.indent else 0.0
    )
    last = len(pieces) - 1
    return [replace(piece, keep_next=last > 0 and index in (0, last - 1)) for index, piece in enumerate(pieces)]


def plain_line(text: str, x: float = 0.0, gap: float = 0.0) -> Piece:
    """Set one unjustified line of body text starting at ``x``."""
    return Piece(LINE, (TextMark(x, _BODY_BASELINE, text, Role.FANG, BODY_SIZE, BODY_SPACING),), gap=gap)


def note_piece(note: Note, measure: float, *, on_grid: bool) -> Piece:
    """Set a small-print note; on the grid it takes whole lines and stands in their middle."""
    segments = [(note.text, Role.KAI)]
    lines = _set_lines(segments, NOTE_SIZE, 0.0, measure, 0.0)
    needed = len(lines) * NOTE_LINE
    height = ceil((needed + 4) / LINE) * LINE if on_grid else needed
    top = (height - needed) / 2
    marks: list[Mark] = []
    for index, line in enumerate(lines):
        baseline = top + index * NOTE_LINE + NOTE_LINE / 2 + BASELINE_DROP * NOTE_SIZE
        marks += [replace(mark, y=baseline) for mark in line]
    return Piece(height, tuple(marks), gap=0.0 if on_grid else 10.0)


def signature_line_marks(line: SignatureLine, measure: float, baseline: float) -> tuple[Mark, ...]:
    """Spread 制表 / 审核 / 负责人 … over the width in Song 10.5."""
    widths = [text_width(item, Role.SONG, FOOT_SIZE) for item in line.items]
    free = (measure - sum(widths)) / max(len(widths) - 1, 1)
    marks: list[Mark] = []
    x = 0.0
    for item, width in zip(line.items, widths, strict=True):
        marks.append(TextMark(x, baseline, item, Role.SONG, FOOT_SIZE))
        x += width + free
    return tuple(marks)


def closing_pieces(document: Document, measure: float) -> list[Piece]:
    """Set 附件说明, signature and date as one group that is never split; empty when there is none."""
    pieces: list[Piece] = []
    label = "附件："
    for index, name in enumerate(document.attachments):
        numbered = f"{index + 1}.{name}" if len(document.attachments) > 1 else name
        pieces += _attachment_lines(label if index == 0 else "", numbered, gap=LINE if index == 0 else 0.0)
    if document.signature is not None:
        pieces += _signature_pieces(document.signature, measure)
    return kept(pieces)


def _attachment_lines(label: str, text: str, gap: float) -> list[Piece]:
    """Set one item of 附件说明: indented by two, wrapped lines aligned with the item's first character."""
    hang = 5 * PITCH + BODY_SPACING
    number_width = text_width(text[: text.find(".") + 1], Role.FANG, BODY_SIZE, BODY_SPACING) if "." in text[:3] else 0
    first = _set_lines([(text, Role.FANG)], BODY_SIZE, BODY_SPACING, CHARACTERS * PITCH - hang, 0.0, ragged=True)
    pieces = []
    for index, line in enumerate(first):
        shift = hang + (number_width if index else 0.0)
        marks = tuple(replace(mark, x=mark.x + shift, y=_BODY_BASELINE) for mark in line)
        if label and index == 0:
            marks = (TextMark(2 * PITCH, _BODY_BASELINE, label, Role.FANG, BODY_SIZE, BODY_SPACING), *marks)
        pieces.append(Piece(LINE, marks, gap=gap if index == 0 else 0.0))
    return pieces


def _signature_pieces(signature: Signature, measure: float) -> list[Piece]:
    """Set name and date without a seal (GB/T 9704).

    The name ends two characters from the right edge and the date starts two characters right of the name's first
    character; where the date would reach further, it is the date that ends two characters from the edge.
    """
    name_width = text_width(signature.name, Role.FANG, BODY_SIZE, BODY_SPACING)
    date_width = text_width(signature.date, Role.FANG, BODY_SIZE, BODY_SPACING)
    date_start = min(measure - name_width, measure - 2 * PITCH - date_width)
    start = date_start - 2 * PITCH
    pieces = [plain_line(signature.name, max(start, 0.0), gap=LINE), plain_line(signature.date, max(date_start, 0.0))]
    if signature.contact:
        pieces.append(plain_line(signature.contact, 2 * PITCH))
    return pieces


def _grid_lines(segments: list[tuple[str, Role]], indent: float) -> list[Piece]:
    """Set segments as lines of the official grid."""
    lines = _set_lines(segments, BODY_SIZE, BODY_SPACING, CHARACTERS * PITCH, indent)
    return [Piece(LINE, tuple(replace(mark, y=_BODY_BASELINE) for mark in line)) for line in lines]


def _set_lines(
    segments: list[tuple[str, Role]],
    size: float,
    spacing: float,
    measure: float,
    indent: float,
    *,
    ragged: bool = False,
) -> list[list[TextMark]]:
    """Break segments into lines and place their characters; baselines are left at 0."""
    text = "".join(part for part, _ in segments)
    roles = [role for part, role in segments for _ in part]
    advances = [advance * size + spacing for part, role in segments for advance in role_font(role).advances(part)]
    lines = break_lines(text, advances, measure, indent=indent, em=size, squeeze=not ragged)
    placed: list[list[TextMark]] = []
    for index, line in enumerate(lines):
        left = indent if index == 0 else 0.0
        extra = 0.0 if ragged or line.last else _stretch(text, advances, line, measure - left, spacing)
        placed.append(_place_line(text, roles, advances, line, left, size, spacing, extra))
    return placed


def _stretch(text: str, advances: list[float], line: Line, room: float, spacing: float) -> float:
    """Return what is added at each flexible gap of a line so that it fills its room; negative when squeezed."""
    flexible = sum(gaps(text[line.start : line.end]))
    if not flexible:
        return 0.0
    hang = advances[line.end - 1] / 2 if line.hanging else 0.0
    missing = room + hang - (line.natural - spacing)
    if line.squeezed:
        missing = min(missing, 0.0)
    extra = missing / flexible
    return extra if extra <= MAX_STRETCH else 0.0


def _place_line(
    text: str,
    roles: list[Role],
    advances: list[float],
    line: Line,
    left: float,
    size: float,
    spacing: float,
    extra: float,
) -> list[TextMark]:
    """Return one mark for each stretch of a line in one role."""
    shown = text[line.start : line.end]
    added = [extra if flexible else 0.0 for flexible in gaps(shown)] + [0.0]
    marks: list[TextMark] = []
    x = left
    for role, group in groupby(range(line.start, line.end), key=lambda index: roles[index]):
        indexes = list(group)
        first, after = indexes[0] - line.start, indexes[-1] + 1 - line.start
        marks.append(TextMark(x, 0.0, shown[first:after], role, size, tuple(spacing + a for a in added[first:after])))
        x += sum(advances[line.start + first : line.start + after]) + sum(added[first:after])
    return marks
