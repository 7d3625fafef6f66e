"""A real server on a free port over a store in a temporary folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import pytest
from yiqi.client import YiqiClient

from models.community.builder import Builder
from models.community.view import Community as View
from models.domain.facts import given
from models.domain.records import Community, Outcome
from models.domain.requests import Evidence, Goal, Match, Options, Reason, Recommendations
from models.ranking.reasons.aims import SHARED_AIM
from service.api.interceptors.load import Load
from service.api.server import build_server, new_health, set_serving
from service.application import recommendations as usecase
from service.core.errors import InvalidArgument
from service.store.sql import SqlStore
from tests.rpc.toy_server import served  # noqa: F401

NOW = 1_750_000_000_000_000
TOKEN = "signed"


@dataclass
class Runtime:
    """Stands where the live community stands: it says how far the index is, and keeps what was asked of it."""

    indexed: int = 10**9
    waited: list[float] = field(default_factory=list)
    asked: list[tuple[str, object, Options]] = field(default_factory=list)
    matches: tuple[Match, ...] = (
        Match(
            "bo",
            0.9,
            0.8,
            0.7,
            (Reason(SHARED_AIM, given("Both aim at tea."), 0.5, (Evidence("term", "tea"), Evidence("member", "cy"))),),
        ),
        Match("cy", 0.4, 0.3, 0.2),
    )
    fault: Exception | None = None

    def wait_indexed(self, community: str, sequence: int, timeout: float) -> bool:
        self.waited.append(timeout)
        return sequence <= self.indexed

    def current(self, community: str, min_sequence: int = 0) -> View:
        """In which nobody is kept apart."""
        return Builder(Community(id=community), 4, "none").view(min_sequence)

    def answer(self, kind: str, target: object, options: Options) -> usecase.Answer:
        if self.fault:
            raise self.fault
        self.asked.append((kind, target, options))
        found = Recommendations(self.matches[: options.limit], hidden_by_consent=3, model_version="m1")
        return usecase.Answer(found, index_version="i1", indexed_through=self.indexed, token=TOKEN)


@dataclass
class Running:
    """A server that runs, with what stands behind it."""

    target: str
    store: SqlStore
    runtime: Runtime
    client: YiqiClient
    channel: grpc.Channel


def verify_token(community: str, outcome: Outcome) -> None:
    if outcome.token != TOKEN:
        raise InvalidArgument(outcome.token, reason="TOKEN_INVALID")


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """The contract is under test here, not the matching: the use cases that compute answer from `Runtime`."""
    for name, kind in (
        ("recommend_peers", "peers"),
        ("recommend_collaborators", "collaborators"),
        ("recommend_projects", "projects"),
        ("search_members", "search"),
        ("explain_match", "explain"),
    ):
        monkeypatch.setattr(usecase, name, _scripted(kind))
    monkeypatch.setattr(usecase, "goal_of_project", lambda runtime, community, id: Goal(text="of project", title=id))
    store, runtime = SqlStore(tmp_path / "yiqi.db"), Runtime()
    health = new_health()
    server = build_server(store, runtime, verify_token, health=health, clock=lambda: NOW, load=Load(workers=4))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    set_serving(health, True)
    target = f"127.0.0.1:{port}"
    with YiqiClient(target, timeout=10) as client, grpc.insecure_channel(target) as channel:
        yield Running(target, store, runtime, client, channel)
    server.stop(None).wait()
    store.close()


def _scripted(kind: str) -> Callable[..., usecase.Answer]:
    def call(runtime: Runtime, community: str, target: object, *rest: object, strict: bool = False) -> usecase.Answer:
        assert strict == (kind == "search")
        options = rest[-1]
        assert isinstance(options, Options)
        return runtime.answer(kind, (target, *rest[:-1]) if len(rest) > 1 else target, options)

    return call
