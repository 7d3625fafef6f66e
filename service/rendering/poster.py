"""A round as a picture to send into a group: who meets whom, when and where. No scores: everybody sees it."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from service.rendering.sheet import Line, Occasion, Sheet
from service.rendering.words import heading, names, word
from service.rendering.wrapping import wrapped
from training.pictures import style

_DPI = 150
_WIDTH, _MARGIN = 8.0, 0.4  # inches; legible on a telephone
_LINE, _GAP = 0.24, 0.1
_NAMES_CELLS = 72  # of a line of names at this width, in one column
_ONE_COLUMN = 12  # matches; of more, two columns
_COLOR, _MUTED = "#1a1a1a", "#6a6a6a"


class _Entry(NamedTuple):
    """A heading (no number), or a match: its number, and the lines of its names."""

    number: str
    lines: list[str]

    @property
    def height(self) -> float:
        return len(self.lines) * _LINE + _GAP


def draw(sheet: Sheet, occasion: Occasion) -> bytes:
    """The picture, PNG. The same sheet gives the same bytes, with the same fonts installed."""
    import matplotlib
    from matplotlib.figure import Figure

    columns = 1 if len(sheet.lines) <= _ONE_COLUMN else 2
    entries = list(_entries(sheet, _NAMES_CELLS // columns))
    split = list(_split(entries, columns))
    top = [
        line
        for text in (heading(sheet), occasion.place or sheet.place, sheet.note)
        if text
        for line in wrapped(text, 60)
    ]
    height = 2 * _MARGIN + len(top) * 0.36 + max(sum(one.height for one in part) for part in split) + 0.3
    out = io.BytesIO()
    with matplotlib.rc_context(style() | {"text.parse_math": False}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")  # see `training.pictures.undrawn`
        figure = Figure(figsize=(_WIDTH, height))

        def write(x: float, y: float, text: str, size: float, color: str = _COLOR, ha: str = "left") -> None:
            figure.text(x / _WIDTH, 1 - y / height, text, fontsize=size, color=color, ha=ha, va="baseline")

        y = _MARGIN
        for text in top:
            y += 0.36
            write(_MARGIN, y, text, 15)
        y += 0.3
        for at, part in enumerate(split):
            left, down = _MARGIN + at * (_WIDTH - _MARGIN) / columns, y
            for one in part:
                write(left + 0.36, down + _LINE, one.number, 11, _MUTED, "right")
                x, color = (left + 0.48, _COLOR) if one.number else (left, _MUTED)
                for n, text in enumerate(one.lines, 1):
                    write(x, down + n * _LINE, text, 11, color)
                down += one.height
        figure.savefig(out, format="png", dpi=_DPI, metadata={"Software": None})
    return out.getvalue()


def _entries(sheet: Sheet, cells: int) -> Iterator[_Entry]:
    if not sheet.lines:
        yield _Entry("", [word("nobody", sheet.language)])
    numbered = enumerate(sheet.lines, 1)
    for (sitting, slot), lines in groupby(numbered, key=lambda one: (one[1].sitting, one[1].slot)):
        number = f"{word('sitting', sheet.language)} {sitting + 1}" if sheet.sittings > 1 else ""
        if when := " · ".join(filter(None, (number, slot))):
            yield _Entry("", [when])
        for n, line in lines:
            yield _Entry(str(n), _people(line, sheet, cells))


def _people(line: Line, sheet: Sheet, cells: int) -> list[str]:
    said = f"{line.team}: " if line.team else ""
    return wrapped(said + names(line, sheet.language), cells, [seat.name for seat in line.seats])


def _split(entries: list[_Entry], columns: int) -> Iterator[list[_Entry]]:
    """The entries in so many columns of about the same height; a heading stays with what follows it."""
    if columns == 1:
        yield entries
        return
    half, height, at = sum(one.height for one in entries) / 2, 0.0, 0
    while at < len(entries) and height < half:
        height += entries[at].height
        at += 1
    while at > 1 and not entries[at - 1].number:
        at -= 1
    yield entries[:at]
    yield entries[at:]
