"""The child process that reads a file someone else made. Whatever it meets, only this process can die of it.

Started by :mod:`reader_process` as ``python -m xiaobao_desktop.exchange.reader_child`` or, in the frozen program, by
the hidden argument ``--read-workbook-child``. Asks on standard input with one JSON object (``path``, ``limits``), gives
its answer on standard output in the language of :mod:`wire`, and ends with code 0 when the answer is complete.
"""

from __future__ import annotations

import gc
import json
import os
import struct
import sys
from dataclasses import fields
from pathlib import Path
from typing import BinaryIO

from xiaobao_desktop.exchange.archive import Archive
from xiaobao_desktop.exchange.calamine_sheets import NO_PICTURES, WARNING, write_calamine_sheets
from xiaobao_desktop.exchange.errors import FileLocked, FileMissing, FileRefused, FileTooLarge, FileUnreadable
from xiaobao_desktop.exchange.html_sheets import write_html_sheets
from xiaobao_desktop.exchange.ods_pictures import ods_pictures
from xiaobao_desktop.exchange.sheets import MEGABYTE, ReadLimits
from xiaobao_desktop.exchange.sniff import sniff, sniff_archive
from xiaobao_desktop.exchange.text_encoding import decode_text
from xiaobao_desktop.exchange.text_sheets import write_text_sheet
from xiaobao_desktop.exchange.wire import WireWriter
from xiaobao_desktop.exchange.xls_pictures import XlsPictures
from xiaobao_desktop.exchange.xlsx_parts import read_parts
from xiaobao_desktop.exchange.xlsx_pictures import PictureWriter, cell_pictures, floating_pictures, placed_cells
from xiaobao_desktop.exchange.xlsx_sheet import SheetPass
from xiaobao_desktop.exchange.xml_pass import walk


def main() -> int:
    """Read the question, write the answer; returns the exit code."""
    with os.fdopen(0, "rb", closefd=False) as questions:
        question = json.loads(questions.read())
    known = {field.name for field in fields(ReadLimits)}
    limits = ReadLimits(**{key: int(value) for key, value in question["limits"].items() if key in known})
    _limit_this_process(limits)
    # A short life that makes many small objects and throws few away: looking for unreachable ones is not worth it.
    gc.disable()
    with os.fdopen(1, "wb", buffering=MEGABYTE, closefd=False) as answers:
        answer(Path(question["path"]), limits, answers)
    return 0


def _limit_this_process(limits: ReadLimits) -> None:
    """Cap address space, processor time and core files; Windows has no such call, there the parent's clock rules."""
    if sys.platform == "win32":
        return
    import resource

    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.seconds + 1),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (soft, hard))


def answer(path: Path, limits: ReadLimits, stream: BinaryIO) -> None:
    """Read ``path`` and write the whole answer, a refusal included, to ``stream``."""
    wire = WireWriter(stream)
    try:
        _read(path, limits, wire)
    except FileRefused as refusal:
        wire.refuse(refusal)
    except FileNotFoundError:
        wire.refuse(FileMissing(file=path.name))
    except OSError:
        wire.refuse(FileLocked(file=path.name))
    except MemoryError:
        wire.refuse(FileTooLarge(file=path.name, reason="读它要的内存太多"))
    except RecursionError:
        wire.refuse(FileUnreadable(file=path.name, reason="内容套得太深"))
    stream.flush()


def _read(path: Path, limits: ReadLimits, wire: WireWriter) -> None:
    kind = sniff(path)
    if kind == "zip":
        _read_archive(path, limits, wire)
    elif kind == "xls":
        _read_xls(path, limits, wire)
    elif kind == "html":
        write_html_sheets(path.read_bytes(), path.name, limits, wire)
        wire.end("html", [])
    else:
        write_text_sheet(decode_text(path.read_bytes(), path.name), path.name, limits, wire)
        wire.end("text", [])


def _read_archive(path: Path, limits: ReadLimits, wire: WireWriter) -> None:
    with Archive(path, limits) as archive:
        kind, main_part = sniff_archive(archive, path.name)
        if kind == "xlsx":
            _read_xlsx(archive, main_part, path.name, limits, wire)
            wire.end("xlsx", [])
            return
        if kind == "ods":
            pictures, placed = PictureWriter(archive, limits, wire), ods_pictures(archive, path.name)
            write_calamine_sheets(path, kind, limits, wire, lambda sheet: pictures.write(placed.get(sheet, ())))
            wire.end(kind, [WARNING])
            return
    write_calamine_sheets(path, kind, limits, wire)
    wire.end(kind, [WARNING, NO_PICTURES])


def _read_xls(path: Path, limits: ReadLimits, wire: WireWriter) -> None:
    try:
        found = XlsPictures(path)
    except (FileUnreadable, struct.error, ValueError, IndexError):
        # Whether the rows can be read is another matter.
        write_calamine_sheets(path, "xls", limits, wire)
        wire.end("xls", [WARNING, NO_PICTURES])
        return
    pictures = PictureWriter(found, limits, wire)
    write_calamine_sheets(path, "xls", limits, wire, lambda sheet: pictures.write(found.placed.get(sheet, ())))
    told = [f"有 {found.drawn} 个图形不是照片，没有读入"] if found.drawn else []
    wire.end("xls", [WARNING, *told])


def _read_xlsx(archive: Archive, main_part: str, file: str, limits: ReadLimits, wire: WireWriter) -> None:
    parts = read_parts(archive, main_part, file, limits)
    in_cells, pictures = cell_pictures(archive, main_part, file), PictureWriter(archive, limits, wire)
    cells_left = limits.cells
    for sheet in parts.sheets:
        wire.start_sheet(sheet.name, hidden=sheet.hidden, date_1904=parts.date_1904)
        reading = SheetPass(file, parts, limits, wire, cells_left, in_cells.keys())
        walk(archive.chunks(sheet.part), reading, file)
        reading.finish()
        cells_left = reading.cells_left
        placed = placed_cells(reading.pictures, in_cells) + floating_pictures(archive, sheet.part, file)
        reading.warnings += pictures.write(placed)
        wire.end_sheet(
            merged=reading.merged,
            hidden_rows=reading.hidden_rows,
            hidden_columns=sorted(reading.hidden_columns),
            warnings=reading.warnings,
        )


if __name__ == "__main__":
    sys.exit(main())
