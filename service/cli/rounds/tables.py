"""Rounds on a terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from service.cli.shared.prose import Prose, indented
from service.cli.shared.tables import Column, print_table, show_table
from service.rendering.sheet import Absent, Line, Sheet
from service.rendering.words import day, in_short, trade_off, word

if TYPE_CHECKING:
    from yiqi.v1.invitation_pb2 import Due
    from yiqi.v1.round_pb2 import Round

_COMMA = {"en": ", ", "zh": "、"}
_COLON = {"en": ": ", "zh": "："}


def print_round(sheet: Sheet, *, texts: bool) -> None:
    """A round as an organizer looks at it: how good it is, what could not be, who meets whom and why."""
    console = Console()
    state = f"{word(sheet.kind, sheet.language)} · {word(sheet.state, sheet.language)}"
    console.print(Text(f"{sheet.heading} · {state}", style="bold"))
    console.print(Prose(in_short(sheet)))
    if text := trade_off(sheet):
        console.print(Prose(text))
    names = [seat.name for line in sheet.lines for seat in line.seats]
    for heading, sentences in (("collisions", sheet.collisions), ("relaxed", sheet.relaxed)):
        _listed(console, word(heading, sheet.language), sentences, names)
    if sheet.lines:
        if slot := _one_slot(sheet):
            console.print(Text(f"{word('time', sheet.language)}{_COLON[sheet.language]}{slot}"))
        _print_matches(console, sheet, texts)
    _listed(console, word("byes", sheet.language), _byes(sheet, texts), names)
    colon = _COLON[sheet.language]
    left_out = [f"{one.name}{colon}{_told(one, texts)}" for one in sheet.left_out]
    _listed(console, word("left_out", sheet.language), left_out, names)
    _listed(console, word("notes", sheet.language), sheet.notes, names)
    _listed(
        console, word("asked_for", sheet.language), [f"{n}. {rule}" for n, rule in enumerate(sheet.rules, 1)], names
    )


def print_rounds(rounds: Iterable[Round]) -> None:
    """A row a round."""
    from yiqi.client import id_of

    from service.rendering.from_messages import state_of

    rows = []
    for one in rounds:
        since = day((one.publish_time.seconds or one.create_time.seconds) * 1_000_000)
        scores = (f"{one.summary.mean:.2f}", f"{one.summary.worst:.2f}") if one.match_count else ("", "")
        state = f"{word(state_of(one), 'en')}\n{since}"
        rows.append((id_of(one.name), one.title, _kind(one), state, str(one.match_count), *scores))
    columns = (
        Column("round", whole=True),
        Column("title", wide=True),
        Column("kind", whole=True),
        Column("state, since", whole=True),
        *(Column(heading, whole=True, right=True) for heading in ("matches", "mean", "worst")),
    )
    print_table(columns, rows) if rows else print("no rounds")


def print_due(due: Iterable[Due], names: dict[str, str]) -> None:
    """What to ask whom, with the text to paste: under the invitation, which goes into `yiqi round answer`."""
    from yiqi.client import id_of

    console, found = Console(highlight=False), list(due)
    for one in found:
        member = id_of(one.member)
        who = f"{names[member]} ({member})" if names.get(member) else member
        console.print(Text(f"{id_of(one.invitation)}  {who} · {day(one.since.seconds * 1_000_000)}", style="bold"))
        console.print(indented(Prose(one.text, [*names.values()])))
    if not found:
        console.print("nothing is due")


def _print_matches(console: Console, sheet: Sheet, texts: bool) -> None:
    names = [seat.name for line in sheet.lines for seat in line.seats]
    headings = _columns(sheet)
    columns = (
        *(Column(word(key, sheet.language), whole=True, right=key == "match") for key in headings),
        Column(word("people", sheet.language)),
        Column(word("why", sheet.language), wide=True),
        Column(word("score", sheet.language), whole=True, right=True),
    )
    show_table(console, columns, [_row(sheet, n, texts, headings) for n in range(len(sheet.lines))], names)


def _row(sheet: Sheet, at: int, texts: bool, headings: Sequence[str]) -> list[str]:
    line = sheet.lines[at]
    cells = {
        "match": f"{at + 1}{'*' if line.locked else ''}",
        "sitting": str(line.sitting + 1),
        "time": line.slot,
        "team": line.team,
    }
    people = "\n".join(f"{seat.name} ({seat.role})" if seat.role else seat.name for seat in line.seats)
    return [*(cells[heading] for heading in headings), people, _why(line, texts), f"{line.score:.2f}"]


def _columns(sheet: Sheet) -> list[str]:
    columns = ["match"]
    if sheet.sittings > 1:
        columns.append("sitting")
    if any(line.slot for line in sheet.lines) and not _one_slot(sheet):
        columns.append("time")
    if any(line.team for line in sheet.lines):
        columns.append("team")
    return columns


def _one_slot(sheet: Sheet) -> str:
    """The time that all matches have; "" where they have several or none. Once above the list it leaves more room."""
    slots = {line.slot for line in sheet.lines}
    return slots.pop() if len(slots) == 1 else ""


def _why(line: Line, texts: bool) -> str:
    if texts:
        return "\n".join(f"→ {seat.text}" for seat in line.seats)
    reasons = [f"· {sentence}" for sentence in line.why]
    return "\n".join([*reasons, *([f"→ {line.starter}"] if line.starter else [])])


def _byes(sheet: Sheet, texts: bool) -> list[str]:
    """A line for all of whom the same is told of the same sitting."""
    together: dict[tuple[str, str], list[str]] = {}
    for one in sheet.byes:
        together.setdefault((_sitting(one, sheet), _told(one, texts)), []).append(one.name)
    comma, colon = _COMMA[sheet.language], _COLON[sheet.language]
    return [f"{comma.join(names)}{sitting}{colon}{told}" for (sitting, told), names in together.items()]


def _told(one: Absent, texts: bool) -> str:
    return one.text if texts and one.text else one.why


def _sitting(one: Absent, sheet: Sheet) -> str:
    if one.sitting is None or sheet.sittings == 1:
        return ""
    return f"（第 {one.sitting + 1} 场）" if sheet.language == "zh" else f" (sitting {one.sitting + 1})"


def _listed(console: Console, heading: str, sentences: Sequence[str], names: Collection[str]) -> None:
    if sentences:
        console.print(Text(heading, style="bold"))
        for sentence in sentences:
            console.print(indented(Prose(sentence, names), 2))


def _kind(round_: Any) -> str:
    from service.api import enums

    return word(enums.ROUND_KIND.word(round_.spec.kind), "en")
