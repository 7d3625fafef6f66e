"""Outcomes that the service makes of what members say: what is on record of them already, and whom they speak for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.community.builder import REFUSALS
from models.domain.kinds import OUTCOME
from models.domain.outcome_ids import earlier_id
from models.domain.records import Outcome
from service.store.contract import Snapshot

_REPLIES = frozenset({"accepted", "declined"})  # one takes the place of the other


def as_stored(at: Snapshot, made: Sequence[Outcome]) -> list[Outcome]:
    """The same outcomes, under the ids of earlier versions where they are stored like that."""
    earlier = at.get(OUTCOME, [earlier_id(one.id) for one in made])

    def stored(one: Outcome) -> Outcome:
        there = earlier.get(earlier_id(one.id))
        return replace(one, id=there.record.id) if there and _says(there.record, one) else one

    return [stored(one) for one in made]


def missing(at: Snapshot, made: Sequence[Outcome]) -> list[Outcome]:
    """Those that are not on record."""
    made = as_stored(at, made)
    there = at.get(OUTCOME, [one.id for one in made])
    return [one for one in made if one.id not in there]


def spoken(at: Snapshot, member: str, made: Sequence[Outcome]) -> list[Outcome]:
    """What a member may say, also of others: whoever dismissed or declined somebody has the last word on them."""
    pairs = {(one.source, one.target) for one in made if one.source != member}
    words = {pair: at.last_word(*pair) for pair in pairs}
    refused = {pair for pair, word in words.items() if word and word.kind in REFUSALS}
    return [one for one in made if (one.source, one.target) not in refused]


def _says(stored: Outcome, made: Outcome) -> bool:
    """Whether a stored outcome is the one that was made; a caller may have written another under its id."""
    replies = {stored.kind, made.kind} <= _REPLIES and stored.invitation == made.invitation != ""
    same_pair = (stored.source, stored.target) == (made.source, made.target)
    return same_pair and (stored.kind == made.kind or replies)
