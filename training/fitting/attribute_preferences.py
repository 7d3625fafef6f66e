"""Learns from a community's own explicit choices whom attributes make likely to accept each other.

Logistic regression with L2 (models/community/attribute_preferences.py has the model). Held out in turn are whole
occasions, or, in a history of one piece, the pairs of a tenth of the members; a model that does not tell yes from no
among the held-out with 95 % confidence is not used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy.optimize import minimize
from scipy.stats import rankdata

from models.community.attribute_preferences import Attributes, ChoiceModel, columns, mutual, pair_features
from models.domain.records import Member
from training.labels.explicit_choices import Decision, Pair, occasions

ENOUGH = 200  # decisions
ENOUGH_OF_EACH = 20  # yes, and no
L2 = 0.1  # on the mean loss; 0.03 to 0.4 made no difference that could be measured
FEWEST = 5  # members who share a value, or know a number: fewer would tell of themselves
MOST_VALUES = 20  # of one attribute
FOLDS = 10
RESAMPLES = 400

Combine = Callable[[np.ndarray, np.ndarray], np.ndarray]
# Of directed pairs, that the first accepts the second.
Chances: TypeAlias = Mapping[Pair, float]
COMBINATIONS: dict[str, Combine] = {
    "one-sided": lambda accepts, accepted: accepts,
    "harmonic mean": mutual,
    "product": lambda accepts, accepted: accepts * accepted,
    "mean of logits": lambda accepts, accepted: _logit(accepts) + _logit(accepted),
    "lesser": np.minimum,
}


@dataclass(frozen=True, slots=True)
class Learnt:
    """`model` is None where there is too little to learn from, or what was learnt proved nothing; `reason` says which.

    `auc` is that of yes against no among held-out decisions, `low` its one-sided 95 % bound; NaN when not measured.
    """

    model: ChoiceModel | None
    reason: str
    auc: float = float("nan")
    low: float = float("nan")


def learn_choice(members: Sequence[Member], names: Sequence[str], decided: Sequence[Decision], seed: int = 0) -> Learnt:
    """A model of all decisions, if held-out ones say that it knows something. `names` are the declared attributes."""
    if not names:
        return Learnt(None, "no attribute is declared as matchable")
    yes = sum(d.accepted for d in decided)
    if len(decided) < ENOUGH or min(yes, len(decided) - yes) < ENOUGH_OF_EACH:
        return Learnt(None, f"{yes} yes and {len(decided) - yes} no are too few to learn from")
    model = fit_choice(members, names, decided)
    if model is None:
        return Learnt(None, "no declared attribute is known of enough members")
    chance = held_out(members, names, decided)
    known = np.array([(d.source, d.target) in chance for d in decided])
    tested = [d for d, k in zip(decided, known, strict=True) if k]
    scores = np.array([chance[d.source, d.target] for d in tested])
    accepted = np.array([d.accepted for d in tested])
    auc, low = _auc_with_bound(scores, accepted, _groups(decided)[known], seed)
    if not low > 0.5:
        return Learnt(None, f"on held-out decisions it is no better than chance (AUC {auc:.3f})", auc, low)
    return Learnt(model, f"AUC {auc:.3f} on held-out decisions, at least {low:.3f}", auc, low)


def fit_choice(members: Sequence[Member], names: Sequence[str], decided: Sequence[Decision]) -> ChoiceModel | None:
    """The model of these decisions; None when no declared attribute is known of enough of those who took part."""
    took_part = {m for d in decided for m in (d.source, d.target)}
    people = [m for m in members if m.id in took_part]
    row = {m.id: i for i, m in enumerate(people)}
    used = [d for d in decided if d.source in row and d.target in row]
    table = columns(people, names)
    empty = blank(table)
    if not used or not (empty.numbers or empty.words):
        return None
    source, target = (np.array([row[getattr(d, side)] for d in used]) for side in ("source", "target"))
    features = pair_features(empty.encode(table), source, target)
    weights = _logistic(features, np.array([d.accepted for d in used], float))
    wanted, willing, together = (tuple(np.round(w, 5).tolist()) for w in np.split(weights[:-1], 3))
    return ChoiceModel(
        numbers=empty.numbers,
        mean=empty.mean,
        scale=empty.scale,
        words=empty.words,
        share=empty.share,
        wanted=wanted,
        willing=willing,
        together=together,
        intercept=round(float(weights[-1]), 5),
    )


def held_out(members: Sequence[Member], names: Sequence[str], decided: Sequence[Decision]) -> dict[Pair, float]:
    """Chance of each directed pair by a model that saw no decision of its occasion, or of its fold, either way."""
    chance: dict[Pair, float] = {}
    fold = _folds(decided)
    for number in np.unique(fold):
        model = fit_choice(members, names, [d for d, f in zip(decided, fold, strict=True) if f != number])
        chance |= _chances(model, members, names, [d for d, f in zip(decided, fold, strict=True) if f == number])
    return chance


def earlier(
    members: Sequence[Member], names: Sequence[str], decided: Sequence[Decision], share: float
) -> dict[Pair, float]:
    """Chance of each directed pair of the later occasions by a model of the earlier ones, which are this share."""
    occasion = occasions(decided)
    order = {int(o): place for place, o in enumerate(dict.fromkeys(occasion))}  # decisions come in order of time
    early = np.array([order[int(o)] < round(share * len(order)) for o in occasion], bool)
    model = fit_choice(members, names, [d for d, e in zip(decided, early, strict=True) if e])
    return _chances(model, members, names, [d for d, e in zip(decided, early, strict=True) if not e])


def _chances(
    model: ChoiceModel | None, members: Sequence[Member], names: Sequence[str], asked: Sequence[Decision]
) -> dict[Pair, float]:
    if model is None:
        return {}
    row = {m.id: i for i, m in enumerate(members)}
    encoded = model.encode(columns(members, names))
    return {
        (d.source, d.target): float(model.chances(encoded, row[d.source], np.array([row[d.target]]))[0][0])
        for d in asked
        if d.source in row and d.target in row
    }


def both_ways(chance: Chances, source: str, targets: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """(accepts, accepted), (n,) each, of one member and others, from chances of directed pairs."""
    return np.array([chance[source, t] for t in targets]), np.array([chance[t, source] for t in targets])


def blank(table: Attributes) -> ChoiceModel:
    """A model that knows its features and nothing else: what `ChoiceModel.encode` makes of members."""
    numbers = {
        name: (float(np.nanmean(column)), float(np.nanstd(column)))
        for name, column in table.numbers.items()
        if (~np.isnan(column)).sum() >= FEWEST and np.nanstd(column) > 0
    }
    words = [(name, value, share) for name, column in table.words.items() for value, share in _common(column)]
    none = (0.0,) * (len(numbers) + len(words))
    return ChoiceModel(
        numbers=tuple(numbers),
        mean=tuple(mean for mean, _ in numbers.values()),
        scale=tuple(scale for _, scale in numbers.values()),
        words=tuple((name, value) for name, value, _ in words),
        share=tuple(share for _, _, share in words),
        wanted=none,
        willing=none,
        together=none,
        intercept=0.0,
    )


def _common(column: np.ndarray) -> list[tuple[str, float]]:
    """(value, share of those known) of the values that enough members share, but not all."""
    values, counts = np.unique(column[column != ""].astype(str), return_counts=True)
    order = np.lexsort((values, -counts))[:MOST_VALUES]
    total = counts.sum()
    return [(str(values[i]), float(counts[i] / total)) for i in order if FEWEST <= counts[i] < total]


def _logistic(features: np.ndarray, accepted: np.ndarray) -> np.ndarray:
    """(D + 1,) weights and an intercept, the last, which is not held small."""
    x = np.hstack([features, np.ones((len(features), 1))])
    held = np.append(np.full(features.shape[1], L2), 0.0)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w
        slope = (1 / (1 + np.exp(-z)) - accepted) / len(x)
        return float(np.mean(np.logaddexp(0, z) - accepted * z) + 0.5 * held @ w**2), x.T @ slope + held * w

    found = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return np.asarray(found.x)


def _groups(decided: Sequence[Decision]) -> np.ndarray:
    """(n,) occasions, or where there is but one, who decided."""
    occasion = occasions(decided)
    if len(np.unique(occasion)) > 1:
        return occasion
    return np.unique([d.source for d in decided], return_inverse=True)[1]


def _folds(decided: Sequence[Decision]) -> np.ndarray:
    """(n,) whole occasions dealt into folds; where there is but one, members, and a pair goes with its lesser id."""
    occasion = occasions(decided)
    apart = len(np.unique(occasion)) > 1
    unit = occasion if apart else np.array([min(d.source, d.target) for d in decided])
    names, of = np.unique(unit, return_inverse=True)
    return np.asarray(np.random.default_rng(0).permutation(np.arange(len(names)) % FOLDS)[of])


def _auc_with_bound(scores: np.ndarray, accepted: np.ndarray, group: np.ndarray, seed: int) -> tuple[float, float]:
    """AUC, and the 5 % quantile of it when whole groups are drawn anew."""
    rng = np.random.default_rng(seed)
    members_of = [np.flatnonzero(group == g) for g in np.unique(group)]
    drawn = []
    for _ in range(RESAMPLES):
        rows = np.concatenate([members_of[i] for i in rng.integers(0, len(members_of), len(members_of))])
        drawn.append(_auc(scores[rows], accepted[rows]))
    return _auc(scores, accepted), float(np.nanquantile(drawn, 0.05))


def _auc(scores: np.ndarray, accepted: np.ndarray) -> float:
    yes, no = int(accepted.sum()), int((~accepted).sum())
    if not yes or not no:
        return float("nan")
    return float((rankdata(scores)[accepted].sum() - yes * (yes + 1) / 2) / (yes * no))


def _logit(chance: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(chance / (1 - chance)))
