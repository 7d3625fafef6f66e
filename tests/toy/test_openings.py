"""Which open projects a member is told of, and who is likely to do something, in communities whose habits are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from models.community.sparse import no_row
from models.community.view import Community
from models.domain.records import Member, Project, Record
from models.domain.requests import Options
from models.features.matrix import member_query
from models.ranking import joining
from models.ranking.projects import open_projects, weights
from models.ranking.projects.likely import likely
from models.ranking.ranker import Ranker
from tests.toy.world import DAY, NOW, Encode, view_of

TOPICS = ("bees and honey", "soldering circuit boards", "spring tea roasting", "mountain bike trails")
PEOPLE = 24


def member(i: int) -> Member:
    return Member(id=f"m{i:02d}", name=f"M{i}", consent="members")


def project(number: int, people: Sequence[int], topic: str, days: float, state: str = "") -> Project:
    return Project(
        id=f"p{number:03d}", title=f"{topic} {number}", text=f"All about {topic}.", time=NOW - int(days * DAY),
        members=tuple(f"m{i:02d}" for i in people), state=state,  # type: ignore[arg-type]
    )  # fmt: skip


def by_company() -> list[Record]:
    """Pairs stay together whatever the topic is."""
    rng = np.random.default_rng(1)
    pairs = [(2 * (n % 12), 2 * (n % 12) + 1) for n in range(96)]
    done = [project(n, pair, TOPICS[rng.integers(4)], 200 - 2 * n) for n, pair in enumerate(pairs)]
    return [*map(member, range(PEOPLE)), *done]


def by_topic() -> list[Record]:
    """Everybody keeps to a topic, with somebody else each time."""
    rng = np.random.default_rng(2)
    done = []
    for n in range(96):
        topic = n % 4
        people = rng.permutation(np.arange(topic, PEOPLE, 4))[:2]
        done.append(project(n, people.tolist(), TOPICS[topic], 200 - 2 * n))
    return [*map(member, range(PEOPLE)), *done]


def by_turns() -> list[Record]:
    """Whoever is at work takes what is next, and is relieved after a while."""
    rng = np.random.default_rng(3)
    done = [
        project(n, [n // 12 * 2, n // 12 * 2 + 1, n // 12 * 2 + 2], TOPICS[rng.integers(4)], 200 - 2 * n)
        for n in range(96)
    ]
    return [*map(member, range(PEOPLE)), *done]


def open_ones() -> list[Record]:
    """One of each topic, led by another one each; m01's partner leads what is about tea."""
    return [project(200 + i, [lead], TOPICS[i], 1, "open") for i, lead in enumerate((5, 6, 0, 7))]


def column(name: str) -> int:
    return open_projects.COLUMNS.index(name)


def test_what_told_of_who_joined_in_the_past_of_a_community_counts_more_there(encode: Encode) -> None:
    company, topic = (weights.serving(view_of(records, encode), None).joining for records in (by_company(), by_topic()))
    for name in ("together%", "together^"):
        assert company[column(name)] > topic[column(name)]
    for name in ("words%", "words^"):
        assert topic[column(name)] > company[column(name)]


def test_a_community_with_few_projects_is_served_with_what_was_learnt_elsewhere(encode: Encode) -> None:
    few = view_of([*map(member, range(PEOPLE)), *by_company()[PEOPLE : PEOPLE + 20]], encode)
    assert np.array_equal(weights.serving(few, None).joining, weights.shipped().joining)
    assert np.array_equal(weights.serving(few, None).doing, weights.shipped().doing)


def test_the_project_of_a_usual_partner_comes_first_where_people_stay_together(ranker: Ranker, encode: Encode) -> None:
    view = view_of([*by_company(), *open_ones()], encode)
    found = joining.recommend_projects(view, ranker, "m01", Options(now=NOW, limit=10))
    assert found.matches[0].id == "p202"
    assert "worked_together" in {reason.kind for reason in found.matches[0].reasons}


def test_a_project_on_ones_topic_comes_first_where_people_keep_to_theirs(ranker: Ranker, encode: Encode) -> None:
    view = view_of([*by_topic(), *open_ones()], encode)
    for i in range(4):
        found = joining.recommend_projects(view, ranker, f"m{8 + i:02d}", Options(now=NOW, limit=10))
        assert found.matches[0].id == f"p{200 + i}"


def test_of_many_open_projects_none_is_left_out(ranker: Ranker, encode: Encode) -> None:
    many = [project(200 + n, [n % 20], TOPICS[n % 4], 1, "open") for n in range(150)]
    found = joining.recommend_projects(
        view_of([*by_topic(), *many], encode), ranker, "m23", Options(now=NOW, limit=1000)
    )
    assert len(found.matches) == 150
    assert all(match.id not in {f"p{200 + n}" for n in range(150) if n % 4 != 3} for match in found.matches[:20])


def odds(view: Community, encode: Encode, text: str) -> np.ndarray:
    words = no_row(view.projects.tfidf.shape[1])
    found = likely(view, weights.serving(view, None).doing, words, encode([text])[0])
    assert found is not None
    return found


def test_who_is_at_work_is_likely_to_do_what_comes_next_where_the_past_says_so(encode: Encode) -> None:
    view = view_of(by_turns(), encode)
    best = np.argsort(-odds(view, encode, TOPICS[0]), kind="stable")[:3]
    assert {view.ids[i] for i in best} <= {f"m{i:02d}" for i in range(12, 18)}


@pytest.mark.parametrize("topic", range(4))
def test_who_knows_the_topic_is_likely_to_do_it_where_people_keep_to_theirs(encode: Encode, topic: int) -> None:
    view = view_of(by_topic(), encode)
    best = np.argsort(-odds(view, encode, f"All about {TOPICS[topic]}."), kind="stable")[:4]
    assert all(int(view.ids[i][1:]) % 4 == topic for i in best)


def test_what_a_night_learnt_serves_in_the_place_of_what_the_view_tells(ranker: Ranker, encode: Encode) -> None:
    """Of a community that keeps to its topics: a night that says that only company tells has the word."""
    view = view_of([*by_topic(), *open_ones()], encode)
    company = replace(weights.shipped(), joining=np.where(open_projects.ABOUT_TEXT, 0, weights.shipped().joining))
    of_night = replace(ranker, projects=company)
    before, after = (joining.compare(view, by, member_query(view, view.row["m09"]), Options(now=NOW))
                     for by in (ranker, of_night))  # fmt: skip
    assert before.parts["text"].max() > 0
    assert after.parts["text"].max() == 0
