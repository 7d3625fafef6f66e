"""What the words of a WeChat line mean: system notices, placeholders, stickers, quotes and mentions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

_SYSTEM_SENDERS = frozenset({"", "系统", "系统消息", "系统通知", "system", "系统提示"})
_SYSTEM_KINDS = frozenset({"系统", "系统消息", "系统通知", "system", "sys", "10000", "10002", "撤回消息", "拍一拍"})
_OPEN, _CLOSE = "[\"“”「『']", "[\"“”」』']"
_RENAME = re.compile(
    rf"{_OPEN}?(?P<old>[^\n]+?){_CLOSE}?\s*"
    r"(?:(?:已?修改|更改|设置|将|把)(?:了|自己的|自己在本群的|本群的|在本群的)*群?(?:内的?)?昵称(?:修改|更改|改)?(?:为|成)"
    r"|更名为|changed (?:their |the )?(?:group )?(?:nickname|alias) to)"
    rf"\s*[:：]?\s*{_OPEN}?(?P<new>[^\n]+?){_CLOSE}?"
)
_ANNOUNCED = re.compile(
    rf"(?:{_OPEN}?(?P<by>[^\n]+?){_CLOSE}?\s*)?(?:发布|修改|更新)了?新?的?群公告\s*[:：]?\s*(?P<text>.*)", re.DOTALL
)
_ANNOUNCEMENT = re.compile(r"(?:[\[【]群公告[\]】]|群公告\s*[:：])\s*", re.DOTALL)
_NOTICE = re.compile(
    r"(?:撤回了一条(?:成员)?消息|加入了?群聊|移出了?群聊|退出了?群聊|拍了拍|领取了.*红包|的红包|"
    r"recalled a message|joined the group|left the group|tickled|invited .* to the group)"
)
_PLACEHOLDER = re.compile(
    r"\[(?P<what>动画表情|图片|语音|视频|文件|位置|实时位置|名片|个人名片|聊天记录|合并转发|红包|微信红包|转账|微信转账|收款|"
    r"语音通话|视频通话|通话|接龙|链接|小程序|音乐|视频号|公众号|卡片消息|分享|群公告|表情|表情包|"
    r"Sticker|Photo|Image|Voice|Video|File|Location|Contact Card|Chat History|"
    r"Link|Mini Program|Music|Red Packet|Transfer)\]"
    r"\s*(?P<rest>.*)",
    re.DOTALL,
)
# What stands after these is a title that people chose to share; after the others it is a length, a file or a place.
_TITLED = frozenset(
    {
        "链接",
        "小程序",
        "音乐",
        "视频号",
        "公众号",
        "卡片消息",
        "分享",
        "群公告",
        "接龙",
        "Link",
        "Mini Program",
        "Music",
    }
)
_SILENT_KINDS = frozenset(
    {
        "图片",
        "语音",
        "视频",
        "动画表情",
        "表情",
        "位置",
        "名片",
        "文件",
        "红包",
        "转账",
        "3",
        "34",
        "43",
        "47",
        "48",
        "42",
    }
)
_XML_TITLE = re.compile(r"<title>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?</title>", re.DOTALL)
_QUOTE = re.compile(r"「(?P<by>[^：:\n]{1,64})[：:]\s*(?P<said>.*?)」\s*\n\s*[-—–_─\s]{5,}\n(?P<text>.*)", re.DOTALL)
_AFTER_MENTION = re.compile(r"[\s\u2005,，.。:：;；!！?？、~～)）]|$")

_EMOTICONS = """
微笑 撇嘴 色 发呆 得意 流泪 害羞 闭嘴 睡 大哭 尴尬 发怒 调皮 呲牙 惊讶 难过 酷 冷汗 抓狂 吐 偷笑 愉快 白眼
傲慢 饥饿 困 惊恐 流汗 憨笑 悠闲 大兵 奋斗 咒骂 疑问 嘘 晕 疯了 衰 骷髅 敲打 再见 擦汗 抠鼻 鼓掌 糗大了 坏笑
左哼哼 右哼哼 哈欠 鄙视 委屈 快哭了 阴险 亲亲 吓 可怜 菜刀 西瓜 啤酒 篮球 乒乓 咖啡 饭 猪头 玫瑰 凋谢 嘴唇
爱心 心碎 蛋糕 闪电 炸弹 刀 足球 瓢虫 便便 月亮 太阳 礼物 拥抱 强 弱 握手 胜利 抱拳 勾引 拳头 差劲 爱你 NO OK
爱情 飞吻 跳跳 发抖 怄火 转圈 磕头 回头 跳绳 投降 激动 乱舞 献吻 左太极 右太极 嘿哈 捂脸 奸笑 机智 皱眉 耶
吃瓜 加油 汗 天啊 Emm 社会社会 旺柴 好的 打脸 哇 翻白眼 666 让我看看 叹气 苦涩 裂开 發 福 烟花 爆竹 合十 庆祝
鸡 生病 破涕为笑 脸红 恐惧 失望 无语 囧 Smile Grimace Drool Scowl CoolGuy Sob Shy Silent Sleep Cry Awkward
Angry Tongue Grin Surprise Frown Blush Scream Puke Chuckle Joyful Slight Smug Drowsy Panic Sweat Laugh
Commando Determined Scold Shocked Shhh Dizzy Toasted Skull Hammer Wave Speechless NosePick Clap Trick Yawn
Shrunken TearingUp Sly Kiss Whimper Happy Sick Flushed Terror Duh Cleaver Watermelon Beer Coffee Pig Rose Wilt
Lips Heart BrokenHeart Cake Bomb Poop Moon Sun Hug ThumbsUp ThumbsDown Shake Peace Fight Salute Beckon Fist
Worship Hey Facepalm Smirk Smart Concerned Yeah! Onlooker GoForIt Sweats OMG Respect Doge NoProb MyBad Wow
Boring Awesome LetMeSee Sigh Hurt Broken Party Gift Packet Blessing Fireworks Firecracker
"""
_EMOTICON = re.compile(r"\[(?:" + "|".join(map(re.escape, _EMOTICONS.split())) + r")\]")


class Quote(NamedTuple):
    """A reply that quotes: whom, what they said, and the reply itself."""

    by: str
    said: str
    text: str


class Announcement(NamedTuple):
    """A notice of the group; `by` is "" where the line does not say who put it up."""

    by: str
    text: str


def is_system(sender: str, kind: str, text: str) -> bool:
    """Whether the platform speaks, and not a person."""
    if sender.casefold() in _SYSTEM_SENDERS or kind.casefold() in _SYSTEM_KINDS:
        return True
    # Some exports put a notice under the name of whom it is about; people seldom quote themselves by name.
    opening = text.lstrip('"“「').startswith((sender, "你")) or text.startswith(('"', "“"))
    return opening and len(text) <= 120 and bool(_NOTICE.search(text) or _RENAME.fullmatch(text))


def renamed(text: str) -> tuple[str, str] | None:
    """The old and the new nickname, where a notice tells of a change."""
    match = _RENAME.fullmatch(text.strip())
    return (match["old"].strip(), match["new"].strip()) if match else None


def announced(text: str) -> Announcement | None:
    """The announcement in a system line, if it holds one."""
    if match := _ANNOUNCED.fullmatch(text):
        return Announcement((match["by"] or "").strip(), match["text"].strip())
    if match := _ANNOUNCEMENT.match(text):
        return Announcement("", text[match.end() :].strip())
    return None


def quoted(text: str) -> Quote | None:
    """The parts of 「name：words」 ----- reply, where a line is one."""
    match = _QUOTE.fullmatch(text)
    return Quote(match["by"].strip(), match["said"].strip(), match["text"].strip()) if match else None


def spoken(text: str, kind: str = "") -> str:
    """The words of a line without stickers, placeholders and markup; "" when it holds none."""
    if text.startswith(("<?xml", "<msg", "<sysmsg")):
        title = _XML_TITLE.search(text)
        return title[1].strip() if title else ""
    if match := _PLACEHOLDER.fullmatch(text):
        return spoken(match["rest"]) if match["what"] in _TITLED else ""
    if kind in _SILENT_KINDS:
        return ""
    text = _ANNOUNCEMENT.sub("", text, count=1) if _ANNOUNCEMENT.match(text) else text
    return _EMOTICON.sub("", text).replace("\u2005", " ").strip()


def mentioned(text: str, nicknames: Collection[str], longest: int) -> Iterable[str]:
    """The nicknames after an @, the longest known one each; `longest` is the length of the longest nickname."""
    at = text.find("@")
    while at >= 0:
        for size in range(min(longest, len(text) - at - 1), 0, -1):
            name = text[at + 1 : at + 1 + size]
            if name in nicknames and _AFTER_MENTION.match(text, at + 1 + size):
                yield name
                break
        at = text.find("@", at + 1)
