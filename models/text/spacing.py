"""Spaces where Chinese meets Latin letters or digits, as one sets them; what people wrote stays as they wrote it."""

from __future__ import annotations

import re

_HAN = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_LATIN = r"0-9A-Za-z\u00c0-\u024f"
EDGE = "\x00"  # where words begin or end that stay as they are, until it is known what stands beside them
_BESIDE = re.compile(f"(?<=[{_HAN}]){EDGE}(?=[{_LATIN}])|(?<=[{_LATIN}]){EDGE}(?=[{_HAN}])")
_INSIDE = re.compile(f"(?<=[{_HAN}])(?=[{_LATIN}@])|(?<=[{_LATIN}])(?=[{_HAN}])")
_KEPT = re.compile(f"({EDGE}[^{EDGE}]*{EDGE}|“[^”]*”|《[^》]*》)")


def as_written(text: str) -> str:
    """Words on one line, marked for `settle` to leave as they are and to put spaces around."""
    one_line = " ".join(text.replace(EDGE, "").split())
    return f"{EDGE}{one_line}{EDGE}" if one_line else ""


def settle(text: str) -> str:
    """The text with a space wherever Latin letters or digits touch a Chinese character, and no marks.

    Names and what stands in quotation marks stay as people wrote them.
    """
    spaced = "".join(part if part[:1] in (EDGE, "“", "《") else _INSIDE.sub(" ", part) for part in _KEPT.split(text))
    spaced = spaced.replace(f".{EDGE}.", f".{EDGE}")  # a name that ends with a stop needs no other
    return _BESIDE.sub(" ", spaced).replace(EDGE, "")
