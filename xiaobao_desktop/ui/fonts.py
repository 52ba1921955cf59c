"""Fonts of the window: Noto Sans SC from ``resources/fonts`` in two weights, sizes in points."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from xiaobao_desktop import resources

FACES = ("NotoSansSC-Regular.ttf", "NotoSansSC-Medium.ttf")
FAMILY = "Noto Sans SC"
HEADER, SECOND, BODY, CARD_TITLE, PAGE_TITLE, BIG = 9.0, 9.5, 10.0, 10.5, 14.0, 22.0
"""Sizes in points: table headers and help, secondary text, body, card titles, page titles, big numbers."""


@cache
def register() -> str:
    """Make the bundled faces known to Qt, once a process; a QGuiApplication must exist.

    Returns:
        The family name to use.

    Raises:
        resources.MissingResource: a face is not installed.
        RuntimeError: there is no application yet, or Qt cannot read a face.
    """
    if QGuiApplication.instance() is None:
        # Qt would end the process without a word.
        raise RuntimeError("fonts need a QGuiApplication")
    families: list[str] = []
    for name in FACES:
        number = QFontDatabase.addApplicationFont(str(resources.path("fonts", name)))
        if number < 0:
            raise RuntimeError(f"Qt cannot read the font {name}")
        families.extend(QFontDatabase.applicationFontFamilies(number))
    return FAMILY if FAMILY in families else families[0]


def font(points: float = BODY, *, medium: bool = False) -> QFont:
    """The window's font at ``points`` points, in weight 400, or 500 when ``medium``."""
    made = QFont(register())
    made.setPointSizeF(points)
    made.setWeight(QFont.Weight.Medium if medium else QFont.Weight.Normal)
    return made
