"""A table of people, whatever wrote it: its columns and its rows. What the columns mean is not decided here.

| seen | how it is told |
|---|---|
| .csv, .tsv, Excel | the row, among the first ones, in which most cells are names of columns; titles may stand above |
| JSON lines (`to_json(lines=True)`) | the first line is an object of its own |
| JSON records `[{…}]`, an object with such a list in it | a list of objects |
| pandas `split` and `table` | "columns" or "schema" beside "data" |
| pandas `columns` and `index`, `to_dict("list")` | an object of objects or lists; the names of columns tell which way |
| pandas `values` | a list of lists, whose first one must name the columns |

The orients of pandas are from its documentation of DataFrame.to_json, as generally known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

from models.archive.container import ArchiveError, BadRow
from service.importers.frame.container import Container
from service.importers.frame.decoding import LONGEST_LINE, encoding_of, is_broken, lines_of, text_of
from service.importers.frame.json_walk import UNREADABLE
from service.importers.frame.sheets import HEADER_WITHIN, encoding_in_words, rows_of

LARGEST_JSON = 64 << 20  # bytes of a JSON file that is read as a whole
LONGEST_ANSWER = 100_000  # characters
SAMPLE = 2000  # rows by which columns are understood
_MOST_COLUMNS = 2000
_NO_TEXT = re.compile("[\ud800-\udfff]")

# Text, or the texts of a list that the file itself keeps apart.
Cell: TypeAlias = str | tuple[str, ...]
Cells: TypeAlias = dict[str, Cell]
Line: TypeAlias = tuple[int, Cells]
# How many of these are names of columns of a table of people.
Known: TypeAlias = Callable[[list[str]], int]


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` in their order; `rows` gives, as often as it is asked, what is under them, with lines from 1."""

    file: str
    columns: tuple[str, ...]
    encoding: str
    rows: Callable[[], Iterator[Line | BadRow]]

    def sample(self) -> list[Cells]:
        """The first rows that can be read."""
        return [row[1] for row in islice(self.rows(), SAMPLE) if not isinstance(row, BadRow)]


def open_table(files: Container, name: str, known: Known) -> Table:
    """The table in a file. ArchiveError when there is none; the sentence says why."""
    try:
        return _opened(files, name, known)
    except UNREADABLE as error:
        raise ArchiveError(f"{name} cannot be read: {error}; unpack it by hand, or export it once more") from error


def _opened(files: Container, name: str, known: Known) -> Table:
    first = _first_character(files, name)
    if first == "{" and _is_lines(files, name):
        return _lines_table(files, name)
    if first in ("{", "["):
        return _json_table(files, name, known)
    return _sheet_table(files, name, known)


def _to_the_end(file: str, rows: Iterator[Line | BadRow]) -> Iterator[Line | BadRow]:
    """The rows; what cannot be unpacked any further ends them with a reason."""
    line = 0
    try:
        for row in rows:
            line = row.line if isinstance(row, BadRow) else row[0]
            yield row
    except UNREADABLE as error:
        yield BadRow(file, line + 1, f"the file cannot be read further: {error}")


def named(text: str) -> str:
    """The name of a column on one line; what is no character of it becomes "�"."""
    return " ".join(_NO_TEXT.sub("�", text.replace("\x00", "")).split())


# --- .csv, .tsv, Excel -----------------------------------------------------------------------------------------------


def _sheet_table(files: Container, name: str, known: Known) -> Table:
    best, found = 0, (0, [""])
    for row in islice(rows_of(files, name), HEADER_WITHIN):
        if not isinstance(row, BadRow) and (hits := known(row[1])) > best:
            best, found = hits, row
    line, header = found
    if not line:
        raise ArchiveError(f"{name}: none of its first lines names the columns of a member list, such as name or 昵称")
    columns = _told_apart(header[:_MOST_COLUMNS])
    return Table(
        name,
        columns,
        encoding_in_words(files, name),
        lambda: _to_the_end(name, _sheet_rows(files, name, line, columns)),
    )


def _sheet_rows(files: Container, name: str, header: int, columns: tuple[str, ...]) -> Iterator[Line | BadRow]:
    for row in rows_of(files, name):
        if isinstance(row, BadRow):
            yield row
            continue
        line, cells = row
        if line <= header:
            continue
        if any(cells[len(columns) :]):
            more = f"{len(cells)} cells where the header has {len(columns)}"
            yield BadRow(name, line, f"{more}; put texts with commas or line ends between quotes")
        elif max(map(len, cells)) > LONGEST_ANSWER:
            yield BadRow(
                name, line, f"a cell has more than {LONGEST_ANSWER:,} characters, which is no answer of a person"
            )
        elif any(map(is_broken, cells)):
            yield BadRow(name, line, "holds bytes that are no text; save the file as UTF-8")
        else:
            found: Cells = {column: cell for column, cell in zip(columns, cells, strict=False) if cell}
            yield line, found


def _told_apart(header: list[str]) -> tuple[str, ...]:
    """Names of columns; the second of one name is "name (2)"."""
    names: dict[str, int] = {}
    for cell in header:
        name, number = named(cell), 1
        while (told := name if number == 1 else f"{name} ({number})") in names:
            number += 1
        names[told] = number
    return tuple(names)


# --- JSON ------------------------------------------------------------------------------------------------------------


def _first_character(files: Container, name: str) -> str:
    head = files.head(name, 1 << 10)
    return head.decode(encoding_of(head), "replace").lstrip("\ufeff \t\r\n")[:1]


def _is_lines(files: Container, name: str) -> bool:
    """Whether a line is an object of its own."""
    stream, _ = text_of(files, name)
    with stream:
        for _, line in islice(lines_of(stream), 5):
            if line.strip(" \ufeff"):
                return isinstance(_loaded(line), dict) and not _holds_a_table(_loaded(line))
    return False


def _lines_table(files: Container, name: str) -> Table:
    columns: dict[str, None] = {}
    for row in islice(_line_rows(files, name), SAMPLE):
        if not isinstance(row, BadRow):
            columns.update(dict.fromkeys(row[1]))
    _, encoding = text_of(files, name)
    return Table(name, tuple(columns)[:_MOST_COLUMNS], encoding, lambda: _to_the_end(name, _line_rows(files, name)))


def _line_rows(files: Container, name: str) -> Iterator[Line | BadRow]:
    stream, _ = text_of(files, name)
    with stream:
        for number, line in lines_of(stream):
            if not line.strip(" \ufeff\x00"):
                continue
            if len(line) >= LONGEST_LINE:
                yield BadRow(name, number, "longer than any answer of a person")
                continue
            yield _json_row(name, number, _loaded(line))


def _json_row(name: str, number: int, value: object) -> Line | BadRow:
    if not isinstance(value, dict):
        return BadRow(name, number, "not a JSON object")
    cells = cells_of(value)
    texts = [text for cell in cells.values() for text in ((cell,) if isinstance(cell, str) else cell)]
    if max(map(len, texts), default=0) > LONGEST_ANSWER:
        return BadRow(
            name, number, f"a value has more than {LONGEST_ANSWER:,} characters, which is no answer of a person"
        )
    if any(map(is_broken, texts)):
        return BadRow(name, number, "holds characters that are no text; write the file as UTF-8")
    return number, cells


def _json_table(files: Container, name: str, known: Known) -> Table:
    if files.sizes[name] > LARGEST_JSON:
        raise ArchiveError(f"{name} is too large for one JSON value; write one object a line: to_json(lines=True)")
    with files.open(name) as raw:
        data = raw.read(LARGEST_JSON + 1)
    if len(data) > LARGEST_JSON:
        raise ArchiveError(f"{name} is too large for one JSON value; write one object a line: to_json(lines=True)")
    encoding = encoding_of(data[: 1 << 16])
    value = _loaded(data.decode(encoding, "surrogateescape" if encoding.startswith("utf-8") else "replace"))
    if value is None:
        raise ArchiveError(f"{name} is no whole JSON; export it once more")
    records = _records(value, known)
    if not records:
        raise ArchiveError(f"{name} holds no table: write it as a list of objects, to_json(orient='records')")
    rows = [_json_row(name, number, record) for number, record in enumerate(records, 1)]
    columns = dict.fromkeys(column for row in rows if not isinstance(row, BadRow) for column in row[1])
    return Table(name, tuple(columns)[:_MOST_COLUMNS], encoding, lambda: iter(rows))


def _loaded(text: str) -> Any:
    """None for what is no JSON."""
    try:
        return json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None


def _holds_a_table(value: Mapping[str, Any]) -> bool:
    """Whether an object on one line is a whole table rather than a person."""
    inner = [one for one in value.values() if isinstance(one, dict | list)]
    if isinstance(value.get("data"), list) and ("columns" in value or "schema" in value):
        return True
    if value and len(inner) == len(value):
        return True
    return any(isinstance(one, list) and one and all(_is_person(item) for item in one) for one in inner)


def _is_person(value: object) -> bool:
    """Whether an object has more than the parts of a statement or a handle have."""
    return isinstance(value, dict) and not set(value) <= {"text", "kind", "platform", "handle"}


def _records(value: Any, known: Known) -> list[Any]:
    """The rows of any way to write a table as JSON; an empty list where there is none."""
    if isinstance(value, list):
        return _of_lists(value, known) if value and all(isinstance(row, list) for row in value) else value
    if not isinstance(value, dict):
        return []
    data, columns = value.get("data"), value.get("columns")
    if isinstance(data, list) and isinstance(columns, list):
        names = [_name(column) for column in columns]
        return [dict(zip(names, row, strict=False)) if isinstance(row, list) else row for row in data]
    if value and all(isinstance(one, dict) for one in value.values()):
        return _of_objects(value, known)
    lists = {key: one for key, one in value.items() if isinstance(one, list)}
    if lists and len(lists) == len(value) and known(list(value)) > 1:
        return [dict(zip(lists, row, strict=False)) for row in zip(*lists.values(), strict=False)]
    found = [one for one in lists.values() if one and isinstance(one[0], dict)]
    return max(found, key=len, default=[])


def _of_lists(rows: list[list[Any]], known: Known) -> list[Any]:
    names = [_name(cell) for cell in rows[0]]
    return [dict(zip(names, row, strict=False)) for row in rows[1:]] if known(names) else []


def _of_objects(value: dict[str, dict[str, Any]], known: Known) -> list[Any]:
    """By column ({"name": {"0": "Lu"}}) or by row ({"0": {"name": "Lu"}}): where the names of columns are."""
    inner = dict.fromkeys(key for one in islice(value.values(), SAMPLE) for key in one)
    if known(list(value)) < known(list(inner)):
        return list(value.values())
    keys = dict.fromkeys(key for column in value.values() for key in column)
    return [{name: column.get(key) for name, column in value.items()} for key in keys]


def _name(value: object) -> str:
    """A column of several levels is named by them all."""
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def cells_of(value: Mapping[str, Any]) -> Cells:
    """The cells of an object; what is in an object within it stands under both names."""
    cells: Cells = {}
    for key, one in islice(value.items(), _MOST_COLUMNS):
        inner = one.items() if isinstance(one, dict) and "text" not in one else ()
        for name, deep in inner:
            _put(cells, f"{key}.{name}", deep)
        if not inner:
            _put(cells, key, one)
    return cells


def _put(cells: Cells, name: str, value: object) -> None:
    name = named(name)
    cell: Cell
    if isinstance(value, list):
        cell = tuple(text for one in value[:_MOST_COLUMNS] if (text := _text(one)))
    else:
        cell = _text(value)
    if cell:
        cells[name] = cell


def _text(value: object) -> str:
    """One value as text; of an object its "text"."""
    if isinstance(value, dict):
        value = value.get("text")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        # NaN is what pandas has where there is nothing.
        return "" if value != value else str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)
    if isinstance(value, int):
        return str(value) if value.bit_length() < 256 else ""
    return value.replace("\x00", "").strip() if isinstance(value, str) else ""
