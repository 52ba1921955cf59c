"""The page with all charts, drawn from the largest and the smallest that can be: nothing leaves it, nothing touches."""

from __future__ import annotations

import warnings
from fractions import Fraction
from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from xiaobao_desktop.domain.charts import Bars, Chart, Heat, Mark, Trend
from xiaobao_desktop.reports.chart_dashboard import dashboard, screen_chart
from xiaobao_desktop.reports.document import ChartRow, Dashboard, Document, Figure, Heading, KeyFigure, ScreenChart
from xiaobao_desktop.reports.own_charts import OwnChart, lines_of, with_charts
from xiaobao_desktop.reports.parts import paragraph

WIDTH, HEIGHT = 739.8, 346.0
LONG = "因金融机构管理制度、业务规则与流程引起的"


def bars(rows: int, size: int, *, ranked: bool = True) -> Bars:
    marks = tuple(Mark(f"{LONG}{place}", (), size * (rows - place), Fraction(1, 3)) for place in range(rows))
    return Bars("bars", "按投诉原因", "JR/T 0169 原因", marks, ranked=ranked)


def heat(rows: int, columns: int, size: int) -> Heat:
    marks = tuple(Mark("格", (), size * (place % 7)) for place in range(rows * columns))
    names = tuple(f"其他中间业务{place}" for place in range(rows))
    return Heat("heat", "业务类别×投诉原因", "件数，颜色越深越多", names, ("其余种类",) * columns, marks)


def trend(size: int) -> Trend:
    marks = tuple(Mark(f"{month}月", (), size * month) for month in range(1, 13))
    return Trend("trend", "各月受理", "与去年同月比", marks, (size,) * 12, "2026年", "2025年")


def page(size: int, rows: int) -> Dashboard:
    many, few = bars(rows, size), bars(min(rows, 5), size, ranked=False)
    charts: tuple[tuple[Chart, ...], ...] = (
        (trend(size), many, many),
        (heat(min(rows, 8), min(rows, 11), size), many, many),
        (few,) * 5,
    )
    widths, heights = ((6, 6, 5), (9, 6, 6), (5, 4, 4, 5, 8)), (27, 33, 20)
    figures = tuple(KeyFigure("期限内办结", f"{size * 1234:,}", "人次") for _place in range(11))
    return Dashboard(
        figures, tuple(ChartRow(row, widths[place], heights[place]) for place, row in enumerate(charts)), 2
    )


@pytest.mark.parametrize(("size", "rows"), [(1, 1), (1, 14), (9, 9), (137, 14), (0, 14)])
def test_no_words_leave_the_page_or_touch_each_other(size: int, rows: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        board = dashboard(page(size, rows), WIDTH, HEIGHT)
        renderer = FigureCanvasAgg(board.figure).get_renderer()
        texts = [text for text in board.axes.texts if text.get_text()]
        boxes = {text: text.get_window_extent(renderer) for text in texts}
    for text, box in boxes.items():
        assert box.x0 >= -0.5, text.get_text()
        assert box.y0 >= -0.5, text.get_text()
        assert box.x1 <= WIDTH + 0.5, text.get_text()
        assert box.y1 <= HEIGHT + 0.5, text.get_text()
    for one, other in combinations(texts, 2):
        # Lines of type stand closer than the boxes of their faces, which have room for accents.
        a, b = boxes[one], boxes[other]
        across, along = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across <= 0.5 or along <= 2.5, (one.get_text(), other.get_text())
    assert min(float(text.get_fontsize()) for text in texts) >= 6.4


def test_bars_in_a_report_are_all_shown_with_their_numbers() -> None:
    chart = bars(14, 3)
    height = lines_of(chart) * 28.98 - 23
    said = {text.get_text() for text in screen_chart(ScreenChart(chart), 442.0, height).axes.texts}
    assert {f"{mark.value:,}" for mark in chart.marks} <= said
    assert "33.33%" in said


def titles(document: Document) -> list[str]:
    return [block.caption if isinstance(block, Figure) else block.text for block in document.blocks]  # type: ignore[union-attr]


def test_charts_are_numbered_after_those_of_the_report_in_the_order_of_the_page() -> None:
    document = Document(
        ("月报",),
        (
            Figure("图1  各月", ScreenChart(trend(1))),
            Heading("六、存在问题"),
            paragraph("公示不及时。"),
            Heading("（一）其他", 2),
            paragraph("细节。"),
            Heading("七、下一步工作"),
            paragraph("加强检查。"),
        ),
    )
    charts = [
        OwnChart(trend(1), "2026年"),
        OwnChart(bars(3, 1), "2026年10月", "存在问题"),
        OwnChart(bars(4, 1), "2026年", "没有写的部分"),
        OwnChart(heat(2, 2, 1), "2026年10月", "存在问题"),
    ]
    assert titles(with_charts(document, charts)) == [
        "图1  各月",
        "六、存在问题",
        "公示不及时。",
        "（一）其他",
        "细节。",
        "图2  按投诉原因（2026年10月）",
        "图3  业务类别×投诉原因（2026年10月）",
        "七、下一步工作",
        "加强检查。",
        "图4  各月受理（2026年）",
        "图5  按投诉原因（2026年）",
    ]
    assert with_charts(document, ()) == document
