"""Large JSON files, one value at a time, whatever is wrong with them.

A list is read item by item: memory holds one item and what was read ahead. A broken item spoils itself only, where its
end can be found; what follows a file that is cut off or holds something monstrous is given up, in words.
"""

from __future__ import annotations

import codecs
import json
import re
import tarfile
import zipfile
import zlib
from collections.abc import Container as Holds
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any, Final, NamedTuple

from service.importers.container import HEAD, Container
from service.importers.decoding import encoding_of, lines_of, text_of
from training.archive import ArchiveError, BadRow

LONGEST_VALUE = 16 << 20  # characters; no message is as long
MOST_BROKEN = 10_000
_CHUNK = 1 << 18
_PAIRED = '{["'
_SPACE = re.compile(r"[ \t\r\n]*")
_BRACKET = re.compile(r'[\[\]{}"]')
_IN_STRING = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)
_SCALAR = re.compile(r"[^,\]}\s]+")
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|.)", re.DOTALL)
_decode = json.JSONDecoder(strict=False).raw_decode

# What goes wrong in reading a file, or in unpacking it.
UNREADABLE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError, NotImplementedError, RuntimeError)


class Broken(NamedTuple):
    """A value that is no JSON, and why. `last`: nothing of the file is read after it."""

    reason: str
    last: bool = False


class Begins:
    """Stands for an object or a list that is opened: what is in it follows."""


BEGINS: Final = Begins()


class Found(NamedTuple):
    """A value at `path` ("messages[]" for an item of messages), the `number`th of its list or object, from 1."""

    path: str
    number: int
    value: Any


def walk(files: Container, name: str, opened: Holds[str]) -> Iterator[Found]:
    """The values of a JSON file in their order. Those at the paths `opened` are entered, all others are given whole.

    "" is the file's own value, "a.b" a member of a member, "a[]" an item of a list. Never raises: what cannot be read
    is Broken.
    """
    stream = None
    try:
        stream = files.open(name)
        yield from _Walker(stream, opened).value("", 1)
    except _GivenUpError as error:
        yield Found("", 1, Broken(str(error), last=True))
    except (*UNREADABLE, ArchiveError) as error:
        yield Found("", 1, Broken(f"the file cannot be read further: {error}", last=True))
    finally:
        if stream is not None:
            stream.close()


def json_lines(files: Container, name: str) -> Iterator[Found]:
    """The values of a file with one on each line, as items of "[]". Never raises: what cannot be read is Broken."""
    try:
        stream, _ = text_of(files, name)
        with stream:
            for number, line in lines_of(stream):
                if line.strip():
                    yield Found("[]", number, _line(line.removeprefix("\ufeff")))
    except (*UNREADABLE, ArchiveError) as error:
        yield Found("[]", 1, Broken(f"the file cannot be read further: {error}", last=True))


def _line(line: str) -> Any:
    try:
        return json.loads(line, strict=False)
    except (ValueError, RecursionError) as error:
        return Broken(f"not JSON: {str(error)[:80]}")


def bad(name: str, found: Found) -> BadRow:
    """What is Broken, as a row."""
    return BadRow(name, found.number, str(found.value.reason))


def json_heads(files: Container, *endings: str, most: int = 6, size: int = HEAD) -> Iterator[tuple[str, str]]:
    """Names and beginnings of the files that lie least deep, to recognise a format by; a single file is always tried.

    Never raises: files that cannot be read are left out.
    """
    names = list(files.names) if len(files.names) == 1 else files.ending(*endings)
    for name in islice(sorted(names, key=lambda name: (name.count("/"), name)), most):
        yield name, head_of(files, name, size)


def head_of(files: Container, name: str, size: int = HEAD) -> str:
    """The beginning of a file as text, "" where it cannot be read."""
    try:
        head = files.head(name, size)
        return head.decode(encoding_of(head), "replace").lstrip("\ufeff")
    except (*UNREADABLE, ArchiveError, KeyError, ValueError):
        return ""


class _GivenUpError(Exception):
    """Nothing more can be read of this file; the text says why."""


class _Walker:
    def __init__(self, stream: IO[bytes], opened: Holds[str]) -> None:
        self._stream, self._opened, self._broken = stream, opened, 0
        first = stream.read(_CHUNK)
        encoding = encoding_of(first[:HEAD])
        errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
        self._decoder = codecs.getincrementaldecoder(encoding)(errors)
        self._text, self._at, self._whole = self._decoder.decode(first, not first), 0, not first

    def value(self, path: str, number: int) -> Iterator[Found]:
        begin = self._next()
        if path not in self._opened or begin not in ("{", "["):
            yield Found(path, number, self._decoded(begin))
            return
        self._at += 1
        yield Found(path, number, BEGINS)
        yield from self._items(f"{path}[]") if begin == "[" else self._members(path)

    def _items(self, path: str) -> Iterator[Found]:
        number, entered = 0, path in self._opened
        while (begin := self._next()) != "]":
            number += 1
            if entered:
                yield from self.value(path, number)
            else:
                yield Found(path, number, self._decoded(begin))
            self._comma("]")
        self._at += 1

    def _members(self, path: str) -> Iterator[Found]:
        number = 0
        while (begin := self._next()) != "}":
            number += 1
            key = self._decoded(begin)
            if not isinstance(key, str) or self._next() != ":":
                raise _GivenUpError("not JSON: a name is missing; what comes after it is not read")
            self._at += 1
            yield from self.value(f"{path}.{key}" if path else key, number)
            self._comma("}")
        self._at += 1

    def _comma(self, end: str) -> None:
        after = self._next()
        if after == ",":
            self._at += 1
        elif after != end:
            raise _GivenUpError(f"not JSON: {after!r} where a comma should be; what comes after it is not read")

    def _next(self) -> str:
        """The next character that is no space."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                raise _GivenUpError("the file ends in the middle; what came before is taken. Export it once more")

    def _decoded(self, begin: str) -> Any:
        """The value that begins here, or Broken."""
        while True:
            # A number may go on in what is not read yet.
            if begin not in _PAIRED and _end(self._text, self._at, begin) < 0 and self._more():
                continue
            try:
                value, self._at = _decode(self._text, self._at)
                return value
            except (ValueError, RecursionError) as error:
                reason = error
            end = _end(self._text, self._at, begin)
            if end < 0:
                if not self._more():
                    raise _GivenUpError("the file ends in the middle; what came before is taken. Export it once more")
                continue
            broken, self._at = self._text[self._at : end], end
            value = _repaired(broken, reason)
            self._broken += isinstance(value, Broken)
            if self._broken > MOST_BROKEN:
                raise _GivenUpError(f"more than {MOST_BROKEN:,} values are no JSON; the file is not read further")
            return value

    def _more(self) -> bool:
        """Reads on; False when the end was seen already. What is before this value is forgotten."""
        if self._whole:
            return False
        self._text = self._text[self._at :]
        self._at = 0
        if len(self._text) > LONGEST_VALUE:
            raise _GivenUpError("a value is longer than any message; the file is not read after it")
        data = self._stream.read(max(_CHUNK, len(self._text)))
        self._whole = not data
        self._text += self._decoder.decode(data, self._whole)
        return True


def _end(text: str, at: int, begin: str) -> int:
    """Where the value that begins at `at` ends, -1 where it is not over yet: by its brackets, whatever is in them."""
    if begin not in _PAIRED:
        found = _SCALAR.match(text, at)
        end = found.end() if found else at + 1
        return end if end < len(text) else -1
    depth = 0
    while found := _BRACKET.search(text, at):
        at, mark = found.end(), found[0]
        if mark == '"':
            inside = _IN_STRING.match(text, at)
            at = inside.end() if inside else at
            if text[at : at + 1] != '"':
                return -1
            at += 1
        else:
            depth += 1 if mark in "{[" else -1
        if depth <= 0:
            return at
    return -1


def _repaired(broken: str, reason: Exception) -> Any:
    """Telegram writes control characters as \\x0B, which is no JSON."""
    if isinstance(reason, RecursionError):
        return Broken("not used: lists within lists, too deep to be a message")
    try:
        value, end = _decode(_ESCAPE.sub(lambda found: f"\\u00{found[1]}" if found[1] else found[0], broken))
        return value if end else Broken("not JSON")
    except (ValueError, RecursionError):
        return Broken(f"not JSON: {str(reason)[:80]}")
