"""The desktop's side of the .deb: which files a double click opens with the program."""

from __future__ import annotations

import configparser
import xml.etree.ElementTree as ET
from pathlib import Path

from xiaobao_desktop import paths
from xiaobao_desktop.cli import PACKAGE_SUFFIX
from xiaobao_desktop.store.layout import BACKUP_SUFFIX

LINUX = Path(__file__).resolve().parents[2] / "packaging" / "linux"
SPACE = "{http://www.freedesktop.org/standards/shared-mime-info}"


def test_the_desktop_opens_both_kinds_of_files_with_the_program() -> None:
    tree = ET.parse(LINUX / f"{paths.PROGRAM_NAME}.xml")
    kinds = {
        kind.attrib["type"]: (
            kind.findtext(f"{SPACE}comment"),
            [glob.attrib["pattern"] for glob in kind.iter(f"{SPACE}glob")],
        )
        for kind in tree.iter(f"{SPACE}mime-type")
    }
    assert list(kinds.values()) == [
        ("小保备份", [f"*{BACKUP_SUFFIX}"]),
        ("小保报送包", [f"*{PACKAGE_SUFFIX}"]),
    ]
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[method-assign, assignment]
    entry.read(LINUX / f"{paths.PROGRAM_NAME}.desktop", encoding="utf-8")
    shown = entry["Desktop Entry"]
    assert shown["MimeType"].rstrip(";").split(";") == list(kinds)
    # The file comes as the one argument, as the command line expects it.
    assert shown["Exec"] == f"{paths.PROGRAM_NAME} %f"
