"""What charts are drawn on: a matplotlib figure with the measures of the screen.

Lengths are logical pixels, y runs down as in Qt, type sizes are points of the window's font. Nothing here needs the
window's thread; matplotlib is only used by the one worker, because it is not made for two threads at once.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from xiaobao_desktop import resources
from xiaobao_desktop.ui.theme_tokens import Tokens

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

REGULAR, MEDIUM = "NotoSansSC-Regular.ttf", "NotoSansSC-Medium.ttf"
PIXELS_A_POINT = 96 / 72
_BASELINE = 0.36
"""How far the baseline lies below the middle of a line, in em."""


@dataclass(frozen=True)
class Style:
    """How to draw: colours, scale of the design sheet (1 = 96 dpi), decimals of percentages."""

    tokens: Tokens
    scale: float = 1.0
    digits: int = 2


class Board:
    """A ground of ``width`` × ``height`` logical pixels with the few shapes that charts need."""

    def __init__(self, width: float, height: float, style: Style) -> None:
        from matplotlib.figure import Figure

        self.width, self.height, self.style = width, height, style
        self.figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor=style.tokens.base)
        self.axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set_axis_off()
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(height, 0)
        self.axes.set_autoscale_on(False)

    def px(self, length: float) -> float:
        """A length of the design sheet."""
        return length * self.style.scale

    def colour(self, token: str) -> str:
        """A token's colour; a colour stays as it is."""
        return token if token.startswith("#") else str(getattr(self.style.tokens, token))

    def text(
        self,
        x: float,
        y: float,
        words: str,
        points: float,
        token: str = "text",
        *,
        align: str = "left",
        bold: bool = False,
        ground: bool = False,
    ) -> None:
        """Write one line with its middle at ``y``.

        ``align`` is left, center or right of ``x``; ``ground`` keeps lines from running through the words.
        """
        size = points * PIXELS_A_POINT * self.style.scale
        options: dict[str, Any] = {"ha": align, "va": "baseline", "color": self.colour(token), "fontsize": size}
        if ground:
            options["bbox"] = {"facecolor": self.colour("base"), "edgecolor": "none", "pad": 1.0, "alpha": 0.85}
        face = _face(MEDIUM if bold else REGULAR)
        self.axes.text(x, y + _BASELINE * size, words, fontproperties=face, parse_math=False, zorder=4, **options)

    def width_of(self, words: str, points: float, *, bold: bool = False) -> float:
        """Width of one line."""
        from matplotlib import font_manager

        font = font_manager.get_font(str(resources.path("fonts", MEDIUM if bold else REGULAR)))
        font.set_size(points * PIXELS_A_POINT * self.style.scale, 72)
        font.set_text(words, 0.0)
        return float(font.get_width_height()[0]) / 64

    def fitted(self, words: str, room: float, points: float) -> str:
        """The words, cut with … when they are wider than ``room``."""
        if self.width_of(words, points) <= room:
            return words
        while words and self.width_of(f"{words}…", points) > room:
            words = words[:-1]
        return f"{words}…"

    def box(self, x: float, y: float, width: float, height: float, token: str, radius: float = 0.0) -> None:
        """Fill a box."""
        from matplotlib.patches import FancyBboxPatch, Rectangle

        fill: dict[str, Any] = {"facecolor": self.colour(token), "edgecolor": "none", "linewidth": 0}
        if radius and min(width, height) > 2 * radius:
            style = f"round,pad=0,rounding_size={radius}"
            self.axes.add_patch(FancyBboxPatch((x, y), width, height, boxstyle=style, **fill))
        else:
            self.axes.add_patch(Rectangle((x, y), width, height, **fill))

    def line(self, points: Sequence[tuple[float, float]], token: str, width: float, *, dashed: bool = False) -> None:
        """Draw a line through points."""
        if len(points) < 2:
            return
        xs, ys = [x for x, _y in points], [y for _x, y in points]
        options: dict[str, Any] = {"dashes": (4, 2.5)} if dashed else {}
        self.axes.plot(xs, ys, color=self.colour(token), linewidth=width, solid_capstyle="round", **options)

    def dot(self, x: float, y: float, size: float, token: str) -> None:
        """Draw a disc of ``size`` pixels across with a thin ring of the ground around it."""
        ring = self.colour("base")
        self.axes.plot([x], [y], marker="o", markersize=size, color=self.colour(token), markeredgecolor=ring)

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


@cache
def _face(file: str) -> FontProperties:
    from matplotlib import font_manager

    path = str(resources.path("fonts", file))
    font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(fname=path)
