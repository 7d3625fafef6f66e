"""Who accepts whom, as far as members' attributes tell: columns of attributes, and a logistic model over pairs of them.

Only attributes that the community declares are ever looked at: the field `matchable` of its record, a list of names
(docs/recommendations.md says why nothing is used unasked). A name also stands for the values inside an object of that
name, and "*" stands for all.

The log-odds that a accepts b are linear in b's attributes (who is wanted), a's (who is easily pleased) and their
products (like to like, or opposites). So scoring one member against N is one product of an (N, D) matrix. Two people
match when both accept: `mutual` is the harmonic mean of both chances, high only where neither is low.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from models.community.kept import Kept
from models.domain import strict_json
from models.domain.records import Community, Member, Scalar, all_attributes

EVERYTHING = "*"
OUTLIER = 3.0  # standard deviations beyond which a number says no more


@dataclass(frozen=True)
class Attributes:
    """Declared attributes by name, a value a member in row order: numbers (N,) float32 with NaN for unknown, words
    (N,) objects, "" for unknown. A name may stand in both, when some say a number and others a word."""

    size: int
    numbers: Mapping[str, np.ndarray]
    words: Mapping[str, np.ndarray]
    kept: Kept = field(default_factory=Kept, init=False, repr=False, compare=False)

    def known(self) -> np.ndarray:
        """(N,) bool: something declared is known of the member."""
        out = np.zeros(self.size, bool)
        for column in self.numbers.values():
            out |= ~np.isnan(column)
        for column in self.words.values():
            out |= column != ""
        return out


def declared(community: Community) -> tuple[str, ...]:
    """The attributes that a community wants people to be matched by; none unless its record says so."""
    names = strict_json.kept_object(community.extra).get("matchable")
    return tuple(n for n in names if isinstance(n, str)) if isinstance(names, list) else ()


def columns(members: Sequence[Member | None], names: Sequence[str]) -> Attributes:
    """The declared attributes of these members, who may be gone (None)."""
    numbers: dict[str, np.ndarray] = {}
    words: dict[str, np.ndarray] = {}
    for row, member in enumerate(members if names else ()):
        for name, value in _values(member) if member else ():
            if not is_declared(name, names):
                continue
            if isinstance(value, str):
                words.setdefault(name, np.full(len(members), "", object))[row] = value.strip().casefold()
            else:
                numbers.setdefault(name, np.full(len(members), np.nan, np.float32))[row] = value
    return Attributes(len(members), dict(sorted(numbers.items())), dict(sorted(words.items())))


def _values(member: Member) -> Iterator[tuple[str, Scalar]]:
    """Attributes, and what lies one level deep in unknown objects as "object.name"."""
    yield from all_attributes(member).items()
    for name, inner in strict_json.kept_object(member.extra).items():
        if isinstance(inner, dict):
            yield from ((f"{name}.{key}", v) for key, v in inner.items() if isinstance(v, str | int | float | bool))


def is_declared(name: str, names: Sequence[str]) -> bool:
    """Whether an attribute is among those that a community declares."""
    return EVERYTHING in names or name in names or name.split(".")[0] in names


@dataclass(frozen=True)
class ChoiceModel:
    """p(a accepts b) from attributes. D features: `numbers` standardised, then `words`, each 1 for who has the value.

    Holds names of attributes and values that several members share, and weights; nothing of any one member.
    """

    numbers: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    words: tuple[tuple[str, str], ...]  # (attribute, value)
    share: tuple[float, ...]  # of the members who have that value
    wanted: tuple[float, ...]  # (D,) weights of the other's features
    willing: tuple[float, ...]  # (D,) weights of one's own
    together: tuple[float, ...]  # (D,) weights of their products
    intercept: float

    def encode(self, attributes: Attributes) -> np.ndarray:
        """(N, D) float32 features of members; 0, the average, where something is unknown or no longer declared.

        Kept beside the attributes, for as long as it is the same model that asks.
        """
        return attributes.kept.get("encoded", lambda: self._encode(attributes), by=self)

    def chances(self, encoded: np.ndarray, row: int, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(accepts, accepted), (n,) float32 each: that the member in `row` accepts those in `rows`, and they them.

        `encoded` is what `encode` gave for the whole view.
        """
        mine, theirs = encoded[row], encoded[rows]
        wanted, willing, together = (np.asarray(w, np.float32) for w in (self.wanted, self.willing, self.together))
        shared = theirs @ (together * mine) + self.intercept
        accepts = shared + theirs @ wanted + mine @ willing
        accepted = shared + theirs @ willing + mine @ wanted
        return _probability(accepts), _probability(accepted)

    def _encode(self, attributes: Attributes) -> np.ndarray:
        out = np.zeros((attributes.size, len(self.numbers) + len(self.words)), np.float32)
        for i, (name, mean, scale) in enumerate(zip(self.numbers, self.mean, self.scale, strict=True)):
            if name in attributes.numbers:
                standard = (attributes.numbers[name] - mean) / scale
                out[:, i] = np.clip(np.nan_to_num(standard), -OUTLIER, OUTLIER)
        for i, ((name, value), share) in enumerate(zip(self.words, self.share, strict=True), len(self.numbers)):
            if name in attributes.words:
                column = attributes.words[name]
                out[:, i] = np.where(column != "", (column == value) - share, 0)
        return out


def mutual(accepts: np.ndarray, accepted: np.ndarray) -> np.ndarray:
    """(n,) harmonic mean of both chances: low when either is low."""
    out: np.ndarray = 2 * accepts * accepted / np.maximum(accepts + accepted, 1e-12)
    return out.astype(np.float32)


def pair_features(encoded: np.ndarray, source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """(pairs, 3 D) features of ordered pairs of rows: the target's, the source's, their products."""
    return np.hstack([encoded[target], encoded[source], encoded[source] * encoded[target]])


def to_json(model: ChoiceModel) -> str:
    """Readable JSON."""
    return json.dumps(asdict(model), ensure_ascii=False, indent=1) + "\n"


def from_json(text: str) -> ChoiceModel:
    """A model from the text of `to_json`. Raises ValueError when it is anything else."""
    try:
        model = _from_plain(json.loads(text))
    except (KeyError, TypeError, ValueError) as problem:
        raise ValueError(f"no readable choice model: {problem!r}") from problem
    d = len(model.numbers) + len(model.words)
    lengths = {len(w) for w in (model.wanted, model.willing, model.together)}
    if lengths != {d} or len(model.mean) != len(model.numbers) or len(model.scale) != len(model.numbers):
        raise ValueError("no readable choice model: its parts differ in length")
    weights = (*model.wanted, *model.willing, *model.together, *model.mean, *model.share, model.intercept)
    if len(model.share) != len(model.words) or not np.isfinite(weights).all() or min(model.scale, default=1) <= 0:
        raise ValueError("no readable choice model: a number in it is not usable")
    return model


def _from_plain(data: dict[str, Any]) -> ChoiceModel:
    def row(name: str) -> tuple[float, ...]:
        return tuple(float(x) for x in data[name])

    return ChoiceModel(
        numbers=tuple(str(n) for n in data["numbers"]),
        mean=row("mean"),
        scale=row("scale"),
        words=tuple((str(name), str(value)) for name, value in data["words"]),
        share=row("share"),
        wanted=row("wanted"),
        willing=row("willing"),
        together=row("together"),
        intercept=float(data["intercept"]),
    )


def _probability(logits: np.ndarray) -> np.ndarray:
    out: np.ndarray = 1 / (1 + np.exp(-logits))
    return out.astype(np.float32)
