"""What a view needs is worked out before it is swapped in: no request works anything out or fits a model."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from yiqi.client import YiqiClient
from yiqi.v1.recommendation_pb2 import AUDIENCE_ORGANIZERS

from models.community.view import Community as View
from models.domain.records import Community, Message, Record
from models.features.matrix import Learnt
from models.ranking.exposure import Exposure, ExposureSlots
from models.ranking.projects import habits
from models.ranking.ranker import HEADS
from models.ranking.return_probability import SHIPPED
from service.api.server import build_server
from service.core.settings import Settings
from service.serving import Runtime
from service.serving.watched import watched
from service.store.sql import SqlStore
from tests.learnt import learnt
from tests.toy.world import NOW, RECORDS
from tests.warmed import DONE, worked_out
from training.fitting.lsa import fit_tower

LINE = Message(id="line", author="mei", time=NOW, text="One more line about seeds", channel="plaza")


class Served:
    """A server over a real store and runtime."""

    def __init__(self, store: SqlStore, runtime: Runtime, client: YiqiClient) -> None:
        self.store, self.runtime, self.client = store, runtime, client

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


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    settings = Settings(data=tmp_path, introductions=False)
    with closing(SqlStore(settings.database)) as store:
        store.put("toy", [Community(id="toy"), *RECORDS, *DONE])
        with closing(Runtime(store, tmp_path, settings, following=True)) as runtime:
            runtime.view("toy", timeout=60)
            server = build_server(watched(store, runtime), runtime, runtime.tokens.check, clock=lambda: NOW)
            port = server.add_insecure_port("127.0.0.1:0")
            server.start()
            with YiqiClient(f"127.0.0.1:{port}", timeout=60) as client:
                yield Served(store, runtime, client)
            server.stop(None).wait()


def test_no_request_works_out_anything_of_a_served_view(served: Served) -> None:
    served.ask_everything()
    for record in (LINE, replace(DONE[0], title="Other seeds")):
        view = served.write(record)
        warmed = worked_out(view)
        served.ask_everything()
        assert worked_out(view) - warmed == set()


def test_a_model_is_ready_for_the_view_before_it_serves(served: Served) -> None:
    ranker, manifest = learnt()
    exposure = Exposure(SHIPPED, {head: ExposureSlots(2.0, {"mei": 0.1}) for head in HEADS})
    tower = fit_tower(served.view().lexical)
    ranker = replace(ranker, learnt=Learnt(tower=tower), exposure=exposure)
    rankers = served.runtime.rankers
    version = rankers.folder.add(ranker, replace(manifest, community="toy"))[1].version
    rankers.folder.promote("toy", version, "test")
    assert rankers.refresh("toy").version == version
    warmed = worked_out(served.view())
    served.ask_everything()
    assert worked_out(served.view()) - warmed == set()


def test_nothing_is_fitted_inside_a_request(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor anew for a line that somebody says: only when a project changed, where the view is made."""
    fitted: list[str] = []
    fit = habits.conditional_logit

    def watch(*args: Any) -> Any:
        fitted.append(threading.current_thread().name)
        return fit(*args)

    monkeypatch.setattr(habits, "conditional_logit", watch)
    served.ask_everything()
    served.write(LINE)
    served.ask_everything()
    assert fitted == []
    served.write(replace(DONE[0], title="Other seeds"))
    assert len(fitted) == 2
    served.ask_everything()
    assert len(fitted) == 2
