"""What large chats cost to read and to store, beside the same messages as an archive: rows a second, and peak memory.

    python -m tests.bench.large_chats [--messages 100000] [--formats archive slack ...] [--read-only]

Writes the messages of a made-up community as each format, always the same ones, and imports each in a process of its
own into an empty store. The index, which is built afterwards and costs the same for all of them, is left out.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from models.archive.container import write
from models.domain.records import Channel, Community, Member, Message
from service.application.importing import import_archive, preview
from service.importers import open_source
from service.store.sql import SqlStore
from tests.bench.figures import machine

ROOT = Path(__file__).parents[2]
START = 1_600_000_000  # seconds since 1970
APART = 40  # seconds between two messages
PEOPLE = 2_000
ANSWERS = 0.2  # how many messages answer one before
CHINA = ZoneInfo("Asia/Shanghai")
_WORDS = """
we could try a smaller boat before winter and ask the harbour who still has an engine that runs so that somebody
learns the wiring while another writes down what each part costs 今天 大家 一起 修 船 需要 电工 朋友 周末 学习
"""
_MEMOTRACE = "localId TalkerId Type SubType IsSender CreateTime Status StrContent StrTime Remark NickName Sender"


class Said(NamedTuple):
    """A message: its number, who says it, when, what, and the number of what it answers, -1 for nothing."""

    number: int
    author: int
    seconds: int
    text: str
    answers: int


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--formats", nargs="+", choices=list(WRITERS), default=list(WRITERS))
    parser.add_argument("--read-only", action="store_true", help="store nothing")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measured(options.one, options.read_only)))
        return
    print(f"{options.messages:,} messages of {PEOPLE:,} people; {machine()}")
    for format in options.formats:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / WRITERS[format].file
            WRITERS[format].write(path, options.messages)
            print(_line(format, path, _in_a_process(path, options.read_only)), flush=True)


def said(count: int) -> Iterator[Said]:
    """Messages of 5 to 30 words; a fifth answers one of the ten before it."""
    chance, words = random.Random(7), _WORDS.split()
    for number in range(count):
        answers = max(0, number - chance.randint(1, 10)) if number and chance.random() < ANSWERS else -1
        text = " ".join(chance.choices(words, k=chance.randint(5, 30)))
        # Of people, as of words, a few make up most of what is said.
        author = min(int(chance.paretovariate(0.5)) - 1, PEOPLE - 1)
        yield Said(number, author, START + APART * number, f"{text} {number}", answers)


def measured(path: Path, read_only: bool) -> dict[str, float]:
    """What an import of `path` reads and takes in this process."""
    now = time.time_ns() // 1000
    started = time.process_time(), time.monotonic()
    source = open_source(path)
    with tempfile.TemporaryDirectory() as folder:
        if read_only:
            summary = preview(source, now=now)
        else:
            store = SqlStore(Path(folder) / "yiqi.db")
            summary = import_archive(store, "bench", source, now=now)
            store.close()
    return {
        "messages": summary.read.get("message", 0),
        "bad": summary.bad,
        "replies": source.report.replies,
        "processor": time.process_time() - started[0],
        "seconds": time.monotonic() - started[1],
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _in_a_process(path: Path, read_only: bool) -> dict[str, float]:
    flags = ["--read-only"] if read_only else []
    command = [sys.executable, "-m", "tests.bench.large_chats", "--one", str(path), *flags]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _line(format: str, path: Path, got: dict[str, float]) -> str:
    rate, own = got["messages"] / got["seconds"], got["messages"] / got["processor"]
    return (
        f"{format:<10} {path.stat().st_size / 1e6:7.0f} MB   {got['messages']:>9,.0f} messages, {got['replies']:,.0f} "
        f"replies, {got['bad']:.0f} bad   {rate:8,.0f} rows/s ({own:,.0f} of processor time)   "
        f"peak {got['megabytes']:,.0f} MB"
    )


# --- the same messages in each format --------------------------------------------------------------------------------


def _archive(path: Path, count: int) -> None:
    messages = (
        Message(
            id=f"m{one.number:07}",
            author=f"p{one.author}",
            time=one.seconds * 1_000_000,
            text=one.text,
            channel="boats",
            reply_to=f"m{one.answers:07}" if one.answers >= 0 else "",
        )
        for one in said(count)
    )
    people = [Member(id=f"p{number}", name=f"Person {number}") for number in range(PEOPLE)]
    write(path, {
        "community": iter([Community(id="bench")]), "channel": iter([Channel(id="boats", name="boats")]),
        "member": iter(sorted(people, key=lambda one: one.id)), "message": messages,
    })  # fmt: skip


def _wechat_csv(path: Path, count: int) -> None:
    """As MemoTrace writes it."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out)
        table.writerow(_MEMOTRACE.split())
        for one in said(count):
            person = ["", f"Person {one.author}", f"wxid_p{one.author}"]
            table.writerow([one.number, 7, 1, 0, 0, one.seconds, 2, one.text, _local(one), *person])


def _wechat_text(path: Path, count: int) -> None:
    """As MemoTrace writes it."""
    with path.open("w", encoding="utf-8") as out:
        for one in said(count):
            out.write(f"{_local(one)} Person {one.author}\n{one.text}\n\n")


def _slack(path: Path, count: int) -> None:
    people = [
        {"id": f"U{one}", "name": f"p{one}", "profile": {"real_name": f"Person {one}"}, "is_bot": False}
        for one in range(PEOPLE)
    ]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("users.json", json.dumps(people))
        out.writestr("channels.json", json.dumps([{"id": "C1", "name": "boats", "members": []}]))
        for day, lines in groupby(said(count), key=_day):
            out.writestr(f"boats/{day}.json", json.dumps([_of_slack(one) for one in lines]))


def _of_slack(one: Said) -> dict[str, Any]:
    row = {"type": "message", "user": f"U{one.author}", "ts": f"{one.seconds}.000000", "text": one.text}
    answered = START + APART * one.answers
    return row | ({"thread_ts": f"{answered}.000000"} if one.answers >= 0 else {})


def _telegram(path: Path, count: int) -> None:
    head = {"name": "Boats", "type": "private_supergroup", "id": 77}
    _as_json(path, head, count, lambda one: {
        "id": one.number + 1, "type": "message", "date": _utc(one), "date_unixtime": str(one.seconds),
        "from": f"Person {one.author}", "from_id": f"user{one.author + 1}", "text": one.text,
        "text_entities": [{"type": "plain", "text": one.text}],
    } | ({"reply_to_message_id": one.answers + 1} if one.answers >= 0 else {}))  # fmt: skip


def _discord(path: Path, count: int) -> None:
    """As DiscordChatExporter writes it."""
    head = {
        "guild": {"id": "1", "name": "Harbour"}, "channel": {"id": "7", "type": "GuildTextChat", "name": "boats"},
        "dateRange": {"after": None, "before": None},
    }  # fmt: skip
    _as_json(path, head, count, lambda one: {
        "id": str(1_000_000 + one.number), "timestamp": f"{_utc(one)}+00:00", "timestampEdited": None,
        "isPinned": False, "content": one.text, "mentions": [], "type": "Reply" if one.answers >= 0 else "Default",
        "author": {"id": f"{5000 + one.author}", "name": f"p{one.author}", "nickname": f"Person {one.author}",
                   "isBot": False},
    } | ({"reference": {"messageId": f"{1_000_000 + one.answers}"}} if one.answers >= 0 else {}))  # fmt: skip


def _as_json(path: Path, head: dict[str, Any], count: int, row: Callable[[Said], dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write(json.dumps(head, indent=1)[:-2] + ',\n "messages": [\n')
        for one in said(count):
            out.write(",\n" * bool(one.number) + json.dumps(row(one), ensure_ascii=False, indent=1))
        out.write("\n ]\n}")


def _local(one: Said) -> str:
    return datetime.fromtimestamp(one.seconds, CHINA).strftime("%Y-%m-%d %H:%M:%S")


def _utc(one: Said) -> str:
    return datetime.fromtimestamp(one.seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _day(one: Said) -> str:
    return _utc(one)[:10]


class Writer(NamedTuple):
    """The name of a file, and what writes it."""

    file: str
    write: Callable[[Path, int], None]


WRITERS = {
    "archive": Writer("archive.zip", _archive),
    "wechat-csv": Writer("boats.csv", _wechat_csv),
    "wechat-txt": Writer("boats.txt", _wechat_text),
    "slack": Writer("slack.zip", _slack),
    "telegram": Writer("result.json", _telegram),
    "discord": Writer("boats.json", _discord),
}


if __name__ == "__main__":
    main()
