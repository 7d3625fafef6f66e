"""What filters ask of members, as columns of codes: comparing members compares numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.community.columns import Column
from models.domain.records import Scalar

UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class AttributeColumn:
    """One attribute: a code for each value, and of each member who states it the code; later rows state nothing."""

    code_of: Mapping[Scalar, int]
    codes: np.ndarray  # int32, UNKNOWN where nothing is stated


@dataclass(frozen=True, slots=True)
class AttributeCodes:
    """All attributes of (N,) members by name (`models.domain.records.all_attributes`)."""

    size: int
    columns: Mapping[str, AttributeColumn]

    def equal(self, name: str, value: Scalar) -> np.ndarray:
        """(N,) bool: who states this value."""
        out = np.zeros(self.size, bool)
        column = self.columns.get(name)
        code = column.code_of.get(value) if column is not None else None
        if column is not None and code is not None and value == value:  # what is no number equals nothing
            out[: len(column.codes)] = column.codes == code
        return out


class AttributeTable:
    """Attributes by row, kept up to date; not safe for concurrent use, the `AttributeCodes` that it makes are."""

    def __init__(self) -> None:
        self._stated: dict[int, frozenset[str]] = {}  # names that a row states
        self._code_of: dict[str, dict[Scalar, int]] = {}
        self._codes: dict[str, Column] = {}
        self._frozen: dict[str, AttributeColumn] = {}  # of the names that did not change since

    def put(self, row: int, attributes: Mapping[str, Scalar]) -> None:
        """All that a member states, in place of what they stated."""
        for name in self._stated.pop(row, frozenset()) - attributes.keys():
            self._codes[name].values[row] = UNKNOWN
            self._frozen.pop(name, None)
        for name, value in attributes.items():
            code_of = self._code_of.setdefault(name, {})
            codes = self._codes.setdefault(name, Column(np.int32))
            while len(codes) <= row:
                codes.append(UNKNOWN)
            codes.values[row] = code_of.setdefault(value, len(code_of))
            self._frozen.pop(name, None)
        if attributes:
            self._stated[row] = frozenset(attributes)

    def freeze(self, n: int) -> AttributeCodes:
        """The attributes of `n` members as they stand."""
        for name in self._codes.keys() - self._frozen.keys():
            self._frozen[name] = AttributeColumn(dict(self._code_of[name]), self._codes[name].values.copy())
        return AttributeCodes(n, dict(self._frozen))
