"""Words, and what is counted with them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from models.text.lexical import Vocabulary, document_frequency, tfidf_rows, tokens
from tests.clock import fastest


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The Bees and their HIVES", ["bee", "hive"]),
        ("C++, C# and node.js", ["c++", "c#", "node.js", "node"]),
        ("rust-lang", ["rust-lang", "rust", "lang"]),
        ("libraries classes boxes cities", ["library", "class", "box", "city"]),
        ("status kubernetes analysis bus", ["status", "kubernetes", "analysis", "bus"]),
        ("2024 1,000 3.14 x y", []),
        ("mp3 3d b2b", ["mp3", "3d", "b2b"]),
        ("don't you think it's Ann's garden", ["ann", "garden"]),
        ("don\u2019t ask Ann\u2019s brother", ["ann", "brother"]),
        ("我们在做推荐系统,喜欢猫", ["推荐系统", "推荐", "系统", "喜欢", "猫"]),
        ("用Python写后端", ["python", "后端"]),
        ("研究自然语言的人", ["研究", "自然语言", "自然", "语言"]),
        ("Python RUST", ["python", "rust"]),
        ("naïve Привет über", ["naïve", "привет", "über"]),
        ("👍 \x00 \ud800 ... @!", []),
        ("", []),
    ],
)
def test_words_are_found_in_any_script(text: str, terms: list[str]) -> None:
    assert tokens(text) == terms


def test_singular_and_plural_meet() -> None:
    assert tokens("garden") == tokens("gardens")


@pytest.mark.timeout(10)
@pytest.mark.parametrize("unit", ["a", "a.", "字", "ab-", "'", "\ud800", "é", "x y "])
def test_a_hundred_kilobytes_of_anything_are_read_at_once(unit: str) -> None:
    assert all(len(term) <= 40 for term in tokens(unit * (100_000 // len(unit))))


def test_twenty_thousand_short_lines_take_at_most_a_second() -> None:
    lines = [f"word{i % 5_000} talks about topic{i % 700} with 机器学习 and gardens" for i in range(20_000)]
    tokens("机器学习")
    assert fastest(lambda _: [tokens(line) for line in lines]) < 1


def test_a_vocabulary_grows_only_when_asked() -> None:
    vocabulary = Vocabulary()
    assert vocabulary.ids(["bee", "hive", "bee"], grow=True).tolist() == [0, 1, 0]
    assert vocabulary.ids(["hive", "honey"], grow=False).tolist() == [1]
    assert len(vocabulary) == 2
    assert vocabulary.ids([], grow=True).dtype == np.int32


def test_a_restored_vocabulary_goes_on_numbering() -> None:
    vocabulary = Vocabulary()
    vocabulary.ids(["bee", "蜂"], grow=True)
    restored = Vocabulary.from_state(vocabulary.state())
    assert restored.ids(["蜂", "honey", "bee"], grow=True).tolist() == [1, 2, 0]
    assert len(vocabulary) == 2


def counts(rows: list[list[float]]) -> sparse.csr_matrix:
    return sparse.csr_matrix(np.array(rows, dtype=np.float32))


def test_rare_terms_weigh_more_and_rows_have_unit_length() -> None:
    matrix = counts([[1, 1, 0], [1, 0, 2], [1, 0, 0], [0, 0, 0]])
    rows = tfidf_rows(matrix, document_frequency(matrix), n_docs=4).toarray()
    assert rows[0, 1] > rows[0, 0] > 0
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), [1, 1, 1, 0], atol=1e-6)
    assert rows.dtype == np.float32


def test_saying_a_word_ten_times_is_not_ten_times_as_much() -> None:
    matrix = counts([[10, 1]])
    rows = tfidf_rows(matrix, np.array([3, 3]), n_docs=10).toarray()
    assert 1 < rows[0, 0] / rows[0, 1] < 5


def test_words_of_everybody_are_left_out_of_large_communities_only() -> None:
    matrix = counts([[1, 1, 1]])
    everybody_somebody_some = np.array([41, 1, 20])
    kept = tfidf_rows(matrix, everybody_somebody_some, n_docs=100).toarray()[0].astype(bool)
    assert kept.tolist() == [False, True, True]
    assert tfidf_rows(matrix, everybody_somebody_some, n_docs=50).toarray()[0].all()


def test_a_word_of_one_alone_can_be_found_but_makes_nobody_less_alike() -> None:
    df = np.array([1, 20, 20])
    rows = tfidf_rows(counts([[5, 1, 1], [0, 1, 1]]), df, n_docs=100).toarray()
    assert rows[0, 0] > 0
    np.testing.assert_allclose(rows[0, 1:], rows[1, 1:])


def test_weighting_leaves_the_counts_alone() -> None:
    matrix = counts([[3, 1]])
    tfidf_rows(matrix, np.array([1, 1]), n_docs=2)
    assert matrix.toarray().tolist() == [[3, 1]]
