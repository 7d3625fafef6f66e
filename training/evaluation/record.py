"""What an archive holds, in time order, so that it can be cut: the past is known, the window after it is foretold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.archive import container
from models.archive.rooms import rooms_named
from models.domain.records import Block, Channel, Community, Member, Message, Outcome, Project, Record, Suggestion, Tie
from models.suggest import suggest
from training.labels.tasks import cut_time

WINDOW = 0.2  # share of the events, after the cut, in which it shows what was right
RECENT = 0.1  # share of the events, before the cut, that counts as recent


class EvaluationError(ValueError):
    """An archive that cannot be judged; the text says why."""

    @property
    def sentence(self) -> str:
        """For people at the command line."""
        return str(self)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A community's whole record; messages and projects in time order, those at the same time as the archive has them.

    `standing` has no time of its own and is taken as it is: community, channels, members, blocks and the like.
    """

    name: str
    standing: Sequence[Record]
    messages: Sequence[Message]
    projects: Sequence[Project]
    dated: Sequence[Tie | Outcome]
    bad_rows: int

    @property
    def events(self) -> Sequence[Message] | Sequence[Project]:
        """What is counted to cut it: messages, or projects where there are none."""
        return self.messages or self.projects

    @property
    def members(self) -> list[Member]:
        """Everybody who has a row."""
        return [record for record in self.standing if isinstance(record, Member)]


@dataclass(frozen=True, slots=True)
class Cut:
    """A moment, in microseconds: the past lies before `time`, of it the recent from `recent`; judged before `until`."""

    share: float
    recent: int
    time: int
    until: int


def read(path: Path) -> Recorded:
    """The record of an archive. Raises ArchiveError; EvaluationError when nothing in it has a time."""
    rows = list(container.read(path).records())
    records = [row.record for row in rows if isinstance(row, container.Row)]
    messages = [r for r in records if isinstance(r, Message)]
    projects = [r for r in records if isinstance(r, Project) and r.time is not None]
    dated = [r for r in records if isinstance(r, Outcome) or (isinstance(r, Tie) and r.time is not None)]
    timed = {id(r) for r in (*messages, *projects, *dated)}
    return Recorded(
        name=path.name,
        standing=[r for r in records if id(r) not in timed],
        messages=sorted(messages, key=lambda m: m.time),
        projects=sorted(projects, key=lambda p: p.time or 0),
        dated=sorted(dated, key=lambda r: r.time or 0),
        bad_rows=len(rows) - len(records),
    )


def cut_at(recorded: Recorded, share: float) -> Cut:
    """The cut before which this share of the events lies. The window reaches to the end where less than it is left."""
    if not recorded.events:
        raise EvaluationError(f"{recorded.name} holds neither messages nor projects with a time, so it cannot be cut")
    to_the_end = share + WINDOW > 1 - 1e-3
    end = 1 + max(event.time or 0 for kind in (recorded.messages, recorded.projects) for event in kind[-1:])
    return Cut(
        share=share,
        recent=cut_time(recorded.events, share - RECENT),
        time=cut_time(recorded.events, share),
        until=end if to_the_end else cut_time(recorded.events, share + WINDOW),
    )


def past(recorded: Recorded, cut: int) -> Iterator[Record]:
    """All that a service would know which took in the archive until a time: rows without a time are known.

    Suggestions are drawn from the messages before it, as an import does; those of the archive stand where their
    message is known by then. In an order in which everything is named after it is there; members whom only others name
    are bare ones.
    """
    messages = [m for m in recorded.messages if m.time < cut]
    rooms = [r for r in recorded.standing if isinstance(r, (Community, Channel))]
    others = [r for r in recorded.standing if not isinstance(r, (Community, Channel, Member, Suggestion))]
    done = [
        *(p for p in recorded.projects if (p.time or 0) < cut),
        *messages,
        *others,
        *(r for r in recorded.dated if (r.time or 0) < cut),
    ]
    stated = {member.id: member for member in recorded.members}
    named = dict.fromkeys(name for record in done for name in _named(record))
    yield from rooms
    yield from rooms_named(messages, {room.id for room in rooms if isinstance(room, Channel)})
    yield from stated.values()
    yield from (Member(id=name, name=name) for name in named if name not in stated)
    yield from _suggestions(recorded, messages)
    yield from done


def _named(record: Record) -> Sequence[str]:
    match record:
        case Message():
            return (record.author, *record.mentions)
        case Project():
            return record.members
        case Tie() | Outcome() | Block():
            return (record.source, record.target)
    return ()


def _suggestions(recorded: Recorded, messages: Sequence[Message]) -> list[Suggestion]:
    said = {m.id for m in messages}
    closed = {r.id for r in recorded.standing if isinstance(r, Channel) and r.visibility != "community"}
    there = [r for r in recorded.standing if isinstance(r, Suggestion) and (not r.message or r.message in said)]
    if there:
        return there
    return suggest((m for m in messages if m.channel not in closed), {m.id: m for m in recorded.members})
