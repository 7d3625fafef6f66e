"""Whatever comes, is edited and goes, with views in between: the view is that of a build from scratch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeAlias

import numpy as np
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from models.community.builder import Builder
from models.community.view import Community as View
from models.domain.records import (
    KIND_OF,
    Block,
    Channel,
    Community,
    Member,
    Message,
    Need,
    Outcome,
    Project,
    Record,
    Tie,
)

HOUR = 3_600_000_000
MINUTE = HOUR // 60
START = 1_700_000_000_000_000
PEOPLE = ("ann", "bo", "cy", "dee")
ROOMS = ("hall", "yard", "cellar")
FIRST: tuple[Record, ...] = (
    *(Channel(id=room, visibility="private" if room == "cellar" else "community") for room in ROOMS),
    *(Member(id=id, name=id, consent="members") for id in PEOPLE),
)
READ = ("channel", "member", "project", "message", "tie", "outcome", "block")  # the order in which a store is read
# (None) a view, (record) put, (kind, id) deleted
Step: TypeAlias = Record | tuple[str, str] | None

person = st.sampled_from(PEOPLE)


def ids(prefix: str, count: int) -> st.SearchStrategy[str]:
    return st.integers(0, count - 1).map(lambda n: f"{prefix}{n}")


@st.composite
def lines(draw: st.DrawFn) -> Message:
    """Close to one another in time, so that sessions, turns and floods begin, end, join and part."""
    number = draw(st.integers(0, 11))
    return Message(
        id=f"m{number}",
        author=draw(person),
        # No two at once: of these, whatever came first counts as the earlier one.
        time=START + draw(st.integers(0, 60)) * 4 * MINUTE + number,
        text=draw(st.sampled_from(("kiln and glaze", "yes", "", "轮胎和自行车", "1", "2", "a kiln"))),
        channel=draw(st.sampled_from(ROOMS)),
        thread=draw(st.sampled_from(("", "", "", "one", "two"))),
        reply_to=draw(st.one_of(st.just(""), ids("m", 12))),
        mentions=tuple(draw(st.lists(person, max_size=2, unique=True))),
    )


records = st.one_of(
    lines(),
    lines(),
    lines(),
    st.builds(
        Member,
        id=person,
        profile=st.sampled_from(("", "potter", "自行车")),
        languages=st.sampled_from(((), ("en",))),
        place=st.sampled_from(("", "Faro")),
        time_zone=st.sampled_from(("", "Europe/Lisbon")),
        attributes=st.sampled_from(({}, {"team": "oak"})),
        consent=st.just("members"),
    ),
    st.builds(
        Project,
        id=ids("p", 3),
        time=st.one_of(st.none(), st.integers(0, 9).map(lambda n: START + n * HOUR)),
        title=st.sampled_from(("A kiln", "Tyres")),
        members=st.lists(person, max_size=3, unique=True).map(tuple),
        needs=st.sampled_from(((), (Need("bricks"),))),
    ),
    st.builds(
        Tie,
        id=ids("t", 2),
        source=st.sampled_from(PEOPLE[:2]),
        target=st.sampled_from(PEOPLE[2:]),
        # One may lie ahead of all that was said.
        time=st.sampled_from((None, START, START + 3 * HOUR, START + 900 * HOUR)),
    ),
    st.builds(
        Outcome,
        id=ids("o", 2),
        source=st.sampled_from(PEOPLE[:2]),
        target=st.sampled_from(PEOPLE[2:]),
        time=st.sampled_from((START, START + 5 * HOUR)),
        kind=st.sampled_from(("met", "dismissed", "accepted")),
    ),
    st.builds(Block, id=st.just("b0"), source=st.just("ann"), target=st.just("dee")),
)
gone = st.one_of(
    *(
        st.tuples(st.just(kind), ids(prefix, count))
        for kind, prefix, count in (("message", "m", 12), ("message", "m", 12), ("project", "p", 3), ("tie", "t", 2),
                                    ("outcome", "o", 2), ("block", "b", 1))
    )
)  # fmt: skip
erased = st.tuples(st.just("member"), person)
histories = st.lists(st.one_of(st.none(), records, records, gone), min_size=1, max_size=40)


def encoded(texts: Sequence[tuple[str, str]]) -> np.ndarray:
    vectors = [np.random.default_rng(sum(map(ord, text))).standard_normal(8) for _, text in texts]
    return np.array([vector / np.linalg.norm(vector) for vector in vectors], np.float32).reshape(-1, 8)


def of(steps: Sequence[Step]) -> tuple[Builder, dict[tuple[str, str], Record]]:
    """A builder that lived through the steps, and what a store would have left."""
    builder, left = Builder(Community(id="c"), 8, "none"), {(KIND_OF[type(r)], r.id): r for r in FIRST}
    builder.put_all(FIRST)
    for step in steps:
        if step is None:
            view_of(builder)
        elif isinstance(step, tuple):
            builder.delete(*step)
            left.pop(step, None)
        else:
            builder.put(step)
            left.pop((KIND_OF[type(step)], step.id), None)
            left[KIND_OF[type(step)], step.id] = step
    return builder, left


def view_of(builder: Builder) -> View:
    builder.embed_pending(encoded)
    return builder.view()


def values(view: View) -> dict[str, Any]:
    """All parts as plain arrays, threads by who is in them together, and words by what they are."""
    found: dict[str, Any] = {"clock": view.as_of, "members": view.members, "places": view.whereabouts.places}
    for part in (view.rules, view.activity, view.ties, view.whereabouts):
        for field in fields(part):
            found[f"{type(part).__name__}.{field.name}"] = getattr(part, field.name)
    found["Ties.threads"] = view.ties.threads @ view.ties.threads.T
    order = np.argsort(view.lexical.vocabulary.terms[: view.lexical.counts.shape[1]])
    used = order[view.lexical.df[order] > 0]
    for name in ("counts", "tfidf"):
        found[f"Lexical.{name}"] = getattr(view.lexical, name)[:, used]
    found |= {"Lexical.df": view.lexical.df[used], "Lexical.idf": view.lexical.idf[used]}
    found |= {"Projects.ids": view.projects.ids, "Projects.tfidf": view.projects.tfidf[:, used]}
    return found | {"team": view.attribute_codes.equal("team", "oak")}


def differences(one: View, other: View) -> list[str]:
    a, b = values(one), values(other)
    return [name for name in a if not _alike(a[name], b[name])]


def _alike(one: Any, other: Any) -> bool:
    if sp.issparse(one):
        return one.shape == other.shape and bool(abs((one - other).astype(float)).max() < 1e-5 if one.size else True)
    if isinstance(one, np.ndarray) and one.dtype.kind == "f":
        return one.shape == other.shape and np.allclose(one, other, atol=1e-5, equal_nan=True)
    return np.array_equal(one, other) if isinstance(one, np.ndarray) else bool(one == other)


@settings(max_examples=300, deadline=None)
@given(histories)
def test_any_order_of_adds_edits_and_deletes_gives_the_view_of_a_build_from_scratch(steps: list[Step]) -> None:
    builder, left = of(steps)
    fresh, _ = of([record for kind in READ for record in left.values() if KIND_OF[type(record)] == kind])
    assert differences(view_of(builder), view_of(fresh)) == []


@settings(max_examples=100, deadline=None)
@given(histories, erased, histories)
def test_after_an_erasure_what_ran_on_is_what_is_worked_out_anew(
    before: list[Step], who: Step, after: list[Step]
) -> None:
    builder, _ = of([*before, None, who, None, *after])
    view = view_of(builder)
    assert builder.stale
    builder._running = None
    builder._cache.clear()
    assert differences(view, builder.view()) == []
