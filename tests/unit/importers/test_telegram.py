"""Telegram Desktop's JSON. All that a community of the tests has is carried, mentions by id as mention_name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from models.archive.container import ArchiveError
from service.importers.frame.format import Options
from tests.platform_chats import (
    FEW,
    NOON,
    SPOILT,
    Community,
    communities,
    read,
    shared_case,
    spoilt_bytes,
    spoilt_values,
    survives,
)  # fmt: skip

NAME = "telegram"


def message(id: int, user: int, name: str | None, text: Any, **more: Any) -> dict[str, Any]:
    said = {"id": id, "type": "message", "date": "2024-03-05T12:00:00", "date_unixtime": str(NOON + id)}
    return said | {"from": name, "from_id": f"user{user}", "text": text, "text_entities": []} | more


def notice(id: int, action: str, **more: Any) -> dict[str, Any]:
    return message(id, 1, "Ines", "", type="service", action=action) | more


def group(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "Smiths", "type": "private_supergroup", "id": 77, "messages": list(messages)} | more


def account(*chats: dict[str, Any]) -> dict[str, Any]:
    about = {"user_id": 1, "first_name": "Ines", "last_name": "Amt", "username": "@ines", "phone_number": "+1 2"}
    contacts = {"about": "…", "list": [{"user_id": 9, "first_name": "Nobody"}]}
    return {"about": "…", "personal_information": about, "contacts": contacts, "chats": {"about": "…", "list": chats}}


def put(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content, indent=1), "utf-8")
    return path


def test_texts_of_parts_are_put_together(tmp_path: Path) -> None:
    parts = [
        {"type": "bold", "text": "Who"}, " asks ", {"type": "mention_name", "text": "Tom", "user_id": 2}, "? ",
        {"type": "text_link", "text": "plans", "href": "https://a.example"}, {"type": "blockquote", "text": "said he"},
    ]  # fmt: skip
    found = read(put(tmp_path / "a.json", group(message(1, 1, "Ines", parts), message(2, 2, "Thomas", "me"))))
    assert found.messages[0].text == "Who asks Tom? plans (https://a.example)"
    assert found.said()[0].mentions == {"user2"}
    assert found.names() == {"user1": "Ines", "user2": "Thomas"}


def test_deleted_accounts_have_no_name_and_are_recommended_to_nobody(tmp_path: Path) -> None:
    found = read(put(tmp_path / "a.json", group(message(1, 3, None, "bye"))))
    assert found.members[0].consent == "nobody"
    assert found.messages[0].text == "bye"


def test_notices_and_posts_in_the_name_of_a_channel_are_no_messages(tmp_path: Path) -> None:
    found = read(
        put(
            tmp_path / "a.json",
            group(
                notice(1, "invite_members", members=["Tom"]),
                {"id": 2, "type": "unsupported"},
                message(3, 0, "Smiths", "post", from_id="channel77"),
                message(4, 5, "Robo", "vote", inline_bot_buttons=[[]]),
                message(5, 1, "Ines", "", media_type="sticker", sticker_emoji="x", file="…"),
                message(6, 1, "Ines", "", poll={"question": "When?", "answers": [{"text": "Mon"}, {"text": "Tue"}]}),
            ),
        )
    )
    assert [one.text for one in found.messages] == ["", "When?\nMon\nTue"]
    assert sum(found.report.unused.values()) == 4
    assert list(found.names()) == ["user1"]


def test_forwarded_words_and_those_of_a_bot_are_not_the_senders(tmp_path: Path) -> None:
    found = read(
        put(
            tmp_path / "a.json",
            group(
                message(1, 1, "Ines", "news", forwarded_from="Paper"),
                message(2, 1, "Ines", "gone", forwarded_from=None),
                message(3, 1, "Ines", "cat", via_bot="@gif"),
            ),
        )
    )
    assert [one.text for one in found.messages] == ["", "", ""]


def test_an_answer_to_another_chat_is_none_here(tmp_path: Path) -> None:
    more = {"reply_to_message_id": 1}
    found = read(
        put(
            tmp_path / "a.json",
            group(
                message(1, 1, "Ines", "coal?"),
                message(2, 2, "Tom", "I do", **more),
                message(3, 2, "Tom", "hm", reply_to_peer_id="channel9", **more),
            ),
        )
    )
    assert [one.reply_to for one in found.said()] == [None, 0, None]


def test_a_topic_is_no_message_that_is_answered(tmp_path: Path) -> None:
    found = read(
        put(
            tmp_path / "a.json",
            group(
                notice(1, "topic_created", title="Coal"),
                message(2, 1, "Ines", "who?", reply_to_message_id=1),
                message(3, 2, "Tom", "I", reply_to_message_id=2),
                message(4, 2, "Tom", "aside"),
            ),
        )
    )
    assert [one.topic for one in found.messages] == ["Coal", "Coal", ""]
    assert [one.reply_to for one in found.said()] == [None, 0, None]


def test_an_account_has_private_chats_closed_groups_and_open_ones(tmp_path: Path) -> None:
    chats = [
        {"name": "Tom", "type": "personal_chat", "id": 2, "messages": [message(1, 2, "Tom", "psst")]},
        {"name": "Robo", "type": "bot_chat", "id": 5, "messages": [message(1, 5, "Robo", "beep")]},
        {"type": "saved_messages", "id": 1, "messages": [message(1, 1, "Ines Amt", "note")]},
        group(message(1, 2, "Tom", "hi @ines")),
        group(message(1, 2, "Tom", "hello"), id=2, type="private_group"),
        group(message(1, 2, "Tom", "hello"), id=79, type="public_supergroup"),
    ]
    found = read(put(tmp_path / "a.json", account(*chats)))
    assert {id: (one.visibility, len(one.members)) for id, one in found.channels.items()} == {
        "user2": ("private", 1), "user1": ("private", 1), "77": ("members", 1), "group2": ("members", 1),
        "79": ("community", 0),
    }  # fmt: skip
    assert found.names() == {"user1": "Ines Amt", "user2": "Tom"}
    assert found.report.mentions == 1
    assert found.report.unused["message in a chat with a bot"] == 1


def test_keys_that_another_tool_has_sorted_are_read_the_same(tmp_path: Path) -> None:
    chats = [group(message(1, 2, "Tom", "hi")), group(), {"type": "personal_chat", "id": 2, "messages": [
        message(1, 2, "Tom", "psst")]}]  # fmt: skip
    whole = account(*chats)
    mixed = json.loads(json.dumps(whole), object_pairs_hook=lambda pairs: dict(sorted(pairs)))
    mixed["chats"]["list"] = [dict(sorted(one.items(), key=lambda pair: pair[0] != "messages")) for one in chats]
    one, other = read(put(tmp_path / "a.json", whole)), read(put(tmp_path / "b.json", mixed))
    assert one.channels == other.channels
    assert one.messages == other.messages


def test_files_before_2021_need_the_clock_of_who_made_them(tmp_path: Path) -> None:
    old = message(1, 1, "Ines", "hi", from_id=4815162342)
    del old["date_unixtime"]
    path = put(tmp_path / "a.json", group(old))
    with pytest.raises(ArchiveError, match="--time-zone"):
        read(path)
    found = read(path, Options(zone=ZoneInfo("Europe/Berlin")))
    assert (found.messages[0].time, list(found.names())) == ((NOON - 3600) * 1_000_000, ["user4815162342"])


def test_control_characters_are_read_though_telegram_writes_them_wrongly(tmp_path: Path) -> None:
    path = put(tmp_path / "a.json", group(message(1, 1, "Ines", "a@b"), message(2, 1, "Ines", "c\\d")))
    path.write_bytes(path.read_bytes().replace(b"a@b", rb"a\x0Bb\\x41"))
    assert [one.text for one in read(path).messages] == ["a\x0bb\\x41", "c\\d"]


@pytest.mark.parametrize("case", ["16-telegram-json/result.json"])
def test_the_case_from_outside(case: str) -> None:
    found = read(shared_case(case))
    assert list(found.names().items())[:2] == [("user1", "Lu"), ("user2", "Bo")]
    assert [(one.text, one.author, one.reply_to, one.mentions) for one in found.said()] == [
        ("I throw pots", "user1", None, frozenset()),
        ("Lu I have a kiln", "user2", 0, frozenset({"user1"})),
        ("deleted account says", "user3", None, frozenset()),
    ]
    assert found.members[2].consent == "nobody"


def written(community: Community) -> dict[str, Any]:
    chats: list[dict[str, Any]] = [group(id=n, name=name) for n, name in enumerate(community.rooms)]
    for place, line in enumerate(community.lines):
        text: Any = line.text
        if line.mention is not None:
            shown = community.people[line.mention]
            text = [f"{line.text} ", {"type": "mention_name", "text": shown, "user_id": line.mention}]
        more = {} if line.reply_to is None else {"reply_to_message_id": line.reply_to}
        chats[line.room]["messages"].append(message(place, line.author, community.people[line.author], text, **more))
    return {"about": "…", "chats": {"about": "…", "list": chats}}


@settings(max_examples=FEW, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(community=communities())
def test_a_community_comes_back_as_it_was(community: Community, tmp_path: Path) -> None:
    found = read(put(tmp_path / "a.json", written(community)))
    assert found.names() == {f"user{n}": name for n, name in enumerate(community.people)}
    assert found.said() == community.told(lambda n: f"user{n}", lambda n, first: community.people[n])
    assert not found.bad


SAMPLE = account(
    {"name": "Tom", "type": "personal_chat", "id": 2, "messages": [message(1, 2, "Tom", "psst")]},
    group(
        notice(1, "topic_created", title="Coal"),
        message(2, 1, "Ines", ["who, ", {"type": "mention_name", "text": "Tom", "user_id": 2}], reply_to_message_id=1),
        message(3, 2, "Tom", "", reply_to_message_id=2, poll={"question": "When?", "answers": [{"text": "Mon"}]}),
    ),
)


@settings(max_examples=SPOILT, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(whole=spoilt_values(SAMPLE))
def test_values_of_any_kind_are_survived(whole: Any, tmp_path: Path) -> None:
    survives(put(tmp_path / "a.json", whole), NAME)


@settings(max_examples=SPOILT, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=spoilt_bytes(json.dumps(SAMPLE).encode()))
def test_bytes_of_any_kind_are_survived(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(data)
    survives(tmp_path / "a.json", NAME)
