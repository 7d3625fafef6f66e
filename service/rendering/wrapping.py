"""Where a line may end: between words and between Chinese letters, never inside a word or a name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from rich.cells import cell_len

# Chinese, Japanese and Korean letters and their punctuation. Between two of them a line may end.
_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
# These stay with what follows, those with what went before.
_OPENING = "（【《“‘「『〈"
_CLOSING = "，。、；：？！）】》”’」』〉…—～·"
# Within a word these say nothing; before and after a name or a Chinese letter they do.
_OPENING_ASCII, _CLOSING_ASCII = r"(\[", r".,;:?!)\]"


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
    return re.compile(rf"[{_OPENING}{_OPENING_ASCII}]*(?:{anything})[{_CLOSING}{_CLOSING_ASCII}]*\s*")
