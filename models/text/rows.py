"""A list that grows, frozen for readers without copying it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar, overload

T = TypeVar("T")


class Rows(Generic[T]):
    """A growing list of values in blocks of 1,024, copied only when written after a freeze."""

    SIZE = 1024

    def __init__(self, values: Iterable[T] = ()) -> None:
        known = list(values)
        self._blocks = [known[at : at + self.SIZE] for at in range(0, len(known), self.SIZE)]
        self._size = len(known)
        self._frozen: set[int] = set()

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[T]:
        return (value for block in self._blocks for value in block)

    def __getitem__(self, row: int) -> T:
        return self._blocks[row // self.SIZE][row % self.SIZE]

    def __setitem__(self, row: int, value: T) -> None:
        self._own(row // self.SIZE)[row % self.SIZE] = value

    def append(self, value: T) -> None:
        """Add one value."""
        if self._size == len(self._blocks) * self.SIZE:
            self._blocks.append([])
        self._own(len(self._blocks) - 1).append(value)
        self._size += 1

    def freeze(self) -> FrozenRows[T]:
        """An immutable state."""
        self._frozen = set(range(len(self._blocks)))
        return FrozenRows(tuple(self._blocks), self._size)

    def _own(self, block: int) -> list[T]:
        if block in self._frozen:
            self._blocks[block] = self._blocks[block].copy()
            self._frozen.discard(block)
        return self._blocks[block]


class FrozenRows(Sequence[T]):
    """The frozen state of `Rows`."""

    def __init__(self, blocks: tuple[list[T], ...], size: int) -> None:
        self._blocks, self._size = blocks, size

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, row: int) -> T: ...
    @overload
    def __getitem__(self, row: slice) -> list[T]: ...
    def __getitem__(self, row: int | slice) -> T | list[T]:
        if isinstance(row, slice):
            return [self[at] for at in range(*row.indices(self._size))]
        if not -self._size <= row < self._size:
            raise IndexError(row)
        row %= self._size
        return self._blocks[row // Rows.SIZE][row % Rows.SIZE]
