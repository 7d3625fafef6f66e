"""What a view needs is worked out before it is swapped in: no request works anything out or fits a model."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from models.domain.records import Message
from models.features.matrix import Learnt
from models.ranking.exposure import Exposure, ExposureSlots
from models.ranking.projects import habits, weights
from models.ranking.ranker import HEADS
from models.ranking.return_probability import shipped
from tests.learnt import learnt
from tests.rpc.toy_server import Served
from tests.toy.world import NOW
from tests.warmed import DONE, worked_out
from training.fitting.lsa import fit_tower

LINE = Message(id="line", author="mei", time=NOW, text="One more line about seeds", channel="plaza")


def test_no_request_works_out_anything_of_a_served_view(served: Served) -> None:
    served.ask_everything()
    for record in (LINE, replace(DONE[0], title="Other seeds")):
        view = served.write(record)
        warmed = worked_out(view)
        served.ask_everything()
        assert worked_out(view) - warmed == set()


def test_a_model_is_ready_for_the_view_before_it_serves(served: Served) -> None:
    ranker, manifest = learnt()
    exposure = Exposure(shipped(), {head: ExposureSlots(2.0, {"mei": 0.1}) for head in HEADS})
    tower = fit_tower(served.view().lexical)
    ranker = replace(ranker, learnt=Learnt(tower=tower), exposure=exposure)
    rankers = served.runtime.rankers
    version = rankers.folder.add(ranker, replace(manifest, community="toy"))[1].version
    rankers.folder.promote("toy", version, "test")
    assert rankers.refresh("toy").version == version
    warmed = worked_out(served.view())
    served.ask_everything()
    assert worked_out(served.view()) - warmed == set()


@pytest.fixture
def fitted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The threads in which what tells of projects is fitted, each time it is."""
    threads: list[str] = []
    fit = habits.conditional_logit

    def watch(*args: Any) -> Any:
        threads.append(threading.current_thread().name)
        return fit(*args)

    monkeypatch.setattr(habits, "conditional_logit", watch)
    return threads


def test_nothing_is_fitted_inside_a_request(served: Served, fitted: list[str]) -> None:
    """Nor anew for a line that somebody says: only when a project changed, where the view is made."""
    served.ask_everything()
    served.write(LINE)
    served.ask_everything()
    assert fitted == []
    served.write(replace(DONE[0], title="Other seeds"))
    assert len(fitted) == 2
    served.ask_everything()
    assert len(fitted) == 2


def test_what_a_night_learnt_of_projects_is_fitted_nowhere_else(served: Served, fitted: list[str]) -> None:
    """It stays as the night left it, whatever becomes of projects, until another model serves."""
    ranker, manifest = learnt()
    of_night = replace(ranker, projects=replace(weights.shipped(), intercept=-5.0))
    rankers = served.runtime.rankers
    version = rankers.folder.add(of_night, replace(manifest, community="toy"))[1].version
    rankers.folder.promote("toy", version, "test")
    assert rankers.refresh("toy").version == version
    view = served.write(replace(DONE[0], title="Other seeds"))
    served.ask_everything()
    assert fitted == []
    assert weights.serving(view, rankers.of("toy").projects).intercept == -5.0
    rankers.folder.promote("toy", "shipped", "test")
    rankers.refresh("toy")
    assert len(fitted) == 2
    served.ask_everything()
    assert len(fitted) == 2
