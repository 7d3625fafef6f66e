"""DiscordChatExporter's files. JSON carries all that a community of the tests has; CSV has neither ids nor answers."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.archive.container import ArchiveError
from models.domain.records import Identity
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

NAME = "discord"


def author(id: int, name: str, **more: Any) -> dict[str, Any]:
    return {"id": str(id), "name": f"{name.lower()}1", "discriminator": "0000", "nickname": name, "isBot": False} | more


INES, TOM, ROBO = author(201, "Ines"), author(202, "Tom"), author(203, "Robo", isBot=True)


def message(id: int, who: dict[str, Any], content: str, **more: Any) -> dict[str, Any]:
    hours, seconds = divmod(id, 3600)
    return {
        "id": str(id),
        "type": "Default",
        "timestamp": f"2024-03-05T{13 + hours:02}:{seconds // 60:02}:{seconds % 60:02}+01:00",
        "timestampEdited": None,
        "isPinned": False,
        "content": content,
        "author": who,
        "mentions": [],
    } | more


def channel(*messages: dict[str, Any], id: str = "7", name: str = "forge", type: str = "GuildTextChat") -> Any:
    return {
        "guild": {"id": "1", "name": "Smiths"},
        "channel": {"id": id, "type": type, "category": "Text", "name": name, "topic": None},
        "dateRange": {"after": None, "before": None},
        "exportedAt": "2024-03-06T00:00:00+00:00",
        "messages": list(messages),
        "messageCount": len(messages),
    }


def put(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=True), "utf-8")
    return path


def test_people_are_shown_by_their_nickname_and_told_apart_by_id(tmp_path: Path) -> None:
    found = read(put(tmp_path / "a.json", channel(message(1, INES, "hi"), message(2, INES | {"id": "209"}, "hi"))))
    assert [(one.name, one.identities) for one in found.members] == [
        ("Ines", (Identity("discord", "201"),)),
        ("Ines", (Identity("discord", "209"),)),
    ]


def test_the_newest_nickname_counts(tmp_path: Path) -> None:
    later = INES | {"nickname": "Ines (away)"}
    found = read(put(tmp_path / "a.json", channel(message(1, INES, "hi"), message(2, later, "bye"))))
    assert found.names() == {"201": "Ines (away)"}


def test_deleted_accounts_are_recommended_to_nobody(tmp_path: Path) -> None:
    gone = author(204, "x") | {"name": "deleted_user_0a1b2c3d", "nickname": "Deleted User"}
    assert read(put(tmp_path / "a.json", channel(message(1, gone, "hi")))).members[0].consent == "nobody"


def test_bots_and_sentences_of_the_exporter_are_no_messages(tmp_path: Path) -> None:
    found = read(
        put(
            tmp_path / "a.json",
            channel(
                message(1, ROBO, "beep"),
                message(2, INES, "Joined the server.", type="GuildMemberJoin"),
                message(3, INES, "Pinned a message.", type="ChannelPinnedMessage"),
                message(4, INES, "", type="21"),
                message(5, INES, "ask @Robo", mentions=[ROBO]),
                message(6, TOM, "", attachments=[{"id": "1", "fileName": "a.png"}]),
            ),
        )
    )
    assert [one.text for one in found.messages] == ["ask @Robo", ""]
    assert not found.messages[0].mentions
    assert sum(found.report.unused.values()) == 4


def test_a_forwarded_message_and_one_of_another_channel_are_no_answers(tmp_path: Path) -> None:
    there = {"messageId": "1", "channelId": "7", "guildId": "1"}
    found = read(
        put(
            tmp_path / "a.json",
            channel(
                message(1, INES, "coal?"),
                message(2, TOM, "", reference=there),
                message(3, TOM, "yes", type="Reply", reference=there | {"channelId": "8"}),
                message(4, TOM, "I do", type="Reply", reference=there),
            ),
        )
    )
    assert [one.reply_to for one in found.said()] == [None, None, None, 0]


def test_raw_marks_are_read_as_people_see_them(tmp_path: Path) -> None:
    text = "<@202> <@!202> in <#9>: <:kiln:55> <a:wave:56> <@&77> > no\n> so they say\nok"
    found = read(put(tmp_path / "a.json", channel(message(1, INES, text, mentions=[TOM]))))
    assert found.messages[0].text == "@Tom @Tom in #9: :kiln: :wave:  > no\nok"
    assert found.said()[0].mentions == {"202"}


def test_direct_messages_are_private_and_private_threads_for_those_in_them(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        for id, type in (("7", "GuildTextChat"), ("8", "DirectTextChat"), ("9", "GuildPrivateThread")):
            out.writestr(f"c{id}.json", json.dumps(channel(message(1, INES, "hi"), id=id, type=type)))
    seen = {id: (one.visibility, len(one.members)) for id, one in read(tmp_path / "a.zip").channels.items()}
    assert seen == {"7": ("community", 0), "8": ("private", 1), "9": ("members", 1)}


def test_parts_of_a_channel_are_one_channel(tmp_path: Path) -> None:
    put(tmp_path / "forge [7].json", channel(message(1, INES, "coal?")))
    answer = {"messageId": "1", "channelId": "7"}
    put(tmp_path / "forge [7] [part 2].json", channel(message(2, TOM, "I do", type="Reply", reference=answer)))
    found = read(tmp_path)
    assert list(found.channels) == ["7"]
    assert [one.reply_to for one in found.said()] == [None, 0]


def test_the_channel_may_stand_after_the_messages(tmp_path: Path) -> None:
    whole = channel(message(1, INES, "hi"), type="DirectTextChat")
    found = read(put(tmp_path / "a.json", dict(sorted(whole.items(), reverse=True))))
    assert found.channels["7"].visibility == "private"
    assert [one.channel for one in found.messages] == ["7"]


def test_a_file_without_its_channel_is_not_shown_to_all(tmp_path: Path) -> None:
    whole = channel(message(1, INES, "hi"))
    del whole["channel"]
    assert [one.visibility for one in read(put(tmp_path / "a.json", whole)).channels.values()] == ["private"]


def test_times_keep_their_offset_and_their_fraction(tmp_path: Path) -> None:
    whole = channel(message(1, INES, "hi", timestamp="2024-03-05T13:00:00.1234567+01:00"))
    assert read(put(tmp_path / "a.json", whole)).messages[0].time == NOON * 1_000_000 + 123_456


@pytest.mark.parametrize("case", ["17-discord-json/kilns.json"])
def test_the_case_from_outside(case: str) -> None:
    found = read(shared_case(case))
    assert found.names() == {"101": "Lu", "102": "Bo"}
    assert [(one.text, one.room, one.reply_to, one.mentions) for one in found.said()] == [
        ("I throw pots", "kilns", None, frozenset()),
        ("@Lu my yard is empty", "kilns", 0, frozenset({"101"})),
    ]


# --- CSV -------------------------------------------------------------------------------------------------------------


def table(path: Path, *rows: list[str]) -> Path:
    with path.open("w", newline="", encoding="utf-8-sig") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL)
        out.write("AuthorID,Author,Date,Content,Attachments,Reactions\n")
        writer.writerows(rows)
    return path


def test_a_table_has_people_words_times_and_whom_an_at_names(tmp_path: Path) -> None:
    path = table(
        tmp_path / "Smiths - Text - forge [123456].csv",
        ["201", "Ines#0000", "2024-03-05T13:00:00.0000000+01:00", "coal?", "", ""],
        ["202", "Tom#1234", "2024-03-05T13:00:01.0000000+01:00", "@Ines\nyes", "", "x (1)"],
        ["202", "Tom#1234", "2024-03-05T13:00:02.0000000+01:00", "Pinned a message.", "", ""],
        ["202", "Tom#1234", "yesterday", "?", "", ""],
    )
    found = read(path, Options(zone=ZoneInfo("Europe/Paris")))
    assert found.names() == {"201": "Ines", "202": "Tom"}
    assert {id: one.name for id, one in found.channels.items()} == {"123456": "forge"}
    assert [(one.time, one.text, one.mentions) for one in found.said()] == [
        (NOON * 1_000_000, "coal?", frozenset()),
        ((NOON + 1) * 1_000_000, "@Ines\nyes", frozenset({"201"})),
    ]
    assert len(found.bad) == 1


def test_an_old_table_needs_the_clock_of_who_made_it(tmp_path: Path) -> None:
    path = table(tmp_path / "forge.csv", ["201", "Ines", "05-Mar-24 01:00 PM", "hi", "", ""])
    with pytest.raises(ArchiveError, match="--time-zone"):
        read(path)
    assert read(path, Options(zone=ZoneInfo("Europe/Paris"))).messages[0].time == NOON * 1_000_000


# --- whatever comes --------------------------------------------------------------------------------------------------


def written(community: Community) -> dict[str, Any]:
    people = [author(200 + n, name) for n, name in enumerate(community.people)]
    files: dict[str, Any] = {name: channel(id=str(n), name=name) for n, name in enumerate(community.rooms)}
    for place, line in enumerate(community.lines):
        more: dict[str, Any] = {}
        text = line.text
        if line.mention is not None:
            text = f"{text} @{community.people[line.mention]}"
            more["mentions"] = [people[line.mention]]
        if line.reply_to is not None:
            more |= {"type": "Reply", "reference": {"messageId": str(line.reply_to), "channelId": str(line.room)}}
        files[community.rooms[line.room]]["messages"].append(message(place, people[line.author], text, **more))
    return files


@settings(max_examples=FEW, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(community=communities())
def test_a_community_comes_back_as_it_was(community: Community, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        for name, content in written(community).items():
            out.writestr(f"{name}.json", json.dumps(content))
    found = read(tmp_path / "a.zip")
    assert found.names() == {str(200 + n): name for n, name in enumerate(community.people)}
    assert found.said() == community.told(lambda n: str(200 + n), lambda n, first: f"@{community.people[n]}")
    assert not found.bad


SAMPLE = channel(
    message(1, INES, "<@202> hi", mentions=[TOM, ROBO]),
    message(2, TOM, "> x\ny", type="Reply", reference={"messageId": "1", "channelId": "7"}),
    type="DirectTextChat",
)


@settings(max_examples=SPOILT, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(whole=spoilt_values(SAMPLE))
def test_values_of_any_kind_are_survived(whole: Any, tmp_path: Path) -> None:
    survives(put(tmp_path / "a.json", whole), NAME)


@settings(max_examples=SPOILT, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_bytes_of_any_kind_are_survived(data: st.DataObject, tmp_path: Path) -> None:
    row = ["201", "Ines", "2024-03-05T13:00:00+01:00", "@Ines, hi", "", ""]
    path = data.draw(st.sampled_from([put(tmp_path / "a.json", SAMPLE), table(tmp_path / "a.csv", row, row)]))
    path.write_bytes(data.draw(spoilt_bytes(path.read_bytes())))
    survives(path, NAME)
