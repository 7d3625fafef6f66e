"""Zulip's export. Answers are quotations with a link to what they quote; that is how the tests write them."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

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
    spoilt_bytes,
    spoilt_values,
    survives,
)  # fmt: skip

NAME = "zulip"
Files = dict[str, Any]


def user(id: int, name: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "full_name": name, "email": f"user{id}@zulip.example", "is_bot": False, "is_active": True} | more


def said(id: int, sender: int, recipient: int, content: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id, "sender": sender, "recipient": recipient, "subject": "coal", "content": content,
        "date_sent": NOON + id + 0.25, "rendered_content": "<p>…</p>",
    } | more  # fmt: skip


REALM: dict[str, Any] = {
    "zerver_realm": [{"id": 1, "name": "Smiths"}],
    "zerver_subscription": [
        {"user_profile": who, "recipient": recipient, "active": True}
        for who, recipient in ((11, 31), (12, 31), (11, 32), (11, 35), (12, 35), (13, 35))
    ],
    "zerver_userprofile": [
        user(11, "Ines Amt", delivery_email="Ines@Example.org", timezone="Europe/Lisbon"),
        user(12, "Tom", is_active=False),
        user(13, "Robo", is_bot=True),
        user(14, "Ada"),
    ],
    "zerver_userprofile_crossrealm": [{"id": 5, "email": "welcome-bot@zulip.com"}],
    "zerver_stream": [
        {"id": 21, "name": "forge", "invite_only": False}, {"id": 22, "name": "board", "invite_only": True},
    ],
    "zerver_recipient": [
        {"id": 31, "type": 2, "type_id": 21}, {"id": 32, "type": 2, "type_id": 22},
        {"id": 33, "type": 1, "type_id": 11}, {"id": 34, "type": 1, "type_id": 12},
        {"id": 35, "type": 3, "type_id": 41},
    ],
}  # fmt: skip


def pack(path: Path, *messages: dict[str, Any], realm: Any = REALM, mode: str = "w:gz") -> Path:
    files = {
        "realm.json": realm,
        "messages-000001.json": {"zerver_message": list(messages), "zerver_usermessage": [{"id": 1}]},
        "attachment.json": {"zerver_attachment": []},
    }
    return put(path, {f"zulip-export/{name}": content for name, content in files.items()}, mode)


def put(path: Path, files: Files, mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as out:  # type: ignore[call-overload]
        for name, content in files.items():
            data = json.dumps(content).encode()
            info = tarfile.TarInfo(name)
            info.size = len(data)
            out.addfile(info, io.BytesIO(data))
    return path


def test_people_have_their_name_address_and_time_zone(tmp_path: Path) -> None:
    ines, tom, ada = read(pack(tmp_path / "a.tar.gz", said(1, 11, 31, "hi"))).members
    assert (ines.name, ines.time_zone, tom.consent, ada.name) == ("Ines Amt", "Europe/Lisbon", "nobody", "Ada")
    assert ines.identities == (Identity("zulip", "11"), Identity("email", "ines@example.org"))
    assert tom.identities == (Identity("zulip", "12"),)


def test_a_message_has_its_topic_and_its_time(tmp_path: Path) -> None:
    message = read(pack(tmp_path / "a.tar.gz", said(1, 11, 31, "hi"))).messages[0]
    assert (message.topic, message.time, message.channel) == ("coal", (NOON + 1) * 1_000_000 + 250_000, "21")


def test_bots_are_no_people(tmp_path: Path) -> None:
    found = read(pack(tmp_path / "a.tar.gz", said(1, 13, 31, "beep"), said(2, 5, 31, "Welcome"), said(3, 11, 31, "hi")))
    assert [one.text for one in found.messages] == ["hi"]
    assert found.report.unused["bot message"] == 2


def test_mentions_are_those_that_are_not_silent(tmp_path: Path) -> None:
    text = "@**Tom** @**Ines Amt|11** @_**Ada|14** @**all** @*smiths* #**forge>coal** a@**b** @**Robo|13** @**ada**"
    found = read(pack(tmp_path / "a.tar.gz", said(1, 14, 31, text), said(2, 11, 31, "@**Ada|14** hi")))
    assert found.messages[0].text == "@Tom @Ines Amt Ada @all @smiths #forge>coal a@**b** @Robo @ada"
    assert found.said()[0].mentions == {"11", "12"}
    assert found.said()[1].mentions == {"14"}


def test_a_quotation_is_an_answer_and_not_the_words_of_who_quotes(tmp_path: Path) -> None:
    link = "https://z.example/#narrow/channel/21-forge/topic/coal/near/1"
    text = f"@_**Ines Amt|11** [said]({link}):\n````quote\ncoal?\n```quote\nold\n```\n````\nI do"
    elsewhere = text.replace("/21-forge", "/22-board")
    found = read(
        pack(
            tmp_path / "a.tar.gz",
            said(1, 11, 31, "coal?"),
            said(2, 12, 31, text),
            said(3, 12, 31, elsewhere),
            said(4, 12, 31, "```quote\nnever closed"),
            said(5, 12, 31, "```\ncode\n```"),
        )
    )
    assert [one.text for one in found.messages] == ["coal?", "I do", "I do", "", "```\ncode\n```"]
    assert [one.reply_to for one in found.said()] == [None, 0, None, None, None]


def test_texts_that_are_all_brackets_are_read_in_no_time(tmp_path: Path) -> None:
    hostile = ["[" * 50_000, "stream/1" * 20_000, "@**" * 30_000, "```quote\n" * 20_000, "](" * 50_000]
    texts = [f"/user_uploads/ /near/ {one}\n```quote\nx\n```" for one in hostile]
    found = read(pack(tmp_path / "a.tar.gz", *(said(n, 11, 31, text) for n, text in enumerate(texts, 1))))
    assert len(found.messages) == len(texts)


def test_attached_files_are_no_words(tmp_path: Path) -> None:
    found = read(pack(tmp_path / "a.tar.gz", said(1, 11, 31, "[kiln.jpg](/user_uploads/2/ab/kiln.jpg)")))
    assert found.messages[0].text == ""


def test_direct_messages_are_private_and_closed_channels_for_their_members(tmp_path: Path) -> None:
    found = read(
        pack(
            tmp_path / "a.tar.gz",
            *(said(n, 11, recipient, "hi") for n, recipient in enumerate((31, 32, 34, 35, 99), 1)),
            said(6, 12, 33, "hi", subject="\x07"),
        )
    )
    assert {id: (one.visibility, len(one.members)) for id, one in found.channels.items()} == {
        "21": ("community", 0), "22": ("members", 1), "direct-11-12": ("private", 2), "group-41": ("private", 2),
        "group-99": ("private", 1),
    }  # fmt: skip
    assert found.messages[-1].topic == ""


def test_a_realm_without_messages_and_messages_without_one_are_read(tmp_path: Path) -> None:
    whole = {"zerver_message": [said(1, 11, 31, "hi")]}
    (tmp_path / "m.json").write_text(json.dumps(whole))
    found = read(tmp_path / "m.json")
    assert ([one.visibility for one in found.channels.values()], len(found.messages)) == (["private"], 1)


def written(community: Community) -> Files:
    realm = {
        "zerver_userprofile": [user(n, name) for n, name in enumerate(community.people)],
        "zerver_stream": [{"id": n, "name": name, "invite_only": False} for n, name in enumerate(community.rooms)],
        "zerver_recipient": [{"id": 100 + n, "type": 2, "type_id": n} for n in range(len(community.rooms))],
    }
    messages = []
    for place, line in enumerate(community.lines):
        text = line.text
        if line.mention is not None:
            text = f"{text} @**{community.people[line.mention]}|{line.mention}**"
        if line.reply_to is not None:
            link = f"https://z.example/#narrow/stream/{line.room}-x/topic/t/near/{line.reply_to}"
            text = f"@_**Who|1** [said]({link}):\n```quote\n{community.lines[line.reply_to].text}\n```\n{text}"
        messages.append(said(place, line.author, 100 + line.room, text, date_sent=NOON + place))
    return {"realm.json": realm, "messages-000001.json": {"zerver_message": messages}}


@settings(max_examples=FEW, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(community=communities())
def test_a_community_comes_back_as_it_was(community: Community, tmp_path: Path) -> None:
    found = read(put(tmp_path / "a.tar.gz", written(community)))
    assert found.names() == {str(n): name for n, name in enumerate(community.people)}
    assert found.said() == community.told(str, lambda n, first: f"@{community.people[n]}")
    assert not found.bad


SAMPLE = {
    "realm.json": REALM,
    "messages-000001.json": {
        "zerver_message": [
            said(1, 11, 31, "@**Tom** @_**Ada|14** [said](x/near/1):\n```quote\nx\n```\nhi"), said(2, 12, 35, "psst"),
        ]
    },
}  # fmt: skip


@settings(max_examples=SPOILT, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=spoilt_values(SAMPLE))
def test_values_of_any_kind_are_survived(files: Files, tmp_path: Path) -> None:
    survives(put(tmp_path / "a.tar", files, "w"), NAME)


@settings(max_examples=SPOILT, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_bytes_of_any_kind_are_survived(data: st.DataObject, tmp_path: Path) -> None:
    mode = data.draw(st.sampled_from(["w", "w:gz"]))
    path = put(tmp_path / "a.tar", SAMPLE, mode)
    path.write_bytes(data.draw(spoilt_bytes(path.read_bytes())))
    survives(path, NAME)
