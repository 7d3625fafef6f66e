"""Keeps count of who used which word in rooms that everybody may see, and makes the words of a view from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp

from models.arrays.compiled import compiled
from models.community import aggregates
from models.community.centre import MANY
from models.community.kept import once_a_view
from models.community.view import Community, Lexical
from models.text.lexical import Vocabulary, document_frequency, term_weights, tfidf_rows, tokens
from models.text.passages import clean

TALKERS_TOKENS = 20  # words that make somebody's use of words count
STATED_TWICE = 2.0
# Of those who use a word, and of those who say enough: among many people what words weigh stays until it differs by
# so much. A weight is off by as much at most, where the weights of words that are not everybody's are 2 to 10.
NEAR = 0.01
FEW = 8  # people more than there are, so that a word of two people in a community of two still tells something


class Wordbook:
    """Counts by member row and term. Not safe for concurrent use; the `Lexical` that it makes are.

    A view takes over what the one before knew of everybody whose words are the same.
    """

    def __init__(self, vocabulary: Vocabulary | None = None, *, exact: bool = False) -> None:
        """`exact`: what words weigh is worked out anew for each view, however many people there are."""
        self._many = np.inf if exact else MANY
        self.vocabulary = vocabulary or Vocabulary()
        self.counts = sp.csr_matrix((0, 0), dtype=np.float32)  # of what was said; see `fold`
        self.by_message: dict[str, tuple[int, np.ndarray]] = {}  # (author row, term ids)
        self._log: list[tuple[int, np.ndarray, float]] = []
        self._stated: dict[int, np.ndarray] = {}  # term ids of what a member states ...
        self._statements: dict[int, list[str]] = {}  # ... and what is not numbered yet
        self._dirty: set[int] = set()  # rows whose counts differ from those in `_words`
        self._words = _Words(sp.csr_matrix((0, 1), dtype=np.float32))

    def ids(self, text: str) -> np.ndarray:
        """Term ids of a text, int32; new terms are numbered."""
        return self.vocabulary.ids(tokens(text), grow=True)

    def add_message(self, message: str, author: int, text: str) -> bool:
        """Count what somebody said; False when it holds no words."""
        words = self.ids(clean(text))
        if len(words):
            self.by_message[message] = author, words
            self.count([author], words, 1.0)
        return len(words) > 0

    def drop_message(self, message: str) -> None:
        """Undo `add_message`; unknown ids are nothing."""
        author, words = self.by_message.pop(message, (-1, np.zeros(0, np.int32)))
        if len(words):
            self.count([author], words, -1.0)

    def count(self, members: Iterable[int], words: np.ndarray, sign: float) -> None:
        """Words of something that these members did together, added (1) or taken away (-1)."""
        self._log += [(member, words, sign) for member in members]

    def state_anew(self, member: int, texts: Iterable[str]) -> None:
        """What a member states of themselves, which counts double. What is suggested was said, so it is counted."""
        self._statements[member] = list(texts)

    def stated(self) -> Mapping[int, np.ndarray]:
        """Term ids of what each member states."""
        self._number_statements()
        return self._stated

    def take_stated(self, stated: Mapping[int, np.ndarray]) -> None:
        """What `stated` gave, of what members state by now."""
        self._stated = dict(stated)
        self._dirty.update(self._statements)
        self._statements.clear()

    def lexical(self, n: int) -> Lexical:
        """The words of `n` members."""
        self.fold(n)
        self._number_statements()
        known = self._words.counts.shape[0]
        rows = np.array(sorted(self._dirty) if known else range(n), np.int64)
        self._dirty.clear()
        self.counts = grown(self.counts, n, len(self.vocabulary))
        self._words = self._words.then(self.counts, rows, self._stated_rows(rows), n > self._many)
        return self._words.lexical(self.vocabulary)

    def fold(self, n: int) -> None:
        """Bring `counts` up to date, (n, V)."""
        self.counts = grown(self.counts, n, len(self.vocabulary))
        if not self._log:
            return
        members = np.array([member for member, _, _ in self._log])
        rows, at = np.unique(members, return_inverse=True)
        sizes = [len(words) for _, words, _ in self._log]
        signs = np.repeat([sign for _, _, sign in self._log], sizes).astype(np.float32)
        columns = np.concatenate([words for _, words, _ in self._log])
        shape = (len(rows), self.counts.shape[1])
        fresh = (self.counts[rows] + sp.csr_matrix((signs, (np.repeat(at, sizes), columns)), shape=shape)).tocsr()
        fresh.data[fresh.data < 0.5] = 0
        fresh.eliminate_zeros()
        self.counts = with_rows(self.counts, rows, fresh)
        self._log.clear()
        self._dirty.update(rows.tolist())

    def _number_statements(self) -> None:
        for member, texts in self._statements.items():
            self._stated.pop(member, None)
            if texts:
                self._stated[member] = np.concatenate([*map(self.ids, texts)])
            self._dirty.add(member)
        self._statements.clear()

    def _stated_rows(self, rows: np.ndarray) -> sp.csr_matrix:
        words = [self._stated.get(row, np.zeros(0, np.int32)) for row in rows.tolist()]
        columns = np.concatenate([*words, np.zeros(0, np.int32)])
        at = np.repeat(np.arange(len(rows)), list(map(len, words)))
        shape = (len(rows), self.counts.shape[1])
        return sp.csr_matrix((np.full(len(columns), STATED_TWICE, np.float32), (at, columns)), shape=shape)


class _Words:
    """What a `Lexical` is made of, (N, V), and what of it holds for the next one."""

    def __init__(self, counts: sp.csr_matrix) -> None:
        n, v = counts.shape
        self.counts = counts
        self.tfidf = counts
        self.df, self.told = np.zeros(v, np.int32), np.zeros(v, np.int32)  # of all, and of those who say enough
        self.length = np.zeros(n, np.float32)
        self.said = 0  # how many say enough: most others never use any word, so these tell what is common
        self.weighed, self.weighed_of = self.told, self.said  # the last two as they were when words got their weights

    def then(self, talk: sp.csr_matrix, rows: np.ndarray, stated: sp.csr_matrix, many: bool) -> _Words:
        """The words once `rows` have other counts: those of `talk` (N, V) and what they state (rows, V). Of `many`
        people words keep their weights where these are nearly the same."""
        n, v = talk.shape
        fresh = (talk[rows] + stated).tocsr()
        before = grown(self.counts, n, v)
        old, length = before[rows], np.append(self.length, np.zeros(n - len(self.length), np.float32))
        out = _Words(with_rows(before, rows, fresh))
        talked, talks = length[rows] >= TALKERS_TOKENS, _lengths(fresh) >= TALKERS_TOKENS
        length[rows] = _lengths(fresh)
        out.length = length
        out.df = _longer(self.df, v) + document_frequency(fresh) - document_frequency(old)
        out.told = _longer(self.told, v) + document_frequency(fresh[talks]) - document_frequency(old[talked])
        out.said = self.said + int(talks.sum()) - int(talked.sum())
        out._weigh(self, rows, many)
        return out

    def _weigh(self, before: _Words, rows: np.ndarray, many: bool) -> None:
        """The rows of those whose counts or whose words' weights are not what they were."""
        n, v = self.counts.shape
        weighed = _longer(before.weighed, v)
        self.weighed, self.weighed_of = self.told, self.said
        if many:
            self._keep(weighed, before.weighed_of)
        moved = np.arange(n)
        if self.weighed_of == before.weighed_of:
            moved = np.union1d(rows, _rows_with(self.counts, self.weighed != weighed))
        if 2 * len(moved) > n:
            self.tfidf = tfidf_rows(self.counts, self.weighed, self.weighed_of)
        else:
            fresh = tfidf_rows(self.counts[moved], self.weighed, self.weighed_of)
            self.tfidf = with_rows(grown(before.tfidf, n, v), moved, fresh)

    def _keep(self, weighed: np.ndarray, weighed_of: int) -> None:
        """Weigh words as before where nearly as many use them; none where a word becomes everybody's or ceases to be:
        that weighs nothing, and others much."""
        told = np.where(_far(self.told, weighed), self.told, weighed)
        said = self.said if _far(self.said, weighed_of) else weighed_of
        if np.array_equal(term_weights(self.told, self.said) > 0, term_weights(told, said) > 0):
            self.weighed, self.weighed_of = told, said

    def lexical(self, vocabulary: Vocabulary) -> Lexical:
        """As a view holds it."""
        return Lexical(
            vocabulary=vocabulary,
            counts=self.counts,
            tfidf=self.tfidf,
            idf=np.where(self.df > 0, term_weights(self.weighed, self.weighed_of), 0).astype(np.float32),
            df=self.df,
            length=self.length,
        )


def with_rows(matrix: sp.csr_matrix, rows: np.ndarray, fresh: sp.csr_matrix) -> sp.csr_matrix:
    """The matrix with other contents in `rows`, ascending: those of `fresh` (rows, V)."""
    sizes = np.diff(matrix.indptr)
    sizes[rows] = np.diff(fresh.indptr)
    indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(matrix.indptr.dtype)
    data, indices = np.empty(indptr[-1], matrix.data.dtype), np.empty(indptr[-1], matrix.indices.dtype)
    which = np.full(len(sizes), -1, np.int64)
    which[rows] = np.arange(len(rows))
    old, new = (matrix.indptr, matrix.data, matrix.indices), (fresh.indptr, fresh.data, fresh.indices)
    _replace_rows(which, *old, *new, indptr, data, indices)
    out = sp.csr_matrix((data, indices, indptr), shape=matrix.shape)
    out.has_canonical_format = True
    return out


@compiled()
def _replace_rows(which, old_ptr, old, old_at, new_ptr, new, new_at, ptr, data, indices):  # type: ignore[no-untyped-def]
    for row in range(len(which)):
        to, end = ptr[row], ptr[row + 1]
        if which[row] < 0:
            start = old_ptr[row]
            data[to:end], indices[to:end] = old[start : start + end - to], old_at[start : start + end - to]
        else:
            start = new_ptr[which[row]]
            data[to:end], indices[to:end] = new[start : start + end - to], new_at[start : start + end - to]


def log_counts(words: Sequence[np.ndarray]) -> sp.csr_matrix:
    """(len(words), terms) one more than the log of how often each of the texts, given as term ids, has a word."""
    rows = np.repeat(np.arange(len(words)), [len(w) for w in words])
    columns = np.concatenate([*words, np.zeros(0, np.int32)])
    counts = sp.csr_matrix(
        (np.ones(len(rows), np.float32), (rows, columns)), shape=(len(words), int(columns.max(initial=-1)) + 1)
    )
    counts.data = 1 + np.log(counts.data)
    return counts


def weighted_rows(counts: sp.csr_matrix, lexical: Lexical) -> sp.csr_matrix:
    """(n, V) TF-IDF rows of unit length of `log_counts`, weighted like the members' own."""
    return aggregates.unit_rows((grown(counts, counts.shape[0], len(lexical.idf)) @ sp.diags(lexical.idf)).tocsr())


def text_rows(words: Sequence[np.ndarray], lexical: Lexical) -> sp.csr_matrix:
    """(len(words), V) TF-IDF rows of unit length for texts given as term ids, weighted like the members' own."""
    return weighted_rows(log_counts(words), lexical)


def grown(matrix: sp.csr_matrix, rows: int, columns: int) -> sp.csr_matrix:
    """The same numbers in a larger shape; `matrix` itself, which views may hold, stays as it is."""
    indptr = np.append(matrix.indptr, np.full(rows - matrix.shape[0], matrix.indptr[-1], matrix.indptr.dtype))
    shape = (rows, max(1, columns, matrix.shape[1]))
    return sp.csr_matrix((matrix.data, matrix.indices, indptr), shape=shape)


def _far(now: np.ndarray | int, before: np.ndarray | int) -> Any:
    return np.abs(now - before) > NEAR * np.asarray(before)


def _longer(values: np.ndarray, size: int) -> np.ndarray:
    return np.append(values, np.zeros(size - len(values), values.dtype))


def _lengths(counts: sp.csr_matrix) -> np.ndarray:
    return np.asarray(counts.sum(1), np.float32).ravel()


def _rows_with(counts: sp.csr_matrix, terms: np.ndarray) -> np.ndarray:
    """Rows that hold one of the terms in (V,) bool."""
    at = np.flatnonzero(terms[counts.indices])
    return np.unique(np.searchsorted(counts.indptr, at, "right") - 1)


@once_a_view
def word_weights(view: Community) -> np.ndarray:
    """(V,) float32, 1 for a word of one member's pieces down to 0 for one of everybody's."""
    df = np.maximum(np.asarray(view.interest_words.sum(0)).ravel(), 1)
    n = FEW + int((np.diff(view.interest_words.indptr) > 0).sum())
    return np.asarray(np.maximum(1 - np.log(df) / np.log(n), 0), np.float32)
