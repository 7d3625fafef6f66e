"""A view that was warmed keeps all that requests work out of it."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cached_property

import pytest

from models.ranking import return_probability
from models.ranking.exposure import Exposure, ExposureSlots
from models.ranking.ranker import HEADS, Ranker, shipped
from service.serving.warming import warm
from tests.toy.ask import FOR_A_MEMBER, Asker
from tests.toy.world import RECORDS, Encode, view_of
from tests.warmed import DONE, worked_out
from training.fitting.lsa import fit_tower


@pytest.fixture
def learnt(encode: Encode) -> Ranker:
    """A ranker with everything that a night may add."""
    view = view_of((*RECORDS, *DONE), encode)
    exposure = Exposure(return_probability.shipped(), {head: ExposureSlots(2.0, {"mei": 0.1}) for head in HEADS})
    prior = shipped()
    return replace(prior, learnt=replace(prior.learnt, tower=fit_tower(view.lexical)), exposure=exposure)


def test_after_warming_requests_of_every_kind_keep_nothing_new(encode: Encode, learnt: Ranker) -> None:
    view = view_of((*RECORDS, *DONE), encode)
    warm(view, learnt)
    warmed = worked_out(view)
    ask = Asker(view, learnt, encode)
    for call in (*FOR_A_MEMBER.values(), Asker.projects):
        call(ask, "mei")
        call(ask, "ada", diversity=0.3, strangers=0.5, gone=False, include_connected=True, limit=3)
    ask.search("guitar lessons")
    ask.explain("mei", "noah")
    assert worked_out(view) - warmed == set()


def test_every_property_that_is_worked_out_once_is_warm(encode: Encode, learnt: Ranker) -> None:
    view = view_of((*RECORDS, *DONE), encode)
    warm(view, learnt)
    parts = [view, *(getattr(view, field.name) for field in fields(view))]
    lazy = {
        f"{type(part).__name__}.{name}"
        for part in parts
        for name, value in vars(type(part)).items()
        if isinstance(value, cached_property) and name not in vars(part) and type(part).__module__.endswith("view")
    }
    assert lazy == set()
