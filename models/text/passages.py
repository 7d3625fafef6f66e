"""From messages to passages: the pieces of text that are embedded.

Chat lines are too short to say much, so consecutive lines of one author in one thread make one passage; a very long
message is several. This file also owns the cleaning of text before it is embedded.
"""

from __future__ import annotations

import re
from array import array
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from models.domain.records import Member, Message, Micros, Project
from models.text.rows import Rows

PASSAGE_CHARS = 1_000
MESSAGE_PASSAGES = 8
RUN_GAP: Micros = 10 * 60 * 1_000_000
DOCUMENT_CHARS = 2_000
# Markup is looked for in this much of a text only, so that one huge paste cannot cost seconds.
RAW_CHARS = 64_000

ProfilePart = Literal["profile", "aims", "offers", "seeks", "values"]
State: TypeAlias = dict[str, np.ndarray | list[str]]

_MARKUP = re.compile(r"[@`>\[\n]|://|www\.")
_FENCE = re.compile(r"```.*?```|~~~.*?~~~", re.DOTALL)
_QUOTE_BLOCK = re.compile(r"\[quote[^\]]{0,200}\](?:(?!\[quote).)*?\[/quote\]", re.DOTALL | re.IGNORECASE)
_QUOTE_LINE = re.compile(r"^[ \t]*>(?![\d=]).*$", re.MULTILINE)
_URL = re.compile(
    r"(?:(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+.\-]{0,15}://(?:www\.)?|\bwww\.)([A-Za-z0-9.\-]*)"
    r"[^\s\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef<>\"'`)\]]*"
)
# A handle in Latin letters ends by itself; one in other scripts only counts where a space or comma closes it, since
# Chinese goes on without a space and the rest of the line must not be taken for a name.
_MENTION = re.compile(
    r"(?<![\w.])@(?:[A-Za-z0-9_][A-Za-z0-9_.\-]*|\w{1,20}(?=[\s,:\uff0c\uff1a])|\w{1,4}$)[,:\uff0c\uff1a]?"
)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff\ufffd\ud800-\udfff]")
_HAS_WORD = re.compile(r"[^\W_]")
_SENTENCE_END = re.compile(r"[.!?;\u3002\uff01\uff1f\uff1b\u2026]+[\s\"'\u201d\u2019)]*")


def clean(text: str) -> str:
    """The text as it is embedded: one line without handles, quotes, code blocks and addresses (their domain stays).

    Any `str` is accepted, lone surrogates and control characters included; "" when no word is left.
    """
    if len(text) > RAW_CHARS:
        text = text[:RAW_CHARS]
    if _MARKUP.search(text):
        text = _without_markup(text)
    text = " ".join(_UNPRINTABLE.sub(" ", text).split())
    return text if _HAS_WORD.search(text) else ""


def _without_markup(text: str) -> str:
    if "```" in text or "~~~" in text:
        text = _FENCE.sub("\n", text).replace("```", " ")
    if "/quote]" in text.lower():
        text = _QUOTE_BLOCK.sub("\n", text)
    if ">" in text:
        text = _QUOTE_LINE.sub("", text)
    if "://" in text or "www." in text:
        text = _URL.sub(r" \1 ", text)
    if "@" in text:
        text = _MENTION.sub(" ", text)
    return text.replace("`", " ")


def split(text: str, size: int = PASSAGE_CHARS, most: int = MESSAGE_PASSAGES) -> list[str]:
    """Cleaned text in at most `most` parts of at most `size` characters, cut at sentence ends or spaces; the rest is
    left out."""
    parts: list[str] = []
    while text and len(parts) < most:
        end = _cut(text, size)
        parts.append(text[:end].strip())
        text = text[end:].lstrip()
    return parts


def _cut(text: str, size: int) -> int:
    if len(text) <= size:
        return len(text)
    ends = [found.end() for found in _SENTENCE_END.finditer(text, size // 2, size)]
    if ends:
        return ends[-1]
    space = text.rfind(" ", size // 2, size)
    return space if space > 0 else size


def profile_passages(member: Member) -> list[tuple[ProfilePart, str]]:
    """What a member states about themselves, cleaned, part by part; parts with nothing to say are left out."""
    parts: list[tuple[ProfilePart, str]] = [("profile", member.profile)]
    parts += [("aims", aim) for aim in member.aims]
    parts += [("offers", offer.text) for offer in member.offers]
    parts += [("seeks", seek.text) for seek in member.seeks]
    parts += [("values", value) for value in member.values]
    cleaned = [(part, clean(text)[:DOCUMENT_CHARS]) for part, text in parts]
    return [(part, text) for part, text in cleaned if text]


def project_text(project: Project) -> str:
    """Title and text of a project, cleaned, at most 2,000 characters; "" when there is nothing."""
    return document_text(project.title, project.text)


def document_text(title: str, text: str) -> str:
    """Title and text of a project, brief or question as one cleaned text of at most 2,000 characters."""
    return "\n".join(part for part in (clean(title), clean(text)) if part)[:DOCUMENT_CHARS]


class _Run(NamedTuple):
    """Who spoke last in a thread, when, and the passage that their next line extends (-1: none)."""

    author: str
    time: Micros
    passage: int


class PassageBuilder:
    """Passages of a community, built message by message; a passage keeps its index for ever.

    Columns, one entry a passage: `authors`, `channels`, `threads`, `texts` (lines joined by a line feed; "" once
    all its messages are removed), `message_ids` (oldest first), `starts` and `ends` (microseconds, -1 when empty).
    Messages are meant to come in time order; a late one makes a passage of its own. Not safe for concurrent use.
    """

    def __init__(self) -> None:
        self.authors: list[str] = []
        self.channels: list[str] = []
        self.threads: list[str] = []
        self.texts: Rows[str] = Rows()
        self.message_ids: Rows[tuple[str, ...]] = Rows()
        self.starts: array[int] = array("q")
        self.ends: array[int] = array("q")
        self._times: list[array[int]] = []
        self._first: dict[str, int] = {}
        self._runs: dict[tuple[str, str], _Run] = {}
        self._names: dict[str, str] = {}

    def __len__(self) -> int:
        """How many passages there are, emptied ones included."""
        return len(self.texts)

    def add(self, message: Message) -> int:
        """Index of the passage that the message begins in, new or extended; -1 when no words are left of it.

        A long message goes on in the passages right after it: `passages_of` gives them all. Raises ValueError when the
        message is already in: remove it first.
        """
        if message.id in self._first:
            raise ValueError(f"message {message.id!r} is already in a passage")
        key = (self._name(message.channel), self._name(message.thread))
        run = self._runs.get(key)
        text = clean(message.text)
        late = run is not None and message.time < run.time
        if not text:
            if not late:
                self._note(key, run, message)
            return -1
        if not late and self._fits(run, message, text):
            assert run is not None
            first = last = run.passage
            self._extend(first, message, text)
        else:
            parts = split(text)
            first = len(self.texts)
            for part in parts:
                last = self._new(key, message, part)
        self._first[message.id] = first
        if not late:
            self._runs[key] = _Run(self.authors[last], message.time, last)
        return first

    def remove(self, message_id: str) -> int | None:
        """Take a message out; index of the first passage that lost text, None when the message is in none.

        A long message is taken out of every passage it went into: ask `passages_of` before.
        """
        touched = self.passages_of(message_id)
        if not touched:
            return None
        for index in touched:
            self._cut_out(index, message_id)
        del self._first[message_id]
        return touched[0]

    def passages_of(self, message_id: str) -> range:
        """Indices of the passages that hold text of this message; empty when none does."""
        first = self._first.get(message_id)
        if first is None:
            return range(0)
        end = first + 1
        while end < len(self.texts) and self.message_ids[end][:1] == (message_id,):
            end += 1
        return range(first, end)

    def state(self) -> State:
        """Everything needed to go on later, as arrays and lists of strings."""
        return {
            "authors": list(self.authors),
            "channels": list(self.channels),
            "threads": list(self.threads),
            "texts": list(self.texts),
            "message_ids": [message for ids in self.message_ids for message in ids],
            "message_times": np.array([time for times in self._times for time in times], dtype=np.int64),
            "message_counts": np.array([len(ids) for ids in self.message_ids], dtype=np.int32),
            "run_channels": [channel for channel, _ in self._runs],
            "run_threads": [thread for _, thread in self._runs],
            "run_authors": [run.author for run in self._runs.values()],
            "run_times": np.array([run.time for run in self._runs.values()], dtype=np.int64),
            "run_passages": np.array([run.passage for run in self._runs.values()], dtype=np.int64),
        }

    @classmethod
    def from_state(cls, state: State) -> PassageBuilder:
        """The builder that gave this state."""
        builder = cls()
        one = builder._names.setdefault  # as in `_name`, of which there are many calls here
        builder.authors, builder.channels, builder.threads = (
            [one(name, name) for name in state[names]] for names in ("authors", "channels", "threads")
        )
        builder.texts = Rows(state["texts"])
        builder._restore(list(state["message_ids"]), np.asarray(state["message_times"]), state["message_counts"])
        run_times, run_passages = np.asarray(state["run_times"]).tolist(), np.asarray(state["run_passages"]).tolist()
        for channel, thread, *run in zip(
            state["run_channels"], state["run_threads"], state["run_authors"], run_times, run_passages, strict=True
        ):
            builder._runs[builder._name(channel), builder._name(thread)] = _Run(*run)
        return builder

    def _fits(self, run: _Run | None, message: Message, text: str) -> bool:
        if run is None or run.passage < 0 or run.author != message.author or message.time - run.time > RUN_GAP:
            return False
        so_far = len(self.texts[run.passage])
        return so_far > 0 and so_far + 1 + len(text) <= PASSAGE_CHARS

    def _note(self, key: tuple[str, str], run: _Run | None, message: Message) -> None:
        """A message without words still breaks the run of whoever spoke before."""
        same = run is not None and run.author == message.author and message.time - run.time <= RUN_GAP
        self._runs[key] = _Run(self._name(message.author), message.time, run.passage if run and same else -1)

    def _extend(self, index: int, message: Message, text: str) -> None:
        self.texts[index] = f"{self.texts[index]}\n{text}"
        self.message_ids[index] = (*self.message_ids[index], message.id)
        self._times[index].append(message.time)
        self.ends[index] = message.time

    def _new(self, key: tuple[str, str], message: Message, text: str) -> int:
        self.authors.append(self._name(message.author))
        self.channels.append(key[0])
        self.threads.append(key[1])
        self.texts.append(text)
        self.message_ids.append((message.id,))
        self._times.append(array("q", (message.time,)))
        self.starts.append(message.time)
        self.ends.append(message.time)
        return len(self.texts) - 1

    def _cut_out(self, index: int, message_id: str) -> None:
        # Cleaned lines hold no line feed, so the text of a passage splits back into those of its messages.
        ids = self.message_ids[index]
        at = ids.index(message_id)
        lines = self.texts[index].split("\n")
        del lines[at], self._times[index][at]
        self.message_ids[index] = ids[:at] + ids[at + 1 :]
        self.texts[index] = "\n".join(lines)
        self._set_span(index)

    def _set_span(self, index: int) -> None:
        times = self._times[index]
        self.starts[index] = times[0] if times else -1
        self.ends[index] = times[-1] if times else -1

    def _restore(self, ids: list[str], times: np.ndarray, counts: np.ndarray | list[str]) -> None:
        """The messages (M,) of all passages, of which each has some of the `counts`."""
        sizes = np.asarray(counts, np.int64)
        ends = np.cumsum(sizes)
        spans = list(zip((ends - sizes).tolist(), ends.tolist(), strict=True))
        self.message_ids = Rows(tuple(ids[start:end]) for start, end in spans)
        of_all = array("q", times.astype(np.int64).tobytes())
        self._times = [of_all[start:end] for start, end in spans]
        there = sizes > 0
        for spanned, at in ((self.starts, ends - sizes), (self.ends, ends - 1)):
            span = np.full(len(sizes), -1, np.int64)
            span[there] = times[at[there]]
            spanned.frombytes(span.tobytes())
        for message_id, index in zip(ids, np.repeat(np.arange(len(sizes)), sizes).tolist(), strict=True):
            self._first.setdefault(message_id, index)

    def _name(self, name: str) -> str:
        """One object for equal names: rows of a community repeat a few of them very often."""
        return self._names.setdefault(name, name)
