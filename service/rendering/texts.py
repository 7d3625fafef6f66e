"""The texts of a round, for the people in it: one row each, or one file each."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from service.rendering.sheet import Sheet

COLUMNS = ("member", "name", "match", "sitting", "time", "invitation", "changed", "text")


class Text(NamedTuple):
    """What one person is told of one match (numbered from 1; "" for a bye), ready to be pasted."""

    member: str
    name: str
    match: int | str
    sitting: int
    time: str
    invitation: str
    changed: bool
    text: str


def texts_of(sheet: Sheet) -> list[Text]:
    """All texts of a round, by person and sitting; people by name."""
    return sorted(_texts(sheet), key=lambda one: (one.name.casefold(), one.member, one.sitting))


def new_texts(after: Sheet, before: Sheet) -> list[Text]:
    """The texts of those for whom something is other than it was: with whom, when, or nobody any more."""
    there = {(line.id, line.slot) for line in before.lines}
    fresh = {number for number, line in enumerate(after.lines, 1) if (line.id, line.slot) not in there}
    sat_out = {(bye.member, (bye.sitting or 0) + 1) for bye in before.byes}

    def new(one: Text) -> bool:
        return one.match in fresh if one.match else (one.member, one.sitting) not in sat_out

    return [one for one in texts_of(after) if new(one)]


def by_member(texts: Collection[Text]) -> dict[str, str]:
    """What each person is told, by id: the texts of several sittings under each other."""
    found: dict[str, list[str]] = {}
    for one in texts:
        found.setdefault(one.member, []).append(one.text)
    return {member: "\n\n".join(told) + "\n" for member, told in found.items()}


def _texts(sheet: Sheet) -> Iterator[Text]:
    for number, line in enumerate(sheet.lines, 1):
        for seat in line.seats:
            yield Text(
                seat.member, seat.name, number, line.sitting + 1, line.slot, line.invitation, line.changed, seat.text
            )
    for bye in sheet.byes:
        if bye.text:
            yield Text(bye.member, bye.name, "", (bye.sitting or 0) + 1, "", "", bye.changed, bye.text)
