"""Keeps count of who used which word in rooms that everybody may see, and makes the words of a view from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import scipy.sparse as sp

from models.community import aggregates
from models.community.view import Facet, Lexical
from models.text.lexical import Vocabulary, document_frequency, term_weights, tfidf_rows, tokens
from models.text.passages import clean

TALKERS_TOKENS = 20  # words that make somebody's use of words count
STATED_TWICE = 2.0


class Wordbook:
    """Counts by member row and term. Not safe for concurrent use; the `Lexical` that it makes are."""

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self.vocabulary = vocabulary or Vocabulary()
        self.counts = sp.csr_matrix((0, 0), dtype=np.float32)  # see `folded`
        self.by_message: dict[str, tuple[int, np.ndarray]] = {}  # (author row, term ids)
        self._log: list[tuple[int, np.ndarray, float]] = []

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

    def lexical(self, n: int, stated: Iterable[Facet]) -> Lexical:
        """The words of `n` members; what they state of themselves counts double."""
        self.fold(n)
        of_profiles = self._stated_counts(n, stated)
        counts = (self.counts + of_profiles).tocsr()  # a copy: the running counts grow in place
        df = document_frequency(counts)
        length = np.asarray(counts.sum(1)).ravel()
        # What is common is told by those who say enough: most others never use any word.
        talkers = length >= TALKERS_TOKENS
        told, said = document_frequency(counts[talkers]), int(talkers.sum())
        return Lexical(
            vocabulary=self.vocabulary,
            counts=counts,
            tfidf=tfidf_rows(counts, told, said),
            idf=np.where(df > 0, term_weights(told, said), 0).astype(np.float32),
            df=df,
            length=length,
        )

    def fold(self, n: int) -> None:
        """Bring `counts` up to date, (n, V)."""
        self.counts = _grown(self.counts, n, len(self.vocabulary))
        if not self._log:
            return
        sizes = [len(words) for _, words, _ in self._log]
        rows = np.repeat([member for member, _, _ in self._log], sizes)
        signs = np.repeat([sign for _, _, sign in self._log], sizes).astype(np.float32)
        columns = np.concatenate([words for _, words, _ in self._log])
        self.counts = (self.counts + sp.csr_matrix((signs, (rows, columns)), shape=self.counts.shape)).tocsr()
        self.counts.data[self.counts.data < 0.5] = 0
        self.counts.eliminate_zeros()
        self._log.clear()

    def _stated_counts(self, n: int, stated: Iterable[Facet]) -> sp.csr_matrix:
        """What is suggested was said, so it is counted already."""
        facets = [facet for facet in stated if facet.weight == 1.0]
        words = [self.ids(facet.text) for facet in facets]
        self.counts = _grown(self.counts, n, len(self.vocabulary))
        if not words:
            return sp.csr_matrix(self.counts.shape, dtype=np.float32)
        rows = np.repeat([facet.member for facet in facets], list(map(len, words)))
        columns = np.concatenate(words)
        return sp.csr_matrix((np.full(len(rows), STATED_TWICE, np.float32), (rows, columns)), self.counts.shape)


def text_rows(words: Sequence[np.ndarray], lexical: Lexical) -> sp.csr_matrix:
    """(len(words), V) TF-IDF rows of unit length for texts given as term ids, weighted like the members' own."""
    rows = np.repeat(np.arange(len(words)), [len(w) for w in words])
    columns = np.concatenate(words) if len(words) else np.zeros(0, np.int64)
    counts = sp.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(words), len(lexical.idf)))
    counts.data = 1 + np.log(counts.data)
    return aggregates.unit_rows((counts @ sp.diags(lexical.idf)).tocsr())


def _grown(matrix: sp.csr_matrix, rows: int, columns: int) -> sp.csr_matrix:
    """The same numbers in a larger shape; `matrix` itself, which views may hold, stays as it is."""
    larger = sp.csr_matrix((matrix.data, matrix.indices, matrix.indptr), shape=matrix.shape)
    larger.resize(rows, max(1, columns))
    return larger
