from __future__ import annotations

import os
import random
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from tests.reports.sample_report import DOTS, PAIRS
from xiaobao_desktop.reports.document import ChartSpec, DaysDots, DotSeries, DotStyle, MonthlyPairs
from xiaobao_desktop.reports.figures import draw, render_pdf, render_png, render_svg

WIDTH, HEIGHT = 442.2, 150.0
YEAR = tuple(range(1, 13))


def _random(low: int, high: int) -> tuple[int, ...]:
    draw_number = random.Random(7)
    return tuple(draw_number.randint(low, high) for _ in YEAR)


def _dots(in_time: tuple[int, ...], extended: tuple[int, ...] = (), late: tuple[int, ...] = ()) -> DaysDots:
    days = {DotStyle.IN_TIME: in_time, DotStyle.EXTENDED: extended, DotStyle.LATE: late}
    return replace(DOTS, series=tuple(replace(one, days=days[one.style]) for one in DOTS.series))


CASES: dict[str, ChartSpec] = {
    "sample": PAIRS,
    "all zero": replace(PAIRS, last_year=(0,) * 10, this_year=(0,) * 10),
    "large numbers": replace(PAIRS, months=YEAR, last_year=_random(2000, 4120), this_year=_random(0, 4120), marked=12),
    "three digits": replace(PAIRS, months=YEAR, last_year=_random(100, 412), this_year=_random(100, 412), marked=None),
    "one month": replace(PAIRS, months=(1,), last_year=(0,), this_year=(6,), marked=1),
    "dots": DOTS,
    "no case": replace(DOTS, series=()),
    "one case": _dots((0,)),
    "very many": _dots(tuple(n % 16 for n in range(900)), (20,) * 60, (16, 17, 400)),
    "all late": _dots((), (), (61, 62, 90, 91)),
}


@pytest.fixture(params=list(CASES), name="spec")
def case(request: pytest.FixtureRequest) -> Iterator[ChartSpec]:
    """Each case, with every warning (a missing glyph above all) turned into a failure."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield CASES[request.param]


def test_every_case_can_be_drawn_in_all_formats(spec: ChartSpec) -> None:
    assert render_pdf(spec, WIDTH, HEIGHT).startswith(b"%PDF")
    assert render_png(spec, WIDTH, HEIGHT, 100).startswith(b"\x89PNG")
    root = ET.fromstring(render_svg(spec, WIDTH, HEIGHT))
    assert root.get("viewBox") == "0 0 442.2 150"


def test_nothing_leaves_the_picture(spec: ChartSpec) -> None:
    figure = draw(spec, WIDTH, HEIGHT)
    for text in figure.axes[0].texts:
        box = text.get_window_extent()
        assert box.x0 >= -1, text.get_text()
        assert box.x1 <= WIDTH + 1, text.get_text()
        assert box.y0 >= -1, text.get_text()
        assert box.y1 <= HEIGHT + 1, text.get_text()


def test_missing_glyphs_are_noticed() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match="missing from"):
            render_png(replace(PAIRS, axis_label="\U0001f600"), WIDTH, HEIGHT, 72)


def _bars(spec: MonthlyPairs) -> list[tuple[float, str]]:
    """Height and fill of each bar, key patches left out."""
    from matplotlib.colors import to_hex
    from matplotlib.patches import Rectangle

    bars = [patch for patch in draw(spec, WIDTH, HEIGHT).axes[0].patches if isinstance(patch, Rectangle)]
    base = min(patch.get_y() for patch in bars)
    return [(patch.get_height(), to_hex(patch.get_facecolor())) for patch in bars if patch.get_y() == base]


def test_bars_are_proportional_and_only_the_marked_month_is_black() -> None:
    bars = _bars(PAIRS)
    counts = [count for pair in zip(PAIRS.last_year, PAIRS.this_year, strict=True) for count in pair]
    scale = bars[0][0] / counts[0]
    assert [height for height, _ in bars] == pytest.approx([count * scale for count in counts])
    assert [fill for _, fill in bars[::2]] == ["#ffffff"] * 10
    assert [fill for _, fill in bars[1::2]] == ["#9e9e9e"] * 9 + ["#000000"]


def test_every_number_is_written() -> None:
    texts = [text.get_text() for text in draw(CASES["large numbers"], WIDTH, HEIGHT).axes[0].texts]
    spec = CASES["large numbers"]
    assert isinstance(spec, MonthlyPairs)
    for count in (*spec.last_year, *spec.this_year):
        assert f"{count:,}" in texts


@pytest.mark.parametrize("name", [name for name, spec in CASES.items() if isinstance(spec, MonthlyPairs)])
def test_numbers_of_neighbouring_bars_do_not_touch(name: str) -> None:
    figure = draw(CASES[name], WIDTH, HEIGHT)
    numbers = [text for text in figure.axes[0].texts if text.get_text().replace(",", "").isdigit()]
    boxes = sorted((text.get_window_extent() for text in numbers), key=lambda box: box.x0)
    assert all(left.x1 <= right.x0 + 0.6 for left, right in pairwise(boxes))


def test_one_dot_a_case() -> None:
    lines = draw(DOTS, WIDTH, HEIGHT).axes[0].lines
    drawn = [np.size(line.get_xdata()) for line in lines if line.get_marker() not in ("None", None, "")]
    assert drawn == [33, 2, 1]


def test_a_dot_stands_for_more_cases_when_there_are_too_many() -> None:
    texts = [text.get_text() for text in draw(CASES["very many"], WIDTH, HEIGHT).axes[0].texts]
    assert any("每点3件" in text for text in texts)
    assert "期限内900件" in texts
    assert "≥90日" in texts


@pytest.mark.parametrize("name", [name for name, spec in CASES.items() if isinstance(spec, DaysDots)])
def test_labels_do_not_touch_each_other(name: str) -> None:
    labels = [one.label for one in DOTS.series]
    figure = draw(CASES[name], WIDTH, HEIGHT)
    boxes = [
        text.get_window_extent()
        for text in figure.axes[0].texts
        if any(text.get_text().startswith(label) for label in labels)
    ]
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            assert one.x1 <= other.x0 or other.x1 <= one.x0 or one.y1 <= other.y0 + 3 or other.y1 <= one.y0 + 3


def test_the_same_chart_gives_the_same_bytes_in_another_process() -> None:
    script = (
        "import sys; from tests.reports.sample_report import DOTS, PAIRS; from xiaobao_desktop.reports import figures;"
        "out = sys.stdout.buffer;"
        "[out.write(render(spec, 442.2, 150.0)) for spec in (PAIRS, DOTS)"
        " for render in (figures.render_pdf, figures.render_svg, figures.render_png)]"
    )
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONHASHSEED": "99"}
    other = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, cwd=root, env=environment)
    renders = (render_pdf, render_svg, render_png)
    assert other.stdout == b"".join(render(spec, 442.2, 150.0) for spec in (PAIRS, DOTS) for render in renders)


def test_pyplot_is_never_loaded() -> None:
    script = (
        "import sys; from tests.reports.sample_report import PAIRS; from xiaobao_desktop.reports import figures;"
        "assert 'matplotlib' not in sys.modules; figures.render_png(PAIRS, 442.2, 150.0);"
        "assert 'matplotlib' in sys.modules; assert 'matplotlib.pyplot' not in sys.modules"
    )
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", script], check=True, cwd=root)


def test_a_series_of_unequal_length_is_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        replace(PAIRS, this_year=(1, 2))


def test_labels_name_series_with_their_numbers() -> None:
    spec = replace(DOTS, series=(DotSeries("期限内", DotStyle.IN_TIME, (3,) * 1200),))
    texts = [text.get_text() for text in draw(spec, WIDTH, HEIGHT).axes[0].texts]
    assert "期限内1,200件" in texts
