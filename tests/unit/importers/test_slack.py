"""Slack exports. All that a community of the tests has is carried; an answer is one in a thread."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.domain.records import Identity
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

NAME = "slack"
Files = dict[str, Any]


def user(id: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "name": name.lower(), "profile": {"real_name": name, "display_name": ""}, "is_bot": False} | more


def message(user: str, second: float, text: str, **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "ts": f"{NOON + second:.6f}", "text": text} | more


PEOPLE = [
    user("U07", "Ines Amt", tz="Europe/Lisbon", profile={
        "real_name": "Ines Amt", "display_name": "ines", "email": "Ines@Example.org", "title": "smith"}),
    user("U08", "Tom", deleted=True),
    user("U09", "Robo", is_bot=True),
]  # fmt: skip


def pack(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w") as out:
        for name, content in files.items():
            out.writestr(name, json.dumps(content))
    return path


def forge(*messages: dict[str, Any], **more: Any) -> Files:
    channels = [{"id": "C07", "name": "forge", "members": ["U07", "U08"]}]
    return {"users.json": PEOPLE, "channels.json": channels, "forge/2024-03-05.json": list(messages)} | more


def test_people_have_their_real_name_their_address_and_their_time_zone(tmp_path: Path) -> None:
    found = read(pack(tmp_path / "a.zip", forge(message("U07", 1, "hi"))))
    ines, tom = found.members
    assert (ines.name, ines.profile, ines.time_zone) == ("Ines Amt", "smith", "Europe/Lisbon")
    assert ines.identities == (Identity("slack", "U07"), Identity("email", "ines@example.org"))
    assert (tom.name, tom.consent) == ("Tom", "nobody")


def test_bots_joins_and_topics_are_no_messages_and_are_counted(tmp_path: Path) -> None:
    found = read(
        pack(
            tmp_path / "a.zip",
            forge(
                message("U08", 1, "<@U08> has joined", subtype="channel_join"),
                message("U09", 2, "I am a robot"),
                message("", 3, "ping", subtype="bot_message", bot_id="B1"),
                message("U07", 4, "set the topic", subtype="channel_topic"),
                message("USLACKBOT", 5, "reminder"),
                message("U07", 6, "swings an axe", subtype="me_message"),
                message("U07", 7, "", files=[{"id": "F1"}]),
            ),
        )
    )
    assert [one.text for one in found.messages] == ["swings an axe", ""]
    assert found.report.unused["bot message"] == 3
    assert found.report.unused["joined the channel"] == 1
    assert not found.bad


def test_marks_in_the_text_become_words(tmp_path: Path) -> None:
    text = (
        "<@U08> <@U09> see <#C07|forge> &amp; ask <@U08>, <!here> or <!subteam^S1|@smiths>: "
        "<https://a.example|plans> <http://b.example|b.example> <https://c.example> <mailto:x@y.org|x@y.org> 1 &lt; 2"
    )
    found = read(pack(tmp_path / "a.zip", forge(message("U07", 1, text))))
    assert found.messages[0].text == (
        "see #forge & ask @Tom, or @smiths: plans (https://a.example) b.example https://c.example x@y.org 1 < 2"
    )
    assert found.said()[0].mentions == {"U08"}


def test_an_at_that_is_no_mention_names_nobody(tmp_path: Path) -> None:
    assert not read(pack(tmp_path / "a.zip", forge(message("U07", 1, "@Tom")))).messages[0].mentions


def test_quoted_lines_are_others_words(tmp_path: Path) -> None:
    found = read(pack(tmp_path / "a.zip", forge(message("U07", 1, "&gt; who has coal?\nI do"))))
    assert found.messages[0].text == "I do"
    assert found.report.unused["quoted words of others"] == 1


def test_an_answer_in_a_thread_is_a_reply_to_its_head(tmp_path: Path) -> None:
    head = f"{NOON + 1:.6f}"
    found = read(
        pack(
            tmp_path / "a.zip", forge(message("U07", 1, "coal?", thread_ts=head), message("U08", 2, "", thread_ts=head))
        )
    )
    first, second = found.messages
    assert (second.reply_to, second.thread, first.thread, first.reply_to) == (first.id, first.id, first.id, "")


def test_an_edit_in_a_log_of_edits_replaces_and_a_deletion_takes_away(tmp_path: Path) -> None:
    first, second = message("U07", 1, "cole"), message("U08", 2, "oops")
    log = [
        message("U07", 3, "", subtype="message_changed", message=message("U07", 1, "coal")),
        message("U08", 4, "", subtype="message_deleted", deleted_ts=second["ts"]),
    ]
    found = read(pack(tmp_path / "a.zip", forge(first, second, *log)))
    assert [one.text for one in found.messages] == ["coal"]
    assert found.report.unused["deleted message"] == 1


def test_direct_messages_stay_private_and_groups_are_for_their_members(tmp_path: Path) -> None:
    files = forge(message("U07", 1, "hi")) | {
        "groups.json": [{"id": "G07", "name": "board", "members": ["U07"]}],
        "dms.json": [{"id": "D07", "members": ["U07", "U08"]}],
        "mpims.json": [{"id": "G08", "name": "mpdm-ines--tom-1", "members": ["U07", "U08"]}],
        "board/2024-03-05.json": [message("U07", 2, "b")],
        "D07/2024-03-05.json": [message("U07", 3, "d")],
        "mpdm-ines--tom-1/2024-03-05.json": [message("U07", 4, "m")],
        "D0000NEW1/2024-03-05.json": [message("U08", 5, "not listed")],
        "gone/2024-03-05.json": [message("U08", 6, "not listed")],
    }
    found = read(pack(tmp_path / "a.zip", files))
    seen = {id: (one.visibility, len(one.members)) for id, one in found.channels.items()}
    assert seen == {
        "C07": ("community", 0), "G07": ("members", 1), "D07": ("private", 2), "G08": ("private", 2),
        "D0000NEW1": ("private", 1), "gone": ("members", 1),
    }  # fmt: skip
    assert len(found.messages) == 6


def test_a_folder_within_a_folder_and_an_organization_are_read(tmp_path: Path) -> None:
    files = forge(message("U07", 1, "hi"))
    files["org_users.json"] = files.pop("users.json")
    for name, content in files.items():
        path = tmp_path / "in" / "Smiths export" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=1), "utf-8-sig")
    found = read(tmp_path / "in")
    assert [one.name for one in found.members] == ["Ines Amt", "Tom"]
    assert [found.channels[one.channel].name for one in found.messages] == ["forge"]


def test_one_day_alone_is_read_with_the_names_that_messages_carry(tmp_path: Path) -> None:
    day = tmp_path / "day.json"
    day.write_text(json.dumps([message("U55", 1, "hi", user_profile={"real_name": "Guest", "display_name": "g"})]))
    found = read(day)
    assert found.names() == {"U55": "Guest"}


def test_texts_that_are_all_marks_are_read_in_no_time(tmp_path: Path) -> None:
    hostile = [
        "<@" * 50_000,
        "<@U08>" * 50_000,
        "<" + "a" * 100_000,
        "&gt; " * 50_000,
        "<!a>" + " " * 100_000,
        "> \n" * 50_000,
    ]
    found = read(pack(tmp_path / "a.zip", forge(*(message("U07", n, one) for n, one in enumerate(hostile)))))
    assert len(found.messages) == len(hostile)


def test_messages_without_a_time_or_a_person_are_bad_rows(tmp_path: Path) -> None:
    spoilt = [{"type": "message", "text": "?"}, message("U07", 1, "x") | {"ts": "soon"}, message("U07", 2, "\ud800"), 7]
    found = read(pack(tmp_path / "a.zip", forge(message("U07", 9, "fine"), *spoilt)))
    assert len(found.messages) == 1
    assert [row.line for row in found.bad] == [2, 3, 4, 5]


def test_a_day_that_is_cut_off_keeps_what_came_before(tmp_path: Path) -> None:
    files = forge()
    for name, content in files.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    (tmp_path / "in/forge/2024-03-05.json").write_text(
        json.dumps([message("U07", 1, "hi"), message("U07", 2, "x")])[:-9]
    )
    found = read(tmp_path / "in")
    assert [one.text for one in found.messages] == ["hi"]
    assert "ends in the middle" in found.bad[0].reason


@pytest.mark.parametrize("case", ["15-slack-zip/slack.zip"])
def test_the_case_from_outside(case: str) -> None:
    found = read(shared_case(case))
    assert found.names() == {"U01": "Lu Pan", "U02": "Bo"}
    assert [one.text for one in found.said()] == [
        "I throw pots, who has a kiln?", "I do & you can use it here (https://example.org)",
    ]  # fmt: skip
    assert (found.said()[1].reply_to, found.said()[1].mentions) == (0, {"U01"})


def written(community: Community) -> Files:
    files: Files = {
        "users.json": [user(f"U{n}", name) for n, name in enumerate(community.people)],
        "channels.json": [{"id": f"C{n}", "name": name, "members": []} for n, name in enumerate(community.rooms)],
    }
    for place, line in enumerate(community.lines):
        text = line.text if line.mention is None else f"{line.text} <@U{line.mention}>"
        text = text.replace("&", "&amp;")
        more = {} if line.reply_to is None else {"thread_ts": f"{NOON + line.reply_to}.000000"}
        day = files.setdefault(f"{community.rooms[line.room]}/2024-03-05.json", [])
        day.append(message(f"U{line.author}", place, text, **more))
    return files


@settings(max_examples=FEW, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(community=communities())
def test_a_community_comes_back_as_it_was(community: Community, tmp_path: Path) -> None:
    found = read(pack(tmp_path / "a.zip", written(community)))
    assert found.names() == {f"U{n}": name for n, name in enumerate(community.people)}
    assert found.said() == community.told(lambda n: f"U{n}", lambda n, first: f"@{community.people[n]}")
    assert not found.bad


SAMPLE = forge(
    message("U07", 1, "<@U08> hi &amp; <https://a.example|b>", thread_ts=f"{NOON + 1:.6f}"),
    message("U08", 2, "> x\ny", files=[{"transcription": {"preview": {"content": "spoken"}}}]),
    message("U07", 3, "", subtype="message_changed", message=message("U07", 1, "changed")),
    **{"dms.json": [{"id": "D07", "members": ["U07", "U08"]}], "D07/2024-03-05.json": [message("U08", 4, "psst")]},
)


@settings(max_examples=SPOILT, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=spoilt_values(SAMPLE))
def test_values_of_any_kind_are_survived(files: Files, tmp_path: Path) -> None:
    survives(pack(tmp_path / "a.zip", files), NAME)


@settings(max_examples=SPOILT, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_bytes_of_any_kind_are_survived(data: st.DataObject, tmp_path: Path) -> None:
    if data.draw(st.booleans()):
        path = pack(tmp_path / "a.zip", SAMPLE)
        path.write_bytes(data.draw(spoilt_bytes(path.read_bytes())))
    else:
        path = tmp_path / "a.json"
        path.write_bytes(data.draw(spoilt_bytes(json.dumps(SAMPLE["forge/2024-03-05.json"]).encode())))
    survives(path, NAME)
