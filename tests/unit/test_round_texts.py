"""What members and organizers are told of a round: paste-ready texts, starters, and rules in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from models.community.builder import Builder
from models.community.view import Community
from models.domain.records import Channel, Member, Message, Need, Record, Suggestion
from models.domain.records import Community as CommunityRecord
from models.domain.requests import Language
from models.rounds.constraints.apart import Apart
from models.rounds.constraints.constraint import Constraint
from models.rounds.constraints.mixed import Mixed
from models.rounds.constraints.near import Near
from models.rounds.constraints.no_repeat import NoRepeat
from models.rounds.constraints.quota import Quota
from models.rounds.constraints.same import Same
from models.rounds.constraints.time_zones import TimeZones
from models.rounds.constraints.together import Together
from models.rounds.spec.requests import Bye, Collision, Relaxed, RoundSpec
from models.rounds.texts import starters, texts
from models.rounds.texts.constraints import collision_said, relaxed_said, rule_said
from models.rounds.texts.texts import Meeting, reader_language
from service.texts import fitted, say
from service.texts.renderer import RENDERER

LANGUAGES: tuple[Language, ...] = ("en", "zh")
LIMIT = {language: int(RENDERER.catalogues[language].templates["limits.text"][0]) for language in LANGUAGES}
HOUR = 3_600_000_000
START = 1_772_323_200_000_000
# A text points where its words say; two texts with one of these words are about the same.
TOPICS = ("solder", "焊", "comic", "漫画", "kiln", "窑", "radio", "bread")
DIMENSION = 64


def encode(texts: Sequence[str]) -> np.ndarray:
    """(n, 64) float32 of unit length: a topic is a direction, the rest of a text its own."""
    out = np.zeros((len(texts), DIMENSION), np.float32)
    for row, text in enumerate(texts):
        for place, topic in enumerate(TOPICS):
            out[row, place // 2] += topic in text.lower()
        out[row, 8 + sum(text.encode()) % 56] += 0.3
    return out / np.linalg.norm(out, axis=1, keepdims=True)


ANN = Member(
    id="ann",
    name="Ann",
    offers=(Need("I draw comics and posters", "growth"),),
    seeks=(Need("somebody to teach me soldering", "growth"),),
    languages=("en",),
    consent="members",
)
LI = Member(
    id="li",
    name="李工",
    offers=(Need("教焊接，从零开始", "growth"),),
    seeks=(Need("会画漫画的人", "resources"),),
    languages=("zh", "en"),
    consent="members",
)
SHY = Member(
    id="shy",
    name="Shy",
    profile="Keeps a secret kiln.",
    aims=("a secret radio",),
    offers=(Need("secret soldering", "growth"),),
    seeks=(Need("secret comics", "growth"),),
    languages=("de",),
    consent="organizers",
)
BARE = Member(id="bare", name="Bare", consent="members")
BO = Member(id="bo", name="Bo", profile="Bakes.", offers=(Need("bread"),), consent="members")
PEOPLE = (ANN, LI, SHY, BARE, BO)
ROOMS = (Channel(id="plaza"), Channel(id="back", visibility="private", members=("ann", "bo")))


def invitation(view: Community, meeting: Meeting, reader: str, language: Language) -> str:
    return fitted(texts.invitation(view, meeting, reader, language), language)


def follow_up(view: Community, members: Sequence[str], reader: str, language: Language) -> str:
    return fitted(texts.follow_up(view, members, reader), language)


def renewal(view: Community, members: Sequence[str], reader: str, language: Language) -> str:
    return fitted(texts.renewal(view, members, reader), language)


def bye(view: Community, sits_out: Bye, language: Language, sittings: int = 1) -> str:
    return say(texts.bye(view, sits_out, sittings), language)


def starter(view: Community, members: Sequence[str], language: Language) -> str:
    return say(starters.starter(view, members, language), language)


def said(author: str, text: str, number: int, channel: str = "plaza") -> Message:
    return Message(id=f"{author}{number}", author=author, time=START + number * HOUR, text=text, channel=channel)


TALK = (
    *(said(who, f"the kimchi sounds lovely, kimchi {n}", n) for n, who in enumerate(("ann", "bo", "ann", "bo"))),
    *(said(who, "obsidian obsidian, tell nobody", 10 + n, "back") for n, who in enumerate(("ann", "bo", "ann", "bo"))),
    *(said(f"extra{n}", f"word{n} and other{n}", 20 + n) for n in range(30)),
)


def view_of(*records: Record) -> Community:
    builder = Builder(CommunityRecord(id="makers"), DIMENSION, "toy")
    builder.put_all([*ROOMS, *records, *TALK])
    builder.embed_pending(lambda texts: encode([text for _, text in texts]))
    return builder.view()


@pytest.fixture(scope="module")
def view() -> Community:
    return view_of(*PEOPLE)


def pair(*members: str, **fields: object) -> Meeting:
    return Meeting(members=members, **fields)  # type: ignore[arg-type]


def test_a_pair_is_told_who_what_each_gives_and_a_first_question(view: Community) -> None:
    english = invitation(view, pair("ann", "li"), "ann", "en")
    assert english.startswith("Hi Ann, your match this round is 李工.")
    assert "“教焊接，从零开始”" in english
    assert "“I draw comics and posters”" in english
    assert re.search(r"A first question: “[^”]+\?” Write to 李工 in the group to find a time\.$", english)
    chinese = invitation(view, pair("ann", "li"), "li", "zh")
    assert chinese.startswith("李工，这一轮介绍你认识 Ann。")
    assert "“I draw comics and posters”" in chinese
    assert re.search(r"可以先问：“[^”]+？”在群里 @Ann 约个时间就行。$", chinese)


def test_a_reader_gets_their_own_language_where_texts_are_written_in_it(view: Community) -> None:
    assert reader_language(view, "li", "en") == "zh"
    assert reader_language(view, "ann", "zh") == "en"
    assert reader_language(view, "shy", "zh") == "zh"
    assert reader_language(view, "bare", "en") == "en"
    assert reader_language(view, "nobody here", "zh") == "zh"


def test_who_states_no_language_gets_that_of_their_profile() -> None:
    writer = Member(id="mei", name="艾美", profile="写字的。公众号停更中。", consent="members")
    baker = Member(id="al", name="Al", offers=(Need("bread and a warm kitchen"),), consent="members")
    view = view_of(writer, baker)
    assert reader_language(view, "mei", "en") == "zh"
    assert reader_language(view, "al", "zh") == "en"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_quotes_a_profile_that_its_owner_keeps_from_members(view: Community, language: Language) -> None:
    told = [invitation(view, pair("ann", "shy"), "ann", language)]
    told.append(invitation(view, pair("ann", "li", "shy", kind="groups"), "ann", language))
    told += [starter(view, members, language) for members in (("ann", "shy"), ("shy", "ann"), ("ann", "li", "shy"))]
    assert all("Shy" in text for text in told[:2])
    assert not any("secret" in text or "kiln" in text or "radio" in text for text in told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_profile_shown_to_members_is_quoted_and_hiding_it_takes_the_words_away(language: Language) -> None:
    shown = view_of(ANN, replace(SHY, consent="members"))
    assert "secret" in invitation(shown, pair("ann", "shy"), "ann", language)
    assert "secret" in starter(shown, ("ann", "shy"), language)


def test_words_said_in_the_open_are_shared_themes_and_those_of_a_private_room_never(view: Community) -> None:
    text = invitation(view, pair("ann", "bo"), "ann", "en") + starter(view, ("ann", "bo"), "en")
    assert "kimchi" in text
    assert "obsidian" not in text


def test_what_is_not_confirmed_is_told_as_mentioned_and_not_as_offered() -> None:
    suggestion = Suggestion(id="s1", member="bare", field="offers", text="repairing clocks", message="bare1")
    said = Message(id="bare1", author="bare", time=1, text="I repair clocks.", channel="plaza")
    text = invitation(view_of(ANN, BARE, suggestion, said), pair("ann", "bare"), "ann", "en")
    assert "They mentioned “repairing clocks” here." in text
    assert "They offer" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["pairs", "sides", "groups", "teams"])
def test_no_text_is_longer_than_its_limit_however_long_the_words_are(language: Language, kind: str) -> None:
    long = "一个很长很长的句子没有停顿，" * 30
    endless = "word " * 100 + "x" * 300
    people = [
        Member(
            id=f"m{n}",
            name=("名字" if n % 2 else "Name ") * 60,
            profile=long,
            aims=(long, endless),
            offers=(Need(f"{'焊接' if n % 2 else 'solder'} {long}"),),
            seeks=(Need(f"soldering {endless}"),),
            consent="members",
        )
        for n in range(30)
    ]
    crowd = view_of(*people)
    for size in (2, 3, 30):
        members = tuple(f"m{n}" for n in range(size))
        if kind in ("pairs", "sides") and size == 30:
            continue
        meeting = Meeting(
            members=members,
            kind=kind,  # type: ignore[arg-type]
            roles=(long,) * size if kind == "teams" else (),
            title=endless,
            slot=endless,
            sittings=8,
            standing=True,
            asks=True,
        )
        for text in (
            invitation(crowd, meeting, "m0", language),
            follow_up(crowd, members, "m0", language),
            renewal(crowd, members, "m0", language),
            bye(crowd, Bye(member="m0"), language),
        ):
            assert 10 < len(text) <= LIMIT[language]
            assert "\x00" not in text
            assert "\n" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_braces_quotes_and_line_breaks_in_words_do_no_harm(language: Language) -> None:
    odd = Member(id="odd", name="{reader}\n“x”", offers=(Need("solder {x} {0} %s “quoted”\nline"),), consent="members")
    text = invitation(view_of(ANN, odd), pair("ann", "odd"), "ann", language)
    assert "solder {x} {0} %s ‘quoted’ line" in text
    assert "\n" not in text


def test_a_cut_quotation_ends_at_a_clause_or_with_dots() -> None:
    clause = "soldering for beginners, with my own tools and time; also radios, from any decade, by appointment"
    text = invitation(view_of(ANN, replace(BO, offers=(Need(clause),))), pair("ann", "bo"), "ann", "en")
    assert "“soldering for beginners, with my own tools and time”" in text


def test_a_trio_a_table_and_a_team_name_everybody(view: Community) -> None:
    trio = invitation(view, pair("ann", "li", "bo"), "ann", "en")
    assert trio.startswith("Hi Ann, you are three this round: you, 李工")
    table = invitation(view, pair("ann", "li", "bo", "bare", kind="groups", sittings=3, sitting=1), "bo", "en")
    assert all(name in table for name in ("Ann", "李工", "Bare", "Sitting 2 of 3."))
    team = pair("ann", "li", kind="teams", roles=("designer", "engineer"), title="Radio café")
    assert "“Radio café”" in invitation(view, team, "ann", "en")
    assert "Your part: designer." in invitation(view, team, "ann", "en")
    assert "你的角色：engineer。" in invitation(view, team, "li", "zh")


def test_at_a_table_one_is_told_whom_to_ask_and_whom_to_help(view: Community) -> None:
    text = invitation(view, pair("ann", "li", "bo", "bare", kind="groups"), "ann", "en")
    assert "You are looking for “somebody to teach me soldering”, and 李工 can help with that" in text
    assert "“教焊接，从零开始”" in text
    assert "Your “I draw comics and posters” may be just what 李工 is looking for (in Chinese: “会画漫画的人”)." in text


@pytest.mark.parametrize(
    ("language", "promise"), [("en", "only if both of you say yes"), ("zh", "你们俩都想，才会告诉对方")]
)
def test_a_double_opt_in_text_asks_and_says_that_a_no_stays_hidden(
    view: Community, language: Language, promise: str
) -> None:
    text = invitation(view, pair("ann", "li", asks=True), "ann", language)
    assert promise in text
    assert promise not in invitation(view, pair("ann", "li"), "ann", language)


def test_a_follow_up_offers_four_digits_and_a_renewal_two_words(view: Community) -> None:
    for language in LANGUAGES:
        text = follow_up(view, ("ann", "li"), "ann", language)
        assert re.findall(r"(?<!\d)\d(?!\d)", text) == ["1", "2", "3", "4"]
        assert "李工" in text
    assert "stay or leave" in renewal(view, ("ann", "li", "bo"), "ann", "en")
    assert "“继续”" in renewal(view, ("ann", "li", "bo"), "ann", "zh")


def test_a_bye_in_one_of_several_sittings_names_the_sitting(view: Community) -> None:
    assert "sitting 3 of 8" in bye(view, Bye(member="li", sitting=2), "en", 8)
    assert "第 3 场" in bye(view, Bye(member="li", sitting=2), "zh", 8)


@pytest.mark.parametrize("why", ["odd_number", "no_partner", "time_limit", "load"])
def test_a_bye_text_greets_promises_and_blames_nobody(view: Community, why: str) -> None:
    said_so = {language: bye(view, Bye(member="li", why=why, rules=(0,)), language) for language in LANGUAGES}  # type: ignore[arg-type]
    assert said_so["en"].startswith("Hi 李工,")
    assert said_so["en"].endswith("Next time you come first.")
    assert said_so["zh"].startswith("李工，")
    assert "优先" in said_so["zh"]
    assert not any(re.search("block|rule|拉黑|规则", text) for text in said_so.values())


def test_a_starter_is_concrete_in_both_languages_and_the_same_for_either_side(view: Community) -> None:
    assert starter(view, ("ann", "li"), "en") == starter(view, ("li", "ann"), "en")
    assert "“教焊接，从零开始”" in starter(view, ("ann", "li"), "en")
    assert starter(view, ("ann", "li"), "zh").startswith("从“")
    assert starter(view, ("bare", "gone"), "en")
    assert starter(view, ("ann", "bo", "bare"), "zh")


def test_somebody_who_was_erased_is_in_no_text(view: Community) -> None:
    text = invitation(view, pair("ann", "li", "erased", kind="groups"), "ann", "en")
    assert "erased" not in text
    assert "李工" in text


def test_the_same_match_gives_the_same_text_and_other_pairs_get_other_questions(view: Community) -> None:
    assert invitation(view, pair("ann", "li"), "ann", "en") == invitation(view, pair("ann", "li"), "ann", "en")
    members = [
        Member(id=f"m{n}", name=f"M{n}", offers=(Need("solder", "growth"),), consent="members") for n in range(9)
    ]
    crowd = view_of(ANN, *members)
    endings = {invitation(crowd, pair("ann", m.id), "ann", "en").rsplit("question: ", 1)[1] for m in members}
    assert len(endings) > 1


RULES: tuple[Constraint, ...] = (
    Together(members=("ann", "li")),
    Apart(members=("ann", "bo")),
    Same(attribute="languages"),
    Mixed(attribute="team", firm=False),
    Quota(attribute="role", value="designer", least=2, most=2),
    Near(kilometres=30, online=True),
    TimeZones(hours=3),
    NoRepeat(rounds=8),
    NoRepeat(days=90),
)
CALLED = {"ann": "Ann", "li": "李工", "bo": "Bo"}


def called(member: str) -> str:
    return CALLED[member]


def test_every_rule_has_a_sentence_of_its_own_in_both_languages() -> None:
    for language in LANGUAGES:
        sentences = [say(rule_said(rule, called), language) for rule in RULES]
        assert len(set(sentences)) == len(RULES)
        assert all(text and "\x00" not in text for text in sentences)
    assert say(rule_said(RULES[0], called), "en") == "Ann and 李工 meet"
    assert say(rule_said(RULES[0], called), "zh") == "Ann、李工在一场"
    assert say(rule_said(RULES[3], called), "en").endswith("(if it can be)")


def test_a_collision_names_rules_people_and_the_smallest_relaxation_and_no_block() -> None:
    spec = RoundSpec(kind="pairs", rules=RULES)
    collision = Collision(rules=(0,), also=("blocks",), members=("ann", "li"), cures=(0,))
    english = say(collision_said(collision, spec, called), "en")
    assert english == (
        "For Ann and 李工, these cannot all hold: rule 1 (Ann and 李工 meet); some of them may not meet. "
        "It would be enough to drop rule 1."
    )
    chinese = say(collision_said(collision, spec, called), "zh")
    assert "去掉规则 1 就可以。" in chinese
    assert not re.search("block|dismiss|拉黑|屏蔽", english + chinese, re.IGNORECASE)


@pytest.mark.parametrize(
    "cause", ["blocks", "size", "load", "slots", "places", "roles", "numbers", "time_limit", "locks"]
)
def test_every_cause_of_a_collision_comes_with_advice(cause: str) -> None:
    collision = Collision(rules=(), also=(cause,), members=("ann",))  # type: ignore[arg-type]
    spec = RoundSpec(kind="groups")
    assert "What may help: " in say(collision_said(collision, spec, called), "en")
    assert "可以试试：" in say(collision_said(collision, spec, called), "zh")


def test_a_rule_that_gave_way_says_for_whom_and_to_what() -> None:
    spec = RoundSpec(kind="pairs", rules=RULES)
    rounds = Relaxed(rule=7, members=("ann", "bo"), kept=2)
    assert say(relaxed_said(rounds, spec, called), "en").endswith("gave way for Ann and Bo: they met 3 rounds ago.")
    days = Relaxed(rule=8, members=("ann", "bo"), kept=20)
    assert say(relaxed_said(days, spec, called), "zh").endswith("他们 20 天前见过。")
