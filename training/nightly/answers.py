"""What a challenger, what is served, what ships and every single column would have answered in windows of the past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.features.matrix import COLUMN, COLUMNS
from models.ranking import blend
from models.ranking.exposure import MOST_KEPT
from models.ranking.ranker import Head, Ranker
from training.labels.feedback import SAID, Asking, asking
from training.labels.tasks import Task
from training.metrics import K
from training.nightly.recipe import LEARNT
from training.nightly.windows import Asked

# Strangers are not judged by themselves: few of them meet, and the head is for those who would not have met anyway.
JUDGED: tuple[Head, ...] = tuple(head for head in LEARNT if head != "strangers")
CHALLENGER, INCUMBENT, SHIPPED = "challenger", "incumbent", "shipped"
SHARES = (0.0, 0.1, 0.2, 0.3)  # of strangers in a list: what is tried
# Where those who met are known to be new to each other.
NEW_CONTACTS: dict[Head, Task] = {"peers": "direct", "collaborators": "project"}


@dataclass(frozen=True, slots=True)
class Answers:
    """NDCG@10 of every judged query of a task, by method: (n,) each; `askers` (n,) int64.

    `weights` (n,): how many first contacts each counts for; None: one.
    """

    askers: np.ndarray
    ndcg: Mapping[str, np.ndarray]
    weights: np.ndarray | None = None

    @property
    def counted(self) -> np.ndarray:
        """(n,) how many first contacts each query counts for."""
        return np.ones(len(self.askers)) if self.weights is None else self.weights


def answer(
    asked: Mapping[Asking, Sequence[Asked]], twin: Ranker, incumbent: Ranker, prior: Ranker
) -> dict[Asking, Answers]:
    """How all three, and every single column, answer what was asked in windows."""
    rivals = {CHALLENGER: twin, INCUMBENT: incumbent, SHIPPED: prior}
    out: dict[Asking, Answers] = {}
    for head in JUDGED:
        for task in asking(head):
            found = [one for one in asked.get(task, ()) if one.relevant[one.back].any()]
            if task in SAID.values() and not found:
                continue
            rows = [_answer(one, head, rivals.values()) for one in found]
            names: tuple[str, ...] = (*rivals, *COLUMNS)
            if head in NEW_CONTACTS:
                names = (*names, *map(with_share, SHARES), *map(strangers_met, SHARES))
                rows = [np.append(row, _answer_shared(one, head, twin)) for row, one in zip(rows, found, strict=True)]
            table = np.array(rows, np.float32).reshape(-1, len(names))
            askers = np.array([one.asker for one in found], np.int64)
            weights = np.array([one.graded.weight if one.graded else 1.0 for one in found])
            out[task] = Answers(askers, {name: table[:, i] for i, name in enumerate(names)}, weights)
    return out


def _answer(asked: Asked, head: Head, rivals: Iterable[Ranker]) -> np.ndarray:
    """Only those who came back count: who is here tomorrow is another question."""
    features, gains = asked.features[asked.back].astype(np.float32), _gains(asked)
    scores = np.column_stack([*(rival.score(head, features) for rival in rivals), features])
    return _ndcg_of_each(scores, gains)


def _gains(asked: Asked) -> np.ndarray:
    """Of those who came back: bool, or how far they came, where people said so."""
    return np.asarray((asked.graded.gains if asked.graded else asked.relevant)[asked.back])


def _answer_shared(asked: Asked, head: Head, twin: Ranker) -> np.ndarray:
    """(2 · shares,) of lists that hold at least this share of strangers: NDCG@10, then the share of the strangers whom
    the asker met that is among the first ten; 0 where they met none. Lists hold those who are gone, too, as they would
    have; who came back is counted."""
    features = asked.features.astype(np.float32)
    likely, strange = twin.score(head, features), twin.score_strangers(head, features)
    stranger = features[:, COLUMN["adamic_adar%"]] <= 0
    mixed = np.random.default_rng(len(features)).permutation(len(features))
    places = np.zeros((len(features), len(SHARES)))
    for at, share in enumerate(SHARES):
        order = blend.mix(likely, strange, stranger, np.zeros(len(likely), bool), mixed, share, MOST_KEPT)
        places[order, at] = np.arange(len(order))
    places, gains = places[asked.back], _gains(asked)
    right = stranger[asked.back] & (gains > 0)
    first = np.argsort(np.argsort(places, axis=0), axis=0) < K
    return np.concatenate([_ndcg_of_each(-places, gains), first[right].sum(0) / max(1, min(K, int(right.sum())))])


def with_share(share: float) -> str:
    return f"strangers {share}"


def strangers_met(share: float) -> str:
    return f"strangers met {share}"


def _ndcg_of_each(scores: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """(M,) NDCG@10 of the columns of (n, M) scores for (n,) gains; ties in the same random order for all of them."""
    mixed = np.random.default_rng(len(scores)).permutation(len(scores))
    scores, gains = scores[mixed], gains[mixed]
    k = min(K, len(scores))
    top = np.argpartition(-scores, k - 1, axis=0)[:k]
    best = np.take_along_axis(top, np.argsort(-np.take_along_axis(scores, top, 0), axis=0, kind="stable"), 0)
    discount = 1 / np.log2(np.arange(2, K + 2))
    ideal = discount[:k] @ np.sort(gains)[::-1][:k]
    return np.asarray(discount[:k] @ gains[best] / ideal)


def together(parts: Iterable[Mapping[Asking, Answers]]) -> dict[Asking, Answers]:
    """The answers of several folds as one."""
    found = list(parts)
    tasks = dict.fromkeys(task for part in found for task in part)
    out: dict[Asking, Answers] = {}
    for task in tasks:
        of_task = [part[task] for part in found if task in part]
        out[task] = Answers(
            np.concatenate([a.askers for a in of_task]),
            {name: np.concatenate([a.ndcg[name] for a in of_task]) for name in of_task[0].ndcg},
            np.concatenate([a.counted for a in of_task]),
        )
    return out
