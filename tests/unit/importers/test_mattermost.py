"""Mattermost's bulk export. Answers always answer the first message of a thread; ids are (room, person, time)."""

from __future__ import annotations

import json
import zipfile
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

NAME = "mattermost"
Lines = list[Any]


def line(kind: str, /, **one: Any) -> dict[str, Any]:
    return {"type": kind, kind: one}


def user(username: str, first: str = "", last: str = "", /, **more: Any) -> dict[str, Any]:
    return line("user", username=username, first_name=first, last_name=last, nickname="", email="", teams=None, **more)


def said(user: str, second: int, message: str, /, **more: Any) -> dict[str, Any]:
    return {"user": user, "message": message, "create_at": (NOON + second) * 1000} | more


def post(user: str, second: int, message: str, channel: str = "forge", /, **more: Any) -> dict[str, Any]:
    return line("post", team="smiths", channel=channel, **said(user, second, message, **more))


START: Lines = [
    {"type": "version", "version": 1, "info": {"generator": "mattermost-server"}},
    line("team", name="smiths", display_name="Smiths", type="O"),
    line("channel", team="smiths", name="forge", display_name="The forge", type="O"),
    line("channel", team="smiths", name="board", display_name="Board", type="P"),
    user("ines", "Ines", "Amt", position="smith", delete_at=0)
    | {"user": user("ines", "Ines", "Amt")["user"] | {"position": "smith", "email": "Ines@Example.org", "teams": [
        {"name": "smiths", "channels": [{"name": "board", "roles": "channel_user"}]}]}},
    user("tom", delete_at=5),
    line("bot", username="robo", owner="ines"),
]  # fmt: skip


def put(path: Path, lines: Lines) -> Path:
    path.write_text("\n".join(json.dumps(one) for one in lines) + "\n", "utf-8")
    return path


def test_people_have_their_name_or_else_their_username(tmp_path: Path) -> None:
    ines, tom = read(put(tmp_path / "a.jsonl", [*START, post("ines", 1, "hi")])).members
    assert (ines.name, ines.profile, tom.name, tom.consent) == ("Ines Amt", "smith", "tom", "nobody")
    assert ines.identities == (Identity("mattermost", "ines"), Identity("email", "ines@example.org"))


def test_notices_bots_and_webhooks_are_no_messages(tmp_path: Path) -> None:
    found = read(
        put(
            tmp_path / "a.jsonl",
            [
                *START,
                post("tom", 1, "tom joined", type="system_join_channel"),
                post("robo", 2, "beep"),
                post("ines", 3, "build broke", props={"from_webhook": "true"}),
                post("ines", 4, "oops", delete_at=9),
                post("ines", 5, "swings an axe", type="me"),
                line("emoji", name="x"),
            ],
        )
    )
    assert [one.text for one in found.messages] == ["swings an axe"]
    assert sum(found.report.unused.values()) == 6
    assert not found.bad


def test_replies_within_a_post_answer_it(tmp_path: Path) -> None:
    found = read(
        put(
            tmp_path / "a.jsonl",
            [*START, post("ines", 1, "coal?", replies=[said("tom", 2, "I"), said("ines", 3, "ty")])],
        )
    )
    assert [one.reply_to for one in found.said()] == [None, 0, 0]
    assert len({one.thread for one in found.messages}) == 1


def test_an_at_means_a_username_and_nobody_else(tmp_path: Path) -> None:
    found = read(put(tmp_path / "a.jsonl", [*START, post("ines", 1, "@Tom. a@tom.org @all @robo @here @nobody")]))
    assert found.said()[0].mentions == {"tom"}


def test_channels_by_invitation_are_for_their_members_and_direct_ones_private(tmp_path: Path) -> None:
    found = read(
        put(
            tmp_path / "a.jsonl",
            [
                *START,
                post("ines", 1, "a"),
                post("ines", 2, "b", "board"),
                post("tom", 3, "c", "unknown"),
                line("direct_channel", members=["ines", "tom"]),
                line("direct_post", channel_members=["tom", "ines"], **said("tom", 4, "psst")),
            ],
        )
    )
    assert sorted((one.name, one.visibility, len(one.members)) for one in found.channels.values()) == [
        ("Board", "members", 1), ("Ines Amt, tom", "private", 2), ("The forge", "community", 0),
        ("unknown", "members", 1),
    ]  # fmt: skip


def test_a_zip_with_attached_files_is_read(tmp_path: Path) -> None:
    put(tmp_path / "import.jsonl", [*START, post("ines", 1, "hi")])
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        out.write(tmp_path / "import.jsonl", "import.jsonl")
        out.writestr("data/a/b.png", b"\x89PNG")
    assert [one.text for one in read(tmp_path / "a.zip").messages] == ["hi"]


def test_lines_that_are_no_json_are_bad_rows(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl", [*START, post("ines", 1, "hi")])
    path.write_bytes(path.read_bytes() + b'{"type": "post", "po\n' + b'{"type":"post","post":' + b"[" * 200_000 + b"\n")
    found = read(path)
    assert [row.line for row in found.bad] == [9, 10]
    assert len(found.messages) == 1


def written(community: Community) -> tuple[Lines, Community]:
    """The lines, and the community as it can be carried: an answer to an answer is one to the head of the thread."""
    lines: Lines = [{"type": "version", "version": 1}]
    lines += [
        line("channel", team="t", name=f"c{n}", display_name=name, type="O") for n, name in enumerate(community.rooms)
    ]
    lines += [user(f"u{n}", name) for n, name in enumerate(community.people)]
    heads: dict[int, int] = {}
    posts: dict[int, dict[str, Any]] = {}
    carried = []
    for place, one in enumerate(community.lines):
        text = one.text if one.mention is None else f"{one.text} @u{one.mention}"
        head = place if one.reply_to is None else heads[one.reply_to]
        heads[place] = head
        if head == place:
            posts[place] = line(
                "post", team="t", channel=f"c{one.room}", **said(f"u{one.author}", place, text, replies=[])
            )
        else:
            posts[head]["post"]["replies"].append(said(f"u{one.author}", place, text))
        carried.append(type(one)(one.author, one.text, one.room, None if head == place else head, one.mention))
    return [*lines, *posts.values()], Community(community.people, community.rooms, carried)


@settings(max_examples=FEW, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(community=communities())
def test_a_community_comes_back_as_it_was(community: Community, tmp_path: Path) -> None:
    lines, carried = written(community)
    found = read(put(tmp_path / "a.jsonl", lines))
    assert found.names() == {f"u{n}": name for n, name in enumerate(community.people)}
    assert found.said() == carried.told(lambda n: f"u{n}", lambda n, first: f"@u{n}")
    assert not found.bad


SAMPLE: Lines = [
    *START,
    post("ines", 1, "> x\n@tom", replies=[said("tom", 2, "I")]),
    line("direct_post", channel_members=["tom", "ines"], **said("tom", 4, "psst")),
]


@settings(max_examples=SPOILT, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=spoilt_values(SAMPLE))
def test_values_of_any_kind_are_survived(lines: Lines, tmp_path: Path) -> None:
    survives(put(tmp_path / "a.jsonl", lines), NAME)


@settings(max_examples=SPOILT, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_bytes_of_any_kind_are_survived(data: st.DataObject, tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl", SAMPLE)
    path.write_bytes(data.draw(spoilt_bytes(path.read_bytes())))
    survives(path, NAME)
