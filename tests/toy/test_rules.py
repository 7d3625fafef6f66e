"""Who is never shown to whom, whatever is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from models.community.view import Community
from models.domain.records import Block, Member, Outcome, Record
from models.domain.requests import Filter, Recommendations
from models.ranking.ranker import Ranker
from tests.toy.ask import FOR_A_MEMBER, Asker, ids
from tests.toy.world import DAY, NOW, RECORDS, START, Encode, changed, view_of, without

ASKS = pytest.mark.parametrize("ask_for", FOR_A_MEMBER.values(), ids=FOR_A_MEMBER)
AskFor = Callable[..., Recommendations]


@pytest.fixture(scope="module")
def ask(toy: Community, ranker: Ranker, encode: Encode) -> Asker:
    return Asker(toy, ranker, encode)


@pytest.fixture(scope="module")
def where(ranker: Ranker, encode: Encode) -> Callable[..., Asker]:
    """The toy world with other records in it."""
    return lambda *records: Asker(view_of(records, encode), ranker, encode)


@ASKS
def test_a_blocked_member_never_appears_either_way(ask: Asker, ask_for: AskFor) -> None:
    for options in ({}, {"include_connected": True}, {"audience": "organizers"}):
        assert "kenji" not in ids(ask_for(ask, "noah", **options))
        assert "noah" not in ids(ask_for(ask, "kenji", **options))
        assert "kenji" in ids(ask_for(ask, "mei", **options))


@ASKS
def test_a_dismissed_member_never_comes_back_on_either_side(ask: Asker, ask_for: AskFor) -> None:
    assert "sofia" not in ids(ask_for(ask, "omar", include_connected=True))
    assert "omar" not in ids(ask_for(ask, "sofia", include_connected=True))


@ASKS
def test_who_changes_their_mind_about_somebody_sees_them_again(where: Callable[..., Asker], ask_for: AskFor) -> None:
    changed_mind = Outcome(id="o2", source="omar", target="sofia", time=START + 12 * DAY, kind="accepted")
    assert "sofia" in ids(ask_for(where(*RECORDS, changed_mind), "omar", include_connected=True))
    only_shown = Outcome(id="o2", source="omar", target="sofia", time=START + 12 * DAY, kind="shown")
    assert "sofia" not in ids(ask_for(where(*RECORDS, only_shown), "omar", include_connected=True))
    by_the_other = Outcome(id="o2", source="sofia", target="omar", time=START + 12 * DAY, kind="accepted")
    assert "sofia" not in ids(ask_for(where(*RECORDS, by_the_other), "omar", include_connected=True))


@ASKS
def test_who_pauses_is_not_shown_until_the_pause_is_over(ask: Asker, ask_for: AskFor) -> None:
    assert "pia" not in ids(ask_for(ask, "mei", audience="organizers"))
    assert "pia" in ids(ask_for(ask, "mei", now=NOW + 31 * DAY))


@pytest.mark.parametrize(
    ("consent", "audience", "shown"),
    [
        ("nobody", "members", False),
        ("nobody", "organizers", False),
        ("organizers", "members", False),
        ("organizers", "organizers", True),
        ("members", "members", True),
        ("members", "organizers", True),
    ],
)
@ASKS
def test_consent_decides_who_may_be_shown_to_which_audience(
    where: Callable[..., Asker], ask_for: AskFor, consent: str, audience: str, shown: bool
) -> None:
    ask = where(*changed(RECORDS, Member, "xin", consent=consent))
    assert ("xin" in ids(ask_for(ask, "omar", audience=audience))) is shown
    assert bool(ask.explain("omar", "xin", audience=audience).matches) is shown
    assert ask.explain("omar", "xin", audience=audience).hidden_by_consent == 0


@ASKS
def test_people_who_agreed_to_nothing_are_counted_for_organizers_about_and_under_no_filter(
    ask: Asker, ask_for: AskFor
) -> None:
    assert ask_for(ask, "mei").hidden_by_consent == 0
    assert ask_for(ask, "mei", audience="organizers").hidden_by_consent == 5  # Tao alone, told as up to 5
    assert ask_for(ask, "mei", audience="organizers", exclude=frozenset({"tao"})).hidden_by_consent == 5
    assert ask_for(ask, "mei", audience="organizers", filter=Filter(languages=("zh",))).hidden_by_consent == 0


def test_free_text_finds_nobody_who_did_not_agree(ask: Asker) -> None:
    assert not {"ruth", "tao", "pia"} & set(ids(ask.search("kiln, pottery, glaze, bees 陶艺")))
    assert "ruth" in ids(ask.search("kiln, pottery, glaze", audience="organizers"))[:2]


@ASKS
def test_nobody_is_recommended_to_themselves_and_nobody_without_anything(ask: Asker, ask_for: AskFor) -> None:
    assert "mei" not in ids(ask_for(ask, "mei"))
    assert "cold" not in ids(ask_for(ask, "mei"))
    assert "fresh" in ids(ask_for(ask, "mei"))


def test_people_who_have_dealt_with_each_other_are_left_out_unless_asked_for(ask: Asker) -> None:
    for kind in (ask.peers, ask.collaborators):
        assert not {"hua", "omar"} & set(ids(kind("ada")))
        assert {"hua", "omar"} <= set(ids(kind("ada", include_connected=True)))
        assert "kenji" not in ids(kind("sofia")), "they only met in a private room, but they met"


@ASKS
def test_the_excluded_are_left_out(ask: Asker, ask_for: AskFor) -> None:
    assert not {"ada", "noah"} & set(ids(ask_for(ask, "mei", exclude=frozenset({"ada", "noah", "no such"}))))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(languages=("zh",)), {"ada", "liang", "hua", "xin"}),
        (Filter(languages=("zh-CN",)), {"ada", "liang", "hua", "xin"}),
        (Filter(languages=("fr",)), set()),
        (Filter(place="berlin "), {"ada"}),
        (Filter(place="nowhere"), set()),
        (Filter(attributes={"team": "blue"}), {"ada", "sofia"}),
        (Filter(attributes={"team": "blue", "years": 7}), {"ada"}),
        (Filter(attributes={"no such": 1}), set()),
        (Filter(active_since=START + 7 * DAY), {"ada", "fresh"}),
        (Filter(members=frozenset({"ada", "sofia", "no such"})), {"ada", "sofia"}),
        (Filter(members=frozenset({"no such"})), set()),
        (Filter(languages=("zh",), attributes={"team": "blue"}), {"ada"}),
    ],
)
@ASKS
def test_a_filter_keeps_only_those_of_whom_all_of_it_holds(
    ask: Asker, ask_for: AskFor, wanted: Filter, expected: set[str]
) -> None:
    assert set(ids(ask_for(ask, "mei", filter=wanted))) == expected


@ASKS
def test_only_organizers_find_who_was_active_in_closed_rooms(ask: Asker, ask_for: AskFor) -> None:
    lately = Filter(active_since=START + 7 * DAY)
    assert {"sofia", "kenji", "omar"} <= set(ids(ask_for(ask, "mei", filter=lately, audience="organizers")))


@ASKS
def test_nothing_below_the_least_score_is_shown(ask: Asker, ask_for: AskFor) -> None:
    everybody = ask_for(ask, "mei").matches
    bound = everybody[2].score
    assert [m.id for m in ask_for(ask, "mei", min_score=bound).matches] == [m.id for m in everybody[:3]]


@ASKS
def test_what_is_true_of_people_is_true_after_they_change(where: Callable[..., Asker], ask_for: AskFor) -> None:
    released: tuple[Record, ...] = without(RECORDS, Block, "b1")
    assert "kenji" in ids(ask_for(where(*released), "noah"))


def test_projects_hide_those_with_somebody_who_is_blocked_or_dismissed(ask: Asker, where: Callable[..., Asker]) -> None:
    assert "album" not in ids(ask.projects("omar"))
    assert "clinic" not in ids(ask.projects("sofia"))
    assert "seedbus" not in ids(ask.projects("kenji"))
    assert "seedbus" in ids(where(*without(RECORDS, Block, "b1")).projects("kenji"))


def test_excluded_projects_are_left_out(ask: Asker) -> None:
    assert "seedbus" not in ids(ask.projects("mei", exclude=frozenset({"seedbus"})))


def test_explaining_a_pair_agrees_with_the_list_and_with_the_rules(ask: Asker) -> None:
    for match in ask.collaborators("mei", limit=50).matches:
        (explained,) = ask.explain("mei", match.id).matches
        assert explained.id == match.id
        assert explained.score == pytest.approx(match.score, abs=1e-6)
    assert not ask.explain("noah", "kenji").matches
    assert not ask.explain("omar", "sofia").matches
    assert not ask.explain("mei", "tao", audience="organizers").matches
    assert not ask.explain("mei", "pia").matches
    assert not ask.explain("mei", "mei").matches


def test_explaining_does_not_depend_on_limit_filter_exclusion_or_acquaintance(ask: Asker) -> None:
    narrow = {"limit": 1, "min_score": 0.99, "filter": Filter(place="Mars"), "exclude": frozenset({"fresh"})}
    assert ids(ask.explain("mei", "fresh", **narrow)) == ["fresh"]
    assert ids(ask.explain("ada", "hua")) == ["hua"]


def test_unknown_members_raise_key_error(ask: Asker) -> None:
    for call in (
        ask.peers,
        ask.collaborators,
        ask.projects,
        lambda m: ask.explain(m, "mei"),
        lambda m: ask.explain("mei", m),
    ):
        with pytest.raises(KeyError):
            call("no such")


def test_a_stranger_as_asker_or_brief_member_counts_as_absent(ask: Asker) -> None:
    assert ids(ask.search("compost", source="no such"))
    assert replace(ask.brief("no such"), model_version="") == replace(ask.brief("nor this"), model_version="")
