"""Learns the second text tower from the words of a community's members.

A randomized singular value decomposition (Halko, Martinsson and Tropp, SIAM Review 2011) of their TF-IDF rows: seconds
for ten thousand members. Words that fewer than three use are left out: they join hardly anybody, and may be private.
"""

from __future__ import annotations

import numpy as np
from sklearn.utils.extmath import randomized_svd

from models.community.lsa import LsaModel, word_hash
from models.community.view import Lexical
from models.text.lexical import Vocabulary

DIMENSIONS = 128
USED_BY = 3
WORDS = 20_000  # those that most people use
LEAST_MEMBERS, LEAST_WORDS = 20, 10  # of fewer, a decomposition is each one's own words again


def fit_tower(lexical: Lexical, seed: int = 0) -> LsaModel | None:
    """The tower of a community, or None where too few say too little."""
    speakers = np.flatnonzero(np.diff(lexical.tfidf.indptr) > 0)
    words, terms = _words(lexical)
    if len(speakers) < LEAST_MEMBERS or len(terms) < LEAST_WORDS:
        return None
    rows = lexical.tfidf[speakers][:, terms]
    most = min(DIMENSIONS, min(rows.shape) // 2)
    _, _, directions = randomized_svd(rows, most, n_iter=4, random_state=seed)
    return LsaModel(words, directions.T.astype(np.float32))


def _words(lexical: Lexical) -> tuple[np.ndarray, np.ndarray]:
    """The hashes of the words to learn from, ascending, and their columns. In this order chance draws the same for a
    word whichever number it got, which depends on when it was first read."""
    kept = np.flatnonzero((lexical.df >= USED_BY) & (lexical.idf > 0))
    hashes, first = np.unique(_hashes(lexical.vocabulary, kept), return_index=True)
    terms = kept[first]
    most = np.sort(np.argsort(-lexical.df[terms], kind="stable")[:WORDS])
    return hashes[most], terms[most]


def _hashes(vocabulary: Vocabulary, terms: np.ndarray) -> np.ndarray:
    return np.array([word_hash(vocabulary.terms[term]) for term in terms], np.uint64)
