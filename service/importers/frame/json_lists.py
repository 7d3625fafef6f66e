"""JSON as scripts save what an API answers: a list, pages with a list in them, or one object a line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import Any, NamedTuple

from models.archive.container import ArchiveError, BadRow
from service.importers.frame.container import Container
from service.importers.frame.decoding import LONGEST_LINE, lines_of, text_of
from service.importers.frame.json_walk import BEGINS, UNREADABLE, Broken, head_of, json_heads, walk

_FIRST = 1 << 20  # bytes in which the first line ends


class Item(NamedTuple):
    """An object of a file, where it stands, from 1, and the page that it is on ({} for none)."""

    line: int
    value: dict[str, Any]
    page: dict[str, Any]


def objects(files: Container, name: str, lists: Collection[str]) -> Iterator[Item | BadRow]:
    """The objects of a file. `lists` are where pages keep theirs: "items", "data.items".

    Memory holds one object (of lines: one line). What is broken comes as BadRow; never raises.
    """
    if _is_lines(files, name):
        yield from _of_lines(files, name, lists)
    else:
        yield from _of_one(files, name, lists)


def files_of(files: Container, endings: Collection[str], sure: Callable[[Container, str, str], float]) -> list[str]:
    """The files of a container that a format is rather `sure` of, by their names and beginnings."""
    heads = json_heads(files, *endings, most=len(files.names))
    return [name for name, head in heads if sure(files, name, head) >= 0.5]


def _is_lines(files: Container, name: str) -> bool:
    """Whether the first lines are objects, one each; a broken one among them is no reason against it."""
    lines = [line.strip() for line in head_of(files, name, _FIRST).split("\n")]
    lines = [line for line in lines if line][:3]
    if len(lines) > 1:
        return all(line.startswith("{") for line in lines) and any(map(_is_object, lines))
    return _is_object("".join(lines))


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line.removesuffix(",")), dict)
    except (ValueError, RecursionError):
        return False


def _of_lines(files: Container, name: str, lists: Collection[str]) -> Iterator[Item | BadRow]:
    number = 0
    try:
        stream, _ = text_of(files, name)
        with stream:
            for number, line in lines_of(stream):
                if line := line.strip().lstrip("\ufeff").removesuffix(","):
                    yield from _of_line(name, number, line, lists)
    except (*UNREADABLE, ArchiveError) as error:
        yield BadRow(name, number + 1, f"the file cannot be read further: {error}")


def _of_line(name: str, number: int, line: str, lists: Collection[str]) -> Iterator[Item | BadRow]:
    if len(line) >= LONGEST_LINE:
        yield BadRow(name, number, "a line that is longer than any message; save one message a line")
        return
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        yield BadRow(name, number, f"not JSON: {str(error)[:80]}")
        return
    yield from _within(name, number, value, lists)


def _at(value: dict[str, Any], path: str) -> list[Any] | None:
    inner: Any = value
    for part in path.split("."):
        inner = inner.get(part) if isinstance(inner, dict) else None
    return inner if isinstance(inner, list) else None


def _of_one(files: Container, name: str, lists: Collection[str]) -> Iterator[Item | BadRow]:
    """A list of objects or of pages, or one page, or one object."""
    ways = {"", *(path[: dot.start()] for path in lists for dot in re.finditer(r"\.", path)), *lists}
    items = {f"{path}[]" for path in lists}
    page: dict[str, Any] = {}
    paged = False
    for found in walk(files, name, ways):
        if isinstance(found.value, Broken):
            yield BadRow(name, max(found.number, 1), found.value.reason)
        elif found.path == "[]":
            yield from _within(name, found.number, found.value, lists)
        elif found.path in items:
            yield _item(name, found.number, found.value, page)
        elif found.value is BEGINS:
            paged = paged or found.path in lists
        elif found.path and "." not in found.path:
            page[found.path] = found.value
    if page and not paged:
        yield Item(1, page, {})


def _within(name: str, number: int, value: Any, lists: Collection[str]) -> Iterator[Item | BadRow]:
    """An object, or the objects of a page."""
    inner = None
    if isinstance(value, dict):
        inner = next((inner for path in lists if (inner := _at(value, path)) is not None), None)
    for one in [value] if inner is None else inner:
        yield _item(name, number, one, {} if inner is None else value)


def _item(name: str, number: int, value: Any, page: dict[str, Any]) -> Item | BadRow:
    return Item(number, value, page) if isinstance(value, dict) else BadRow(name, number, "not a JSON object")


def first_objects(files: Container, name: str, lists: Collection[str], most: int = 3) -> list[dict[str, Any]]:
    """Some objects of the beginning, to recognise a format by. Never raises."""
    return [item.value for item in islice(objects(files, name, lists), most) if isinstance(item, Item)]
