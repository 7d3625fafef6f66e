"""How much memory the arrays of a view take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass

import numpy as np
import scipy.sparse as sp

from models.community.kept import Kept

MANY = 4_096  # containers that hold more hold records or words, which are not arrays


def array_bytes(thing: object) -> int:
    """Bytes of all arrays that can be reached from something, each counted once, however many share it."""
    owners: dict[int, int] = {}
    seen: set[int] = set()
    waiting = [thing]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, np.ndarray):
            owner = _owner(one)
            owners[id(owner)] = owner.nbytes
        else:
            waiting += _parts(one)
    return sum(owners.values())


def _owner(array: np.ndarray) -> np.ndarray:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _parts(one: object) -> Iterable[object]:
    if isinstance(one, sp.csr_matrix):
        return one.data, one.indices, one.indptr
    if isinstance(one, Kept):
        return list(one.values())
    if isinstance(one, Mapping):
        return list(one.values()) if len(one) <= MANY else ()
    if isinstance(one, (list, tuple)):
        return one if len(one) <= MANY else ()
    if is_dataclass(one) and not type(one).__module__.startswith("models.domain"):
        cached = getattr(one, "__dict__", {})
        return [*cached.values(), *(getattr(one, field.name, None) for field in fields(one))]
    return ()
