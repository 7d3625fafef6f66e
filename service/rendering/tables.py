"""A round as CSV for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator

from service.rendering.rows import Cell, as_csv
from service.rendering.sheet import Line, Seat, Sheet
from service.rendering.words import word


def matches_csv(sheet: Sheet) -> bytes:
    """One row a match: its number, time, scores, why it was made, a starter, then everybody by name and id."""
    most = max((len(line.seats) for line in sheet.lines), default=2)
    headings = _words(sheet, "match", "sitting", "time", "team", "score", "worst", "locked", "why", "starter")
    people = [f"{word(key, sheet.language)} {n}" for n in range(1, most + 1) for key in ("person", "id")]
    rows = (_match(sheet, number, line, most) for number, line in enumerate(sheet.lines, 1))
    return as_csv([*headings, *people], rows)


def people_csv(sheet: Sheet) -> bytes:
    """One row for each person in each match: whom they meet, why, and the text for them; then who meets nobody."""
    keys = (
        "person",
        "id",
        "match",
        "sitting",
        "time",
        "team",
        "role",
        "meets",
        "score",
        "why",
        "text",
        "reply",
        "answer",
    )
    return as_csv(_words(sheet, *keys), _people(sheet))


def _match(sheet: Sheet, number: int, line: Line, most: int) -> list[Cell]:
    people = [cell for seat in line.seats for cell in (_with_role(seat), seat.member)]
    return [
        number,
        line.sitting + 1,
        line.slot,
        line.team,
        round(line.score, 3),
        round(line.worst, 3),
        word("yes", sheet.language) if line.locked else "",
        " ".join(line.why),
        line.starter,
        *people,
        *([""] * (2 * (most - len(line.seats)))),
    ]


def _people(sheet: Sheet) -> Iterator[list[Cell]]:
    for number, line in enumerate(sheet.lines, 1):
        for seat in line.seats:
            others = "; ".join(_with_role(other) for other in line.seats if other is not seat)
            why = " ".join(seat.reasons)
            reply, answer = word(seat.reply, sheet.language), word(seat.answer, sheet.language)
            yield [
                seat.name, seat.member, number, line.sitting + 1, line.slot, line.team, seat.role, others,
                round(line.score, 3), why, seat.text, reply, answer,
            ]  # fmt: skip
    for absent in (*sheet.byes, *sheet.left_out):
        sitting: Cell = "" if absent.sitting is None else absent.sitting + 1
        yield [absent.name, absent.member, "", sitting, "", "", "", "", "", absent.why, absent.text, "", ""]


def _with_role(seat: Seat) -> str:
    return f"{seat.name} ({seat.role})" if seat.role else seat.name


def _words(sheet: Sheet, *keys: str) -> list[str]:
    return [word(key, sheet.language) for key in keys]
