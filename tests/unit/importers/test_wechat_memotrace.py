"""MemoTrace (WeChatMsg): CSV of one chat and of all chats, and text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.domain.records import Channel
from tests.wechat_files import (
    SMALL,
    START,
    World,
    found_told,
    read,
    shared_case,
    spoil,
    survives,
    table,
    told,
    worlds,
    write,
)

MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SPOILT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
HEADER = (
    "localId", "TalkerId", "Type", "SubType", "IsSender", "CreateTime", "Status", "StrContent", "StrTime", "Remark",
    "NickName", "Sender",
)  # fmt: skip
PICTURE = '<?xml version="1.0"?><msg><img aeskey="ab" length="123" md5="cd" /></msg>'


def row(world: World, at: int) -> list[object]:
    line = world.lines[at]
    type, sub, words = {
        "picture": (3, 0, PICTURE),
        "voice": (34, 0, '<msg><voicemsg endflag="1" voicelength="3200" /></msg>'),
        "transcript": (34, 0, '<msg><voicemsg endflag="1" voicelength="3200" /></msg>'),
        "link": (49, 5, f"<msg><appmsg><title>{line.words}</title><des>别人写的</des><type>5</type></appmsg></msg>"),
        "reply": (49, 57, ""),
        "notice": (10000, 0, f'"{world.name(line)}" 撤回了一条消息'),
    }.get(line.kind, (1, 0, world.text(line)))
    person = world.people[line.author]
    names = ["", "", ""] if line.kind == "notice" else [person.remark, person.shown, person.wxid]
    mine = int(line.author == 0 and line.kind != "notice")
    return [at + 1, 7, type, sub, mine, line.seconds, 2, words, world.local(line), *names]


def csv_of(world: World) -> str:
    return "\ufeff" + table([HEADER, *(row(world, at) for at in range(len(world.lines)))])


def text_of(world: World) -> str:
    blocks = []
    for line in world.lines:
        words = {
            "picture": "[图片]",
            "voice": "[语音]",
            "transcript": "[语音]",
            "link": f"            [链接]:title:{line.words}\n            description:别人写的\n            url:http://a.b\n"
            "            name:某号\n            \n",
        }.get(line.kind, world.text(line))
        if line.kind == "reply":
            answered = world.lines[line.to]
            words = f"{line.words}\n引用:{world.name(answered)}:{answered.words}"
        head = f'"{world.name(line)}" 撤回了一条消息' if line.kind == "notice" else f"{world.name(line)}\n{words}"
        blocks.append(f"{world.local(line)} {head}\n\n")
    return "".join(blocks)


@MANY
@given(worlds())
def test_a_csv_of_one_group_is_read_back(tmp_path: Path, world: World) -> None:
    """The exporter leaves the words of replies and transcripts out of a CSV."""
    found = read(write(tmp_path, "泥巴社_utf8.csv", csv_of(world)))
    expected = [
        one if line.kind != "reply" else (*one[:2], "", *one[3:])
        for one, line in zip(
            told(world, replies=False, transcripts=False),
            (line for line in world.lines if line.kind != "notice"),
            strict=True,
        )
    ]
    assert found_told(found) == expected
    assert found.channels == [Channel(id="泥巴社", name="泥巴社")]
    assert {("wxid", person.wxid) for person in world.people} <= {
        (one.platform, one.handle) for member in found.members for one in member.identities
    }
    assert not {person.remark for person in world.people} & {member.name for member in found.members}


@MANY
@given(worlds())
def test_a_text_is_read_back(tmp_path: Path, world: World) -> None:
    """Text has no ids and no transcripts: people are told apart by name."""
    found = read(write(tmp_path, "泥巴社.txt", text_of(world)), format="wechat-memotrace")
    assert found_told(found) == told(world, transcripts=False)
    assert found.report.unused.total() == sum(line.kind == "notice" for line in world.lines)


@SPOILT
@given(st.integers(0, 1 << 30), st.booleans())
def test_spoilt_files_give_rows_or_a_sentence(tmp_path: Path, seed: int, text: bool) -> None:
    data = text_of(SMALL) if text else csv_of(SMALL)
    survives(write(tmp_path, "a.txt" if text else "a.csv", spoil(data.encode(), seed)), "wechat-memotrace")


def test_the_text_is_recognised_by_its_own_words(tmp_path: Path) -> None:
    assert read(write(tmp_path, "泥巴社.txt", text_of(SMALL))).format == "wechat-memotrace"


def test_a_private_chat_stays_private(tmp_path: Path) -> None:
    rows: list[Any] = [HEADER] + [
        [n, 3, 1, 0, mine, START + n, 2, words, "", ""][:9]
        for n, (mine, words) in enumerate([(1, "周末有空吗"), (0, "有的"), (1, "来烧窑")])
    ]
    found = read(write(tmp_path, "老周_utf8.csv", table(rows)))
    (channel,) = found.channels
    assert channel.visibility == "private"
    assert set(channel.members) == {found.named("我").id, found.named("老周").id}
    assert found.said("有的").author == found.named("老周").id


def test_all_chats_in_one_file_are_rooms_of_their_own(tmp_path: Path) -> None:
    def line(n: int, chat: int, mine: int, words: str, name: str, sender: str) -> list[object]:
        return [n, chat, 1, 0, mine, START + n, 2, words, "2024-03-05 09:00:00", "", name, sender]

    rows = [
        HEADER,
        line(1, 4, 0, "一", "泥巴社", "老周"),
        line(2, 4, 1, "二", "泥巴社", "我"),
        line(3, 4, 0, "三", "泥巴社", "小林"),
        line(4, 5, 0, "四", "老周", "老周"),
        line(5, 5, 1, "五", "老周", "我"),
        line(6, 6, 0, "六", "泥巴社", "阿木"),
    ]
    found = read(write(tmp_path, "messages.csv", table(rows)))
    assert {(one.name, one.visibility) for one in found.channels} == {("泥巴社", "community"), ("老周", "private")}
    assert len(found.channels) == 3, "two groups of one name"
    assert {member.name for member in found.members} == {"老周", "我", "小林", "阿木"}
    assert found.said("五").author == found.said("二").author


def test_case_01_of_one_group() -> None:
    found = read(shared_case("01") / "pots_utf8.csv")
    assert {member.name for member in found.members} == {"老周", "青禾", "小林"}
    assert found.identities("老周") == {("wechat", "老周"), ("wxid", "wxid_zhou01")}
    assert len(found.messages) == 6
    assert found.said("@青禾 院子能放电窑吗").mentions == (found.named("青禾").id,)
    assert found.messages[0].time == 1_709_600_060_000_000
