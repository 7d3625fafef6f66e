"""What both say: by words, by meaning, and by what the community's own words mean there."""

from __future__ import annotations

import numpy as np

from models.community.lsa import NAMES as OWN_NAMES
from models.community.sparse import times
from models.community.view import Community
from models.features.feature import Beside, Family, Feature, FeatureGroup, Form
from models.features.query import Query

DENSE = ("dense_best", "dense_centroid", "centred_best", "centred_centroid", "passages_top1", "passages_top3")
NEAREST_PASSAGES = 1000


def _values(beside: Beside) -> dict[str, np.ndarray]:
    view, query = beside.view, beside.query
    return {
        "lexical": times(query.lexical, view.lexical.by_term)[beside.pick],
        **_dense(view, query, beside.candidates),
        **_own(beside),
    }


def _own(beside: Beside) -> dict[str, np.ndarray]:
    """(n,) each: likeness by the community's own words; 0 where none were learnt."""
    view, query, pick = beside.view, beside.query, beside.pick
    if beside.learnt.tower is None:
        zero = np.zeros(view.size, np.float32)[pick]
        return dict.fromkeys(OWN_NAMES, zero)
    known = beside.learnt.tower.of(view)
    if query.row >= 0:
        return known.like_member(query.row, pick)
    return known.like_text(query.lexical.csr(), view.lexical.vocabulary, pick)


def _dense(view: Community, query: Query, candidates: np.ndarray | None) -> dict[str, np.ndarray]:
    n = view.size if candidates is None else len(candidates)
    zero = np.zeros(n, np.float32)
    if not len(query.vectors):
        return dict.fromkeys(DENSE, zero)
    similarity = _interests(view, query, candidates)
    centred = _centred(view, similarity, query.vectors, candidates)
    top1, top3 = _passages(view, query, candidates)
    # A goal is one text; a member's first vector is the centroid, and interests are compared with interests.
    mine = slice(None) if query.row < 0 or len(query.vectors) < 2 else slice(1, None)
    return {
        "dense_best": np.maximum(similarity[:, 1:, mine].max((1, 2)), 0),
        "dense_centroid": np.maximum(similarity[:, 0, 0], 0),
        "centred_best": np.maximum(centred[:, 1:, mine].max((1, 2)), 0),
        "centred_centroid": np.maximum(centred[:, 0, 0], 0),
        "passages_top1": top1,
        "passages_top3": top3,
    }


def _interests(view: Community, query: Query, candidates: np.ndarray | None) -> np.ndarray:
    """(n, 1 + I, m) products of the candidates' vectors with the query's."""
    ahead = query.ahead
    if ahead.interests is None:
        return np.asarray(view.interests.dot(query.vectors, candidates))
    rows = slice(None) if candidates is None else candidates
    return np.asarray(ahead.interests[rows if ahead.place is None else ahead.place[rows]])


def _centred(view: Community, similarity: np.ndarray, vectors: np.ndarray, candidates: np.ndarray | None) -> np.ndarray:
    """(n, 1 + I, m) cosines once the members' mean is taken from both sides: some are near to whatever is asked, and
    what is common to all tells nothing."""
    square = float(view.mean @ view.mean)
    theirs = (view.to_mean if candidates is None else view.to_mean[candidates])[:, :, None]
    mine = (vectors @ view.mean)[None, None, :]
    lengths = np.sqrt(np.maximum(1 - 2 * theirs + square, 1e-6) * np.maximum(1 - 2 * mine + square, 1e-6))
    # A vector that is not there is zero, and like nothing.
    return np.asarray(np.where(similarity != 0, (similarity - theirs - mine + square) / lengths, 0))


def _passages(view: Community, query: Query, candidates: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Best and mean of the three best passages or projects of each candidate for what is asked."""
    n = view.size
    top1, top3 = np.zeros(n, np.float32), np.zeros(n, np.float32)
    if len(query.queries):
        owner, similarity = _nearest(view, query)
        order = np.lexsort((-similarity, owner))
        owner, similarity = owner[order], similarity[order]
        first = np.searchsorted(owner, owner, "left")
        place = np.arange(len(owner)) - first
        np.maximum.at(top1, owner, similarity)
        np.add.at(top3, owner[place < 3], similarity[place < 3] / 3)
    pick = slice(None) if candidates is None else candidates
    return top1[pick], top3[pick]


def _nearest(view: Community, query: Query) -> tuple[np.ndarray, np.ndarray]:
    """(owner rows, similarities) of the passages nearest to what is asked and of all projects."""
    owners, similarities = [], []
    if len(view.documents.index):
        found, score = view.documents.index.search(
            query.queries[:1], min(NEAREST_PASSAGES, len(view.documents.index)), None
        )
        found, score = found[0][found[0] >= 0], score[0][found[0] >= 0]
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
