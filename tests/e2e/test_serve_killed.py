"""kill -9 while messages come in: what was acknowledged is there, once, and what was not can be sent again."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from yiqi.client import YiqiRpcError
from yiqi.v1.message_pb2 import BatchCreateMessagesRequest, Message

from models.domain.records import Message as Record
from service.compose import open_application
from service.core.settings import Settings
from service.store.sql import SqlStore
from tests.e2e.serving import message, serving

BATCH = 5
TOTAL = 600


def batches() -> Iterator[list[Message]]:
    for start in range(0, TOTAL, BATCH):
        yield [message(n, f"m{n % 7}") for n in range(start, start + BATCH)]


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_acknowledged_is_missing_and_nothing_is_doubled(tmp_path: Path, seed: int) -> None:
    data = tmp_path / "data"
    acknowledged = _ingest_until_killed(data, seed)
    assert 0 < len(acknowledged) < TOTAL
    stored = _stored(data)
    assert acknowledged <= set(stored)
    with serving(data) as (server, client):
        before = client.search_members("c", "bread oven", limit=50).info.indexed_through
        assert before >= len(acknowledged)
        created = sum(
            client.messages.BatchCreateMessages(
                BatchCreateMessagesRequest(parent="communities/c", messages=batch)
            ).summary.created
            for batch in batches()
        )
        assert created == TOTAL - len(stored)
        assert server.stop() == 0
    assert len(_stored(data)) == TOTAL
    settings = Settings(data=data)
    with open_application(settings) as (_, runtime):
        view = runtime.view("c")
    indexed = [id for passage in view.documents.messages for id in passage]
    assert sorted(indexed) == sorted(_stored(data))


def _ingest_until_killed(data: Path, seed: int) -> set[str]:
    """Ids whose batch was acknowledged before the server was killed, at a moment that the seed chooses."""
    acknowledged: set[str] = set()
    chance = random.Random(seed)
    after, moment = chance.randrange(5, TOTAL // BATCH // 2), chance.uniform(0, 0.02)
    with serving(data) as (server, client):
        client.create_community("c")
        timer = threading.Timer(moment, server.process.kill)
        try:
            for number, batch in enumerate(batches()):
                if number == after:
                    timer.start()
                client.messages.BatchCreateMessages(
                    BatchCreateMessagesRequest(parent="communities/c", messages=batch), timeout=3
                )
                acknowledged |= {one.name.rsplit("/", 1)[1] for one in batch}
        except YiqiRpcError:
            pass
        timer.join()
        server.process.communicate(timeout=30)
    return acknowledged


def _stored(data: Path) -> list[str]:
    with closing(SqlStore(data / "yiqi.db")) as store:
        return [record.id for record in store.scan("c", "message") if isinstance(record, Record)]
