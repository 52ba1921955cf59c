"""监管评价自评表: a run of a weighted checklist, element by element, with evidence, weights and points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from xiaobao_desktop.domain.check_figures import IS, OVER, PLUS, CheckFigure, Collector
from xiaobao_desktop.domain.checklist import WHOLE
from xiaobao_desktop.domain.governance import inspections_in
from xiaobao_desktop.domain.ledgers.inspection import ITEMS, LEDGER, VERDICT_LIST, worth
from xiaobao_desktop.domain.numbers import NO_BASE, plain_decimal, round_half_up
from xiaobao_desktop.domain.period import Period, chinese_day_span
from xiaobao_desktop.reports.governance_text import clause
from xiaobao_desktop.reports.prose import Prose
from xiaobao_desktop.reports.sheets import Cell, CellKind
from xiaobao_desktop.reports.wide_list import WideColumn, WideList
from xiaobao_desktop.services import inspection_view
from xiaobao_desktop.services.governance_rows import governance
from xiaobao_desktop.services.inspection_view import ItemView, RunView
from xiaobao_desktop.services.report_kind import PAPER_FORMATS, ReportInfo, Request, Subject
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.table_report import list_report

TEMPLATE = "lists.j2"
SUM, TOTAL = "小计", "合计"
_COLUMNS = (
    WideColumn("序号", 11),
    WideColumn("要素", 25),
    WideColumn("检查项", 48, centred=False),
    WideColumn("权重\n(分)", 14, kind=CellKind.DECIMAL),
    WideColumn("结论", 18),
    WideColumn("得分\n(分)", 14, kind=CellKind.DECIMAL),
    WideColumn("证据", 80, centred=False),
    WideColumn("发现的问题和整改", 51, centred=False),
)
_DIGITS = 2


def subjects(session: Session, period: Period) -> tuple[Subject, ...]:
    """The runs of weighted checklists that began in the period, the latest first."""
    found = reversed(inspections_in(governance(session, period.last).inspections, period, period.last))
    weighted = (row for row in found if (known := session.rules.checklist(row.checklist)) and known.weighted)
    return tuple(Subject(str(row.id), f"{row.name}（{row.begun_on}）") for row in weighted)


class _Points:
    """Weights and points of the items of a run, exact, in hundredths."""

    def __init__(self, session: Session, run: RunView) -> None:
        self._worth = worth(session.rules)
        self._weights = {str(row["item"]): int(str(row.get("weight") or 0)) for row in run.record.children[ITEMS.key]}

    def weight(self, items: Iterable[ItemView]) -> int:
        """The weights together."""
        return sum(self._weights[item.key] for item in items)

    def counted(self, items: Iterable[ItemView]) -> int:
        """The weights of those that count: judged, and not 不涉及."""
        return self.weight(item for item in items if item.verdict in self._worth)

    def points(self, items: Iterable[ItemView]) -> Fraction:
        """What they score."""
        return sum(
            (self._weights[item.key] * self._worth[item.verdict] for item in items if item.verdict in self._worth),
            Fraction(0),
        )

    def of(self, item: ItemView) -> Fraction | None:
        """What one scores, None when it does not count."""
        return self.points([item]) if item.verdict in self._worth else None


def check_figures(session: Session, request: Request) -> tuple[CheckFigure, ...]:
    """Weight and points of each element, and the whole against the score of the run."""
    collect = Collector(_DIGITS)
    collect.section = "一、各要素"
    run = inspection_view.view(session, int(request.subject))
    points, ids = _Points(session, run), (int(request.subject),)
    parts = [(name, own) for name, own in _parts(run)]
    for name, own in parts:
        told = f"{PLUS.join(_shown(points.of(item) or Fraction(0)) for item in own)}{IS}{_shown(points.points(own))}"
        value = f"{_shown(points.points(own))}分、权重{_shown(points.weight(own))}分"
        collect.add(f"element:{name}", name, value, "各项权重×结论的分值之和", told, ids, ledger=LEDGER.key)
    collect.section = "二、合计"
    whole, counted = points.points(run.items), points.counted(run.items)
    told = f"{PLUS.join(_shown(points.points(own)) for _name, own in parts)}{IS}{_shown(whole)}"
    collect.add("points", "得分", f"{_shown(whole)}分", "各要素得分之和", told, ids, ledger=LEDGER.key)
    score = _score(whole, counted)
    told = f"{_shown(whole)}{OVER}{_shown(counted)}×100{IS}{score}" if counted else "适用权重为0"
    collect.add(
        "score",
        "折算得分",
        f"{score}分" if counted else NO_BASE,
        f"得分{OVER}适用权重×100",
        told,
        ids,
        ledger=LEDGER.key,
        holds=score == run.score,
    )
    return tuple(collect.found)


def _parts(run: RunView) -> list[tuple[str, list[ItemView]]]:
    return [(part.name, [item for item in run.items if item.section == part.name]) for part in run.sections]


def _list(session: Session, request: Request) -> WideList:
    run = inspection_view.view(session, int(request.subject))
    points, prose = _Points(session, run), Prose(TEMPLATE)
    rows: list[tuple[Cell, ...]] = []
    strong = set()
    for name, own in _parts(run):
        rows += [_row(session, points, item) for item in own]
        strong.add(len(rows))
        rows.append(_sum(points, name, SUM, own))
    strong.add(len(rows))
    rows.append(_sum(points, TOTAL, None, run.items))
    values = run.record.values
    begun, ended = str(values["begun_on"]), str(values.get("finished_on") or "")
    span = chinese_day_span(begun, last=ended) if ended else f"{chinese_day_span(begun)}起，尚未完成"
    return WideList(
        settings=session.settings,
        title=prose.say("evaluation_title"),
        subtitle=run.title,
        name="监管评价自评表",
        span=f"自评时间：{span}",
        count=f"已评{run.progress.checked}项，共{run.progress.total}项",
        columns=_COLUMNS,
        rows=rows,
        texts=[tuple(_text(cell) for cell in row) for row in rows],
        note=_note(session, run, points, prose),
        strong=strong,
    )


def _note(session: Session, run: RunView, points: _Points, prose: Prose) -> str:
    whole, counted, total = points.points(run.items), points.counted(run.items), points.weight(run.items)
    values = worth(session.rules)
    items = session.rules.catalog.list(VERDICT_LIST).items
    return prose.say(
        "evaluation_note",
        basis=clause(run.basis) or run.title,
        worth=[{"name": item.name, "value": _plain(values[item.id] * 100)} for item in items if item.id in values],
        total=_shown(total),
        counted=_shown(counted),
        points=_shown(whole),
        score=_score(whole, counted),
        rest=_shown(WHOLE - total) if total < WHOLE else "",
    )


def _row(session: Session, points: _Points, item: ItemView) -> tuple[Cell, ...]:
    verdict = session.rules.catalog.list(VERDICT_LIST).label(item.verdict) if item.verdict else "未评"
    found = [clause(item.finding)]
    if item.rectification:
        found.append(f"整改 {item.rectification.number}（{item.rectification.state}）")
    gained = points.of(item)
    return (
        item.number,
        item.section,
        item.title,
        _decimal(points.weight([item])),
        verdict,
        NO_BASE if gained is None else _decimal(gained),
        clause(item.evidence) or NO_BASE,
        "；".join(part for part in found if part) or NO_BASE,
    )


def _sum(points: _Points, name: str, word: str | None, items: Sequence[ItemView]) -> tuple[Cell, ...]:
    whole, counted = points.points(items), points.counted(items)
    rate = f"折算{_score(whole, counted)}分（适用权重{_shown(counted)}分）" if counted else "没有适用的项"
    return (None, name, word, _decimal(points.weight(items)), None, _decimal(whole), rate, None)


def _score(whole: Fraction, counted: int) -> str:
    """Points of a hundred over the weights that count; "" when none does."""
    return f"{round_half_up(whole / counted * 100, _DIGITS):.{_DIGITS}f}" if counted else ""


def _decimal(hundredths: Fraction | int) -> Decimal:
    return round_half_up(Fraction(hundredths) / 100, _DIGITS)


def _shown(hundredths: Fraction | int) -> str:
    return f"{_decimal(hundredths):.{_DIGITS}f}"


def _plain(hundredths: Fraction) -> str:
    return plain_decimal(int(hundredths)) or "0"


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


REPORT = list_report(
    ReportInfo("evaluation", "监管评价自评表", (*PAPER_FORMATS, "xlsx"), months=(12, 6, 3, 1), group="表格", order=126),
    _list,
    subjects=subjects,
    nothing="请先在“自查”里用监管评价检查表开始一次自评，或换一个期间。",
    figures=check_figures,
)
