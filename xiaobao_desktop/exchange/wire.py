"""The language between the reading child process and the program: one JSON value a line, nothing that can run.

A list ``[row number, [cells]]`` is a row; an object says where a sheet starts and ends, what a picture holds and where
it is, that the file is complete, or why it is refused. Cells: text, whole number, true/false and null as they are;
``["n", "12.5"]`` exact decimal, ``["d", "2026-03-05"]`` date, ``["t", "2026-03-05T09:15:00"]`` moment,
``["p", reason, text]`` problem.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, BinaryIO

from xiaobao_desktop.exchange.errors import REFUSALS, FileRefused, FileUnreadable
from xiaobao_desktop.exchange.sheets import Cell, CellProblem, MergedRange, Picture, Sheet, Workbook


class BrokenWireError(Exception):
    """The child's answer is incomplete or not in this language."""


def _encode_cell(cell: object) -> list[str]:
    if isinstance(cell, Decimal):
        return ["n", str(cell)]
    if isinstance(cell, datetime):
        return ["t", cell.isoformat()]
    if isinstance(cell, date):
        return ["d", cell.isoformat()]
    if isinstance(cell, CellProblem):
        return ["p", cell.reason, cell.text]
    raise TypeError(type(cell).__name__)


def _decode_cell(cell: list[str]) -> Cell:
    if len(cell) == 2:
        kind, text = cell
        if kind == "d":
            return date.fromisoformat(text)
        if kind == "n":
            return Decimal(text)
        if kind == "t":
            return datetime.fromisoformat(text)
    elif len(cell) == 3 and cell[0] == "p":
        return CellProblem(cell[1], cell[2])
    raise BrokenWireError("cell")


class WireWriter:
    """Writes one workbook to a binary stream, row by row."""

    def __init__(self, stream: BinaryIO) -> None:
        """Write to ``stream``; the caller closes it."""
        self._stream = stream
        self._media = 0
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_encode_cell).encode

    def _line(self, value: object) -> None:
        self._stream.write(self._encode(value).encode("utf-8", "surrogatepass"))
        self._stream.write(b"\n")

    def start_sheet(self, name: str, *, hidden: bool, date_1904: bool) -> None:
        """A new sheet begins."""
        self._line({"sheet": name, "hidden": hidden, "date_1904": date_1904})

    def row(self, number: int, cells: list[Cell]) -> None:
        """One row of the sheet begun last."""
        self._line([number, cells])

    def media(self, data: bytes) -> int:
        """The bytes of a picture, sent once; the number by which :meth:`picture` names them."""
        self._line({"media": base64.b64encode(data).decode("ascii")})
        self._media += 1
        return self._media - 1

    def picture(self, row: int, column: int, media: int, name: str) -> None:
        """A picture at a cell of the sheet begun last."""
        self._line({"picture": media, "row": row, "column": column, "name": name})

    def end_sheet(
        self, *, merged: list[MergedRange], hidden_rows: list[int], hidden_columns: list[int], warnings: list[str]
    ) -> None:
        """The sheet is complete; what is known only at its end."""
        self._line(
            {"merged": merged, "hidden_rows": hidden_rows, "hidden_columns": hidden_columns, "warnings": warnings}
        )

    def end(self, file_format: str, warnings: list[str]) -> None:
        """The whole file is complete."""
        self._line({"format": file_format, "warnings": warnings})

    def refuse(self, refusal: FileRefused) -> None:
        """The file is refused; whatever was written before does not count."""
        self._line({"refused": type(refusal).__name__, "values": refusal.values})


def read_answer(answer: bytes, name: str) -> Workbook:
    """The workbook ``name`` out of the child's whole answer.

    Raises:
        FileRefused: the child refused the file.
        BrokenWireError: the answer is incomplete (the child died) or not in this language.
    """
    sheets: list[Sheet] = []
    head: dict[str, Any] = {}
    rows: list[list[Cell]] = []
    numbers: list[int] = []
    media: list[bytes] = []
    pictures: list[Picture] = []
    for line in BytesIO(answer):
        value = _parse(line)
        if isinstance(value, list):
            number, cells = value
            numbers.append(number)
            rows.append([_decode_cell(cell) if cell.__class__ is list else cell for cell in cells])
        elif "sheet" in value:
            head, rows, numbers, pictures = value, [], [], []
        elif "media" in value:
            media.append(base64.b64decode(value["media"]))
        elif "picture" in value:
            pictures.append(Picture(value["row"], value["column"], value["name"], media[value["picture"]]))
        elif "merged" in value:
            sheets.append(replace(_sheet(head, rows, numbers, value), pictures=tuple(pictures)))
        elif "refused" in value:
            raise _refusal(value, name)
        elif "format" in value:
            return Workbook(name, value["format"], tuple(sheets), tuple(value["warnings"]))
    raise BrokenWireError("end")


def _parse(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8", "surrogatepass"))
    except ValueError as error:
        raise BrokenWireError("line") from error


def _sheet(head: dict[str, Any], rows: list[list[Cell]], numbers: list[int], tail: dict[str, Any]) -> Sheet:
    return Sheet(
        name=head["sheet"],
        rows=rows,
        row_numbers=numbers,
        merged=tuple(MergedRange(*part) for part in tail["merged"]),
        hidden_rows=frozenset(tail["hidden_rows"]),
        hidden_columns=frozenset(tail["hidden_columns"]),
        warnings=tuple(tail["warnings"]),
        hidden=head["hidden"],
        date_1904=head["date_1904"],
    )


def _refusal(value: dict[str, Any], name: str) -> FileRefused:
    refusal = REFUSALS.get(value["refused"], FileUnreadable)
    values = {"reason": "内容看不懂", "seconds": ""} | value["values"] | {"file": name}
    return refusal(**values)
