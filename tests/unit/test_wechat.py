"""A WeChat group export: who is who, what was said, and what is no speech."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from models.archive.container import ArchiveError, BadRow, Row
from models.archive.times import format_time
from models.domain.records import Channel, Identity, Member, Message
from service.importers import open_source
from service.importers.frame.source import KnownHandles


class Read(NamedTuple):
    channels: list[Channel]
    members: list[Member]
    messages: list[Message]
    bad: list[BadRow]

    def named(self, name: str) -> Member:
        (member,) = [member for member in self.members if name in {one.handle for one in member.identities}]
        return member

    def said(self, text: str) -> Message:
        (message,) = [message for message in self.messages if message.text == text]
        return message


def read(
    folder: Path, text: str, *, encoding: str = "utf-8", known: KnownHandles | None = None, zone: str = "Asia/Shanghai"
) -> Read:
    path = folder / "河边木工群.csv"
    path.write_bytes(text.encode(encoding))
    rows = list(open_source(path, time_zone=zone).rows("members", known or {}))
    records = [row.record for row in rows if isinstance(row, Row)]
    return Read(
        [record for record in records if isinstance(record, Channel)],
        [record for record in records if isinstance(record, Member)],
        [record for record in records if isinstance(record, Message)],
        [row for row in rows if isinstance(row, BadRow)],
    )


def lines(*rows: str, header: str = "时间,发送人,内容") -> str:
    return "\n".join((header, *rows)) + "\n"


SMALL = lines("2024-03-05 21:14:03,青禾,大家晚上好", "2024-03-05 21:15:00,老木匠,晚上好呀")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_exports_of_any_usual_encoding_read_the_same(tmp_path: Path, encoding: str) -> None:
    assert read(tmp_path, SMALL, encoding=encoding) == read(tmp_path, SMALL)
    assert [message.text for message in read(tmp_path, SMALL).messages] == ["大家晚上好", "晚上好呀"]


def test_the_group_becomes_one_open_channel_named_after_the_file(tmp_path: Path) -> None:
    found = read(tmp_path, SMALL)
    assert found.channels == [Channel(id="河边木工群", name="河边木工群")]
    assert {message.channel for message in found.messages} == {"河边木工群"}


@pytest.mark.parametrize("header", ["sender,text,time", "发言人,消息,日期", "昵称\t内容\t时间", "name;message;date"])
def test_columns_stand_in_any_order_and_language(tmp_path: Path, header: str) -> None:
    separator = next(mark for mark in ",\t;" if mark in header)
    row = separator.join(("青禾", "你好", "2024-03-05 21:14:03"))
    assert [message.text for message in read(tmp_path, lines(row, header=header)).messages] == ["你好"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-03-05 21:14:03", "2024-03-05T13:14:03Z"),
        ("2024/3/5 21:14", "2024-03-05T13:14:00Z"),
        ("2024年3月5日 21:14", "2024-03-05T13:14:00Z"),
        ("2024年3月5日 下午9:14", "2024-03-05T13:14:00Z"),
        ("2024-3-5 12:05 AM", "2024-03-04T16:05:00Z"),
        ("2024-03-05T21:14:03+01:00", "2024-03-05T20:14:03Z"),
        ("1709644443", "2024-03-05T13:14:03Z"),
    ],
)
def test_times_are_read_as_exports_write_them(tmp_path: Path, written: str, meant: str) -> None:
    (message,) = read(tmp_path, lines(f"{written},青禾,你好")).messages
    assert format_time(message.time) == meant


def test_times_are_those_of_the_zone_asked_for(tmp_path: Path) -> None:
    (message,) = read(tmp_path, lines("2024-07-05 21:14,青禾,hi"), zone="Europe/Berlin").messages
    assert format_time(message.time) == "2024-07-05T19:14:00Z"


def test_lines_of_the_same_minute_keep_their_order_also_when_the_newest_comes_first(tmp_path: Path) -> None:
    rows = [f"2024/3/5 21:14,青禾,第{n}句" for n in range(5)] + ["2024/3/5 21:15,青禾,完"]
    forward = read(tmp_path, lines(*rows)).messages
    backward = read(tmp_path, lines(*reversed(rows))).messages
    assert [message.text for message in sorted(forward, key=lambda message: message.time)] == [
        "第0句", "第1句", "第2句", "第3句", "第4句", "完",
    ]  # fmt: skip
    assert sorted(forward, key=lambda m: m.time) == sorted(backward, key=lambda m: m.time)


def test_the_same_words_twice_are_two_messages_and_a_second_reading_makes_the_same_ids(tmp_path: Path) -> None:
    twice = lines("2024/3/5 21:14,青禾,收到", "2024/3/5 21:14,青禾,收到")
    first, second = read(tmp_path, twice), read(tmp_path, twice)
    assert len({message.id for message in first.messages}) == 2
    assert first == second


def test_a_changed_nickname_stays_one_person_under_the_newest_name(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        lines(
            "2024-03-05 21:00,青禾,我先说一句",
            '2024-03-05 21:01,,"""青禾""修改群昵称为""青禾-成都"""',
            "2024-03-05 21:02,青禾-成都,我换名字了",
        ),
    )
    (member,) = found.members
    assert member.name == "青禾-成都"
    assert member.identities == (Identity("wechat", "青禾"), Identity("wechat", "青禾-成都"))
    assert {message.author for message in found.messages} == {member.id}


def test_a_nickname_that_somebody_else_goes_by_is_not_taken_over(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        lines(
            "2024-03-05 21:00,青禾,一",
            "2024-03-05 21:01,小满,二",
            "2024-03-05 21:02,系统消息,青禾修改群昵称为小满",
            "2024-03-05 21:03,小满,三",
        ),
    )
    assert found.said("三").author == found.said("二").author != found.said("一").author


def test_a_wxid_tells_namesakes_apart_and_follows_a_person_through_names(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        lines(
            "2024-03-05 21:00,小满,一,wxid_a",
            "2024-03-05 21:01,小满,二,wxid_b",
            "2024-03-05 21:02,满满,三,wxid_a",
            header="时间,昵称,内容,wxid",
        ),
    )
    assert found.said("一").author == found.said("三").author != found.said("二").author
    first = next(member for member in found.members if member.id == found.said("一").author)
    assert {one.handle for one in first.identities} == {"小满", "满满", "wxid_a"}
    handles = [one for member in found.members for one in member.identities]
    assert len(handles) == len(set(handles)), "a handle belongs to one member"


def test_people_known_from_elsewhere_keep_the_id_they_have(tmp_path: Path) -> None:
    found = read(tmp_path, SMALL, known={("wechat", "青禾"): "ann"})
    assert found.said("大家晚上好").author == "ann"
    assert found.named("青禾").id == "ann"


@pytest.mark.parametrize(
    "row",
    [
        ',"""小满""邀请""青禾""加入了群聊"',
        ',"""小满""撤回了一条消息"',
        '小满,"""小满"" 撤回了一条消息"',
        "系统消息,小满拍了拍青禾的肩膀",
        "小满,你撤回了一条消息",
        ",青禾领取了小满的红包",
        ",小满修改群名为“河边”",
    ],
)
def test_what_the_platform_says_is_nobodys_message(tmp_path: Path, row: str) -> None:
    found = read(tmp_path, lines("2024-03-05 20:00,小满,在吗", f"2024-03-05 21:00,{row}"))
    assert [message.text for message in found.messages] == ["在吗"]
    assert not found.bad


def test_speaking_about_such_things_is_speech(tmp_path: Path) -> None:
    found = read(
        tmp_path, lines("2024-03-05 20:00,小满,昨天谁拍了拍我", "2024-03-05 20:01,青禾,我刚才撤回了一条消息，抱歉")
    )
    assert len(found.messages) == 2


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("[图片]", ""),
        ("[动画表情]", ""),
        ('"[语音] 12"""', ""),
        ("[文件] 报价单.pdf", ""),
        ("[位置] 某某路 8 号", ""),
        ("[链接] 怎样磨一把凿子", "怎样磨一把凿子"),
        ("哈哈[捂脸][捂脸]可以", "哈哈可以"),
        ("[旺柴]", ""),
        ("[急招] 木工一名 a[0]", "[急招] 木工一名 a[0]"),
        ('"<?xml version=""1.0""?><msg><title>周末活动</title></msg>"', "周末活动"),
        ("群公告：周六十点集合", "周六十点集合"),
    ],
)
def test_only_words_are_kept_and_a_line_without_any_still_counts_as_activity(
    tmp_path: Path, written: str, spoken: str
) -> None:
    (message,) = read(tmp_path, lines(f"2024-03-05 21:00,青禾,{written}")).messages
    assert message.text == spoken


def test_an_announcement_is_the_message_of_who_put_it_up(tmp_path: Path) -> None:
    found = read(
        tmp_path, lines("2024-03-05 20:00,青禾,在", '2024-03-05 21:00,,"""青禾""发布了群公告：周六十点河边集合"')
    )
    assert found.said("周六十点河边集合").author == found.said("在").author


def test_a_quoting_reply_points_to_the_nearest_earlier_such_message(tmp_path: Path) -> None:
    quote = '"「青禾：谁有夹具」\n- - - - - - - - - - - - - - -\n我有两个[OK]"'
    found = read(
        tmp_path,
        lines(
            "2024-03-05 20:00,青禾,谁有夹具",
            "2024-03-05 20:01,小满,谁有夹具",
            "2024-03-05 20:02,青禾,谁有夹具",
            f"2024-03-05 20:03,老木匠,{quote}",
            "2024-03-05 20:04,青禾,谁有夹具",
        ),
    )
    reply = found.said("我有两个")
    assert reply.reply_to == found.messages[2].id
    assert found.messages[2].author == found.named("青禾").id
    assert not reply.mentions


def test_a_reply_to_words_that_are_not_in_the_export_addresses_the_person(tmp_path: Path) -> None:
    quote = '"「青禾：上个月的话」\n—————————\n还记得"'
    found = read(tmp_path, lines("2024-03-05 20:00,青禾,别的", f"2024-03-05 20:03,老木匠,{quote}"))
    assert found.said("还记得").reply_to == ""
    assert found.said("还记得").mentions == (found.named("青禾").id,)


def test_names_after_an_at_sign_are_mentions_the_longest_name_first(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        lines(
            "2024-03-05 20:00,青禾,一",
            "2024-03-05 20:01,青禾 成都,二",
            "2024-03-05 20:02,老木匠,@青禾 成都\u2005@青禾 你们看 @所有人 a@青禾公司",
        ),
    )
    (message,) = [m for m in found.messages if m.author == found.named("老木匠").id]
    assert message.mentions == (found.named("青禾 成都").id, found.named("青禾").id)


def test_a_bad_row_names_its_line_and_does_not_stop_the_rest(tmp_path: Path) -> None:
    text = lines(
        "2024-03-05 20:00,青禾,一",
        "昨天,青禾,二",
        '2024-03-05 20:02,青禾,"三\n行"',
        "2024-03-05 20:03,青禾",
        "2024-02-30 20:03,青禾,四",
        "2024-03-05 20:05,青禾,五",
    )
    found = read(tmp_path, text)
    assert [(row.line, row.file) for row in found.bad] == [(n, "河边木工群.csv") for n in (3, 6, 7)]
    assert [message.text for message in found.messages] == ["一", "三\n行", "五"]


def test_broken_bytes_spoil_only_their_row(tmp_path: Path) -> None:
    path = tmp_path / "group.csv"
    text = lines(*[f"2024-03-05 20:{n:02},青禾,第{n}句话说得比较长一些" for n in range(30)])
    path.write_bytes(text.encode() + b"2024-03-05 21:00,\xff\xfe,x\n2024-03-05 21:01,\xe9\x9d\x92\xe7\xa6\xbe,end\n")
    rows = list(open_source(path).rows("organizers", {}))
    assert [row.line for row in rows if isinstance(row, BadRow)] == [32]
    assert sum(isinstance(row, Row) and isinstance(row.record, Message) for row in rows) == 31


def test_what_is_no_export_is_refused_with_the_columns_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"time .*时间"):
        read(tmp_path, "发送人,内容\n青禾,你好\n")
    with pytest.raises(ArchiveError, match="Mars/Olympus"):
        read(tmp_path, SMALL, zone="Mars/Olympus")
