"""Vectors of statements that follow one another's changes: what is found is what is stated, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from models.arrays.quantized import floats, quantized
from models.community import statement_vectors
from models.community.statement_vectors import StatementVectors, in_common, telling

D, KINDS, K = 32, 3, 5
NEARLY = 3e-3  # they take a byte a number


class Stated:
    """Statements in rows, and where their vectors lie."""

    def __init__(self, n: int) -> None:
        self.rng = np.random.default_rng(3)
        self.kept = StatementVectors(D, KINDS)
        self.vectors, self.kind = self._new(n)
        self.places = self.kept.add(self.vectors, self.kind)
        self.frozen = self._frozen()

    def restate(self, rows: list[int]) -> None:
        """State something else in these rows, and something more at the end; the first of them is gone."""
        self.vectors, self.kind = self.vectors.copy(), self.kind.copy()  # tables of before keep theirs
        self.vectors[rows], self.kind[rows] = self._new(len(rows))
        self.places[rows] = self.kept.add(self.vectors[rows], self.kind[rows])
        more, kind = self._new(1)
        stays = np.arange(len(self.vectors)) != rows[0]
        self.vectors, self.kind = np.vstack([self.vectors[stays], more]), np.append(self.kind[stays], kind)
        self.places = np.append(self.places[stays], self.kept.add(more, kind))
        self.frozen = self._frozen()

    def _frozen(self) -> statement_vectors.Frozen:
        frozen = self.kept.freeze(self.places)
        self.places = frozen.places.copy()
        return frozen

    def _new(self, n: int) -> tuple[np.ndarray, np.ndarray]:
        vectors = self.rng.normal(size=(n, D)).astype(np.float32)
        kind = self.rng.integers(KINDS, size=n).astype(np.int8)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), kind


def told(vectors: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """What tells these vectors apart, worked out at once."""
    kept = quantized(vectors)
    return floats(telling(kept, kind, in_common(kept, kind, KINDS)))


def nearest(stated: Stated, kind: int, wanted: np.ndarray, among: np.ndarray | None = None) -> set[int]:
    """The `K` nearest of a kind, by looking at each."""
    rows = np.flatnonzero((stated.kind == kind) & (True if among is None else among))
    score = stated.frozen.telling[rows] @ wanted
    return set(rows[np.argsort(-score)[:K]].tolist())


@pytest.mark.parametrize("few", [0, 4096], ids=["many", "few"])
def test_what_is_found_is_what_is_stated_now(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_vectors, "FEW", few)
    stated = Stated(200)
    for turn in range(40):
        stated.restate([turn, 3 * turn + 1])
        assert np.allclose(stated.frozen.plain[np.arange(len(stated.vectors))], stated.vectors, atol=NEARLY)
        wanted, among = stated._new(1)[0], stated.rng.random(len(stated.vectors)) < 0.5
        for kind in range(KINDS):
            for some in (None, among):
                rows, near = stated.frozen.nearest.search(kind, wanted, K, some)
                best = rows[0][rows[0] >= 0][np.argsort(-near[0][rows[0] >= 0])[:K]]
                assert len(set(best.tolist()) & nearest(stated, kind, wanted[0], some)) >= K - 1  # to about 0.01


def test_what_is_common_is_worked_out_anew_once_enough_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_vectors, "FEW", 0)
    stated, anew = Stated(200), []
    for turn in range(40):
        stated.restate([turn])
        everything = np.arange(len(stated.vectors))
        exact = told(stated.vectors, stated.kind)
        assert np.abs(stated.frozen.telling[everything] - exact).max() < 0.05
        anew.append(np.allclose(stated.frozen.telling[everything], exact, atol=1e-6))
    assert 3 <= sum(anew) <= 20


def test_what_is_common_is_worked_out_anew_once_enough_is_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_vectors, "FEW", 0)
    stated = Stated(200)
    left = slice(0, 100)
    frozen = stated.kept.freeze(stated.places[left])
    exact = told(stated.vectors[left], stated.kind[left])
    assert np.allclose(frozen.telling[np.arange(100)], exact, atol=1e-6)


def test_where_memory_is_short_everything_stays_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_vectors, "FEW", 0)
    stated = Stated(100)
    more, kind = stated._new(50)  # so many that all is worked out anew
    places = np.append(stated.places, stated.kept.add(more, kind))
    with monkeypatch.context() as short:
        short.setattr(statement_vectors, "in_common", lambda *_: (_ for _ in ()).throw(MemoryError()))
        with pytest.raises(MemoryError):
            stated.kept.freeze(places)
    frozen = stated.kept.freeze(places)
    assert np.allclose(frozen.plain[np.arange(150)], np.vstack([stated.vectors, more]), atol=NEARLY)


def test_tables_keep_what_they_saw(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_vectors, "FEW", 0)
    stated = Stated(100)
    before, vectors = stated.frozen, stated.vectors
    for turn in range(30):
        stated.restate([turn])
    assert np.allclose(before.plain[np.arange(100)], vectors, atol=NEARLY)
    rows, _ = before.nearest.search(0, vectors[:1], 100)
    assert set(rows[rows >= 0].tolist()) == set(np.flatnonzero(before.nearest.parts[0].kind == 0).tolist())
