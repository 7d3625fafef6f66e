"""The right people and projects come first in the toy world, for every kind of question."""

from __future__ import annotations

import math

import pytest

from models.community.view import Community
from models.domain.records import Member, Message, Need
from models.domain.requests import Goal
from models.ranking import pipeline
from models.ranking.ranker import Ranker
from tests.toy.ask import Asker, asked, ids, score
from tests.toy.world import DAY, HOUR, NOW, RECORDS, Encode, changed, member, view_of

COMPLETING = [("mei", "ada"), ("ada", "mei"), ("liang", "sofia"), ("sofia", "liang"), ("kenji", "hua"), ("omar", "xin")]
# Asked in one language of somebody who writes the other, in words that say it differently.
ACROSS = [
    ("需要有人写一个网页", "ada"),
    ("想学拨弦的乐器", "sofia"),
    ("谁会木工，能搭一个种菜的木架", "noah"),
    ("发票和税款怎么算才对？", "kenji"),
    ("my knee hurts after jogging, who can treat it", "xin"),
    ("someone to film and cut our concert clip", "liang"),
    ("turn an English agreement into Mandarin", "hua"),
    ("portraits taken on the pavement", "liang"),
]


def log_odds(score: float) -> float:
    return math.log(score / (1 - score))


@pytest.fixture(scope="module")
def ask(toy: Community, ranker: Ranker, encode: Encode) -> Asker:
    return Asker(toy, ranker, encode)


def test_the_one_with_the_same_aims_is_the_first_peer_even_in_another_language(ask: Asker) -> None:
    assert ids(ask.peers("mei"))[0] == "noah"
    assert ids(ask.peers("noah"))[0] == "mei"


@pytest.mark.parametrize(("asker", "right"), COMPLETING)
def test_the_one_whose_offers_meet_the_seeks_is_the_first_collaborator(ask: Asker, asker: str, right: str) -> None:
    assert ids(ask.collaborators(asker))[0] == right


@pytest.mark.parametrize(
    ("asker", "right"), [("mei", "seedbus"), ("ada", "seedbus"), ("liang", "album"), ("xin", "clinic")]
)
def test_the_project_that_needs_what_one_offers_comes_first(ask: Asker, asker: str, right: str) -> None:
    assert ids(ask.projects(asker))[0] == right


def test_only_open_projects_that_one_is_not_in_are_recommended(ask: Asker) -> None:
    assert set(ids(ask.projects("mei"))) == {"seedbus", "album", "clinic"}
    assert set(ids(ask.projects("noah"))) == {"album", "clinic"}


@pytest.mark.parametrize(("text", "right"), ACROSS)
def test_a_question_finds_the_one_who_fits_across_languages(ask: Asker, text: str, right: str) -> None:
    assert ids(ask.search(text))[0] == right
    assert right in ids(ask.search(text, source="cold"))[:2]


def test_a_stated_goal_finds_the_one_who_can_bring_it(ask: Asker) -> None:
    goal = Goal(text="A novel that people in China can read, too", needs=(Need("a literary translator"),))
    assert ids(ask.collaborators(goal))[0] == "hua"


def test_a_brief_finds_who_meets_its_needs_and_leaves_out_its_own_people(ask: Asker) -> None:
    brief = Goal(
        title="Open clinic",
        text="An evening for injured runners.",
        members=("omar",),
        needs=(Need("a physiotherapist"),),
    )
    found = ids(ask.collaborators(brief))
    assert found[0] == "xin"
    assert "omar" not in found


def test_needs_count_even_where_a_goal_has_no_text(ask: Asker) -> None:
    assert ids(ask.collaborators(Goal(text="", needs=(Need("lessons on the guitar"),))))[0] == "sofia"


def test_peers_and_collaborators_are_different_answers(ask: Asker) -> None:
    """Who sings and who takes pictures may be alike and complete each other; to Mei, Noah and Ada are different."""
    first = {m: (ids(ask.peers(m))[0], ids(ask.collaborators(m))[0]) for m, _ in COMPLETING}
    assert first["mei"] == ("noah", "ada")
    assert any(peer != other for peer, other in first.values())


def test_swapping_offers_and_seeks_changes_collaborators_and_hardly_peers(
    ask: Asker, encode: Encode, ranker: Ranker
) -> None:
    """Two who completed each other want and give the same once one of them has swapped."""
    for who, right in COMPLETING:
        swapped = changed(RECORDS, Member, who, offers=member(who).seeks, seeks=member(who).offers)
        after = Asker(view_of(swapped, encode), ranker, encode)
        assert log_odds(score(after.collaborators(who), right)) < log_odds(score(ask.collaborators(who), right)) - 1
        assert len({*ids(after.peers(who))[:5]} & {*ids(ask.peers(who))[:5]}) >= 4
        assert ids(after.peers(who))[0] == ids(ask.peers(who))[0]


def test_giving_and_getting_are_scored_apart(ask: Asker, encode: Encode, ranker: Ranker) -> None:
    """Xin treats injuries and Omar writes plans; without his plans he is worth less to her."""
    alone = Asker(view_of(changed(RECORDS, Member, "omar", offers=()), encode), ranker, encode)
    both, one_way = ask.explain("omar", "xin").matches[0], alone.explain("omar", "xin").matches[0]
    assert one_way.score_for_you < both.score_for_you, (
        "what one can give counts on both sides, since matches are mutual"
    )
    assert one_way.score < both.score


def test_a_question_in_a_room_prefers_who_answers_there(encode: Encode, ranker: Ranker) -> None:
    threads = [
        Message(
            id=f"{part}{i}", author=author, time=NOW - (9 - i) * DAY + late, text=text, channel="garden", thread=f"g{i}"
        )
        for i in range(3)
        for part, author, late, text in (("q", "mei", 0, "这是怎么回事？"), ("a", "hua", HOUR, "大概是这样的。"))
    ]
    ask = Asker(view_of((*RECORDS, *threads), encode), ranker, encode)

    def answer_in(channel: str) -> list[str]:
        goal = Goal(text="What should I do?", channel=channel, source="cold")
        return ids(pipeline.search_members(ask.view, ask.ranker, goal, asked(), ask.encode))

    garden, plaza = answer_in("garden"), answer_in("plaza")
    assert garden[0] == "hua"
    assert garden.index("noah") < plaza.index("noah"), "he speaks in the garden only"
