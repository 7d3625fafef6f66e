"""The CSV of a WeChat group export: encoding, columns and times. What the words mean is not decided here."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.archive.container import BadRow
from models.archive.times import format_time, parse_time

_COLUMNS = {
    "time": ("时间", "发送时间", "消息时间", "time", "datetime", "timestamp", "sent", "strtime", "createtime"),
    "date": ("日期", "date"),
    "sender": ("发送人", "发送者", "发言人", "昵称", "群昵称", "sender", "name", "nickname", "from"),
    "text": ("内容", "消息", "消息内容", "正文", "text", "message", "content", "strcontent"),
    "type": ("类型", "消息类型", "type"),
    "wxid": ("wxid", "id", "微信号", "微信id", "发送者id", "sender_id", "senderid"),
}
_TIME = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?[\sT,，]*"
    r"(上午|下午|AM|PM)?\s*(\d{1,2})\s*[:：时点]\s*(\d{1,2})(?:\s*[:：分]\s*(\d{1,2})(?:\.\d+)?)?\s*[秒分]?\s*(AM|PM)?",
    re.IGNORECASE,
)
_EPOCH_SECONDS = re.compile(r"\d{10}|\d{13}")
_LONGEST_FIELD = 16 << 20
_ESCAPED = re.compile("[\udc80-\udcff]")


class HeaderError(ValueError):
    """The first line names no columns that an export has; the text says which are missing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the export as it stands. `time` is in microseconds; `number` is the line of the file, from 1."""

    number: int
    time: int
    sender: str
    wxid: str
    kind: str
    text: str


def read_lines(data: bytes, file: str, zone: ZoneInfo) -> Iterator[Line | BadRow]:
    """Every row of an export. Times without an offset are of `zone`. HeaderError when columns are missing."""
    text = decode(data)
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    columns = _columns(next(reader, []))
    number = reader.line_num + 1
    for cells in _rows(reader):
        if isinstance(cells, str):
            yield BadRow(file, number, cells)
        elif any(cell.strip() for cell in cells):
            yield _line(file, number, {key: cells[at] for key, at in columns.items() if at < len(cells)}, zone)
        number = reader.line_num + 1


def decode(data: bytes) -> str:
    """The text of UTF-8 (with or without a mark), UTF-16 with a mark, or GB18030.

    Broken bytes of a file that is otherwise UTF-8 become lone surrogates, for the row to be refused alone.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    text = data.decode("utf-8-sig", "surrogateescape")
    broken = len(_ESCAPED.findall(text))
    foreign = sum(not char.isascii() for char in text)
    if broken > foreign / 10:
        return data.decode("gb18030", "replace")
    return text


def parse_local_time(text: str, zone: ZoneInfo) -> int:
    """Microseconds of the times exports write: 2024-03-05 21:14:03, 2024/3/5 21:14, 2024年3月5日 21:14, RFC 3339."""
    text = text.strip()
    if _EPOCH_SECONDS.fullmatch(text):
        return int(text.ljust(16, "0"))
    if text.endswith(("Z", "z")) or re.search(r"[+-]\d\d:\d\d$", text):
        return parse_time(text)
    match = _TIME.fullmatch(text)
    if not match:
        raise ValueError(f"not a date with a time of day: {text[:40]!r}")
    year, month, day, before, hour, minute, second, after = match.groups()
    half = (before or after or "").upper()
    hours = int(hour) % 12 + 12 * (half in ("PM", "下午")) if half else int(hour)
    try:
        local = datetime(int(year), int(month), int(day), hours, int(minute), int(second or 0), tzinfo=zone)
        return (local - datetime.fromtimestamp(0, tz=ZoneInfo("UTC"))) // timedelta(microseconds=1)
    except (ValueError, OverflowError):
        raise ValueError(f"no such time: {text[:40]!r}") from None


def _rows(reader: Iterator[list[str]]) -> Iterator[list[str] | str]:
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield f"not CSV: {error}"


def _delimiter(text: str) -> str:
    header = text.split("\n", 1)[0]
    return max(",\t;", key=header.count)


def _columns(header: list[str]) -> dict[str, int]:
    names = [name.strip().casefold() for name in header]
    found = {key: names.index(name) for key, known in _COLUMNS.items() for name in reversed(known) if name in names}
    missing = {"time", "sender", "text"} - found.keys() - ({"time"} if "date" in found else set())
    if missing:
        named = "; ".join(f"{key} ({', '.join(_COLUMNS[key][:4])})" for key in sorted(missing))
        raise HeaderError(f"the first line names no column for {named}")
    return found


def _line(file: str, number: int, cells: dict[str, str], zone: ZoneInfo) -> Line | BadRow:
    if "sender" not in cells or "text" not in cells:
        return BadRow(file, number, f"only {len(cells)} columns, where the first line has more")
    if any(_ESCAPED.search(cell) for cell in cells.values()):
        return BadRow(file, number, "holds bytes that are no text")
    try:
        time = parse_local_time(f"{cells.get('date', '')} {cells.get('time', '')}", zone)
        format_time(time)
    except (ValueError, OverflowError) as error:
        return BadRow(file, number, f"time: {error}")
    # NUL and friends come from broken exporters and mean nothing.
    text = cells["text"].replace("\x00", "").replace("\r\n", "\n").strip()
    return Line(
        number, time, cells["sender"].strip(), cells.get("wxid", "").strip(), cells.get("type", "").strip(), text
    )
