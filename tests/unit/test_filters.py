"""A filter lets through whom its plain definition lets through, and reads columns only."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.community.builder import Builder
from models.community.snapshot import restore, state_of
from models.community.view import Community as View
from models.domain.records import Community, Member, Message, Scalar, all_attributes
from models.domain.requests import Filter
from models.ranking import eligibility

PEOPLE = [f"p{n}" for n in range(6)]
NAMES = ("team", "floor", "vegan", "no such")
VALUES: tuple[Scalar, ...] = ("blue", "Blue", "", "1", 1, 1.0, 0, False, True, 2.5, float("nan"), 2**60)
PLACES = ("", " ", "Berlin", " berlin ", "上海", "BERLIN", "ß", "SS")
TAGS = ("en", "en-GB", "zh", "ZH-Hans", "pt")

attributes = st.dictionaries(st.sampled_from(NAMES[:3]), st.sampled_from(VALUES), max_size=3)
extras = st.one_of(
    st.just(""),
    st.dictionaries(
        st.sampled_from(NAMES[:3]), st.one_of(st.sampled_from(VALUES), st.just([1]), st.just({"deep": 1}))
    ).map(json.dumps),
)
members = st.builds(
    Member,
    id=st.sampled_from(PEOPLE),
    profile=st.just("somebody"),
    attributes=attributes,
    extra=extras,
    place=st.sampled_from(PLACES),
    languages=st.lists(st.sampled_from(TAGS), max_size=2).map(tuple),
    consent=st.just("members"),
)
messages = st.builds(
    Message, id=st.sampled_from(["m1", "m2", "m3"]), author=st.sampled_from(PEOPLE), time=st.integers(1, 5)
)
filters = st.builds(
    Filter,
    languages=st.lists(st.sampled_from(TAGS), max_size=2).map(tuple),
    place=st.sampled_from(PLACES),
    attributes=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), max_size=2),
    members=st.frozensets(st.sampled_from([*PEOPLE, "nobody"]), max_size=3),
    active_since=st.one_of(st.none(), st.integers(0, 6)),
)


def fulfils(view: View, row: int, wanted: Filter) -> bool:
    """The definition: `Filter`, member by member."""
    member = view.members[row]
    if member is None:
        return False
    known = all_attributes(member)
    spoken = {tag.split("-")[0].lower() for tag in member.languages}
    return (
        (not wanted.members or member.id in wanted.members)
        and (not wanted.languages or bool(spoken & {tag.split("-")[0].lower() for tag in wanted.languages}))
        and (wanted.active_since is None or int(view.activity.newest[row]) >= wanted.active_since)
        and (not wanted.place or member.place.casefold().strip() == wanted.place.casefold().strip())
        and all(name in known and known[name] == value for name, value in wanted.attributes.items())
    )


def embedded(builder: Builder) -> Builder:
    builder.embed_pending(lambda texts: np.ones((len(texts), 4), np.float32) / 2)
    return builder


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(members, messages), min_size=1, max_size=12), st.sets(st.sampled_from(PEOPLE)), filters)
def test_every_form_of_filter_gives_the_members_of_its_definition(
    records: list[Member | Message], erased: set[str], wanted: Filter
) -> None:
    builder = Builder(Community(id="c"), 4, "none")
    for record in records:
        builder.put(record)
        embedded(builder).view()
    for id in erased:
        builder.delete("member", id)
    for one in (embedded(builder), restore(state_of(builder))):
        view = one.view()
        expected = [bool(view.rules.present[row]) and fulfils(view, row, wanted) for row in range(view.size)]
        assert eligibility.matching(view, wanted).tolist() == expected


@pytest.fixture
def blue() -> View:
    builder = Builder(Community(id="c"), 4, "none")
    for n in range(50):
        builder.put(Member(id=f"p{n}", profile="x", extra=json.dumps({"team": ("blue", "red")[n % 2]})))
    return embedded(builder).view()


def test_a_filter_by_attributes_reads_no_members_json(blue: View, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(text: str) -> None:
        raise AssertionError(f"{text} was read")

    monkeypatch.setattr(json, "loads", read)
    assert eligibility.matching(blue, Filter(attributes={"team": "blue"})).sum() == 25
