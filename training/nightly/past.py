"""Everything a community has on record, in time order, and the community as it stood at any cut in one pass.

Nothing at or after a cut reaches its view. Records without a time (channels, stated profiles) count as always there;
somebody who stated nothing enters with the first record that names them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b

import numpy as np
import orjson

from models.archive.render import render
from models.community.builder import Builder, Embed
from models.community.view import Community
from models.domain.records import (
    KIND_OF,
    Block,
    Channel,
    Member,
    Message,
    Micros,
    Outcome,
    Project,
    Record,
    Suggestion,
    Tie,
)
from models.domain.records import Community as CommunityRecord
from training.fitting.prior import History
from training.labels.outcomes import Slate

DIGEST_BYTES = 16
# Of records of one moment: rooms and people before what is said, words before what was read out of them.
_ORDER = {Channel: 0, Member: 1, Project: 2, Message: 3, Tie: 4, Outcome: 5, Block: 6, Suggestion: 7}


@dataclass(frozen=True, slots=True)
class Lived(History):
    """A history with what people said became of matches, in time order, and what the tokens they quote showed."""

    outcomes: Sequence[Outcome] = ()
    slates: Mapping[str, Slate] = field(default_factory=dict)


@dataclass(frozen=True)
class Past:
    """`timeless` holds at any time; `timed` is in time order, each with its time in microseconds.

    `slates` say what tokens showed, by token; one that is not there showed nothing that is known.
    """

    community: CommunityRecord
    timeless: tuple[Record, ...]
    timed: tuple[tuple[Micros, Record], ...]
    slates: Mapping[str, Slate] = field(default_factory=dict)

    @cached_property
    def history(self) -> Lived:
        """The members, and in time order the messages, projects and outcomes: what labels are made from."""
        members = [r for r in (*self.timeless, *(r for _, r in self.timed)) if isinstance(r, Member)]
        messages = [r for _, r in self.timed if isinstance(r, Message)]
        projects = [r for _, r in self.timed if isinstance(r, Project)]
        outcomes = [r for _, r in self.timed if isinstance(r, Outcome)]
        return Lived(self.community.id, members, messages, projects, outcomes, self.slates)

    @cached_property
    def event_times(self) -> np.ndarray:
        """(E,) int64, ascending: when something was said or done."""
        return np.array([time for time, r in self.timed if isinstance(r, (Message, Project))], np.int64)

    @property
    def end(self) -> Micros:
        """The time just after the newest event; 0 when there is none."""
        return int(self.event_times[-1]) + 1 if len(self.event_times) else 0

    def digests(self, times: Iterable[Micros]) -> dict[Micros, str]:
        """For each time: a hash of all that is known before it. The same records give the same one."""
        wanted = sorted(set(times))
        running = blake2b(digest_size=DIGEST_BYTES)
        for record in (self.community, *self.timeless):
            running.update(_line(record))
        found: dict[Micros, str] = {}
        for time, record in self.timed:
            while len(found) < len(wanted) and wanted[len(found)] <= time:
                found[wanted[len(found)]] = running.hexdigest()
            running.update(_line(record))
        return found | {time: running.hexdigest() for time in wanted[len(found) :]}


def past_of(records: Iterable[Record], community: str) -> Past:
    """Puts the records of a community in order; whoever is named but has no record is added bare."""
    rows = list(records)
    record = next((r for r in rows if isinstance(r, CommunityRecord)), CommunityRecord(id=community))
    stated = [r for r in rows if isinstance(r, Channel) or (isinstance(r, Member) and _states_something(r))]
    bare = {r.id: r for r in rows if isinstance(r, Member) and not _states_something(r)}
    said = {r.id: r.time for r in rows if isinstance(r, Message)}
    timed = [(time, r) for r in rows if (time := _time(r, said)) is not None]
    undated = [r for r in rows if not isinstance(r, (CommunityRecord, Channel, Member)) and _time(r, said) is None]
    known = {r.id for r in stated if isinstance(r, Member)}
    early = [_entering(name, bare) for r in undated for name in _fresh(_named(r), known)]
    entered = [
        (time, _entering(name, bare)) for time, r in sorted(timed, key=_in_time) for name in _fresh(_named(r), known)
    ]
    # Who never did anything is there today.
    end = max((time for time, _ in timed), default=0) + 1
    silent = [(end, r) for name, r in sorted(bare.items()) if name not in known]
    return Past(record, (*stated, *early, *undated), tuple(sorted([*timed, *entered, *silent], key=_in_time)))


def views(
    past: Past,
    cuts: Sequence[Micros],
    embed: Embed,
    dimension: int,
    encoder: str,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[tuple[Micros, Community]]:
    """(cut, the community just before it), in time order. Texts are embedded once. `report`: records done, of all."""
    builder = Builder(past.community, dimension, encoder, exact=True)
    builder.put_all(past.timeless)
    at, last = 0, 0
    total = sum(time < max(cuts, default=0) for time, _ in past.timed)
    for cut in sorted(cuts):
        while at < len(past.timed) and past.timed[at][0] < cut:
            builder.put(past.timed[at][1])
            at += 1
            if at - last >= 1000 or at == total:
                last = at
                report(at, total)
        builder.embed_pending(embed)
        yield cut, builder.view()


def _states_something(member: Member) -> bool:
    return bool(
        member.has_profile
        or member.attributes
        or member.languages
        or member.place
        or member.time_zone
        or member.availability
        or member.extra
    )


def _time(record: Record, said: Mapping[str, Micros]) -> Micros | None:
    if isinstance(record, Suggestion):
        return said.get(record.message)
    return getattr(record, "time", None)


def _named(record: Record) -> Sequence[str]:
    match record:
        case Message():
            return (record.author, *record.mentions)
        case Project():
            return record.members
        case Tie() | Outcome() | Block():
            return (record.source, record.target)
        case Suggestion():
            return (record.member,)
    return ()


def _fresh(names: Sequence[str], known: set[str]) -> list[str]:
    fresh = [name for name in dict.fromkeys(names) if name not in known]
    known.update(fresh)
    return fresh


def _entering(name: str, bare: Mapping[str, Member]) -> Member:
    return bare.get(name) or Member(id=name, name=name)


def _in_time(timed: tuple[Micros, Record]) -> tuple[Micros, int, str]:
    time, record = timed
    return time, _ORDER.get(type(record), len(_ORDER)), getattr(record, "id", "")


def _line(record: Record) -> bytes:
    kind = KIND_OF[type(record)]
    return orjson.dumps([kind, render(kind, record)]) + b"\n"
