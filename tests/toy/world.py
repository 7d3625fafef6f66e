"""A tiny community whose right answers are known, and what is needed to ask it.

Everybody speaks about equally often and about equally late, so that what decides is what they say and state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from models.community.builder import Builder
from models.community.view import Community
from models.domain.records import (
    Block,
    Channel,
    Identity,
    Member,
    Message,
    Need,
    Outcome,
    Project,
    Record,
    Suggestion,
    Tie,
)
from models.domain.records import Community as CommunityRecord

HOUR = 3_600_000_000
DAY = 24 * HOUR
START = 1_772_323_200_000_000  # 2026-03-01T00:00:00Z
NOW = START + 60 * DAY
DIMENSION = 512

Encode = Callable[[Sequence[str]], np.ndarray]
R = TypeVar("R", bound=Record)

COMMUNITY = CommunityRecord(
    id="toy", name="Courtyard 小院", purpose="neighbours who make things together 一起做事的邻居"
)

MEMBERS = (
    Member(
        id="mei",
        name="梅姐",
        profile="退休教师，在阳台和小院里种菜，喜欢带孩子们看种子发芽。",
        aims=("让城里的孩子认识泥土和四季",),
        offers=(Need("堆肥和种菜的经验", "growth"),),
        seeks=(Need("有人帮菜园做一个网站", "resources"),),
        values=("耐心，慢慢来",),
        languages=("zh",),
        place="上海",
        time_zone="Asia/Shanghai",
        consent="members",
    ),
    Member(
        id="noah",
        name="Noah",
        profile="I keep vegetables on a rooftop and show school classes where food comes from.",
        aims=("help city children get to know soil and the seasons",),
        offers=(Need("carpentry: raised beds and sheds", "resources"),),
        seeks=(Need("money for seeds and tools", "income"),),
        values=("patience, letting things grow",),
        languages=("en",),
        place="Shanghai",
        time_zone="Asia/Shanghai",
        consent="members",
    ),
    Member(
        id="ada",
        name="Ada",
        profile="Web developer, small sites for small shops.",
        aims=("earn a living from honest software",),
        offers=(Need("building websites", "resources"),),
        seeks=(Need("advice on composting and growing vegetables", "growth"),),
        values=("privacy of users",),
        languages=("en", "zh"),
        place="Berlin",
        time_zone="Europe/Berlin",
        consent="members",
        attributes={"team": "blue", "years": 7},
    ),
    Member(
        id="liang",
        name="亮子",
        profile="自由摄影师，拍人也拍街道。",
        aims=("拍一部关于老街的纪录片",),
        offers=(Need("摄影和短视频剪辑", "resources"),),
        seeks=(Need("教我弹吉他的人", "growth"),),
        languages=("zh",),
        place="成都",
        time_zone="Asia/Shanghai",
        consent="members",
        identities=(Identity("wechat", "liang_photo"),),
    ),
    Member(
        id="sofia",
        name="Sofia",
        profile="Singer and guitarist in a street band.",
        aims=("record our first album",),
        offers=(Need("guitar lessons for beginners", "growth"),),
        seeks=(Need("someone to shoot and edit a video of our band", "resources"),),
        languages=("en",),
        place="Lisbon",
        time_zone="Europe/Lisbon",
        consent="members",
        attributes={"team": "blue"},
    ),
    Member(
        id="kenji",
        name="Kenji",
        profile="Accountant for small firms.",
        aims=("make money matters less frightening",),
        offers=(Need("bookkeeping and tax advice", "resources"),),
        seeks=(Need("translation of contracts into Chinese", "resources"),),
        languages=("en",),
        place="Osaka",
        time_zone="Asia/Tokyo",
        consent="members",
    ),
    Member(
        id="hua",
        name="华老师",
        profile="自由译者，读小说也读合同。",
        offers=(Need("中英文翻译，合同和文学都可以", "resources"),),
        seeks=(Need("记账和报税的建议", "resources"),),
        languages=("zh", "en"),
        place="杭州",
        time_zone="Asia/Shanghai",
        consent="members",
    ),
    Member(
        id="omar",
        name="Omar",
        profile="Long-distance runner, up at five.",
        aims=("run a marathon under three hours",),
        offers=(Need("running training plans", "growth"),),
        seeks=(Need("treatment for sports injuries", "resources"),),
        values=("discipline",),
        languages=("en",),
        place="Cairo",
        time_zone="Africa/Cairo",
        consent="members",
    ),
    Member(
        id="xin",
        name="小欣",
        profile="康复治疗师，在医院工作。",
        aims=("让受伤的人重新动起来",),
        offers=(Need("运动损伤的康复治疗", "resources"),),
        seeks=(Need("跑步训练计划", "growth"),),
        languages=("zh",),
        place="北京",
        time_zone="Asia/Shanghai",
        consent="members",
    ),
    Member(
        id="ruth",
        name="Ruth",
        profile="Potter with a kiln to share; organizers may recommend me.",
        offers=(Need("use of a kiln", "resources"),),
        languages=("en",),
        consent="organizers",
    ),
    Member(id="tao", name="涛", profile="想安静看看，不想被推荐。喜欢陶艺。", languages=("zh",), consent="nobody"),
    Member(
        id="pia",
        name="Pia",
        profile="Beekeeper on parental leave.",
        offers=(Need("honey and knowledge of bees", "resources"),),
        consent="members",
        paused_until=NOW + 30 * DAY,
    ),
    Member(id="fresh", name="fresh", consent="members"),
    Member(id="cold", name="cold", consent="members"),
)

CHANNELS = (
    Channel(id="plaza", name="广场 Plaza"),
    Channel(id="garden", name="菜园 Garden"),
    Channel(id="inner", name="Inner circle", visibility="members", members=("omar", "ada", "sofia")),
    Channel(id="back", name="Back room", visibility="private", members=("kenji", "sofia")),
)

TALK = (  # (author, channel, text), said one after another, five hours apart
    ("mei", "garden", "今天把厨房里的菜叶埋进了堆肥箱，土壤闻起来很好。"),
    ("noah", "garden", "The tomato seedlings on the roof survived the storm, the soil is finally warm."),
    ("ada", "plaza", "Spent the day making an online shop load faster on old phones."),
    ("liang", "plaza", "傍晚在老街拍到了很好的光线，底片冲洗出来再给大家看。"),
    ("sofia", "plaza", "Our band played on the square tonight, my strings broke twice."),
    ("kenji", "plaza", "Quarter end again: invoices, receipts and a lot of coffee."),
    ("hua", "plaza", "这周在翻一份租赁合同，条款绕来绕去。"),
    ("omar", "plaza", "Thirty kilometres before breakfast, my ankle is complaining."),
    ("xin", "plaza", "今天有位病人拆了石膏，第一次自己走下楼梯。"),
    ("ruth", "plaza", "The kiln is cooling down, two bowls cracked."),
    ("tao", "plaza", "路过看看，大家的陶器真好看。"),
    ("pia", "plaza", "The bees swarmed into the neighbour's chimney."),
    ("mei", "garden", "孩子们把萝卜种子撒得到处都是，春天会很热闹。"),
    ("noah", "garden", "A school class planted radishes with me today, half of the seeds are in their shoes."),
    ("ada", "plaza", "Reading about cookies banners, I refuse to build another one."),
    ("liang", "plaza", "剪片子剪到半夜，三分钟的短片用了两百个镜头。"),
    ("sofia", "plaza", "Wrote a new song about the night tram, three chords only."),
    ("kenji", "plaza", "Somebody asked me whether a bicycle can be deducted. Sometimes it can."),
    ("hua", "plaza", "译完了一个短篇小说，主角是一只会写信的猫。"),
    ("omar", "plaza", "Hill repeats today, then an ice bath."),
    ("xin", "plaza", "给大家一个小建议：跑步前先活动膝盖和脚踝。"),
    ("ruth", "plaza", "New glaze test: something between moss and fog."),
)

SAID = (
    *(
        Message(id=f"t{i:02}", author=author, time=START + i * 5 * HOUR, text=text, channel=channel)
        for i, (author, channel, text) in enumerate(TALK)
    ),
    # Ada, Sofia and Kenji have all dealt with Hua, with Omar and in the open; so they have acquaintances in common.
    Message(
        id="r1",
        author="ada",
        time=START + 6 * DAY,
        text="Nice, which cat story is it?",
        channel="plaza",
        reply_to="t18",
    ),
    Message(
        id="r2",
        author="liang",
        time=START + 6 * DAY + HOUR,
        text="我也想看这个故事",
        channel="plaza",
        mentions=("hua",),
    ),
    Message(
        id="r3", author="ada", time=START + 7 * DAY, text="Can one really run on ice?", channel="plaza", reply_to="t19"
    ),
    Message(
        id="s1", author="sofia", time=START + 8 * DAY, text="zeppelin rehearsal at nine, tell nobody", channel="back"
    ),
    Message(
        id="s2",
        author="kenji",
        time=START + 8 * DAY + HOUR,
        text="zeppelin noted",
        channel="back",
        reply_to="s1",
        thread="z",
    ),
    Message(
        id="s3", author="omar", time=START + 9 * DAY, text="obsidian plans for the relay", channel="inner", thread="o"
    ),
    Message(id="s4", author="ada", time=START + 9 * DAY + HOUR, text="obsidian it is", channel="inner", reply_to="s3"),
    Message(
        id="n1", author="fresh", time=START + 10 * DAY, text="Hello everybody, I have just moved here.", channel="plaza"
    ),
)

PROJECTS = (
    Project(
        id="seedbus",
        time=START + 5 * DAY,
        title="Seed bus",
        text="An old bus that brings seeds and soil to school yards all over the city.",
        members=("noah",),
        needs=(Need("somebody building a website for bookings"), Need("someone who knows composting")),
        state="open",
    ),
    Project(
        id="album",
        time=START + 5 * DAY,
        title="街头乐队的第一张专辑",
        text="录一张街头音乐专辑，十首歌，三把吉他。",
        members=("sofia",),
        needs=(Need("拍摄一支音乐短片"),),
        state="open",
    ),
    Project(
        id="clinic",
        time=START + 5 * DAY,
        title="Open clinic for runners",
        text="A free evening where runners have their injuries looked at.",
        members=("omar",),
        needs=(Need("a physiotherapist"),),
        state="open",
    ),
    Project(
        id="mural",
        time=START + 2 * DAY,
        title="Mural",
        text="A wall painted together.",
        members=("ruth", "tao"),
        state="done",
    ),
)

OTHERS: tuple[Record, ...] = (
    Block(id="b1", source="noah", target="kenji"),
    Outcome(id="o1", source="omar", target="sofia", time=START + 11 * DAY, kind="dismissed"),
    Tie(id="k1", source="ruth", target="pia", time=START),
)

RECORDS: tuple[Record, ...] = (*CHANNELS, *MEMBERS, *PROJECTS, *SAID, *OTHERS)


def builder_of(records: Iterable[Record], encode: Encode) -> Builder:
    """A builder that has seen the records, vectors included."""
    builder = Builder(COMMUNITY, DIMENSION, "use-multilingual-v3")
    builder.put_all(records)
    embed(builder, encode)
    return builder


def embed(builder: Builder, encode: Encode) -> None:
    """Give the builder the vectors that it waits for."""
    builder.embed_pending(lambda texts: encode([text for _, text in texts]))


def view_of(records: Iterable[Record], encode: Encode) -> Community:
    """The community that the records make."""
    return builder_of(records, encode).view()


def changed(records: Iterable[Record], kind: type[R], record_id: str, **fields: object) -> tuple[Record, ...]:
    """The records with some fields of one of them changed."""
    return tuple(
        replace(r, **fields) if isinstance(r, kind) and r.id == record_id else r  # type: ignore[arg-type]
        for r in records
    )


def without(records: Iterable[Record], kind: type[R], *ids: str) -> tuple[Record, ...]:
    """The records but for some."""
    return tuple(r for r in records if not (isinstance(r, kind) and r.id in ids))


def member(record_id: str) -> Member:
    """A member of the toy world."""
    return next(m for m in MEMBERS if m.id == record_id)


def suggestion(member_id: str, field: str, text: str, message: str) -> Suggestion:
    """Something read out of a member's words."""
    return Suggestion(id=f"{member_id}-{field}", member=member_id, field=field, text=text, message=message)  # type: ignore[arg-type]
