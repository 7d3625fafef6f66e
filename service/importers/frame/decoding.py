"""Text and JSON out of bytes, as streams. The encoding is told from the beginning; broken bytes spoil one line only."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import IO

from service.importers.frame.container import HEAD, Container

LONGEST_LINE = 16 << 20  # characters; what is longer is no line that somebody wrote
_FOREIGN = re.compile(b"[\x80-\xff]")
_LONE = re.compile("[\ud800-\udfff]")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def encoding_of(head: bytes) -> str:
    """The encoding of text that begins like this: by its mark, else UTF-8, UTF-16 without a mark, or GB18030."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if len(head) > 3 and head.count(0) > len(head) / 4:
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    if head.isascii():
        return "utf-8"
    broken = len(_LONE.findall(head.decode("utf-8", "surrogateescape")[:-4]))
    foreign = len(_FOREIGN.findall(head))
    return "gb18030" if broken > foreign / 10 else "utf-8"


def text_of(files: Container, name: str) -> tuple[IO[str], str]:
    """A file as text, with its line ends as they are, and its encoding. Broken bytes become lone surrogates."""
    encoding = encoding_of(files.head(name))
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    return io.TextIOWrapper(files.open(name), encoding, errors, newline=""), encoding


def head_text(files: Container, name: str, most: int = HEAD) -> str:
    """The beginning of a file as text, to recognise it by."""
    head = files.head(name, most)
    return head.decode(encoding_of(head), "replace")


def lines_of(stream: IO[str]) -> Iterator[tuple[int, str]]:
    """Lines with their numbers from 1, without their ends. A line that is too long is cut."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        yield number, line.rstrip("\r\n")
        while len(line) == LONGEST_LINE and not line.endswith("\n"):
            line = stream.readline(LONGEST_LINE)


def is_broken(text: str) -> bool:
    """Whether text holds bytes that are none of its encoding."""
    try:
        text.encode()
    except UnicodeEncodeError:  # the lone surrogates that `text_of` leaves
        return True
    return False
