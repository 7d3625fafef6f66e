"""When people are free, in their usual words: "Fri evenings", "工作日晚上", "2026-05-08 19:00", "除了周三都可以".

The table of words stands first, in English and Chinese; what reads them follows. A text in which a single word is not
known is not understood.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np

QUARTERS = 4  # an hour
DAY = 24 * QUARTERS
WEEK = 7 * DAY

# -- the words -------------------------------------------------------------------------------------------------------

# Days of the week from Monday, 0. A word of several days stands for each of them.
_WORKDAYS, _WEEKEND, _EVERY = range(5), (5, 6), range(7)
_DAYS_ZH = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_DAYS: dict[str, Sequence[int]] = {
    **dict.fromkeys(("monday", "mon"), (0,)),
    **dict.fromkeys(("tuesday", "tues", "tue"), (1,)),
    **dict.fromkeys(("wednesday", "wed"), (2,)),
    **dict.fromkeys(("thursday", "thurs", "thur", "thu"), (3,)),
    **dict.fromkeys(("friday", "fri"), (4,)),
    **dict.fromkeys(("saturday", "sat"), (5,)),
    **dict.fromkeys(("sunday", "sun"), (6,)),
    **dict.fromkeys(("weekday", "workday", "working day", "工作日", "平日", "平时", "周中", "周内"), _WORKDAYS),
    **dict.fromkeys(("weekend", "周末", "週末", "双休日", "星期六日", "周六日", "周六周日"), _WEEKEND),
    **dict.fromkeys(("daily", "every day", "everyday", "any day", "每天", "天天", "每日"), _EVERY),
}
# Parts of a day, in hours; beyond 24 it is the next day.
_PARTS: dict[str, tuple[float, float]] = {
    **dict.fromkeys(("early morning", "清晨", "一早"), (5, 8)),
    **dict.fromkeys(("morning", "早上", "早晨", "上午", "早"), (7, 12)),
    **dict.fromkeys(
        ("lunchtime", "lunch time", "lunch break", "lunch", "noon", "midday", "中午", "午休", "午间"), (11.5, 14)
    ),
    **dict.fromkeys(("afternoon", "下午", "午后"), (12, 18)),
    **dict.fromkeys(("daytime", "day time", "working hours", "office hours", "白天"), (8, 18)),
    **dict.fromkeys(("early evening", "傍晚"), (17, 20)),
    **dict.fromkeys(("evening", "after work", "tonight", "晚上", "晚间", "下班后", "下班以后", "晚"), (18, 23)),
    **dict.fromkeys(("late evening", "late night", "late", "深夜", "夜宵"), (21, 25)),
    **dict.fromkeys(("night", "夜里", "夜间", "夜晚", "半夜"), (20, 26)),
    **dict.fromkeys(("凌晨",), (0, 5)),
    **dict.fromkeys(("all day long", "all day", "whole day", "全天", "整天", "一整天"), (0, 24)),
}
# Before the hour of a clock: "晚上8点" is 20:00.
_AFTERNOON = ("下午", "午后", "傍晚", "晚上", "晚间", "晚", "夜里", "夜间", "夜晚", "深夜", "中午")
_ANY = (
    "any time", "anytime", "at any time", "whenever", "always", "flexible", "any", "随时", "任何时间", "任何时候",
    "什么时候都行", "什么时候都可以", "时间不限", "不限", "时间灵活", "灵活",
)  # fmt: skip
# Says that it suits; alone, that any time does.
_FINE = ("都可以", "都行", "均可", "都有空", "都有时间", "都方便", "皆可", "都ok", "都好")
_BUT = ("except for", "except", "other than", "apart from", "but not", "not on", "not", "除了", "除去", "除")
_BUT_ENDS = ("以外", "之外", "外")
_NEVER = ("不行", "不可以", "不能", "没空", "没时间", "不方便", "有事", "busy", "does not work", "doesn't work")
_AND = (",", "，", ";", "；", "/", "、", "|", "&", "+", "and", "or", "和", "或者", "或", "以及", "及", "与")
# Says nothing of when.
_IDLE = (
    "i am", "i'm", "i", "we", "am", "is", "are", "on", "at", "in the", "in", "the", "every", "each", "usually",
    "mostly", "best", "better", "ideally", "preferably", "prefer", "free", "available", "around", "ok", "okay",
    "works", "work", "fine", "good", "only", "local time", "my time", "of", "time", "times", "s", ".", "!", "~",
    "也可以", "也行", "可以", "有空", "有时间", "一般", "通常", "比较", "方便", "最好", "优先", "我", "每个", "每",
    "的时候", "的话", "的", "时间", "时段", "在", "大概", "左右", "其他", "其它", "其余", "都", "也", "会", "行",
    "没问题", "我的时间", "当地时间", "只有", "只", "能", "是", "。",
)  # fmt: skip
_ZONES = {
    "北京时间": 8.0, "beijing time": 8.0, "china time": 8.0, "cst+8": 8.0, "东八区": 8.0, "utc": 0.0, "gmt": 0.0,
    "cet": 1.0, "cest": 2.0, "bst": 1.0, "jst": 9.0, "pst": -8.0, "pdt": -7.0, "est": -5.0, "edt": -4.0,
}  # fmt: skip
_UNITS = "零一二三四五六七八九"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


# -- reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Times:
    """`week` (672,) bool: quarter hours of any week from Monday 0:00 on; `dates` (from, to) in quarter hours since
    day 0 of the calendar. `offset`: hours of a zone that the words name, None where they name none."""

    week: np.ndarray
    dates: tuple[tuple[int, int], ...] = ()
    offset: float | None = None


def read_times(text: str) -> Times | None:
    """What a text says, None where it is not understood. A date needs its year."""
    return _read(unicodedata.normalize("NFKC", text).casefold().strip())


_Kind: TypeAlias = Literal["day", "date", "time", "any", "fine", "but", "ends", "never", "and", "idle", "zone"]


@dataclass(frozen=True, slots=True)
class _Token:
    """`days` from Monday, or a `date` as its number; `hours` from, to."""

    kind: _Kind
    days: tuple[int, ...] = ()
    date: int = 0
    hours: tuple[float, float] = (0.0, 24.0)
    offset: float = 0.0
    text: str = ""


@dataclass
class _Part:
    """Days and times that belong together, such as "Mon and Wed mornings"; without days of every one, without times all
    day. `but`: how it began that it does not suit, "" where it does."""

    but: str = ""
    days: list[int] = field(default_factory=list)
    dates: list[int] = field(default_factory=list)
    times: list[tuple[float, float]] = field(default_factory=list)

    @property
    def has_days(self) -> bool:
        return bool(self.days or self.dates)

    @property
    def is_empty(self) -> bool:
        return not (self.has_days or self.times)

    def spans(self) -> Iterator[tuple[int, int]]:
        """(from, to) in quarter hours of a week."""
        for day in self.days if self.has_days else _EVERY:
            for start, end in self.times or [(0.0, 24.0)]:
                yield day * DAY + round(start * QUARTERS), day * DAY + round(end * QUARTERS)

    def dated(self) -> Iterator[tuple[int, int]]:
        """The same of dates, since day 0 of the calendar."""
        for number in self.dates:
            for start, end in self.times or [(0.0, 24.0)]:
                yield number * DAY + round(start * QUARTERS), number * DAY + round(end * QUARTERS)


@lru_cache(maxsize=4096)
def _read(text: str) -> Times | None:
    tokens = _tokens(text)
    if tokens is None:
        return None
    parts = _parts(tokens)
    suits = [part for part in parts if not part.but and not part.is_empty]
    not_then = [part for part in parts if part.but and not part.is_empty]
    says_any = any(token.kind in ("any", "fine") for token in tokens)
    if not suits and not not_then and not says_any:
        return None
    if any(part.dates for part in not_then):
        return None
    week = np.zeros(WEEK, bool) if suits else np.ones(WEEK, bool)
    for part, value in ((part, not part.but) for part in (*suits, *not_then)):
        for start, end in part.spans():
            week[np.arange(start, end) % WEEK] = value
    dates = tuple(span for part in suits for span in part.dated())
    zone = next((token.offset for token in tokens if token.kind == "zone"), None)
    return Times(week, dates, zone)


def _parts(tokens: Sequence[_Token]) -> list[_Part]:
    """The tokens grouped: a new day begins a new part once there are times, unless days and times go on in turn."""
    parts, last, apart = [_Part()], "", False
    for token in tokens:
        now = parts[-1]
        match token.kind:
            case "day" | "date":
                if now.times and last not in ("day", "date") and (now.has_days or apart):
                    parts.append(now := _Part(now.but))
                now.days += token.days
                now.dates += [token.date] if token.kind == "date" else []
            case "time":
                now.times.append(token.hours)
            case "but":
                parts.append(_Part(token.text))
            case "ends" | "fine":
                if now.but:
                    parts.append(_Part())
            case "never":
                now.but = token.text
                parts.append(_Part())
            case "and" if now.but in ("除了", "除去", "除") and token.text in ",;，；" and not now.is_empty:
                parts.append(_Part())
        apart = token.kind == "and" or (apart and token.kind == "idle")
        last = last if token.kind in ("and", "idle") else token.kind
    return parts


def _tokens(text: str) -> list[_Token] | None:
    """None where a word is not known."""
    text = _numerals(text)
    found, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = _SCANNER.match(text, at)
        token = _token(match) if match else None
        if match is None or token is None:
            return None
        found.append(token)
        at = match.end()
    return found


def _token(match: re.Match[str]) -> _Token | None:
    kind, text = match.lastgroup or "", match.group()
    match kind:
        case "date":
            return _date(text)
        case "clock":
            return _clock(text)
        case "days_zh" | "days_en":
            return _Token("day", days=_day_range(text))
        case "zone":
            return _Token("zone", offset=_zone(text))
        case "day" | "day_en":
            return _Token("day", days=tuple(_DAYS[_singular(text, _DAYS)]))
        case "part":
            return _Token("time", hours=_PARTS[_singular(text, _PARTS)])
        case _:
            return _Token(kind, text=text)  # type: ignore[arg-type]


def _singular(word: str, known: Iterable[str]) -> str:
    word = re.sub(r"\s+", " ", word).rstrip(".")
    return word if word in known else word.removesuffix("s")


def _date(text: str) -> _Token | None:
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    month = re.search("|".join(_MONTHS), text)
    try:
        if month:  # "8 may 2026", "may 8, 2026"
            return _Token("date", date=date(numbers[1], _MONTHS.index(month[0]) + 1, numbers[0]).toordinal())
        return _Token("date", date=date(*numbers).toordinal())
    except ValueError:
        return None


def _day_range(text: str) -> tuple[int, ...]:
    """ "mon-fri", "周一到周五", "周一三五", "周二、四"."""
    if (names := re.findall("|".join(_names_of_days()), text)) and text[0].isascii():
        first, last = _DAYS[names[0]][0], _DAYS[names[-1]][0]
        return tuple((first + i) % 7 for i in range((last - first) % 7 + 1))
    days = [_DAYS_ZH[letter] for letter in re.sub("周|星期|礼拜", "", text) if letter in _DAYS_ZH]
    if re.search(_TO, text):
        return tuple((days[0] + i) % 7 for i in range((days[-1] - days[0]) % 7 + 1))
    return tuple(days)


def _clock(text: str) -> _Token | None:
    """ "19:00", "7pm", "7-9pm", "晚上8点到10点", "after 18:00", "18点以后", "before noon" is none."""
    found = list(re.finditer(_ONE_CLOCK, text))
    hours = [_hour(one.groupdict()) for one in found]
    late = any(word in text for word in _AFTERNOON)
    if len(hours) == 2 and found[1]["half"] and not found[0]["half"] and hours[0] < 12:
        hours[0] = _half(hours[0], found[1]["half"]) if _half(hours[0], found[1]["half"]) < hours[1] else hours[0]
    if late and not any(one["half"] for one in found):
        hours = [hour + 12 if 1 <= hour < 12 and not ("中午" in text and hour > 10) else hour for hour in hours]
    if any(hour > 24 for hour in hours):
        return None
    if len(hours) == 2:
        start, end = hours
        return _Token("time", hours=(start, end if end > start else end + 24))
    if re.search(r"^(after|from|since)|以后|之后|后$|起|开始|onwards?|\+$", text):
        return _Token("time", hours=(hours[0], max(24.0, hours[0] + 1)))
    if re.search(r"^(before|until|till|by)|以前|之前|前$", text):
        return _Token("time", hours=(0.0, hours[0]))
    return _Token("time", hours=(hours[0], hours[0] + 1))


def _hour(clock: dict[str, str | None]) -> float:
    minutes = int(clock["minute"] or clock["minute_zh"] or 0) + (30 if clock["half_past"] else 0)
    return _half(int(clock["hour"] or 0) + minutes / 60, clock["half"])


def _half(hour: float, half: str | None) -> float:
    if not half:
        return hour
    return hour % 12 + (12 if half[0] == "p" else 0)


def _zone(text: str) -> float:
    if text in _ZONES:
        return _ZONES[text]
    match = re.search(r"([+-])(\d{1,2})(?::?(\d{2}))?$", text.replace(" ", ""))
    if match is None:
        return 0.0
    hours = int(match[2]) + int(match[3] or 0) / 60
    return hours if match[1] == "+" else -hours


def _numerals(text: str) -> str:
    """Hours in Chinese numerals as digits: "晚上八点半" is "晚上8点半"."""

    def digits(match: re.Match[str]) -> str:
        tens, ten, ones = match[0].rpartition("十")
        number = 10 * (_UNITS.index(tens) if tens else 1) if ten else 0
        return str(number + (_UNITS.index(ones.replace("两", "二")) if ones else 0))

    return re.sub(rf"(?:二?十[{_UNITS}]?|[{_UNITS}两])(?=点)", digits, text)


def _names_of_days() -> list[str]:
    return sorted((name for name, days in _DAYS.items() if len(days) == 1), key=len, reverse=True)


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first; one of letters ends where a word does."""
    patterns = []
    for word in sorted(words, key=len, reverse=True):
        end = r"(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else ""
        patterns.append(re.escape(word).replace(r"\ ", r"\s+") + end)
    return "|".join(patterns)


def _plural(words: Iterable[str]) -> list[str]:
    return [form for word in words for form in ((word, f"{word}s") if word.isascii() else (word,))]


_TO = r"\s*(?:-|–|—|~|至|到|to|until|till|through)\s*"
_ONE_CLOCK = (
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2})|(?P<half_past>点半)|[点时](?:(?P<minute_zh>\d{1,2})分?)?|h(?![a-z]))?"
    r"\s*(?P<half>(?:am|pm|a\.m\.|p\.m\.)(?![a-z]))?"
)
_BARE = re.sub(r"\?P<\w+>", "", _ONE_CLOCK)
_MARKED = r"\d{1,2}(?::\d{2}|点半|[点时](?:\d{1,2}分?)?|h(?![a-z])|\s*(?:am|pm|a\.m\.|p\.m\.)(?![a-z]))" + (
    r"(?:\s*(?:am|pm|a\.m\.|p\.m\.)(?![a-z]))?"
)
_LATE = rf"(?:{_any_of((*_AFTERNOON, '早上', '上午', '早晨', '凌晨'))})?\s*"
_CLOCK = (
    rf"{_LATE}(?:{_BARE}{_TO}{_LATE}{_MARKED}|{_MARKED}{_TO}{_LATE}{_BARE})"
    rf"|{_LATE}{_MARKED}\s*(?:以后|之后|后|以前|之前|前|起|开始|onwards?|\+(?!\d))"
    rf"|(?:after|from|since|before|until|till|by)\s+{_BARE}"
    rf"|{_LATE}{_MARKED}"
)
_NAME_ZH = r"(?:周|星期|礼拜)"
_DAYS_TOGETHER = rf"{_NAME_ZH}[一二三四五六日天](?:{_TO}{_NAME_ZH}?[一二三四五六日天]|(?:[、和及]?[一二三四五六日天])*)"
_DATE = (
    r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?t?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{'|'.join(_MONTHS)})[a-z]*\.?,?\s+\d{{4}}"
    rf"|(?:{'|'.join(_MONTHS)})[a-z]*\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
)
_EN_DAY = rf"(?:{'|'.join(_names_of_days())})s?"
_SCANNER = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in (
            ("zone", rf"(?:utc|gmt)\s*[+-]\s*\d{{1,2}}(?::?\d{{2}})?|[+-]\d{{2}}:\d{{2}}|{_any_of(_ZONES)}"),
            ("date", _DATE),
            ("clock", _CLOCK),
            ("any", _any_of(_ANY)),
            ("fine", _any_of(_FINE)),
            ("never", _any_of(_NEVER)),
            ("day", _any_of(_plural(name for name, days in _DAYS.items() if len(days) > 1))),
            ("days_en", rf"{_EN_DAY}\.?{_TO}{_EN_DAY}(?![a-z])"),
            ("days_zh", _DAYS_TOGETHER),
            ("part", _any_of(_plural(_PARTS))),
            ("but", _any_of(_BUT)),
            ("ends", _any_of(_BUT_ENDS)),
            ("day_en", rf"{_EN_DAY}\.?(?![a-z])"),
            ("and", _any_of(_AND)),
            ("idle", rf"每周(?![一二三四五六日天末])|{_any_of(_IDLE)}"),
        )
    )
)
