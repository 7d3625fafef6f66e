"""Help that shows in words: who thanked whom, and whose answer was taken up."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.community.event_log import REPLY
from models.domain.records import DAY
from models.health.history import History
from models.health.threads import ANSWER_GAP

OPEN_FOR = 7 * DAY  # from a question to the word that an answer to it worked


@dataclass(frozen=True, slots=True)
class Thanks:
    """T times that words tell of help, by time: rows of who was helped and of who helped, and when (microseconds)."""

    helped: np.ndarray
    helper: np.ndarray
    time: np.ndarray


def told_help(history: History) -> Thanks:
    """Help that words in open rooms tell of.

    Thanks count for whoever is replied to, mentioned or named in them; thanks to nobody in particular, and the word
    that something works now, count for whoever answered the speaker's last question in that channel, within 7 days.
    Thanks for a welcome or good wishes are courtesy. The same two within 48 hours are one thanks.
    """
    messages = history.messages
    talk = _Talk(history)
    asked: dict[tuple[int, int], int] = {}  # (author, channel) -> row of their last question
    newest: dict[tuple[int, int], int] = {}
    found: list[tuple[int, int, int]] = []
    for row in np.flatnonzero(messages.question | messages.thanks | messages.solved).tolist():
        author, channel, time = int(messages.author[row]), int(messages.channel[row]), int(messages.time[row])
        for helper in sorted(talk.helpers(row, asked.get((author, channel)))):
            if time - newest.get((author, helper), -ANSWER_GAP) >= ANSWER_GAP:
                newest[author, helper] = time
                found.append((author, helper, time))
        if messages.question[row]:
            asked[author, channel] = row
    columns = np.array(found, np.int64).reshape(-1, 3)
    return Thanks(columns[:, 0], columns[:, 1], columns[:, 2])


class _Talk:
    """Who turned to whom in which message (by rows), for looking up."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._named = dict(history.thanked)
        self._addressed: dict[int, set[int]] = defaultdict(set)  # whom a message replies to or mentions
        self._received: dict[int, list[int]] = defaultdict(list)  # messages that do so with a member, by time
        contacts = history.contacts
        for at in np.flatnonzero((contacts.kind == REPLY) & (contacts.event >= 0)).tolist():
            self._addressed[int(contacts.event[at])].add(int(contacts.target[at]))
            self._received[int(contacts.target[at])].append(int(contacts.event[at]))

    def helpers(self, row: int, question: int | None) -> set[int]:
        """Whom a message says to have helped its author, whose last question before it is `question`."""
        messages = self._history.messages
        author, replied = int(messages.author[row]), int(messages.replies[row])
        to = {self._named[row]} if row in self._named else self._addressed.get(row, set())
        if messages.thanks[row] and to:
            return set() if replied >= 0 and messages.courteous[replied] else to - {author}
        if question is None or not (messages.thanks[row] or messages.solved[row]):
            return set()
        answered = set(self._answered(question, row)) - {author}
        return answered & to if to else answered

    def _answered(self, question: int, row: int) -> Iterator[int]:
        """Who answered a question before a later message of its author: the first, and all who turned to them."""
        messages = self._history.messages
        if messages.time[row] - messages.time[question] > OPEN_FOR:
            return
        first = int(self._history.answers[question])
        if 0 <= first < row:
            yield int(messages.author[first])
        received = self._received[int(messages.author[question])]
        for between in received[bisect_right(received, question) : bisect_left(received, row)]:
            yield int(messages.author[between])
