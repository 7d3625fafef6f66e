"""Rounds on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.rendering.sheet import Absent, Line, Sheet
from service.rendering.words import day, in_short, trade_off, word

if TYPE_CHECKING:
    from yiqi.v1.invitation_pb2 import Due
    from yiqi.v1.round_pb2 import Round


def print_round(sheet: Sheet, *, texts: bool) -> None:
    """A round as an organizer looks at it: how good it is, what could not be, who meets whom and why."""
    console = Console()
    state = f"{word(sheet.kind, sheet.language)} · {word(sheet.state, sheet.language)}"
    console.print(Text(f"{sheet.heading} · {state}", style="bold"))
    console.print(Text(in_short(sheet)))
    if text := trade_off(sheet):
        console.print(Text(text))
    for heading, sentences in (("collisions", sheet.collisions), ("relaxed", sheet.relaxed)):
        _listed(console, word(heading, sheet.language), sentences)
    if sheet.lines:
        console.print(_matches(sheet, texts))
    for heading, people in (("byes", sheet.byes), ("left_out", sheet.left_out)):
        _listed(console, word(heading, sheet.language), [_absent(one, sheet, texts) for one in people])
    _listed(console, word("notes", sheet.language), sheet.notes)
    _listed(console, word("asked_for", sheet.language), [f"{n}. {rule}" for n, rule in enumerate(sheet.rules, 1)])


def print_rounds(rounds: Iterable[Round]) -> None:
    """A line a round."""
    from yiqi.client import id_of

    from service.rendering.from_messages import state_of

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("round", no_wrap=True)
    table.add_column("title", overflow="fold")
    for heading in ("kind", "state"):
        table.add_column(heading, overflow="fold", min_width=6)  # a word of it to a line, where the terminal is narrow
    for heading in ("asked for", "published", "matches", "mean", "worst"):
        table.add_column(heading, no_wrap=True, justify="right")
    for one in rounds:
        dates = (day(one.create_time.seconds * 1_000_000), day(one.publish_time.seconds * 1_000_000))
        scores = (f"{one.summary.mean:.2f}", f"{one.summary.worst:.2f}") if one.match_count else ("", "")
        cells = (id_of(one.name), one.title, _kind(one), word(state_of(one), "en"), *dates, str(one.match_count))
        table.add_row(*map(Text, (*cells, *scores)))
    Console().print(table if table.row_count else Text("no rounds"))


def print_due(due: Iterable[Due], names: dict[str, str]) -> None:
    """What to ask whom, with the text to paste."""
    from yiqi.client import id_of

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("invitation", no_wrap=True)  # to be copied into `yiqi round answer`
    for heading in ("whom", "since", "text"):
        table.add_column(heading, overflow="fold")
    for one in due:
        member = id_of(one.member)
        who = f"{names.get(member) or member}\n{member}"
        table.add_row(*map(Text, (id_of(one.invitation), who, day(one.since.seconds * 1_000_000), one.text)))
    Console().print(table if table.row_count else Text("nothing is due"))


def _matches(sheet: Sheet, texts: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_lines=False)
    columns = _columns(sheet)
    for heading in columns:
        table.add_column(word(heading, sheet.language), no_wrap=True, justify="right" if heading == "match" else "left")
    table.add_column(word("people", sheet.language), overflow="fold", max_width=34)
    table.add_column(word("why", sheet.language), ratio=1, overflow="fold")
    table.add_column(word("score", sheet.language), justify="right", no_wrap=True)
    for number, line in enumerate(sheet.lines, 1):
        cells = {
            "match": f"{number}{'*' if line.locked else ''}",
            "sitting": str(line.sitting + 1),
            "time": line.slot,
            "team": line.team,
        }
        people = "\n".join(f"{seat.name} ({seat.role})" if seat.role else seat.name for seat in line.seats)
        row = [*(cells[heading] for heading in columns), people, _why(line, texts), f"{line.score:.2f}"]
        table.add_row(*map(Text, row))
    return table


def _columns(sheet: Sheet) -> list[str]:
    columns = ["match"]
    if sheet.sittings > 1:
        columns.append("sitting")
    if any(line.slot for line in sheet.lines):
        columns.append("time")
    if any(line.team for line in sheet.lines):
        columns.append("team")
    return columns


def _why(line: Line, texts: bool) -> str:
    if texts:
        return "\n".join(f"→ {seat.text}" for seat in line.seats)
    reasons = [f"· {sentence}" for sentence in line.why]
    return "\n".join([*reasons, *([f"→ {line.starter}"] if line.starter else [])])


def _absent(one: Absent, sheet: Sheet, texts: bool) -> str:
    sitting = ""
    if one.sitting is not None and sheet.sittings > 1:
        sitting = f" ({word('sitting', sheet.language)} {one.sitting + 1})"
    return f"{one.name}{sitting}: {one.text if texts and one.text else one.why}"


def _listed(console: Console, heading: str, sentences: Sequence[str]) -> None:
    if sentences:
        console.print(Text(heading, style="bold"))
        for sentence in sentences:
            console.print(Text(f"  {sentence}"))


def _kind(round_: Any) -> str:
    from yiqi.v1.round_pb2 import RoundKind

    return word(str(RoundKind.Name(round_.spec.kind)).removeprefix("ROUND_KIND_").lower(), "en")
