"""How soon what is written can be found: a steady stream of writes beside a steady stream of reads, on a real server.

    python -m tests.bench.freshness --seconds 60
    python -m tests.bench.freshness --data DIR --community ID

Half of the writes are updates of a profile, half are messages; each brings words that nobody used before. Calls are due
at fixed times whether or not the earlier ones are done, and last from when they were due, so that a stall shows.
"""

from __future__ import annotations

import argparse
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime

from yiqi.client import YiqiRpcError, channel_name, id_of, member_name, message_name, timestamp
from yiqi.v1.common_pb2 import Need
from yiqi.v1.member_pb2 import Member
from yiqi.v1.message_pb2 import Message
from yiqi.v1.recommendation_pb2 import AUDIENCE_ORGANIZERS

from tests.bench.figures import machine, times
from tests.bench.serving import Served, arguments, data_of, serving

QUESTIONS = (
    "who can teach me to repair a bicycle", "谁懂数据库", "somebody who writes music", "周末一起爬山", "legal advice",
    "help with a first website", "想学做饭", "a place to meet in the evening", "parser for a grammar", "开源项目",
)  # fmt: skip
SYLLABLES = [consonant + vowel for consonant in "bdfgjklmnprstvz" for vowel in "aeiou"]
POLL_SECONDS = 0.05
GIVE_UP_SECONDS = 10.0
TOP = 10


@dataclass
class Measured:
    """Seconds of everything that happened, and what failed. `known` is (when, up to which change) a reply knew."""

    acknowledged: list[float] = field(default_factory=list)
    written: list[tuple[float, int]] = field(default_factory=list)
    known: list[tuple[float, int]] = field(default_factory=list)
    reads: list[float] = field(default_factory=list)
    found: dict[str, list[float]] = field(default_factory=lambda: {"profile": [], "message": []})
    waited: list[float] = field(default_factory=list)
    not_in_top: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def indexed(self) -> list[float]:
        """For every write, seconds from its acknowledgement to the first reply that knew it; late by up to a read."""
        replies = sorted(self.known)
        highest, marks = 0, []
        for when, sequence in replies:
            if sequence > highest:
                highest = sequence
                marks.append((sequence, when))
        out = []
        for acknowledged, sequence in self.written:
            seen = next((when for upto, when in marks if upto >= sequence), None)
            if seen is not None:
                out.append(max(0.0, seen - acknowledged))
        return out


class Load:
    """Writes, reads and probes against one served community."""

    def __init__(self, served: Served) -> None:
        self.measured = Measured()
        self._client = served.client()
        self._community = served.community
        # Never seeded: words of an earlier run on the same data would be found, and embedded, before they are written.
        self._rng = random.Random()
        self._people = served.people()
        self._lock = threading.Lock()
        self._count = {"write": 0, "probe": 0}
        self._run = f"{time.time_ns():x}"

    def run(self, seconds: float, writes: float, reads: float, probes: float) -> Measured:
        """So many writes, reads and watched writes a second, for so long."""
        streams = [(self._write, writes), (self._read, reads), (self._probe, probes)]
        with ThreadPoolExecutor(64) as pool:
            threads = [
                threading.Thread(target=_paced, args=(pool, call, rate, seconds)) for call, rate in streams if rate > 0
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self._client.close()
        return self.measured

    def _write(self, due: float) -> None:
        number = self._next("write")
        self._new_words(due, "profile" if number % 2 else "message")

    def _read(self, due: float) -> None:
        with self._lock:
            choice, member, question = self._rng.random(), self._rng.choice(self._people), self._rng.choice(QUESTIONS)
        try:
            if choice < 1 / 3:
                info = self._client.recommend_peers(self._community, member, audience=AUDIENCE_ORGANIZERS).info
            elif choice < 2 / 3:
                info = self._client.recommend_collaborators(self._community, member=member).info
            else:
                info = self._client.search_members(self._community, question).info
        except YiqiRpcError as error:
            self._failed(error)
            return
        now = time.monotonic()
        with self._lock:
            self.measured.reads.append(now - due)
            self.measured.known.append((now, info.indexed_through))

    def _probe(self, due: float) -> None:
        """A write that is watched: every other one is polled for, every other one is read with `min_sequence`."""
        number = self._next("probe")
        kind = "profile" if number % 2 else "message"
        done = self._new_words(due, kind)
        if done is None:
            return
        member, words, sequence = done
        began = time.monotonic()
        if number // 2 % 2:
            self._poll(kind, member, words, sequence, began)
        else:
            self._read_your_write(words, sequence, began)

    def _poll(self, kind: str, member: str, words: str, sequence: int, began: float) -> None:
        """Search until the member is found; an answer that knows the write without finding them is the ranker's."""
        while time.monotonic() - began < GIVE_UP_SECONDS:
            found, through = self._search(words)
            with self._lock:
                if member in found:
                    self.measured.found[kind].append(time.monotonic() - began)
                    return
                if through >= sequence:
                    self.measured.not_in_top[kind] += 1
                    return
            time.sleep(POLL_SECONDS)
        with self._lock:
            self.measured.errors["never indexed"] += 1

    def _read_your_write(self, words: str, sequence: int, began: float) -> None:
        self._search(words, min_sequence=sequence)
        with self._lock:
            self.measured.waited.append(time.monotonic() - began)

    def _search(self, words: str, min_sequence: int = 0) -> tuple[list[str], int]:
        """Who is found, and up to which change the answer knows; (nobody, 0) when the call fails."""
        try:
            reply = self._client.search_members(
                self._community, words, min_sequence=min_sequence, limit=TOP, audience=AUDIENCE_ORGANIZERS,
                with_reasons=False, diversity=0.0,
            )  # fmt: skip
        except YiqiRpcError as error:
            self._failed(error)
            return [], 0
        return [id_of(found.resource) for found in reply.recommendations], reply.info.indexed_through

    def _next(self, stream: str) -> int:
        with self._lock:
            self._count[stream] += 1
            return self._count[stream]

    def _new_words(self, due: float, kind: str) -> tuple[str, str, int] | None:
        """Write words that nobody used before, as a profile or message; by whom, the words, the change's number."""
        with self._lock:
            member = self._rng.choice(self._people)
            words = " ".join("".join(self._rng.choices(SYLLABLES, k=4)) for _ in range(2))
        try:
            sequence = self._state(member, words) if kind == "profile" else self._say(member, words)
        except YiqiRpcError as error:
            self._failed(error)
            return None
        now = time.monotonic()
        with self._lock:
            self.measured.acknowledged.append(now - due)
            self.measured.written.append((now, sequence))
        return member, words, sequence

    def _state(self, member: str, words: str) -> int:
        changes = Member(profile=f"For years I have looked after {words}", offers=[Need(text=words)])
        return self._client.update_member(self._community, member, changes, ["profile", "offers"]).sequence

    def _say(self, member: str, words: str) -> int:
        id = f"bench-{self._run}-{words.replace(' ', '-')}"
        said = Message(
            name=message_name(self._community, id),
            author=member_name(self._community, member),
            time=timestamp(datetime.now(UTC)),
            text=words,
            channel=channel_name(self._community, "bench"),
            thread=id,
        )
        reply = self._client.ingest_messages(self._community, [said])
        if reply.summary.created != 1:
            with self._lock:
                self.measured.errors["message rejected"] += 1
        return reply.sequence

    def _failed(self, error: YiqiRpcError) -> None:
        with self._lock:
            self.measured.errors[f"{error.status.name} {error.reason}".strip()] += 1


def _paced(pool: ThreadPoolExecutor, call: Callable[[float], None], rate: float, seconds: float) -> None:
    began = time.monotonic()
    for number in range(int(rate * seconds)):
        due = began + number / rate
        time.sleep(max(0.0, due - time.monotonic()))
        pool.submit(call, due)


def report(measured: Measured) -> list[str]:
    """The figures as lines."""
    found = [seconds for those in measured.found.values() for seconds in those]
    return [
        times("write acknowledged", measured.acknowledged),
        times("write known to some reply", measured.indexed()),
        times("write found by searching", found),
        times("  a profile", measured.found["profile"]),
        times("  a message", measured.found["message"]),
        times("search with min_sequence", measured.waited),
        times("read", measured.reads),
        f"{'known but not in the first ten':<34} {dict(measured.not_in_top) or 'none'}",
        f"{'errors':<34} {dict(measured.errors) or 'none'}",
    ]


def main() -> None:
    """The command."""
    parser = arguments(__doc__ or "")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--seconds", type=float, default=60.0, help="for how long (60)")
    parser.add_argument("--writes", type=float, default=18.0, help="plain writes a second (18)")
    parser.add_argument("--reads", type=float, default=20.0, help="plain reads a second (20)")
    parser.add_argument("--probes", type=float, default=2.0, help="watched writes a second (2)")
    parser.add_argument("--warm", type=float, default=3.0, help="seconds of the same load before measuring (3)")
    options = parser.parse_args()
    with data_of(options) as data, serving(data, options.community) as served:
        rates = options.writes, options.reads, options.probes
        if options.warm:
            Load(served).run(options.warm, *rates)
        print(f"{options.community}, {options.seconds:.0f} s, {sum(rates[::2]):g} writes/s, {rates[1]:g} reads/s")
        before = machine()
        for line in report(Load(served).run(options.seconds, *rates)):
            print(line)
        print(f"before: {before}; after: {machine()}")


if __name__ == "__main__":
    main()
