"""Matrix rooms from Element. A file is one room, so the community of the tests is written as one file for each."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings

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

NAME = "matrix"
INES, TOM = "@ines:example.org", "@tom:example.org"


def event(second: int, sender: str, content: Any, kind: str = "m.room.message", **more: Any) -> dict[str, Any]:
    return {
        "type": kind, "sender": sender, "content": content, "origin_server_ts": (NOON + second) * 1000,
        "event_id": f"${second}", "room_id": "!forge:example.org",
    } | more  # fmt: skip


def text(second: int, sender: str, body: str, /, **content: Any) -> dict[str, Any]:
    return event(second, sender, {"msgtype": "m.text", "body": body} | content)


def joined(second: int, who: str, name: str, /, **content: Any) -> dict[str, Any]:
    return event(second, who, {"membership": "join", "displayname": name} | content, "m.room.member", state_key=who)


def room(*events: dict[str, Any], name: str = "forge") -> dict[str, Any]:
    about = {"room_name": name, "room_creator": "Ines", "topic": "", "export_date": "5 Mar", "exported_by": "Ines"}
    return about | {"messages": list(events)}


def answers(event_id: str, /, **more: Any) -> dict[str, Any]:
    return {"m.relates_to": {"m.in_reply_to": {"event_id": event_id}} | more}


def put(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content, indent=2), "utf-8")
    return path


def test_people_have_the_newest_name_that_they_gave_themselves(tmp_path: Path) -> None:
    found = read(put(tmp_path / "a.json", room(
        joined(1, INES, "Ines"), text(2, INES, "hi"), joined(3, INES, "Ines A."), text(4, TOM, "ho"))))  # fmt: skip
    assert found.names() == {INES: "Ines A.", TOM: "tom"}
    assert found.members[0].identities == (Identity("matrix", INES),)


def test_the_words_that_are_answered_are_not_those_of_the_answer(tmp_path: Path) -> None:
    fallback = f"> <{INES}> coal?\n> more\n\nI do"
    found = read(
        put(
            tmp_path / "a.json",
            room(
                text(1, INES, "coal?\nmore"),
                text(2, TOM, fallback, **answers("$1")),
                text(3, TOM, "> who?\nme"),
            ),
        )
    )
    assert [one.text for one in found.messages] == ["coal?\nmore", "I do", "me"]
    assert [one.reply_to for one in found.said()] == [None, 0, None]


def test_threads_are_known_by_their_first_message(tmp_path: Path) -> None:
    thread = {"rel_type": "m.thread", "event_id": "$1"}
    found = read(
        put(
            tmp_path / "a.json",
            room(
                text(1, INES, "coal?"),
                text(2, TOM, "a", **answers("$1", **thread, is_falling_back=True)),
                text(3, INES, "b", **answers("$2", **thread, is_falling_back=True)),
                text(4, TOM, "c", **answers("$3", **thread)),
            ),
        )
    )
    assert [one.reply_to for one in found.said()] == [None, 0, 0, 2]
    assert {one.thread for one in found.messages[1:]} == {found.messages[0].id}


def test_edits_replace_if_they_are_the_authors_own(tmp_path: Path) -> None:
    def edit(second: int, who: str, body: str) -> dict[str, Any]:
        new = {"msgtype": "m.text", "body": body, "m.mentions": {"user_ids": [TOM]}}
        return text(second, who, f"* {body}", **{
            "m.new_content": new, "m.relates_to": {"rel_type": "m.replace", "event_id": "$1"}})  # fmt: skip

    found = read(put(tmp_path / "a.json", room(text(1, INES, "cole"), edit(3, INES, "coal!"), edit(2, INES, "coal"))))
    assert [(one.text, one.mentions) for one in found.said()] == [("coal!", {TOM})]
    found = read(put(tmp_path / "a.json", room(text(1, INES, "cole"), edit(2, TOM, "I love Tom"))))
    assert [one.text for one in found.messages] == ["cole"]


def test_what_was_taken_back_bots_and_what_is_encrypted_are_no_messages(tmp_path: Path) -> None:
    found = read(
        put(
            tmp_path / "a.json",
            room(
                event(1, INES, {}, unsigned={"redacted_because": {}}),
                text(2, TOM, "oops"),
                event(3, TOM, {}, "m.room.redaction", redacts="$2"),
                text(4, "@robo:example.org", "beep", msgtype="m.notice"),
                text(5, INES, "** Unable to decrypt **", msgtype="m.bad.encrypted"),
                event(6, INES, {"ciphertext": "x"}, "m.room.encrypted"),
                event(7, INES, {"topic": "coal"}, "m.room.topic"),
                text(8, INES, "kiln.jpg", msgtype="m.image"),
                text(9, INES, "my kiln", msgtype="m.image", filename="kiln.jpg"),
                event(10, INES, {"body": "wave"}, "m.sticker"),
            ),
        )
    )
    assert [one.text for one in found.messages] == ["", "my kiln", ""]
    assert found.report.unused["deleted message"] == 2


def test_mentions_are_by_id_and_in_older_rooms_by_link(tmp_path: Path) -> None:
    html = (
        f'<mx-reply><a href="https://matrix.to/#/{INES}">x</a></mx-reply><a href="https://matrix.to/#/%40tom:example.org">'
        "Tom</a> hi"
    )
    found = read(
        put(
            tmp_path / "a.json",
            room(
                text(1, INES, "Tom: hi", **{"m.mentions": {"user_ids": [TOM, INES, 7]}}),
                text(2, "@ada:example.org", "Tom hi", format="org.matrix.custom.html", formatted_body=html),
            ),
        )
    )
    assert [one.mentions for one in found.said()] == [{TOM}, {TOM}]


def test_html_that_is_all_tags_is_read_in_no_time(tmp_path: Path) -> None:
    hostile = text(1, INES, "> x\n" * 50_000, formatted_body="<mx-reply><blockquote>" * 50_000, **answers("$0"))
    assert len(read(put(tmp_path / "a.json", room(hostile))).messages) == 1


def test_rooms_of_two_are_private_and_those_by_invitation_for_their_members(tmp_path: Path) -> None:
    direct = room(joined(1, INES, "Ines"), joined(2, TOM, "Tom", is_direct=True), text(3, INES, "psst"))
    seen = next(iter(read(put(tmp_path / "a.json", direct)).channels.values()))
    assert (seen.visibility, len(seen.members)) == ("private", 2)
    closed = room(
        event(1, INES, {"join_rule": "invite"}, "m.room.join_rules"), joined(2, INES, "Ines"), text(3, TOM, "a")
    )
    seen = next(iter(read(put(tmp_path / "a.json", closed)).channels.values()))
    assert (seen.visibility, len(seen.members)) == ("members", 2)
    opened = next(iter(read(put(tmp_path / "a.json", room(text(3, TOM, "a")))).channels.values()))
    assert (opened.id, opened.name, opened.visibility) == ("!forge:example.org", "forge", "community")


def test_a_zip_with_attached_files_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        out.writestr("matrix - forge - Chat Export/export.json", json.dumps(room(text(1, INES, "hi"))))
        out.writestr("matrix - forge - Chat Export/images/a.png", b"\x89PNG")
    assert [one.text for one in read(tmp_path / "a.zip").messages] == ["hi"]


def written(community: Community) -> dict[str, Any]:
    files = {}
    for number, name in enumerate(community.rooms):
        events = [joined(0, f"@u{n}:x.org", person) for n, person in enumerate(community.people)]
        for place, line in enumerate(community.lines):
            if line.room != number:
                continue
            content: dict[str, Any] = {} if line.reply_to is None else answers(f"${line.reply_to}")
            body, meant = line.text, [] if line.mention is None else [f"@u{line.mention}:x.org"]
            if line.mention is not None:
                body = f"{body} {community.people[line.mention]}"
            if line.reply_to is not None:
                quoted = community.lines[line.reply_to]
                lines = quoted.text.split("\n")
                body = "\n".join(
                    [f"> <@u{quoted.author}:x.org> {lines[0]}", *(f"> {one}" for one in lines[1:]), "", body]
                )
            events.append(text(place, f"@u{line.author}:x.org", body, **content, **{"m.mentions": {"user_ids": meant}}))
        files[f"{number}.json"] = room(*(one | {"room_id": f"!{number}:x.org"} for one in events), name=name)
    return files


@settings(max_examples=FEW, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(community=communities())
def test_a_community_comes_back_as_it_was(community: Community, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        for name, content in written(community).items():
            out.writestr(name, json.dumps(content))
    found = read(tmp_path / "a.zip")
    assert found.names() == {f"@u{n}:x.org": name for n, name in enumerate(community.people)}
    assert found.said() == community.told(lambda n: f"@u{n}:x.org", lambda n, first: community.people[n])
    assert not found.bad


SAMPLE = room(
    joined(1, INES, "Ines", is_direct=True),
    text(2, INES, "> <@a:b> x\n\nhi", **answers("$1", rel_type="m.thread", event_id="$1")),
    text(3, INES, "* ho", **{"m.new_content": {"body": "ho", "msgtype": "m.text"}, "m.relates_to": {
        "rel_type": "m.replace", "event_id": "$2"}}),
    text(4, TOM, "Ines", **{"m.mentions": {"user_ids": [INES]}}),
    event(5, TOM, {}, "m.room.redaction", redacts="$4"),
    text(6, TOM, "a.png", msgtype="m.image", filename="b.png"),
)  # fmt: skip


@settings(max_examples=SPOILT, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(whole=spoilt_values(SAMPLE))
def test_values_of_any_kind_are_survived(whole: Any, tmp_path: Path) -> None:
    survives(put(tmp_path / "a.json", whole), NAME)


@settings(max_examples=SPOILT, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=spoilt_bytes(json.dumps(SAMPLE).encode()))
def test_bytes_of_any_kind_are_survived(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(data)
    survives(tmp_path / "a.json", NAME)
