"""Makes the workbooks of the tests by hand, part by part, so that they can be as wrong as needed."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

# Styles 0 general, 1 yyyy-mm-dd, 2 Chinese built-in date, 3 own format 年月日, 4 time, 5 money with 元 in quotes.
STYLES = (
    f"{_HEAD}<styleSheet {_MAIN}><numFmts>"
    '<numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>'
    '<numFmt numFmtId="165" formatCode="#,##0.00&quot;day&quot;;[Red]-#,##0.00"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>'
    '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="57"/><xf numFmtId="164"/><xf numFmtId="20"/>'
    '<xf numFmtId="165"/></cellXfs></styleSheet>'
)


def text(reference: str, value: str) -> str:
    """A cell with its text inside."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def number(reference: str, value: str, style: int = 0) -> str:
    """A cell with a number exactly as written."""
    return f'<c r="{reference}" s="{style}"><v>{value}</v></c>'


def row(index: int, *cells: str, hidden: bool = False) -> str:
    """A row of cells."""
    return f'<row r="{index}" hidden="{int(hidden)}">{"".join(cells)}</row>'


def texts(index: int, *values: str, hidden: bool = False) -> str:
    """A row of texts from column A; empty texts leave gaps."""
    cells = [text(f"{chr(65 + place)}{index}", value) for place, value in enumerate(values) if value]
    return row(index, *cells, hidden=hidden)


def sheet_xml(rows: str, *, merges: tuple[str, ...] = (), columns: str = "", doctype: str = "") -> str:
    """A worksheet part."""
    merged = "".join(f'<mergeCell ref="{merge}"/>' for merge in merges)
    tail = f"<mergeCells>{merged}</mergeCells>" if merges else ""
    return f"{_HEAD}{doctype}<worksheet {_MAIN}>{columns}<sheetData>{rows}</sheetData>{tail}</worksheet>"


def make_xlsx(
    path: Path,
    *sheets: str,
    shared: str = "",
    date_1904: bool = False,
    states: tuple[str, ...] = (),
    extra: dict[str, bytes] | None = None,
) -> Path:
    """A workbook of whole worksheet parts, packed."""
    listed = "".join(
        f'<sheet name="表{index}" sheetId="{index}" state="{state}" r:id="r{index}"/>'
        for index, state in enumerate(states or ("visible",) * len(sheets), 1)
    )
    relations = "".join(
        f'<Relationship Id="r{index}" Type="{_REL}/worksheet" Target="worksheets/sheet{index}.xml"/>'
        for index in range(1, len(sheets) + 1)
    )
    relations += f'<Relationship Id="s" Type="{_REL}/styles" Target="styles.xml"/>'
    relations += f'<Relationship Id="t" Type="{_REL}/sharedStrings" Target="sharedStrings.xml"/>'
    parts = {
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}">'
        f'<Relationship Id="m" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook {_MAIN} xmlns:r="{_REL}"><workbookPr date1904="{int(date_1904)}"/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>',
        "xl/styles.xml": STYLES,
    }
    if shared:
        parts["xl/sharedStrings.xml"] = f"{_HEAD}<sst {_MAIN}>{shared}</sst>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
        for index, content in enumerate(sheets, 1):
            packed.writestr(f"xl/worksheets/sheet{index}.xml", content)
        for name, data in (extra or {}).items():
            packed.writestr(name, data)
    return path
