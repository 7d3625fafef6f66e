"""What the words of a WeChat line mean: notices, placeholders, stickers, quotations, links and transcripts.

Every exporter writes its own; the forms are listed with their sources in the modules that read each exporter. An
emoticon is [微笑] in the text itself; a placeholder is the whole line: [图片], [链接] title, ![图片](address).
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import NamedTuple

from service.importers.formats.wechat_vocabulary import (
    APP_KINDS,
    EMOTICONS,
    KIND_OF,
    MYSELF,
    PICTURES,
    SILENT,
    SYSTEM_IDS,
    SYSTEM_SENDERS,
    TITLED,
    VOICE,
    Kind,
)
from service.importers.frame.transcript import Quote

_OPEN, _CLOSE = "[\"“”「『']", "[\"“”」』']"
_RENAME = re.compile(
    rf"{_OPEN}?(?P<old>[^\n]{{1,80}}?){_CLOSE}?\s*"
    r"(?:(?:已?修改|更改|设置|将|把)(?:了|自己的|自己在本群的|本群的|在本群的)*群?(?:内的?)?昵称(?:修改|更改|改)?(?:为|成)"
    r"|更名为|changed (?:their |the )?(?:group )?(?:nickname|alias) to)"
    rf"\s*[:：]?\s*{_OPEN}?(?P<new>[^\n]{{1,80}}?){_CLOSE}?"
)
_ANNOUNCED = re.compile(
    rf"(?:{_OPEN}?(?P<by>[^\n]{{1,80}}?){_CLOSE}?\s*)?(?:发布|修改|更新)了?新?的?群公告\s*[:：]?\s*(?P<text>.*)",
    re.DOTALL,
)
_ANNOUNCEMENT = re.compile(r"(?:[\[【]群公告[\]】]|群公告\s*[:：])\s*", re.DOTALL)
_TOLD = tuple(
    (what, re.compile(pattern, re.IGNORECASE))
    for what, pattern in (
        ("message taken back", "撤回|recalled|revoke"),
        ("pat", "拍了拍|拍一拍|tickled|nudged"),
        ("left or removed from the group", "退出了?群聊|移出|移除|left the group|removed"),
        ("joined the group", "群聊|进群|加入|扫描|joined|invited"),
        ("red packet or payment", "红包|转账|收款|red packet"),
        ("new name", "昵称|备注|更名|nickname"),
        ("new name of the group", "群名|group name"),
        ("announcement", "群公告"),
    )
)
# A notice that an exporter puts under a person's name: it begins with who it is about, and nothing else is in the line.
_QUOTED = r"(?:\"[^\"\n]{1,80}\"|“[^”\n]{1,80}”|「[^」\n]{1,80}」|'[^'\n]{1,80}')"
_SUBJECT = re.compile(rf"我|你|您|You|I|{_QUOTED}")
_PATTED = re.compile(r"拍了拍[^\n，。,！!？?]{1,60}")
_PREDICATE = re.compile(
    rf"(?:撤回了?一?条?(?:成员)?(?:{_QUOTED}的)?消息[。.]?(?:\s*重新编辑)?|recalled a message\.?"
    rf"|拍了拍\s*(?:我|你|自己|{_QUOTED})[^\n，。,！!？?]{{0,30}}|(?:tickled|nudged) (?:me|you|{_QUOTED}).{{0,30}}"
    r"|通过[^\n]{1,120}(?:加入|进入)了?群聊[。.]?|(?:加入|进入)了群聊[。.]?|joined the group(?: chat)?[^\n]{0,80}"
    rf"|邀请[^\n]{{1,300}}加入了群聊[^\n]{{0,3}}|邀请{_QUOTED}[^\n]{{0,300}}加入了?群聊[^\n]{{0,300}}"
    r"|invited [^\n]{1,300} to the group(?: chat)?\.?"
    rf"|(?:将|把|被){_QUOTED}[^\n]{{0,200}}移[出除]了?群聊|被移[出除]了?群聊|退出了群聊|left the group(?: chat)?\.?"
    rf"|修改群名称?(?:为|成){_OPEN}?[^\n]{{1,100}}|changed the group name to [^\n]{{1,100}}"
    rf"|领取了(?:{_QUOTED}|[^\n，。,]{{1,40}})的红包|已添加了[^\n]{{1,80}}，现在可以开始聊天了[。.]?"
    r"|(?:已?开启|已?关闭|启用)了?[^\n]{0,20}(?:邀请确认|进群确认|全员禁言)[^\n]{0,60}|已?成为新?群主)"
)
_BARE = re.compile(
    r"撤回了一条(?:成员)?消息[。.]?|以上是打招呼的内容|\[?(?:撤回消息|拍一拍)\]?|你已添加了[^\n]{1,80}现在可以开始聊天了[。.]?"
)

_WHAT = "|".join(sorted(map(re.escape, (*SILENT, *TITLED, *VOICE)), key=len, reverse=True))
_LINKED = re.compile(rf"!?\[(?P<what>{_WHAT})(?:[|｜](?P<inside>.*))?\]\((?P<address>.*)\)(?P<rest>)", re.DOTALL)
_PLACEHOLDER = re.compile(
    rf"[\[【](?P<what>{_WHAT})(?:(?:\s?[|｜:：(-]|\s)(?P<inside>[^\]】]*))?[\]】](?P<rest>.*)", re.DOTALL
)
_FAILED = re.compile(r"\[(?:未知消息类型|检测到解析错误)[^\]]*\]|Type: \d+ Content:.*|转账\[[^\]]*\]", re.DOTALL)
_VOICE_LENGTH = re.compile(r"语音时长\s*[:：]\s*[\d.]*\s*秒?(?:\s*翻译结果\s*[:：]\s*(?P<words>.*))?", re.DOTALL)
_LENGTH = re.compile(r"\d+(?:[.:]\d+)*\s*(?:\"|''|″|”|秒|s|sec)?|[-–—]?\s*转文字失败|\(?转文字失败\)?", re.IGNORECASE)
_PATH = re.compile(
    r"(?:\S*[/\\])?[^/\\\n]*\.(?:jpe?g|png|gif|webp|bmp|heic|dat|mp4|mov|avi|amr|mp3|wav|silk|aud|m4a|ogg|opus)",
    re.IGNORECASE,
)
# Where tools put what was sent: the whole line is a path then.
_SENT = re.compile(
    r"(?:[^\s/\\]+[/\\])*(?:images?|videos?|voices?|emojis?|stickers?|files?|media|MsgAttach|FileStorage)[/\\]"
    r"(?:[^\n/\\]+[/\\])*[^\n/\\]+\.\w{2,5}",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?|weixin)://\S+")
_MARKDOWN_LINK = re.compile(r"\[(?P<title>.+)\]\(\S+\)", re.DOTALL)
_PYWXDUMP_LINK = re.compile(r"(?P<title>[^\n]*)\n.*<a href=", re.DOTALL)
_MEMOTRACE_LINK = re.compile(r"\s*\[链接\]:title:(?P<title>.*?)(?:\n[ \t]*description:|\Z)", re.DOTALL)

# What any of these begins with, and hardly anything that people write.
_MARKED = re.compile(r"[\[【!T转语群]|[^\s/\\]*+[/\\]")

_XML = re.compile(r"\s*(?:[\w@.-]+:\s*)?<(?:\?xml|msg|sysmsg|appmsg)\b")

_DESKTOP_QUOTE = re.compile(
    r"「(?P<by>[^：:\n]{1,64})[：:](?P<words>.*?)」[^\S\n]*\n[^\S\n]*[-—–_─][-—–_─ ]{4,}\n(?P<text>.*)", re.DOTALL
)
_INLINE_QUOTE = re.compile(r"(?P<text>.*?)\[引用\s(?P<by>[^：:\n\]]{1,64})[：:](?P<words>.*)\]", re.DOTALL)
_NAMELESS_QUOTE = re.compile(r"(?P<text>.*?)(?P<by>)\[引用\s(?P<words>.*)\]", re.DOTALL)
_TIMED_QUOTE = re.compile(
    r"(?P<text>.*?)\[引用\]\((?P<time>[^()\n]{0,40})\)(?P<by>[^:：\n]{0,64})[:：](?P<words>.*)", re.DOTALL
)
_MARKED_HEAD = re.compile(r"> (?P<name>.*?)(?:\((?P<id>[^()\n]*)\))? (?:\d{4}-)?(?:\d\d-\d\d )?\d\d:\d\d(?::\d\d)?\s*")

_EMOTICON = re.compile(r"\[(?:" + "|".join(map(re.escape, EMOTICONS.split())) + r")\]")


class Spoken(NamedTuple):
    """The author's own words, "" for none, and what they answer."""

    text: str
    quote: Quote | None = None


class Announcement(NamedTuple):
    """A notice of the group; `by` is "" where the line does not say who put it up."""

    by: str
    text: str


@lru_cache
def kind_of(name: str, sub: str = "") -> Kind | None:
    """What a type is, by its number or the exporter's word for it; None for one that is not known."""
    name = name.strip().casefold()
    if name == "49":
        return APP_KINDS.get(sub.strip())
    if name.startswith(("系统", "消息撤回", "撤回", "拍一拍")):
        return "system"
    return KIND_OF.get(name)


def is_platform(name: str, id: str = "") -> bool:
    """Whether a sender is the platform or an account that is no person."""
    return name.casefold() in SYSTEM_SENDERS or id in SYSTEM_IDS or id.startswith("gh_")


def is_notice(text: str, sender: str = "") -> bool:
    """Whether a line that stands under a person's name, or nobody's, is a notice all the same."""
    text = text.strip()
    if len(text) > 700:
        return False
    if _BARE.fullmatch(text):
        return True
    subject = sender if sender and text.startswith(sender) else ""
    if not subject and (match := _SUBJECT.match(text)):
        subject = match[0]
    if not subject:
        return False
    rest = text[len(subject) :].lstrip()
    # Under their own name people are patted and renamed by name; 我 and 你 may also begin a sentence.
    own = subject not in ("我", "你", "您", "I", "You")
    return bool(_PREDICATE.fullmatch(rest) or (own and (_PATTED.fullmatch(rest) or _RENAME.fullmatch(text))))


def told(text: str) -> str:
    """What a notice is about, in words for an organizer."""
    return next((what for what, pattern in _TOLD if pattern.search(text)), "other notice of the platform")


def renamed(text: str) -> tuple[str, str] | None:
    """The old and the new nickname, where a notice tells of a change."""
    match = _RENAME.fullmatch(text.strip()) if len(text) < 300 else None
    return (match["old"].strip(), match["new"].strip()) if match else None


def announced(text: str) -> Announcement | None:
    """The announcement in a system line, if it holds one."""
    if match := _ANNOUNCED.fullmatch(text):
        return Announcement((match["by"] or "").strip(), match["text"].strip())
    if match := _ANNOUNCEMENT.match(text):
        return Announcement("", text[match.end() :].strip())
    return None


def without_emoticons(text: str) -> str:
    """Text without [微笑] and its like."""
    return _EMOTICON.sub("", text) if "[" in text else text


def spoken(text: str, kind: Kind | None = None) -> Spoken:
    """The words of a line by a person: without stickers, placeholders and markup, apart from what it quotes."""
    if "<" in text and _XML.match(text):
        return _of_markup(text)
    if kind == "silent":
        return Spoken("")
    if kind == "voice":
        return Spoken(_transcript(text))
    if kind == "title":
        return Spoken(_cleaned(_title(text)))
    if quoting := _quoting(text, kind):
        return Spoken(_own(quoting.text), quoting.quote)
    return Spoken(_own(text))


def quote_of(by: str, words: str) -> Quote:
    """What is quoted, as it was remembered when it was said."""
    return Quote(by=by.strip(), words=_own(words))


def _own(text: str) -> str:
    text = text.strip()
    if not _MARKED.match(text):
        return _cleaned(text)
    if (match := _MEMOTRACE_LINK.match(text)) or _FAILED.fullmatch(text):
        return _cleaned(match["title"]) if match else ""
    if len(text) < 400 and _SENT.fullmatch(text):
        return ""
    if match := _placeholder(text):
        return _cleaned(_behind(match))
    if match := _VOICE_LENGTH.fullmatch(text):
        return _cleaned(match["words"] or "")
    if match := _ANNOUNCEMENT.match(text):
        text = text[match.end() :]
    return _cleaned(text)


def _placeholder(text: str) -> re.Match[str] | None:
    linked = _LINKED.fullmatch(text) if text.endswith(")") else None
    return linked or _PLACEHOLDER.fullmatch(text)


def _behind(match: re.Match[str]) -> str:
    """The words that a placeholder has inside or behind it."""
    what, inside, rest = match["what"], (match["inside"] or "").strip(), match["rest"].strip()
    if what in VOICE:
        return _transcript(inside if what == "语音转文字" and inside else rest)
    if what in TITLED:
        return inside if inside and not inside.endswith("...") else _title(_body(rest) or inside)
    if what in PICTURES and not (len(rest) < 400 and _PATH.fullmatch(rest)):
        return rest
    return ""


def _body(rest: str) -> str:
    """A note or an announcement as chatlog writes it: a line of who and when, then the words, both indented."""
    first, _, others = rest.partition("\n")
    headed = re.fullmatch(r".*\d{1,2}:\d\d(?::\d\d)?", first.strip())
    return "\n".join(line.strip() for line in others.splitlines() if line.strip()) if headed and others else rest


def _transcript(text: str) -> str:
    text = text.strip()
    if match := _VOICE_LENGTH.fullmatch(text):
        text = match["words"] or ""
    elif match := _placeholder(text):
        text = match["rest"]
    is_path = len(text) < 400 and (_PATH.fullmatch(text) or _SENT.fullmatch(text))
    return "" if is_path or _LENGTH.fullmatch(text.strip()) else _cleaned(text)


def _title(text: str) -> str:
    """The title of what is shared, without its address and without what its maker wrote about it."""
    text = text.strip()
    if match := _MEMOTRACE_LINK.match(text) or _PYWXDUMP_LINK.match(text) or _MARKDOWN_LINK.fullmatch(text):
        return match["title"].strip()
    if match := _placeholder(text):
        return _behind(match) if match["rest"] != text else ""
    lines = [line for line in text.splitlines() if not _ADDRESS.fullmatch(line.strip())]
    return "\n".join(lines).strip()


def _cleaned(text: str) -> str:
    return without_emoticons(text).replace("\u2005", " ").strip()


# --- quotations ------------------------------------------------------------------------------------------------------


def _quoting(text: str, kind: Kind | None) -> Spoken | None:
    """The reply, as it stands, and what it quotes, in any of the forms of the exporters."""
    desktop = _DESKTOP_QUOTE.fullmatch(text) if text.startswith("「") else None
    if match := desktop or (_INLINE_QUOTE.fullmatch(text) if text.endswith("]") else None):
        return Spoken(match["text"], quote_of(match["by"], match["words"]))
    if "[引用](" in text and (match := _TIMED_QUOTE.fullmatch(text)):
        return Spoken(match["text"], quote_of(match["by"], match["words"]))
    if kind == "quote" and text.endswith("]") and (match := _NAMELESS_QUOTE.fullmatch(text)):
        return Spoken(match["text"], quote_of(match["by"], match["words"]))
    return _marked_quote(text) if text.startswith("> ") else None


def _marked_quote(text: str) -> Spoken | None:
    """Lines that begin with "> ", the first of them who and when, then the reply."""
    lines = text.splitlines()
    head = _MARKED_HEAD.fullmatch(lines[0])
    if not head and lines[0].strip() != "> [引用]":
        return None
    end = next((n for n, line in enumerate(lines) if not line.startswith(">")), len(lines))
    words = "\n".join(line[1:].strip() for line in lines[1:end])
    by = (head["id"] if head["id"] and head["id"] not in MYSELF else head["name"]) if head else ""
    return Spoken("\n".join(lines[end:]), quote_of(by, words) if head else None)


def _of_markup(text: str) -> Spoken:
    """The title of a message that an exporter left as XML: a link's, or the words of a reply."""
    kind = APP_KINDS.get(_field(text, "type")) if "<appmsg" in text else None
    if kind in ("silent", "system"):
        return Spoken("")
    refer = text.partition("<refermsg>")[2].partition("</refermsg>")[0]
    title = _cleaned(_field(text.replace(refer, "") if refer else text, "title"))
    if not refer:
        return Spoken(title)
    by = _field(refer, "chatusr") or _field(refer, "displayname") or _field(refer, "fromusr")
    return Spoken(title, quote_of(by, spoken(_field(refer, "content")).text))


def _field(text: str, name: str) -> str:
    """What stands in the first <name> of markup; found by hand, because it need not be well-formed."""
    _, _, behind = text.partition(f"<{name}>")
    inside, end, _ = behind.partition(f"</{name}>")
    if not end:
        return ""
    return html.unescape(inside.strip().removeprefix("<![CDATA[").removesuffix("]]>").strip())
