"""What a community's own words mean there."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import pytest

from models.community.builder import Builder
from models.community.lsa import LsaModel, from_bytes, to_bytes
from models.community.view import Community
from models.domain.records import Community as CommunityRecord
from models.domain.records import Message
from training.fitting.lsa import fit_tower

BEES = ("hive", "queen", "wax", "smoker", "pollen", "swarm")
BOATS = ("keel", "mast", "rudder", "harbour", "sail", "anchor")
ALL = slice(None)


def speak(words: Sequence[str], member: str, number: int, to: str = "") -> Message:
    mentions = (to,) if to else ()
    return Message(
        id=f"{member}-{number}", author=member, time=10**15 + number, text=" ".join(words), mentions=mentions
    )


def community(extra: Sequence[Message] = ()) -> Community:
    """Fifteen beekeepers and fifteen sailors, each with four of their six words, and whoever else is given."""
    builder = Builder(CommunityRecord(id="c"), 2, "none")
    for i in range(15):
        for name, words in (("bee", BEES), ("boat", BOATS)):
            builder.put(speak([words[(i + k) % 6] for k in range(4)], f"{name}{i}", i))
    builder.put_all(extra)
    builder.embed_pending(lambda texts: np.ones((len(texts), 2), np.float32))
    return builder.view()


# They share no word; "lost" says nothing of anybody's trade, but talks with a beekeeper.
EXTRA = (
    speak(["hive", "wax"], "ann", 100),
    speak(["queen", "smoker"], "ben", 101),
    speak(["keel", "rudder"], "cleo", 102),
    speak(["mast", "harbour"], "dan", 103),
    speak(["hello"], "lost", 104, to="bee3"),
    speak(["hello"], "found", 105, to="boat3"),
)


@pytest.fixture(scope="module")
def view() -> Community:
    return community(EXTRA)


@pytest.fixture(scope="module")
def tower(view: Community) -> LsaModel:
    found = fit_tower(view.lexical)
    assert found is not None
    return found


def likeness(view: Community, tower: LsaModel, name: str, one: str, other: str) -> float:
    return float(tower.of(view).like_member(view.row[one], ALL)[name][view.row[other]])


def test_people_who_share_no_word_are_alike_where_others_use_their_words_together(
    view: Community, tower: LsaModel
) -> None:
    assert (view.lexical.tfidf[view.row["ann"]].multiply(view.lexical.tfidf[view.row["ben"]])).nnz == 0
    assert likeness(view, tower, "own_words", "ann", "ben") > 0.2
    assert likeness(view, tower, "own_words", "ann", "cleo") < 0.05


def test_whoever_says_little_is_known_by_the_words_of_their_circle(view: Community, tower: LsaModel) -> None:
    assert likeness(view, tower, "own_words", "lost", "ann") == 0
    for member, near, far in (("lost", "ann", "cleo"), ("found", "cleo", "ann")):
        assert likeness(view, tower, "circle_words", member, near) > 0.2
        assert likeness(view, tower, "circle_words", member, far) < 0.05


def test_a_text_finds_those_who_use_its_words_or_words_like_them(view: Community, tower: LsaModel) -> None:
    words = view.lexical.tfidf[view.row["cleo"]]
    like = tower.of(view).like_text(words, view.lexical.vocabulary, np.array([view.row["dan"], view.row["ann"]]))
    assert like["own_words"][0] > 0.2
    assert like["own_words"][1] < 0.05


def test_a_text_of_unknown_words_is_like_nobody(view: Community, tower: LsaModel) -> None:
    empty = view.lexical.tfidf[view.row["cleo"]] * 0
    assert not any(v.any() for v in tower.of(view).like_text(empty, view.lexical.vocabulary, ALL).values())


def test_fitting_twice_gives_the_same_numbers(view: Community, tower: LsaModel) -> None:
    again = fit_tower(view.lexical)
    assert again is not None
    assert np.array_equal(again.words, tower.words)
    assert np.array_equal(again.directions, tower.directions)


def test_a_tower_does_not_depend_on_when_words_were_first_read() -> None:
    """Where words say nothing, as here, what chance drew for each is all there is to tell directions by."""
    rng = np.random.default_rng(4)
    said = [rng.choice([f"word{n}" for n in range(200)], 12).tolist() for _ in range(300)]
    one, other = (
        fit_tower(community([speak(words[::order], f"m{i}", i) for i, words in enumerate(said)]).lexical)
        for order in (1, -1)
    )
    assert one is not None
    assert other is not None
    assert np.array_equal(one.words, other.words)
    assert np.abs(one.directions @ one.directions.T - other.directions @ other.directions.T).max() < 1e-3


def test_a_tower_serves_a_later_view_with_new_people_and_new_words(view: Community, tower: LsaModel) -> None:
    later = community((*EXTRA, speak(["queen", "wax", "varroa"], "eve", 200)))
    assert likeness(later, tower, "own_words", "eve", "ann") > 0.5
    assert likeness(view, tower, "own_words", "ann", "ben") > 0.2


def test_too_few_people_have_no_tower() -> None:
    builder = Builder(CommunityRecord(id="c"), 2, "none")
    builder.put_all([speak(BEES, f"m{i}", i) for i in range(10)])
    builder.embed_pending(lambda texts: np.ones((len(texts), 2), np.float32))
    assert fit_tower(builder.view().lexical) is None


def test_words_of_one_or_two_people_are_not_in_a_tower() -> None:
    rare = community((*EXTRA, speak(["xylophone", "hive"], "ann", 300), speak(["xylophone"], "ben", 301)))
    common = fit_tower(community(EXTRA).lexical)
    found = fit_tower(rare.lexical)
    assert common is not None
    assert found is not None
    assert np.array_equal(found.words, common.words)


def test_a_tower_comes_back_from_its_bytes_and_ranks_alike(view: Community, tower: LsaModel) -> None:
    back = from_bytes(to_bytes(tower))
    row = view.row["ann"]
    for name, values in tower.of(view).like_member(row, ALL).items():
        assert np.abs(back.of(view).like_member(row, ALL)[name] - values).max() < 2e-3


@pytest.mark.parametrize("damage", ["cut", "other", "empty", "shapes", "order", "infinite"])
def test_a_damaged_tower_is_refused(tower: LsaModel, damage: str) -> None:
    def saved(**arrays: np.ndarray) -> bytes:
        out = io.BytesIO()
        np.savez(out, **arrays)  # type: ignore[arg-type]
        return out.getvalue()

    data = {
        "cut": to_bytes(tower)[:-100],
        "other": saved(weights=np.zeros(3)),
        "empty": b"",
        "shapes": saved(words=tower.words[:-1], directions=tower.directions),
        "order": saved(words=tower.words[::-1], directions=tower.directions),
        "infinite": saved(words=tower.words, directions=tower.directions * np.nan),
    }[damage]
    with pytest.raises(ValueError, match=r"tower|directions"):
        from_bytes(data)
