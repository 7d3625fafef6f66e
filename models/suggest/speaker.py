# ruff: noqa: E501 — a pattern is easier to check on one line
"""Whose words they are: does the author speak of themselves, now and in earnest?"""

from __future__ import annotations

import re
from functools import lru_cache

from models.domain.records import Message
from models.suggest.text import is_zh

_INTRO = re.compile(
    r"\b(?:introduc(?:e|ing) myself|my name is|my name's|new here|new member|just joined|first (?:post|time) here|nice to (?:meet|e-meet)"
    r"|(?:hi|hello|hey)[ ,!]+(?:all|everyone|everybody|folks|friends)[ ,!.:\u2013-]+(?:i'm|i am|this is|my name|\w+ here)|a bit about me|about me:)"
    r"|自我介绍|新人报[到道]|新人一枚|初来乍到|刚(?:进|入|加入)群|新加入|介绍一下(?:我)?自己|很高兴(?:认识|加入)|(?:大家|各位|朋友们|伙伴们).{0,6}好[呀啊~!,。 \n]*我(?:是|叫)"
    r"|(?:^|[,。\n!])我叫|(?:^|[\n【])坐标",
    re.I,
)
_INTRO_CHANNEL = re.compile(r"\bintro(?:s|ductions?|duce yourself)?\b|自我介绍|新人报到|认识一下|\bwelcome\b", re.I)
_ANNOUNCEMENT = re.compile(
    r"招聘|转发|内推码|急招|诚招|岗位职责|任职要求|薪资|月薪|五险|投递|简历发|扫码|二维码|点击链接|立即报名|报名链接|报名方式|限时|优惠|原价|券后|仅需|活动预告|主办|直播间"
    r"|\bwe(?:'re| are) hiring\b|\bapply (?:now|here|at|by)\b|\bjob description\b|\bsalary\b|\bregister (?:now|here|at)\b|\bsign up (?:now|here|at)\b"
    r"|\bcall for (?:papers|proposals)\b|\bforwarded\b|\bFwd:|\bresponsibilities\b|\bdiscount\b|\btickets?\b.{0,20}\bavailable\b",
    re.I,
)

_JOKE = re.compile(
    r"\b(?:jk|j/k|just kidding|kidding|sarcasm|lmao|rofl)\b|(?<!\w)/s\b|[;:]-?[Pp](?!\w)|呵呵|doge|\[(?:狗头|旺柴|偷笑|笑哭|奸笑|捂脸)\]|狗头|开玩笑|手动|[🤣😜😝🤪😏😅]"
    r"|^\W*(?:lol|haha\w*|hehe\w*|哈哈+|嘿嘿|oh sure|yeah right|sure,)",
    re.I,
)
_SETTLED = re.compile(
    r"已经?(?:找到|送出|送完|借出|解决|有人了|满了|招满|组满)|找到了|不用了|不送了|不借了|没有了|送完了|搞定了|\bno longer (?:looking|need|available)\b"
    r"|\bfound (?:someone|somebody|one|it|a)\b|\b(?:is|are|it'?s) (?:gone|taken|sorted|sold|filled)\b|\bnever mind\b|\balready found\b",
    re.I,
)
_ASIDE = re.compile(
    r"\basking for a friend\b|\bon behalf of\b|帮(?:我?的?(?:一个)?)?(?:朋友|同事|同学|亲戚|老板|别人)(?:问|找|求|转|发|寻)|替.{1,6}(?:问|找|求|转)|代朋友|代发|帮转",
    re.I,
)
_PAST = re.compile(
    r"\b(?:used to|back then|years ago|last (?:year|month|week|time)|at the time|previously|formerly|when i was|in the past|once upon|ago,?)\b"
    r"|以前|曾经?|之前|原来|过去|当年|小时候|去年|前年|上学时|那时|那会|本来",
    re.I,
)
_REPORTED = re.compile(
    r"\b(?:sa(?:ys?|id)|saying|told|tells?|ask(?:s|ed|ing)?|wrote|writes?|claim(?:s|ed)|replied|pretend\w*|be like|was like|thought|think|assum\w+|wish"
    r"|imagine|suppose|e\.g|for example|not that|as if|like when)\b|说|问|以为|听说|据说|号称|假装|梦见|比如|例如|转述",
    re.I,
)
_SUPPOSED = re.compile(
    r"\b(?:if|when(?:ever)?|unless|once|until|in case|suppos\w+|whether|had i|were i|maybe|perhaps|while)\b|如果|要是|假如|假设|若|除非|万一|等我|的时候|也许|可能",
    re.I,
)
_SUPPOSED_ME = re.compile(
    r"\b(?:if|when(?:ever)?|unless|once|until|suppos\w+|whether) i\b|\b(?:had|were) i\b|(?:如果|要是|假如|假设|若|除非|万一|等)我",
    re.I,
)
_OTHERS = re.compile(
    r"\b(?:he|she|they|you|your|his|her|their|who|whom|friend|colleague|boss|company|employer|wife|husband|son|daughter|brother|sister|client"
    r"|(?:every|some|any)(?:one|body)|people|folks|guys?|users?|man|woman|somebody's)\b"
    r"|(?<![其吉])他|她|你|您|谁|人家|我们|朋友|同事|同学|老板|公司|领导|客户|室友|我[妈爸妹哥姐弟]|老婆|老公|孩子|儿子|女儿|对方|大家|各位|有些人|某",
    re.I,
)
_SELF_ANYWHERE = re.compile(r"\b(?:i|i'm|i'd|i've|i'll|my|me|we|we're|our)\b|我|本人|俺|咱", re.I)
_SAID_BY_OTHERS = re.compile(
    r"\b(?:he|she|they|who|[a-z]+ (?:just |always )?)\s?(?:says?|said|told|asked|wrote|claims?)\b|(?:[他她谁人妈爸哥姐们]|朋友|同事|老板)(?:就|也|总|老|又)?(?:说|问)|听说|据说|号称|假装",
    re.I,
)
_OTHERS_SUBJECT = re.compile(
    r"\b(?:is|does|did|was) (?:he|she|they)\b|\b(?:he|she|they)(?:'s|'re|'d)?\b|\bare you\b|\bdo you\b"
    r"|(?<![其吉])他|她|你(?=想|会|能|要|在|是)|我?(?:朋友|同事|同学|老板|老公|老婆|室友|[妈爸哥姐弟妹]|闺女|儿子|女儿|孩子|表[哥姐弟妹])(?:也|就|一直|最近|他|她)*(?:想|会|能|要|在|说|是)",
    re.I,
)
_SELF = re.compile(
    r"^\W*(?:and\s+|but\s+|so\s+|hi\s+|hello\s+)*(?:i|i'm|i'd|i've|my name)\b"
    r"|^\W*(?:大家好)?(?:目前|现在|其实)?(?:我(?![们的妈爸妹哥姐弟家]|朋友|同事|同学|老板|老婆|老公|公司|室友|女儿|儿子)|本人)",
    re.I,
)


def introduces(message: Message, text: str) -> bool:
    """Whether the message, readable as `text`, introduces its author to the community."""
    return len(text) >= 12 and (_INTRO.search(text) is not None or (len(text) > 40 and in_introductions(message)))


def in_introductions(message: Message) -> bool:
    """Whether it stands where people introduce themselves."""
    return _introductory(message.channel) or _introductory(message.topic)


@lru_cache(maxsize=4096)
def _introductory(name: str) -> bool:
    return _INTRO_CHANNEL.search(name) is not None


def settled(text: str) -> bool:
    """Whether what was sought or offered is no longer."""
    return _SETTLED.search(text) is not None


def joking(text: str) -> bool:
    """Whether it is said with a laugh."""
    return _JOKE.search(text) is not None


def set_aside(text: str, intro: bool) -> bool:
    """Whether the whole message is not meant, or not by its author: forwarded, for a friend, a joke."""
    return _forwarded(text) or bool(_ASIDE.search(text)) or (not intro and joking(text))


def _forwarded(text: str) -> bool:
    # One such word may stand in an introduction ("I can refer you for jobs"); two make an announcement.
    return len({match.group().lower() for match in _ANNOUNCEMENT.finditer(text)}) >= 2


def of_self(before: str, match: re.Match[str], *, offer: bool) -> bool:
    """Whether the author speaks of themselves, now and in earnest, given the words before a cue.

    `offer`: an offer may depend on others ("if you need it, I can ..."), nothing else may depend on anything.
    """
    if _past(before, match) or _REPORTED.search(before):
        return False
    said_me = bool(match.groupdict().get("me") or match.groupdict().get("too"))
    if _SUPPOSED.search(before):
        return said_me and offer and not _SUPPOSED_ME.search(before)
    return said_me or _still_me(before)


def of_another(before: str, *, place: bool) -> bool:
    """Whether the words before something in its sentence make it somebody else's, reported, or (a place) past."""
    if _SAID_BY_OTHERS.search(before) or (place and _PAST.search(before)):
        return True
    return _SELF_ANYWHERE.search(before) is None and _OTHERS_SUBJECT.search(before) is not None


def _past(before: str, match: re.Match[str]) -> bool:
    # After a comma a new statement begins, unless the past before it is only a time ("last year, I ...").
    if match.group().lstrip()[:1] not in ",;:":
        return _PAST.search(before) is not None
    last = re.split(r"[,;:]", before)[-1].strip()
    return len(last) <= (4 if is_zh(last) else 14) and _PAST.search(last) is not None


def _still_me(before: str) -> bool:
    # With the subject left out, the nearest subject before it is meant.
    for clause in reversed(re.split(r"[,;:()]|\s(?:and|but|so)\s", before)):
        if _OTHERS.search(clause):
            return False
        if _SELF.match(clause):
            return True
    return True
