"""Communities too large to rank everybody: candidates are those whom ranking everybody would put first."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from models.community import interest_index
from models.community.builder import Builder
from models.community.snapshot import restore, state_of
from models.community.view import INTERESTS
from models.domain.records import Member, Message, Record
from models.domain.requests import Filter
from models.features import matrix
from models.ranking import eligibility, retrieval
from models.ranking.ranker import Ranker
from tests.toy.ask import Asker, asked, ids
from tests.toy.world import DAY, HOUR, RECORDS, START, Encode, builder_of, embed

CRAFTS = ("weaving", "pottery", "bookbinding", "welding", "baking", "glass", "leather", "paper", "felt", "wood")
PEOPLE = 120


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interest_index, "SEARCHED_FROM", 20)
    monkeypatch.setattr(interest_index, "EXACT_BELOW", 100)
    for name, value in (("EVERYBODY", 20), ("SEATS", 12), ("DRAWN", 10)):
        monkeypatch.setattr(retrieval, name, value)


@pytest.fixture
def crowd(encode: Encode, small_limits: None) -> Builder:
    people = [Member(id=f"p{i:03}", consent="members") for i in range(PEOPLE)]
    said = [
        Message(
            id=f"x{i:03}.{n}",
            author=f"p{i:03}",
            time=START + i * HOUR + n * DAY,
            text=f"{CRAFTS[i % 10]} and {CRAFTS[(i * 7 + n) % 10]}, thing {i % 13}",
        )
        for i in range(PEOPLE)
        for n in range(2)
    ]
    return builder_of((*RECORDS, *people, *said), encode)


def nearest(builder: Builder, member: str) -> set[str]:
    """Whose interests come nearest to those of a member, by looking at everybody."""
    view = builder.view()
    row = view.row[member]
    whole = view.interests.take(np.arange(view.size))
    alike = (whole[:, 1:] @ whole[row, 1:].T).max((1, 2))
    alike[row] = -1
    return {view.ids[i] for i in np.argsort(-alike, kind="stable")[:5] if alike[i] > 0}


def candidates(builder: Builder, ranker: Ranker, encode: Encode, member: str) -> set[str]:
    return set(ids(Asker(builder.view(), ranker, encode).peers(member, limit=19, fillers=True, include_connected=True)))


def test_the_nearest_are_candidates(crowd: Builder, encode: Encode, ranker: Ranker) -> None:
    view = crowd.view()
    assert view.interest_index is not None
    assert view.size > retrieval.EVERYBODY
    for member in ("p000", "p031", "p077"):
        query = view.interests.take(np.array([view.row[member]]))[0, 1:]
        found, _ = view.interest_index.search(query[query.any(1)], 20)
        owners = {view.ids[i // INTERESTS] for i in found[found >= 0]} - {member}
        assert len(nearest(crowd, member) & owners) >= 4


def test_whom_only_walks_lead_to_is_a_candidate(encode: Encode, few_seats: None) -> None:
    chain = [Member(id=id, consent="members") for id in ("near", "next", "far")]
    talk = [
        Message(id=f"t{one}", author=one, time=START, text=f"thing {one}", mentions=(other,))
        for one, other in (("p000", "near"), ("near", "next"), ("next", "far"), ("far", "far"))
    ]
    assert "far" in chosen(builder_of((*alike(), *chain, *talk), encode), "p000", Filter())


def test_behind_a_filter_the_nearest_of_those_who_pass_are_candidates(encode: Encode, few_seats: None) -> None:
    same = [Member(id=f"q{i:02}", consent="members", aims=("restore the old lighthouse",)) for i in range(40)]
    other_words = Member(id="wen", consent="members", aims=("修复那座旧灯塔",))
    passing = Filter(members=frozenset({"wen", *(f"p{i:03}" for i in range(60))}))
    assert "wen" in chosen(builder_of((*alike(), *same, other_words), encode), "q00", passing)


def test_after_a_pause_those_who_did_most_before_it_are_candidates(encode: Encode, few_seats: None) -> None:
    busy = [
        Message(id=f"b{n:02}", author="p050", time=START + 5 * DAY + n * HOUR, text=f"weaving, thing {n}")
        for n in range(30)
    ]
    back = [
        Message(id=f"back{i:02}", author=f"p1{i:02}", time=START + 250 * DAY + i * HOUR, text="weaving, thing 1")
        for i in range(20)
    ]
    assert "p050" in chosen(builder_of((*alike(), *busy, *back), encode), "p000", Filter())


@pytest.fixture
def few_seats(monkeypatch: pytest.MonkeyPatch, small_limits: None) -> None:
    monkeypatch.setattr(retrieval, "SEATS", 3)
    monkeypatch.setattr(retrieval, "DRAWN", 0)


def alike() -> Iterator[Record]:
    """Many who all do much the same."""
    for i in range(PEOPLE):
        yield Member(id=f"p{i:03}", consent="members")
        yield Message(id=f"x{i:03}", author=f"p{i:03}", time=START + i * HOUR, text=f"weaving, thing {i % 13}")


def chosen(builder: Builder, member: str, wanted: Filter) -> set[str]:
    """Who is ranked for a member."""
    view = builder.view()
    query = matrix.member_query(view, view.row[member])
    mask = eligibility.allowed(view, query.own, asked(filter=wanted)).mask
    found = {view.ids[row] for row in retrieval.pool(view, query, mask, 5)}
    assert len(found) < mask.sum(), "not everybody is ranked"
    return found


def test_an_index_follows_what_is_said_and_who_is_gone(crowd: Builder, encode: Encode, ranker: Ranker) -> None:
    crowd.view()
    line = "glockenspiel repairs of the nineteenth century"
    crowd.put_all(
        Message(id=f"late{i}", author=f"p0{i}0", time=START + 30 * DAY + i * DAY, text=line) for i in range(3)
    )
    embed(crowd, encode)
    assert {"p010", "p020"} <= candidates(crowd, ranker, encode, "p000")
    crowd.delete("message", "late1")
    crowd.delete("member", "p020")
    embed(crowd, encode)
    view = crowd.view()
    assert view.interest_index is not None
    found, score = view.interest_index.search(encode([line]), 3)
    owners = [view.ids[i // INTERESTS] for i, s in zip(found[0], score[0], strict=True) if i >= 0 and s > 0.9]
    assert owners == ["p000"], "what was deleted is found no more"


def test_a_restored_community_has_the_same_lists(crowd: Builder, encode: Encode, ranker: Ranker) -> None:
    again = restore(state_of(crowd))
    ask, restored = (Asker(builder.view(), ranker, encode) for builder in (crowd, again))
    for member in ("p000", "p013", "mei"):
        before, after = (one.peers(member, limit=10, fillers=True) for one in (ask, restored))
        assert ids(before) == ids(after)
        assert np.allclose([m.score for m in before.matches], [m.score for m in after.matches], atol=1e-3)
