"""Long work made visible: a bar on a terminal, a plain line every few seconds elsewhere. Both go to stderr."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

# (what is being done, how much is done, out of how much or None when nobody knows)
Report: TypeAlias = Callable[[str, int, int | None], None]

_EVERY_SECONDS = 5.0


@contextmanager
def progress(*, memory: bool = False) -> Iterator[Report]:
    """Hands out a function to report with, for as long as the work takes; with the most memory held so far."""
    held = held_so_far if memory else lambda: ""
    if sys.stderr.isatty():
        with _bars(held) as report:
            yield report
    else:
        yield _lines(held)


def held_so_far() -> str:
    """The most memory that this process held so far, for people."""
    kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> (10 if sys.platform == "darwin" else 0)
    return f"{kibibytes >> 10:,} MiB"


@contextmanager
def _bars(held: Callable[[], str]) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[held]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total, held=held())
            bars.update(tasks[stage], completed=done, total=total, held=held())

        yield report


def _lines(held: Callable[[], str]) -> Report:
    said: dict[str, float] = {}

    def report(stage: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if done != total and now - said.get(stage, -_EVERY_SECONDS) < _EVERY_SECONDS:
            return
        said[stage] = now
        most = held()
        print(f"{stage}{_how_far(done, total)}{most and f', {most}'}", file=sys.stderr, flush=True)

    return report


def _how_far(done: int, total: int | None) -> str:
    if total is None:
        return f": {done:,}" if done else ""
    return f": {done:,} of {total:,}"
