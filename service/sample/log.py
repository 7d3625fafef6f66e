"""Collects what is said and, when all is said, numbers it in order of time."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from models.domain.records import Message, Micros
from service.sample.material import END


@dataclass(eq=False, slots=True)
class Draft:
    """A message without an id; `root` and `answers` point at other drafts."""

    author: str
    time: Micros
    channel: str
    text: str
    root: Draft | None = None
    answers: Draft | None = None
    mentions: tuple[str, ...] = ()


class Log:
    """Everything said so far, and who has dealt with whom how often."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.dealings: dict[str, Counter[str]] = defaultdict(Counter)

    def say(self, draft: Draft) -> None:
        """Add a message; one after the end of the sample is not said any more."""
        if draft.time >= END:
            return
        self.drafts.append(draft)
        others = {*draft.mentions, *([draft.answers.author] if draft.answers else [])} - {draft.author}
        for other in sorted(others):
            self.dealings[draft.author][other] += 1
            self.dealings[other][draft.author] += 1

    def messages(self) -> list[Message]:
        """All messages by time, with ids in that order. A thread is named by its first message if anyone answered."""
        ordered = sorted(self.drafts, key=lambda d: (d.time, d.author, d.text))
        ids = {id(draft): f"msg-{number:05}" for number, draft in enumerate(ordered, 1)}
        threads = {id(draft.root) for draft in ordered if draft.root}
        return [_message(draft, ids, threads) for draft in ordered]


def _message(draft: Draft, ids: dict[int, str], threads: set[int]) -> Message:
    own_thread = ids[id(draft)] if id(draft) in threads else ""
    return Message(
        id=ids[id(draft)],
        author=draft.author,
        time=draft.time,
        text=draft.text,
        channel=draft.channel,
        thread=ids[id(draft.root)] if draft.root else own_thread,
        reply_to=ids[id(draft.answers)] if draft.answers else "",
        mentions=draft.mentions,
    )
