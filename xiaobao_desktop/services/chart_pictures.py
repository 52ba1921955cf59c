"""Pictures of charts, for the screen and to be taken along.

Drawing needs no book, so it runs beside the window; taking one along is gated and written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xiaobao_desktop.domain.charts import Bars, Chart, Heat
from xiaobao_desktop.reports.chart_board import Board, Style
from xiaobao_desktop.reports.chart_drawing import Picture, picture, share_text, titled
from xiaobao_desktop.reports.chart_hits import Box
from xiaobao_desktop.reports.chart_palettes import COLOUR, Palette
from xiaobao_desktop.services import audit
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.services.session import Session

__all__ = [
    "Box",
    "Palette",
    "Picture",
    "Pixels",
    "Style",
    "copied",
    "picture",
    "pixels_of",
    "save",
    "share_text",
    "svg_of",
]

WIDTH, HEIGHT, ROW = 720, 400, 26
"""Size in pixels of a picture taken along; charts of bars are as high as their rows."""
SHARPNESS = 2.0


@dataclass(frozen=True)
class Pixels:
    """A picture: RGBA bytes, width and height in pixels."""

    rgba: bytes
    width: int
    height: int


def pixels_of(chart: Chart, note: str, digits: int) -> Pixels:
    """A chart with its title and a note, dark on white whatever the window looks like."""
    return Pixels(*_board(chart, note, digits).pixels(SHARPNESS))


def svg_of(chart: Chart, note: str, digits: int) -> bytes:
    """The same as an SVG file."""
    return _board(chart, note, digits).svg()


def save(session: Session, title: str, target: Path, content: bytes, kind: str) -> None:
    """Write a picture into a file, and the export into the log.

    Args:
        session: the open book.
        title: of the chart with its period.
        target: the file to make or replace.
        content: its bytes.
        kind: ``png`` or ``svg``.

    Raises:
        NotAllowed: a reader.
        TargetRefused: nothing half-written is left.
    """
    WayOut(session, f"图表：{title}").saved(target, content, kind)


def copied(session: Session, title: str) -> None:
    """Write down that a picture is put on the clipboard; ask before it is.

    Raises:
        NotAllowed: a reader.
    """
    operation = f"复制图表：{title}"
    session.require(operation)
    audit.note(session, audit.PAPER, operation, {"way": "复制图片", "masked": True})


def _board(chart: Chart, note: str, digits: int) -> Board:
    high = HEIGHT
    if isinstance(chart, Bars | Heat):
        rows = len(chart.rows) if isinstance(chart, Heat) else len(chart.marks)
        high = max(160, 34 + ROW * rows + (80 if isinstance(chart, Heat) else 20))
    return titled(chart, WIDTH, high, Style(COLOUR, 1.0, digits), note)
