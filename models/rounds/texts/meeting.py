"""A match as members are told of it, and what every text about one has in common."""

from __future__ import annotations

from dataclasses import dataclass, field

from models.domain.facts import Fact, Value
from models.rounds.spec.requests import RoundKind
from models.rounds.texts.notice import Notice, day_said
from models.rounds.texts.phrases import TITLED, Asked, Part
from models.text.quoting import quote

# How much of a text is said, from the fullest version to the barest.
FULL, GIFTS, TOPIC, BARE = 3, 2, 1, 0
TITLE, _TIME = 40, 40  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A match as members are told of it.

    `roles` stand beside `members` in a team, whose name is `title`; `sought` are those that nobody plays yet. `sides`
    are the names of the sides that the `members` of a pair stand on. `asks` is double opt-in before both have agreed;
    `sitting` counts from 0 and is told where there are several. `round_title` is what people call the round, `notice`
    when and where it is and what its organizer adds.
    """

    members: tuple[str, ...]
    kind: RoundKind = "pairs"
    roles: tuple[str, ...] = ()
    sought: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    title: str = ""
    slot: str = ""
    sitting: int = 0
    sittings: int = 1
    standing: bool = False
    asks: bool = False
    round_title: str = ""
    notice: Notice = field(default_factory=Notice)

    def role_of(self, member: str) -> str:
        """The part that a member plays; "" for none."""
        at = self.members.index(member) if member in self.members else len(self.roles)
        return self.roles[at] if at < len(self.roles) else ""


def opened(meeting: Meeting, part: Part, **filled: Value) -> list[Fact]:
    """The first sentence, with what the round is called, and how often."""
    if meeting.round_title and part in TITLED:
        opening = [Fact(f"round.{part}_titled", {"title": quote(meeting.round_title, TITLE), **filled})]
    else:
        opening = [said(part, **filled)]
    if meeting.sittings > 1:
        opening.append(said("sitting", n=meeting.sitting + 1, all=meeting.sittings))
    if meeting.standing:
        opening.append(said("meet_again"))
    return opening


def closed(meeting: Meeting, other: str = "") -> list[Fact]:
    """When and where, or how to find the `other`, or one another, and the organizer's own sentence as they wrote it."""
    notice, slot = meeting.notice, quote(meeting.slot, _TIME)
    parts = [said("when", x=(day_said(notice.date), slot))] if notice.date or slot else []
    if notice.place:
        parts.append(said("where", x=notice.place))
    if not (meeting.asks or notice.place or meeting.sittings > 1):
        parts.append(said(_to_find(meeting, bool(other)), other=other))
    return [*parts, said("note", x=notice.note)]


def _to_find(meeting: Meeting, one: bool) -> Part:
    """What those who meet have still to agree on, with `one` other or all."""
    if meeting.slot or ":" in meeting.notice.date:
        return "find_place" if one else "find_place_all"
    if meeting.notice.date:
        return "find_hour" if one else "find_hour_all"
    return "find" if one else "find_all"


def question(part: Part, asked: Asked, *ids: str) -> Fact:
    """A question about a matter, introduced; the ids choose among its wordings."""
    return said(part, x=Fact(f"round.question.{asked or 'any'}", ids=ids))


def said(part: Part, **filled: Value) -> Fact:
    """A sentence of a text."""
    return Fact(f"round.{part}", filled)
