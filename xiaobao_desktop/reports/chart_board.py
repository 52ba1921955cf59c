"""What charts are drawn on: a matplotlib figure with the measures of the screen.

Lengths are logical pixels on the screen and points on paper, y runs down as in Qt, type sizes are points of the
window's font times the scale of the style. Nothing here needs the window's thread; matplotlib is only used by the one
worker, because it is not made for two threads at once.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from xiaobao_desktop import resources
from xiaobao_desktop.reports.chart_palettes import COLOUR, Palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

REGULAR, MEDIUM = "NotoSansSC-Regular.ttf", "NotoSansSC-Medium.ttf"
PIXELS_A_POINT = 96 / 72
_BASELINE = 0.36
"""How far the baseline lies below the middle of a line, in em."""


@dataclass(frozen=True)
class Style:
    """How to draw: colours, scale of the design sheet (1 = 96 dpi), decimals of percentages."""

    palette: Palette = COLOUR
    scale: float = 1.0
    digits: int = 2


class Board:
    """A ground of ``width`` × ``height`` logical pixels with the few shapes that charts need."""

    def __init__(self, width: float, height: float, style: Style, ground: Board | None = None) -> None:
        """Make a picture of its own, or draw into that of ``ground``."""
        self.width, self.height, self.style = width, height, style
        self._left = self._top = 0.0
        self.figure: Figure = ground.figure if ground is not None else self._picture()
        self.axes: Axes = self.figure.axes[0]

    def part(self, x: float, y: float, width: float, height: float) -> Board:
        """A board on a part of this one; what is drawn there counts from its own left upper corner."""
        made = Board(width, height, self.style, self)
        made._left, made._top = self._left + x, self._top + y
        return made

    def _picture(self) -> Figure:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(self.width / 72, self.height / 72), dpi=72, facecolor=self.style.palette.base)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_axis_off()
        axes.set_xlim(0, self.width)
        axes.set_ylim(self.height, 0)
        axes.set_autoscale_on(False)
        return figure

    def px(self, length: float) -> float:
        """A length of the design sheet."""
        return length * self.style.scale

    def colour(self, ink: str) -> str:
        """The colour of a name of the palette; a colour stays as it is."""
        return ink if ink.startswith("#") else str(getattr(self.style.palette, ink))

    def text(
        self,
        x: float,
        y: float,
        words: str,
        points: float,
        ink: str = "text",
        *,
        align: str = "left",
        bold: bool = False,
        ground: bool = False,
    ) -> None:
        """Write one line with its middle at ``y``.

        ``align`` is left, center or right of ``x``; ``ground`` keeps lines from running through the words.
        """
        size = points * PIXELS_A_POINT * self.style.scale
        options: dict[str, Any] = {"ha": align, "va": "baseline", "color": self.colour(ink), "fontsize": size}
        if ground:
            options["bbox"] = {"facecolor": self.colour("base"), "edgecolor": "none", "pad": 1.0, "alpha": 0.85}
        face = _face(MEDIUM if bold else REGULAR)
        x, y = self._left + x, self._top + y + _BASELINE * size
        self.axes.text(x, y, words, fontproperties=face, parse_math=False, zorder=4, **options)

    def width_of(self, words: str, points: float, *, bold: bool = False) -> float:
        """Width of one line."""
        return _width(words, points * PIXELS_A_POINT * self.style.scale, MEDIUM if bold else REGULAR)

    def fitted(self, words: str, room: float, points: float) -> str:
        """The words, cut with … when they are wider than ``room``."""
        if self.width_of(words, points) <= room:
            return words
        while words and self.width_of(f"{words}…", points) > room:
            words = words[:-1]
        return f"{words}…"

    def box(self, x: float, y: float, width: float, height: float, ink: str, radius: float = 0.0) -> None:
        """Fill a box."""
        from matplotlib.patches import FancyBboxPatch, Rectangle

        x, y = self._left + x, self._top + y
        fill: dict[str, Any] = {"facecolor": self.colour(ink), "edgecolor": "none", "linewidth": 0}
        if radius and min(width, height) > 2 * radius:
            style = f"round,pad=0,rounding_size={radius}"
            self.axes.add_patch(FancyBboxPatch((x, y), width, height, boxstyle=style, **fill))
        else:
            self.axes.add_patch(Rectangle((x, y), width, height, **fill))

    def line(self, points: Sequence[tuple[float, float]], ink: str, width: float, *, dashed: bool = False) -> None:
        """Draw a line through points; ``width`` is that on the screen, thinner on paper as all else is smaller."""
        if len(points) < 2:
            return
        xs, ys = [self._left + x for x, _y in points], [self._top + y for _x, y in points]
        options: dict[str, Any] = {"dashes": (4, 2.5)} if dashed else {}
        width *= min(1.0, self.style.scale)
        self.axes.plot(xs, ys, color=self.colour(ink), linewidth=width, solid_capstyle="round", **options)

    def dot(self, x: float, y: float, size: float, ink: str) -> None:
        """Draw a disc of ``size`` pixels across with a thin ring of the ground around it."""
        ring = self.colour("base")
        x, y = self._left + x, self._top + y
        self.axes.plot([x], [y], marker="o", markersize=size, color=self.colour(ink), markeredgecolor=ring)

    def pixels(self, ratio: float) -> tuple[bytes, int, int]:
        """The picture as RGBA bytes with its width and height in device pixels."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        self.figure.set_dpi(72 * ratio)
        canvas = FigureCanvasAgg(self.figure)
        canvas.draw()
        width, height = canvas.get_width_height()
        return bytes(canvas.buffer_rgba()), width, height

    def svg(self) -> bytes:
        """The picture as SVG; words are outlines, so that it looks the same everywhere."""
        import matplotlib as mpl

        buffer = io.BytesIO()
        with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "xiaobao"}):
            self.figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        return buffer.getvalue()


@lru_cache(maxsize=4096)
def _width(words: str, size: float, file: str) -> float:
    from matplotlib import font_manager

    font = font_manager.get_font(str(resources.path("fonts", file)))
    font.set_size(size, 72)
    font.set_text(words, 0.0)
    return float(font.get_width_height()[0]) / 64


@cache
def _face(file: str) -> FontProperties:
    from matplotlib import font_manager

    path = str(resources.path("fonts", file))
    font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(fname=path)
