"""What members are told of a match, ready to paste: who, what each gives, a first question; and what comes after.

Texts are pure: the same view, match and reader give the same text. They are in the reader's language where they state
one that is spoken here, and as long as its catalogue allows beside what the organizer adds. What they quote is what
`common_ground` lets the reader see. Texts hold no decision: whom a text may be shown at all is for the caller to know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.community.view import Community
from models.domain.facts import Fact
from models.domain.requests import Language
from models.rounds.spec.requests import Bye
from models.rounds.texts.common_ground import ground
from models.rounds.texts.group import NAMED, group_text
from models.rounds.texts.meeting import BARE, FULL, GIFTS, TITLE, TOPIC, Meeting, said
from models.rounds.texts.pair import pair_text
from models.rounds.texts.phrases import Part
from models.rounds.texts.readers import reader_language
from models.rounds.texts.wording import called

__all__ = ["Meeting", "Versions", "bye", "follow_up", "invitation", "reader_language", "renewal"]

_LABELS = 50  # characters that a day takes in words, and "When:" and "Where:" before what the organizer says
# From the fullest version of a text to the barest: the longest quotation, and how much is said.
_STEPS = ((70, FULL), (44, FULL), (70, GIFTS), (44, GIFTS), (28, GIFTS), (44, TOPIC), (20, TOPIC), (0, BARE))

_BYE: dict[str, Part] = {
    "odd_number": "bye_odd_number",
    "no_partner": "bye_no_partner",
    "time_limit": "bye_time_limit",
    "load": "bye_load",
}


@dataclass(frozen=True, slots=True)
class Versions:
    """A text in several versions, each shorter than the one before: the first that is short enough is told.

    `more` characters are allowed beside what a text may have.
    """

    facts: Iterable[Fact]
    more: int = 0


def invitation(view: Community, meeting: Meeting, reader: str, language: Language) -> Versions:
    """What `reader` is told of a match of theirs. Members whom the view does not know are left out."""
    others = _known(view, meeting.members, reader)
    more = len(meeting.notice) + min(len(meeting.round_title), TITLE) + (_LABELS if len(meeting.notice) else 0)
    if len(others) == 1 and meeting.kind in ("pairs", "sides"):
        found = ground(view, reader, others[0], language)
        return Versions((pair_text(view, meeting, found, language, *step) for step in _STEPS), more)
    grounds = [ground(view, reader, other, language) for other in others]
    return Versions((group_text(view, meeting, reader, grounds, language, *step) for step in _STEPS), more)


def follow_up(view: Community, members: Sequence[str], reader: str) -> Versions:
    """Asks `reader` some days later what came of it, to be answered with one digit.

    1 talked, 2 met, 3 met and wants to meet again, 4 nothing.
    """
    return _with_people(view, "follow_up" if len(members) == 2 else "follow_up_many", members, reader)


def renewal(view: Community, members: Sequence[str], reader: str) -> Versions:
    """Asks `reader` whether they stay in a standing group or leave it."""
    return _with_people(view, "renew", members, reader)


def bye(view: Community, sits_out: Bye, sittings: int = 1) -> Fact:
    """Tells somebody that they meet nobody this time, or in one of several sittings.

    Never which rule or whose wish stood in the way.
    """
    reader = called(view, sits_out.member)
    if sittings > 1:
        return said("bye_sitting", reader=reader, n=sits_out.sitting + 1, all=sittings)
    return said(_BYE[sits_out.why], reader=reader)


def _with_people(view: Community, part: Part, members: Sequence[str], reader: str) -> Versions:
    names = tuple(called(view, other) for other in _known(view, members, reader))
    return Versions(said(part, reader=called(view, reader), people=names, most=most) for most in (NAMED, 4, 2))


def _known(view: Community, members: Sequence[str], reader: str) -> list[str]:
    return [m for m in members if m != reader and view.member(m) is not None]
