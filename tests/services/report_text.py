"""A printed report taken apart: its lines, its sentences, its breakdown tables row by row."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import reporting
from xiaobao_desktop.services.session import Session

Rows = Mapping[str, list[str]]

CAPTION = re.compile(r"^附?表\d+ 按(.+)分类 单位：件$")
ROW = re.compile(r"^(\S.*?) (\d[\d,]* .*)$")


def written(built: reporting.Built, folder: Path, file_format: str) -> Path:
    """A report drawn into a file of a folder, which is made."""
    content = reporting.render(built, file_format)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{built.file_name}.{file_format}"
    file.write_bytes(content)
    return file


def lines_of(session: Session, folder: Path, name: str, code: str) -> list[str]:
    """The lines of the printed report, page numbers left out."""
    file = written(reporting.build(session, name, parse_period(code), words={}), folder, "pdf")
    command = ["pdftotext", "-raw", str(file), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    return [line for line in text.splitlines() if not re.fullmatch(r"— \d+ —", line)]


def taken_apart(lines: list[str]) -> tuple[str, dict[str, Rows]]:
    """The sentences without blanks, and the breakdown tables by what they break down by."""
    tables: dict[str, Rows] = {}
    prose: list[str] = []
    rows: dict[str, list[str]] | None = None
    for line in lines:
        caption = CAPTION.match(line)
        if caption:
            rows = tables[caption[1]] = {}
        elif rows is None:
            prose.append(line)
        elif row := ROW.match(line):
            name = row[1].replace(" ", "")
            rows[name] = row[2].split()
            if name == "合计":
                rows = None
    return "".join("".join(prose).split()), tables
