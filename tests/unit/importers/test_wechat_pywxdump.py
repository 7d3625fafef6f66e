"""PyWxDump: CSV in pieces and JSON, with the names of people in users.json beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.wechat_files import (
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
FIELDS = ("id", "MsgSvrID", "type_name", "is_sender", "talker", "room_name", "msg", "src", "CreateTime")


def records(world: World) -> list[dict[str, Any]]:
    made = []
    for at, line in enumerate(world.lines):
        type, words = {
            "picture": ("图片", "图片"),
            "voice": ("语音", "语音时长：3.20秒"),
            "transcript": ("语音", f"语音时长：3.20秒\n翻译结果：{line.words}"),
            "link": (
                "(分享)卡片式链接",
                f'{line.words}\n别人写的\n\n<a href="http://a.b" target="_blank">点击查看详情</a>',
            ),
            "notice": ("系统通知", f'"{world.name(line)}" 撤回了一条消息'),
        }.get(line.kind, ("文本", world.text(line)))
        if line.kind == "reply":
            to = world.lines[line.to]
            type, words = "引用回复", f"{line.words}\n\n[引用]({world.local(to)}){world.name(to)}:{to.words}"
        mine = line.author == 0 and line.kind != "notice"
        talker = "我" if mine else "未知" if line.kind == "notice" else world.wxid(line)
        cells = (at + 1, str(730_000 + at), type, int(mine), talker, ROOM, words, "", world.local(line))
        made.append(dict(zip(FIELDS, cells, strict=True)) | {"extra": {}})
    return made


def users(world: World) -> dict[str, dict[str, str]]:
    return {
        "我" if at == 0 else one.wxid: {"wxid": one.wxid, "nickname": one.shown, "remark": one.remark, "account": ""}
        for at, one in enumerate(world.people)
    }


def put(folder: Path, world: World, form: str) -> Path:
    """The files in a folder; the chat's own file."""
    write(folder, "users.json", as_json(users(world)))
    made = records(world)
    if form == "json":
        return write(folder, f"{ROOM}_0_{len(made) + 1}.json", as_json(made))
    pieces = [made] if form == "csv" else [made[start : start + 2] for start in range(0, len(made), 2)]
    for n, piece in enumerate(pieces):
        rows = [FIELDS, *([record[field] for field in FIELDS] for record in piece)]
        path = write(folder, f"{ROOM}_{5000 * n}_{5000 * n + 5000}.csv", table(rows))
    return path


@MANY
@given(world=worlds(), form=st.sampled_from(("csv", "json", "pieces")))
def test_a_group_is_read_back(tmp_path_factory: Any, world: World, form: str) -> None:
    folder = tmp_path_factory.mktemp("dump")
    path = put(folder, world, form)
    found = read(folder if form == "pieces" else path)
    assert found_told(found) == told(world)
    assert [channel.id for channel in found.channels] == [ROOM]
    assert {("wxid", person.wxid) for person in world.people} <= {
        (one.platform, one.handle) for member in found.members for one in member.identities
    }
    assert not found.bad


@SPOILT
@given(seed=st.integers(0, 1 << 30), form=st.sampled_from(("csv", "json", "values", "users")))
def test_spoilt_files_give_rows_or_a_sentence(tmp_path: Path, seed: int, form: str) -> None:
    path = put(tmp_path, SMALL, "csv" if form == "csv" else "json")
    if form == "values":
        path.write_bytes(spoilt_json(records, SMALL, seed))
    elif form == "users":
        (tmp_path / "users.json").write_bytes(spoilt_json(users, SMALL, seed))
    else:
        path.write_bytes(spoil(path.read_bytes(), seed))
    survives(path, "wechat-pywxdump")
    survives(tmp_path, "wechat-pywxdump")


def test_without_names_people_go_by_their_ids_and_whoever_exported_it_is_nobody_else(tmp_path: Path) -> None:
    path = put(tmp_path, SMALL, "csv")
    (tmp_path / "users.json").unlink()
    found = read(path)
    assert {member.name for member in found.members} == {"我", "wxid_he22", "wxid_lin33"}
    assert any("users.json" in note for note in found.report.notes)


def test_a_chat_of_two_is_private(tmp_path: Path) -> None:
    rows = [FIELDS] + [
        [n, 70 + n, "文本", mine, talker, "wxid_he22", words, "", f"2024-03-05 09:00:0{n}"]
        for n, (mine, talker, words) in enumerate([(1, "我", "在吗"), (0, "wxid_he22", "在的")])
    ]
    found = read(write(tmp_path, "wxid_he22_0_5000.csv", table(rows)))
    assert [(one.visibility, len(one.members)) for one in found.channels] == [("private", 2)]


def test_case_04() -> None:
    found = read(shared_case("04") / "4411@chatroom_0_5000.csv")
    assert {member.name for member in found.members} == {"老周", "青禾", "小林"}
    assert found.texts.count("") == 3
    assert found.said("我家有电窑，可以借").reply_to == found.messages[0].id
