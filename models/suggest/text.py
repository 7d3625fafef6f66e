# ruff: noqa: E501 — a pattern is easier to check on one line
"""Reading a message for what its author says of themselves: hide what is not theirs, cut sentences, clean phrases."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

MIN_CHARS, LEAST_ZH = 2, 4  # characters of a phrase, and of a Chinese one that was cut short
MAX_CHARS = 80
READ_CHARS = 20_000  # nobody introduces themselves in more
SENTENCE_CHARS = 1_000

HIDDEN = "\x00"  # stands where something was that must never be quoted: code, links, addresses, other people's words

_CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`|^(?: {4}|\t).*$", re.S | re.M)
_CODE_LINE = re.compile(r"^[ \t]*(?:\$ |>>> |[#/]{2} ).*$", re.M)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.M)
_QUOTE_BLOCK = re.compile(r"\[quote\b.*?(?:\[/quote\]|\Z)", re.S | re.I)
_QUOTATION = re.compile(r"「[^」]*」|『[^』]*』|“[^”\n]*”|\"[^\"\n]*\"|«[^»\n]*»")
_PRIVATE = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w-]+\.\w[\w.]*"
    r"|(?<![\w.])\+?\d[\d\s()-]{6,}\d(?!\w)"
    r"|(?:微信号?|薇信|(?<![a-z])(?:wechat|vx|wx|v信|qq|telegram|whatsapp|phone|tel)(?![a-z])|电话|手机号?)"
    r"(?:\s*(?:id|号|同号))?\s*[:是]?\s*\+?[a-z0-9][\w-]{4,}"
    r"|@[^\s,，:：]+",
    re.I,
)
_SPOKEN = re.compile(
    r"\b(?:i|i'm|looking for|is|are|was|can|will|have|need|want|wanted)\b|[我想找求招送借教]|需要|可以", re.I
)
_CJK = r"\u3400-\u9fff"
# People often write a space where a comma belongs; a space after a cue or label is not one of those.
_ZH_GAP = re.compile(
    rf"(?<!坐标)(?<!擅长)(?<!提供)(?<!需要)(?<!想找)(?<!寻找)(?<!目标)(?<!常驻)(?<!现居)(?<!人在)(?<=[{_CJK}])[ \t]+(?=[{_CJK}]|(?:I|I'm|looking|happy|based|base|my)\b)"
)
_SENTENCE = re.compile(r"[^\n。!?;…\x00]+?(?:[!?。;…]+|\.(?=\s|$)|\x00|\n|$)")
_GREETING = re.compile(
    r"^[\s\W]*(?:(?:hi|hello|hey|greetings|good (?:morning|evening|afternoon)|嗨|哈喽|哈啰)\b[ ,!]*)?"
    r"(?:(?:there|all|everyone|everybody|folks|guys|friends|team)\b[ ,!.:-]*"
    r"|(?:大家|各位|群里的?)(?:的?(?:朋友|小伙伴|老师|同学|群友|前辈|大佬|伙伴))*们?(?:们|早上|晚上|下午|中午)?(?:好[呀啊]?|[,!~])[~!, ]*"
    r"|(?:朋友|小伙伴|群友|同学)们?(?:早上|晚上|下午)?好[呀啊~!, ]*)?",
    re.I,
)


class Sentence(NamedTuple):
    """One sentence, greeting removed; `asks` when it ends in a question."""

    text: str
    asks: bool


def readable(text: str) -> str:
    """The author's own words, half-width, with code, links, addresses and other people's words hidden."""
    text = text[:READ_CHARS].replace("’", "'").replace(HIDDEN, " ")
    text = _CODE.sub(HIDDEN + "\n", text)
    text = _CODE_LINE.sub("", _QUOTED_LINE.sub("", _QUOTE_BLOCK.sub("", text)))
    text = _QUOTATION.sub(_hide_speech, text)
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _ZH_GAP.sub(",", _PRIVATE.sub(HIDDEN, text))


def _hide_speech(match: re.Match[str]) -> str:
    # A quotation is somebody's speech, a quoted word is not.
    words = match.group()[1:-1]
    return HIDDEN if len(words) > 30 or _SPOKEN.search(words) else words


def sentences(text: str) -> list[Sentence]:
    """The sentences of a readable text; those too long to be speech are left out."""
    found = []
    for match in _SENTENCE.finditer(text):
        raw = match.group().strip()
        if 2 <= len(raw) <= SENTENCE_CHARS:
            words = raw.rstrip("。!?;….\n ")
            found.append(Sentence(_GREETING.sub("", words, count=1), "?" in raw or words.endswith(("吗", "呢", "么"))))
    return found


_EN_STOP = re.compile(
    r"\s[-–—]+\s|--|[;:!?()\[\]{}<>|=\"…~\x00]|\.(?:\s|$)|\.\.+"
    r"|,?\s(?:this (?:year|month|week|weekend|summer|winter|spring|autumn|fall|term)|but|because|so|since|though|although|which|if|when|while|whenever|where|as well|that|than|please|pls|plz|thanks"
    r"|let me|feel free|ping|dm|pm me|contact|i|i'm|i'd|i've|i'll|you|we|he|she|they|it's|atm|right now|at the moment"
    r"|these days|nowadays|too|though|anyway|yet|already|today|tomorrow|tonight|for now|lol|haha|etc"
    r"|and (?:i|i'm|am|looking|would|want|live|hope|hoping|based|currently|need|also|have|happy|love|was|will|can|work"
    r"|working|trying|then|so|now|had|got|did|it|that|this|maybe))\b(?!')",
    re.I,
)
_EN_LIST = re.compile(r"^[^,]+(?:,\s*[^,]+){0,6},?\s+(?:and|or|&)\s+[^,]+$")
_EN_ITEM = re.compile(r",\s*(?:and\s+|or\s+)?|\s+(?:and|or|&)\s+")
_OWN = re.compile(r"^(?:(?:my|our|me|us)\s+)+|^(?:我的|我们的|咱的|我|俺)(?=.{2})", re.I)
_NO_ITEM = ("not", "so", "both", "all", "whatever")
_EN_HEAD = re.compile(r"^(?:(?:an?|some|the|any|more|other|please|to|also|maybe|of)\s+)+", re.I)
_EN_TAIL = re.compile(
    r"(?:\s+(?:at|via|on|see|to|from|for|with|of|in|into|by|as|about|the|an?|and|or|etc|here|there|also|is|are|am|was|my"
    r"|now|currently|lately|again|some|who|right|just|really|not|be|can|could|would))+$",
    re.I,
)
_ZH_HEAD = re.compile(
    r"^(?:大家|的|:|到|一下|一点|一些|些|一[个名位家款份群]|几[个位名]|个|位|名|各种|任何|靠谱的|关于|要)+(?=..)"
)
_ZH_TAIL = re.compile(
    r"(?:的|了|吧|吗|呀|啊|哈|呢|哦|喔|哟|嘛|啦|等等?|之类的?|谢谢.*|感谢.*|多谢.*|请多?.{0,4}指教|欢迎.*|请?(?:联系|私信|私聊|加).*)+$"
)
_EN_PRONOUN = re.compile(
    r"\b(?:i|i'm|me|my(?! (?:first|own|next|second|back))|mine|myself|you|your|yours|yourself|he|him|his|she|hers?|they|them|their|its?|this|that|these|those"
    r"|we|our|ours|it's|that's|there's|what|whatever|such|something|anything|things?|same|one|everything)\b",
    re.I,
)
_EN_US = re.compile(r"\bus\b")  # "US" is a place
_ZH_PRONOUN = re.compile(r"(?<!自)我|你|您|(?<![其吉])他|她|(?<!其)它|咱|这|那(?!不勒斯)|哪|什么|怎么|如何|啥|谁|某")
# A verb or preposition whose object was a pronoun that is cut away.
_ZH_LEFT = re.compile(r"(?:来|去)?(?:带|帮忙?|教|陪|给|让|和|跟|与|为|向|对|把|被|是|当|在|从|比)$")
_ZH = re.compile(rf"[{_CJK}]")
_TRIM = " \t\r\n.,;:!?。、…~-–—_*+#/\\|()[]{}<>\"'“”‘’「」『』【】·•&=^" + HIDDEN
_CUT_OFF = re.compile(r"[第再把被给就]$")
_WORDLESS = re.compile(r"^[\W\d_]*$")
_SEPARATOR = re.compile(r"[,、;|\n]|\s/\s|(?<=[\u3400-\u9fff])[/+ ](?=[\u3400-\u9fff])|(?:^|\s)\d{1,2}[.)]\s*|[①-⑩•·]")


def is_zh(text: str) -> bool:
    """Whether it holds Chinese characters."""
    return _ZH.search(text) is not None


def phrases(text: str, whole: bool = False) -> list[str]:
    """What follows a cue, as clean phrases: one, or several where the words are plainly a list."""
    text = text[:300]
    if not whole and is_zh(text[:12]):
        return _clean_all(
            re.split(
                r"[、]",
                re.split(r"[,:()\x00\"“”【】|~!]|但|不过|因为|所以|如果|谢谢|欢迎", text.lstrip(":, "), maxsplit=1)[0],
            )
        )
    stop = _EN_STOP.search(text, 1)
    return _clean_all(_items(text[: stop.start()] if stop else text, whole))


def listed(text: str) -> list[str]:
    """The value of a label, as clean phrases."""
    return _clean_all(_SEPARATOR.split(text[:600]))


def _items(text: str, whole: bool) -> list[str]:
    if whole:
        return [text.split(",")[0]]
    if "," in text and _EN_LIST.match(text):
        items = _EN_ITEM.split(text)
        if all(0 < len(item.split()) <= 4 and item.lower() not in _NO_ITEM for item in items):
            return items
    return [text.split(",")[0]]


def _clean_all(items: list[str]) -> list[str]:
    cleaned = (clean(item) for item in items)
    return [item for item in cleaned if item]


def clean(text: str) -> str:
    """A phrase of 2 to 80 characters without pronouns, hidden parts or loose ends; "" when none is left."""
    text = " ".join(text.split(HIDDEN)[0].split()).strip(_TRIM)
    text = _EN_TAIL.sub("", _EN_HEAD.sub("", clip(text)))
    if is_zh(text):
        text = _ZH_TAIL.sub("", _ZH_HEAD.sub("", text))
    text = text.strip(_TRIM)
    if text.count("(") != text.count(")"):
        text = text.split("(")[0].strip(_TRIM)
    text = _before_pronoun(text)
    return "" if _is_scrap(text) or _EN_US.search(text) else text


def trimmed(text: str) -> str:
    """A phrase that is known to be whole, without loose ends; "" when nothing is left, or too much."""
    text = " ".join(text.split(HIDDEN)[0].split()).strip(_TRIM)
    text = _EN_TAIL.sub("", _EN_HEAD.sub("", _OWN.sub("", text)))
    if is_zh(text):
        text = _ZH_TAIL.sub("", _ZH_HEAD.sub("", text))
    text = text.strip(_TRIM)
    return "" if _is_scrap(text) or len(text) > MAX_CHARS else text


def _is_scrap(text: str) -> bool:
    """Whether nothing is left of a phrase, or a piece that ends before its end: "三天还不起泡再"."""
    return len(text) < MIN_CHARS or _WORDLESS.match(text) is not None or _CUT_OFF.search(text) is not None


def _before_pronoun(text: str) -> str:
    """What stands before the first pronoun, if that is a phrase: "数学家教" of "数学家教带我家老二"; "" if it is none."""
    found = min((at.start() for p in (_EN_PRONOUN, _ZH_PRONOUN) if (at := p.search(text))), default=-1)
    if found < 0:
        return text
    before = _EN_TAIL.sub("", text[:found].rstrip(_TRIM + "'"))
    before = _ZH_LEFT.sub("", before).strip(_TRIM)
    return before if len(before.split()) > 1 or (is_zh(before) and len(before) >= LEAST_ZH) else ""


def clip(text: str) -> str:
    """Cut to 80 characters, at a word where there are words."""
    if len(text) <= MAX_CHARS:
        return text
    cut = text[: MAX_CHARS + 1]
    return cut.rsplit(" ", 1)[0] if " " in cut[40:] else cut[:MAX_CHARS]


def fold(text: str) -> str:
    """The form in which two phrases are the same: case, width, spaces, punctuation and a leading article aside."""
    text = unicodedata.normalize("NFKC", text).casefold().strip(_TRIM)
    return re.sub(r"[\W_]+", "", _EN_HEAD.sub("", text)) or text
