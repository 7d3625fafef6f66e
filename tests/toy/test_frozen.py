"""A view never changes, whatever its builder takes in afterwards."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

from models.arrays.quantized import dimension_of
from models.community.builder import Builder
from models.community.byte_vectors import FrozenByteVectors
from models.community.columns import FrozenBlocks
from models.community.view import Community, Lexical
from models.domain.records import Record
from models.index.vectors import FrozenIndex
from tests.toy.test_incremental import World, apply, line
from tests.toy.world import RECORDS, Encode, builder_of, embed

# What is worked out of a view, and what comes with Yiqi, is no part of its state.
BESIDE = ("kept", "kept_of_ids", "kept_of_names", "fitted", "judgement")


def state(thing: Any) -> Any:
    """All that a reader can get out of a view, copied to the last array; anything unknown is a failure."""
    if isinstance(thing, np.ndarray):
        return thing.dtype.str, thing.shape, thing.tolist() if thing.dtype == object else thing.tobytes()
    if sp.issparse(thing):
        return thing.shape, [state(part) for part in (thing.data, thing.indices, thing.indptr)]
    if isinstance(thing, Lexical):
        terms = thing.vocabulary.terms[: thing.counts.shape[1]]
        return list(terms), [state(getattr(thing, field.name)) for field in fields(thing)[1:] if field.name != "kept"]
    if is_dataclass(thing):
        return [(f.name, state(getattr(thing, f.name))) for f in fields(thing) if f.name not in BESIDE]
    if isinstance(thing, FrozenBlocks | FrozenByteVectors):
        return state(thing.take(np.arange(len(thing))))
    if isinstance(thing, FrozenIndex):
        queries = np.eye(4, dimension_of(thing._parts[1].vectors), dtype=np.float32)
        return len(thing), [state(part) for part in thing.search(queries, 50)]
    if isinstance(thing, Mapping):
        return [(key, state(value)) for key, value in thing.items()]
    if thing is None or isinstance(thing, str | int | float | np.generic):
        return thing
    if isinstance(thing, Sequence | frozenset):
        return [state(one) for one in thing]
    raise AssertionError(f"{type(thing)} in a view")


def parts(view: Community) -> dict[str, Any]:
    return {f.name: state(getattr(view, f.name)) for f in fields(view) if f.name not in BESIDE}


def test_messages_that_come_later_leave_a_view_as_it_was(encode: Encode) -> None:
    said = [line(f"x{n}", "mei", n, f"lines {n} in one breath") for n in range(3)]
    builder = builder_of((*RECORDS, said[0]), encode)
    view = builder.view()
    before = parts(view)
    take(builder, said[1:], encode)
    assert parts(view) == before
    assert view.documents.messages[-1] == ("x0",)
    assert not view.lexical.knows("breathless")
    take(builder, [line("x9", "mei", 5, "breathless")], encode)
    assert not view.lexical.knows("breathless")
    assert builder.view().lexical.knows("breathless")


@pytest.mark.parametrize("seed", range(4))
def test_no_change_of_any_kind_reaches_an_older_view(seed: int, encode: Encode) -> None:
    world = World(random.Random(seed))
    builder = builder_of(RECORDS, encode)
    for _ in range(4):
        view = builder.view()
        before = parts(view)
        for _ in range(25):
            for change in world.step():
                apply(builder, *change)
        embed(builder, encode)
        builder.view()
        after = parts(view)
        assert [name for name in before if before[name] != after[name]] == []


def take(builder: Builder, records: Sequence[Record], encode: Encode) -> None:
    builder.put_all(records)
    embed(builder, encode)
    builder.view()
