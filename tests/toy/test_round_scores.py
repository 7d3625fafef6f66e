"""Scores of a round: what two people are worth to each other, the same as in their lists."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from models.community.view import Community
from models.domain.records import Block, Member
from models.ranking import retrieval
from models.ranking.ranker import Ranker
from models.rounds.problem import scores as scoring
from models.rounds.problem.scores import scores
from tests.toy.ask import Asker
from tests.toy.world import DAY, NOW, RECORDS, Encode, changed, view_of


def everybody(view: Community) -> np.ndarray:
    return np.flatnonzero(view.rules.present)


def test_scores_are_symmetric_and_nobody_has_one_with_themselves(toy: Community, ranker: Ranker) -> None:
    found = scores(toy, ranker, everybody(toy), now=NOW)
    assert isinstance(found, np.ndarray)
    assert np.allclose(found, found.T)
    assert not found.diagonal().any()
    assert found.max() <= 1


def test_who_completes_whom_has_the_higher_score(toy: Community, ranker: Ranker, encode: Encode) -> None:
    rows = everybody(toy)
    found = scores(toy, ranker, rows, now=NOW)
    mine = found[int(np.flatnonzero(rows == toy.row["mei"])[0])]
    lists = Asker(toy, ranker, encode).collaborators("mei", limit=100, include_connected=True, diversity=0.0)
    best = lists.matches[0].id
    assert mine[int(np.flatnonzero(rows == toy.row[best])[0])] >= np.sort(mine)[-3]


def test_who_blocked_the_other_has_no_score_with_them(ranker: Ranker, encode: Encode) -> None:
    block = Block(id="b-round", source="mei", target="ada")
    view = view_of([*RECORDS, block], encode)
    rows = np.array([view.row["ada"], view.row["mei"], view.row["noah"]])
    found = np.asarray(scores(view, ranker, rows, now=NOW))
    assert found[0, 1] == found[1, 0] == 0
    assert found[1, 2] > 0


def test_who_is_paused_has_no_score_with_anybody(ranker: Ranker, encode: Encode) -> None:
    view = view_of(changed(RECORDS, Member, "mei", paused_until=NOW + DAY), encode)
    rows = np.array([view.row["ada"], view.row["mei"], view.row["noah"]])
    found = np.asarray(scores(view, ranker, rows, now=NOW))
    assert not found[1].any()
    assert found[0, 2] > 0


def test_of_whom_nothing_is_known_is_worth_something_to_everybody_but_who_refused_them(
    ranker: Ranker, encode: Encode
) -> None:
    strangers = [Member(id=id, name=id, consent="members") for id in ("nobody-1", "nobody-2")]
    view = view_of([*RECORDS, *strangers, Block(id="b-bare", source="mei", target="nobody-1")], encode)
    rows = np.array([view.row[id] for id in ("ada", "mei", "noah", "nobody-1", "nobody-2")])
    found = np.asarray(scores(view, ranker, rows, now=NOW))
    assert found[3, 0] == found[3, 2] == found[3, 4] == found[4, 1] > 0
    assert found[3, 1] == found[1, 3] == 0
    assert found[3, 0] < found[:3, :3].max()


def test_in_a_large_community_too_everybody_in_a_round_is_compared(
    toy: Community, ranker: Ranker, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = everybody(toy)
    found = scores(toy, ranker, rows, now=NOW)
    for bound in ("EVERYBODY", "SEATS", "DRAWN"):
        monkeypatch.setattr(retrieval, bound, 1)
    assert np.allclose(scores(toy, ranker, rows, now=NOW), found, atol=1e-5)


def test_of_many_people_the_best_of_each_are_kept(
    toy: Community, ranker: Ranker, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = everybody(toy)
    dense = np.asarray(scores(toy, ranker, rows, now=NOW))
    monkeypatch.setattr(scoring, "DENSE", 2)
    few = scores(toy, ranker, rows, best=2, now=NOW)
    assert sp.issparse(few)
    assert (few != few.T).nnz == 0
    shown = dense.any(1)
    assert few.getnnz(1)[shown].min() >= 2
    assert not few.getnnz(1)[~shown].any()
    kept = few.toarray() > 0
    assert np.abs(few.toarray() - dense)[kept].max() < 0.1
    assert few.max() == pytest.approx(dense.max(), abs=0.1)
