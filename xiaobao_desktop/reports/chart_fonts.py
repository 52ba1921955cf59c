"""Faces of the charts: small cuts of the bundled ones, because embedding a whole Chinese face takes a quarter second.

A text whose characters are all common chart characters is set from the cut; any other text from the whole face. Both
look the same and give the same bytes each time.
"""

from __future__ import annotations

import string
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING

from xiaobao_desktop import resources

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

COMMON = frozenset(
    string.printable.strip()
    + " —−·～≥≤％×÷、，。：；（）“”"
    + "一二三四五六七八九十上下左右本去今年月日时季度半周期天件次场人份个名元万率占比合计其他余类"
    + "受理办结收到至之当为第每点共逾超延后前限内外经批准未已在自然数用投诉来源原因渠道业务网机构环同增减"
)
"""Characters of the cuts."""


_one_at_a_time = Lock()
"""Window and worker may draw at once; the second maker of the folder would take the first one's away."""


def face(file: str, text: str) -> FontProperties:
    """The face of a font file for ``text``, registered with matplotlib."""
    with _one_at_a_time:
        return _registered(str(_cut(file) if COMMON.issuperset(text) else resources.path("fonts", file)))


@cache
def _registered(path: str) -> FontProperties:
    from matplotlib import font_manager

    font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(fname=path)


@cache
def _folder() -> TemporaryDirectory[str]:
    """Where the cuts lie while the program runs."""
    return TemporaryDirectory(prefix="xiaobao-charts-", ignore_cleanup_errors=True)


@cache
def _cut(file: str) -> Path:
    """The face with the common characters only, without layout tables (charts set single words)."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(layout_features=[], notdef_outline=True, recalc_timestamp=False, hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes={ord(char) for char in COMMON})
    target = Path(_folder().name) / file
    with TTFont(resources.path("fonts", file), lazy=True, recalcTimestamp=False) as font:
        cutter.subset(font)
        font.save(target, reorderTables=False)
    return target
