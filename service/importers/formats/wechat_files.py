"""Blocks of text files and objects of JSON files, as the WeChat exporters write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from service.importers.container import Container
from service.importers.decoding import items, lines_of, text_of
from service.importers.formats.wechat_table import KNOWN, role_of
from service.importers.transcript import Unused
from training.archive import ArchiveError, BadRow

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


def objects(files: Container, name: str, prefix: str) -> Iterator[tuple[int, Mapping[str, Any]] | BadRow]:
    """Objects of a list in a JSON file with their positions from 1; of a file that breaks off, what came before."""
    number = 0
    try:
        for number, one in enumerate(items(files, name, prefix), 1):
            if isinstance(one, dict):
                yield number, one
            else:
                yield BadRow(name, number, "not a JSON object")
    except ArchiveError as error:
        if not number:
            raise
        yield BadRow(name, number + 1, f"the file breaks off here; export it again ({error})")


def object_lines(files: Container, name: str) -> Iterator[tuple[int, Mapping[str, Any]] | BadRow]:
    """Objects of a file with one a line, with their lines."""
    stream, _ = text_of(files, name)
    with stream:
        for number, line in lines_of(stream):
            line = line.removeprefix("\ufeff").strip()
            if not line:
                continue
            try:
                found = orjson.loads(line.encode("utf-8", "surrogateescape"))
            except ValueError as error:
                yield BadRow(name, number, f"not JSON: {error}")
                continue
            yield (number, found) if isinstance(found, dict) else BadRow(name, number, "not a JSON object")


def one_object(files: Container, name: str, prefix: str) -> Mapping[str, Any]:
    """The first object at a place of a JSON file; an empty one where there is none."""
    try:
        found = next(items(files, name, prefix), None)
    except ArchiveError:
        return {}
    return found if isinstance(found, dict) else {}


def text_at(record: Mapping[str, Any], *keys: str) -> str:
    """The first of these fields that is a text or a whole number, as text."""
    for key in keys:
        value = record.get(key)
        if isinstance(value, str) and value.strip():
            return value.replace("\x00", "").strip()
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
