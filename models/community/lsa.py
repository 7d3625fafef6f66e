"""The second text tower: what a community's own words mean there, learnt at night from nothing but its members' words.

Latent semantic analysis (Deerwester et al., "Indexing by latent semantic analysis", JASIS 1990): words that the same
people use point the same way. A member is the projection of their TF-IDF row, with the members' mean taken away, which
else is near to everybody. The circle of a member adds the words of the people they deal with and of those people's
people (as in simplified graph convolution, Wu et al., ICML 2019): it knows something of whoever said little.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from hashlib import blake2b
from weakref import WeakKeyDictionary

import numpy as np
import scipy.sparse as sp

from models.arrays.unit import unit
from models.community.sparse import by_row
from models.community.view import Community, Lexical, Ties
from models.text.lexical import Vocabulary

NAMES = ("own_words", "circle_words")
FIRST_CIRCLE, SECOND_CIRCLE = 0.7, 0.5  # weight of the people somebody deals with, and of those people's people

_hashes: WeakKeyDictionary[Vocabulary, np.ndarray] = WeakKeyDictionary()


@dataclass(frozen=True)
class LsaModel:
    """Directions (W, k) float32 of words, which are kept as hashes (W,) uint64, ascending: nobody's words are in it."""

    words: np.ndarray
    directions: np.ndarray

    def __post_init__(self) -> None:
        w, d = self.words, self.directions
        if w.dtype != np.uint64 or d.ndim != 2 or w.shape != d.shape[:1] or not np.isfinite(d).all():
            raise ValueError("a tower needs as many finite directions as words")
        if (w[:-1] >= w[1:]).any():
            raise ValueError("the words of a tower are in no order")

    def of(self, view: Community) -> Towered:
        """The members of a view, worked out once a view; their own words once for as long as they stay the same."""
        return view.kept.get("tower", lambda: self._towered(view), by=self)

    def _towered(self, view: Community) -> Towered:
        own, mean = view.lexical.kept.get("tower", lambda: self._own(view.lexical), by=self)
        return Towered(self, own, _circle(own, view.ties), mean)

    def project(self, rows: sp.csr_matrix, vocabulary: Vocabulary) -> np.ndarray:
        """(n, k) float32 unit rows, or zero, of (n, V) TF-IDF rows."""
        found = _hashed(vocabulary, rows.shape[1])
        at = np.minimum(np.searchsorted(self.words, found), max(len(self.words) - 1, 0))
        terms = np.flatnonzero(self.words[at] == found) if len(self.words) else np.zeros(0, np.int64)
        shape = (rows.shape[1], len(self.words))
        pick = sp.csr_matrix((np.ones(len(terms), np.float32), (terms, at[terms])), shape=shape)
        return unit(np.asarray((rows @ pick) @ self.directions))

    def _own(self, lexical: Lexical) -> tuple[np.ndarray, np.ndarray]:
        rows = self.project(lexical.tfidf, lexical.vocabulary)
        says = rows.any(1)
        mean = rows[says].mean(0) if says.any() else np.zeros(rows.shape[1], np.float32)
        return _centred(rows, mean), mean


@dataclass(frozen=True, slots=True)
class Towered:
    """Members of one view: `own` and `circle` (N, k) float32, unit rows or zero; the `mean` (k,) was taken away."""

    tower: LsaModel
    own: np.ndarray
    circle: np.ndarray
    mean: np.ndarray

    def like_member(self, row: int, pick: slice | np.ndarray) -> dict[str, np.ndarray]:
        """(n,) float32 cosines of the picked rows with a member, by `NAMES`, 0 where there is nothing or less."""
        return self._like(self.own[row], self.circle[row], pick)

    def like_text(
        self, words: sp.csr_matrix, vocabulary: Vocabulary, pick: slice | np.ndarray
    ) -> dict[str, np.ndarray]:
        """The same for a text, given as its (1, V) TF-IDF row; a text has no circle: its words stand for both."""
        vector = _centred(self.tower.project(words, vocabulary), self.mean)[0]
        return self._like(vector, vector, pick)

    def _like(self, own: np.ndarray, circle: np.ndarray, pick: slice | np.ndarray) -> dict[str, np.ndarray]:
        return {
            "own_words": np.maximum(self.own[pick] @ own, 0),
            "circle_words": np.maximum(self.circle[pick] @ circle, 0),
        }


def word_hash(word: str) -> int:
    """64 bits by which a tower knows a word."""
    return int.from_bytes(blake2b(word.encode("utf8", "surrogatepass"), digest_size=8).digest(), "little")


def to_bytes(tower: LsaModel) -> bytes:
    """An npz without pickle; directions at half precision, which cosines do not notice."""
    out = io.BytesIO()
    np.savez_compressed(out, words=tower.words, directions=tower.directions.astype(np.float16))
    return out.getvalue()


def from_bytes(data: bytes) -> LsaModel:
    """A tower from `to_bytes`. Raises ValueError when it cannot be read."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return LsaModel(arrays["words"], arrays["directions"].astype(np.float32))
    except (KeyError, OSError, EOFError, zipfile.BadZipFile) as problem:
        raise ValueError(f"no readable tower: {problem!r}") from problem


def _centred(rows: np.ndarray, mean: np.ndarray) -> np.ndarray:
    return unit((rows - mean) * rows.any(1, keepdims=True))


def _circle(own: np.ndarray, ties: Ties) -> np.ndarray:
    """(N, k): what members say, what the people they deal with say, and what those people's people say."""
    among = by_row(ties.binary, 1 / np.maximum(ties.degree, 1))
    first = among @ own
    return unit(own + FIRST_CIRCLE * unit(first) + SECOND_CIRCLE * unit(among @ first))


def _hashed(vocabulary: Vocabulary, size: int) -> np.ndarray:
    """(size,) uint64 of the first terms; a vocabulary only grows, so each word is hashed once."""
    known = _hashes.get(vocabulary, np.zeros(0, np.uint64))
    if len(known) < size:
        fresh = np.array([word_hash(term) for term in vocabulary.terms[len(known) : size]], np.uint64)
        known = _hashes[vocabulary] = np.concatenate([known, fresh])
    return known[:size]
