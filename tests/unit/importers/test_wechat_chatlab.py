"""ChatLab's format, as WeFlow writes it: JSON and JSON lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.importers.formats import recognised
from service.importers.frame.container import open_container
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
    told,
    worlds,
    write,
)

MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SPOILT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TYPES = {"picture": 1, "voice": 2, "transcript": 2, "link": 7, "reply": 25, "notice": 80}


def whole(world: World) -> dict[str, Any]:
    said = []
    for at, line in enumerate(world.lines):
        one = world.people[line.author]
        to = world.lines[line.to] if line.kind == "reply" else line
        words = {
            "picture": "[图片]",
            "voice": "[语音消息]",
            "transcript": f"[语音消息] {line.words}",
            "link": f"[{line.words}](https://example.org/a)",
            "reply": f"{line.words}[引用 {world.name(to)}：{to.words}]",
            "notice": f'"{world.name(line)}"邀请"某人"加入了群聊',
        }.get(line.kind, world.text(line))
        said.append(
            {
                "sender": one.wxid,
                "accountName": one.nickname,
                "timestamp": line.seconds,
                "type": TYPES.get(line.kind, 0),
                "content": words,
                "platformMessageId": str(990_000 + at),
            }
            | ({"groupNickname": one.group_name} if one.group_name else {})
            | ({"replyToMessageId": str(990_000 + line.to)} if line.kind == "reply" else {})
        )
    return {
        "chatlab": {"version": "0.0.2", "exportedAt": 1, "generator": "WeFlow"},
        "meta": {"name": "泥巴社", "platform": "wechat", "type": "group", "groupId": ROOM},
        "members": [
            {"platformId": one.wxid, "accountName": one.nickname, "groupNickname": one.group_name}
            for one in world.people
        ]
        + [{"platformId": "转发里的人", "accountName": "转发里的人"}],
        "messages": said,
    }


def lines(world: World) -> str:
    made = whole(world)
    rows = [{"_type": "header", "chatlab": made["chatlab"], "meta": made["meta"]}]
    rows += [{"_type": "member", **one} for one in made["members"]]
    rows += [{"_type": "message", **one} for one in made["messages"]]
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


@MANY
@given(worlds(), st.booleans())
def test_a_group_is_read_back(tmp_path: Path, world: World, by_line: bool) -> None:
    found = read(
        write(tmp_path, "a.jsonl", lines(world)) if by_line else write(tmp_path, "a.json", as_json(whole(world)))
    )
    assert found.format == "wechat-chatlab"
    assert found_told(found) == told(world)
    assert [(channel.id, channel.name) for channel in found.channels] == [(ROOM, "泥巴社")]
    assert len(found.members) == len(world.people), "who is only in a forwarded chat is nobody here"
    assert not found.bad


@SPOILT
@given(seed=st.integers(0, 1 << 30), form=st.sampled_from(("json", "jsonl", "values")))
def test_spoilt_files_give_rows_or_a_sentence(tmp_path: Path, seed: int, form: str) -> None:
    data = {"json": as_json(whole(SMALL)), "jsonl": lines(SMALL)}.get(form, "").encode()
    spoilt = spoilt_json(whole, SMALL, seed) if form == "values" else spoil(data, seed)
    survives(write(tmp_path, "a.jsonl" if form == "jsonl" else "a.json", spoilt), "wechat-chatlab")


def test_a_broken_line_spoils_itself_and_what_follows_is_read(tmp_path: Path) -> None:
    rows = lines(SMALL).split("\n")
    rows[5] = rows[5][:20]
    found = read(write(tmp_path, "a.jsonl", "\n".join(rows)))
    assert [row.line for row in found.bad] == [6]
    assert len(found.messages) == 7


def test_another_platform_is_not_taken_for_wechat(tmp_path: Path) -> None:
    made = whole(SMALL)
    made["meta"]["platform"] = "qq"
    assert all(sure < 0.5 for sure, _ in recognised(open_container(write(tmp_path, "a.json", as_json(made)))))
