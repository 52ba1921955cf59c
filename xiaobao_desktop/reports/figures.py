"""Charts for print: black, grey and white, no axes but the baseline, direct labels (PAPER §3).

Charts of the screen and the page with all of them are drawn by :mod:`chart_dashboard`.

Each chart is drawn on a matplotlib ``Figure`` (never pyplot) whose only axes cover the whole picture in points, so
that type sizes and distances are exactly those of the page. Faces are the bundled ones, named by file: what is
installed on the PC never shows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, assert_never

from xiaobao_desktop.reports import chart_dashboard
from xiaobao_desktop.reports.chart_fonts import face
from xiaobao_desktop.reports.document import (
    ChartSpec,
    Dashboard,
    DaysDots,
    DotSeries,
    DotStyle,
    MonthlyPairs,
    ScreenChart,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEI, SONG, MEDIUM = "NotoSansSC-Regular.ttf", "NotoSerifSC-Regular.ttf", "NotoSansSC-Medium.ttf"
GREY_BAR, GREY_DOT = "0.62", "0.5"
LABEL_SIZE, DOT_LABEL_SIZE, MONTH_SIZE, SMALL_SIZE = 8.5, 9.0, 9.0, 6.5
DIGIT_EM, COMMA_EM = 0.56, 0.28
BAR_SHARE, BAR_GAP, BAR_MOST = 0.34, 1.2, 36.0
DOT_STEP, DOT_LEAST, DOT_FILL = 9.2, 3.2, 0.86
LAST_DAY_SHOWN = 90
"""Cases that took longer stand together at this day, which is then marked with ≥."""


def render_pdf(spec: ChartSpec, width: float, height: float) -> bytes:
    """Return the chart as a one-page vector PDF of the given size in points, with embedded TrueType subsets."""
    return _save(spec, width, height, "pdf", {"CreationDate": None, "Creator": None, "Producer": None})


def render_svg(spec: ChartSpec, width: float, height: float) -> bytes:
    """Return the chart as SVG (UTF-8), size in points; texts become outlines, so that it looks the same everywhere."""
    return _save(spec, width, height, "svg", {"Date": None, "Creator": None})


def render_png(spec: ChartSpec, width: float, height: float, dpi: int = 300) -> bytes:
    """Return the chart as PNG; ``width`` and ``height`` in points."""
    return _save(spec, width, height, "png", {"Software": None}, dpi)


def _save(spec: ChartSpec, width: float, height: float, kind: str, metadata: dict[str, Any], dpi: int = 72) -> bytes:
    """Draw the chart and return the file's bytes; nothing in them depends on the clock."""
    import matplotlib as mpl

    options = {"pdf.fonttype": 42, "svg.fonttype": "path", "svg.hashsalt": "xiaobao", "axes.unicode_minus": False}
    buffer = BytesIO()
    with mpl.rc_context(options):
        figure = draw(spec, width, height)
        figure.savefig(buffer, format=kind, dpi=dpi, metadata=metadata)
    return buffer.getvalue()


def draw(spec: ChartSpec, width: float, height: float) -> Figure:
    """Return the chart as a matplotlib figure; ``width`` and ``height`` in points."""
    match spec:
        case ScreenChart():
            return chart_dashboard.screen_chart(spec, width, height).figure
        case Dashboard():
            return chart_dashboard.dashboard(spec, width, height).figure
        case MonthlyPairs() | DaysDots():
            return _bare(spec, width, height)
        case _:
            assert_never(spec)


def _bare(spec: MonthlyPairs | DaysDots, width: float, height: float) -> Figure:
    """Draw a chart that only papers have."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor="white")
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.set_autoscale_on(False)
    if isinstance(spec, MonthlyPairs):
        _PairsPainter(axes, spec, width, height).draw()
    else:
        _DotsPainter(axes, spec, width, height).draw()
    return figure


def _text(axes: Axes, x: float, y: float, text: str, size: float, file: str = HEI, **options: Any) -> None:
    """Write a text at a point; ``y`` is its baseline unless told otherwise."""
    options = {"ha": "center", "va": "baseline", **options}
    axes.text(x, y, text, fontproperties=face(file, text), fontsize=size, parse_math=False, **options)


def _number_width(text: str) -> float:
    """Width of a formatted count in em; any sign but digits and commas counts as full."""
    return sum(COMMA_EM if char == "," else DIGIT_EM if char.isdigit() else 1.0 for char in text)


def _rectangle(axes: Axes, x: float, y: float, width: float, height: float, fill: str) -> None:
    """Draw a bar or a key patch with a thin black edge."""
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((x, y), width, height, facecolor=fill, edgecolor="black", linewidth=0.5))


class _PairsPainter:
    """Draws 图1: pairs of bars, numbers on them, a key at the top right."""

    BASE, KEY_ROOM, NUMBER_GAP = 19.0, 22.0, 2.4

    def __init__(self, axes: Axes, spec: MonthlyPairs, width: float, height: float) -> None:
        self.axes, self.spec, self.width, self.height = axes, spec, width, height
        self.step = width / len(spec.months)
        self.bar = min(BAR_SHARE * self.step, BAR_MOST)
        numbers = [f"{count:,}" for count in (*spec.last_year, *spec.this_year)]
        self.widest = max(map(_number_width, numbers))
        self.size = min(LABEL_SIZE, (self.bar + BAR_GAP - 0.4) / self.widest)
        self.upright = self.size < SMALL_SIZE
        if self.upright:
            self.size = min(LABEL_SIZE - 0.5, self.bar)

    def draw(self) -> None:
        """Draw everything."""
        label_room = self.widest * self.size if self.upright else self.size * 0.8
        room = self.height - self.BASE - self.KEY_ROOM - label_room
        scale = room / max(*self.spec.last_year, *self.spec.this_year, 1)
        for index, month in enumerate(self.spec.months):
            left = (index + 0.5) * self.step - self.bar - BAR_GAP / 2
            marked = month == self.spec.marked
            self._bar(left, self.spec.last_year[index], scale, "white")
            self._bar(left + self.bar + BAR_GAP, self.spec.this_year[index], scale, "black" if marked else GREY_BAR)
            name = f"{month}月"
            _text(self.axes, (index + 0.5) * self.step, self.BASE - 11.5, name, MONTH_SIZE, MEDIUM if marked else HEI)
        self.axes.plot([0, self.width], [self.BASE, self.BASE], color="black", linewidth=0.8)
        _text(self.axes, 2, self.height - 10, self.spec.axis_label, LABEL_SIZE, SONG, ha="left")
        self._key()

    def _bar(self, left: float, count: int, scale: float, fill: str) -> None:
        """Draw one bar with its number."""
        top = self.BASE + count * scale
        if count:
            _rectangle(self.axes, left, self.BASE, self.bar, count * scale, fill)
        middle = left + self.bar / 2
        text = f"{count:,}"
        if self.upright:
            _text(self.axes, middle, top + self.NUMBER_GAP, text, self.size, rotation=90, va="bottom")
        else:
            _text(self.axes, middle, top + self.NUMBER_GAP, text, self.size)

    def _key(self) -> None:
        """Draw the key from right to left."""
        entries = [(self.spec.last_label, "white"), (self.spec.this_label, GREY_BAR)]
        if self.spec.marked in self.spec.months:
            entries.append((self.spec.marked_label, "black"))
        right = self.width - 10
        y = self.height - 10
        for label, fill in reversed(entries):
            extent = sum(0.55 if char.isascii() else 1.0 for char in label) * LABEL_SIZE
            _text(self.axes, right - extent, y, label, LABEL_SIZE, SONG, ha="left")
            _rectangle(self.axes, right - extent - 14.5, y - 0.6, 11, 7.4, fill)
            right -= extent + 14.5 + 11


@dataclass(frozen=True)
class _Box:
    """A label's place: centre, baseline, width."""

    x: float
    y: float
    width: float

    def meets(self, other: _Box) -> bool:
        """Whether two labels would touch."""
        return abs(self.x - other.x) < (self.width + other.width) / 2 + 3 and abs(self.y - other.y) < DOT_LABEL_SIZE + 1


class _DotsPainter:
    """Draws 图2: one dot a case over the days used, limits as dashed lines, labels beside the dots."""

    LEFT, RIGHT, AXIS, TOP_ROOM = 13.0, 8.0, 25.0, 30.0

    def __init__(self, axes: Axes, spec: DaysDots, width: float, height: float) -> None:
        self.axes, self.spec, self.width, self.height = axes, spec, width, height
        self.series = [one for one in spec.series if one.days]
        days = [day for one in self.series for day in one.days]
        furthest = max([*(limit.days for limit in spec.limits), *days, 1])
        self.last = min(furthest, max(LAST_DAY_SHOWN, *(limit.days for limit in spec.limits), 0))
        self.beyond = furthest > self.last
        self.day = (width - self.LEFT - self.RIGHT) / (self.last + 0.5)
        stacks = Counter(min(day, self.last) for day in days)
        room = height - self.AXIS - self.TOP_ROOM
        tallest = max(stacks.values(), default=1)
        self.per_dot = max(1, -(-int(tallest * DOT_LEAST) // int(room)))
        highest = max(-(-tallest // self.per_dot) + len(self.series) - 1, 1)
        self.step = min(DOT_STEP, room / highest)
        self.dot = DOT_FILL * min(self.step, max(self.day, DOT_LEAST))
        self.tops: dict[int, int] = {}
        self.labels: list[_Box] = []

    def draw(self) -> None:
        """Draw everything."""
        self._axis()
        for one in self.series:
            self._dots(one)
        for one in reversed(self.series):
            self._label(one)
        text = self.spec.axis_label.replace("{per_dot}", str(self.per_dot))
        _text(self.axes, self.width / 2, self.AXIS - 21, text, DOT_LABEL_SIZE, SONG)

    def _x(self, day: float) -> float:
        """Where a day lies."""
        return self.LEFT + day * self.day

    def _axis(self) -> None:
        """Draw the baseline, its ticks and the limits."""
        end = self._x(self.last + 0.5)
        self.axes.plot([self.LEFT - 7, end], [self.AXIS, self.AXIS], color="black", linewidth=0.6)
        step = 5 if self.last <= 45 else 15
        ticks = [day for day in range(0, self.last + 1, step) if self.last - day >= step / 2 or day == self.last]
        if self.beyond and ticks[-1] != self.last:
            ticks.append(self.last)
        for day in ticks:
            x = self._x(day)
            self.axes.plot([x, x], [self.AXIS, self.AXIS - 2], color="black", linewidth=0.5)
            mark = "≥" if self.beyond and day == self.last else ""
            if day == ticks[-1]:
                last = f"{mark}{day}{self.spec.unit}"
                half = (_number_width(f"{mark}{day}") + len(self.spec.unit)) * MONTH_SIZE / 2
                _text(self.axes, min(x, self.width - half), self.AXIS - 10.5, last, MONTH_SIZE)
            else:
                _text(self.axes, x, self.AXIS - 10.5, str(day), MONTH_SIZE)
        for limit in self.spec.limits:
            x = self._x(limit.days + 0.5)
            self.axes.plot([x, x], [self.AXIS, self.height - 8], color="black", linewidth=0.7, dashes=(4, 3))
            _text(self.axes, x - 3, self.height - 14, limit.label, DOT_LABEL_SIZE, SONG, ha="right")

    def _dots(self, one: DotSeries) -> None:
        """Draw the cases of one series on top of what stands there already."""
        style: dict[DotStyle, dict[str, Any]] = {
            DotStyle.IN_TIME: {"marker": "o", "markerfacecolor": GREY_DOT, "markeredgewidth": 0.0},
            DotStyle.EXTENDED: {"marker": "o", "markerfacecolor": "white", "markeredgewidth": 0.9},
            DotStyle.LATE: {"marker": "s", "markerfacecolor": "black", "markeredgewidth": 0.0},
        }
        xs: list[float] = []
        ys: list[float] = []
        for day, count in sorted(Counter(min(day, self.last) for day in one.days).items()):
            for _ in range(-(-count // self.per_dot)):
                level = self.tops.get(day, 0)
                self.tops[day] = level + 1
                xs.append(self._x(day))
                ys.append(self.AXIS + (level + 0.5) * self.step + 1.0)
        size = self.dot * (0.88 if one.style is not DotStyle.IN_TIME else 1.0)
        self.axes.plot(xs, ys, linestyle="none", markersize=size, markeredgecolor="black", **style[one.style])

    def _label(self, one: DotSeries) -> None:
        """Write the name and number of a series above its dots, where that is lowest and nearest to its middle."""
        text = f"{one.label}{len(one.days):,}{self.spec.count_unit}"
        width = sum(0.56 if char.isascii() else 1.0 for char in text) * DOT_LABEL_SIZE
        days = sorted(min(day, self.last) for day in one.days)
        middle = days[len(days) // 2]
        reach = max(width / 2 - self.dot, 0.0) / self.day
        halves = range(int(2 * (days[0] - reach)), int(2 * (days[-1] + reach)) + 1)
        near = [half / 2 for half in halves if any(abs(day - half / 2) <= reach for day in days)] or [float(middle)]
        places = [self._box(day, width) for day in near]
        best = min(places, key=lambda box: (self._crosses(box), box.y, abs(box.x - self._x(middle))))
        self.labels.append(best)
        white = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
        _text(self.axes, best.x, best.y, text, DOT_LABEL_SIZE, bbox=white)

    def _box(self, day: float, width: float) -> _Box:
        """Return the lowest free place of a label centred at a day."""
        x = min(max(self._x(day), width / 2), self.width - width / 2)
        reach = width / 2 + self.dot / 2 + 2.0
        under = [level for other, level in self.tops.items() if abs(self._x(other) - x) < reach]
        box = _Box(x, self.AXIS + max(under, default=0) * self.step + 4.5, width)
        while any(box.meets(other) for other in self.labels):
            box = _Box(box.x, box.y + DOT_LABEL_SIZE + 1.5, width)
        return box

    def _crosses(self, box: _Box) -> bool:
        """Whether a label would lie over a limit line."""
        return any(abs(self._x(limit.days + 0.5) - box.x) < box.width / 2 + 2 for limit in self.spec.limits)
