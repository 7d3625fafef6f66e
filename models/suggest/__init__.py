"""Suggested aims, offers, seeks, values and place, read out of people's own messages in English and Chinese.

A suggestion names a real person, so the reading is cautious: only what somebody plainly says of themselves, now, in
words of their own counts; what is denied, asked, quoted, supposed, joked, past, forwarded or about others does not.
A passing technical question ("looking for a way to parse this") is not something a person seeks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from models.domain.records import Member, Message, Suggestion, SuggestionField
from models.suggest.reading import Reading, read
from models.suggest.text import fold

__all__ = ["MAX_PER_FIELD", "MAX_PLACES", "suggest", "suggest_from"]

MAX_PER_FIELD = 5
MAX_PLACES = 1  # a person lives in one place: the newest wins

_FIELDS: tuple[SuggestionField, ...] = ("aims", "offers", "seeks", "values", "place")


@dataclass(frozen=True, slots=True)
class _Found:
    """One reading: a suggestion, and how it ranks among others of the member."""

    suggestion: Suggestion
    key: str
    intro: bool
    time: int


def suggest(messages: Iterable[Message], known: Mapping[str, Member]) -> list[Suggestion]:
    """What the authors of `messages` may aim at, offer, seek, value, and where they may live.

    `known` maps member ids to members; what a member states already is not suggested, nor a place beside a stated one.
    At most 5 a field and member (1 place), those from introductions first, then the newest; near-duplicates count once.
    The answer is ordered by member, field and rank and does not depend on the order of the messages.
    """
    by_member: dict[str, list[_Found]] = defaultdict(list)
    for message in messages:
        for reading in read(message):
            by_member[message.author].append(_found(message, reading))
    chosen: list[Suggestion] = []
    for member in sorted(by_member):
        chosen.extend(_choose(by_member[member], known.get(member)))
    return chosen


def suggest_from(message: Message) -> list[Suggestion]:
    """What one message alone suggests of its author; same bounds as `suggest`, knowing nothing else of them."""
    return _choose([_found(message, reading) for reading in read(message)], None)


def _choose(found: list[_Found], member: Member | None) -> list[Suggestion]:
    ranked = sorted(found, key=lambda f: (not f.intro, -f.time, f.suggestion.message))
    taken = _stated(member)
    chosen: list[Suggestion] = []
    for field in _FIELDS:
        room = MAX_PLACES if field == "place" else MAX_PER_FIELD
        if field == "place" and taken["place"]:
            continue
        for one in ranked:
            if room and one.suggestion.field == field and not _near(one.key, taken[field]):
                taken[field].append(one.key)
                chosen.append(one.suggestion)
                room -= 1
    return chosen


def _stated(member: Member | None) -> dict[SuggestionField, list[str]]:
    if member is None:
        return {field: [] for field in _FIELDS}
    return {
        "aims": [fold(text) for text in member.aims],
        "offers": [fold(need.text) for need in member.offers],
        "seeks": [fold(need.text) for need in member.seeks],
        "values": [fold(text) for text in member.values],
        "place": [fold(member.place)] if member.place else [],
    }


def _near(key: str, taken: list[str]) -> bool:
    # "designer" and "graphic designer" say one thing; very short keys are parts of everything.
    return any(key == other or (min(len(key), len(other)) >= 4 and (key in other or other in key)) for other in taken)


def _found(message: Message, reading: Reading) -> _Found:
    key = fold(reading.text)
    identity = "\x1f".join((message.author, reading.field, key)).encode("utf-8", "surrogatepass")
    suggestion = Suggestion(
        id="s" + blake2b(identity, digest_size=12).hexdigest(),
        member=message.author,
        field=reading.field,
        text=reading.text,
        kind=reading.kind,
        message=message.id,
    )
    return _Found(suggestion, key, reading.intro, message.time)
