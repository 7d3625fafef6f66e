"""All statements as one table, in which only those of members who changed are made anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import chain
from typing import Any

import numpy as np

from models.community.statement_vectors import StatementVectors
from models.community.view import FACET_KINDS, Facet, Facets
from models.meaning.statements import One, State, Statements, known_from, state_of
from models.meaning.statements import read as read_statements


class FacetTable:
    """Follows what members state. Not safe for concurrent use; the `Facets` that it gives never change.

    `dimension` d of vectors, `width` k + A + 1 of readings.
    """

    def __init__(self, dimension: int, width: int, *, exact: bool = False) -> None:
        """`exact`: see `Builder`."""
        self._dimension = dimension
        self._vectors = StatementVectors(dimension, len(FACET_KINDS), exact=exact)
        self._known: dict[str, One] = {}  # what a table of earlier read, for the first
        self._table = _Columns(
            items=(),
            member=np.zeros(0, np.int32),
            kind=np.zeros(0, np.int8),
            weight=np.zeros(0, np.float32),
            place=np.zeros(0, np.int32),
            readings=np.zeros((0, width), np.float32),
            statements=read_statements(()),
        )

    def state(self) -> State:
        """What was read of all texts, for `take`."""
        return state_of([facet.text for facet in self._table.items], self._table.statements)

    def take(self, state: State) -> None:
        """Read none of the texts of this state again in the first table."""
        self._known = known_from(state)

    def follow(
        self,
        changed: Sequence[int],
        items: Sequence[Facet],
        vectors: Sequence[np.ndarray],
        readings: Sequence[np.ndarray],
        empty: Sequence[bool],
    ) -> Facets:
        """The table with what the members in these rows, ascending, state by now: `items` in their order, each with its
        vector, its reading, and whether it says nothing."""
        n, kind = len(items), np.array([FACET_KINDS.index(facet.kind) for facet in items], np.int8)
        fresh = _Columns(
            items=tuple(items),
            member=np.array([facet.member for facet in items], np.int32),
            kind=kind,
            weight=np.array([facet.weight for facet in items], np.float32),
            place=self._vectors.add(
                np.concatenate([np.zeros(0, np.float32), *vectors]).reshape(n, self._dimension), kind
            ),
            readings=np.array(readings, np.float32).reshape(n, self._table.readings.shape[1]),
            statements=read_statements([facet.text for facet in items], empty, self._known),
        )
        table = _spliced(self._table, fresh, changed) if len(self._table.items) else fresh
        frozen = self._vectors.freeze(table.place)
        self._table, self._known = replace(table, place=frozen.places), {}
        return Facets(
            items=table.items,
            member=table.member,
            kind=table.kind,
            weight=table.weight,
            vectors=frozen.plain,
            telling=frozen.telling,
            nearest=frozen.nearest,
            readings=table.readings,
            statements=table.statements,
        )


@dataclass(frozen=True)
class _Columns:
    """As of `Facets`; `place`: where the vectors lie."""

    items: tuple[Facet, ...]
    member: np.ndarray
    kind: np.ndarray
    weight: np.ndarray
    place: np.ndarray
    readings: np.ndarray
    statements: Statements


def _spliced(old: _Columns, fresh: _Columns, changed: Sequence[int]) -> _Columns:
    """`old` with what stands in `fresh` in place of all that it says of the changed members."""
    rows = np.array(changed, np.int64)
    gone = zip(*(np.searchsorted(old.member, rows + end).tolist() for end in (0, 1)), strict=True)
    come = zip(*(np.searchsorted(fresh.member, rows + end).tolist() for end in (0, 1)), strict=True)
    pieces: list[tuple[int, int, int]] = []
    at = 0
    for (old_from, old_to), (fresh_from, fresh_to) in zip(gone, come, strict=True):
        pieces += [(0, at, old_from), (1, fresh_from, fresh_to)]
        at = old_to
    pieces.append((0, at, len(old.items)))

    def joined(before: Any, after: Any) -> Any:
        if is_dataclass(before) and not isinstance(before, type):
            names = [one.name for one in fields(before) if one.init]
            return replace(before, **{name: joined(getattr(before, name), getattr(after, name)) for name in names})
        parts = [(before, after)[which][low:high] for which, low, high in pieces]
        return tuple(chain.from_iterable(parts)) if isinstance(before, tuple) else np.concatenate(parts)

    spliced: _Columns = joined(old, fresh)
    return spliced
