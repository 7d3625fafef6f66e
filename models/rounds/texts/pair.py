"""What one of two people is told of the other."""

from __future__ import annotations

from models.community.view import Community
from models.domain.facts import Fact
from models.domain.requests import Language
from models.rounds.texts.common_ground import Ground
from models.rounds.texts.facts import Teller
from models.rounds.texts.meeting import BARE, GIFTS, TOPIC, Meeting, closed, opened, question, said
from models.rounds.texts.phrases import Asked
from models.rounds.texts.wording import called
from models.text.quoting import quote


def pair_text(view: Community, meeting: Meeting, found: Ground, language: Language, most: int, fullness: int) -> Fact:
    """Who the other is, what fits best and one thing more, a first question, and how to find each other.

    Quotations have at most `most` characters. The question follows from the last thing that is told.
    """
    reader, other = called(view, found.reader), called(view, found.other)
    told = Teller(found, other, language, most).best(2 if fullness >= GIFTS else 1) if fullness >= TOPIC else []
    parts = opened(meeting, "would_you" if meeting.asks else "meet", reader=reader, other=other)
    parts += _sides(meeting, found, other) if fullness > BARE else []
    parts += [one.said for one in told]
    asked: Asked = told[-1].asked if told else "nothing"
    if not told and fullness >= TOPIC:
        parts += _unknown(found, other, most)
    parts.append(question("ask_first", asked, found.reader, found.other))
    if meeting.asks:
        parts.append(said("both_must_want"))
    parts += closed(meeting, other)
    return Fact("round.text", {"parts": tuple(parts)})


def _sides(meeting: Meeting, found: Ground, other: str) -> list[Fact]:
    """On which side each of the two is."""
    if not all(meeting.sides):
        return []
    side = dict(zip(meeting.members, meeting.sides, strict=False))
    if found.reader not in side or found.other not in side:
        return []
    mine, theirs = (quote(side[one], 24) for one in (found.reader, found.other))
    return [said("two_sides", mine=mine, theirs=theirs, other=other)]


def _unknown(found: Ground, other: str, most: int) -> list[Fact]:
    """Where nothing is known of the other: that, and what of the reader's own to begin with."""
    parts = [said("no_introduction", other=other)]
    if found.takes and found.takes.stated:
        parts.append(said("tell_first", x=quote(found.takes.text, most)))
    return parts
