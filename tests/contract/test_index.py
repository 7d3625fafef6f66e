"""What every vector index promises. Exact search by plain multiplication is the reference.

Kinds: `exact` and `ivf` put every change into their base at once, `recent` never does, `composite` does so at times.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest

from models.index.vectors import LiveIndex, VectorIndex

DIMENSION = 16
NEVER, ALWAYS = 10**9, {"merge_rows": 0, "merge_share": 0.0}
KINDS: dict[str, dict[str, Any]] = {
    "exact": {"exact_below": NEVER, **ALWAYS},
    "recent": {"exact_below": NEVER, "merge_rows": NEVER},
    "ivf": {"exact_below": 1, **ALWAYS},
    "composite": {"exact_below": 600, "merge_rows": 150, "merge_share": 0.05},
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def index(kind: str) -> LiveIndex:
    return LiveIndex(DIMENSION, **KINDS[kind])


def clustered(rows: int, dimension: int = DIMENSION, seed: int = 0, spread: float = 0.6) -> np.ndarray:
    """Unit vectors around common centres, as the passages of a community are."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((max(1, rows // 50), dimension))
    points = centres[rng.integers(len(centres), size=rows)] + spread * rng.standard_normal((rows, dimension))
    unit: np.ndarray = points / np.linalg.norm(points, axis=1, keepdims=True)
    return unit.astype(np.float32)


def reference(
    stored: dict[int, np.ndarray], queries: np.ndarray, k: int, allowed: np.ndarray | None = None
) -> list[list[int]]:
    """The ids that exact search finds."""
    ids = np.array([i for i in sorted(stored) if allowed is None or (i < len(allowed) and allowed[i])], dtype=np.int64)
    matrix = np.array([stored[i] for i in ids.tolist()], dtype=np.float32).reshape(len(ids), DIMENSION)
    scores = queries @ matrix.T
    return [ids[np.lexsort((ids, -np.round(row, 5)))[:k]].tolist() for row in scores]


def share_found(found: np.ndarray, expected: list[list[int]]) -> float:
    pairs = [(set(row.tolist()), set(want)) for row, want in zip(found, expected, strict=True)]
    return sum(len(got & want) for got, want in pairs) / max(1, sum(len(want) for _, want in pairs))


def test_an_empty_index_finds_nothing(index: VectorIndex) -> None:
    ids, scores = index.search(clustered(3), 5)
    assert ids.tolist() == [[-1] * 5] * 3
    assert np.isneginf(scores).all()
    assert len(index) == 0
    assert index.remove(np.array([7])) == 0


def test_shapes_and_types_are_fixed(index: VectorIndex) -> None:
    index.add(np.arange(5), clustered(5))
    ids, scores = index.search(clustered(2).astype(np.float64), 8)
    assert ids.shape == scores.shape == (2, 8)
    assert ids.dtype == np.int64
    assert scores.dtype == np.float32
    assert (ids[:, 5:] == -1).all()
    assert sorted(ids[0, :5].tolist()) == [0, 1, 2, 3, 4]
    assert index.search(clustered(2)[:0], 3)[0].shape == (0, 3)
    assert index.search(clustered(2), 0)[0].shape == (2, 0)


def test_a_vector_finds_itself_first(index: VectorIndex) -> None:
    vectors = clustered(900)
    index.add(np.arange(900) * 3, vectors)
    ids, scores = index.search(vectors[:50], 1)
    assert ids[:, 0].tolist() == (np.arange(50) * 3).tolist()
    np.testing.assert_allclose(scores[:, 0], 1, atol=1e-3)


def test_scores_fall_and_equal_scores_stand_by_id(index: VectorIndex) -> None:
    same, other = clustered(2, seed=3)
    index.add(np.array([9, 4, 700, 2, 30]), np.stack([same, same, same, other, same]))
    ids, scores = index.search(same[None], 5)
    assert ids[0].tolist() == [4, 9, 30, 700, 2]
    assert (np.diff(scores[0]) <= 0).all()


def test_equal_vectors_score_alike_before_and_after_a_merge(index: VectorIndex) -> None:
    vectors, again = clustered(800, seed=3), np.arange(0, 800, 16)
    index.add(np.arange(800) + 1000, vectors)
    index.add(again, vectors[again])  # in the part of what is recent, where there is one
    for id in again.tolist():
        ids, scores = index.search(vectors[id][None], 2)
        assert ids[0].tolist() == [id, id + 1000]
        assert scores[0, 0] == scores[0, 1]


def test_among_a_thousand_equal_vectors_the_lowest_ids_win(index: VectorIndex, kind: str) -> None:
    if kind in ("ivf", "composite"):
        pytest.skip("approximate search may stop at any of them")
    same, other = clustered(2, seed=3)
    ids = np.random.default_rng(0).permutation(1_000)
    index.add(ids[:500], np.repeat(same[None], 500, axis=0))
    index.add(ids[500:], np.repeat(same[None], 500, axis=0))
    index.add(np.array([5_000]), other[None])
    assert index.search(same[None], 20)[0][0].tolist() == list(range(20))


def test_it_agrees_with_exact_search_through_any_history(index: VectorIndex, kind: str) -> None:
    rng = np.random.default_rng(1)
    vectors, fresh = clustered(1_500, seed=5), clustered(1_500, seed=6)
    stored: dict[int, np.ndarray] = {}
    for step in range(12):
        new = np.arange(step * 100, step * 100 + 100)
        index.add(new, vectors[new])
        stored.update({int(i): vectors[i] for i in new})
        changed = rng.choice(list(stored), 20, replace=False)
        index.update(changed, fresh[changed])
        stored.update({int(i): fresh[i] for i in changed})
        gone = rng.choice(list(stored), 15, replace=False)
        assert index.remove(np.append(gone, 10**6)) == 15
        for i in gone.tolist():
            del stored[i]
        assert len(index) == len(stored)
    queries = clustered(60, seed=7)
    found, _ = index.search(queries, 10)
    expected = reference(stored, queries, 10)
    assert share_found(found, expected) >= (0.9 if kind in ("ivf", "composite") else 1)
    everything = index.search(queries[:2], len(stored) + 5)[0]
    assert [sorted(row[row >= 0].tolist()) for row in everything] == [sorted(stored)] * 2


@pytest.mark.parametrize("share", [0.002, 0.03, 0.5, 1.0])
def test_only_what_is_allowed_is_found_and_all_of_it_can_be(index: VectorIndex, kind: str, share: float) -> None:
    vectors = clustered(1_000, seed=8)
    index.add(np.arange(1_000), vectors)
    index.remove(np.arange(0, 1_000, 7))
    stored = {i: vectors[i] for i in range(1_000) if i % 7}
    allowed = np.random.default_rng(2).random(1_000) < share
    queries = clustered(30, seed=9)
    found, _ = index.search(queries, 10, allowed)
    assert not set(found[found >= 0].tolist()) - set(np.flatnonzero(allowed).tolist())
    exact = kind in ("exact", "recent") or share < 0.05
    assert share_found(found, reference(stored, queries, 10, allowed)) >= (1 if exact else 0.9)


def test_ids_beyond_the_end_of_the_filter_are_not_allowed(index: VectorIndex) -> None:
    index.add(np.array([1, 50]), clustered(2))
    assert index.search(clustered(1), 5, np.ones(10, dtype=bool))[0][0].tolist() == [1, -1, -1, -1, -1]
    assert (index.search(clustered(1), 5, np.zeros(0, dtype=bool))[0] == -1).all()


def test_an_updated_vector_is_found_where_it_is_and_no_longer_where_it_was(index: VectorIndex) -> None:
    vectors = clustered(400, spread=0.1)
    index.add(np.arange(400), vectors)
    index.update(np.array([5]), -vectors[5:6])
    assert index.search(-vectors[5:6], 1)[0][0, 0] == 5
    assert 5 not in index.search(vectors[5:6], 50)[0]
    assert len(index) == 400


def test_a_removed_id_can_come_back(index: VectorIndex) -> None:
    vectors = clustered(3)
    index.add(np.arange(3), vectors)
    index.remove(np.array([1, 1]))
    assert len(index) == 2
    assert 1 not in index.search(vectors[1:2], 3)[0]
    index.add(np.array([1]), vectors[1:2])
    assert index.search(vectors[1:2], 1)[0][0, 0] == 1


def test_removing_everything_leaves_an_index_that_works(index: VectorIndex) -> None:
    index.add(np.arange(300), clustered(300))
    assert index.remove(np.arange(300)) == 300
    assert (index.search(clustered(1), 3)[0] == -1).all()
    index.add(np.array([2]), clustered(1))
    assert index.search(clustered(1), 1)[0].tolist() == [[2]]


@pytest.mark.parametrize(
    ("ids", "vectors"),
    [
        ([0], clustered(1)),
        ([5, 5], clustered(2)),
        ([-1], clustered(1)),
        ([5, 6], clustered(1)),
        ([5], clustered(1, dimension=3)),
        ([5], np.full((1, DIMENSION), np.nan)),
        ([5], np.full((1, DIMENSION), 2.0)),
    ],
    ids=["taken", "twice", "negative", "too few", "other dimension", "not a number", "too long"],
)
def test_a_bad_write_is_refused_and_changes_nothing(index: VectorIndex, ids: list[int], vectors: np.ndarray) -> None:
    index.add(np.array([0, 1]), clustered(2))
    with pytest.raises(ValueError):
        index.add(np.array([7, *ids]), np.concatenate([np.zeros((1, vectors.shape[1]), np.float32), vectors]))
    assert len(index) == 2
    assert sorted(index.search(clustered(1), 2)[0][0].tolist()) == [0, 1]


def test_a_query_of_another_dimension_is_refused(index: VectorIndex) -> None:
    with pytest.raises(ValueError):
        index.search(clustered(1, dimension=3), 1)


def test_a_snapshot_never_changes(index: VectorIndex) -> None:
    vectors, queries = clustered(700), clustered(20, seed=4)
    index.add(np.arange(300), vectors[:300])
    snapshot = index.snapshot()
    before = snapshot.search(queries, 10)
    index.add(np.arange(300, 700), vectors[300:])
    index.remove(np.arange(0, 300, 2))
    index.update(np.arange(1, 300, 2), vectors[300:450])
    for was, now in zip(before, snapshot.search(queries, 10), strict=True):
        np.testing.assert_array_equal(was, now)
    assert len(snapshot) == 300
    assert len(index) == 550


def test_one_query_and_a_batch_give_the_same_to_the_last_bit(index: VectorIndex) -> None:
    index.add(np.arange(1_000), clustered(1_000))
    queries = clustered(100, seed=2)
    ids, scores = index.search(queries, 10)
    for row in range(0, 100, 9):
        alone = index.search(queries[row : row + 1], 10)
        np.testing.assert_array_equal(alone[0][0], ids[row])
        np.testing.assert_array_equal(alone[1][0], scores[row])


def test_readers_search_while_the_writer_writes(index: LiveIndex) -> None:
    vectors = clustered(1_200)
    index.add(np.arange(200), vectors[:200])
    published, failures = [index.snapshot()], []

    def read() -> None:
        while len(published[-1]) < 1_200:
            snapshot = published[-1]
            ids = snapshot.search(vectors[:5], 1)[0][:, 0].tolist()
            if ids != [0, 1, 2, 3, 4]:
                failures.append(ids)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for start in range(200, 1_200, 50):
        index.add(np.arange(start, start + 50), vectors[start : start + 50])
        published.append(index.snapshot())
    for reader in readers:
        reader.join()
    assert failures == []


def test_a_restored_index_answers_the_same_and_goes_on(index: LiveIndex, kind: str) -> None:
    vectors, queries = clustered(900), clustered(25, seed=3)
    index.add(np.arange(800), vectors[:800])
    index.remove(np.arange(0, 800, 5))
    state = {
        name: np.frombuffer(value.tobytes(), value.dtype).reshape(value.shape) for name, value in index.state().items()
    }
    restored = LiveIndex.from_state(state, **KINDS[kind])
    for ours, theirs in zip(index.search(queries, 10), restored.search(queries, 10), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    restored.add(np.arange(800, 900), vectors[800:])
    restored.remove(np.array([1]))
    assert len(restored) == 739
    assert restored.search(vectors[850:851], 1)[0][0, 0] == 850


def test_the_state_of_an_empty_index_restores(index: LiveIndex, kind: str) -> None:
    assert len(LiveIndex.from_state(index.state(), **KINDS[kind])) == 0


def test_sixty_thousand_rows_are_searched_approximately_and_well() -> None:
    vectors, queries = clustered(60_000, 64), clustered(60_000, 64)[::600]
    index = LiveIndex(64)
    index.add(np.arange(60_000), vectors)
    index.remove(np.arange(0, 60_000, 50))
    index.update(np.arange(1, 60_000, 50), vectors[np.arange(2, 60_000, 50)])
    now = vectors.copy()
    now[1::50] = now[2::50]
    scores = queries @ now.T
    scores[:, ::50] = -2
    best = np.argsort(-scores, axis=1, kind="stable")[:, :20].tolist()
    assert share_found(index.search(queries, 20)[0], best) >= 0.95
    assert index.state()["ivf"].size > 0
    allowed = np.zeros(60_000, dtype=bool)
    allowed[7::100] = True
    scores[:, ~allowed] = -2
    best = np.argsort(-scores, axis=1, kind="stable")[:, :20].tolist()
    assert share_found(index.search(queries, 20, allowed)[0], best) >= 0.99
