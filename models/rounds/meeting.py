"""A match as members are told of it, and what every text about one has in common."""

from __future__ import annotations

from dataclasses import dataclass

from models.requests import Language
from models.rounds.common_ground import SURE_FIT, Gift
from models.rounds.phrases import QUESTIONS, Asked, Part
from models.rounds.requests import RoundKind
from models.rounds.wording import chosen, quote, say

# How much of a text is said, from the fullest version to the barest.
FULL, GIFTS, TOPIC, BARE = 3, 2, 1, 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A match as members are told of it.

    `roles` stand beside `members` in a team, whose name is `title`; `sought` are those that nobody plays yet. `asks` is
    double opt-in before both have agreed; `sitting` counts from 0 and is told where there are several.
    """

    members: tuple[str, ...]
    kind: RoundKind = "pairs"
    roles: tuple[str, ...] = ()
    sought: tuple[str, ...] = ()
    title: str = ""
    slot: str = ""
    sitting: int = 0
    sittings: int = 1
    standing: bool = False
    asks: bool = False

    def role_of(self, member: str) -> str:
        """The part that a member plays; "" for none."""
        at = self.members.index(member) if member in self.members else len(self.roles)
        return self.roles[at] if at < len(self.roles) else ""


def opened(meeting: Meeting, part: Part, language: Language, **filled: str) -> str:
    """The first sentence, and when and how often."""
    opening = [say(part, language, **filled)]
    if meeting.sittings > 1:
        opening.append(say("sitting", language, n=str(meeting.sitting + 1), all=str(meeting.sittings)))
    if meeting.slot:
        opening.append(say("when", language, x=quote(meeting.slot, 40)))
    if meeting.standing:
        opening.append(say("meet_again", language))
    return (" " if language == "en" else "").join(opening)


def met(part: Part, gift: Gift, language: Language, most: int, other: str = "") -> str:
    """A sentence in which an offer meets a wish, by name where `other` is given."""
    return say(part, language, other=other, x=quote(gift.text, most), y=quote(gift.meets, most))


def question(part: Part, asked: Asked, language: Language, *ids: str) -> str:
    """A question about a matter, introduced; the ids choose among its wordings."""
    return say(part, language, x=chosen(QUESTIONS[asked][language], *ids))


def sure(gift: Gift) -> bool:
    """Whether an offer meets a wish so well that the text may say so."""
    return gift.fit >= SURE_FIT
