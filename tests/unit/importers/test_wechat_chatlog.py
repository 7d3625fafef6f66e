"""chatlog: CSV, JSON and plain text of the same chat."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.archive.container import ArchiveError
from tests.wechat_files import (
    CHINA,
    ROOM,
    SMALL,
    World,
    as_json,
    found_told,
    read,
    shared_case,
    spoil,
    spoilt_json,
    survives,
    table,
    told,
    worlds,
    write,
)

MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SPOILT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
HEADER = ("Time", "SenderName", "Sender", "TalkerName", "Talker", "Content")


def plain(world: World, at: int) -> str:
    """The words of a line as chatlog writes them in CSV and text."""
    line = world.lines[at]
    if line.kind == "reply":
        to = world.lines[line.to]
        head = f"> {world.name(to)}({world.wxid(to)}) {world.local(to, '%m-%d %H:%M:%S')}"
        return "\n".join((head, *(f"> {words}" for words in to.words.splitlines()), line.words))
    return {
        "picture": "![图片](http://127.0.0.1:5030/image/cd12,msg/attach/1.dat)",
        "voice": "[语音](http://127.0.0.1:5030/voice/991)",
        "transcript": "[语音]",
        "link": f"[链接|{line.words}](https://example.org/kiln?a=(1))",
        "notice": f'"{world.name(line)}" 撤回了一条消息',
    }.get(line.kind, world.text(line))


def csv_of(world: World) -> str:
    rows = [
        [world.local(line), *(("", "系统消息") if line.kind == "notice" else (world.name(line), world.wxid(line))),
         "泥巴社", ROOM, plain(world, at)]
        for at, line in enumerate(world.lines)
    ]  # fmt: skip
    return table([HEADER, *rows], "\n")


def records(world: World) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for at, line in enumerate(world.lines):
        type, sub, words = {
            "picture": (3, 0, ""),
            "voice": (34, 0, ""),
            "transcript": (34, 0, ""),
            "link": (49, 5, ""),
            "reply": (49, 57, line.words),
            "notice": (10000, 0, plain(world, at)),
        }.get(line.kind, (1, 0, world.text(line)))
        contents: dict[str, Any] = {"link": {"title": line.words, "desc": "别人写的", "url": "http://a.b"}}.get(
            line.kind, {"md5": "cd12"} if line.kind == "picture" else {}
        )
        if line.kind == "reply":
            to = world.lines[line.to]
            contents["refer"] = {"sender": world.wxid(to), "senderName": world.name(to), "type": 1, "content": to.words}
        notice = line.kind == "notice"
        made.append(
            {
                "seq": line.seconds * 1000,
                "time": datetime.fromtimestamp(line.seconds, CHINA).isoformat(),
                "talker": ROOM,
                "talkerName": "泥巴社",
                "isChatRoom": True,
                "sender": "系统消息" if notice else world.wxid(line),
                "senderName": "" if notice else world.name(line),
                "isSelf": line.author == 0 and not notice,
                "type": type,
                "subType": sub,
                "content": words,
                "contents": contents,
            }
        )
    return made


def text_of(world: World, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    out = []
    for at, line in enumerate(world.lines):
        who = f"{world.name(line)}({'我' if line.author == 0 else world.wxid(line)})"
        out.append(f"{'系统消息' if line.kind == 'notice' else who} {world.local(line, form)}\n{plain(world, at)}\n\n")
    return "".join(out)


@MANY
@given(worlds(), st.sampled_from(("csv", "json")))
def test_a_group_is_read_back(tmp_path: Path, world: World, form: str) -> None:
    """chatlog transcribes nothing; mentions and replies come back, and both forms give the same ids."""
    path = write(tmp_path, f"a.{form}", csv_of(world) if form == "csv" else as_json(records(world)))
    found = read(path)
    assert found.format == "wechat-chatlog"
    assert found_told(found) == told(world, transcripts=False)
    assert [(channel.id, channel.name) for channel in found.channels] == [(ROOM, "泥巴社")]
    other = read(write(tmp_path, "b.csv", csv_of(world)))
    assert [message.id for message in other.messages] == [message.id for message in found.messages]


@MANY
@given(worlds())
def test_a_text_is_read_back(tmp_path: Path, world: World) -> None:
    """In text whoever exported it has no id but 我: they go by their name."""
    found = read(write(tmp_path, "chat.txt", text_of(world)))
    assert found.format == "wechat-chatlog"
    assert found_told(found) == told(world, transcripts=False)


@SPOILT
@given(seed=st.integers(0, 1 << 30), form=st.sampled_from(("csv", "json", "txt", "values")))
def test_spoilt_files_give_rows_or_a_sentence(tmp_path: Path, seed: int, form: str) -> None:
    data = {"csv": csv_of(SMALL), "json": as_json(records(SMALL)), "txt": text_of(SMALL)}.get(form, "").encode()
    spoilt = spoilt_json(records, SMALL, seed) if form == "values" else spoil(data, seed)
    survives(write(tmp_path, "a.json" if form == "values" else f"a.{form}", spoilt), "wechat-chatlog")


def test_times_without_a_year_take_it_from_the_name_of_the_file_or_are_refused(tmp_path: Path) -> None:
    for form in ("%m-%d %H:%M:%S", "%H:%M:%S"):
        dated = read(write(tmp_path, "泥巴社_2024-03-05.txt", text_of(SMALL, form)))
        assert [message.time // 1_000_000 for message in dated.messages][:2] == [line.seconds for line in SMALL.lines][
            :2
        ]
        assert any("name of the file" in note for note in dated.report.notes)
        with pytest.raises(ArchiveError, match="format=csv"):
            read(write(tmp_path, "chat.txt", text_of(SMALL, form)))


def test_several_chats_in_one_answer_are_rooms_of_their_own_and_two_are_private(tmp_path: Path) -> None:
    made = records(SMALL)[:2]
    alone = [one | {"talker": "wxid_he22", "talkerName": "青禾", "isChatRoom": False} for one in made]
    found = read(write(tmp_path, "a.json", as_json([*made, *alone])))
    assert {(one.id, one.visibility) for one in found.channels} == {(ROOM, "community"), ("wxid_he22", "private")}
    rooms = "".join(
        f"老周(wxid_a1) [{room}(1@chatroom)] 2024-03-05 09:00:0{n}\n好\n\n" for n, room in enumerate(["泥"])
    )
    assert [one.id for one in read(write(tmp_path, "b.txt", rooms)).channels] == ["1@chatroom"]


def test_a_file_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    data = as_json(records(SMALL))
    found = read(write(tmp_path, "a.json", data[: len(data) // 2]))
    assert found.messages
    assert "ends in the middle" in found.bad[0].reason


def test_forwarded_chats_and_pats_are_nobodys_words(tmp_path: Path) -> None:
    made = records(SMALL)[:1]
    made.append(made[0] | {"type": 49, "subType": 19, "content": "", "contents": {"title": "聊天记录", "desc": "别人"}})
    made.append(made[0] | {"type": 49, "subType": 62, "content": "老周拍了拍青禾", "contents": {}})
    made.append(made[0] | {"type": 49, "subType": 2001, "content": "", "contents": {}})
    found = read(write(tmp_path, "a.json", as_json(made)))
    assert found.texts == ["我这边有个空院子，可以拉坯", "", ""]
    assert dict(found.report.unused) == {"pat": 1}


def test_case_03() -> None:
    found = read(next(shared_case("03").glob("*.csv")))
    assert {member.name for member in found.members} == {"老周", "青禾", "小林"}
    assert found.said("我家有电窑，可以借").reply_to == found.messages[0].id
    assert found.said("电窑安全用电")
    assert found.texts.count("") == 4
    assert found.channels[0].name == "陶艺小院"
