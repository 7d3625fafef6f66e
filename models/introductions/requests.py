"""Introductions as plain types: what brings two people together, and how sure one is that it should."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from models.domain.records import Micros

IntroductionKind = Literal[
    "answer",  # one asks what the other can answer
    "offer_meets_seek",  # one offers what the other seeks
    "shared_interest",  # both talk about the same rare thing now
    "same_idea",  # both voiced the same idea, in two channels
]
KINDS: tuple[IntroductionKind, ...] = get_args(IntroductionKind)

TELLING = 4  # of fewer words, nobody can say what they are about


@dataclass(frozen=True, slots=True)
class Remark:
    """A message said in the open, as far as introductions need it. `words` are its different terms.

    `addressed`: to somebody in particular, by a reply or mention.
    """

    id: str
    author: str
    time: Micros
    channel: str
    thread: str
    text: str
    words: frozenset[str]
    asks: bool
    addressed: bool

    @property
    def tells(self) -> bool:
        """Whether it says enough to be about something; only such remarks need a vector."""
        return self.asks or len(self.words) >= TELLING


@dataclass(frozen=True, slots=True)
class Introduction:
    """Two members who should meet. The first is the one whose message or profile brought it about.

    `chance`: how likely it is that the two deal with each other within a week, 0..1, as far as the past tells.
    `trigger` and `answered_by` are ids of messages that everybody may read, "" where a profile speaks: the first one's
    and the other's. `strength` 0..1: how well the evidence fits.
    """

    members: tuple[str, str]
    kind: IntroductionKind
    chance: float
    strength: float
    trigger: str = ""
    answered_by: str = ""
