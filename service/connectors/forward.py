"""What was heard on a platform, handed over as members, channels and messages: the same that an export of it gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from threading import Lock

from models.archive.container import BadRow
from models.domain.records import Channel, Consent, Member, Message
from service.connectors.door import Door
from service.importers.frame.gather import Changes, Messages, People, as_changed, as_id, channel_of, note_change
from service.importers.frame.report import Report
from service.importers.frame.transcript import Changed, Entry, Person, Renamed, Room, Said, Unused

_CHANGES_KEPT = 20_000  # newest changes of messages, so that what comes again late does not undo them


class Forwarder:
    """Hands over what readers of a platform yield. `report` counts what was understood. Safe to share by threads."""

    def __init__(self, door: Door, platform: str, consent: Consent) -> None:
        self.report = Report(format=platform)
        self._door, self._consent = door, consent
        self._people = People(platform, _Handles(door), "", "")
        self._told = Messages(platform, self._people)
        self._members: dict[str, Member] = {}  # as they were handed over last
        self._channels: dict[str, Channel] = {}
        self._changes: Changes = {}
        self._one_at_a_time = Lock()

    def __call__(self, entries: Iterable[Entry]) -> None:
        """Returns once the server has all of it for good; the same again does no harm. Raises Stopped, YiqiRpcError.

        People and rooms come before what was said, wherever they stand among `entries`: nothing is ever said in a
        channel that does not say yet who may see it. A room must have been told before something is said in it.
        """
        heard = list(entries)
        with self._one_at_a_time:
            for entry in heard:
                self._meet(entry)
            self._put_members(heard)
            for entry in heard:
                if isinstance(entry, Room):
                    self._put_channel(channel_of(entry, self._people))
            self._put_messages(heard)

    def understood(self) -> str:
        """What was heard so far, in a line."""
        closed = sum(one.visibility != "community" for one in self._channels.values())
        found = self.report
        line = f"{found.people:,} people, {len(self._channels):,} rooms ({closed:,} not open to all), "
        line += f"{found.messages:,} new messages ({found.replies:,} replies)"
        unused = ", ".join(f"{what} {count:,}" for what, count in sorted(found.unused.items()) if what)
        return f"{line}; not used: {unused}" if unused else line

    def _meet(self, entry: Entry) -> None:
        if isinstance(entry, Person | Said | Changed | Renamed):
            self._people.meet(entry)
        elif isinstance(entry, Unused):
            self.report.unused[entry.what] += entry.count
        elif isinstance(entry, BadRow):
            self._refused("message that cannot be read")

    def _put_members(self, heard: Sequence[Entry]) -> None:
        keys = dict.fromkeys(key for entry in heard for key in _people_in(entry))
        members = {one.id: one for key in keys for one in [self._people.member(key, self._consent)]}
        changed = {id: one for id, one in members.items() if self._members.get(id) != one}
        if changed:
            self._door.put_members(list(changed.values()), self._refused)
            self._members |= changed
            self.report.people = len(self._members)

    def _put_channel(self, channel: Channel) -> None:
        if self._channels.get(channel.id) != channel:
            self._door.put_channel(channel)
            self._channels[channel.id] = channel

    def _put_messages(self, heard: Sequence[Entry]) -> None:
        """In the order in which they came, as many at once as no change comes between."""
        messages: list[Message] = []
        for entry in heard:
            if isinstance(entry, Said):
                messages += self._message(entry)
            elif isinstance(entry, Changed):
                self._send(messages)
                messages = []
                self._change(entry)
        self._send(messages)

    def _message(self, said: Said) -> Iterator[Message]:
        if as_id(said.room) not in self._channels:
            raise ValueError(f"nobody told of the room {said.room}")
        if now := as_changed(said, self._changes):
            yield self._told.message(now)
        else:
            self._refused("deleted message")

    def _send(self, messages: Sequence[Message]) -> None:
        if messages:
            self.report.messages += self._door.put_messages(messages, self._refused)
            self.report.replies += sum(bool(one.reply_to) for one in messages)

    def _change(self, entry: Changed) -> None:
        note_change(self._changes, entry)
        if self._changes[entry.room, entry.id] is not entry:
            return  # an older one that comes again
        if len(self._changes) > _CHANGES_KEPT:
            del self._changes[next(iter(self._changes))]
        id = self._told.named_id(as_id(entry.room), entry.id)
        if entry.text is None:
            done = self._door.delete_message(id)
        else:
            author = self._people.id_of(entry.author)
            mentions = [self._people.id_of(key) for key in entry.mentions]
            done = self._door.edit_message(id, author, entry.text, mentions, self._refused)
        if not done:
            self._refused("change of a message that is not here")

    def _refused(self, what: str) -> None:
        self.report.unused[what] += 1


class _Handles(Mapping[tuple[str, str], str]):
    """Who has a handle in the community: those of the start, and whoever got one since, asked for once each."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._found = dict(door.holders())

    def __getitem__(self, handle: tuple[str, str]) -> str:
        if handle not in self._found:
            platform, name = handle
            self._found[handle] = next(iter(self._door.found(name, platform)), "")
        if not self._found[handle]:
            raise KeyError(handle)
        return self._found[handle]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return (handle for handle, id in self._found.items() if id)

    def __len__(self) -> int:
        return sum(map(bool, self._found.values()))


def _people_in(entry: Entry) -> tuple[str, ...]:
    """Keys of the people whom an entry brings along."""
    match entry:
        case Person(key=key):
            return (key,)
        case Room(members=members):
            return members
        case Said(author=author, mentions=mentions):
            return (author, *mentions)
        case Changed(mentions=mentions):
            return mentions
    return ()
