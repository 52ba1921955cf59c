"""Tokens and contrast, palette, style sheet, fonts, icons, and switching between light and dark."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFontInfo, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from xiaobao_desktop import resources
from xiaobao_desktop.domain.colours import contrast
from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.theme_tokens import DARK, LIGHT, TONES, Tokens, tone
from xiaobao_desktop.ui.widgets.buttons import PRIMARY, button, icon_button

LOOKS = pytest.mark.parametrize("look_tokens", [LIGHT, DARK], ids=["light", "dark"])
GROUNDS = ("window", "base", "alt", "tint", "hover", "press")


def test_contrast_of_black_and_white_is_twenty_one() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


@LOOKS
def test_text_reads_on_every_ground(look_tokens: Tokens) -> None:
    for ground in (getattr(look_tokens, name) for name in GROUNDS):
        assert contrast(look_tokens.text, ground) >= 9.4
        assert contrast(look_tokens.text2, ground) >= 5.3
        assert contrast(look_tokens.link, ground) >= 4.6
    for ground in (getattr(look_tokens, name) for name in GROUNDS if name != "press"):
        assert contrast(look_tokens.text3, ground) >= 4.8


@LOOKS
def test_white_reads_on_accent_and_red(look_tokens: Tokens) -> None:
    least_accent, least_red = (7.2, 5.5) if look_tokens is LIGHT else (5.0, 4.7)
    assert round(contrast(look_tokens.on_accent, look_tokens.accent), 1) >= least_accent
    assert round(contrast(look_tokens.on_accent, look_tokens.red_solid), 1) >= least_red
    assert contrast(look_tokens.on_tip, look_tokens.tip) >= 9.4


@LOOKS
@pytest.mark.parametrize("name", TONES)
def test_pill_text_reads_on_its_tint(look_tokens: Tokens, name: str) -> None:
    ink, ground = tone(look_tokens, name)
    assert contrast(ink, ground) >= 5.6
    assert contrast(ink, look_tokens.base) >= 6.5


@LOOKS
def test_edges_and_bars_stand_out(look_tokens: Tokens) -> None:
    for name in ("field_edge", "red_solid", "amber_solid", "green_solid", "bar", "accent", "last_year"):
        assert contrast(getattr(look_tokens, name), look_tokens.base) >= 3.0, name


def test_unknown_tone_is_grey() -> None:
    assert tone(LIGHT, "violet") == (LIGHT.grey_text, LIGHT.grey_tint)


def test_style_sheet_has_no_open_names_and_no_rule_for_every_widget(look: QApplication) -> None:
    for look_tokens in (LIGHT, DARK):
        sheet = re.sub(r"/\*.*?\*/", "", theme.style_sheet(look_tokens), flags=re.S)
        assert "@" not in sheet
        selectors = [part.split("}")[-1] for part in sheet.split("{")]
        names = [name.strip() for group in selectors for name in group.split(",")]
        assert not [name for name in names if name == "*" or name.startswith("QWidget")]


def test_style_sheet_names_only_files_that_exist(look: QApplication) -> None:
    for look_tokens in (LIGHT, DARK):
        for place in re.findall(r"url\(([^)]+)\)", theme.style_sheet(look_tokens)):
            assert resources.path("style", place.rsplit("/", 1)[-1]).exists()


def test_switch_changes_palette_sheet_and_icons(look: QApplication) -> None:
    made = button("打印", icon="printer")
    before = made.icon().pixmap(QSize(16, 16)).toImage()
    theme.apply(look, theme.DARK_MODE)
    assert theme.tokens() is DARK
    assert look.palette().color(QPalette.ColorRole.Base) == QColor(DARK.base)
    assert DARK.base in look.styleSheet()
    assert made.icon().pixmap(QSize(16, 16)).toImage() != before
    theme.apply(look, theme.LIGHT_MODE)
    assert look.palette().color(QPalette.ColorRole.Base) == QColor(LIGHT.base)
    assert made.icon().pixmap(QSize(16, 16)).toImage() == before


def test_unknown_mode_follows_the_desktop(look: QApplication) -> None:
    theme.apply(look, "nonsense")
    assert theme.tokens() in (LIGHT, DARK)


def test_bundled_face_in_two_weights(look: QApplication) -> None:
    body, medium = fonts.font(), fonts.font(medium=True)
    assert QFontInfo(body).family() == fonts.FAMILY
    assert (QFontInfo(body).weight(), QFontInfo(medium).weight()) == (400, 500)
    assert look.font().pointSizeF() == fonts.BODY
    assert QFontInfo(QLabel("字").font()).family() == fonts.FAMILY
    assert QFontInfo(QPushButton("字").font()).family() == fonts.FAMILY


def test_icon_has_its_own_disabled_picture_and_is_sharp(look: QApplication) -> None:
    made = icons.icon("check", "on_accent")
    normal = made.pixmap(QSize(16, 16), 1.0, QIcon.Mode.Normal).toImage()
    disabled = made.pixmap(QSize(16, 16), 1.0, QIcon.Mode.Disabled).toImage()
    assert normal != disabled
    double = icons.pixmap("check", "text", 16, 2.0)
    assert (double.width(), double.devicePixelRatio()) == (2 * theme.px(16), 2.0)


def test_missing_icon_is_named(look: QApplication) -> None:
    with pytest.raises(resources.MissingResource, match="no-such-icon"):
        icons.icon("no-such-icon")


def test_buttons_have_names_and_show_their_keys(look: QApplication) -> None:
    primary = button("登记投诉", PRIMARY, icon="plus", shortcut="Ctrl+N")
    assert "Ctrl+N" in primary.text()
    assert primary.accessibleName() == "登记投诉"
    assert icon_button("lock", "锁定").accessibleName() == "锁定"
