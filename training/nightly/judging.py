"""Challenger against incumbent on what neither had seen: forward chaining, paired, by query.

A window is judged by a twin of the challenger: the same recipe, fitted on labels that end before the window begins. The
incumbent answers the same queries, and only windows count that begin at or after the time it was trained through.
What people said came of those put to them is judged beside first contacts, by its gains, and outweighs them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from models.domain.records import Micros
from models.features.matrix import COLUMN, COLUMNS
from models.ranking.artifact import Metric
from models.ranking.ranker import Head
from training.labels.feedback import SAID, Asking, asking
from training.labels.tasks import HEAD_TASKS
from training.metrics import bootstrap
from training.nightly.answers import (
    CHALLENGER,
    INCUMBENT,
    JUDGED,
    NEW_CONTACTS,
    SHARES,
    SHIPPED,
    Answers,
    strangers_met,
    together,
    with_share,
)
from training.nightly.windows import Window, longest

FOLDS = 3  # twins, at most
FEWEST_QUERIES, FEWEST_ASKERS = 40, 20
CONFIDENCE = 0.95  # one-sided, shared among the heads that are judged
# Every night asks anew with a little more data, and each look may err. Pocock ("Group sequential methods", Biometrika
# 1977) would allow a night about a fifth of the whole; half is the compromise with ever deciding at all. What it comes
# to is measured in docs/experiments/nights.md.
LOOKS = 2
LEAST_GAIN = 0.005  # NDCG: less is not worth a change of model
# What finding all of the strangers whom people met is worth, in parts of a list's NDCG: as much as the list itself,
# since of what strangers cost here seats would have taken two thirds anyhow (docs/decisions/0008). One place of ten is
# theirs whatever it costs: for those who would not have met anyway the product exists.
WORTH, LEAST_SHARE = 1.0, 0.1
# What everybody could do without learning: a column by itself.
_OF_PEOPLE = {
    "recent activity": "recent%",
    "popularity": "total%",
    "Adamic-Adar": "adamic_adar%",
    "words": "lexical%",
}
BASELINES: dict[Asking, dict[str, str]] = {
    **dict.fromkeys(("direct", "topic", "project", *SAID.values()), _OF_PEOPLE),
    "join": {
        "recent activity": "recent%",
        "popularity": "total%",
        "worked with the lead": "projects_together%",
        "words": "lexical%",
    },
    "answer": {
        "recent activity": "recent%",
        "popularity": "total%",
        "recent in channel": "channel_recent%",
        "words": "lexical%",
    },
}


@dataclass(frozen=True, slots=True)
class Fold:
    """A twin is fitted on the windows `learnt` and answers the windows `judged`."""

    learnt: tuple[Window, ...]
    judged: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A head's gain in NDCG@10 over the incumbent, with the bounds of its interval; `reason` is a sentence.

    `baseline` is the best simple method's name, `over_baseline` the (gain, low, high) over it.
    """

    head: Head
    queries: int
    gain: float
    low: float
    high: float
    better: bool
    decided: bool
    worse_tasks: tuple[Asking, ...]
    baseline: str
    over_baseline: tuple[float, float, float]
    reason: str


def folds(windows: Sequence[Window], trained_through: Micros) -> list[Fold]:
    """The judged windows, oldest first, in at most `FOLDS` runs; each is preceded by something to learn from."""
    fresh = longest((w for w in windows if w.cut >= trained_through), max((w.until for w in windows), default=0))
    judged = [w for w in fresh if longest(windows, w.cut)]
    runs = np.array_split(np.arange(len(judged)), max(1, min(FOLDS, len(judged))))
    return [Fold(longest(windows, judged[run[0]].cut), tuple(judged[i] for i in run)) for run in runs if len(run)]


def shares(answers: Mapping[Asking, Answers]) -> dict[Head, float]:
    """The share of strangers that is worth most: by what lists keep of their NDCG and what they find of the strangers
    whom people met; the largest of equals, never below the least. For heads of which enough is known."""
    out: dict[Head, float] = {}
    for head, task in NEW_CONTACTS.items():
        if task in answers and _enough(answers[task]):
            found = answers[task].ndcg
            without = max(float(found[with_share(SHARES[0])].mean()), 1e-9)
            worth = {
                s: float(found[with_share(s)].mean()) / without + WORTH * float(found[strangers_met(s)].mean())
                for s in SHARES
                if s >= LEAST_SHARE
            }
            out[head] = max(worth, key=lambda s: (round(worth[s], 6), s))
    return out


def judge(answers: Mapping[Asking, Answers]) -> list[Verdict]:
    """A verdict on every head that anything was asked of."""
    heads = [head for head in JUDGED if _asked(head, answers)]
    ready = [head for head in heads if _enough(_pooled(head, answers))]
    miss = (1 - CONFIDENCE) / LOOKS / max(len(ready), 1)
    return [_verdict(head, answers, miss) for head in heads]


def behind(head: Head, since: Mapping[Asking, Answers], ever: Mapping[Asking, Answers]) -> str:
    """Why a head that was learnt here should go back to the weights that ship; "" where it should not.

    Both have to say so: what is served, in the windows `since` it was learnt, and the recipe in all the windows there
    `ever` were. To be surely better, as a challenger has to be, is not asked of the weights that every community
    begins with.
    """
    if not (_asked(head, since) and _asked(head, ever)):
        return ""
    late, miss = _pooled(head, since), 1 - CONFIDENCE
    gain, *_ = compare(late, INCUMBENT, SHIPPED, miss)
    recipe, *_ = compare(_pooled(head, ever), CHALLENGER, SHIPPED, miss)
    if not _enough(late) or gain >= 0 or recipe >= 0:
        return ""
    queries = len(late.askers)
    return f"{head}: back to the weights that ship, NDCG@10 {gain:+.3f} against them on {queries} queries since."


def _asked(head: Head, answers: Mapping[Asking, Answers]) -> bool:
    return any(len(answers[task].askers) for task in asking(head) if task in answers)


def _verdict(head: Head, answers: Mapping[Asking, Answers], miss: float) -> Verdict:
    pooled = _pooled(head, answers)
    gain, low, high = compare(pooled, CHALLENGER, INCUMBENT, miss)
    baseline = max(_baselines(head), key=lambda name: float(pooled.ndcg[name].mean()))
    decided = _enough(pooled)
    worse = _worse(head, answers, miss)
    better = decided and low > 0 and gain >= LEAST_GAIN and not worse
    queries = len(pooled.askers)
    if not decided:
        reason = f"{head}: undecided, {queries} queries so far."
    else:
        what = "better" if better else "worse" if high < 0 or worse else "not shown to be better"
        reason = f"{head}: {what}, NDCG@10 {gain:+.3f} ({low:+.3f} to {high:+.3f}) on {queries} queries."
    over = compare(pooled, CHALLENGER, baseline, miss)
    return Verdict(head, queries, gain, low, high, better, decided, worse, baseline, over, reason)


def _worse(head: Head, answers: Mapping[Asking, Answers], miss: float) -> tuple[Asking, ...]:
    """The tasks in which the challenger is surely worse. Where it is surely better by what people say themselves, whom
    they were seen to deal with is no objection."""
    told = {
        task: compare(answers[task], CHALLENGER, INCUMBENT, miss)
        for task in asking(head)
        if task in answers and _enough(answers[task])
    }
    said = any(low > 0 for task, (_, low, _) in told.items() if task in SAID.values())
    return tuple(task for task, (_, _, high) in told.items() if high < 0 and (task in SAID.values() or not said))


def _enough(answers: Answers) -> bool:
    return len(answers.askers) >= FEWEST_QUERIES and len(np.unique(answers.askers)) >= FEWEST_ASKERS


def compare(answers: Answers, one: str, other: str, miss: float) -> tuple[float, float, float]:
    """(gain, low, high) of one method over another on the same queries, by their weights, each bound missed with
    probability `miss`.

    Student's t over askers, whose queries depend on each other: the variance is that of a ratio of their sums. The
    percentiles of a bootstrap, with as few askers, miss the far tails two to four times as often as they say.
    """
    names, owner = np.unique(answers.askers, return_inverse=True)
    count = len(names)
    weights = answers.counted
    gained = np.bincount(owner, weights * (answers.ndcg[one].astype(np.float64) - answers.ndcg[other]))
    asked = np.bincount(owner, weights)
    gain = float(gained.sum() / asked.sum())
    if count < 2:
        return gain, -1.0, 1.0
    off = gained - gain * asked
    error = float(np.sqrt((off @ off) * count / (count - 1)) / asked.sum())
    reach = float(stats.t.ppf(1 - miss, count - 1)) * error
    return gain, gain - reach, gain + reach


def _pooled(head: Head, answers: Mapping[Asking, Answers]) -> Answers:
    """All tasks of a head as one, baselines by name."""
    parts = []
    for task in asking(head):
        if task in answers:
            found = answers[task]
            named = {name: found.ndcg[column] for name, column in BASELINES[task].items()}
            parts.append({task: Answers(found.askers, {**found.ndcg, **named}, found.weights)})
    return next(iter(together([{HEAD_TASKS[head][0]: next(iter(p.values()))} for p in parts]).values()))


def _baselines(head: Head) -> list[str]:
    return list(BASELINES[HEAD_TASKS[head][0]])


def best_column(head: Head, answers: Mapping[Asking, Answers], used: np.ndarray) -> tuple[str, float]:
    """Of the columns with a weight, (F,) bool, the one that answers best by itself, and its NDCG@10."""
    pooled = _pooled(head, answers)
    means = {c: float(pooled.ndcg[c].mean()) for c in COLUMNS if used[COLUMN[c]]}
    return max(means.items(), key=lambda found: found[1], default=("", 0.0))


def metrics(answers: Mapping[Asking, Answers], seed: int) -> tuple[Metric, ...]:
    """What a manifest says of each task: challenger, incumbent and baselines, with 95 % intervals."""
    out = []
    for task, found in answers.items():
        if not len(found.askers):
            continue
        clusters = list(found.askers)
        methods = {"ndcg@10": CHALLENGER, "ndcg@10 of the parent": INCUMBENT} | {
            f"ndcg@10 of {name}": column for name, column in BASELINES[task].items()
        }
        for name, method in methods.items():
            value, low, high = bootstrap(found.ndcg[method], seed, clusters=clusters)
            out.append(Metric(task, name, value, low, high, len(clusters)))
    return tuple(out)
