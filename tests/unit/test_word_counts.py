"""What words weigh stays while nearly as many use them, and words are never told by weights that are far off."""

from __future__ import annotations

import numpy as np
import pytest

from models.community import word_counts
from models.community.view import Lexical
from models.community.word_counts import NEAR, TALKERS_TOKENS, Wordbook

PEOPLE = 400
OFTEN = " ".join(f"common{n}" for n in range(TALKERS_TOKENS))


@pytest.fixture(autouse=True)
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_counts, "MANY", 0)


def words_of(*, views: bool) -> Lexical:
    """Of a community in which somebody says more again and again, with views in between or none."""
    book = Wordbook()
    for person in range(PEOPLE):
        book.add_message(f"m{person}", person, f"{OFTEN} kiln{person % 200} glaze{person % 4}")
    for more in range(40):
        if views:
            book.lexical(PEOPLE)
        book.add_message(f"more{more}", more, f"glaze{more % 4} saw{more // 4}")
    return book.lexical(PEOPLE)


def test_weights_are_nearly_those_of_a_view_built_afresh() -> None:
    kept, fresh = words_of(views=True), words_of(views=False)
    assert kept.vocabulary.terms == fresh.vocabulary.terms
    assert (kept.counts != fresh.counts).nnz == 0
    np.testing.assert_allclose(kept.idf, fresh.idf, atol=2 * NEAR)
    np.testing.assert_allclose(kept.tfidf.toarray(), fresh.tfidf.toarray(), atol=2 * NEAR)


def test_whoever_says_nothing_keeps_their_row_while_as_many_use_their_words_as_before() -> None:
    book = Wordbook()
    for person in range(PEOPLE):
        book.add_message(f"m{person}", person, f"{OFTEN} glaze{person % 4}")
    before = book.lexical(PEOPLE).tfidf.toarray()
    book.add_message("more", 0, "glaze1")
    after = book.lexical(PEOPLE).tfidf.toarray()
    assert np.array_equal(after[1:, : before.shape[1]], before[1:])
    assert not np.array_equal(after[0, : before.shape[1]], before[0])


def test_a_word_that_becomes_everybodys_weighs_nothing_at_once() -> None:
    book = Wordbook()
    for person in range(1000):
        book.add_message(f"m{person}", person, f"{OFTEN} {'kiln' if person < 299 else 'glaze'}")
    [kiln] = book.ids("kiln")
    assert book.lexical(1000).idf[kiln] > 1
    for person in (300, 301):
        book.add_message(f"more{person}", person, "kiln")
    assert book.lexical(1000).idf[kiln] == 0
