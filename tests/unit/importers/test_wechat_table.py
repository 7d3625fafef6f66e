"""Tables of WeChat chats made by hand or by tools that nobody knows: columns, names, quotations, notices."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.archive.container import ArchiveError
from service.importers.formats import recognised
from service.importers.frame.container import open_container
from tests.wechat_files import (
    SMALL,
    World,
    found_told,
    read,
    shared_case,
    spoil,
    survives,
    table,
    told,
    workbook,
    worlds,
    write,
)

MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SPOILT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
DASHES = "- - - - - - - - - - - - - - -"


def rows_of(world: World, *, ids: bool) -> list[list[str]]:
    header = ["时间", "昵称", "内容"] + ["wxid"] * ids
    rows = [header]
    for line in world.lines:
        words = {
            "picture": "[图片]",
            "voice": '[语音] 12"',
            "transcript": f"[语音转文字] {line.words}",
            "link": f"[链接] {line.words}",
            "notice": f'"{world.name(line)}" 撤回了一条消息',
        }.get(line.kind, world.text(line))
        if line.kind == "reply":
            answered = world.lines[line.to]
            words = f"「{world.name(answered)}：{answered.words}」\n{DASHES}\n{line.words}"
        rows.append([world.local(line), world.name(line), words, *([world.wxid(line)] * ids)])
    return rows


@MANY
@given(worlds(), st.booleans(), st.sampled_from(("csv", "newest first", "xlsx")))
def test_a_group_is_read_back_as_it_was(tmp_path: Path, world: World, ids: bool, form: str) -> None:
    """A table has no message ids; everything else comes back, whichever end it begins at."""
    header, *rows = rows_of(world, ids=ids)
    rows = [header, *(reversed(rows) if form == "newest first" else rows)]
    path = write(tmp_path, "group.xlsx", workbook(rows)) if form == "xlsx" else write(tmp_path, "g.csv", table(rows))
    found = read(path)
    assert found_told(found) == told(world)
    assert not found.bad
    assert found.report.unused.total() == sum(line.kind == "notice" for line in world.lines)


@SPOILT
@given(st.integers(0, 1 << 30), st.booleans())
def test_a_spoilt_table_gives_rows_or_a_sentence(tmp_path: Path, seed: int, excel: bool) -> None:
    rows = rows_of(SMALL, ids=True)
    data = workbook(rows) if excel else table(rows).encode()
    survives(write(tmp_path, "g.xlsx" if excel else "g.csv", spoil(data, seed)), "wechat")


@pytest.mark.parametrize(
    "header",
    [
        "发送时间,发送者昵称,消息正文",
        "创建时间,用户名,消息内容",
        "时间,群内昵称,聊天内容",
        "Date,Author,Content",
        "时间,姓名,msg",
        "CreateTime,talker,msg",
        "消息时间戳,发送人昵称,内容",
    ],
)
def test_header_words_of_many_tools_are_known(tmp_path: Path, header: str) -> None:
    found = read(write(tmp_path, "g.csv", f"{header}\n2024-03-05 08:54:20,木木,大家好\n"))
    assert found.texts == ["大家好"]
    assert found.named("木木")
    assert "not used" not in found.report.columns.values()


@pytest.mark.parametrize("above", ["sep=,\n", "群聊：泥巴社\n导出时间：2024-03-06 10:00:00\n\n", "泥巴社\n,,\n"])
def test_the_header_may_stand_below_titles(tmp_path: Path, above: str) -> None:
    found = read(write(tmp_path, "g.csv", f"\ufeff{above}时间,昵称,内容\n2024-03-05 08:54:20,木木,大家好\n"))
    assert (found.texts, len(found.members)) == (["大家好"], 1)
    assert found.channels[0].name == ("泥巴社" if "群聊" in above else "g")


def test_columns_that_are_not_used_are_named(tmp_path: Path) -> None:
    rows = "时间,昵称,内容,擅长,备注\n2024-03-05 08:54:20,木木,大家好,拉坯,木头\n"
    columns = read(write(tmp_path, "g.csv", rows)).report.columns
    assert columns["擅长"] == "not used"
    assert columns["备注"].startswith("not used")
    assert columns["昵称"] == "name"


def test_the_group_nickname_is_shown_and_both_names_are_found_by(tmp_path: Path) -> None:
    rows = table(
        [
            ["时间", "昵称", "群昵称", "备注", "wxid", "内容"],
            ["2024-03-05 09:00", "木木", "苏州-木木", "木头", "wxid_m1", "我家有电窑"],
            ["2024-03-05 09:01", "阿青", "", "", "wxid_q2", "@苏州-木木\u2005周六行吗"],
            ["2024-03-05 09:02", "阿青", "", "", "wxid_q2", "@木木 行吗"],
            ["2024-03-05 09:03", "", "阿火", "", "wxid_h3", f"「木头：我家有电窑」\n{DASHES}\n太好了"],
        ]
    )
    found = read(write(tmp_path, "g.csv", rows))
    wood = found.named("苏州-木木")
    assert [message.mentions for message in found.messages] == [(), (wood.id,), (wood.id,), ()]
    assert found.said("太好了").reply_to == found.messages[0].id
    assert {member.name for member in found.members} == {"苏州-木木", "阿青", "阿火"}
    assert ("wxid", "wxid_m1") in found.identities("苏州-木木")


def test_a_column_sender_is_an_id_only_where_it_holds_ids(tmp_path: Path) -> None:
    named = read(write(tmp_path, "a.csv", "time,sender,content\n2024-03-05 09:00,Anna,hello there\n"))
    assert [(one.platform, one.handle) for one in named.members[0].identities] == [("wechat", "Anna")]
    ids = read(write(tmp_path, "b.csv", "time,sender,name,content\n2024-03-05 09:00,wxid_anna1,Anna,hello there\n"))
    assert ids.identities("Anna") == {("wxid", "wxid_anna1"), ("wechat", "Anna")}


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("[语音消息]", ""),
        ("[动画表情: 哈哈]", ""),
        ("[表情包：加油]", ""),
        ("![图片](http://127.0.0.1:5030/image/ab)", ""),
        ("[文件|泥料 (2).xlsx](http://127.0.0.1:5030/file/c)", ""),
        ("[链接|电窑[二]怎样用](https://example.org/k)", "电窑[二]怎样用"),
        ("[语音转文字] 明天带泥料", "明天带泥料"),
        ("[语音消息] 12秒", ""),
        ("[语音消息 - 转文字失败]", ""),
        ("[转发的聊天记录]老周和小林的聊天记录\n老周 03-05\n别人的话", ""),
        ("[合并转发|聊天记录]\n  老周 2024-03-05 08:54:20\n  别人的话\n", ""),
        ("[位置|某某路 8 号|杭州]", ""),
        ("[转账|发送 ¥5.00](泥料)", ""),
        ("[小程序|接龙管家](https://a.b)", "接龙管家"),
        ("【图片】", ""),
        ("[图片] 这是我的窑", "这是我的窑"),
        ("我引用了两篇文章[见附件]", "我引用了两篇文章[见附件]"),
        ("[急招] 拉坯老师", "[急招] 拉坯老师"),
        ("> 这不是引用，是我写的", "> 这不是引用，是我写的"),
        ("<msg><appmsg><title>烧窑笔记</title><type>5</type></appmsg></msg>", "烧窑笔记"),
        ("<msg><appmsg><title>群聊的聊天记录</title><type>19</type></appmsg></msg>", ""),
        ("[不支持的消息类型]", ""),
    ],
)
def test_only_the_authors_own_words_are_words(tmp_path: Path, written: str, spoken: str) -> None:
    found = read(write(tmp_path, "g.csv", table([["时间", "昵称", "内容"], ["2024-03-05 09:00", "木木", written]])))
    assert found.texts == [spoken]


@pytest.mark.parametrize(
    "quote",
    [
        "我有[引用 木木：谁有电窑可以借]",
        "我有\n\n[引用](2024-03-05 09:00:00)木木:谁有电窑可以借",
        "> 木木(wxid_m1) 03-05 09:00:00\n> 谁有电窑可以借\n我有",
        f"「木木：谁有电窑可以借」\n{DASHES}\n我有",
        f"「木木：谁有电窑…」\n{DASHES}\n我有",
        "<msg><appmsg><title>我有</title><type>57</type><refermsg><displayname>木木</displayname>"
        "<content>谁有电窑可以借</content></refermsg></appmsg></msg>",
    ],
)
def test_what_a_reply_quotes_is_not_its_authors_and_is_found(tmp_path: Path, quote: str) -> None:
    rows = [
        ["时间", "昵称", "内容"],
        ["2024-03-05 09:00", "木木", "谁有电窑可以借"],
        ["2024-03-05 09:01", "阿青", quote],
    ]
    found = read(write(tmp_path, "g.csv", table(rows)))
    assert found.said("我有").reply_to == found.said("谁有电窑可以借").id
    assert not found.said("我有").mentions


@pytest.mark.parametrize(
    ("sender", "text", "what"),
    [
        ("阿青", '我拍了拍 "木木"', "pat"),
        ("阿青", '我通过扫描"木木"分享的二维码加入了群聊', "joined the group"),
        ("阿青", '"阿青"修改群名为“泥巴社”', "new name of the group"),
        ("木木", "撤回了一条消息", "message taken back"),
        ("木木", "木木撤回了一条消息", "message taken back"),
        ("微信团队", "你已添加了木木，现在可以开始聊天了。", "other notice of the platform"),
        ("", '"阿青"邀请"木木"加入了群聊', "joined the group"),
        ("系统", "阿青领取了木木的红包", "red packet or payment"),
        ("", "阿青退出了群聊", "left or removed from the group"),
        ("木木", "Mu recalled a message", None),
        ("木木", "老木木我撤回刚才说的，周六我能来", None),
        ("阿青", "我拍了拍他的肩膀，他醒了", None),
        ("阿青", "我邀请大家加入群聊一起玩", None),
        ("阿青", "谁撤回了一条消息？", None),
    ],
)
def test_a_notice_is_no_message_and_is_counted(tmp_path: Path, sender: str, text: str, what: str | None) -> None:
    rows = [["时间", "昵称", "内容"], ["2024-03-05 08:00", "木木", "在吗"], ["2024-03-05 09:00", sender, text]]
    found = read(write(tmp_path, "g.csv", table(rows)))
    assert found.texts == (["在吗"] if what else ["在吗", text])
    assert dict(found.report.unused) == ({what: 1} if what else {})
    assert "微信团队" not in {member.name for member in found.members}


def test_a_blank_name_is_never_the_platform_where_something_tells_who_it_is(tmp_path: Path) -> None:
    rows = [
        ["时间", "昵称", "wxid", "类型", "内容"],
        ["2024-03-05 09:00", "", "wxid_m1", "文本", "有名无名都是我"],
        ["2024-03-05 09:01", "", "", "文本", "导出的人没有名字"],
        ["2024-03-05 09:02", "", "", "系统消息", "木木加入了群聊"],
    ]
    found = read(write(tmp_path, "g.csv", table(rows)))
    assert found.texts == ["有名无名都是我", "导出的人没有名字"]
    assert {member.name for member in found.members} == {"wxid_m1", "我"}
    assert found.named("我").identities == ()


def test_me_is_of_one_file_unless_they_say_who_they_are(tmp_path: Path) -> None:
    rows = "时间,发送者,内容\n2024-03-05 09:00:00,我,{}\n2024-03-05 09:01:00,木木,好\n"
    one = write(tmp_path / "a", "g.csv", rows.format("我会修收音机"))
    other = write(tmp_path / "b", "g.csv", rows.format("我会拉坯"))
    first, second = read(one), read(other)
    assert first.named("我").id != second.named("我").id
    assert first.named("木木").id == second.named("木木").id
    assert any("--me" in note for note in first.report.notes)
    longer = write(tmp_path / "c", "g.csv", rows.format("我会修收音机") + "2024-03-06 09:00:00,我,还会修钟\n")
    assert read(longer).named("我").id == first.named("我").id, "a later export of the same chat"
    said = read(one, me="阿青")
    assert said.named("阿青").id == said.said("我会修收音机").author
    assert said.report.notes == ["g: only two people speak; if it is a private chat, leave it out."]
    assert ("wxid", "wxid_q2") in {
        (o.platform, o.handle) for m in read(one, me="wxid_q2").members for o in m.identities
    }


def test_words_with_commas_that_nobody_put_in_quotes_are_kept(tmp_path: Path) -> None:
    found = read(write(tmp_path, "g.csv", "时间,昵称,内容\n2024-03-05 09:00,木木,好的,周六见,带泥\n"))
    assert found.texts == ["好的,周六见,带泥"]


def test_files_of_a_folder_are_rooms_of_their_own(tmp_path: Path) -> None:
    for name in ("泥巴社", "木工群"):
        write(tmp_path, f"{name}.csv", f"时间,昵称,内容\n2024-03-05 09:00,木木,{name}的话\n")
    write(tmp_path, "readme.pdf", b"%PDF")
    found = read(tmp_path)
    assert {channel.name for channel in found.channels} == {"泥巴社", "木工群"}
    assert len(found.members) == 1
    assert found.report.unused["file that is no chat"] == 1


def test_a_packed_file_that_is_cut_off_gives_what_came_before(tmp_path: Path) -> None:
    rows = "".join(
        f"2024-03-05 {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02},木木,第{n}句{n**20}\n" for n in range(6000)
    )
    packed = gzip.compress(f"时间,昵称,内容\n{rows}".encode())
    found = read(write(tmp_path, "g.csv.gz", packed[: len(packed) // 2]))
    assert len(found.messages) > 100
    assert "export it again" in found.bad[-1].reason
    for format in ("wechat-memotrace", "wechat-chatlog", "wechat-weflow", "wechat-pywxdump", "wechat-chatlab"):
        survives(write(tmp_path, "a.json.gz", packed[:40]), format)


def test_what_is_no_table_of_a_chat_is_not_taken_for_one(tmp_path: Path) -> None:
    path = write(tmp_path, "g.csv", "姓名,城市\n木木,杭州\n")
    assert recognised(open_container(path)) == []
    with pytest.raises(ArchiveError, match="no column for time"):
        read(path, format="wechat")


def test_a_hostile_line_takes_no_time(tmp_path: Path) -> None:
    for text in ("「木：" + "」\n" * 20_000, "[引用 " * 20_000 + "]", "[图片" + " " * 60_000, "<title>" * 20_000,
                 "<msg>" + "<title>" * 20_000, "[链接|" + "](" * 20_000, "@" * 60_000, "木" * 60_000):  # fmt: skip
        rows = [["时间", "昵称", "内容"], ["2024-03-05 09:00", "木木", text]]
        survives(write(tmp_path, "g.csv", table(rows)), "wechat")


@pytest.mark.parametrize(
    ("case", "names", "words", "replies"),
    [
        ("02", {"陶艺-老周", "青禾", "小林"}, 3, 1),
        ("05", {"老周", "小林", "青禾"}, 3, 2),
        ("07", {"老周"}, 1, 0),
        ("08", {"周叔-陶艺"}, 1, 0),
        ("09", {"小林"}, 3, 0),
        ("10", {"老周"}, 1, 0),
        ("26", {"老周", "小林"}, 2, 0),
        ("27", {"苏州-陶艺-老周", "杭州-场地-小林", "青禾"}, 3, 1),
    ],
)
def test_shared_cases(case: str, names: set[str], words: int, replies: int) -> None:
    found = read(sorted(shared_case(case).glob("*.csv"))[0])
    assert {member.name for member in found.members} == names
    assert sum(bool(text) for text in found.texts) == words
    assert sum(bool(message.reply_to) for message in found.messages) == replies
