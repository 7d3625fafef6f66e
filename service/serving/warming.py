"""Works out all that requests read of a view before one of them does."""

from __future__ import annotations

from functools import cached_property

# Whatever is marked with `once_a_view` has to be imported to be known here.
from models.community.kept import ONCE_A_VIEW
from models.community.view import Community
from models.ranking.projects.open_projects import openings
from models.ranking.projects.weights import serving
from models.ranking.ranker import HEADS, Ranker


def warm(view: Community, ranker: Ranker) -> None:
    """Fill all that is kept beside a view and its parts, and what this ranker needs of it."""
    for part in (view, view.activity, view.ties, view.facets, view.lexical, view.projects, view.judgement):
        for name, attribute in vars(type(part)).items():
            if isinstance(attribute, cached_property):
                getattr(part, name)
    for of_view in ONCE_A_VIEW:
        of_view(view)
    warm_for(view, ranker)


def warm_for(view: Community, ranker: Ranker) -> None:
    """Fill what a ranker needs of a view."""
    learnt = ranker.learnt
    if learnt.tower is not None:
        learnt.tower.of(view)
    if learnt.choice is not None:
        learnt.choice.encode(view.attributes)
    openings(view, learnt.tower)
    serving(view, ranker.projects)
    ranker.likely_here(view)
    if ranker.exposure is not None:
        for head in HEADS:
            ranker.exposure.of(view, head)
