"""The document model: what a report says, without how it is drawn.

A builder makes one :class:`Document`; every writer (PDF, Word) draws any document. All parts are frozen and hold plain
text and plain integers: numbers arrive as finished strings ("97.22", "−9.76%"), only charts hold counts.

Sizes that belong to the contents are given here (column widths in millimetres as proportions, chart heights in lines
of the official grid); everything else about looks is the writers' affair.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from xiaobao_desktop.domain.charts import Chart
from xiaobao_desktop.reports.forms import CoverSheet, FormGrid, FormSheet, Photo


class RunStyle(StrEnum):
    """How a piece of a paragraph is set: plain (仿宋), run-in lead (楷体) or strong (黑体)."""

    BODY = "body"
    LEAD = "lead"
    STRONG = "strong"


class ColumnKind(StrEnum):
    """How the cells of a column stand.

    ``TEXT`` left, wrapped; ``CENTER`` centred, wrapped; ``NUMBER`` right-aligned with the block of figures centred in
    the column, a lone dash centred.
    """

    TEXT = "text"
    CENTER = "center"
    NUMBER = "number"


class TableStyle(StrEnum):
    """Which of the house's table designs is meant.

    ``IN_TEXT`` open sides, 10 pt; ``ANNEX`` open sides, 9 pt, dense; ``FORM`` full frame, 10 pt;
    ``LEDGER`` full frame, 9 pt, tall rows, broken over pages with the head repeated; ``CROSS`` full frame, high head:
    counts of two classifications against each other; ``CROSS_DENSE`` the same with low rows.
    """

    IN_TEXT = "in_text"
    ANNEX = "annex"
    FORM = "form"
    LEDGER = "ledger"
    CROSS = "cross"
    CROSS_DENSE = "cross_dense"


class Tone(StrEnum):
    """How strongly a cell speaks: ``FAINT`` grey figures, ``SHADED`` and ``DARK`` 黑体 on a light and a darker grey."""

    PLAIN = "plain"
    FAINT = "faint"
    STRONG = "strong"
    SHADED = "shaded"
    DARK = "dark"


class Layout(StrEnum):
    """``OFFICIAL``: portrait page of GB/T 9704; ``LANDSCAPE``: wide table page (台账, 统计表); ``FORM``: sheets."""

    OFFICIAL = "official"
    LANDSCAPE = "landscape"
    FORM = "form"


@dataclass(frozen=True)
class Run:
    """A piece of text in one style."""

    text: str
    style: RunStyle = RunStyle.BODY


@dataclass(frozen=True)
class Heading:
    """A line of its own: level 1 "一、…" in 黑体, level 2 "（一）…" in 楷体. It is never the last line of a page."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of body text, its first line indented by two characters unless ``indent`` is false."""

    runs: tuple[Run, ...]
    indent: bool = True

    @property
    def text(self) -> str:
        """The whole text without styles."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Note:
    """A small-print note such as the 口径 of the figures: 楷体 9.5, the full width, no indent."""

    text: str


@dataclass(frozen=True)
class Column:
    r"""A table column.

    Attributes:
        title: the head; "\n" forces a new line in it.
        width: in millimetres; the writers scale all columns together to the full width of the text block.
        kind: how cells stand.
        group: text of the upper head shared with the neighbours of the same group, "" for a head over both levels.
    """

    title: str
    width: float
    kind: ColumnKind = ColumnKind.TEXT
    group: str = ""


@dataclass(frozen=True)
class Table:
    """A table of finished strings.

    Attributes:
        columns: at least one.
        rows: each exactly as long as ``columns``.
        caption: e.g. "表1  消费投诉办理主要指标", "" for none.
        unit: e.g. "单位：件", drawn at the right of the caption, "" for none.
        total: the last row is a total, set in 黑体 below a heavier rule.
        style: the design.
        tones: for each row the tone of each cell; () when all are plain.
        heavy_rows: numbers of the rows that have a heavier rule above them.
        heavy_columns: numbers of the columns that have a heavier rule at their left.

    Raises:
        ValueError: a row's length differs from the number of columns, or there is no column (a builder's mistake).
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    unit: str = ""
    total: bool = False
    style: TableStyle = TableStyle.IN_TEXT
    tones: tuple[tuple[Tone, ...], ...] = ()
    heavy_rows: tuple[int, ...] = ()
    heavy_columns: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("a table needs at least one column")
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number} has {len(row)} cells, expected {len(self.columns)}")

    def tone(self, row: int, column: int) -> Tone:
        """The tone of a cell."""
        return self.tones[row][column] if self.tones else Tone.PLAIN

    @property
    def has_groups(self) -> bool:
        """Whether the head has two levels."""
        return any(column.group for column in self.columns)


@dataclass(frozen=True)
class MonthlyPairs:
    """Chart data: a pair of bars a month, last year beside this year, one month marked (图1).

    Attributes:
        months: month numbers 1–12, in drawing order.
        last_year: counts, one for each month.
        this_year: counts, one for each month.
        last_label: key text, e.g. "2025年".
        this_label: key text, e.g. "2026年".
        marked: the month drawn in black, None for none.
        marked_label: key text of the marked bar, e.g. "本月".
        axis_label: what is counted, e.g. "受理件数（件）".
    """

    months: tuple[int, ...]
    last_year: tuple[int, ...]
    this_year: tuple[int, ...]
    last_label: str
    this_label: str
    marked: int | None
    marked_label: str
    axis_label: str

    def __post_init__(self) -> None:
        if not self.months or not len(self.months) == len(self.last_year) == len(self.this_year):
            raise ValueError("months, last_year and this_year must be equally long and not empty")


class DotStyle(StrEnum):
    """How the cases of a series are drawn: in time grey disc, extended open ring, late black square."""

    IN_TIME = "in_time"
    EXTENDED = "extended"
    LATE = "late"


@dataclass(frozen=True)
class DotSeries:
    """The cases of one kind in a :class:`DaysDots` chart: ``days`` holds the days used, one entry a case."""

    label: str
    style: DotStyle
    days: tuple[int, ...]


@dataclass(frozen=True)
class DayLimit:
    """A time limit drawn as a dashed line after its last day, e.g. 15 and "15日期限"."""

    days: int
    label: str


@dataclass(frozen=True)
class DaysDots:
    """Chart data: one dot a case over the days it took, with the time limits (图2).

    Attributes:
        series: the kinds of cases; empty ones are left out of the picture.
        limits: dashed lines, in rising order of days.
        axis_label: text under the axis; "{per_dot}" in it becomes the number of cases that one dot stands for.
        unit: text behind the last number of the axis, e.g. "日".
        count_unit: text behind the number of each label, e.g. "件".
    """

    series: tuple[DotSeries, ...]
    limits: tuple[DayLimit, ...]
    axis_label: str
    unit: str
    count_unit: str


@dataclass(frozen=True)
class ScreenChart:
    """One of the screen's charts; percentages with ``digits`` decimals."""

    chart: Chart
    digits: int = 2


@dataclass(frozen=True)
class KeyFigure:
    """A number above all charts: its name, the number as text, its unit."""

    label: str
    value: str
    unit: str = ""


@dataclass(frozen=True)
class ChartRow:
    """Charts beside each other with their proportions; ``height`` is the row's proportion of the page."""

    charts: tuple[Chart, ...]
    widths: tuple[int, ...]
    height: int


@dataclass(frozen=True)
class Dashboard:
    """All charts of a period on one page, the key figures above them; percentages with ``digits`` decimals."""

    figures: tuple[KeyFigure, ...]
    rows: tuple[ChartRow, ...]
    digits: int = 2


ChartSpec: TypeAlias = MonthlyPairs | DaysDots | ScreenChart | Dashboard


@dataclass(frozen=True)
class Figure:
    """A chart with its caption below it ("" for none); ``lines`` is the height of both in lines of the grid."""

    caption: str
    spec: ChartSpec
    lines: int = 6


@dataclass(frozen=True)
class Photos:
    """Photos two beside each other, numbered as 图1 … with their words below; read and shrunk before."""

    photos: tuple[Photo, ...]


@dataclass(frozen=True)
class SignatureLine:
    """A row such as 制表 / 审核 / 负责人 at the foot of the page, the items spread over the width."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Spacer:
    """Empty lines of the official grid; dropped at the top of a page."""

    lines: int = 1


@dataclass(frozen=True)
class PageBreak:
    """The next block starts on a new page."""


@dataclass(frozen=True)
class Slip:
    """A form below the signature of a letter, to be cut off and kept (送达回证): its title and its framed cells."""

    title: str
    grid: FormGrid


Block: TypeAlias = Heading | Paragraph | Note | Table | Figure | Photos | SignatureLine | Spacer | PageBreak


@dataclass(frozen=True)
class Signature:
    """Who signs without a seal: name, date as text ("2026年11月3日") and an optional "（联系人：…）" line."""

    name: str
    date: str
    contact: str = ""


@dataclass(frozen=True)
class Appendix:
    """An annex on pages of its own: ``label`` ("附件1"), its title and its blocks."""

    label: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class HeadLine:
    """The line between the title and a wide table: left, centre and right text; repeated on each page."""

    left: str = ""
    center: str = ""
    right: str = ""


@dataclass(frozen=True)
class Document:
    """Everything that one printed report says.

    Attributes:
        title: one or two lines.
        blocks: the body in order.
        addressee: 主送机关, with its colon, "" for none.
        number: 文号 such as "×银消保〔2026〕1号", centred under the title, "" for none.
        signature: who signs and when, None for none.
        attachments: names listed under 附件：, in order.
        appendices: annexes, each starting a new page; page numbers run on.
        page_numbers: whether "— 1 —" is printed (official layout); the landscape layout says 第x页　共y页 instead.
        numbers_from: least number of pages from which they are numbered; a letter of one page carries none.
        subtitle: line below the title of the landscape layout, "" for none.
        layout: which page.
        head_line: line under the title of the landscape layout, repeated on each page.
        foot_line: 制表 / 审核 / 负责人 of the landscape layout, repeated on each page.
        print_mark: 8 pt line at the very foot of each landscape page (who printed it, when, what for), "" for none.
        sheets: the sheets of a form; only they are drawn in the form layout.
        slip: the form below the signature, None for none.
    """

    title: tuple[str, ...]
    blocks: tuple[Block, ...]
    addressee: str = ""
    number: str = ""
    signature: Signature | None = None
    attachments: tuple[str, ...] = ()
    appendices: tuple[Appendix, ...] = ()
    page_numbers: bool = True
    numbers_from: int = 1
    subtitle: str = ""
    layout: Layout = Layout.OFFICIAL
    head_line: HeadLine | None = None
    foot_line: SignatureLine | None = None
    print_mark: str = ""
    sheets: tuple[FormSheet | CoverSheet, ...] = ()
    slip: Slip | None = None


@dataclass(frozen=True)
class Metadata:
    """What a file says about itself. The same document and metadata give the same bytes.

    Attributes:
        title: shown in the title bar of a viewer.
        author: the bank or the department.
        created: the moment of making, in local time; never read from the clock by a writer.
        program: the program's name and version.
    """

    title: str
    author: str
    created: datetime
    program: str


_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\ufffe\uffff\U000e0100-\U000e01ef]"
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def cleaned(document: Document) -> Document:
    r"""Return the document with everything taken out of its texts that cannot be printed.

    Control characters, invisible direction marks and variation selectors are dropped, tabs become blanks, line ends
    become "\n", halves of surrogate pairs become U+FFFD. Such characters come in with pasted and imported text; they
    would print as boxes in a PDF and make a Word file unreadable.
    """
    result = _clean(document)
    assert isinstance(result, Document)
    return result


def _clean(value: Any) -> Any:
    """Clean a text, or all texts inside a tuple or a part of the model; unchanged values are returned as they are."""
    if isinstance(value, StrEnum):
        return value
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else _clean_text(value)
    if isinstance(value, tuple):
        return tuple(_clean(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _clean(getattr(value, field.name)) for field in fields(value)})
    return value


def _clean_text(text: str) -> str:
    """Clean one text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _LONE_SURROGATE.sub("\ufffd", _UNPRINTABLE.sub("", text))
