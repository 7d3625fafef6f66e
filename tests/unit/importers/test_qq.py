"""QQ: the text of its message manager, and what qq-chat-exporter writes."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.archive.container import ArchiveError
from service.importers.formats import recognised
from service.importers.frame.container import open_container
from service.importers.frame.format import Options
from tests.board_files import answers, by, members, mentioned, survives, texts
from tests.platform_chats import FEW, NOON, SPOILT, Community, Read, communities, read, spoilt_bytes, spoilt_values

CHINA = ZoneInfo("Asia/Shanghai")
FRAME = "=" * 64
HEAD = (
    "消息记录（此消息记录为文本格式，不支持重新导入）\r\n\r\n"
    f"{FRAME}\r\n消息分组:%s\r\n{FRAME}\r\n消息对象:%s\r\n{FRAME}\r\n\r\n"
)


def chat(
    tmp_path: Path, text: str, options: Options | None = None, encoding: str = "utf-8-sig", name: str = "a.txt"
) -> Read:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return read(path, options)


GROUP = HEAD % ("我的QQ群", "陶艺") + (
    "2024-03-05 8:54:20 【管理员】陆盘(10001)\r\n谁有窑？\r\n我周六用\r\n\r\n"
    "2024-03-05 8:55:20 系统消息(10000)\r\n小王加入本群。\r\n\r\n"
    "2024-03-05 20:55:20 【潜水】小王<wang@qq.com>\r\n[图片]\r\n\r\n"
    "2024-03-05 20:56:20 老陆(10001)\r\n@小王 好看[表情]\r\n\r\n"
    "2024-03-05 20:57:20 匿名消息(80000000)\r\n嘘\r\n\r\n"
    "2024-03-05 20:58:20 小王<wang@qq.com>\r\n小王撤回了一条消息\r\n\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_group_of_the_message_manager(tmp_path: Path, encoding: str) -> None:
    result = chat(tmp_path, GROUP, encoding=encoding)
    assert texts(result) == ["谁有窑？\n我周六用", "", "@小王 好看"]
    assert {one.name: [(id.platform, id.handle) for id in one.identities] for one in result.members} == {
        "老陆": [("qq", "10001")], "小王": [("qq", "wang@qq.com"), ("email", "wang@qq.com")],
    }  # fmt: skip
    assert mentioned(result, result.messages[2]) == {"小王"}
    assert [(one.name, one.visibility) for one in result.channels.values()] == [("陶艺", "community")]
    assert result.messages[0].time == int(datetime(2024, 3, 5, 8, 54, 20, tzinfo=CHINA).timestamp()) * 10**6
    assert result.report.unused == {"notice of QQ": 1, "message of somebody without a name": 1, "recalled message": 1}


def test_all_chats_in_one_file_are_told_apart(tmp_path: Path) -> None:
    two = f"{FRAME}\r\n消息分组:我的好友\r\n{FRAME}\r\n消息对象:小李\r\n{FRAME}\r\n\r\n"
    two += "2024-03-05 9:00:00 小李\r\n在吗\r\n2024-03-05 我们见\r\n\r\n2024-03-05 下午 9:00:05 陆盘\r\n在\r\n\r\n"
    result = chat(tmp_path, GROUP + two)
    assert {one.name: (one.visibility, len(one.members)) for one in result.channels.values()} == {
        "陶艺": ("community", 0), "小李": ("private", 2),
    }  # fmt: skip
    assert texts(result)[3:] == ["在吗\n2024-03-05 我们见", "在"]
    assert result.messages[4].time - result.messages[3].time == (12 * 3600 + 5) * 10**6
    assert members(result)["小李"].identities[0].platform == "qq-name"


def test_pasted_lines_within_a_message_stay_its_words(tmp_path: Path) -> None:
    text = (
        HEAD % ("我的好友", "小李")
        + "2024-03-05 8:00:00 陆盘\r\n在吗\r\n\r\n" * 4
        + "2024-03-05 9:00:00 小李\r\n记录：\r\n2024-03-04 9:00:00 陆盘\r\n好\r\n\r\n"
    )
    assert texts(chat(tmp_path, text))[4:] == ["记录：\n2024-03-04 9:00:00 陆盘\n好"]


def test_a_text_without_head_is_known_by_its_numbers(tmp_path: Path) -> None:
    lines = "".join(f"2024-03-05 9:00:0{n} p{n}(2000{n})\nx{n}\n\n" for n in range(3))
    result = chat(tmp_path, lines, name="陶艺.txt")
    assert (texts(result), list(result.channels)) == (["x0", "x1", "x2"], ["陶艺"])
    assert list(chat(tmp_path, lines, Options(channel="clay")).channels) == ["clay"]
    path = tmp_path / "other.txt"
    path.write_text("2024-03-05 9:00:00 hello\n")
    assert "qq" not in [one.name for sure, one in recognised(open_container(path)) if sure >= 0.5]


def message(id: int, uin: str, name: str, *elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    sender = {"uid": f"u_{uin}", "uin": uin, "name": name, "groupCard": name}
    text = "".join(one["data"].get("text", f"[{one['type']}]") for one in elements)
    content = {
        "text": text,
        "html": "",
        "elements": list(elements),
        "resources": [],
        "mentions": more.pop("mentions", []),
    }
    return {
        "id": f"7{id:018d}", "seq": str(id), "timestamp": 1_709_600_060_000 + id * 1000, "sender": sender,
        "type": "text", "content": content, "recalled": False, "system": False,
    } | more  # fmt: skip


def words(text: str) -> dict[str, Any]:
    return {"type": "text", "data": {"text": text}}


def answer(**data: Any) -> dict[str, Any]:
    return {"type": "reply", "data": data}


def export(*messages: dict[str, Any], kind: str = "group") -> dict[str, Any]:
    return {
        "metadata": {"name": "QQChatExporter V4 / https://github.com/shuakami/qq-chat-exporter", "version": "4.0.0"},
        "chatInfo": {"name": "陶艺", "type": kind}, "statistics": {"totalMessages": len(messages)},
        "messages": list(messages),
    }  # fmt: skip


def exported(tmp_path: Path, value: object, name: str = "group_1.json") -> Read:
    path = tmp_path / name
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2), encoding="utf-8")
    return read(path)


MESSAGES = (
    message(1, "10001", "陆盘", words("谁有窑？")),
    message(2, "10002", "小王", answer(messageId="1", senderName="陆盘", content="谁有窑？"), words("我有")),
    message(3, "10002", "小王", {"type": "image", "data": {"filename": "a.jpg"}}),
    message(4, "10003", "小李", answer(messageId="0", senderName="小王", content="我有[图片:a.jpg]"), words("@陆盘 看"),
            mentions=[{"type": "user", "uid": "u_10001", "uin": "10001", "name": "陆盘"}, {"type": "all"}]),
    message(5, "10003", "小李", {"type": "json", "data": {"title": "[链接]窑展"}}),
    message(6, "10003", "小李", words("oops"), recalled=True),
    message(7, "0", "", {"type": "system", "data": {"text": "小王 拍了拍 陆盘"}}, system=True),
    message(8, "10003", "小李", {"type": "forward", "data": {"summary": "others' words"}}),
)  # fmt: skip


def test_json_of_the_exporter_keeps_answers_and_mentions(tmp_path: Path) -> None:
    result = exported(tmp_path, export(*MESSAGES))
    assert texts(result) == ["谁有窑？", "我有", "", "@陆盘 看", "[链接]窑展", ""]
    assert answers(result) == {"我有": "谁有窑？", "@陆盘 看": "我有"}
    assert mentioned(result, result.messages[3]) == {"陆盘"}
    assert {one.name: one.identities[0].handle for one in result.members} == {
        "陆盘": "10001",
        "小王": "10002",
        "小李": "10003",
    }
    assert result.report.unused == {"recalled message": 1, "notice of QQ": 1}
    assert result.messages[0].time == 1_709_600_061_000_000


def test_pieces_and_lines_are_read_as_one_chat(tmp_path: Path) -> None:
    whole = export(*MESSAGES)
    pieces = {"metadata": whole["metadata"], "chunkInfo": {"totalChunks": 2},
              "chunks": [export(*MESSAGES[:3]), export(*MESSAGES[3:])]}  # fmt: skip
    assert texts(exported(tmp_path, pieces)) == texts(exported(tmp_path, whole))
    folder = tmp_path / "lines"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps({"metadata": {}, "chatInfo": whole["chatInfo"]}))
    (folder / "chunk_0001.jsonl").write_text("".join(json.dumps(one) + "\n" for one in MESSAGES))
    result = read(folder)
    assert texts(result) == texts(exported(tmp_path, whole))
    assert list(result.channels) == ["陶艺"]


def test_a_private_remark_is_not_shown_and_a_chat_of_two_stays_private(tmp_path: Path) -> None:
    one = message(1, "10001", "x", words("在吗"))
    one["sender"] = {"uid": "u_1", "uin": "10001", "name": "欠钱的老陆", "remark": "欠钱的老陆", "nickname": "陆盘"}
    other = message(2, "10002", "y", words("在"), timestamp="2024-03-05T00:54:22.000Z")
    other["sender"] = {"uid": "u_2", "uin": "10002", "name": "老板娘", "remark": "老板娘"}
    result = exported(tmp_path, export(one, other, kind="private"))
    assert not {"欠钱的老陆", "老板娘"} & {name.name for name in result.members}
    assert "陆盘" in members(result)
    assert [(one.visibility, len(one.members)) for one in result.channels.values()] == [("private", 2)]


TEXT = """[QQChatExporter V4 / https://github.com/shuakami/qq-chat-exporter]
[本软件是免费的开源项目~]

===============================================
           QQ聊天记录导出文件
===============================================

聊天名称: 陶艺
聊天类型: 群聊
导出时间: 2024-03-06 00:00:00
消息总数: 4

陆盘:
时间: 2024-03-05 08:54:20
内容: 谁有窑？
我周六用


小王:
时间: 2024-03-05 08:55:20
内容: @陆盘 我有[图片:a.jpg]
资源: 1 个文件
  - image: a.jpg
提及: 陆盘
回复: 陆盘 - 谁有窑？
我周六用


小王:
时间: 2024-03-05 08:56:20
内容: [图片:b.jpg]
资源: 1 个文件
  - image: b.jpg


陆盘:
时间: 2024-03-05 08:57:20
内容: 注意:
时间: 周六

===============================================
              导出完成
===============================================
总计导出 4 条消息
导出时间: 2024-03-06 00:00:00
"""


def test_text_of_the_exporter(tmp_path: Path) -> None:
    result = chat(tmp_path, TEXT, encoding="utf-8")
    assert texts(result) == ["谁有窑？\n我周六用", "@陆盘 我有", "", "注意:\n时间: 周六"]
    assert answers(result) == {"@陆盘 我有": "谁有窑？\n我周六用"}
    assert mentioned(result, result.messages[1]) == {"陆盘"}
    assert [(one.name, one.visibility) for one in result.channels.values()] == [("陶艺", "community")]
    assert {one.identities[0].platform for one in result.members} == {"qq-name"}


def as_manager(community: Community) -> str:
    lines = [HEAD % ("我的QQ群", "群")]
    for place, line in enumerate(community.lines):
        time = datetime.fromtimestamp(NOON + place, CHINA)
        at = "" if line.mention is None else f" @{community.people[line.mention]}"
        name = f"{community.people[line.author]}({10010 + line.author})"
        lines.append(
            f"{time:%Y-%m-%d} {time.hour}:{time:%M:%S} {name}\r\n{line.text}{at}".replace("\n", "\r\n") + "\r\n\r\n"
        )
    return "".join(lines).replace("\r\r", "\r")


def as_export(community: Community) -> dict[str, Any]:
    messages = []
    for place, line in enumerate(community.lines):
        elements = (
            [words(line.text)] if line.reply_to is None else [answer(messageId=str(line.reply_to)), words(line.text)]
        )
        mentions = []
        if line.mention is not None:
            elements.append(words(f" @{community.people[line.mention]}"))
            mentions = [{"type": "user", "uin": str(10010 + line.mention), "uid": "u"}]
        uin, name = str(10010 + line.author), community.people[line.author]
        one = message(place, uin, name, *elements, mentions=mentions, timestamp=(NOON + place) * 1000)
        messages.append(one)
    return export(*messages)


@settings(max_examples=FEW, deadline=None)
@given(community=communities(), json_=st.booleans())
def test_a_little_community_comes_back(
    tmp_path_factory: pytest.TempPathFactory, community: Community, json_: bool
) -> None:
    """People, words, times, mentions; answers in JSON only, and one room a file."""
    path = tmp_path_factory.mktemp("qq") / ("a.json" if json_ else "a.txt")
    path.write_bytes((json.dumps(as_export(community)) if json_ else as_manager(community)).encode("utf-8"))
    result = read(path)
    assert not result.bad
    places = {one.id: at for at, one in enumerate(result.messages)}
    said = [
        (by(result, one), plain(one.text), places.get(one.reply_to), one.time, mentioned(result, one))
        for one in result.messages
    ]
    assert said == [
        (community.people[line.author],
         plain(line.text + ("" if line.mention is None else f" @{community.people[line.mention]}")),
         line.reply_to if json_ else None, (NOON + at) * 10**6,
         set() if line.mention in (None, line.author) else {community.people[line.mention]})
        for at, line in enumerate(community.lines)
    ]  # fmt: skip


def plain(text: str) -> str:
    """Text without spaces at the ends of lines, which QQ's own text does not keep."""
    return "\n".join(line.rstrip() for line in text.split("\n"))


@settings(max_examples=SPOILT, deadline=None)
@given(data=spoilt_bytes(GROUP.encode()))
def test_a_spoilt_text_gives_rows_or_says_why_not(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("qq") / "a.txt"
    path.write_bytes(data)
    survives(path, "qq")


@settings(max_examples=SPOILT, deadline=None)
@given(data=spoilt_bytes(TEXT.encode()))
def test_a_spoilt_text_of_the_exporter_gives_rows_or_says_why_not(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("qq") / "a.txt"
    path.write_bytes(data)
    survives(path, "qq-exporter")


@settings(max_examples=SPOILT, deadline=None)
@given(value=spoilt_values(export(*MESSAGES)), data=spoilt_bytes(json.dumps(export(*MESSAGES[:3])).encode()))
def test_spoilt_json_gives_rows_or_says_why_not(
    tmp_path_factory: pytest.TempPathFactory, value: Any, data: bytes
) -> None:
    folder = tmp_path_factory.mktemp("qq")
    (folder / "a.json").write_text(json.dumps(value))
    survives(folder / "a.json", "qq-exporter")
    (folder / "b.json").write_bytes(data)
    survives(folder / "b.json", "qq-exporter")


def test_other_files_are_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("hello")
    for format in ("qq", "qq-exporter"):
        with pytest.raises(ArchiveError, match="export a chat"):
            read(path, format=format)
