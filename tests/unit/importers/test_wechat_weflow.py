"""WeFlow and EchoTrace: Excel, CSV, WeClone's CSV, text and JSON of the same chat."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.wechat_files import (
    ROOM,
    SMALL,
    World,
    as_json,
    found_told,
    read,
    spoil,
    spoilt_json,
    survives,
    table,
    told,
    workbook,
    worlds,
    write,
)

MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SPOILT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FULL = ("序号", "时间", "发送者昵称", "发送者微信ID", "发送者备注", "群昵称", "发送者身份", "消息类型", "内容")
COMPACT = ("序号", "时间", "发送者身份", "消息类型", "内容")
WECLONE = ("id", "MsgSvrID", "type_name", "is_sender", "talker", "msg", "src", "CreateTime")
TITLES = (
    ("会话信息",),
    ("微信ID", ROOM, "", "昵称", "泥巴社", "备注", ""),
    ("导出工具", "WeFlow", "导出版本", "0.0.2", "平台", "wechat", "导出时间", "2024-03-06 10:00:00"),
)
KINDS = {"picture": "图片消息", "voice": "语音消息", "transcript": "语音消息", "link": "链接消息", "reply": "引用消息"}


def content(world: World, at: int) -> str:
    line = world.lines[at]
    if line.kind == "reply":
        to = world.lines[line.to]
        return f"{line.words}[引用 {world.name(to)}：{to.words}]"
    return {
        "picture": "images/ab12.jpg",
        "voice": "[语音消息]",
        "transcript": line.words,
        "link": f"[链接] {line.words}\nhttps://example.org/a?b=1",
        "notice": f'"{world.name(line)}"邀请"某人"加入了群聊',
    }.get(line.kind, world.text(line))


def kind(world: World, at: int) -> str:
    return "系统消息" if world.lines[at].kind == "notice" else KINDS.get(world.lines[at].kind, "文本消息")


def rows(world: World, *, compact: bool) -> list[list[object]]:
    made: list[list[object]] = []
    for at, line in enumerate(world.lines):
        one = world.people[line.author]
        people: tuple[str, ...] = ("", "", "", "", "系统")
        if line.kind != "notice":
            people = (one.nickname, one.wxid, one.remark, one.group_name, one.shown)
        made.append(
            [at + 1, world.local(line), *(people[-1:] if compact else people), kind(world, at), content(world, at)]
        )
    return made


def weclone(world: World) -> str:
    types = {"picture": "image", "voice": "voice", "transcript": "voice"}
    made = [
        [at + 1, "", types.get(line.kind, "text"), int(line.author == 0), world.name(line), content(world, at), "",
         world.local(line, "%Y-%m-%dT%H:%M:%S")]
        for at, line in enumerate(world.lines)
    ]  # fmt: skip
    return "\ufeff" + table([WECLONE, *made])


def text_of(world: World) -> str:
    return "".join(
        f"{world.local(line)} '{world.name(line)}'\n{content(world, at)}\n\n" for at, line in enumerate(world.lines)
    )


def messages(world: World, *, ids: bool) -> list[dict[str, Any]]:
    made = []
    for at, line in enumerate(world.lines):
        one: dict[str, Any] = {
            "localId": at + 1,
            "createTime": line.seconds,
            "formattedTime": world.local(line),
            "type": kind(world, at),
            "localType": 10000 if line.kind == "notice" else 1,
            "content": content(world, at),
            "isSend": int(line.author == 0),
            "senderUsername": world.wxid(line),
            "senderDisplayName": world.name(line),
            "source": "",
        }
        if ids:
            one["platformMessageId"] = str(880_000 + at)
        if line.kind == "reply" and ids:
            to = world.lines[line.to]
            one |= {
                "quotedSender": world.name(to),
                "quotedContent": to.words,
                "replyToMessageId": str(880_000 + line.to),
            }
        made.append(one)
    return made


def session(type: str = "群聊") -> dict[str, Any]:
    return {"wxid": ROOM, "nickname": "泥巴社", "remark": "", "displayName": "泥巴社", "type": type, "messageCount": 1}


def weflow(world: World) -> dict[str, Any]:
    return {
        "weflow": {"version": "1.0.3", "exportedAt": 1, "generator": "WeFlow"},
        "session": session(),
        "messages": messages(world, ids=True),
    }


def arkme(world: World) -> dict[str, Any]:
    """The form with a list of senders, which alone says what is a remark; its last part is everybody in the group."""
    people = [
        {"senderID": n, "wxid": one.wxid, "displayName": one.remark, "nickname": one.nickname, "remark": one.remark}
        | ({"groupNickname": one.group_name} if one.group_name else {})
        for n, one in enumerate(world.people, 1)
    ]
    said = messages(world, ids=True)
    for one, line in zip(said, world.lines, strict=True):
        one["senderID"] = line.author + 1
        del one["senderUsername"], one["senderDisplayName"]
    silent = {"wxid": "wxid_silent9", "displayName": "从不说话", "nickname": "从不说话", "remark": "", "alias": ""}
    whole = weflow(world) | {"senders": people, "messages": said, "groupMembers": [silent]}
    return {key: whole[key] for key in ("weflow", "session", "senders", "messages", "groupMembers")}


def echotrace(world: World) -> dict[str, Any]:
    return {"session": session(), "messages": messages(world, ids=False), "exportTime": "2024-03-06T10:00:00"}


FORMS: dict[str, Any] = {
    "full.xlsx": lambda world: workbook([*TITLES, FULL, *rows(world, compact=False)]),
    "compact.xlsx": lambda world: workbook([*TITLES, COMPACT, *rows(world, compact=True)]),
    "full.csv": lambda world: table([*TITLES, FULL, *rows(world, compact=False)]),
    "bare.csv": lambda world: table([FULL, *rows(world, compact=False)]),
    "weclone.csv": weclone,
    "chat.txt": text_of,
    "weflow.json": lambda world: as_json(weflow(world)),
    "arkme.json": lambda world: as_json(arkme(world)),
    "echotrace.json": lambda world: as_json(echotrace(world)),
}
WITH_IDS = ("full.xlsx", "full.csv", "bare.csv", "weflow.json", "arkme.json", "echotrace.json")


@settings(MANY, max_examples=60)
@given(worlds(), st.sampled_from(tuple(FORMS)))
def test_a_group_is_read_back(tmp_path: Path, world: World, form: str) -> None:
    """Every form carries everything but ids in compact tables, WeClone and text; transcripts look like words there."""
    found = read(write(tmp_path, form, FORMS[form](world)))
    assert found.format == "wechat-weflow"
    assert found_told(found) == told(world)
    assert not found.bad
    if form in WITH_IDS:
        handles = {(one.platform, one.handle) for member in found.members for one in member.identities}
        assert {("wxid", person.wxid) for person in world.people} <= handles
    assert not {person.remark for person in world.people} & {member.name for member in found.members}
    expected = "泥巴社" if form not in ("bare.csv", "weclone.csv", "chat.txt") else form[:-4]
    assert [channel.name for channel in found.channels] == [expected]
    assert found.channels[0].visibility == "community"


@SPOILT
@given(seed=st.integers(0, 1 << 30), form=st.sampled_from(tuple(FORMS)))
def test_spoilt_files_give_rows_or_a_sentence(tmp_path: Path, seed: int, form: str) -> None:
    data = FORMS[form](SMALL)
    survives(write(tmp_path, form, spoil(data if isinstance(data, bytes) else data.encode(), seed)), "wechat-weflow")


@SPOILT
@given(seed=st.integers(0, 1 << 30), of=st.sampled_from((weflow, arkme, echotrace)))
def test_wrong_values_give_rows_or_a_sentence(tmp_path: Path, seed: int, of: Any) -> None:
    survives(write(tmp_path, "a.json", spoilt_json(of, SMALL, seed)), "wechat-weflow")


def test_everybody_in_the_group_is_a_member_whether_they_spoke_or_not(tmp_path: Path) -> None:
    found = read(write(tmp_path, "a.json", as_json(arkme(SMALL))))
    assert found.identities("从不说话") == {("wxid", "wxid_silent9"), ("wechat", "从不说话")}


@pytest.mark.parametrize("form", ["xlsx", "json", "txt"])
def test_a_chat_of_two_is_private(tmp_path: Path, form: str) -> None:
    titles = [["会话信息"], ["账号ID", "wxid_he22", "", "昵称", "青禾"]]
    said = [
        ["1", "2024-03-05 09:00:00", "我", "文本消息", "在吗"],
        ["2", "2024-03-05 09:01:00", "青禾", "文本消息", "在的"],
    ]
    whole = echotrace(SMALL)
    whole["session"] |= {"wxid": "wxid_he22", "type": "私聊"}
    whole["messages"] = whole["messages"][:2]
    data = {
        "xlsx": workbook([*titles, COMPACT, *said]),
        "json": as_json(whole).encode(),
        "txt": "".join(f"{row[1]} '{row[2]}'\n{row[4]}\n\n" for row in said).encode(),
    }[form]
    found = read(write(tmp_path, f"a.{form}", data))
    assert [(one.visibility, len(one.members)) for one in found.channels] == [("private", 2)]


def test_people_whom_echotrace_does_not_know_are_not_one_person(tmp_path: Path) -> None:
    whole = echotrace(SMALL)
    for one, wxid in zip(whole["messages"], ("wxid_a1", "wxid_b2", ROOM, None), strict=False):
        one |= {"senderDisplayName": "群成员", "senderUsername": wxid, "isSend": 0}
    found = read(write(tmp_path, "a.json", as_json(whole)))
    assert "群成员" not in {member.name for member in found.members}
    assert {"wxid_a1", "wxid_b2"} <= {member.name for member in found.members}
    assert found.report.unused["line of nobody the export knows"] == 2


def test_a_reply_to_what_is_not_in_the_file_is_found_by_its_words_or_addresses_the_person(tmp_path: Path) -> None:
    whole = weflow(SMALL)
    whole["messages"][3]["replyToMessageId"] = "123"
    found = read(write(tmp_path, "a.json", as_json(whole)))
    assert found.said("我有电窑").reply_to == found.messages[1].id
    whole["messages"][3]["quotedContent"] = "上个月说的话"
    found = read(write(tmp_path, "b.json", as_json(whole)))
    assert found.said("我有电窑").mentions == (found.named("陶艺-老周").id,)
