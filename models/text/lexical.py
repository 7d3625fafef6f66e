"""The one lexical analyzer and what is counted with it: words, vocabulary, TF-IDF, BM25."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy import sparse

from models.text.stopwords import CHINESE_SINGLES, NEW_WORDS, STOP_WORDS, UNFOLDED

if TYPE_CHECKING:
    import rjieba

TOKEN_CHARS = 40
TEXT_CHARS = 64_000
K1 = 1.2
B = 0.75

Matrix: TypeAlias = sparse.csr_matrix | sparse.csc_matrix | sparse.csr_array | sparse.csc_array
State: TypeAlias = dict[str, np.ndarray | list[str]]

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
# A letter or digit of any script but Chinese: what a word of a spaced script is made of.
_CHAR = rf"[^\W_{_HAN}]"
_WORD = rf"{_CHAR}+(?:[.'\u2019\-_]{_CHAR}+)*(?:\+\+|#(?!\w))?"
_PIECES = re.compile(rf"[{_HAN}]+|{_WORD}")
_CLITIC = re.compile(r"(?:n't|'(?:s|re|ll|ve|d|m))$")
_LETTER = re.compile(r"[^\W\d_]")
_IS_HAN = re.compile(rf"[{_HAN}]")
CJK = re.compile(r"[\u3400-\u9fff]")  # a character by which Chinese is told, and not segmented


def tokens(text: str) -> list[str]:
    """Lowercased words in order, repeated as often as they are said; stop words, numbers and single letters left out.

    Words of spaced scripts keep their signs ("c++", "node.js"); a compound also gives its parts ("rust-lang", "rust",
    "lang"); English plurals fold to the singular. Chinese is segmented, and words of four characters also give their
    halves.
    """
    text = text[:TEXT_CHARS]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    found: list[str] = []
    for piece in _PIECES.findall(text.lower()):
        found += _terms(piece) if len(piece) <= TOKEN_CHARS else _long_terms(piece)
    return found


@lru_cache(maxsize=200_000)
def _terms(piece: str) -> tuple[str, ...]:
    """Terms of one word, or of one run of Chinese characters."""
    return _chinese_terms(piece) if _IS_HAN.match(piece) else tuple(dict.fromkeys(_word_terms(piece)))


def _long_terms(piece: str) -> tuple[str, ...]:
    """As `_terms`, but not worth remembering; no word is this long, a run of Chinese may well be."""
    return _chinese_terms(piece) if _IS_HAN.match(piece) else ()


def _chinese_terms(run: str) -> tuple[str, ...]:
    found = [term for word in _segmenter().cut(run) for term in (word, *_words_inside(word))]
    return tuple(word for word in found if word not in STOP_WORDS and (len(word) > 1 or word in CHINESE_SINGLES))


def _words_inside(word: str) -> list[str]:
    """The two halves of a word of four characters where both are words ("自然语言" also says "自然" and "语言").

    The library's own search mode also gives splinters that cross the joints of a word.
    """
    halves = [word[:2], word[2:]] if len(word) == 4 else []
    return halves if all(map(_segmenter().has_word, halves)) else []


def kinds_of_words(run: str) -> tuple[str, ...]:
    """Of a run of Chinese the part of speech of each word, as the segmenter tags it: "n…" nouns, "v…" verbs."""
    return tuple(kind for _, kind in _segmenter().tag(run))


def prepare(terms: Iterable[str]) -> None:
    """Read the dictionary of Chinese now, where the terms of a vocabulary need it: for a moment it stops all else."""
    if any(map(_IS_HAN.match, terms)):
        _segmenter()


@lru_cache(maxsize=1)
def _segmenter() -> rjieba.Jieba:
    import rjieba  # reads its dictionary, which only Chinese needs

    segmenter = rjieba.Jieba()
    for word in NEW_WORDS:
        segmenter.add_word(word, 20_000, None)
    return segmenter


def _word_terms(word: str) -> Iterable[str]:
    if word in STOP_WORDS:
        return
    word = _CLITIC.sub("", word.replace("\u2019", "'"))
    if _counts(word):
        yield folded(word)
    parts = re.split(r"[.'\-_]", word)
    if len(parts) > 1:
        for part in parts:
            if len(part) > 2 and _counts(part):
                yield folded(part)


def _counts(word: str) -> bool:
    return len(word) > 1 and word not in STOP_WORDS and _LETTER.search(word) is not None


def folded(word: str) -> str:
    """Plural to singular, where English makes that plain."""
    if (
        len(word) < 4
        or word[-1] != "s"
        or word[-2] in "suia'"
        or word in UNFOLDED
        or not (word.isascii() and word.isalpha())
    ):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    return word[:-2] if word.endswith(("xes", "ches", "shes", "sses", "zzes")) else word[:-1]


COMMON = 0.3  # share of documents above which a term tells nothing ...
FEW_DOCUMENTS = 50  # ... unless there are no more than these


class Vocabulary:
    """Terms and their ids, numbered 0, 1, 2, ... as they come. A term keeps its id for ever."""

    def __init__(self, terms: Iterable[str] = ()) -> None:
        self.terms: list[str] = list(terms)
        self._ids = {term: number for number, term in enumerate(self.terms)}

    def __len__(self) -> int:
        return len(self.terms)

    def ids(self, tokens: Sequence[str], grow: bool) -> np.ndarray:
        """Ids of the tokens, int32; an unknown one is numbered when `grow`, and left out otherwise."""
        known = self._ids
        if not grow:
            return np.array([known[token] for token in tokens if token in known], dtype=np.int32)
        found = np.empty(len(tokens), dtype=np.int32)
        for at, token in enumerate(tokens):
            number = known.get(token)
            if number is None:
                number = known[token] = len(self.terms)
                self.terms.append(token)
            found[at] = number
        return found

    def state(self) -> State:
        """What `from_state` needs."""
        return {"terms": list(self.terms)}

    @classmethod
    def from_state(cls, state: State) -> Vocabulary:
        """The vocabulary that gave this state."""
        return cls(state["terms"])


def document_frequency(counts: Matrix) -> np.ndarray:
    """In how many rows each term occurs, int32 (terms,)."""
    rows = counts.tocsr()
    columns = rows.indices[rows.data > 0]
    return np.bincount(columns, minlength=counts.shape[1]).astype(np.int32)


def term_weights(df: np.ndarray, n_docs: int) -> np.ndarray:
    """(terms,) log((1 + n) / (1 + df)) + 1; among more than 50 documents 0 for terms in more than 30 % of them."""
    weight = np.log((1 + n_docs) / (1 + df.astype(np.float64))) + 1
    weight[(df > COMMON * n_docs) & (n_docs > FEW_DOCUMENTS)] = 0
    return weight


def tfidf_rows(counts: Matrix, df: np.ndarray, n_docs: int) -> sparse.csr_matrix:
    """Rows weighted log(1 + tf) * `term_weights`, float32, of unit length over shared words.

    `counts` (rows, terms) may be fractional (decayed in time); `df` is in how many of `n_docs` documents a term occurs.
    Among more than 50 documents, terms in fewer than two do not count towards the length: they make nobody less alike,
    but a search for them must find the one who uses them.
    """
    rows = sparse.csr_matrix(counts, dtype=np.float32, copy=True)
    weight = term_weights(df, n_docs)
    rows.data = (np.log1p(rows.data) * weight[rows.indices]).astype(np.float32)
    rows.eliminate_zeros()
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    squares = np.square(rows.data)
    alone = np.bincount(row, squares, rows.shape[0])
    squares[(df[rows.indices] < 2) & (n_docs > FEW_DOCUMENTS)] = 0
    shared = np.bincount(row, squares, rows.shape[0])
    lengths = np.sqrt(np.where(shared > 0, shared, alone))
    lengths[lengths == 0] = 1
    rows.data /= lengths.astype(np.float32)[row]
    return rows
