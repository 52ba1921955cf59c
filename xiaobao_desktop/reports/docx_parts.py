"""Building stones of the Word writer: fonts, styles, page set-up, fields, indents.

Word files name the standard official fonts (仿宋_GB2312, 楷体_GB2312, 黑体, 方正小标宋简体, 宋体), which WPS and Word
have or replace; nothing is embedded. Every style names its East Asian face outright and carries no theme font, because
a theme font silently wins over a named one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao_desktop.reports.typeset_parts import BODY_SIZE, PITCH

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.section import Section
    from docx.text.paragraph import Paragraph as WordParagraph
    from docx.text.run import Run as WordRun

FANG, KAI, HEI, TITLE, SONG = "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体", "宋体"
WORD_LINE = 28.95
"""Line pitch in Word: 22 lines of 28.95 pt stay within the text block; Word has no finer step than 0.05 pt."""
_FACES = {
    FANG: ("仿宋", "modern", "fixed"),
    KAI: ("楷体", "modern", "fixed"),
    HEI: ("SimHei", "modern", "fixed"),
    TITLE: ("方正小标宋_GBK,华文中宋", "roman", "variable"),
    SONG: ("SimSun", "roman", "variable"),
}
"""Every face named in the files: other names to look for where it is absent, its family, its pitch."""
SPACING = -4
"""Character spacing in twentieths of a point, so that 28 characters of 16 pt fill the line."""

BODY_STYLE, PLAIN_STYLE, NOTE_STYLE = "公文正文", "公文顶格", "口径说明"
HEADING_STYLES = {1: "Heading 1", 2: "Heading 2"}
TITLE_STYLE, ANNEX_TITLE_STYLE, ANNEX_LABEL_STYLE = "Title", "附件标题", "附件编号"
CAPTION_STYLE, CELL_STYLE = "Caption", "表格文字"


def twips(points: float) -> int:
    """Return points as twentieths of a point."""
    return round(points * 20)


def em_width(text: str) -> float:
    """Return the width of a text in em as Word's Chinese fonts set it: half an em for Latin, a full one for others."""
    return sum(0.5 if char.isascii() or char in "−–" else 1.0 for char in text)


def set_fonts(properties: Any, name: str) -> None:
    """Name one face for all scripts in a ``w:rPr`` and drop theme fonts."""
    from docx.oxml.ns import qn

    fonts = properties.get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)
    fonts.set(qn("w:hint"), "eastAsia")


def set_spacing(properties: Any, twentieths: int) -> None:
    """Set the character spacing of a ``w:rPr``."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for old in properties.findall(qn("w:spacing")):
        properties.remove(old)
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(twentieths))
    followers = ("w", "kern", "position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd", "lang")
    after = next((child for child in properties if child.tag in {qn(f"w:{name}") for name in followers}), None)
    if after is None:
        properties.append(spacing)
    else:
        after.addprevious(spacing)


def prepare_styles(word: WordDocument) -> None:
    """Define every style that the writer uses, starting from Word's own so that outline and navigation work."""
    _clean_defaults(word)
    _name_faces(word)
    normal = word.styles["Normal"]
    _style(word, normal.name or "Normal", FANG, BODY_SIZE, WORD_LINE, SPACING)
    _style(word, BODY_STYLE, FANG, BODY_SIZE, WORD_LINE, SPACING, indent_chars=2, justify=True)
    _style(word, PLAIN_STYLE, FANG, BODY_SIZE, WORD_LINE, SPACING, justify=True)
    _style(word, HEADING_STYLES[1], HEI, BODY_SIZE, WORD_LINE, SPACING, indent_chars=2, keep_next=True)
    _style(word, HEADING_STYLES[2], KAI, BODY_SIZE, WORD_LINE, SPACING, indent_chars=2, keep_next=True)
    _style(word, TITLE_STYLE, TITLE, 22.0, 36.0, 0, center=True, keep_next=True)
    _style(word, ANNEX_LABEL_STYLE, HEI, BODY_SIZE, WORD_LINE, 0, keep_next=True)
    _style(word, ANNEX_TITLE_STYLE, TITLE, 18.0, 36.0, 0, center=True, keep_next=True)
    _style(word, CAPTION_STYLE, HEI, 11.0, 18.0, 0, center=True)
    _style(word, CELL_STYLE, SONG, 10.0, 12.2, 0)
    _style(word, NOTE_STYLE, KAI, 9.5, 12.8, 0, justify=True)


def _style(
    word: WordDocument,
    name: str,
    font: str,
    size: float,
    line: float,
    spacing: int,
    *,
    indent_chars: int = 0,
    justify: bool = False,
    center: bool = False,
    keep_next: bool = False,
) -> None:
    """Define or redefine one paragraph style; sizes in points."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.shared import Pt, RGBColor
    from docx.styles.style import ParagraphStyle

    known = {style.name for style in word.styles}
    style = word.styles[name] if name in known else word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.font.size = Pt(size)
    style.font.bold = style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    set_fonts(properties, font)
    set_spacing(properties, spacing)
    shape = style.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    shape.keep_with_next, shape.widow_control = keep_next, True
    shape.alignment = WD_ALIGN_PARAGRAPH.LEFT
    if justify or center:
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER if center else WD_ALIGN_PARAGRAPH.JUSTIFY
    _drop_decoration(style.element.get_or_add_pPr())
    _set_asian_layout(style.element.get_or_add_pPr(), on_grid=line == WORD_LINE)
    if indent_chars:
        set_indent(style.element.get_or_add_pPr(), first_chars=indent_chars)


def _drop_decoration(properties: Any) -> None:
    """Remove borders and numbering that Word's own styles bring along."""
    from docx.oxml.ns import qn

    for tag in ("w:pBdr", "w:numPr", "w:contextualSpacing"):
        for element in properties.findall(qn(tag)):
            properties.remove(element)


def _set_asian_layout(properties: Any, *, on_grid: bool) -> None:
    """Switch off the blanks Word puts between Chinese and digits, and the grid for lines of another pitch."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    spacing = properties.find(qn("w:spacing"))
    for tag in ("w:autoSpaceDE", "w:autoSpaceDN", *(() if on_grid else ("w:snapToGrid",))):
        switch = OxmlElement(tag)
        switch.set(qn("w:val"), "0")
        spacing.addprevious(switch)


def _clean_defaults(word: WordDocument) -> None:
    """Take theme fonts out of the document defaults and all styles, and name the language."""
    from docx.oxml.ns import qn

    root = word.styles.element
    for fonts in root.iter(qn("w:rFonts")):
        for attribute in [key for key in fonts.attrib if "theme" in key.lower()]:
            del fonts.attrib[attribute]
    for language in root.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    defaults = root.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is not None:
        set_fonts(defaults, FANG)


def _name_faces(word: WordDocument) -> None:
    """List the faces with what stands in for them, so that a PC without one takes its nearest relative."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.oxml import serialize_part_xml
    from docx.oxml import OxmlElement, parse_xml
    from docx.oxml.ns import nsdecls, qn

    table = parse_xml(f"<w:fonts {nsdecls('w')}/>")
    for name, (others, family, pitch) in _FACES.items():
        face = OxmlElement("w:font")
        face.set(qn("w:name"), name)
        # 86 is the character set of simplified Chinese.
        for tag, value in (("altName", others), ("charset", "86"), ("family", family), ("pitch", pitch)):
            entry = OxmlElement(f"w:{tag}")
            entry.set(qn("w:val"), value)
            face.append(entry)
        table.append(face)
    part = word.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    part._blob = serialize_part_xml(table)


def set_indent(
    properties: Any, *, first_chars: int = 0, left: float = 0.0, hanging: float = 0.0, right: float = 0.0
) -> None:
    """Set the indents of a ``w:pPr``: the first line in characters of the paragraph's size, the others in points."""
    from docx.oxml.ns import qn

    indent = properties.get_or_add_ind()
    if first_chars:
        indent.set(qn("w:firstLineChars"), str(100 * first_chars))
        indent.set(qn("w:firstLine"), str(twips(first_chars * PITCH)))
    if left or hanging:
        indent.set(qn("w:left"), str(twips(left)))
    if hanging:
        indent.set(qn("w:hanging"), str(twips(hanging)))
    if right:
        indent.set(qn("w:right"), str(twips(right)))


def style_run(run: WordRun, font: str, size: float | None = None, spacing: int | None = None) -> None:
    """Set a run apart from its paragraph's style."""
    from docx.shared import Pt

    properties = run._element.get_or_add_rPr()
    set_fonts(properties, font)
    if size is not None:
        run.font.size = Pt(size)
    if spacing is not None:
        set_spacing(properties, spacing)


def add_field(paragraph: WordParagraph, instruction: str, font: str, size: float) -> None:
    """Append a field such as PAGE or NUMPAGES."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("shown", "1"), ("end", "")):
        run = paragraph.add_run()
        style_run(run, font, size, 0)
        if kind == "shown":
            run.text = text
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._element.append(mark)
        else:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = f" {text} "
            run._element.append(code)


def set_grid(section: Section, *, on: bool = True) -> None:
    """Give a section the grid of the official page: lines only, because a character grid is spread by some programs.

    Switched off where a table fills the page: LibreOffice cuts the text block down to whole lines of the grid.
    """
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    grid = OxmlElement("w:docGrid")
    properties.append(grid)
    if not on:
        return
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(twips(WORD_LINE)))
