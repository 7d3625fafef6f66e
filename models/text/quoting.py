"""Names and quotations, as they may stand inside a sentence; and a choice that stays the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zlib import crc32

from models.text.spacing import EDGE, as_written

NAME_LIMIT = 40

_CLAUSE_ENDS = "；;。.!！?？\n"
_PHRASE_ENDS = _CLAUSE_ENDS + "，,、—:："
_SENTENCE_END = "。.；;，,、!！:： "


def name(text: str) -> str:
    """A name on one line, not too long, kept as it is written."""
    one_line = " ".join(text.replace(EDGE, "").split())
    return as_written(one_line if len(one_line) <= NAME_LIMIT else one_line[: NAME_LIMIT - 1].rstrip() + "…")


def quote(text: str, most: int, *, ends: bool = False) -> str:
    """Somebody's words on one line, to stand between “ and ”, of at most so many characters.

    Cut where a clause ends if that leaves enough, else at a word. The stop at their end goes, unless they `ends` a
    sentence.
    """
    one_line = " ".join(text.replace(EDGE, "").split()).replace("“", "‘").replace("”", "’").replace('"', "'")
    one_line = one_line.rstrip(" " if ends else _SENTENCE_END)
    if len(one_line) <= most:
        return one_line
    for stops in (_CLAUSE_ENDS, _PHRASE_ENDS):
        at = max((i for i, c in enumerate(one_line[: most + 1]) if c in stops and _ends(one_line, i)), default=0)
        if at >= most // 3:
            return one_line[:at].rstrip(_SENTENCE_END)
    head = one_line[: most - 1]
    space = head.rfind(" ")
    return (head[:space] if space > most // 2 else head).rstrip(_SENTENCE_END) + "…"


def in_short(text: str, most: int) -> str:
    """The first thing that somebody's words name, whole; "" where even that is longer than so many characters."""
    whole = quote(text, len(text) + 1)
    if len(whole) <= most:
        return whole
    first = re.split(r"[，,、；;。:：(（]|\.\s", whole)[0].strip()
    return first if 2 <= len(first) <= most else ""


def _ends(text: str, at: int) -> bool:
    """A Latin stop ends something only before a space: not in "1,000" or "node.js"."""
    return text[at] not in ".,:!?;" or not text[at + 1 : at + 2].strip()


def chosen(choices: Sequence[str], *ids: str) -> str:
    """One of several wordings; the same ids always get the same."""
    return choices[crc32("\n".join(ids).encode()) % len(choices)]
