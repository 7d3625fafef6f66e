"""The texts in tests/readings/round_texts.toml are what members get, and hold what can be held without reading."""

from __future__ import annotations

import re
import tomllib
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from models.community.view import Community
from models.domain.records import Member, Need
from models.rounds.texts.notice import Notice
from models.rounds.texts.readers import foreign, reader_language, reads
from models.rounds.texts.texts import Meeting
from models.text.wishes import wish
from tests.unit.test_round_texts import LANGUAGES, LIMIT, invitation, view_of

KIT = tomllib.loads((Path(__file__).parents[1] / "readings" / "round_texts.toml").read_text(encoding="utf8"))
PEOPLE = [person["id"] for person in KIT["people"]]
DOUBLED = re.compile(
    r"在找“(?:我?[想在要]|找|寻|求)|想“想|looking for “(?:looking|searching|I |to )|wants? to “(?:to|want)", re.I
)
BANNED = re.compile(r"You for your part|no acquaintance in common|story behind|对方|“”|\{|\}|\.\.|。。|  ")
SAID_WHAT = re.compile(r"(?:in Chinese|in English|as they wrote it): $|原话）?：$")


def member(row: dict[str, Any]) -> Member:
    needs = {field: tuple(Need(text, kind) for kind, text in row.get(field, ())) for field in ("offers", "seeks")}
    return Member(
        id=row["id"],
        name=row["name"],
        languages=tuple(row["languages"]),
        profile=row.get("profile", ""),
        aims=tuple(row.get("aims", ())),
        consent=row.get("consent", "members"),
        **needs,
    )


@pytest.fixture(scope="module")
def view() -> Community:
    return view_of(*map(member, KIT["people"]))


def text_of(view: Community, row: dict[str, Any]) -> str:
    meeting = Meeting(
        members=tuple(row["members"]),
        kind=row.get("kind", "pairs"),
        asks=row.get("asks", False),
        round_title=row.get("title", ""),
        notice=Notice(date=row.get("date", ""), place=row.get("place", ""), note=row.get("note", "")),
    )
    return invitation(view, meeting, row["reader"], reader_language(view, row["reader"], "en"))


@pytest.mark.parametrize("row", KIT["texts"], ids=lambda row: f"{row['reader']} of {'+'.join(row['members'])}")
def test_a_text_is_as_it_was_read_and_found_right(view: Community, row: dict[str, Any]) -> None:
    assert text_of(view, row) == row["text"]
    assert row["why"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_says_a_wish_twice_or_leaves_a_reader_alone_with_words_they_do_not_read(
    view: Community, language: Any
) -> None:
    for reader, other in permutations(PEOPLE, 2):
        text = invitation(view, Meeting(members=(reader, other)), reader, language)
        known = reads(view, reader, language)
        assert not DOUBLED.search(text), text
        assert not BANNED.search(text), text
        assert len(text) <= LIMIT[language], text
        own = {need.text for field in ("offers", "seeks") for need in getattr(view.member(reader), field)}
        for quoted in re.finditer("“([^”]*)”", text):
            mine = any(quoted[1].rstrip("…") in words for words in own)
            assert mine or not foreign(quoted[1], known) or SAID_WHAT.search(text[: quoted.start()]), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_title_day_place_and_the_organizers_sentence_stand_in_every_text(view: Community, language: Any) -> None:
    notice = Notice(date="2026-12-10 19:00", place="玉林路4号 Café", note="先到先点单，the first one is on us。")
    day = {"en": "Thursday 10 December 2026, 19:00", "zh": "2026 年 12 月 10 日（周四）19:00"}[language]
    for members in (("ann", "gong"), ("qiu", "shy"), ("ann", "gong", "yao", "tove")):
        kind = "pairs" if len(members) == 2 else "groups"
        meeting = Meeting(members=members, kind=kind, round_title="Winter 咖啡", notice=notice)  # type: ignore[arg-type]
        for reader in members:
            text = invitation(view, meeting, reader, language)
            assert all(part in text for part in ("“Winter 咖啡”", day, "玉林路4号 Café", notice.note)), text
            assert "约个时间" not in text
            assert "find a time" not in text


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("想找会画画的人", "seeks", "会画画的人"),
        ("想学播客", "wants", "学播客"),
        ("想找人一起练口语", "wants", "找人一起练口语"),
        ("需要会写申请的人", "seeks", "会写申请的人"),
        ("求职机会", "seeks", "求职机会"),
        ("I'm looking for a cellar", "seeks", "a cellar"),
        ("want to learn radio", "wants", "learn radio"),
        ("learn to draw", "wants", "learn to draw"),
        ("旧手机", "seeks", "旧手机"),
    ],
)
def test_a_wish_goes_without_the_words_of_wishing(text: str, kind: str, words: str) -> None:
    assert wish(text) == (kind, words)


def test_spaces_stand_in_sentences_and_not_in_what_people_wrote(view: Community) -> None:
    odd = Member(id="odd", name="Kevin笔记", languages=("zh",), offers=(Need("用LoRa做3个传感器"),), consent="members")
    text = invitation(view_of(member(KIT["people"][1]), odd), Meeting(members=("gong", "odd")), "gong", "zh")
    assert "认识 Kevin笔记。" in text
    assert "“用LoRa做3个传感器”" in text
