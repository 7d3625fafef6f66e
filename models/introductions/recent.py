"""What was said in the open lately: a window that moves along, in which the same word or idea can be looked up."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

import numpy as np

from models.community.timeline import SESSION_GAP
from models.domain.records import DAY, Message, Micros
from models.introductions.questions import asks
from models.introductions.requests import Remark
from models.text.lexical import tokens
from models.text.passages import clean

WINDOW = 14 * DAY
MOST = 8_000  # remarks; a busy community's window is shorter than `WINDOW`
LATE = DAY // 24  # a message that comes later than this after its time is not waited for
THREADS = 20_000  # of which it is known who took part; those that rested longest are forgotten


def remark(message: Message) -> Remark | None:
    """A message as a remark; None when it says nothing."""
    text = clean(message.text)
    if not text:
        return None
    if message.topic and not message.reply_to:
        text = f"{clean(message.topic)}\n{text}".strip()
    return Remark(
        id=message.id,
        author=message.author,
        time=message.time,
        channel=message.channel,
        thread=message.thread,
        text=text,
        words=frozenset(tokens(text)),
        asks=asks(text),
        addressed=bool(message.mentions or message.reply_to),
    )


class Recent:
    """Remarks of the last days, at most `MOST`, oldest first. Not safe for concurrent use."""

    def __init__(self, dimension: int, most: int = MOST) -> None:
        self._most = most
        self._remarks: OrderedDict[str, tuple[Remark, int]] = OrderedDict()
        self._by_word: dict[str, dict[str, None]] = {}
        self._vectors = np.zeros((most, dimension), np.float32)
        self._at: list[Remark | None] = [None] * most
        self._free = list(range(most - 1, -1, -1))
        self._used = 0  # slots ever used: memory beyond them is never touched
        self._people: OrderedDict[tuple[str, str], set[str]] = OrderedDict()
        self._heard: OrderedDict[str, Micros] = OrderedDict()  # who spoke last comes last

    def __len__(self) -> int:
        """How many remarks there are."""
        return len(self._remarks)

    def __contains__(self, message: str) -> bool:
        """Whether a message, by id, is in the window."""
        return message in self._remarks

    def of(self, message: str) -> Remark:
        """A remark by the id of its message. Raises KeyError."""
        return self._remarks[message][0]

    def __iter__(self) -> Iterator[Remark]:
        """The remarks, in the order in which they came."""
        return (one for one, _ in self._remarks.values())

    def add(self, said: Remark, vector: np.ndarray | None) -> None:
        """Take in a remark with its (d,) vector of unit length, if it has one; what fell out of the window goes."""
        self.forget(said.id)
        while self._remarks and (len(self._remarks) == self._most or self._oldest() < said.time - WINDOW):
            self.forget(next(iter(self._remarks)))
        slot = self._free.pop()
        self._used = max(self._used, slot + 1)
        self._remarks[said.id] = said, slot
        self._at[slot] = said
        self._vectors[slot] = 0 if vector is None else vector
        for word in said.words:
            self._by_word.setdefault(word, {})[said.id] = None
        self._note(said)

    def forget(self, message: str) -> None:
        """Forget a message; unknown ids are nothing."""
        said, slot = self._remarks.pop(message, (None, -1))
        if said is None:
            return
        self._at[slot] = None
        self._vectors[slot] = 0
        self._free.append(slot)
        for word in said.words:
            those = self._by_word[word]
            del those[message]
            if not those:
                del self._by_word[word]

    def forget_member(self, member: str) -> None:
        """Forget all that somebody said."""
        for message in [said.id for said in self if said.author == member]:
            self.forget(message)
        self._heard.pop(member, None)
        for people in self._people.values():
            people.discard(member)

    def heard_since(self, time: Micros) -> dict[str, Micros]:
        """When those last said something in the open who did so after `time`, as far as that is known here."""
        heard: dict[str, Micros] = {}
        for member in reversed(self._heard):
            if self._heard[member] <= time - LATE:
                break
            if self._heard[member] > time:
                heard[member] = self._heard[member]
        return heard

    def present(self, said: Remark) -> set[str]:
        """Who has spoken in the thread of a remark; where none is declared, in its channel within a session's gap."""
        if said.thread:
            return self._people.get((said.channel, said.thread), set())
        there: set[str] = set()
        newest = said.time
        for one, _ in reversed(self._remarks.values()):
            if newest - one.time > SESSION_GAP:
                break
            if one.channel == said.channel and one.time <= said.time:
                there.add(one.author)
                newest = min(newest, one.time)
        return there

    def using(self, word: str) -> list[Remark]:
        """Remarks with this word, oldest first."""
        return [self._remarks[message][0] for message in self._by_word.get(word, ())]

    def nearest(self, vector: np.ndarray, least: float) -> list[tuple[Remark, float]]:
        """Remarks at least so near to a (d,) vector, with their cosines, nearest first."""
        cosine = self._vectors[: self._used] @ vector.astype(np.float32)
        near = np.flatnonzero(cosine >= least)
        near = near[np.argsort(-cosine[near], kind="stable")]
        return [(said, float(cosine[slot])) for slot in near if (said := self._at[slot]) is not None]

    def _note(self, said: Remark) -> None:
        """Who was here when, and in which thread."""
        self._heard[said.author] = max(said.time, self._heard.get(said.author, 0))
        self._heard.move_to_end(said.author)
        thread = said.channel, said.thread
        self._people.setdefault(thread, set()).add(said.author)
        self._people.move_to_end(thread)
        if len(self._people) > THREADS:
            self._people.popitem(last=False)

    def _oldest(self) -> int:
        return next(iter(self._remarks.values()))[0].time
