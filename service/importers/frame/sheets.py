"""Rows of cells out of .csv, .tsv and Excel files; what the columns mean is not decided here."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from typing import IO

from python_calamine import CalamineError, CalamineWorkbook

from models.archive.container import ArchiveError, BadRow
from service.importers.frame.container import Container
from service.importers.frame.decoding import encoding_of, text_of

LARGEST_SHEET = 512 << 20  # bytes of an Excel file: it is read as a whole
LONGEST_CELL = 16 << 20
HEADER_WITHIN = 12  # rows above which a header may stand: titles, notes, Excel's "sep=,"
_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def rows_of(files: Container, name: str) -> Iterator[tuple[int, list[str]] | BadRow]:
    """Rows that are not empty, with their numbers from 1 (of a .csv: the line where the row begins), spaces cut off.

    Of Excel the first sheet that has rows. ArchiveError when it cannot be read as a table at all.
    """
    if files.head(name, 4).startswith(_EXCEL):
        yield from _sheet(files, name)
    else:
        yield from _separated(files, name)


def header_of(files: Container, name: str, known: frozenset[str]) -> tuple[int, list[str]]:
    """The row, among the first ones, that has most cells in `known` (casefolded), and its number; (0, []) for none."""
    best, found = 0, (0, [""] * 0)
    for row in islice(rows_of(files, name), HEADER_WITHIN):
        if not isinstance(row, BadRow):
            hits = sum(cell.casefold() in known for cell in row[1])
            if hits > best:
                best, found = hits, row
    return found


def encoding_in_words(files: Container, name: str) -> str:
    """What a table is written in, for people."""
    head = files.head(name)
    return "Excel" if head.startswith(_EXCEL) else encoding_of(head)


def _separated(files: Container, name: str) -> Iterator[tuple[int, list[str]] | BadRow]:
    csv.field_size_limit(LONGEST_CELL)
    stream, _ = text_of(files, name)
    with stream:
        lines = _lines(stream)
        first = list(islice(lines, HEADER_WITHIN))
        reader = csv.reader(chain(first, lines), delimiter=_delimiter(first))
        begins = 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield BadRow(name, begins, f"not CSV: {error}")
                begins = reader.line_num + 1
                continue
            if "\x00" in "".join(cells):
                cells = [cell.replace("\x00", "") for cell in cells]
            cells = list(map(str.strip, cells))
            if any(cells) and not (begins == 1 and len(cells) <= 2 and cells[0].startswith("sep=")):
                yield begins, cells
            begins = reader.line_num + 1


def _lines(stream: IO[str]) -> Iterator[str]:
    """Lines, cut where they are longer than any cell."""
    while line := stream.readline(LONGEST_CELL):
        yield line
        while len(line) == LONGEST_CELL and not line.endswith("\n"):
            line = stream.readline(LONGEST_CELL)


def _delimiter(lines: list[str]) -> str:
    if lines and (said := lines[0].strip().removeprefix("\ufeff")).startswith("sep=") and len(said) == 5:
        return said[4]
    return max(",\t;", key=lambda mark: _agreement(lines, mark))


def _agreement(lines: list[str], mark: str) -> tuple[int, int]:
    """How many rows have the same number of cells with this mark between them, and that number."""
    try:
        lengths = Counter(len(row) for row in csv.reader(lines, delimiter=mark) if len(row) > 1)
    except csv.Error:
        return 0, 0
    return max(((rows, length) for length, rows in lengths.items()), default=(0, 0))


def _sheet(files: Container, name: str) -> Iterator[tuple[int, list[str]]]:
    if files.sizes[name] > LARGEST_SHEET:
        raise ArchiveError(f"{name} is too large for an Excel file; save it as .csv")
    try:
        with files.open(name) as stream:
            book = CalamineWorkbook.from_filelike(stream)
        for sheet in book.sheet_names:
            rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            if any(any(cell not in ("", None) for cell in row) for row in rows):
                for number, row in enumerate(rows, 1):
                    cells = [_text(cell) for cell in row]
                    if any(cells):
                        yield number, cells
                return
    except (CalamineError, OSError, ValueError) as error:
        raise ArchiveError(f"{name} cannot be read as an Excel file: {error}") from error


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return str(cell).strip()
