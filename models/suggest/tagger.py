"""Which words of a message say what its author offers, seeks, aims at, values, or where they live.

Two readers of each word, of which the mean counts: a softmax over hashed signs, which knows turns of phrase, and a
small convolution over what words mean where they stand, which knows turns of phrase that nobody wrote down. Both are
fitted on lines written for it (`python -m training.suggest`). The best way through the words is found as in a hidden
Markov model (Viterbi): a statement begins once and goes on without a gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from models.domain.records import SuggestionField
from models.shipped import parts
from models.suggest.spoken import Meanings, signs, words

FIELDS: tuple[SuggestionField, ...] = ("offers", "seeks", "aims", "values", "place")
LABELS = ("", *(f"{part}-{field}" for field in FIELDS for part in "BI"))
GOES_ON = 0.6  # how much it counts what label came before: each word was read with its neighbours already
EAGER = -1.2  # log odds: in real talk hardly a line in a hundred tells something, in the material a third of them ...
SURE = 0.5  # ... as long as the words of a statement are, in the mean, so likely part of one
_FORBIDDEN = -1e4
REMEMBERED = 4096  # texts


@dataclass(frozen=True, slots=True)
class Tagged:
    """Part of a text, from `start` to `end`, that says something of its author; `sure` 0..1."""

    field: SuggestionField
    start: int
    end: int
    sure: float


@dataclass(frozen=True)
class Tagger:
    """`words` (SIGNS, L) and `bias` (L,) of the signs; `mean`, `scale` (MEANING,); `nets` by name, several of each.

    `follows` (L, L): by how much more a label follows another than it stands anywhere, in log odds.
    """

    words: np.ndarray
    bias: np.ndarray
    mean: np.ndarray
    scale: np.ndarray
    nets: tuple[Mapping[str, np.ndarray], ...]
    follows: np.ndarray

    def tag(self, text: str, meanings: Meanings) -> list[Tagged]:
        """What the text says of its author, in order."""
        told = words(text)
        if not told:
            return []
        odds = (self.by_signs(signs(told)) + self.by_meaning(meanings.of(told))) / 2
        return [
            Tagged(field, told[first].start, told[last].end, sure)
            for field, first, last in spans(path(odds, self.follows))
            if (sure := float(1 - np.exp(odds[first : last + 1, 0]).mean())) >= SURE
        ]

    def by_signs(self, found: list[list[int]]) -> np.ndarray:
        """(n, L) log chances."""
        return _log_softmax(np.array([self.words[own].sum(0) for own in found]) + self.bias)

    def by_meaning(self, meant: np.ndarray) -> np.ndarray:
        """(n, L) log chances, the mean over the nets."""
        rows = (meant - self.mean) / self.scale
        return np.asarray(np.mean([_log_softmax(_convolved(net, rows)) for net in self.nets], 0))


def _convolved(net: Mapping[str, np.ndarray], rows: np.ndarray) -> np.ndarray:
    first = np.maximum(rows @ net["c1"] + net["b1"], 0)
    second = np.maximum(_wide(first, net["c2"], 1) + net["b2"], 0)
    third = np.maximum(_wide(second, net["c3"], 3) + net["b3"], 0)
    return np.asarray(np.concatenate([first, second, third], 1) @ net["o"] + net["bo"])


def _wide(rows: np.ndarray, weights: np.ndarray, step: int) -> np.ndarray:
    """(n, out) a convolution with weights (k, in, out), k odd, over rows that are `step` apart."""
    reach = step * (len(weights) // 2)
    padded = np.pad(rows, ((reach, reach), (0, 0)))
    return np.asarray(sum(padded[k * step : k * step + len(rows)] @ one for k, one in enumerate(weights)))


def _log_softmax(scores: np.ndarray) -> np.ndarray:
    shifted = scores - scores.max(1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(1, keepdims=True)))


@cache
def _allowed() -> np.ndarray:
    """(L, L) 0 where a label may follow another, else far below everything."""
    out = np.zeros((len(LABELS), len(LABELS)))
    for after, label in enumerate(LABELS):
        if label.startswith("I-"):
            out[[before for before, other in enumerate(LABELS) if other[2:] != label[2:]], after] = _FORBIDDEN
    return out


def path(odds: np.ndarray, follows: np.ndarray) -> list[int]:
    """The most likely labels of words with (n, L) log chances."""
    odds = odds.copy()
    odds[:, 0] -= EAGER
    step = _allowed() + GOES_ON * follows
    best = odds[0] + _allowed()[0]
    back = []
    for row in odds[1:]:
        ways = best[:, None] + step
        back.append(ways.argmax(0))
        best = ways.max(0) + row
    labels = [int(best.argmax())]
    for came in reversed(back):
        labels.append(int(came[labels[-1]]))
    return labels[::-1]


def spans(labels: list[int]) -> list[tuple[SuggestionField, int, int]]:
    """The statements among labels: field, first and last word."""
    out: list[tuple[SuggestionField, int, int]] = []
    for i, label in enumerate(labels):
        if not label:
            continue
        field = FIELDS[(label - 1) // 2]
        if label % 2 == 0 and out and out[-1][0] == field and out[-1][2] == i - 1:
            out[-1] = (field, out[-1][1], i)
        else:
            out.append((field, i, i))
    return out


@cache
def shipped() -> Tagger:
    """The tagger that comes with Yiqi."""
    return from_arrays(parts.read_arrays(parts.TAGGER))


@cache
def _meanings() -> Meanings:
    # One for the process: it holds the encoder's table of words.
    return Meanings()


@lru_cache(maxsize=REMEMBERED)
def tagged(text: str) -> tuple[Tagged, ...]:
    """What the tagger that comes with Yiqi finds in a text. Short lines of chat are said again and again."""
    return tuple(shipped().tag(text, _meanings()))


def from_arrays(data: Mapping[str, np.ndarray]) -> Tagger:
    """A tagger out of what `to_arrays` made of it."""
    arrays = {name: value.astype(np.float32) for name, value in data.items()}
    count = sum(name.startswith("c1_") for name in arrays)
    names = ("c1", "b1", "c2", "b2", "c3", "b3", "o", "bo")
    nets = tuple({name: arrays[f"{name}_{i}"] for name in names} for i in range(count))
    return Tagger(arrays["words"], arrays["bias"], arrays["mean"], arrays["scale"], nets, arrays["follows"])


def to_arrays(tagger: Tagger) -> dict[str, np.ndarray]:
    """Arrays by name, to be stored: 16 bits are enough."""
    nets = {f"{name}_{i}": value for i, net in enumerate(tagger.nets) for name, value in net.items()}
    found = {
        "words": tagger.words,
        "bias": tagger.bias,
        "mean": tagger.mean,
        "scale": tagger.scale,
        "follows": tagger.follows,
        **nets,
    }
    return {name: value.astype(np.float16) for name, value in found.items()}
