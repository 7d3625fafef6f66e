"""How many messages a second the service acknowledges, and how soon all of them are indexed.

python -m tests.bench.writing --messages 20000
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from yiqi.client import YiqiClient, channel_name, member_name, message_name, timestamp
from yiqi.v1.message_pb2 import Message
from yiqi.v1.recommendation_pb2 import AUDIENCE_ORGANIZERS

from tests.bench.figures import machine
from tests.bench.serving import arguments, data_of, recommendable, serving

WORDS = """
we could try a smaller boat before winter and ask the harbour who still has an engine that runs so that somebody
learns the wiring while another writes down what each part costs 今天 大家 一起 修 船 需要 电工 朋友 周末 学习
"""
POLL_SECONDS = 0.1


def messages(community: str, people: list[str], count: int, seed: int) -> Iterator[Message]:
    """Made-up messages of 5 to 30 words, one a second up to now, by everybody in turn."""
    rng, words = random.Random(seed), WORDS.split()
    start = datetime.now(UTC) - timedelta(seconds=count)
    run = f"{time.time_ns():x}"
    for number in range(count):
        yield Message(
            name=message_name(community, f"bench-{run}-{number}"),
            author=member_name(community, people[number % len(people)]),
            time=timestamp(start + timedelta(seconds=number)),
            text=" ".join(rng.choices(words, k=rng.randint(5, 30))) + f" {number}",
            channel=channel_name(community, "bench"),
            thread=f"bench-{run}-{number // 20}",
        )


def indexed_through(client: YiqiClient, community: str) -> int:
    """The newest change that an answer knows."""
    reply = client.search_members(community, "boat", limit=1, audience=AUDIENCE_ORGANIZERS, with_reasons=False)
    return reply.info.indexed_through


def main() -> None:
    """The command."""
    parser = arguments(__doc__ or "")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--messages", type=int, default=20_000, help="how many (20000)")
    options = parser.parse_args()
    with (
        data_of(options) as data,
        serving(data, options.community) as served,
        served.client(timeout=60.0) as client,
    ):
        people = recommendable(client, options.community)
        written = list(messages(options.community, people, options.messages, seed=1))
        began = time.monotonic()
        reply = client.ingest_messages(options.community, written)
        acknowledged = time.monotonic() - began
        while indexed_through(client, options.community) < reply.sequence:
            time.sleep(POLL_SECONDS)
        indexed = time.monotonic() - began
    print(f"{reply.summary.created} created, {reply.summary.rejected} rejected; {machine()}")
    print(f"acknowledged in {acknowledged:.1f} s: {len(written) / acknowledged:,.0f} messages/s")
    print(f"all indexed {indexed - acknowledged:.1f} s after that, {indexed:.1f} s in all")


if __name__ == "__main__":
    main()
