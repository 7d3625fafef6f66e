"""What is written can be found at once, also while others write and read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import pytest
from yiqi.client import YiqiClient, id_of, member_name, message_name, timestamp
from yiqi.v1.common_pb2 import Need
from yiqi.v1.member_pb2 import Member
from yiqi.v1.message_pb2 import Message
from yiqi.v1.recommendation_pb2 import AUDIENCE_ORGANIZERS, RecommendationFilter

from tests.bench.freshness import Load, Measured
from tests.bench.serving import Served, recommendable, serving

from .sample import COMMUNITY, sample_data

# The aim is 1 second at p99 on a machine that does nothing else; tests share theirs.
MEDIAN_SECONDS = 1.0
P99_SECONDS = 4.0


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(sample_data(tmp_path_factory), COMMUNITY) as found:
        yield found


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[YiqiClient]:
    with served.client() as found:
        yield found


def first(client: YiqiClient, words: str, sequence: int = 0) -> str:
    reply = client.search_members(
        COMMUNITY, words, min_sequence=sequence, limit=1, audience=AUDIENCE_ORGANIZERS, diversity=0.0
    )
    return id_of(reply.recommendations[0].resource)


def test_the_first_search_after_a_message_finds_its_author(client: YiqiClient) -> None:
    author = recommendable(client, COMMUNITY)[3]
    said = Message(
        name=message_name(COMMUNITY, "fresh"),
        author=member_name(COMMUNITY, author),
        time=timestamp(datetime.now(UTC)),
        text="Tuned my glockenspiel again, sanded the bars of the glockenspiel until they rang true",
    )
    sequence = client.ingest_messages(COMMUNITY, [said]).sequence
    assert first(client, "who knows how to tune a glockenspiel", sequence) == author


def test_the_first_search_after_a_change_of_profile_knows_it(client: YiqiClient) -> None:
    member = recommendable(client, COMMUNITY)[4]
    offer = "restoring harpsichords"
    sequence = client.update_member(COMMUNITY, member, Member(offers=[Need(text=offer)]), ["offers"]).sequence
    reply = client.search_members(
        COMMUNITY,
        offer,
        min_sequence=sequence,
        audience=AUDIENCE_ORGANIZERS,
        filter=RecommendationFilter(members=[member_name(COMMUNITY, member)]),
    )
    evidence = [one.statement for reason in reply.recommendations[0].reasons for one in reason.evidence]
    assert offer in evidence


def test_writes_are_found_soon_and_all_of_them_beside_reads(served: Served) -> None:
    Load(served).run(2.0, writes=4, reads=4, probes=2)
    # The best of three, since other work on the machine only makes it slower.
    assert any(_found_soon(Load(served).run(8.0, writes=8, reads=10, probes=2)) for _ in range(3))


def _found_soon(measured: Measured) -> bool:
    assert not measured.errors
    assert len(measured.written) == 80
    indexed = measured.indexed()
    kept_up = len(indexed) >= 70  # the replies with what was written
    soon = np.median(indexed) < MEDIAN_SECONDS and np.percentile(indexed + measured.waited, 99) < P99_SECONDS
    return bool(kept_up and soon)


def test_without_reads_a_write_is_indexed_within_a_second(served: Served, client: YiqiClient) -> None:
    member = recommendable(client, COMMUNITY)[5]
    took = []
    for number in range(10):
        changes = Member(profile=f"I have kept bees for {number + 2} years")
        sequence = client.update_member(COMMUNITY, member, changes, ["profile"]).sequence
        began = time.monotonic()
        first(client, "bees", sequence)
        took.append(time.monotonic() - began)
    assert np.median(took) < MEDIAN_SECONDS
