"""What both say: by words, by meaning, and by what the community's own words mean there."""

from __future__ import annotations

import numpy as np

from models.community.lsa import NAMES as OWN_NAMES
from models.community.sparse import times
from models.community.view import Community
from models.features.feature import Beside, Family, Feature, FeatureGroup, Form, stacked
from models.features.nearness import nearness
from models.features.passages import nearest_passages
from models.features.query import Query


def _values(beside: Beside) -> dict[str, np.ndarray]:
    view, pick = beside.view, beside.pick
    one_by_one = [_passages(view, query, pick) | _own(beside, query) for query in beside.queries]
    return {
        "lexical": beside.each(lambda query: times(query.lexical, view.lexical.by_term)[pick]),
        **nearness(view, beside.queries, beside.rows),
        **{name: stacked([values[name] for values in one_by_one]) for name in one_by_one[0]},
    }


def _own(beside: Beside, query: Query) -> dict[str, np.ndarray]:
    """(n,) each: likeness by the community's own words; 0 where none were learnt."""
    view, pick = beside.view, beside.pick
    if beside.learnt.tower is None:
        zero = np.zeros(view.size, np.float32)[pick]
        return dict.fromkeys(OWN_NAMES, zero)
    known = beside.learnt.tower.of(view)
    if query.row >= 0:
        return known.like_member(query.row, pick)
    return known.like_text(query.lexical.csr(), view.lexical.vocabulary, pick)


def _passages(view: Community, query: Query, pick: slice | np.ndarray) -> dict[str, np.ndarray]:
    """Best and mean of the three best passages or projects of each candidate for what is asked."""
    top1, top3 = np.zeros((2, view.size), np.float32)
    if len(query.queries):
        owner, similarity = _nearest(view, query)
        order = np.lexsort((-similarity, owner))
        owner, similarity = owner[order], similarity[order]
        first = np.searchsorted(owner, owner, "left")
        place = np.arange(len(owner)) - first
        np.maximum.at(top1, owner, similarity)
        np.add.at(top3, owner[place < 3], similarity[place < 3] / 3)
    return {"passages_top1": top1[pick], "passages_top3": top3[pick]}


def _nearest(view: Community, query: Query) -> tuple[np.ndarray, np.ndarray]:
    """(owner rows, similarities) of the passages nearest to what is asked and of all projects."""
    owners, similarities = [], []
    if len(view.documents.index):
        found, score = (of_each[0] for of_each in nearest_passages(view, query))
        found, score = found[found >= 0], score[found >= 0]
        owners.append(view.documents.owner[found])
        similarities.append(score)
    if len(view.projects.ids):
        by_project = view.projects.vectors @ query.queries[0]
        at = view.projects.members.tocoo()
        owners.append(at.col)
        similarities.append(by_project[at.row])
    if not owners:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    owner, similarity = np.concatenate(owners), np.concatenate(similarities)
    keep = (owner >= 0) & (similarity > 0)
    return owner[keep], similarity[keep]


BOTH: tuple[Form, ...] = ("%", "^")
PLAIN_TOO: tuple[Form, ...] = (*BOTH, "")


def _feature(name: str, meaning: str, forms: tuple[Form, ...], group: FeatureGroup = "text") -> Feature:
    approximate = name.startswith("passages")
    return Feature(name=name, meaning=meaning, group=group, forms=forms, beyond=True, approximate=approximate)


FAMILY = Family(
    (
        _feature("lexical", "words", PLAIN_TOO, "words"),
        _feature("dense_best", "two interests", PLAIN_TOO),
        _feature("dense_centroid", "all that they say", BOTH),
        _feature("centred_best", "two interests, less what is common to all", BOTH),
        _feature("centred_centroid", "all that they say, less what is common to all", BOTH),
        _feature("own_words", "the community's own words, by what they mean there", BOTH, "words"),
        _feature("circle_words", "the same, of those whom they deal with", BOTH, "words"),
        _feature("passages_top1", "the best passage or project", PLAIN_TOO),
        _feature("passages_top3", "the three best passages or projects", BOTH),
    ),
    _values,
)
