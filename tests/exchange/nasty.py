"""Makes the workbooks of the tests by hand, part by part, so that they can be as wrong as needed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.sax.saxutils import escape

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WPS = "http://www.wps.cn/officeDocument/2020"
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
    cell_images: bool = False,
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
    if cell_images:
        relations += f'<Relationship Id="p" Type="{_WPS}/cellImage" Target="cellimages.xml"/>'
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


DRAWING = f'<drawing xmlns:r="{_REL}" r:id="d"/>'
"""What a worksheet says at its end to have a drawing."""
_SPACES = (
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="{_REL}"'
)


def _picture(name: str, place: int) -> str:
    return (
        f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="{place}" name="{name}"/></xdr:nvPicPr>'
        f'<xdr:blipFill><a:blip r:embed="i{place}"/></xdr:blipFill></xdr:pic>'
    )


def _media(names: list[str]) -> bytes:
    found = "".join(
        f'<Relationship Id="i{place}" Type="{_REL}/image" Target="{name}"/>' for place, name in enumerate(names)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}">{found}</Relationships>'.encode()


def cell_images(names: dict[str, str]) -> dict[str, bytes]:
    """The parts of pictures that WPS keeps inside cells: name in the formula -> file among the media."""
    body = "".join(f"<etc:cellImage>{_picture(name, place)}</etc:cellImage>" for place, name in enumerate(names))
    space = 'xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"'
    return {
        "xl/cellimages.xml": f"{_HEAD}<etc:cellImages {space} {_SPACES}>{body}</etc:cellImages>".encode(),
        "xl/_rels/cellimages.xml.rels": _media([f"media/{name}" for name in names.values()]),
    }


def drawing(sheet: int, pictures: list[tuple[int, int, str]]) -> dict[str, bytes]:
    """The parts of floating pictures of a sheet: row and column of each anchor from 0, file among the media."""
    body = "".join(
        f"<xdr:oneCellAnchor><xdr:from><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{line}</xdr:row>"
        f"<xdr:rowOff>0</xdr:rowOff></xdr:from>{_picture(f'图片 {place}', place)}<xdr:clientData/></xdr:oneCellAnchor>"
        for place, (line, column, _name) in enumerate(pictures)
    )
    target = f'<Relationship Id="d" Type="{_REL}/drawing" Target="../drawings/drawing{sheet}.xml"/>'
    return {
        f"xl/worksheets/_rels/sheet{sheet}.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}">'
        f"{target}</Relationships>".encode(),
        f"xl/drawings/drawing{sheet}.xml": f"{_HEAD}<xdr:wsDr {_SPACES}>{body}</xdr:wsDr>".encode(),
        f"xl/drawings/_rels/drawing{sheet}.xml.rels": _media([f"../media/{name}" for _line, _column, name in pictures]),
    }


STRICT = (
    (_MAIN, 'xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"'),
    (_REL, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
)
"""What is said otherwise in a workbook of the strict kind."""


def rewritten(
    path: Path, make: Callable[[Path], object], pairs: Iterable[tuple[str, str]], *, encoding: str = "utf-8"
) -> Path:
    """A workbook whose parts, and whose names of parts, had texts replaced; its sheets in another encoding."""
    make(path)
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            content, place = data.decode(), name
            for old, new in pairs:
                content, place = content.replace(old, new), place.replace(old, new)
            if "worksheets" in name and encoding != "utf-8":
                content = content.replace('encoding="UTF-8"', f'encoding="{encoding}"')
            packed.writestr(place, content.encode(encoding if "worksheets/sheet" in name else "utf-8"))
    return path


def make_ods(path: Path, rows: str, *, manifest: str = "") -> Path:
    """An OpenDocument table of whole rows."""
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" xmlns:table="{names}:table:1.0" '
        f'xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet><table:table table:name="一">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
        packed.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="m">{manifest}</m:manifest>')
    return path
