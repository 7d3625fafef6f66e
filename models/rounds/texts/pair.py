"""What one of two people is told of the other."""

from __future__ import annotations

from models.community.view import Community
from models.domain.requests import Language
from models.rounds.texts.common_ground import Ground
from models.rounds.texts.facts import Teller
from models.rounds.texts.meeting import BARE, GIFTS, TOPIC, Meeting, closed, opened, question
from models.rounds.texts.phrases import Asked
from models.rounds.texts.wording import called, joined, quote, say


def pair_text(view: Community, meeting: Meeting, found: Ground, language: Language, most: int, fullness: int) -> str:
    """Who the other is, what fits best and one thing more, a first question, and how to find each other.

    Quotations have at most `most` characters. The question follows from the last thing that is told.
    """
    reader, other = called(view, found.reader), called(view, found.other)
    told = Teller(found, other, language, most).best(2 if fullness >= GIFTS else 1) if fullness >= TOPIC else []
    parts = [opened(meeting, "would_you" if meeting.asks else "meet", language, reader=reader, other=other)]
    parts += _sides(meeting, found, other, language) if fullness > BARE else []
    parts += [one.sentence for one in told]
    asked: Asked = told[-1].asked if told else "nothing"
    if not told and fullness >= TOPIC:
        parts += _unknown(found, other, language, most)
    parts.append(question("ask_first", asked, language, found.reader, found.other))
    if meeting.asks:
        parts.append(say("both_must_want", language))
    parts += closed(meeting, language, other)
    return joined(parts, language)


def _sides(meeting: Meeting, found: Ground, other: str, language: Language) -> list[str]:
    """On which side each of the two is."""
    if not all(meeting.sides):
        return []
    side = dict(zip(meeting.members, meeting.sides, strict=False))
    if found.reader not in side or found.other not in side:
        return []
    mine, theirs = (quote(side[one], 24) for one in (found.reader, found.other))
    return [say("two_sides", language, mine=mine, theirs=theirs, other=other)]


def _unknown(found: Ground, other: str, language: Language, most: int) -> list[str]:
    """Where nothing is known of the other: that, and what of the reader's own to begin with."""
    parts = [say("no_introduction", language, other=other)]
    if found.takes and found.takes.stated:
        parts.append(say("tell_first", language, x=quote(found.takes.text, most)))
    return parts
