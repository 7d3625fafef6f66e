# ruff: noqa: E501 — a pattern is easier to check on one line
"""What a cell of a member list says: statements one by one, languages, a consent, a time. Nothing is added to its words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from zoneinfo import available_timezones

from models.domain.records import Consent, Micros
from models.meaning.statements import says_nothing
from service.importers.frame.clock import micros, written
from service.importers.members.table import Cell

LONGEST_STATEMENT = 2000  # bytes
MOST_STATEMENTS = 100
# "Info requested" is what Eventbrite writes of a ticket that somebody bought for a person whom it does not know.
_NOTHING = frozenset(
    ("nan", "none", "null", "<na>", "nat", "(跳过)", "(空)", "undefined", "(not set)", "info requested")
)
_BULLET = re.compile(r"^\s*(?:[-*•·●○◦▪]\s+|\(?\d{1,2}[.)、）]\s*(?!\d))")
_OTHER = re.compile(
    r"(?:其他|其它|other|others)\s*(?:[(（][^)）]*[)）])?\s*(?:[:：]\s*|〖\s*|_+\s*|请(?:注明|填写)[:：]?\s*|$)(.*?)〗?",
    re.I,
)
_FIRM = re.compile(r"┋|[;；\n\r\v]|\s\|\s")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_SENTENCE = re.compile(r"[，,。！？!?：:]")
# Words by which a piece behind a comma goes on with what stands before it.
_GOES_ON = re.compile(
    r"(?:and|or|but|ideally|please|preferably|especially|e\.?g|such|like|maybe|perhaps|also|if|with|without|for|who|that|which|where|to|in|on|at|from|as|because|so|then|not|no|etc|mostly|mainly|usually|than|too|i|we|my)\b"
    r"|最好|尤其|特别|比如|例如|但|如果|也|还|可以|因为|所以|等|并|且|而|或|以及|和|主要|希望|想|会|能|有|我|你|您|他|她|是|已|对|在|从|请",
    re.I,
)
_ENDS_NO_ITEM = re.compile(r"[的了吧呢啊吗过着]$")

_ORGANIZERS = re.compile(
    r"管理员|组织者|主办|群主|主理人|运营|工作人员|organi[sz]er|\badmins?\b|\bhosts?\b|moderator|core team|staff", re.I
)
_LIMITED = re.compile(
    r"但|仅|只|除|先(?:问|征)|视情况|看情况|\bbut\b|\bonly\b|except|unless|\bif\b|ask me|depends|maybe|case by case",
    re.I,
)
_YES = re.compile(
    r"(?:同意|是的?|可以|愿意|允许|授权|接受|好的?|行|没问题|不介意|不反对|公开|所有|全部|对(?:所有|全)|成员|会员|大家"
    r"|yes|yep|yeah|y\b|sure|ok(?:ay)?\b|true|i agree|agreed?|accept|i do\b|of course|no problem|no objections?|members?\b|everyone|everybody|anyone|public|✓|✔|☑|√)",
    re.I,
)
_NO = re.compile(
    r"(?:不|否|拒绝|暂不|先不|勿|别|无|没|谁都不|no\b|n\b|nope|false|nobody|no ?one|none|never|don'?t|do not|please (?:don'?t|do not)|not\b|i'?d rather not|decline|private|opt.?out)",
    re.I,
)

_LANGUAGES = {
    "zh": "中文 汉语 普通话 国语 华语 chinese mandarin putonghua 中国語 chinesisch", "yue": "粤语 广东话 白话 cantonese",
    "wuu": "上海话 吴语 沪语 shanghainese", "nan": "闽南语 台语 hokkien", "en": "英语 英文 english englisch anglais inglés 英語",
    "de": "德语 德文 german deutsch", "fr": "法语 法文 french français francais französisch", "es": "西班牙语 西语 spanish español espanol castellano spanisch",
    "pt": "葡萄牙语 葡语 portuguese português", "it": "意大利语 意语 italian italiano italienisch", "ja": "日语 日文 japanese 日本語",
    "ko": "韩语 韩文 korean 한국어 朝鲜语", "ru": "俄语 俄文 russian русский russisch", "ar": "阿拉伯语 arabic", "tr": "土耳其语 turkish türkçe türkisch",
    "vi": "越南语 vietnamese", "th": "泰语 thai", "nl": "荷兰语 dutch nederlands", "pl": "波兰语 polish polski", "sv": "瑞典语 swedish svenska",
    "da": "丹麦语 danish dansk", "nb": "挪威语 norwegian norsk", "fi": "芬兰语 finnish suomi", "el": "希腊语 greek", "he": "希伯来语 hebrew",
    "hi": "印地语 hindi", "bn": "孟加拉语 bengali", "ur": "乌尔都语 urdu", "fa": "波斯语 persian farsi", "id": "印尼语 indonesian", "ms": "马来语 malay",
    "uk": "乌克兰语 ukrainian", "cs": "捷克语 czech", "hu": "匈牙利语 hungarian", "ro": "罗马尼亚语 romanian", "ca": "加泰罗尼亚语 catalan català", "bo": "藏语 tibetan",
    "ug": "维吾尔语 维语 uyghur", "mn": "蒙古语 蒙语 mongolian", "tl": "tagalog filipino 菲律宾语", "sw": "swahili", "ta": "tamil 泰米尔语",
}  # fmt: skip
_TAG_OF = {word: tag for tag, words in _LANGUAGES.items() for word in words.split()}
_TAG = re.compile(r"[a-z]{2,3}(?:-(?:hans|hant|latn|[a-z]{2}|\d{3}))?", re.I)
_LEVEL = re.compile(
    r"\s*[(（][^)）]*[)）]|\s*[-–:：].*$|(?:native|fluent|basic|conversational|母语|流利|一点点?|基础|入门|日常)\s*"
)
_BETWEEN_LANGUAGES = re.compile(r"[┋;；,，、/／\n|&+]|\band\b|\bund\b|和|与|以及")

_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?00)?|东(\d{1,2}|[一二三四五六七八九十]+)区", re.I)
_NUMERALS = {word: n for n, word in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12}
_ZONES = {
    "北京时间": "Asia/Shanghai",
    "beijing time": "Asia/Shanghai",
    "china time": "Asia/Shanghai",
    "中国": "Asia/Shanghai",
    "utc": "UTC",
    "gmt": "UTC",
}

_SLASHED = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d\d)(?:[,\s]+(\d{1,2}):(\d\d)(?::(\d\d))?\s*(am|pm)?)?.*", re.I
)
_DAY_ONLY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_IN_WORDS = (
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d %b %Y %H:%M:%S",
    "%b %d, %Y %I:%M %p",
    "%B %d, %Y %I:%M %p",
    "%b %d, %Y, %I:%M %p",
)


# --- words -----------------------------------------------------------------------------------------------------------


def clean(cell: Cell) -> str:
    """A cell as one text, "" where it says nothing."""
    text = cell if isinstance(cell, str) else "\n".join(cell)
    text = text.strip()
    return "" if text.casefold() in _NOTHING or says_nothing(text) else text


def label(cell: Cell) -> str:
    """A cell as a name: one line, as it is."""
    text = " ".join((cell if isinstance(cell, str) else " ".join(cell)).split())
    return "" if text.casefold() in _NOTHING or not any(char.isalnum() or ord(char) > 0x2000 for char in text) else text


def statements(cell: Cell, *, choices: bool = False) -> tuple[str, ...]:
    """Each thing that a cell states. `choices`: several answers of a list are between its commas."""
    parts = cell if isinstance(cell, tuple) else _parts(cell, choices)
    said = (clean(_unlisted(part)) for part in parts)
    pieces = (piece for one in said if one for piece in _short_enough(one))
    return tuple(dict.fromkeys(pieces))[:MOST_STATEMENTS]


def _parts(text: str, choices: bool) -> Iterable[str]:
    if choices:
        return re.split(r", |┋", text)
    return (part for piece in _FIRM.split(text) for part in _listed(_BULLET.sub("", piece)))


def _listed(text: str) -> list[str]:
    """The items of a list without firm marks between them: only where all of them are short enough to be items."""
    for mark, short in (("、", _between_marks), ("/", _between_slashes), (",，", _between_commas)):
        items = [item.strip() for item in _split_outside_brackets(text, mark)]
        if len(items) > 1 and all(items) and all(map(short, items)):
            # "wheel throwing, glazes、kilns" is a list of both marks.
            return [one for item in items for one in _listed(item)]
    return [text]


def _between_marks(item: str) -> bool:
    return len(item) <= 15 and not _SENTENCE.search(item)


def _between_slashes(item: str) -> bool:
    return bool(_CHINESE.search(item)) and len(item) <= 8 and not _SENTENCE.search(item)


def _between_commas(item: str) -> bool:
    if _GOES_ON.match(item) or re.search(r"[.。！？!?]", item.rstrip(".。")):
        return False
    if _CHINESE.search(item):
        return len(item) <= 6 and not _ENDS_NO_ITEM.search(item)
    return len(item.split()) <= 3


def _split_outside_brackets(text: str, marks: str) -> list[str]:
    items, depth = [""], 0
    for char in text:
        depth += (char in "(（[【") - (char in ")）]】")
        if char in marks and depth <= 0:
            items.append("")
        else:
            items[-1] += char
    return items


def _unlisted(text: str) -> str:
    """An item without its bullet, and without the name of the choice "other" before the words that somebody wrote."""
    text = _BULLET.sub("", text).strip()
    match = _OTHER.fullmatch(text)
    return match[1].strip() if match else text


def _short_enough(text: str) -> list[str]:
    """A statement longer than one may be becomes several, between sentences where that goes."""
    pieces: list[str] = []
    while len(text.encode("utf-8", "surrogatepass")) > LONGEST_STATEMENT:
        most = LONGEST_STATEMENT // 4
        ends = [match.end() for match in re.finditer(r"[。！？!?.;；\n]\s*|\s+", text[:most])]
        at = ends[-1] if ends else most
        pieces.append(text[:at].strip())
        text = text[at:]
    return [piece for piece in (*pieces, text.strip()) if piece]


# --- single facts ----------------------------------------------------------------------------------------------------


def consent_of(answer: str) -> Consent:
    """Whom an answer lets somebody be shown to. What is no clear yes or no is for organizers only."""
    text = unicodedata.normalize("NFKC", answer).strip()
    if _YES.match(text):
        return "organizers" if _ORGANIZERS.search(text) or _LIMITED.search(text) else "members"
    if _ORGANIZERS.search(text):
        return "organizers"
    return "nobody" if _NO.match(text) else "organizers"


def is_yes_or_no(answer: str) -> bool:
    """Whether an answer to a question for consent is one that is understood."""
    text = unicodedata.normalize("NFKC", answer).strip()
    return (len(text) <= 80 and any(pattern.match(text) for pattern in (_YES, _NO))) or bool(_ORGANIZERS.search(text))


def languages_of(cell: Cell) -> tuple[list[str], list[str]]:
    """Tags of the languages in a cell, and the words that are none."""
    parts = cell if isinstance(cell, tuple) else _BETWEEN_LANGUAGES.split(cell)
    tags, unknown = [], []
    for part in filter(None, map(str.strip, parts)):
        word = (part if _TAG.fullmatch(part) else _LEVEL.sub("", part)).strip().casefold()
        tag = _TAG_OF.get(word) or next((_TAG_OF[one] for one in word.split() if one in _TAG_OF), "")
        if tag or (_TAG.fullmatch(word) and len(word) != 3):
            tags.append(tag or word)
        elif not says_nothing(part):
            unknown.append(part)
    return list(dict.fromkeys(tags)), unknown


def zone_of(text: str) -> str:
    """An IANA time zone, "" where the text names none."""
    text = text.strip()
    if text in _zones():
        return text
    first = re.split(r"[\s(（]", text)[0]
    if "/" in first and first in _zones():
        return first
    if known := _ZONES.get(text.casefold()):
        return known
    match = _OFFSET.search(text)
    if not match or (match[1] is None and match[3] is None):
        return ""
    hours = int(match[2]) if match[2] else _NUMERALS.get(match[3], 0) or int(match[3] if match[3].isascii() else 0)
    # Those zones count westwards.
    name = f"Etc/GMT{'+' if match[1] == '-' else '-'}{hours}"
    return name if name in _zones() else ""


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def answered_at(text: str, day_first: bool) -> Micros | None:
    """When a form was filled in, by a clock that is the same for all answers; None where it is no time."""
    text = " ".join(text.split())[:60]
    try:
        return written(text, UTC)
    except ValueError:
        pass
    try:
        if match := _DAY_ONLY.fullmatch(text):
            return micros(datetime(*map(int, match.groups()), tzinfo=UTC))  # type: ignore[arg-type, misc]
        if match := _SLASHED.fullmatch(text):
            return _slashed(match, day_first)
    except (ValueError, OverflowError):
        return None
    return _in_words(text)


def _slashed(match: re.Match[str], day_first: bool) -> Micros:
    one, two, year, hour, minute, second, half = match.groups()
    day, month = (one, two) if day_first else (two, one)
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + 12 * (half.lower() == "pm")
    full = int(year) + 2000 * (len(year) == 2)
    return micros(datetime(full, int(month), int(day), hours, int(minute or 0), int(second or 0), tzinfo=UTC))


def _in_words(text: str) -> Micros | None:
    for form in _IN_WORDS:
        try:
            return micros(datetime.strptime(text, form).replace(tzinfo=UTC))
        except ValueError:
            continue
    return None


def day_is_first(times: Iterable[str]) -> bool | None:
    """Whether dates such as 05/03/2024 begin with the day; None where nothing tells."""
    for text in times:
        if match := _SLASHED.fullmatch(text.strip()[:60]):
            if int(match[1]) > 12:
                return True
            if int(match[2]) > 12:
                return False
    return None
