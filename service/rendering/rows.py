"""Rows for spreadsheets and programs, written and read again: CSV that Excel, LibreOffice and WPS open, or JSON lines.

CSV is UTF-8 with a byte order mark and CRLF. Words of members never become formulas there: a cell that would begin one
gets an apostrophe before it, as OWASP recommends (https://owasp.org/www-community/attacks/CSV_Injection), which is
taken off again where the file is read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import orjson

Cell: TypeAlias = str | int | float

_BEGINS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table for a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_jsonl(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A JSON object a line."""
    objects = (dict(zip(headings, row, strict=True)) for row in rows)
    return b"".join(orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE) for one in objects)


def read_csv(content: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each row that is not empty, by heading, with the number of the line where it begins. UTF-8, else GB 18030.

    Raises ValueError for a row with more cells than headings.
    """
    table = csv.reader(io.StringIO(_text(content), newline=""))
    headings: list[str] = []
    begins = 1
    for cells in table:
        line, begins = begins, table.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if not headings:
            headings = [cell.strip() for cell in cells]
        elif len(cells) > len(headings):
            raise ValueError(f"line {line} has {len(cells)} cells under {len(headings)} headings")
        else:
            filled = [*cells, *[""] * (len(headings) - len(cells))]
            yield line, dict(zip(headings, map(_meant, filled), strict=True))


def read_jsonl(content: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The same of JSON lines; whole numbers count as their digits, null as "". Raises ValueError for other lines."""
    for line, text in enumerate(_text(content).split("\n"), 1):
        if not text.strip():
            continue
        try:
            found = orjson.loads(text)
        except orjson.JSONDecodeError:
            found = None
        if not isinstance(found, dict):
            raise ValueError(f"line {line} is no JSON object")
        yield line, {key: "" if value is None else str(value) for key, value in found.items()}


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")  # what a Chinese Excel saves


def _safe(cell: Cell) -> Cell:
    return "'" + cell if isinstance(cell, str) and cell.startswith(_BEGINS_A_FORMULA) else cell


def _meant(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_BEGINS_A_FORMULA) else cell
