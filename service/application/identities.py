"""Who is who: people found by what any platform calls them, and members who may be one person."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias

from models.domain.kinds import MEMBER
from models.domain.records import Member
from models.text.lexical import CJK
from service.store.contract import Snapshot, Store, Stored

FoundBy: TypeAlias = Literal["identity", "id", "name", "part_of_name"]
MOST_FOUND, MOST_PAIRS = 50, 200
_WHOLE_NAME = {False: 5, True: 2}  # letters from which a name may tell one person, by whether it is Chinese
_SHARED_BY = 2  # members of one name, above which a name tells nobody


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """Two members who may be one person, and why."""

    first: Stored[Member]
    second: Stored[Member]
    reason: str


def find_members(store: Store, community: str, text: str, platform: str = "") -> list[tuple[Stored[Member], FoundBy]]:
    """Who may be meant by a handle, an id or a name, the surest first. Raises CommunityNotFound."""
    with store.read(community) as at:
        found: dict[str, FoundBy] = dict.fromkeys(at.holders(text, platform), "identity")
        if not platform:
            found = {**found, **{id: by for id, by in _by_id_or_name(at, text) if id not in found}}
        stored = at.get(MEMBER, list(found)[:MOST_FOUND])
    return [(stored[id], by) for id, by in found.items() if id in stored]


def _by_id_or_name(at: Snapshot, text: str) -> Iterator[tuple[str, FoundBy]]:
    yield from ((one.record.id, "id") for one in at.get(MEMBER, [text]).values())
    wanted = folded(text)
    named = [(member.id, folded(member.name)) for member in _members(at)]
    yield from ((id, "name") for id, name in named if name == wanted)
    yield from ((id, "part_of_name") for id, name in named if wanted in name and name != wanted)


def likely_duplicates(store: Store, community: str) -> list[LikelyDuplicate]:
    """Pairs of members who may be one person, the likeliest first: both use a handle, or a name that only they have.

    Two who have handles on the same platform are two people. Raises CommunityNotFound.
    """
    with store.read(community) as at:
        everybody = _members(at)
    pairs: dict[tuple[str, str], str] = {}
    for reason, groups in (
        ("Both go by {} on different platforms.", _by_handle(everybody)),
        ("Both are called {}, and nobody else is.", _by_name(everybody)),
    ):
        for word, members in groups:
            for first, second in combinations(members, 2):
                if not _platforms(first) & _platforms(second):
                    pairs.setdefault((first.id, second.id), reason.format(word))
    likeliest = list(pairs.items())[:MOST_PAIRS]
    stored = store.get(community, MEMBER, sorted({id for pair, _ in likeliest for id in pair}))
    return [
        LikelyDuplicate(stored[first], stored[second], reason)
        for (first, second), reason in likeliest
        if first in stored and second in stored
    ]


def folded(name: str) -> str:
    """A name without what only looks different: case, width, and spaces in a row."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _by_handle(members: list[Member]) -> Iterator[tuple[str, list[Member]]]:
    users: defaultdict[str, dict[str, Member]] = defaultdict(dict)
    for member in members:
        for one in member.identities:
            # What stands before the @ of an address is often the same person's name elsewhere.
            for handle in {one.handle, one.handle.partition("@")[0]} if "@" in one.handle else {one.handle}:
                users[handle.casefold()][member.id] = member
    yield from _few(users)


def _by_name(members: list[Member]) -> Iterator[tuple[str, list[Member]]]:
    called: defaultdict[str, dict[str, Member]] = defaultdict(dict)
    for member in members:
        if len(name := folded(member.name)) >= _WHOLE_NAME[bool(CJK.search(name))] and name != folded(member.id):
            called[name][member.id] = member
    yield from _few(called)


def _few(groups: defaultdict[str, dict[str, Member]]) -> Iterator[tuple[str, list[Member]]]:
    yield from ((word, list(group.values())) for word, group in groups.items() if 2 <= len(group) <= _SHARED_BY)


def _platforms(member: Member) -> set[str]:
    return {one.platform for one in member.identities}


def _members(at: Snapshot) -> list[Member]:
    return list(at.scan(MEMBER))
