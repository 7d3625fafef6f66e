"""Tables on a terminal, readable from 80 columns on: nothing runs over, and what is to be copied stays whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `whole` cells are never broken, `wide` ones share what room is left, and numbers stand `right`."""

    heading: str
    whole: bool = False
    wide: bool = False
    right: bool = False


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[str]], keep: Collection[str] = ()) -> None:
    """A table on stdout. `keep` are names that no line breaks."""
    from rich.console import Console

    console = Console()
    show_table(console, columns, rows, keep)


def show_table(
    console: Console, columns: Sequence[Column], rows: Iterable[Sequence[str]], keep: Collection[str] = ()
) -> None:
    """The same on this console. Where whole cells would leave no room, each row becomes lines under each other."""
    cells = [tuple(row) for row in rows]
    if _fits(columns, cells, console.width):
        console.print(_table(columns, cells, keep))
    else:
        _print_records(console, columns, cells, keep)


_GAP = 2
_LEAST = 16  # cells that running text needs


def _fits(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> bool:
    from rich.cells import cell_len

    from service.rendering.wrapping import longest

    needed = 1
    for at, column in enumerate(columns):
        texts = [column.heading, *(row[at] for row in rows)]
        if column.whole:
            needed += max(cell_len(line) for text in texts for line in text.split("\n"))
        else:
            needed += max(_LEAST if column.wide else 0, min(max(map(longest, texts)), _LEAST))
        needed += _GAP
    return needed <= width


def _table(columns: Sequence[Column], rows: Sequence[Sequence[str]], keep: Collection[str]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from service.cli.prose import Prose

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), collapse_padding=True)
    for column in columns:
        table.add_column(
            column.heading,
            no_wrap=column.whole,
            overflow="fold",
            ratio=1 if column.wide else None,
            justify="right" if column.right else "left",
        )
    for row in rows:
        # Text and not a string: names and words of members must not be read as markup.
        table.add_row(*(Text(cell) if c.whole else Prose(cell, keep) for c, cell in zip(columns, row, strict=True)))
    return table


def _print_records(
    console: Console, columns: Sequence[Column], rows: Sequence[Sequence[str]], keep: Collection[str]
) -> None:
    from rich.table import Table
    from rich.text import Text

    from service.cli.prose import Prose

    grid = Table.grid(padding=(0, _GAP, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    for row in rows:
        for column, cell in zip(columns, row, strict=True):
            if cell:
                body = Text(cell, no_wrap=True, overflow="fold") if column.whole else Prose(cell, keep)
                grid.add_row(Text(column.heading, style="dim"), body)
        grid.add_row("", "")
    console.print(grid)
