"""What any list has to beat: simple scores that need no learning, and their fusions. Each is (Q, C), more is better.

The first ones, in their order, are those that communities have been compared by before; dense ones and ALS follow.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from scipy.stats import rankdata

from models.community.view import Community
from models.domain.requests import Goal
from models.ranking.pipeline import TextEncoder
from models.text.passages import document_text
from training.evaluation import als
from training.evaluation.record import Recorded
from training.evaluation.trial import OF_PROJECTS, Trial
from training.labels.tasks import Task

RANDOM = "random"
FUSED_AT = 60  # the constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_ENOUGH_TO_TELL = 400  # characters by which a text's script is told


class Names(NamedTuple):
    """What the baselines that depend on the task are called."""

    near: str
    short: str
    words: str
    meaning: str
    factors: str


NAMES: dict[Task, Names] = {
    "direct": Names("Adamic-Adar", "AA", "TF-IDF centroid", "dense centroid", "implicit ALS"),
    "join": Names("worked with the lead", "lead", "TF-IDF to project", "dense to project", "ALS of the lead"),
    "answer": Names("recent in channel", "channel", "TF-IDF to member", "dense to member", "ALS of the asker"),
}


def baselines(
    recorded: Recorded, trial: Trial, view: Community, encode: TextEncoder, seed: int
) -> dict[str, np.ndarray]:
    """Scores by name; `view` is the community at the cut. The random one is all 0: ties are broken at random."""
    names = NAMES.get(trial.task, NAMES["direct"])
    near, recent = _near(recorded, trial), _alike(trial, trial.recent)
    words, meaning = _tfidf(trial), _dense(trial, view, encode)
    simple = {
        RANDOM: np.zeros(trial.closed.shape),
        "popularity": _alike(trial, trial.deeds),
        "recent activity": recent,
        names.near: near,
        names.words: words,
        f"RRF {names.short}+TF-IDF": fused(trial.closed, near, words),
    }
    if trial.task != "answer":
        simple[f"RRF {names.short}+TF-IDF+recent"] = fused(trial.closed, near, words, recent)
    return simple | {
        names.meaning: meaning,
        f"RRF {names.short}+TF-IDF+dense": fused(trial.closed, near, words, meaning),
        f"RRF {names.short}+TF-IDF+dense+recent": fused(trial.closed, near, words, meaning, recent),
        names.factors: _als(trial, seed),
    }


def adamic_adar(trial: Trial) -> np.ndarray:
    """(Q, C) common acquaintances of asker and candidate, each counting 1 / log(how many they know)."""
    degree = np.asarray((trial.ties > 0).sum(1), float).ravel()
    return _through_acquaintances(trial, np.where(degree > 1, 1 / np.log(np.maximum(degree, 2)), 0))


def common_acquaintances(trial: Trial) -> np.ndarray:
    """(Q, C) how many know both asker and candidate."""
    return _through_acquaintances(trial, np.ones(trial.ties.shape[0]))


def _through_acquaintances(trial: Trial, weight: np.ndarray) -> np.ndarray:
    """(Q, C) sums of the (M,) weights of those who know both asker and candidate."""
    met = (trial.ties > 0).astype(float)
    askers, candidates = _picked(trial, trial.askers), _picked(trial, trial.candidates)
    return np.asarray((askers @ met @ sp.diags(weight) @ met @ candidates.T).todense())


def fused(closed: np.ndarray, *scores: np.ndarray) -> np.ndarray:
    """(Q, C) reciprocal rank fusion; equals share a rank, and who is closed takes none from the rest."""
    ranks = [rankdata(-np.where(closed, -np.inf, s), axis=1) for s in scores]
    return np.asarray(sum(1 / (FUSED_AT + rank) for rank in ranks))


def _near(recorded: Recorded, trial: Trial) -> np.ndarray:
    if trial.task == "answer":
        return _in_channel(recorded, trial)
    if trial.task == "join":
        askers, candidates = _picked(trial, trial.askers), _picked(trial, trial.candidates)
        return np.asarray((askers @ trial.ties @ candidates.T).todense())
    return adamic_adar(trial)


def _in_channel(recorded: Recorded, trial: Trial) -> np.ndarray:
    """(Q, C) messages shortly before the cut in the channel of the question."""
    cut = trial.cut
    said = Counter((m.channel, m.author) for m in recorded.messages if cut.recent <= m.time < cut.time)
    rooms = {room: np.array([said[room, c] for c in trial.candidates], float) for room in {r for r, _ in said}}
    none = np.zeros(len(trial.candidates))
    return np.array([rooms.get(asked.channel, none) if isinstance(asked, Goal) else none for asked in trial.asked])


def _alike(trial: Trial, scores: np.ndarray) -> np.ndarray:
    """(Q, C): the same (C,) scores for everybody who asks."""
    return np.tile(scores, (len(trial.asked), 1))


def _tfidf(trial: Trial) -> np.ndarray:
    """(Q, C) cosine of the words of asker, or of what is asked, with those of the candidates."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    if sum(bool(_UNSPACED.search(text[:_ENOUGH_TO_TELL])) for text in trial.texts) > len(trial.texts) / 3:
        kind: dict[str, Any] = {"analyzer": "char", "ngram_range": (2, 3), "max_df": 0.5, "max_features": 300_000}
    else:
        kind = {"token_pattern": r"(?u)\b[^\W\d]\w{2,}\b", "max_df": 0.4, "stop_words": "english"}
    vectorizer = TfidfVectorizer(min_df=2, sublinear_tf=True, **kind)
    try:
        members = vectorizer.fit_transform(trial.texts)
    except ValueError:  # no word is used by two people, yet not by nearly all
        return np.zeros(trial.closed.shape)
    column = {member: i for i, member in enumerate(trial.candidates)}
    if trial.audience is not None:
        asked = members[[column[member] for member in trial.askers]]
    else:
        asked = vectorizer.transform(_question(trial, goal) for goal in trial.asked)
    return np.asarray((asked @ members.T).todense())


def _question(trial: Trial, goal: str | Goal) -> str:
    assert isinstance(goal, Goal), "only members ask without words"
    return f"{goal.title}. {goal.text}" if trial.task in OF_PROJECTS else f"{goal.title} {goal.text}"


def _dense(trial: Trial, view: Community, encode: TextEncoder) -> np.ndarray:
    """(Q, C) cosine of centroids, or of what is asked with the candidates' centroids."""
    members = _centroids(view, trial.candidates)
    if trial.audience is not None:
        return np.asarray(_centroids(view, trial.askers) @ members.T)
    goals = [goal for goal in trial.asked if isinstance(goal, Goal)]
    return np.asarray(encode([document_text(goal.title, goal.text) for goal in goals]) @ members.T)


def _centroids(view: Community, members: Sequence[str]) -> np.ndarray:
    out = np.zeros((len(members), view.facets.vectors.shape[1]), np.float32)
    there = [i for i, member in enumerate(members) if member in view.row]
    out[there] = view.interests.take(np.array([view.row[members[i]] for i in there], np.int64), 0)
    return out


def _als(trial: Trial, seed: int) -> np.ndarray:
    """(Q, C) by factors of who has dealt with whom."""
    users, items = als.factors(trial.ties, seed)
    return np.asarray((_picked(trial, trial.askers) @ users) @ (_picked(trial, trial.candidates) @ items).T)


def _picked(trial: Trial, members: Sequence[str]) -> sp.csr_matrix:
    """(n, M) that picks the rows of members out of a matrix over `trial.known`; nothing for those who are not in it."""
    at = [(i, trial.known[member]) for i, member in enumerate(members) if member in trial.known]
    rows, columns = [i for i, _ in at], [j for _, j in at]
    return sp.csr_matrix((np.ones(len(at)), (rows, columns)), shape=(len(members), len(trial.known)))
