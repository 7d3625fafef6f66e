"""A model that another version made: it serves without what this one does not know, and says so."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from yiqi.v1 import model_pb2 as pb
from yiqi.v1.recommendation_pb2 import AUDIENCE_ORGANIZERS

from models.files.sealed import MANIFEST
from models.ranking import artifact
from tests.learnt import learnt, of_another_version
from tests.rpc.toy_server import Served

EXTRA, MISSING = "moon phase%", "lexical%"


def scores(served: Served, version: str) -> dict[str, float]:
    """Who is recommended to Mei by this model, with scores."""
    served.client.promote_model("toy", version)
    reply = served.client.recommend_peers("toy", "mei", audience=AUDIENCE_ORGANIZERS)
    assert reply.info.model_version == version
    assert reply.recommendations
    return {one.resource: one.score for one in reply.recommendations}


def promotable(served: Served, night: int, missing: str = "") -> str:
    """A model of this version; without weight for one column, where it is named."""
    ranker, manifest = learnt(night, community="toy")
    if missing:
        kept = [name != missing for name in manifest.features]
        ranker = replace(ranker, weights={head: row * kept for head, row in ranker.weights.items()})
    return served.runtime.rankers.folder.add(ranker, manifest)[1].version


def made_elsewhere(served: Served, night: int) -> str:
    ranker, manifest = learnt(night, community="toy")
    ranker, manifest = artifact.named(ranker, replace(manifest, seed=99))
    home = served.runtime.rankers.folder.home("toy")
    of_another_version(home / manifest.version, ranker, manifest, extra=EXTRA, missing=MISSING)
    return manifest.version


def test_it_answers_as_if_what_is_unknown_were_not_there_and_what_is_new_weighed_nothing(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    whole, without = promotable(served, 1), promotable(served, 1, MISSING)
    theirs = made_elsewhere(served, 1)
    with caplog.at_level(logging.WARNING, "yiqi.runtime"):
        answer = scores(served, theirs)
    assert answer == scores(served, without)
    assert answer != scores(served, whole)
    (line,) = [record for record in caplog.records if record.message == "model of another version"]
    note = served.client.get_model("toy", theirs).note
    assert EXTRA in note
    assert MISSING in note
    assert vars(line) | {"community": "toy", "model": theirs, "note": note} == vars(line)
    notes = {model.name.rsplit("/")[-1]: model.note for model in served.client.list_models("toy")}
    assert {version: notes[version] for version in (whole, without, theirs)} == {whole: "", without: "", theirs: note}


def test_a_damaged_one_of_another_version_is_refused_as_any_other(served: Served) -> None:
    theirs = made_elsewhere(served, 1)
    file = served.runtime.rankers.folder.home("toy") / theirs / MANIFEST
    file.write_bytes(file.read_bytes().replace(EXTRA.encode(), b"moon phase^"))
    model = served.client.get_model("toy", theirs)
    assert (model.state, model.note) == (pb.MODEL_STATE_DAMAGED, "")
    assert "changed or damaged" in model.problem
