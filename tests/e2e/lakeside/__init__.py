"""Forty invented neighbours at a lake, in Chinese and English, as an archive whose chat ends yesterday."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LATE = {"ned": "nobody", "old-hu": "organizers"}  # every other one agreed to be recommended to members
GONE_DAYS = 200


def write_archive(out: Path, now: datetime) -> Path:
    """The community as a folder of JSON lines."""
    out.mkdir()
    files: dict[str, list[dict[str, Any]]] = {
        "members": list(_members()),
        "channels": [{"id": "pier", "name": "码头 pier"}],
        "messages": list(_messages(now)),
        "projects": _projects(now),
        "blocks": [{"from": "max", "to": "oli", "time": _ago(now, 30), "kind": "blocked"}],
    }
    community = {"name": "湖边 Lakeside", "purpose": "neighbours at the lake who mend, cook and row together"}
    (out / "community.json").write_text(json.dumps(community, ensure_ascii=False), "utf-8")
    for name, rows in files.items():
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (out / f"{name}.jsonl").write_text("".join(lines), "utf-8")
    return out


def _members() -> Iterator[dict[str, Any]]:
    for line in _lines("members.tsv"):
        id_, name, languages, attributes, availability, offers, seeks, profile = map(str.strip, line.split("|"))
        yield {
            "id": id_,
            "name": name,
            "languages": languages.split(),
            "attributes": dict(pair.split("=") for pair in attributes.split()),
            "availability": [availability] if availability else [],
            "offers": [{"kind": "growth", "text": offers}] if offers else [],
            "seeks": [{"kind": "growth", "text": seeks}] if seeks else [],
            "profile": profile,
            "consent": LATE.get(id_, "members"),
        }


def _messages(now: datetime) -> Iterator[dict[str, Any]]:
    before = ""
    for n, line in enumerate(_lines("chat.txt")):
        days, author, text = line.split(" ", 2)
        answers, text = text.startswith("> "), text.removeprefix("> ")
        time = _ago(now, int(days), minutes=n)
        mentions = [word[1:] for word in text.split() if word.startswith("@")]
        row = {"id": f"x{n:03}", "author": author, "time": time, "channel": "pier", "text": text, "mentions": mentions}
        yield {**row, "reply_to": before} if answers else row
        before = f"x{n:03}"
    gone = {"id": "old", "author": "old-hu", "time": _ago(now, GONE_DAYS), "channel": "pier"}
    yield {**gone, "text": "以前这里有二十条渡船"}


def _projects(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": "market",
            "title": "Lake market",
            "text": "A market at the pier in spring: stalls, music, posters.",
            "time": _ago(now, 9),
            "members": ["zoe"],
            "state": "open",
        },
        {
            "id": "boat",
            "title": "修旧船",
            "text": "把北岸那条旧木船修到能下水。",
            "time": _ago(now, 8),
            "members": ["tao-ran"],
            "state": "open",
        },
    ]


def _ago(now: datetime, days: int, minutes: int = 0) -> str:
    return (now - timedelta(days=days) + timedelta(minutes=minutes)).astimezone(UTC).isoformat()


def _lines(name: str) -> Iterator[str]:
    text = (HERE / name).read_text("utf-8")
    return (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
