"""A match as members are told of it, and what every text about one has in common."""

from __future__ import annotations

from dataclasses import dataclass, field

from models.domain.requests import Language
from models.rounds.spec.requests import RoundKind
from models.rounds.texts.notice import Notice, day_in_words
from models.rounds.texts.phrases import PARTS, QUESTIONS, Asked, Part
from models.rounds.texts.wording import chosen, quote, say
from models.text.spacing import as_written

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


def opened(meeting: Meeting, part: Part, language: Language, **filled: str) -> str:
    """The first sentence, with what the round is called, and how often."""
    titled = f"{part}_titled"
    if meeting.round_title and titled in PARTS:
        part = titled
    opening = [say(part, language, title=quote(meeting.round_title, TITLE), **filled)]
    if meeting.sittings > 1:
        opening.append(say("sitting", language, n=str(meeting.sitting + 1), all=str(meeting.sittings)))
    if meeting.standing:
        opening.append(say("meet_again", language))
    return (" " if language == "en" else "").join(opening)


def closed(meeting: Meeting, language: Language, other: str = "") -> list[str]:
    """When and where, or how to find the `other`, or one another, and the organizer's own sentence as they wrote it."""
    time = " ".join(filter(None, (day_in_words(meeting.notice.date, language), quote(meeting.slot, _TIME))))
    place = meeting.notice.place
    parts = [say("when", language, x=as_written(time))] if time else []
    if place:
        parts.append(say("where", language, x=as_written(place)))
    if not (meeting.asks or place or meeting.sittings > 1):
        parts.append(say(_to_find(meeting, bool(other)), language, other=other))
    return [*parts, as_written(meeting.notice.note)]


def _to_find(meeting: Meeting, one: bool) -> Part:
    """What those who meet have still to agree on, with `one` other or all."""
    if meeting.slot or ":" in meeting.notice.date:
        return "find_place" if one else "find_place_all"
    if meeting.notice.date:
        return "find_hour" if one else "find_hour_all"
    return "find" if one else "find_all"


def question(part: Part, asked: Asked, language: Language, *ids: str) -> str:
    """A question about a matter, introduced; the ids choose among its wordings."""
    return say(part, language, x=chosen(QUESTIONS[asked][language], *ids))
