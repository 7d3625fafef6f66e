"""Tables on a terminal, readable from 80 columns on: nothing runs over, and what is to be copied stays whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_GAP = 2
_LEAST = 16  # cells that running text needs
_MOST = 30  # and that a column gets at most which is not `wide`


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `whole` cells are never broken, `wide` ones share what room is left, and numbers stand `right`.

    Cells of the others are broken between words only, so that an id in them stays whole, too.
    """

    heading: str
    whole: bool = False
    wide: bool = False
    right: bool = False


def print_table(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], keep: Collection[str] = (), title: str = ""
) -> None:
    """A table on stdout. `keep` are names that no line breaks."""
    from rich.console import Console

    show_table(Console(), columns, rows, keep, title)


def show_table(
    console: Console,
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    keep: Collection[str] = (),
    title: str = "",
) -> None:
    """The same on this console. Where whole cells leave no room for text, each row becomes lines under each other."""
    from rich.text import Text

    cells = [tuple(row) for row in rows]
    if title:
        console.print(Text(title, style="italic"))
    widths = _widths(columns, cells, keep, console.width)
    if widths is None:
        _print_records(console, columns, cells, keep)
    else:
        console.print(_table(columns, cells, keep, widths))


def _widths(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], keep: Collection[str], room: int
) -> list[int] | None:
    """The cells that each column gets; None where text would have too little room."""
    from rich.cells import cell_len

    from service.rendering.wrapping import longest

    names = tuple(keep)
    widths, wide = [0] * len(columns), []
    for at, column in enumerate(columns):
        texts = [column.heading, *(row[at] for row in rows)]
        natural = max(cell_len(line) for text in texts for line in text.split("\n"))
        if column.wide:
            wide.append((natural, at))
        elif column.whole:
            widths[at] = natural
        else:
            widths[at] = max(min(natural, _MOST), *(longest(text, names) for text in texts))
    left = room - sum(widths) - _GAP * len(columns)
    for shares, (natural, at) in zip(range(len(wide), 0, -1), sorted(wide), strict=True):
        widths[at] = min(natural, left // shares)
        left -= widths[at]
        if widths[at] < min(natural, _LEAST):
            return None
    return widths if left >= 0 else None


def _table(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], keep: Collection[str], widths: Sequence[int]
) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from service.cli.shared.prose import Prose

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, _GAP - 1, 0, 0))
    for column, width in zip(columns, widths, strict=True):
        table.add_column(column.heading, width=width, no_wrap=column.whole, justify="right" if column.right else "left")
    for row in rows:
        # Text and not a string: names and words of members must not be read as markup.
        table.add_row(*(Text(cell) if c.whole else Prose(cell, keep) for c, cell in zip(columns, row, strict=True)))
    return table


def _print_records(
    console: Console, columns: Sequence[Column], rows: Sequence[Sequence[str]], keep: Collection[str]
) -> None:
    from rich.table import Table
    from rich.text import Text

    from service.cli.shared.prose import Prose

    grid = Table.grid(padding=(0, _GAP, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    for row in rows:
        for column, cell in zip(columns, row, strict=True):
            if cell:
                grid.add_row(Text(column.heading, style="dim"), Prose(cell, keep))
        grid.add_row("", "")
    console.print(grid)
