"""Messages of DingTalk as lists that scripts save."""

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
from tests.board_files import answers, members, mentioned, survives, texts
from tests.platform_chats import FEW, NOON, SPOILT, Community, Read, communities, read, spoilt_bytes, spoilt_values

CHINA = ZoneInfo("Asia/Shanghai")


def message(id: str, sender: str, content: str, **more: Any) -> dict[str, Any]:
    return {
        "openMessageId": f"msg{id}", "openConversationId": "cid1", "sender": sender,
        "senderOpenDingTalkId": f"open-{sender}", "content": content, "createTime": "2024-03-05 08:54:20",
    } | more  # fmt: skip


MESSAGES = [
    message("1", "陆盘", "谁有窑？"),
    message("2", "小王", "我有", quotedMessage={"openMessageId": "msg1", "content": "谁有窑？"}),
    message("3", "小李", "[图片](mediaId=@lALP)"),
    message("4", "小李", "@陆盘 来看"),
    message("5", "小李", "oops", recalled=True),
]
PAGE = {
    "success": True,
    "result": {
        "hasMore": False,
        "conversationMessagesList": [
            {"openConversationId": "cid1", "title": "陶艺", "singleChat": False, "messages": MESSAGES},
            {"openConversationId": "cid2", "title": "小王", "singleChat": True,
             "messages": [message("9", "小王", "在吗", openConversationId="cid2")]},
        ],
    },
}  # fmt: skip


def written(tmp_path: Path, value: Any, name: str = "chat.json") -> Read:
    path = tmp_path / name
    path.write_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return read(path)


def test_conversations_of_the_command_line(tmp_path: Path) -> None:
    result = written(tmp_path, PAGE)
    assert texts(result) == ["谁有窑？", "我有", "", "@陆盘 来看", "在吗"]
    assert answers(result) == {"我有": "谁有窑？"}
    assert mentioned(result, result.messages[3]) == {"陆盘"}
    assert {one.name: (one.visibility, len(one.members)) for one in result.channels.values()} == {
        "陶艺": ("community", 0), "小王": ("private", 1),
    }  # fmt: skip
    assert members(result)["小王"].identities[0].handle == "open-小王"
    assert result.report.unused == {"recalled message": 1}
    assert result.messages[0].time == int(datetime(2024, 3, 5, 8, 54, 20, tzinfo=CHINA).timestamp()) * 10**6


@pytest.mark.parametrize(
    "value",
    [MESSAGES, "".join(json.dumps(one) + "\n" for one in MESSAGES), {"messages": MESSAGES},
     {"result": {"items": MESSAGES}}, json.dumps([PAGE["result"]], indent=1)],
    ids=["list", "lines", "messages", "items", "pages"],
)  # fmt: skip
def test_messages_are_read_however_they_were_saved(tmp_path: Path, value: Any) -> None:
    assert texts(written(tmp_path, value))[:4] == ["谁有窑？", "我有", "", "@陆盘 来看"]


def test_messages_that_a_bot_received(tmp_path: Path) -> None:
    one = {
        "msgId": "m1", "createAt": 1_709_600_060_123, "conversationType": "2", "openConversationId": "cid1",
        "conversationTitle": "陶艺", "senderId": "$:LWCP:1", "senderStaffId": "staff1", "senderNick": "陆盘",
        "msgtype": "text",
        "text": {"content": " hello "},
    }  # fmt: skip
    picture = one | {"msgId": "m2", "msgtype": "picture", "text": {}, "content": {"downloadCode": "x"}}
    result = written(
        tmp_path, [one, picture, one, one | {"msgId": "m3", "senderNick": "", "senderId": "", "senderStaffId": ""}]
    )
    assert texts(result) == ["hello", ""]
    assert [(one.name, one.visibility) for one in result.channels.values()] == [("陶艺", "community")]
    assert (result.report.unused, len(result.bad)) == ({"the same message once more": 1}, 1)


def test_other_files_are_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('[{"a": 1}]')
    with pytest.raises(ArchiveError, match="DingTalk"):
        read(path, format="dingtalk")


def as_list(community: Community) -> list[dict[str, Any]]:
    out = []
    for place, line in enumerate(community.lines):
        name = community.people[line.author]
        text = line.text if line.mention is None else f"{line.text} @{community.people[line.mention]}"
        quoted = {} if line.reply_to is None else {"quotedMessage": {"openMessageId": f"msg{line.reply_to}"}}
        time = f"{datetime.fromtimestamp(NOON + place, CHINA):%Y-%m-%d %H:%M:%S}"
        room = {"openConversationId": f"cid{line.room}", "conversationTitle": community.rooms[line.room]}
        out.append(
            message(str(place), name, text, createTime=time, senderOpenDingTalkId=f"o{line.author}", **room, **quoted)
        )
    return out


@settings(max_examples=FEW, deadline=None)
@given(community=communities(), lines=st.booleans())
def test_a_little_community_comes_back(
    tmp_path_factory: pytest.TempPathFactory, community: Community, lines: bool
) -> None:
    """People, words, times, answers, mentions and rooms."""
    objects = as_list(community)
    value = "".join(json.dumps(one) + "\n" for one in objects) if lines else objects
    result = written(tmp_path_factory.mktemp("dingtalk"), value)
    assert not result.bad
    assert result.said() == community.told(lambda at: f"o{at}", lambda at, _: f"@{community.people[at]}")


@settings(max_examples=SPOILT, deadline=None)
@given(value=spoilt_values(PAGE), data=spoilt_bytes(json.dumps(MESSAGES).encode()))
def test_a_spoilt_file_gives_rows_or_says_why_not(
    tmp_path_factory: pytest.TempPathFactory, value: Any, data: bytes
) -> None:
    folder = tmp_path_factory.mktemp("dingtalk")
    (folder / "a.json").write_text(json.dumps(value))
    survives(folder / "a.json", "dingtalk")
    (folder / "b.json").write_bytes(data)
    survives(folder / "b.json", "dingtalk")
