"""A real server over a real store and runtime, with the toy world in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from yiqi.client import YiqiClient
from yiqi.v1.recommendation_pb2 import AUDIENCE_ORGANIZERS

from models.community.view import Community as View
from models.domain.records import Community, Record
from service.api.server import build_server
from service.core.settings import Settings
from service.serving import Runtime
from service.serving.watched import watched
from service.store.sql import SqlStore
from tests.toy.world import NOW, RECORDS
from tests.warmed import DONE


class Served:
    """A server over a real store and runtime."""

    def __init__(self, store: SqlStore, runtime: Runtime, client: YiqiClient, target: str) -> None:
        self.store, self.runtime, self.client, self.target = store, runtime, client, target

    def view(self) -> View:
        return self.runtime.view("toy", self.store.head("toy"), timeout=60)

    def ask_everything(self) -> None:
        """Requests of every kind."""
        ask: dict[str, Any] = {"audience": AUDIENCE_ORGANIZERS}
        for member in ("mei", "ada"):
            self.client.recommend_peers("toy", member, **ask)
            self.client.recommend_collaborators("toy", member=member, **ask)
            self.client.recommend_projects("toy", member)
        self.client.recommend_collaborators("toy", goal="a film about bees", **ask)
        self.client.search_members("toy", "who knows about guitars", **ask)
        self.client.explain_match("toy", "mei", "noah", **ask)
        self.client.propose_projects("toy", limit=3)

    def write(self, *records: Record) -> View:
        """Written, and seen by the view that is returned."""
        watched(self.store, self.runtime).put("toy", list(records), "replace")
        return self.view()


@contextmanager
def serving_toy(folder: Path) -> Iterator[Served]:
    settings = Settings(data=folder, introductions=False)
    with closing(SqlStore(settings.database)) as store:
        store.put("toy", [Community(id="toy"), *RECORDS, *DONE])
        with closing(Runtime(store, folder, settings, following=True)) as runtime:
            runtime.view("toy", timeout=600)
            server = build_server(watched(store, runtime), runtime, runtime.tokens.check, clock=lambda: NOW)
            port = server.add_insecure_port("127.0.0.1:0")
            server.start()
            target = f"127.0.0.1:{port}"
            with YiqiClient(target, timeout=60) as client:
                yield Served(store, runtime, client, target)
            server.stop(None).wait()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving_toy(tmp_path) as found:
        yield found
