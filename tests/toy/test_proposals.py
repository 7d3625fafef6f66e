"""What is proposed in a small club whose shared themes are known, to whom, and in which words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from models.community.view import Community
from models.domain.records import Block, Channel, Member, Message, Need, Record
from models.domain.requests import Language
from models.proposals.propose import propose
from models.proposals.requests import Earlier, Proposed, Wish
from models.ranking.ranker import Ranker
from models.text.term_cache import memo_of
from service.texts import say
from service.texts.subjects import subject_of
from tests.toy.world import DAY, NOW, Encode, builder_of, view_of

BEES = (
    "The beehive swarmed again, we need a second hive on the roof before the honey harvest.",
    "Honey harvest next week: who lends a spinner for the beehive frames?",
    "Varroa mites in the beehive, I treat the hive with oxalic acid after the honey harvest.",
    "My beehive got through the winter, the honey harvest should be good.",
    "Smoke calms the beehive; without it the honey harvest hurts.",
)
SOLDER = (
    "The soldering iron is too cold for this circuit board, lead free solder needs more heat.",
    "I etched a circuit board for the synthesizer, soldering iron at 350 degrees.",
    "Flux first, then the soldering iron, or the circuit board corrodes.",
    "New circuit board layout for the synthesizer is done, soldering iron ready.",
    "Broken trace on the circuit board, a soldering iron and a bit of wire fixed it.",
)
TEA = (
    "今年的春茶采得晚，炒茶师傅说火候要再小一点。",
    "炒茶要用铁锅，春茶的香气全在火候。",
    "春茶刚到，周六一起试炒茶吗？火候我来看。",
    "学炒茶三年了，春茶最难，火候一过就苦。",
)
WEATHER = "Rain again, the market was empty all day."
LATER = {"bee": " So it was last year.", "sol": " It was like that before.", "tea": "去年也是这样。"}
PEOPLE = {"bee": BEES, "sol": SOLDER, "tea": TEA}
SECRET = "The beehive thief was caught on the secret camera with the honey harvest."


def person(id: str, **stated: object) -> Member:
    return Member(**({"id": id, "name": id.title(), "consent": "members"} | stated))  # type: ignore[arg-type]


MEMBERS = (
    person("bee0", seeks=(Need("somebody who shows me the honey harvest at a beehive", "resources"),)),
    person("bee1", offers=(Need("the honey harvest shown at my beehive", "resources"),), availability=("sunday",)),
    person("bee2", availability=("sunday", "monday")),
    *(person(f"bee{i}") for i in (3, 4)),
    *(person(f"sol{i}") for i in range(5)),
    *(person(f"tea{i}") for i in range(4)),
    person("wet"),
)
SAID = (
    *(
        Message(id=f"{name}{i}-{n}", author=f"{name}{i}", time=NOW - (1 + i + 2 * n) * DAY, channel="plaza",
                thread=f"{name}{i}-{n}", text=texts[(i + n) % len(texts)] + LATER[name] * n)
        for name, texts in PEOPLE.items() for i in range(len(texts)) for n in range(2)
    ),
    Message(id="w", author="wet", time=NOW - DAY, channel="plaza", text=WEATHER),
)  # fmt: skip
RECORDS: tuple[Record, ...] = (Channel(id="plaza", name="Plaza"), *MEMBERS, *SAID)


class Club:
    """A view, asked as the service asks."""

    def __init__(self, records: Sequence[Record], ranker: Ranker, encode: Encode) -> None:
        self.view: Community = view_of(records, encode)
        self.said = {record.id: record for record in records if isinstance(record, Message)}
        self.ranker, self.encode = ranker, encode

    def messages(self, ids: Sequence[str]) -> Mapping[str, Message]:
        return {id: self.said[id] for id in ids if id in self.said}

    def ask(self, **wish: object) -> Proposed:
        asked = Wish(**({"now": NOW, "limit": 3} | wish))  # type: ignore[arg-type]
        found = propose(self.view, self.ranker, asked, lambda texts: self.encode(texts), self.messages)
        return replace(found, proposals=tuple(in_words(one, asked.language) for one in found.proposals))


def in_words(one: Any, language: Language) -> Any:
    """A proposal with words in place of what is said."""
    parts = (replace(part, brings=replace(part.brings, said=say(part.brings.said, language))) for part in one.parts)
    words = {name: say(getattr(one, name), language) for name in ("title", "text", "first_step")}
    return replace(one, **words, parts=tuple(parts))


@pytest.fixture(scope="module")
def club(ranker: Ranker, encode: Encode) -> Club:
    return Club(RECORDS, ranker, encode)


def teams(found: Proposed) -> list[set[str]]:
    return [{member[:3] for member in one.members} for one in found.proposals]


def test_each_theme_that_people_share_is_proposed_once_to_those_who_share_it(club: Club) -> None:
    found = club.ask()
    assert sorted(teams(found), key=sorted) == [{"bee"}, {"sol"}, {"tea"}]


def test_a_theme_is_named_with_the_words_that_its_people_use_in_their_script(club: Club) -> None:
    by_team = {one.members[0][:3]: one.words for one in club.ask().proposals}
    assert "honey harvest" in by_team["bee"]
    assert {"soldering iron", "circuit board"} <= set(by_team["sol"])
    assert {"春茶", "炒茶"} & set(by_team["tea"])
    assert not any("rain" in word.lower() for words in by_team.values() for word in words)


AIM = "a honey spinner that the whole street can borrow"
WANTED = (
    person("own", aims=(AIM,), seeks=(Need("somebody who welds a steel frame for the honey spinner", "resources"),)),
    person("too", aims=("a honey spinner the whole street can borrow",)),
    person("weld", offers=(Need("welds a steel frame for a honey spinner", "resources"),)),
    person("far", aims=("a choir that sings in stairwells",)),
)


def test_an_aim_that_others_go_along_with_is_proposed_in_its_own_words(ranker: Ranker, encode: Encode) -> None:
    found = Club([*RECORDS, *WANTED], ranker, encode).ask(limit=5)
    titles = [one.title for one in found.proposals]
    assert sum(AIM[1:] in title or "the whole street can borrow" in title for title in titles) == 1
    one = next(one for one in found.proposals if "the whole street" in one.title)
    assert {"own", "too"} <= set(one.members)
    assert not any("choir" in title for title in titles), "nobody goes along with it"


def test_who_can_help_with_an_aim_is_asked_for_what_they_offer(ranker: Ranker, encode: Encode) -> None:
    one = Club([*RECORDS, *WANTED], ranker, encode).ask(member="own").proposals[0]
    assert one.title == AIM[:1].upper() + AIM[1:]
    assert one.members[0] == "own"
    parts = {part.member: part for part in one.parts}
    assert "welds a steel frame" in parts["weld"].brings.said
    assert parts["own"].gets.whose == "weld"
    assert [need.text for need in one.covered] == ["somebody who welds a steel frame for the honey spinner"]


def test_who_talks_of_what_others_share_is_proposed_it_when_they_ask_themselves(ranker: Ranker, encode: Encode) -> None:
    late = person("late")
    said = [
        Message(id=f"late-{n}", author="late", time=NOW - n * DAY, channel="plaza", text=f"I saw it, too. {BEES[n]}")
        for n in (0, 3)
    ]
    found = Club([*RECORDS, late, *said], ranker, encode).ask(member="late")
    assert [one for one in found.proposals if {"late"} < set(one.members) and "honey harvest" in one.title.lower()]


def test_an_aim_of_whom_only_organizers_may_see_is_not_told_to_members(ranker: Ranker, encode: Encode) -> None:
    hidden = [replace(one, consent="organizers") if one.id in ("own", "too") else one for one in WANTED]
    club = Club([*RECORDS, *hidden], ranker, encode)
    assert not any("the whole street" in one.title + one.text for one in club.ask(limit=8).proposals)
    assert any("the whole street" in one.title for one in club.ask(limit=8, audience="organizers").proposals)


def test_an_aim_that_was_sent_before_is_not_proposed_again(ranker: Ranker, encode: Encode) -> None:
    earlier = (Earlier(title=AIM, members=("own", "too")),)
    found = Club([*RECORDS, *WANTED], ranker, encode).ask(member="own", earlier=earlier)
    assert not any("the whole street" in one.title for one in found.proposals)


def test_titles_texts_and_first_steps_speak_the_language_that_was_asked_for(club: Club) -> None:
    for one in club.ask(language="zh").proposals:
        assert one.first_step.startswith("这周请")
        assert "。" in one.text
    for one in club.ask(language="en").proposals:
        assert one.first_step.startswith("This week ")


def test_who_offers_what_another_of_the_team_seeks_is_said_to_give_it(club: Club) -> None:
    bees = next(one for one in club.ask(member="bee0").proposals if one.covered)
    parts = {part.member: part for part in bees.parts}
    assert {"bee0", "bee1"} <= set(parts)
    assert parts["bee0"].gets.whose == "bee1"
    assert parts["bee0"].gets.kind == "resources"
    assert parts["bee1"].brings.kind == "resources"
    assert [need.text for need in bees.covered] == ["somebody who shows me the honey harvest at a beehive"]


def test_a_need_that_nobody_meets_stays_open(ranker: Ranker, encode: Encode) -> None:
    members = [replace(m, offers=()) if isinstance(m, Member) else m for m in RECORDS]
    bees = next(one for one in Club(members, ranker, encode).ask(member="bee0").proposals if one.needs)
    assert [need.kind for need in bees.needs] == ["resources"]
    assert not bees.covered


def test_for_a_member_every_team_has_that_member(club: Club) -> None:
    found = club.ask(member="sol3")
    assert found.proposals
    assert all("sol3" in one.members for one in found.proposals)


def test_those_kept_apart_are_never_in_one_team(ranker: Ranker, encode: Encode) -> None:
    blocks = [Block(id=f"{a}{b}", source=a, target=b) for a, b in (("bee0", "bee1"), ("sol2", "sol0"))]
    found = Club([*RECORDS, *blocks], ranker, encode).ask(limit=6)
    for one in found.proposals:
        assert not {"bee0", "bee1"} <= set(one.members)
        assert not {"sol0", "sol2"} <= set(one.members)
    assert len(found.proposals) >= 3


@pytest.mark.parametrize("stated", [{"consent": "organizers"}, {"paused_until": NOW + DAY}])
def test_who_does_not_agree_or_pauses_is_in_no_team(ranker: Ranker, encode: Encode, stated: dict[str, object]) -> None:
    changed = [replace(r, **stated) if isinstance(r, Member) and r.id == "bee1" else r for r in RECORDS]  # type: ignore[arg-type]
    club = Club(changed, ranker, encode)
    assert not any("bee1" in one.members for one in club.ask(limit=6).proposals)
    assert club.ask(member="bee1").proposals == ()


def test_what_is_kept_from_members_is_quoted_to_organizers_alone(ranker: Ranker, encode: Encode) -> None:
    changed = [replace(r, consent="organizers") if isinstance(r, Member) else r for r in RECORDS]
    club = Club(changed, ranker, encode)
    assert club.ask().proposals == ()
    assert club.ask().hidden_by_consent == 0
    assert len(club.ask(audience="organizers").proposals) == 3


def test_words_of_a_private_room_never_name_a_theme(ranker: Ranker, encode: Encode) -> None:
    room = Channel(id="cellar", name="Cellar", visibility="private", members=("bee0", "bee1"))
    said = [Message(id=f"s{i}", author=f"bee{i}", time=NOW - DAY, channel="cellar", text=SECRET) for i in range(2)]
    found = Club([*RECORDS, room, *said], ranker, encode).ask()
    told = " ".join([*(word for one in found.proposals for word in one.words), *(one.text for one in found.proposals)])
    assert "thief" not in told
    assert "camera" not in told
    assert "secret" not in told


def test_people_who_are_never_free_at_the_same_time_are_not_in_one_team(ranker: Ranker, encode: Encode) -> None:
    free = {"sol0": ("mornings",), "sol1": ("nights",)}
    changed = [replace(r, availability=free[r.id]) if isinstance(r, Member) and r.id in free else r for r in RECORDS]
    for one in Club(changed, ranker, encode).ask(limit=6).proposals:
        assert not {"sol0", "sol1"} <= set(one.members)


def test_what_was_put_aside_or_sent_does_not_come_again(club: Club) -> None:
    first = club.ask(limit=6).proposals
    bees = next(one for one in first if one.members[0].startswith("bee"))
    for by in ((), ("",)):
        past = (Earlier(title=" ".join(bees.words), members=bees.members, dismissed_by=by),)
        assert not any(one.words[:2] == bees.words[:2] for one in club.ask(limit=6, earlier=past).proposals)
    mine = (Earlier(title=" ".join(bees.words), members=bees.members, dismissed_by=(bees.members[0],)),)
    assert any(one.words == bees.words for one in club.ask(limit=6, earlier=mine).proposals)


def test_who_has_no_contact_left_this_week_is_left_in_peace(club: Club) -> None:
    assert not any("sol1" in one.members for one in club.ask(limit=6, busy=frozenset({"sol1"})).proposals)


def test_who_was_never_proposed_comes_before_who_was(club: Club) -> None:
    often = tuple(Earlier(title="other things", members=("sol0", "sol1")) for _ in range(5))
    solder = [one for one in club.ask(earlier=often, size=(2, 3)).proposals if one.members[0].startswith("sol")]
    assert solder
    assert not {"sol0", "sol1"} & {member for one in solder for member in one.members}


def test_the_same_wish_gives_the_same_proposals_and_nobody_is_in_every_team(club: Club) -> None:
    one, two = club.ask(limit=6), club.ask(limit=6)
    assert one == two
    for a, b in combinations(one.proposals, 2):
        assert a.words[0] != b.words[0]


def test_teams_keep_to_the_size_that_was_asked_for(club: Club) -> None:
    assert all(len(one.members) == 2 for one in club.ask(size=(2, 2)).proposals)
    assert all(3 <= len(one.members) <= 6 for one in club.ask(size=(3, 6)).proposals)


def bees_of(found: Proposed) -> set[str]:
    return {member for one in found.proposals if one.members[0].startswith("bee") for member in one.members}


def test_who_put_a_theme_aside_comes_last_for_what_is_like_it_and_others_do_not(club: Club) -> None:
    bees = next(one for one in club.ask(size=(2, 3)).proposals if one.members[0].startswith("bee"))
    tired = bees.members[1]
    title = "Wax and honey from a hive"  # none of the words that name the theme
    past = (Earlier(title=title, members=bees.members, dismissed_by=(tired,)),)
    again = bees_of(club.ask(size=(2, 3), earlier=past))
    assert again
    assert tired not in again


def test_who_declined_is_asked_less_for_what_is_like_it_and_who_accepted_more(club: Club) -> None:
    def team(*earlier: Earlier) -> set[str]:
        found = club.ask(size=(2, 2), earlier=earlier).proposals
        return {member for one in found for member in one.members if member.startswith("sol")}

    everybody = tuple(f"sol{i}" for i in range(5))
    sent = [Earlier(title="Soldering electronics", members=everybody)] * 4
    usual = team(*sent)
    others = tuple(sorted(set(everybody) - usual))
    assert not usual & team(*(replace(one, declined_by=tuple(usual)) for one in sent))
    assert set(others) & team(*(replace(one, accepted_by=others) for one in sent))


def test_what_was_put_aside_for_all_makes_its_neighbours_come_last(club: Club) -> None:
    def last(seed: int, *earlier: Earlier) -> str:
        return club.ask(seed=seed, earlier=earlier).proposals[-1].members[0][:3]

    seed = next(seed for seed in range(20) if last(seed) != "tea")
    assert last(seed, Earlier(title="绿茶的做法", members=("wet", "bee0"), dismissed_by=("",))) == "tea"


def test_an_edited_title_and_one_as_proposed_are_about_the_same() -> None:
    for language, title in (("en", "On one page: Tea and kilns"), ("zh", "Tea and kilns：整理成一页")):
        assert subject_of(title) == "Tea and kilns", language
    assert subject_of("A kiln of our own") == "A kiln of our own"


def test_a_plan_points_to_what_its_team_wrote_where_all_can_read(ranker: Ranker, encode: Encode) -> None:
    titled = [
        replace(r, topic=f"My soldering iron, {r.id}") if isinstance(r, Message) and r.author.startswith("sol") else r
        for r in RECORDS
    ]
    solder = next(one for one in Club(titled, ranker, encode).ask().proposals if one.members[0].startswith("sol"))
    for part in solder.parts:
        assert f"“My soldering iron, {part.member}-" in part.brings.said


def test_a_question_that_one_of_the_team_asked_becomes_the_plan(ranker: Ranker, encode: Encode) -> None:
    asked = "Why does a circuit board corrode without flux under the soldering iron?"
    question = Message(id="q", author="sol1", time=NOW - DAY, channel="plaza", thread="q", text=asked)
    found = Club([*RECORDS, question], ranker, encode).ask(limit=6)
    solder = next(one for one in found.proposals if one.members[0].startswith("sol") and "sol1" in one.members)
    assert f"“{asked}”" in solder.text


def test_a_question_that_asks_for_company_becomes_a_day_and_not_an_answer(club: Club) -> None:
    tea = next(one for one in club.ask().proposals if one.members[0].startswith("tea"))
    assert "周六一起试炒茶吗" in tea.text
    assert "which day suits them" in tea.first_step
    assert tea.title.startswith("Doing it together")


def test_what_was_kept_to_name_themes_goes_with_whoever_is_erased(encode: Encode) -> None:
    builder = builder_of([Member(id="ann", name="Ann", profile="brews sour beer")], encode)
    vocabulary = builder.view().lexical.vocabulary
    before = memo_of(vocabulary)
    before.terms("brews sour beer")
    assert memo_of(vocabulary) is before, "the next request finds it"
    builder.delete("member", "ann")
    assert memo_of(vocabulary) is not before
