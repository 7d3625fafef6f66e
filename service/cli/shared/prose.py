"""Running text on a terminal that breaks as `service.rendering.wrapping` says, also in the cell of a table."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions
from rich.measure import Measurement
from rich.padding import Padding
from rich.text import Text

from service.rendering.wrapping import longest, wrapped


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
