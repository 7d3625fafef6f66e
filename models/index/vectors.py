"""Vector search behind one contract: exact while small, IVF when large, exact for selective filters.

FAISS does the scanning. What it finds is scored again in one fixed way, so that a vector has the same score whether it
was asked for alone or in a batch, through the exact or the approximate path, before or after a merge.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, TypeAlias

import faiss
import numpy as np

from models.arrays.dots import dots
from models.arrays.quantized import dimension_of, floats, quantized
from models.index.selector import selector

EXACT_BELOW = 50_000
MERGE_ROWS = 2_000
MERGE_SHARE = 0.05
# Approximate search behind a filter that few rows pass finds too little; below this share all that pass are scanned.
SELECTIVE = 0.05
# So many more than asked for are fetched, since scores are only final after they are computed again.
MARGIN = 32
# Two ways to add up one inner product of unit vectors differ by less than this.
ROUNDING = 1e-5
QUERY_BLOCK = 64
# A batch this large is faster as one matrix product than query by query.
SCAN_QUERIES = 8
# FAISS may find the cells of a large batch by another sum than those of one query.
IVF_QUERY_BLOCK = 16
ROW_BLOCK = 16_384
MOST_PROBES = 160
READ_BYTES = 1 << 20
SEED = 20_261

State: TypeAlias = dict[str, np.ndarray]


class Searchable(Protocol):
    """Vectors that can be searched, from any number of threads at once."""

    def __len__(self) -> int:
        """How many vectors there are."""

    def search(self, queries: np.ndarray, k: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The `k` largest inner products with each query: ids int64 (Q, k) and scores float32 (Q, k).

        Ordered by score, falling, then by id, rising; where fewer than `k` are found, ids are -1 and scores -inf.
        `allowed` is a bool array by id: only ids with True are found, ids beyond its end are not.
        `queries` is float (Q, dimension); another dimension raises ValueError.
        """


class VectorIndex(Searchable, Protocol):
    """A searchable set of vectors that one writer changes.

    Ids are integers >= 0 that the caller chooses. Vectors are float (n, dimension), finite, of unit length or zero.
    All methods belong to one writing thread at a time; other threads search a snapshot, and what that finds never
    changes, whatever is written afterwards. A write is done completely or, when it raises, not at all.
    """

    def add(self, ids: np.ndarray, vectors: np.ndarray) -> None:
        """Add vectors under new ids. ValueError when an id is there already or twice, or a shape or value is wrong."""

    def update(self, ids: np.ndarray, vectors: np.ndarray) -> None:
        """Set the vectors of these ids, whether they are there or not. ValueError as for `add`."""

    def remove(self, ids: np.ndarray) -> int:
        """Forget these ids; how many of them were there."""

    def snapshot(self) -> Searchable:
        """The index as it is now, for readers, sharing memory with it."""

    def state(self) -> State:
        """All of it as arrays, for `from_state` of the same class."""


@dataclass(frozen=True, eq=False)
class _Rows:
    """Vectors in a fixed order with their ids, some of them removed. Never changed once made."""

    ids: np.ndarray
    vectors: np.ndarray
    removed: np.ndarray
    index: Any = None  # a FAISS flat index over positions, an IVF index over ids, or none for a few rows

    def candidates(self, queries: np.ndarray, k: int, allowed: np.ndarray | None) -> list[np.ndarray]:
        """For each query positions among which its best `k` are (nearly always, where the index is approximate)."""
        if isinstance(self.index, faiss.IndexIVF):
            may = self._may(allowed)
            if self._worth_searching(int(np.count_nonzero(may)), k):
                return self._ivf(queries, k, may)
        live = self._live(allowed)
        count = len(self.ids) if live is None else int(np.count_nonzero(live))
        if count == 0:
            return [np.zeros(0, dtype=np.int64)] * len(queries)
        flat = isinstance(self.index, faiss.IndexFlat) and self._worth_searching(count, k)
        return self._flat(queries, k, live) if flat and len(queries) < SCAN_QUERIES else self._scan(queries, k, live)

    def _worth_searching(self, count: int, k: int) -> bool:
        """Whether so many may be found that it is of use not to look at each of them."""
        return count >= SELECTIVE * len(self.ids) and k <= 0.1 * count

    def scores(self, query: np.ndarray, positions: np.ndarray) -> np.ndarray:
        """Inner products, each row summed by itself so that it does not matter which others are asked for."""
        return dots(self.vectors, positions, query[None])[:, 0]

    def _live(self, allowed: np.ndarray | None) -> np.ndarray | None:
        """By position whether a row may be found; None when all may."""
        if allowed is None:
            return ~self.removed if self.removed.any() else None
        inside = self.ids < len(allowed)
        live = np.zeros(len(self.ids), dtype=bool)
        live[inside] = allowed[self.ids[inside]]
        live &= ~self.removed
        return live

    def _may(self, allowed: np.ndarray | None) -> np.ndarray:
        """By id whether a row may be found."""
        if allowed is None:
            return self._there
        may = self._there.copy()
        may[: len(allowed)] &= allowed[: len(may)]
        may[len(allowed) :] = False
        return may

    @cached_property
    def _there(self) -> np.ndarray:
        """By id whether there is a row that is not removed."""
        there = np.zeros(int(self.ids[-1]) + 1, dtype=bool)
        there[self.ids[~self.removed]] = True
        return there

    @cached_property
    def _selector(self) -> Any:
        return selector(self._there) if self.removed.any() else None

    def _scan(self, queries: np.ndarray, k: int, live: np.ndarray | None) -> list[np.ndarray]:
        positions = np.arange(len(self.ids)) if live is None else np.flatnonzero(live)
        scores = np.empty((len(queries), len(positions)), dtype=np.float32)
        for at in range(0, len(positions), ROW_BLOCK):
            block = slice(at, at + ROW_BLOCK)
            rows = floats(self.vectors[block if live is None else positions[block]])
            scores[:, at : at + ROW_BLOCK] = queries @ rows.T
        if k >= len(positions):
            return [positions] * len(queries)
        least = np.partition(scores, len(positions) - k, axis=1)[:, len(positions) - k]
        return [positions[row >= bound - ROUNDING] for row, bound in zip(scores, least, strict=True)]

    def _flat(self, queries: np.ndarray, k: int, live: np.ndarray | None) -> list[np.ndarray]:
        chosen = None if live is None else selector(live)
        fetch = min(k + MARGIN, len(self.ids))
        scores, positions = self._search(queries, fetch, faiss.SearchParameters, sel=chosen)
        found = [row[row >= 0] for row in positions]
        # Many equal vectors at the border ("yes" said a thousand times): the lowest ids must win, so look at them all.
        for at in np.flatnonzero((scores[:, k - 1] - scores[:, -1] < ROUNDING) & (positions[:, -1] >= 0)):
            found[at] = self._scan(queries[at : at + 1], k, live)[0]
        return found

    def _ivf(self, queries: np.ndarray, k: int, may: np.ndarray) -> list[np.ndarray]:
        chosen = self._selector if may is self._there else selector(may)
        found: list[np.ndarray] = []
        for at in range(0, len(queries), IVF_QUERY_BLOCK):
            block = queries[at : at + IVF_QUERY_BLOCK]
            probes = self.index.nprobe
            ids = self._search(block, k + MARGIN, faiss.SearchParametersIVF, sel=chosen, nprobe=probes)[1]
            found += [np.searchsorted(self.ids, row[row >= 0]) for row in ids]
        return found

    def _search(self, queries: np.ndarray, k: int, parameters: Any, **settings: Any) -> tuple[np.ndarray, np.ndarray]:
        # OpenMP keeps this setting by thread, and requests come in many: two threads slow a single query down.
        faiss.omp_set_num_threads(1)
        given = {name: value for name, value in settings.items() if value is not None}
        scores, found = self.index.search(queries, k, params=parameters(**given) if given else None)
        return scores, found


class FrozenIndex:
    """What a `LiveIndex` held at one moment: a large part made at the last merge, and the rows that came since."""

    def __init__(self, base: _Rows, delta: _Rows) -> None:
        self._parts = (base, delta)
        self._size = sum(len(part.ids) - int(np.count_nonzero(part.removed)) for part in self._parts)

    def __len__(self) -> int:
        return self._size

    def search(self, queries: np.ndarray, k: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """See `Searchable.search`."""
        queries = np.ascontiguousarray(queries, dtype=np.float32)
        dimension = dimension_of(self._parts[0].vectors)
        if queries.ndim != 2 or queries.shape[1] != dimension:
            raise ValueError(f"queries of shape {queries.shape} for {dimension} dimensions")
        ids = np.full((len(queries), k), -1, dtype=np.int64)
        scores = np.full((len(queries), k), -np.inf, dtype=np.float32)
        if k > 0:
            for at in range(0, len(queries), QUERY_BLOCK):
                block = slice(at, at + QUERY_BLOCK)
                self._search_block(queries[block], k, allowed, ids[block], scores[block])
        return ids, scores

    def _search_block(
        self, queries: np.ndarray, k: int, allowed: np.ndarray | None, ids: np.ndarray, scores: np.ndarray
    ) -> None:
        by_part = [part.candidates(queries, k, allowed) for part in self._parts]
        for at, query in enumerate(queries):
            found = [(part, positions[at]) for part, positions in zip(self._parts, by_part, strict=True)]
            found_ids = np.concatenate([part.ids[positions] for part, positions in found])
            found_scores = np.concatenate([part.scores(query, positions) for part, positions in found])
            best = np.lexsort((found_ids, -found_scores))[:k]
            ids[at, : len(best)], scores[at, : len(best)] = found_ids[best], found_scores[best]


class LiveIndex:
    """The `VectorIndex` that grows with a community.

    Most rows lie in a frozen base: one FAISS flat index, or from `exact_below` rows on an IVF index with 8 bits a
    number beside the vectors, which are quantized. Rows that came since lie in a small exact part, rows that went are
    marked; once these are more than `merge_rows` and `merge_share` of the base, a new base is made and readers keep the
    old.
    Memory a row: 4 bytes a dimension while exact, 2 above.
    """

    def __init__(
        self,
        dimension: int,
        *,
        exact_below: int = EXACT_BELOW,
        merge_rows: int = MERGE_ROWS,
        merge_share: float = MERGE_SHARE,
        most_probes: int = MOST_PROBES,
    ) -> None:
        self.dimension = dimension
        self._exact_below = exact_below
        self._merge_rows = merge_rows
        self._merge_share = merge_share
        self._most_probes = most_probes
        self._trained_on = 0
        self._snapshot: FrozenIndex | None = None
        self._set_base(_base(np.zeros(0, dtype=np.int64), np.zeros((0, dimension), dtype=np.float32)))

    def __len__(self) -> int:
        return len(self.snapshot())

    def __contains__(self, id: int) -> bool:
        return bool(self._there(np.array([id], dtype=np.int64))[0])

    def search(self, queries: np.ndarray, k: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """See `Searchable.search`."""
        return self.snapshot().search(queries, k, allowed)

    def add(self, ids: np.ndarray, vectors: np.ndarray) -> None:
        """See `VectorIndex.add`."""
        ids, vectors = self._checked(ids, vectors)
        taken = ids[self._there(ids)]
        if len(taken):
            raise ValueError(f"id {taken[0]} is already in the index")
        self._append(ids, vectors)

    def update(self, ids: np.ndarray, vectors: np.ndarray) -> None:
        """See `VectorIndex.update`."""
        ids, vectors = self._checked(ids, vectors)
        self.remove(ids)
        self._append(ids, vectors)

    def remove(self, ids: np.ndarray) -> int:
        """See `VectorIndex.remove`."""
        ids = np.unique(np.asarray(ids, dtype=np.int64))
        places = [place for place in (self._place.pop(number, None) for number in ids.tolist()) if place is not None]
        positions = self._base_positions(ids)
        positions = positions[positions >= 0]
        self._removed[places] = True
        self._base_removed[positions] = True
        removed = len(places) + len(positions)
        if removed:
            self._changed()
        return removed

    def snapshot(self) -> FrozenIndex:
        """See `VectorIndex.snapshot`; costs a byte a row, and nothing when nothing changed since the last."""
        if self._snapshot is None:
            base, used = self._base, self._used
            self._snapshot = FrozenIndex(
                _Rows(base.ids, base.vectors, self._base_removed.copy(), base.index),
                _Rows(self._ids[:used], self._vectors[:used], self._removed[:used].copy()),
            )
        return self._snapshot

    def state(self) -> State:
        """Ids, vectors and the trained index. Merges first, so it is compact."""
        if self._waiting():
            self._merge()
        ivf = self._base.index is not None and not isinstance(self._base.index, faiss.IndexFlat)
        return {
            "ids": self._base.ids,
            # A copy: the vectors of a flat index live in memory that FAISS frees with it.
            "vectors": np.array(self._base.vectors),
            "ivf": faiss.serialize_index(self._base.index) if ivf else np.zeros(0, dtype=np.uint8),
            "trained_on": np.array([self._trained_on], dtype=np.int64),
        }

    @classmethod
    def from_state(cls, state: State, **settings: Any) -> LiveIndex:
        """The index that gave this state, whose vectors may be quantized; `settings` are those of the constructor."""
        vectors = np.asarray(state["vectors"])
        index = cls(dimension_of(vectors), **settings)
        ids = np.asarray(state["ids"], dtype=np.int64)
        ivf: Any = _deserialized(np.asarray(state["ivf"], dtype=np.uint8)) if len(state["ivf"]) else None
        index._trained_on = int(state["trained_on"][0])
        if ivf is not None:
            ivf.nprobe = index._probes(ivf)
        index._set_base(_base(ids, (quantized if ivf else floats)(vectors), ivf))
        return index

    def _set_base(self, base: _Rows) -> None:
        self._base = base
        self._base_removed = np.zeros(len(base.ids), dtype=bool)
        self._place: dict[int, int] = {}
        self._used = 0
        self._ids = np.zeros(64, dtype=np.int64)
        # Kept as those in the base, so that the same vector has the same score in both.
        self._vectors = np.zeros((64, *base.vectors.shape[1:]), dtype=base.vectors.dtype)
        self._removed = np.zeros(64, dtype=bool)
        self._snapshot = None

    def _checked(self, ids: np.ndarray, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        ids = np.asarray(ids, dtype=np.int64).reshape(-1)
        vectors = np.asarray(vectors, dtype=np.float32)
        if vectors.shape != (len(ids), self.dimension):
            raise ValueError(f"vectors of shape {vectors.shape} for {len(ids)} ids and {self.dimension} dimensions")
        if not (np.abs(vectors) <= 1.001).all():
            raise ValueError("a vector is not finite or longer than 1")
        if len(ids) and (ids.min() < 0 or len(np.unique(ids)) < len(ids)):
            raise ValueError("ids must be at least 0 and each given once")
        return ids, vectors

    def _append(self, ids: np.ndarray, vectors: np.ndarray) -> None:
        if self._waiting() + len(ids) > max(self._merge_rows, self._merge_share * len(self._base.ids)):
            self._merge(ids, vectors)
            return
        end = self._used + len(ids)
        if end > len(self._ids):
            self._grow(end)
        # Snapshots see rows below the `used` of their time only, so writing behind it disturbs none of them.
        self._ids[self._used : end] = ids
        self._vectors[self._used : end] = quantized(vectors) if self._vectors.dtype.names else vectors
        self._place.update(zip(ids.tolist(), range(self._used, end), strict=True))
        self._used = end
        self._snapshot = None

    def _grow(self, least: int) -> None:
        size = max(least, 2 * len(self._ids))
        self._ids = np.concatenate([self._ids, np.zeros(size - len(self._ids), dtype=np.int64)])
        more = np.zeros((size - len(self._vectors), *self._vectors.shape[1:]), self._vectors.dtype)
        self._vectors = np.concatenate([self._vectors, more])
        self._removed = np.concatenate([self._removed, np.zeros(size - len(self._removed), dtype=bool)])

    def _there(self, ids: np.ndarray) -> np.ndarray:
        """Which of the ids are in the index, bool (ids,)."""
        recent = np.fromiter((number in self._place for number in ids.tolist()), dtype=bool, count=len(ids))
        return recent | (self._base_positions(ids) >= 0)

    def _base_positions(self, ids: np.ndarray) -> np.ndarray:
        """Where the ids stand in the base, -1 for those that do not, or no longer."""
        if len(self._base.ids) == 0:
            return np.full(len(ids), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._base.ids, ids), len(self._base.ids) - 1)
        there = (self._base.ids[at] == ids) & ~self._base_removed[at]
        return np.where(there, at, -1)

    def _changed(self) -> None:
        self._snapshot = None
        if self._waiting() > max(self._merge_rows, self._merge_share * len(self._base.ids)):
            self._merge()

    def _waiting(self) -> int:
        """Rows that came or went since the base was made."""
        return self._used + int(np.count_nonzero(self._base_removed))

    def _merge(self, more_ids: np.ndarray | None = None, more: np.ndarray | None = None) -> None:
        """Make a new base of everything, and of `more`; the old one stays as it is for those who read it."""
        kept, recent = ~self._base_removed, ~self._removed[: self._used]
        new_ids = np.concatenate([self._ids[: self._used][recent], *([] if more_ids is None else [more_ids])])
        ids = np.concatenate([self._base.ids[kept], new_ids])
        large = len(ids) >= self._exact_below
        pack = quantized if large else floats
        new = np.concatenate([pack(self._vectors[: self._used][recent]), *([] if more is None else [pack(more)])])
        vectors = np.concatenate([pack(self._base.vectors[kept]), new])
        order = np.argsort(ids)
        if not np.array_equal(order, np.arange(len(ids))):
            ids, vectors = ids[order], vectors[order]
        self._set_base(_base(ids, vectors, self._ivf(ids, vectors, new_ids, new) if large else None))

    def _ivf(self, ids: np.ndarray, vectors: np.ndarray, new_ids: np.ndarray, new: np.ndarray) -> Any:
        """The IVF index of the next base: the last one with its changes, or a new one once there is twice as much."""
        faiss.omp_set_num_threads(1)
        last = self._base.index
        if last is None or isinstance(last, faiss.IndexFlat) or len(ids) > 2 * self._trained_on:
            self._trained_on = len(ids)
            fresh = _trained(vectors)
            fresh.nprobe = self._probes(fresh)
            return _filled(fresh, ids, vectors)
        index: Any = faiss.clone_index(last)
        index.nprobe = last.nprobe
        gone = self._base.ids[self._base_removed]
        if len(gone):
            index.remove_ids(faiss.IDSelectorBatch(gone))
        return _filled(index, new_ids, new)

    def _probes(self, ivf: Any) -> int:
        """A quarter of the cells: sentence vectors form no clear clusters, and fewer find less than 95 % of the best
        200."""
        return max(8, min(int(ivf.nlist) // 4, self._most_probes))


def _base(ids: np.ndarray, vectors: np.ndarray, ivf: Any = None) -> _Rows:
    """Rows with an index: the given IVF one, or a flat one that then also holds the vectors."""
    removed = np.zeros(len(ids), dtype=bool)
    if ivf is not None or len(ids) == 0:
        return _Rows(ids, vectors, removed, ivf)
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(np.ascontiguousarray(floats(vectors)))
    view = faiss.rev_swig_ptr(flat.get_xb(), vectors.size).reshape(vectors.shape)
    return _Rows(ids, view, removed, flat)


def _trained(vectors: np.ndarray) -> Any:
    """An empty IVF index with cells that fit these vectors; the same vectors always give the same cells."""
    cells = min(len(vectors), int(2 * np.sqrt(len(vectors))))
    chosen = np.random.default_rng(SEED).permutation(len(vectors))[: 40 * cells]
    index: Any = faiss.index_factory(dimension_of(vectors), f"IVF{cells},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.cp.niter, index.cp.seed = 8, SEED
    # Fewer rows than FAISS likes are fine here; it would say so on the terminal.
    index.cp.min_points_per_centroid = 1
    index.cp.spherical = True
    index.train(floats(vectors[np.sort(chosen)]))
    return index


def _deserialized(state: np.ndarray) -> Any:
    """The index of `faiss.serialize_index`, whose own inverse copies all of it twice more. ValueError for what is
    none."""
    content, at = state.data, 0

    def read(size: int) -> bytes:
        nonlocal at
        found = bytes(content[at : at + size])
        at += len(found)
        return found

    try:
        return faiss.read_index(faiss.PyCallbackIOReader(read, READ_BYTES))  # type: ignore[attr-defined]
    except RuntimeError as problem:
        raise ValueError(f"no index that can be read: {problem}") from problem


def _filled(index: Any, ids: np.ndarray, vectors: np.ndarray) -> Any:
    for at in range(0, len(ids), ROW_BLOCK):
        block = slice(at, at + ROW_BLOCK)
        index.add_with_ids(np.ascontiguousarray(floats(vectors[block])), np.ascontiguousarray(ids[block]))
    return index
