"""What a fresh model has to pass before anybody is served by it. Every gate says what it measured, and its bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.features.matrix import COLUMNS, feature_of, value_of
from models.ranking.artifact import Gate
from models.ranking.ranker import Head, Ranker
from training.labels.feedback import Asking
from training.nightly.answers import Answers
from training.nightly.judging import Verdict, best_column
from training.nightly.known_answers import Found
from training.nightly.lists import Lists
from training.nightly.windows import Asked, Questions

LEAST_KEPT = 0.7  # members and events, as a share of what the served model learnt from
LOST_COVERAGE = 0.05
GAINED_GINI = 0.05
GAINED_GHOSTS = 0.05
LOST_KNOWN = 0.05
SLOWER = 2.0
# A request has ten milliseconds; a model is not slow below this however fast the one before it was.
FAST_ENOUGH = 0.002  # seconds a list
MOST_DRIFT = 0.5
FEWEST_DRIFTING = 20  # questions on each side
IMPLAUSIBLE = 0.3
MOST_CHANGED = 0.1
# Of a large community passages are found by an approximate index, and one built afresh finds others now and then.
APPROXIMATE = np.array([feature_of(c).approximate for c in COLUMNS])
SAME = 0.02  # apart from rounding to float16, and from the order in which numbers were added
SHOWN = 10
TOO_LITTLE = "There is too little history to judge a model by; what serves goes on, and the next night looks again."


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to learn from."""

    members: int
    events: int


def data(now: Size, before: Size | None) -> Gate:
    """Half of the members gone is more often a fault than a change."""
    if before is None or not (before.members and before.events):
        return Gate("data", True, 1.0, LEAST_KEPT, "There is no earlier night to compare the data with.")
    shares = {"members": now.members / before.members, "events": now.events / before.events}
    what, share = min(shares.items(), key=lambda found: found[1])
    passed = share >= LEAST_KEPT
    sentence = f"There are {share:.0%} of the {what} that the served model was learnt from"
    return Gate("data", passed, share, LEAST_KEPT, sentence + ("." if passed else "; has something been lost?"))


def quality(verdicts: Sequence[Verdict], lost: Sequence[str] = ()) -> Gate:
    """At least one head is better, surely and enough to matter, or is better off with the weights that ship: `lost`
    says why."""
    better = [v for v in verdicts if v.better]
    best = max(verdicts, key=lambda v: (v.better, v.decided, v.low), default=None)
    low = best.low if best else 0.0
    reasons = [*lost, *(v.reason for v in verdicts)]
    return Gate("quality", bool(better or lost), low, 0.0, " ".join(reasons) or TOO_LITTLE)


def baseline(verdicts: Sequence[Verdict]) -> Gate:
    """No head that is taken over stays behind what anybody could do without learning."""
    judged = [v for v in verdicts if v.better]
    worst = min(judged, key=lambda v: v.over_baseline[2], default=None)
    if worst is None:
        return Gate("baseline", True, 0.0, 0.0, "No head is taken over.")
    gain, low, high = worst.over_baseline
    sentence = f"{worst.head}: {gain:+.3f} against {worst.baseline} alone ({low:+.3f} to {high:+.3f})."
    return Gate("baseline", high >= 0, high, 0.0, sentence)


def lists(now: Lists, before: Lists) -> list[Gate]:
    """The lists of the present, held against those of the served model."""
    return [
        Gate(
            "coverage",
            now.coverage >= before.coverage - LOST_COVERAGE,
            now.coverage,
            before.coverage - LOST_COVERAGE,
            f"{now.coverage:.0%} of the active members are in a sample of lists, {before.coverage:.0%} so far.",
        ),
        Gate(
            "gini",
            now.gini <= before.gini + GAINED_GINI,
            now.gini,
            before.gini + GAINED_GINI,
            f"The Gini coefficient of being shown is {now.gini:.2f}, {before.gini:.2f} so far.",
        ),
        Gate(
            "latency",
            now.seconds <= max(FAST_ENOUGH, SLOWER * before.seconds),
            now.seconds / max(before.seconds, 1e-9),
            SLOWER,
            f"A list takes {now.seconds * 1e3:.1f} ms, {before.seconds * 1e3:.1f} ms so far.",
        ),
    ]


def ghosts(now: Lists, before: Lists) -> Gate:
    """Of those who would have been shown some time ago, how many never came back."""
    bound = before.ghosts + GAINED_GHOSTS
    sentence = f"{now.ghosts:.0%} of the shown did not come back, {before.ghosts:.0%} with the served model."
    return Gate("ghosts", now.ghosts <= bound, now.ghosts, bound, sentence)


def known_answers(now: Found, before: Found) -> Gate:
    """Likelihood must not take the places of those who fit."""
    name = "known answers"
    if not now.asked:
        return Gate(name, True, 0.0, 0.0, "Nothing can be said of who fits with this encoder.")
    share, bound = now.right / now.asked, before.right / before.asked - LOST_KNOWN
    sentence = f"Of {now.asked} invented people {now.right} find who fits them, {before.right} so far."
    return Gate(name, share >= bound, share, bound, sentence)


def leak(heads: Sequence[Head], ranker: Ranker, answers: Mapping[Asking, Answers]) -> Gate:
    """One column that by itself ranks far better than any other knows the answer from elsewhere."""
    worst, sentence = 0.0, "No single column ranks implausibly well."
    for head in heads:
        column, alone = best_column(head, answers, ranker.weights[head] != 0)
        usual = _usual(head, answers, column)
        if column and alone - usual > worst:
            worst = alone - usual
            if worst > IMPLAUSIBLE:
                sentence = f'{head}: the column "{column}" alone reaches NDCG@10 {alone:.2f}, and the next {usual:.2f}.'
    return Gate("leak", worst <= IMPLAUSIBLE, worst, IMPLAUSIBLE, sentence)


def _usual(head: Head, answers: Mapping[Asking, Answers], but: str) -> float:
    """What the best column of another name reaches: a percentile and a share of the same value are one."""
    used = np.array([value_of(c) != value_of(but) for c in COLUMNS])
    return best_column(head, answers, used)[1]


def twice(learnt: Questions, again: Questions) -> Iterator[tuple[Asked | None, Asked | None]]:
    """Each question as it was learnt from and as it is asked again, None where it was not."""
    for task in {**learnt, **again}:
        one, other = ({asked.place: asked for asked in of.get(task, ())} for of in (learnt, again))
        for place in sorted({**one, **other}):
            yield one.get(place), other.get(place)


def as_served(pairs: Iterable[tuple[Asked | None, Asked | None]], *, searched: bool) -> Gate:
    """What was learnt from is what a request at that moment would have computed: the same question twice, or None where
    it was not asked.

    Where members are `searched` for and not all looked at, some of the candidates are others; then where one stands
    among them moves by as much.
    """
    name = "as served"
    differs: list[np.ndarray] = []
    others: list[float] = []
    for one, two in pairs:
        if one is None or two is None:
            others.append(1.0)
            continue
        both, first, second = np.intersect1d(one.rows, two.rows, assume_unique=True, return_indices=True)
        others.append(1 - len(both) / max(len(one.rows) + len(two.rows) - len(both), 1))
        if len(both):
            apart = np.abs(one.features[first].astype(np.float32) - two.features[second])
            differs.append((apart > SAME + others[-1]).any(0))
    if (changed := float(np.mean(others or [0.0]))) > (MOST_CHANGED if searched else 0):
        sentence = "Other questions or candidates were learnt from than there were."
        return Gate(name, False, changed, MOST_CHANGED, sentence)
    shares = np.where(APPROXIMATE, 0, np.mean(differs, 0)) if differs else np.zeros(len(COLUMNS))
    worst = int(np.argmax(shares))
    share = float(shares[worst])
    passed = share <= MOST_CHANGED
    sentence = (
        "What was learnt from is what requests would have seen."
        if passed
        else f'The column "{COLUMNS[worst]}" is not what requests would have seen in {share:.0%} of the questions.'
    )
    return Gate(name, passed, max(share, changed), MOST_CHANGED, sentence)


def drift(head: Head, then: Sequence[np.ndarray], now: Sequence[np.ndarray]) -> Gate:
    """Whether the best of today's lists lead for the same reasons as when it was learnt: their `lead` in the questions
    of the windows (`then`), and in those of today (`now`).

    A column that carried the lead in the windows and carries nothing today will not do so tomorrow.
    """
    if min(len(then), len(now)) < FEWEST_DRIFTING:
        return Gate("drift", True, 0.0, MOST_DRIFT, f"{head}: too few questions to tell.")
    before, today = np.mean(then, 0), np.mean(now, 0)
    moved = np.abs(by_value(before) - by_value(today)) / max(float(before.sum()), 1e-9)
    worst = int(np.argmax(moved))
    share = float(moved[worst])
    sentence = (
        f'{head}: "{VALUES[worst]}" made {by_value(before)[worst] / before.sum():.0%} of the lead of the ten best '
        f"in the windows, and makes {by_value(today)[worst] / before.sum():.0%} today."
    )
    return Gate("drift", share <= MOST_DRIFT, share, MOST_DRIFT, sentence)


VALUES = tuple(dict.fromkeys(value_of(c) for c in COLUMNS))
_VALUE_OF = np.array([VALUES.index(value_of(c)) for c in COLUMNS])


def by_value(of_columns: np.ndarray) -> np.ndarray:
    """(F,) summed over the columns that are made of one value: (V,) as `VALUES`."""
    return np.bincount(_VALUE_OF, of_columns, len(VALUES))


def lead(ranker: Ranker, head: Head, features: np.ndarray) -> np.ndarray:
    """(F,) what each column adds to the lead of the ten best over all candidates, (n, F), in logits."""
    added = ranker.contributions(head, features.astype(np.float32))
    best = np.argsort(-added.sum(1), kind="stable")[:SHOWN]
    return np.asarray(added[best].mean(0) - added.mean(0))
