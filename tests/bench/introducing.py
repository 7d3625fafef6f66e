"""How soon an introduction is told after the message that brings it about, on a real server under a steady stream.

    python -m tests.bench.introducing --seconds 120 --rate 50 --share 0.3 [--beside 2]

One message in ten says again, in another channel, what somebody else said before, so that rare words and ideas meet;
the others are small talk. Messages are due at fixed times whether or not the earlier ones are done. A delay runs from
when the message that brings two people together was due until one of them is told. That message is the later of the two
that their reasons quote: each is shown what the other said, so one of the two is shown the earlier one. How long nobody
may be told (quiet hours) and how often (budgets) is lifted. `--beside` so many processes keep the machine busy.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

from yiqi.client import (
    YiqiClient,
    YiqiRpcError,
    channel_name,
    community_name,
    id_of,
    member_name,
    message_name,
    timestamp,
)
from yiqi.v1.message_pb2 import ListMessagesRequest, Message
from yiqi.v1.recommendation_pb2 import INTRODUCTION_KIND_ANSWER, Introduction

from tests.bench.figures import machine, times
from tests.bench.serving import arguments, data_of, serving

OPEN = ("bench-a", "bench-b", "bench-c", "bench-d")
SMALL_TALK = ("see you there then", "好的，明天见", "that was a long day for all of us", "thanks a lot", "我也这么想")
STRAGGLERS_SECONDS = 15.0
QUOTED = 40  # characters of a question by which it is known in a text


class Talk:
    """Says things at a steady rate, and hears who is introduced."""

    def __init__(self, client: YiqiClient, community: str, share: float) -> None:
        self._client = client
        self._share = share
        self._community = community
        self._rng = random.Random(1)
        self._lock = threading.Lock()
        request = ListMessagesRequest(parent=community_name(community), page_size=1000)
        old = client.messages.ListMessages(request).messages
        self._texts = [(message.author, message.text) for message in old if len(message.text.split()) >= 5]
        self._people = sorted({author for author, _ in self._texts})
        self.due: dict[str, float] = {}
        self.said: dict[str, str] = {}
        self.taken: list[float] = []
        self.heard: defaultdict[str, list[tuple[float, Introduction]]] = defaultdict(list)
        self.failed = 0

    def say(self, number: int, due: float) -> None:
        """One message."""
        with self._lock:
            author, text = self._rng.choice(self._texts)
            other = self._rng.choice([one for one in self._people if one != author])
            text = text if self._rng.random() < self._share else self._rng.choice(SMALL_TALK)
            id = f"bench-{number}-{time.time_ns():x}"
            self.due[id], self.said[id] = due, text
            channel = self._rng.choice(OPEN)
        message = Message(
            name=message_name(self._community, id),
            author=member_name(self._community, id_of(other)),
            time=timestamp(datetime.now(UTC)),
            text=text,
            channel=channel_name(self._community, channel),
            thread=id,
        )
        try:
            self._client.ingest_messages(self._community, [message])
            self.taken.append(time.monotonic() - due)
        except YiqiRpcError:
            self.failed += 1

    def listen(self, seconds: float) -> None:
        """Until so many seconds are over."""
        try:
            for reply in self._client.watch_introductions(self._community, timeout=seconds):
                if reply.HasField("introduction"):
                    told = reply.introduction
                    self.heard[told.invitation].append((time.monotonic(), told))
        except YiqiRpcError:
            pass  # the deadline ends it

    def delays(self) -> list[float]:
        """Seconds from when a message was due until each of the two was told because of it."""
        found = []
        for told in self.heard.values():
            due = [self.due[id] for _, one in told for id in self._quoted(one)]
            found += [heard - max(due) for heard, _ in told] if due else []
        return found

    def _quoted(self, told: Introduction) -> Iterator[str]:
        """The messages of this run that a reason quotes. Of answers only the question: what speaks for who answers it
        may have been said since."""
        for item in told.reason.evidence:
            id = id_of(item.message) if item.message else ""
            asked = told.kind != INTRODUCTION_KIND_ANSWER or self.said.get(id, "")[:QUOTED] in told.text
            if id in self.due and asked:
                yield id


def run(talk: Talk, seconds: float, rate: float) -> None:
    """Says `rate` messages a second for so long."""
    began = time.monotonic()
    with ThreadPoolExecutor(32) as pool:
        for number in range(int(seconds * rate)):
            due = began + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            pool.submit(talk.say, number, due)


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """So many processes beside, that never rest."""
    beside = [multiprocessing.get_context("spawn").Process(target=_spin, daemon=True) for _ in range(processes)]
    for one in beside:
        one.start()
    try:
        yield
    finally:
        for one in beside:
            one.kill()
            one.join()


def _spin() -> None:
    while True:
        sum(range(100_000))


def main() -> None:
    """The command."""
    parser = arguments(__doc__ or "")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--seconds", type=float, default=30.0, help="for how long (30)")
    parser.add_argument("--rate", type=float, default=50.0, help="messages a second (50)")
    parser.add_argument("--share", type=float, default=0.1, help="share of messages that say something again (0.1)")
    parser.add_argument("--beside", type=int, default=0, help="processes that keep the machine busy meanwhile (0)")
    options = parser.parse_args()
    os.environ.update(YIQI_QUIET_HOURS="", YIQI_CONTACTS_PER_WEEK="1000")
    with data_of(options) as data, serving(data, options.community) as served, served.client() as client:
        before = machine()
        talk = Talk(client, options.community, options.share)
        listener = threading.Thread(target=talk.listen, args=(options.seconds + STRAGGLERS_SECONDS,))
        listener.start()
        time.sleep(1.0)
        with busy(options.beside):
            run(talk, options.seconds, options.rate)
        listener.join()
        events = sum(map(len, talk.heard.values()))
        print(f"{options.community}: {len(talk.due)} messages, {events} events, {talk.failed} failed")
        print(times("message to acknowledgement", talk.taken))
        print(times("message to event", talk.delays()))
        print(f"before: {before}; after: {machine()}")


if __name__ == "__main__":
    main()
