"""Blocks of text files and objects of JSON files, as the WeChat exporters write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from models.archive.container import BadRow
from models.domain.records import Micros
from service.importers.formats.wechat_table import KNOWN, role_of
from service.importers.frame.clock import written
from service.importers.frame.container import Container
from service.importers.frame.decoding import lines_of, text_of
from service.importers.frame.json_walk import Broken, bad, json_lines, walk
from service.importers.frame.transcript import Unused

LONGEST_BLOCK = 1 << 22  # characters of a message


def blocks(
    files: Container, name: str, head: re.Pattern[str]
) -> Iterator[tuple[int, re.Match[str], str] | Unused | BadRow]:
    """Messages of a text file: a line that matches `head`, first in the file or after a blank one, then the words."""
    stream, _ = text_of(files, name)
    begun: tuple[int, re.Match[str]] | None = None
    body: list[str] = []
    size, blank, before = 0, True, 0
    with stream:
        for number, line in lines_of(stream):
            line = line.removeprefix("\ufeff") if number == 1 else line
            match = head.fullmatch(line) if blank and len(line) < 500 else None
            blank = not line.strip()
            if match:
                if begun:
                    yield (*begun, "\n".join(body).strip("\n"))
                begun, body, size = (number, match), [], 0
            elif not begun:
                before += not blank
            else:
                size += len(line) + 1
                if size <= LONGEST_BLOCK:
                    body.append(line)
                elif len(line) + 1 > size - LONGEST_BLOCK:
                    yield BadRow(name, number, "a message that is too long to be one; the rest of it is left out")
    if begun:
        yield (*begun, "\n".join(body).strip("\n"))
    if before:
        yield Unused(what="line before the first message", count=before)


def timed_blocks(
    files: Container, name: str, head: re.Pattern[str], zone: ZoneInfo
) -> Iterator[tuple[int, re.Match[str], str, Micros] | Unused | BadRow]:
    """The same with the time in the group "time" of their heads; a message whose time cannot be read is a BadRow."""
    for block in blocks(files, name, head):
        if isinstance(block, BadRow | Unused):
            yield block
            continue
        number, found, body = block
        try:
            yield number, found, body, written(found["time"], zone)
        except ValueError as error:
            yield BadRow(name, number, f"time: {error}")


# Lists of the exporters' JSON: walked item by item, so that none is ever held as a whole.
_LISTS = frozenset(("", "messages", "members", "senders", "groupMembers", "avatars"))


def objects(files: Container, name: str, of: str) -> Iterator[tuple[int, Mapping[str, Any]] | BadRow]:
    """Objects of a list in a JSON file with their positions from 1; `of` is its key, "" where it is the whole file.

    Of a file that breaks off, what came before, and that it does.
    """
    for found in walk(files, name, _LISTS):
        if isinstance(found.value, Broken):
            if found.path == f"{of}[]" or found.value.last:
                yield bad(name, found)
        elif found.path == f"{of}[]":
            one = found.value
            yield (found.number, one) if isinstance(one, dict) else BadRow(name, found.number, "not a JSON object")


def object_lines(files: Container, name: str) -> Iterator[tuple[int, Mapping[str, Any]] | BadRow]:
    """Objects of a file with one a line, with their lines."""
    for found in json_lines(files, name):
        if isinstance(found.value, Broken):
            yield bad(name, found)
        else:
            one = found.value
            yield (found.number, one) if isinstance(one, dict) else BadRow(name, found.number, "not a JSON object")


def listed(files: Container, name: str, of: str) -> Iterator[Mapping[str, Any]]:
    """The same without what is broken: for lists of people, whom the messages name again."""
    for one in objects(files, name, of):
        if not isinstance(one, BadRow):
            yield one[1]


def one_object(files: Container, name: str, key: str) -> Mapping[str, Any]:
    """A member of a JSON file that is an object; an empty one where there is none."""
    for found in walk(files, name, _LISTS):
        if found.path == key and isinstance(found.value, dict):
            return found.value
    return {}


def text_at(record: Mapping[str, Any], *keys: str) -> str:
    """The first of these fields that is a text or a whole number, as text."""
    for key in keys:
        value = record.get(key)
        if isinstance(value, str) and value.strip():
            return value.replace("\x00", "").strip()
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e17:
            value = int(value)
        if isinstance(value, int):
            return str(int(value)) if value.bit_length() < 256 else ""
    return ""


def as_row(record: Mapping[str, Any]) -> dict[str, str]:
    """Fields of an object by what they are for, where the header words of tables know their names."""
    row: dict[str, str] = {}
    for key in record:
        if key.casefold() in KNOWN and (text := text_at(record, key)):
            row.setdefault(role_of(key), text)
    return row
