"""Text files of a container, for formats that are plain text."""

from __future__ import annotations

from collections.abc import Iterator

from models.archive.container import ArchiveError, BadRow
from service.importers.frame.container import Container
from service.importers.frame.decoding import lines_of, text_of
from service.importers.frame.json_walk import UNREADABLE


def texts(files: Container) -> list[str]:
    """Names of text files; a single file is one whatever it is called."""
    return list(files.names) if len(files.names) == 1 else files.ending(".txt")


def lines_in(files: Container, name: str) -> Iterator[tuple[int, str] | BadRow]:
    """Lines with their numbers from 1; BadRow where the file cannot be read further. Never raises."""
    number = 0
    try:
        stream, _ = text_of(files, name)
        with stream:
            for number, line in lines_of(stream):
                yield number, line
    except (*UNREADABLE, ArchiveError, UnicodeError) as error:
        yield BadRow(name, number + 1, f"the file cannot be read further: {error}")
