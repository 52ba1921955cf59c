"""The bundled icons: readable, of one make, and licensed."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtSvg import QSvgRenderer

from xiaobao_desktop import resources

FOLDER = resources.path("icons")
ICONS = sorted(FOLDER.glob("*.svg"))
LINE_ICONS = [icon for icon in ICONS if icon.stem != "app"]


@pytest.mark.parametrize("icon", ICONS, ids=lambda icon: icon.stem)
def test_qt_draws_it(icon: Path) -> None:
    assert QSvgRenderer(str(icon)).isValid()


@pytest.mark.parametrize("icon", LINE_ICONS, ids=lambda icon: icon.stem)
def test_line_icons_take_their_colour_from_outside(icon: Path) -> None:
    top = ET.parse(icon).getroot()
    assert top.get("stroke") == "currentColor"
    assert top.get("stroke-width") == "1.75"
    assert top.get("viewBox") == "0 0 24 24"


def test_licence_lies_beside() -> None:
    assert "ISC License" in resources.text("icons", "LICENSE-lucide.txt")
