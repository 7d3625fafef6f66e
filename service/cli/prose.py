"""Text in the cell of a table: broken between words and between Chinese letters, never inside a word or a name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions
from rich.measure import Measurement
from rich.padding import Padding
from rich.text import Text

# Chinese, Japanese and Korean letters and their punctuation. Between two of them a line may end.
_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
# These stay with what follows, those with what went before.
_OPENING = "（【《“‘「『〈"
_CLOSING = "，。、；：？！）】》”’」』〉…—～·"


class Prose:
    """A cell that wraps well. `keep` are names that no line breaks, as far as they fit."""

    def __init__(self, text: str, keep: Collection[str] = (), style: str = "") -> None:
        self._text = text
        self._keep = tuple(keep)
        self._style = style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        lines = "\n".join(wrapped(self._text, options.max_width, self._keep))
        yield Text(lines, style=self._style, no_wrap=True, overflow="ignore")

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = max(map(cell_len, self._text.splitlines()), default=0)
        least = longest(self._text, self._keep)
        return Measurement(min(least, options.max_width), min(widest, options.max_width))


def indented(prose: Prose, by: int = 3) -> Padding:
    """The same, each line of it further in."""
    return Padding(prose, (0, 0, 0, by))


def longest(text: str, keep: Collection[str] = ()) -> int:
    """The cells that the longest word of a text takes."""
    return max((cell_len(piece.rstrip()) for piece in _pieces(text, tuple(keep))), default=0)


def wrapped(text: str, width: int, keep: Collection[str] = ()) -> list[str]:
    """The lines of a text, each at most `width` cells wide: a word that is longer is cut."""
    return [line for paragraph in text.split("\n") for line in _filled(paragraph, max(width, 2), tuple(keep))]


def _filled(paragraph: str, width: int, keep: tuple[str, ...]) -> Iterator[str]:
    line = ""
    for piece in _pieces(paragraph, keep):
        if line and cell_len(line + piece.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += piece
        while cell_len(line.rstrip()) > width:
            cut = _fitting(line, width)
            yield line[:cut]
            line = line[cut:]
    yield line.rstrip()


def _fitting(line: str, width: int) -> int:
    """How many letters of a line fit; at least one."""
    return max(1, next((at for at in range(len(line)) if cell_len(line[: at + 1]) > width), len(line)))


def _pieces(text: str, keep: tuple[str, ...]) -> list[str]:
    """What stays in one line each: a word with its punctuation, a Chinese letter, a name."""
    return [found[0] for found in _unit(keep).finditer(text)]


@lru_cache(maxsize=64)
def _unit(keep: tuple[str, ...]) -> re.Pattern[str]:
    names = [re.escape(name) for name in sorted(keep, key=len, reverse=True) if name.strip()]
    words = rf"[^\s{_WIDE}{_OPENING}”]+"
    anything = "|".join((*names, words, r"\S", r"\s+"))
    return re.compile(rf"[{_OPENING}]*(?:{anything})[{_CLOSING}]*\s*")
