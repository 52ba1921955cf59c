"""消费投诉统计表: two classifications of complaints against each other, for paper and for Excel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xiaobao_desktop.domain.charts import short_cause
from xiaobao_desktop.domain.cross import Cross
from xiaobao_desktop.domain.numbers import NO_BASE, percent, round_half_up, share
from xiaobao_desktop.domain.period import Period, chinese_date, chinese_days
from xiaobao_desktop.reports.document import (
    Column,
    ColumnKind,
    Document,
    HeadLine,
    Layout,
    Note,
    SignatureLine,
    Table,
    TableStyle,
    Tone,
)
from xiaobao_desktop.reports.prose import Prose
from xiaobao_desktop.reports.sheets import Cell, CellKind, Sheet, SheetColumn
from xiaobao_desktop.settings import BankSettings

TEMPLATE = "complaint_table.j2"
NAME_WIDTH, COUNT_WIDTH, SUM_WIDTH, SHARE_WIDTH = 33.0, 15.4, 13.5, 14.3
MOST_TALL_ROWS = 16
"""As many rows of the usual height, totals included, fit on one page."""
TOTAL, SHARE = "合　计", "占比(%)"


@dataclass(frozen=True)
class TableInput:
    """Everything the table is made from.

    Attributes:
        settings: the bank's names.
        period: the period counted.
        as_of: day of view.
        rows_label: what the rows are, e.g. 业务类别.
        columns_label: what the columns are, e.g. 投诉原因.
        counts: the counts.
        basis: 口径 words of the date that decides, e.g. 按收到日期统计.
        scope: 口径 words of what is counted, e.g. 仅含投诉.
        merged: merged repeats count once.
        signed_on: day of filling in.
    """

    settings: BankSettings
    period: Period
    as_of: date
    rows_label: str
    columns_label: str
    counts: Cross
    basis: str
    scope: str
    merged: bool
    signed_on: date


def build(data: TableInput) -> Document:
    """The table as a wide page."""
    settings = data.settings
    people = (("制表", settings.preparer), ("审核", settings.reviewer), ("负责人", settings.responsible))
    signers = [f"{label}：{name}" for label, name in people]
    light, dark = shade_limits(data.counts.most)
    return Document(
        title=(_title(data),),
        blocks=(_table(data, light, dark), Note(_note(data, light, dark))),
        page_numbers=True,
        numbers_from=2,
        layout=Layout.LANDSCAPE,
        subtitle=_subtitle(data),
        head_line=HeadLine(f"填报机构：{settings.printed_name}", f"统计期间：{chinese_days(data.period)}", "单位：件"),
        foot_line=SignatureLine((*signers, f"填报日期：{chinese_date(data.signed_on)}")),
    )


def sheet(data: TableInput) -> Sheet:
    """The same counts for Excel, without shades."""
    digits, counts = int(data.settings.percent_digits), data.counts
    columns = (
        SheetColumn(data.rows_label, 22),
        *(SheetColumn(short_cause(group.name), 8.5, CellKind.INTEGER) for group in counts.columns),
        SheetColumn("合计", 9, CellKind.INTEGER),
        SheetColumn(SHARE, 10, CellKind.DECIMAL),
    )
    lines: list[tuple[Cell, ...]] = [
        (
            short_cause(group.name),
            *(cell.count for cell in line),
            group.count,
            _share_value(group.count, counts.total, digits),
        )
        for group, line in zip(counts.rows, counts.cells, strict=True)
    ]
    sums = [group.count for group in counts.columns]
    lines.append((TOTAL, *sums, counts.total, _share_value(counts.total, counts.total, digits)))
    shares = [_share_value(number, counts.total, digits) for number in (*sums, counts.total)]
    lines.append((SHARE, *shares, NO_BASE))
    return Sheet(
        name=f"{data.rows_label}×{data.columns_label}",
        title=_title(data) + _subtitle(data),
        columns=columns,
        rows=tuple(lines),
        head_line=f"填报机构：{data.settings.printed_name}　　统计期间：{chinese_days(data.period)}　　单位：件",
        totals=2,
        notes=(_note(data, 0, 0),),
    )


def shade_limits(most: int) -> tuple[int, int]:
    """From which counts a cell is shaded lightly and darkly: three and six tenths of the largest, at least 2 and 4."""
    return max(2, -(-3 * most // 10)), max(4, -(-6 * most // 10))


def _table(data: TableInput, light: int, dark: int) -> Table:
    digits, counts = int(data.settings.percent_digits), data.counts
    columns = (
        Column(data.rows_label, NAME_WIDTH),
        *(Column(short_cause(group.name), COUNT_WIDTH, ColumnKind.CENTER) for group in counts.columns),
        Column("合计", SUM_WIDTH, ColumnKind.CENTER),
        Column(SHARE, SHARE_WIDTH, ColumnKind.CENTER),
    )
    wide = len(counts.columns)
    rows = [
        (
            short_cause(group.name),
            *(str(cell.count) for cell in line),
            str(group.count),
            percent(share(group.count, counts.total), digits),
        )
        for group, line in zip(counts.rows, counts.cells, strict=True)
    ]
    tones = [
        (Tone.PLAIN, *(_tone(cell.count, light, dark) for cell in line), Tone.STRONG, Tone.PLAIN)
        for line in counts.cells
    ]
    sums = [group.count for group in counts.columns]
    whole = percent(share(counts.total, counts.total), digits)
    rows.append((TOTAL, *map(str, sums), str(counts.total), whole))
    tones.append((Tone.STRONG,) * (wide + 2) + (Tone.PLAIN,))
    rows.append((SHARE, *(percent(share(number, counts.total), digits) for number in sums), whole, NO_BASE))
    tones.append((Tone.STRONG, *[Tone.PLAIN] * (wide + 2)))
    return Table(
        columns,
        tuple(rows),
        style=TableStyle.CROSS if len(rows) <= MOST_TALL_ROWS else TableStyle.CROSS_DENSE,
        tones=tuple(tones),
        heavy_rows=(len(counts.rows),),
        heavy_columns=(wide + 1,),
    )


def _tone(count: int, light: int, dark: int) -> Tone:
    if count >= dark:
        return Tone.DARK
    if count >= light:
        return Tone.SHADED
    return Tone.PLAIN if count else Tone.FAINT


def _share_value(part: int, whole: int, digits: int) -> Cell:
    value = share(part, whole)
    return NO_BASE if value is None else round_half_up(value * 100, digits)


def _title(data: TableInput) -> str:
    return Prose(TEMPLATE).say("title_line", period=data.period.title)


def _subtitle(data: TableInput) -> str:
    return f"（{data.rows_label}×{data.columns_label}）"


def _note(data: TableInput, light: int, dark: int) -> str:
    prose = Prose(TEMPLATE, int(data.settings.percent_digits))
    return prose.say(
        "note",
        basis=data.basis,
        scope=data.scope,
        merged=data.merged,
        as_of=chinese_date(data.as_of) if data.as_of != data.period.last else "",
        rows_label=data.rows_label,
        columns_label=data.columns_label,
        digits=int(data.settings.percent_digits),
        light=light,
        dark=dark,
    )
