"""What a night learns of projects: part of its artifact, and as it ships where what was learnt foretold worse."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models.domain.records import Project, Record
from models.ranking.projects import weights
from models.ranking.ranker import from_files, to_files
from tests import planted
from tests.planted import night
from tests.toy.test_openings import by_company, by_topic
from training.nightly import projects
from training.nightly.job import Outcome, run
from training.nightly.past import Past, past_of, views
from training.nightly.stage_cache import StageCache

GATES = ("who joins", "who does")


def of(records: list[Record]) -> Past:
    return past_of(records, "c")


def learn(past: Past, since: int) -> projects.Learnt:
    cuts = [since, past.end + 1]
    (_, then), (_, today) = views(past, cuts, planted.embed, 8, "e")
    return projects.learn(then, today, since)


def time_of(records: list[Record], number: int) -> int:
    """When the project of this number began."""
    found = next(r for r in records if isinstance(r, Project) and r.id == f"p{number:03d}")
    assert found.time is not None
    return found.time


def test_what_a_night_learnt_of_projects_comes_with_the_served_model(tmp_path: Path) -> None:
    outcome: Outcome = run(night(of(by_company())), StageCache(tmp_path))
    ranker, gates = (
        (outcome.ranker, outcome.gates) if outcome.status == "promoted" else (outcome.renewed, outcome.renewed_gates)
    )
    assert ranker is not None
    assert ranker.projects is not None
    assert not np.array_equal(ranker.projects.joining, weights.shipped().joining)
    assert not np.array_equal(ranker.projects.doing, weights.shipped().doing)
    assert [gate.name for gate in gates if gate.name in GATES] == list(GATES)
    kept = from_files(to_files(ranker)).projects
    assert kept is not None
    for mine, stored in ((ranker.projects.joining, kept.joining), (ranker.projects.doing, kept.doing)):
        np.testing.assert_allclose(stored, mine, atol=5e-5)


def test_with_few_projects_a_night_learns_nothing_of_them(tmp_path: Path) -> None:
    records = by_company()
    few = [r for r in records if not isinstance(r, Project) or r.id >= "p062"]
    assert learn(of(few), time_of(records, 80)) == projects.Learnt()


def test_where_the_past_misleads_what_ships_is_taken() -> None:
    """Pairs stayed together whatever the topic; then all keep to topics, each time with somebody else."""
    turned = 56
    company, topic = by_company(), by_topic()
    early = [r for r in company if not isinstance(r, Project) or r.id < f"p{turned:03d}"]
    late = [r for r in topic if isinstance(r, Project) and r.id >= f"p{turned:03d}"]
    found = learn(of([*early, *late]), time_of(topic, turned))
    joins, does = found.gates
    assert found.weights is not None
    assert np.array_equal(found.weights.joining, weights.shipped().joining)
    assert joins.sentence.endswith("against the weights that ship, which stay.")
    assert not np.array_equal(found.weights.doing, weights.shipped().doing), "either is judged by itself"
    assert not does.sentence.endswith("which stay.")
    assert joins.passed
    assert does.passed, "a model is not refused for what it does not take"


def test_where_the_past_told_what_came_what_was_learnt_is_taken() -> None:
    records = by_company()
    found = learn(of(records), time_of(records, 48))
    assert found.weights is not None
    assert not np.array_equal(found.weights.joining, weights.shipped().joining)
    assert not any(gate.sentence.endswith("which stay.") for gate in found.gates)
