"""The event log of a community: who did what when and with whom, as growing columns. No text.

Fed with messages, projects, ties and outcomes in whatever order they arrive; `models.community.timeline` and
`models.community.aggregates` turn it into the matrices of a view. Nothing is ever moved: what is deleted is marked
dead. What the event log says depends on what is in it, not on the order in which it came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from hashlib import blake2b

import numpy as np

from models.community.columns import Column
from models.domain.records import Message

AT = re.compile(r"@([^\s@,:;!?，。：；！？\u2005]{1,64})")

REPLY, PROJECT, DECLARED, OUTCOME = range(4)


def words_key(text: str) -> int:
    """A hash of the letters of a text: the same for lines that differ in numbers, signs and spaces only."""
    letters = "".join(filter(str.isalpha, text.casefold()))
    return int.from_bytes(blake2b(letters.encode("utf8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


class EventLog:
    """Columns of events and contacts."""

    def __init__(self) -> None:
        self.event_member = Column(np.int32)  # -1 when deleted
        self.event_time = Column(np.int64)
        self.event_channel = Column(np.int32)  # -1 for a project
        self.event_thread = Column(np.int32)  # -1 where none is declared
        self.event_open = Column(bool)  # seen by the whole community
        self.event_letters = Column(np.int32)  # letters said in the open ...
        self.event_cjk = Column(np.int32)  # ... and how many of them are Chinese characters
        self.event_words = Column(np.int64)  # what was said, as a hash of its letters; 0 for a project
        self.event_replied = Column(np.int64)  # the event that it answers; -1 for none, and while that is not there
        self.event_contacts = Column(np.int64)  # contacts there were before it: its own begin no earlier
        self.contact_source = Column(np.int32)  # -1 when deleted
        self.contact_target = Column(np.int32)
        self.contact_time = Column(np.int64)
        self.contact_kind = Column(np.int8)
        self.contact_event = Column(np.int64)  # the event that it stands on; -1 for none
        self.contact_replied = Column(np.int64)  # the event replied to, on which it stands as well; -1 for none
        self.contact_open = Column(bool)  # seen by the whole community
        self.event_of: dict[str, int] = {}  # by message id
        self.threads: dict[tuple[int, str], int] = {}
        self._waiting: dict[str, list[int]] = {}  # reply_to not there -> events
        self.gone_events: list[int] = []  # since `take_gone`, but of members who were deleted
        self.gone_contacts: list[int] = []

    def add_message(
        self,
        message: Message,
        author: int,
        channel: int,
        is_open: bool,
        member_of: Callable[[str], int | None],
        handle_of: Callable[[str], int | None],
    ) -> int:
        """Note a message; its event row. `member_of` knows ids, `handle_of` names and handles (case folded)."""
        thread = self.threads.setdefault((channel, message.thread), len(self.threads)) if message.thread else -1
        event = self._event(author, message.time, channel, thread, is_open, words_key(message.text))
        self.event_of[message.id] = event
        targets = {m for m in map(member_of, message.mentions) if m is not None}
        if "@" in message.text and not message.mentions:
            targets |= {m for m in map(handle_of, AT.findall(message.text)) if m is not None}
        for target in sorted(targets - {author}):
            self._contact(author, target, message.time, REPLY, event, -1, is_open)
        if message.reply_to:
            self._note_reply(event, message.reply_to)
        for waiting in self._waiting.pop(message.id, ()):
            self._note_reply(waiting, message.id)
        return event

    def count_letters(self, event: int, letters: int, cjk: int) -> None:
        """Note how much a message says, and how much of it in Chinese characters."""
        self.event_letters.values[event] = letters
        self.event_cjk.values[event] = cjk

    def add_project(self, members: list[int], time: int, size_cap: int = 25) -> list[int]:
        """Note a project everybody took part in; its event rows. Larger than `size_cap` connects nobody."""
        events = [self._event(m, time, -1, -1, True, 0) for m in members]
        if len(members) <= size_cap:
            for i, u in enumerate(members):
                for v in members[:i]:
                    self._contact(u, v, time, PROJECT, events[i], -1, True)
        return events

    def add_tie(self, source: int, target: int, time: int, kind: int, is_open: bool = True) -> int:
        """Note a declared tie or an outcome; its contact row."""
        return self._contact(source, target, time, kind, -1, -1, is_open)

    def remove_message(self, message: str) -> int | None:
        """Forget a message; the event row that died. Replies to it wait, since it may come back edited."""
        event = self.event_of.pop(message, None)
        if event is None:
            return None
        self.remove_events([event])
        self.contact_source.values[self.contact_replied.values == event] = -1
        replies = np.flatnonzero(self.event_replied.values == event)
        if len(replies):
            self.event_replied.values[replies] = -1
            self._waiting.setdefault(message, []).extend(replies.tolist())
        return event

    def remove_events(self, events: Iterable[int]) -> None:
        """Forget events (of a project)."""
        for event in events:
            self.event_member.values[event] = -1
            self.gone_events.append(event)

    def remove_contact(self, contact: int) -> None:
        """Forget a declared tie or an outcome."""
        self.contact_source.values[contact] = -1
        self.gone_contacts.append(contact)

    def take_gone(self) -> tuple[list[int], list[int]]:
        """Events and contacts that were forgotten since it was last asked for."""
        gone, self.gone_events, self.gone_contacts = (self.gone_events, self.gone_contacts), [], []
        return gone

    def remove_member(self, member: int) -> None:
        """Forget all that a member did and all that was done with them."""
        values = self.event_member.values
        values[values == member] = -1
        source, target = self.contact_source.values, self.contact_target.values
        source[(source == member) | (target == member)] = -1

    def live_contacts(self) -> np.ndarray:
        """Rows of contacts that still stand."""
        alive = np.append(self.event_member.values >= 0, True)  # the last stands for "on no event"
        stands = alive[self.contact_event.values] & alive[self.contact_replied.values]
        return np.flatnonzero((self.contact_source.values >= 0) & stands)

    def is_live(self, contact: int) -> bool:
        """Whether a contact still stands."""
        on = (int(self.contact_event.values[contact]), int(self.contact_replied.values[contact]))
        stands = all(event < 0 or self.event_member.values[event] >= 0 for event in on)
        return bool(stands and self.contact_source.values[contact] >= 0)

    def _event(self, member: int, time: int, channel: int, thread: int, is_open: bool, words: int) -> int:
        self.event_time.append(time)
        self.event_channel.append(channel)
        self.event_thread.append(thread)
        self.event_open.append(is_open)
        self.event_words.append(words)
        self.event_letters.append(0)
        self.event_cjk.append(0)
        self.event_replied.append(-1)
        self.event_contacts.append(len(self.contact_source))
        return self.event_member.append(member)

    def _contact(self, source: int, target: int, time: int, kind: int, event: int, replied: int, is_open: bool) -> int:
        self.contact_target.append(target)
        self.contact_time.append(time)
        self.contact_kind.append(kind)
        self.contact_event.append(event)
        self.contact_replied.append(replied)
        self.contact_open.append(is_open)
        return self.contact_source.append(source)

    def _note_reply(self, event: int, reply_to: str) -> None:
        """A contact with whoever is replied to, once that is there; a mention in the same message says it already."""
        replied = self.event_of.get(reply_to)
        if replied is None:
            self._waiting.setdefault(reply_to, []).append(event)
            return
        self.event_replied.values[event] = replied
        source, target = int(self.event_member.values[event]), int(self.event_member.values[replied])
        if source >= 0 and target not in (source, -1) and target not in self._mentioned(event):
            is_open = bool(self.event_open.values[event] and self.event_open.values[replied])
            self._contact(source, target, int(self.event_time.values[event]), REPLY, event, replied, is_open)

    def _mentioned(self, event: int) -> set[int]:
        """Whom an event mentions: its contacts lie between those before it and those before the next event."""
        start = int(self.event_contacts.values[event])
        last = event + 1 == len(self.event_contacts)
        end = len(self.contact_source) if last else int(self.event_contacts.values[event + 1])
        own = (self.contact_event.values[start:end] == event) & (self.contact_replied.values[start:end] < 0)
        return set(self.contact_target.values[start:end][own].tolist())
