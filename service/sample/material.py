"""Reads what was written by hand in `material/`: people, topics with their dialogues, projects and bonds."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any, cast

from models.archive.times import parse_time
from models.domain.records import Channel, Community, Consent, Member, Micros, Need, ValueKind, Visibility

START: Micros = parse_time("2026-02-16T00:00:00Z")
END: Micros = parse_time("2026-11-20T00:00:00Z")

_FOLDER = Path(__file__).parent / "material"
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2}")
_TURN = re.compile(r"([A-DQK]|[a-z0-9][a-z0-9-]+)(?:\+(\d+))?: (.+)")
_MARK = re.compile(r"#(city|month|circle)=(.+)")


@dataclass(frozen=True, slots=True)
class City:
    """A place people live in. `offset`: hours ahead of UTC in winter, good enough for when somebody is awake."""

    name: str
    chinese: str
    zone: str
    offset: int
    spots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A member as the archive has it, and what only the generator knows about them. Times are microseconds."""

    member: Member
    city: City
    speaks: str
    talk: tuple[str, ...]
    asks: tuple[str, ...]
    volume: float
    since: Micros
    until: Micros
    circle: str
    intro: str
    says: tuple[tuple[str, str], ...]  # (channel, text)
    welcomes: tuple[tuple[str, str], ...]  # (member, text) under their introduction, in order

    @property
    def id(self) -> str:
        """The member's id."""
        return self.member.id

    def writes(self, language: str) -> bool:
        """Whether they write in this language ("zh", "en", or "" for neither in particular)."""
        return not language or self.speaks in (language, "both")


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a dialogue. Roles: A starts, B to D join, Q asks and K knows; or the id of who says it.
    `later`: how many days after the line before."""

    role: str
    text: str
    later: int = 0


@dataclass(frozen=True, eq=False)
class Dialogue:
    """Turns in order. `city`: all of its people live there ("" for anywhere). `month`: when it is held (0: whenever).
    `circle`: the people who keep to themselves that it belongs to ("" for everybody else)."""

    turns: tuple[Turn, ...]
    city: str = ""
    month: int = 0
    circle: str = ""

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """Roles in order of appearance."""
        return tuple(dict.fromkeys(turn.role for turn in self.turns))

    @cached_property
    def local(self) -> bool:
        """Whether it speaks of a spot in town, so that its people should be from one town."""
        return any("{spot}" in turn.text for turn in self.turns)

    @cached_property
    def languages(self) -> dict[str, str]:
        """What each role writes in: "zh" when any of its lines has Chinese in it."""
        return {r: language_of(" ".join(turn.text for turn in self.turns if turn.role == r)) for r in self.roles}


@dataclass(frozen=True, slots=True)
class Topic:
    """What is talked about, where, and the words that fill the gaps."""

    name: str
    channels: tuple[str, ...]
    slots: dict[str, list[str]]
    dialogues: tuple[Dialogue, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """Everything, in the order of the files."""

    community: Community
    channels: tuple[Channel, ...]
    people: tuple[Person, ...]
    topics: dict[str, Topic]
    projects: list[dict[str, Any]]
    bonds: dict[str, Any]
    solo: dict[str, Any]


def language_of(text: str) -> str:
    """ "zh" when there is Chinese in it, "en" when there are words in Latin letters, else ""."""
    if _HAN.search(text):
        return "zh"
    return "en" if _LATIN.search(re.sub(r"\{\w+\}", "", text)) else ""


def at(share: float) -> Micros:
    """The time at a share (0..1) of the year of the sample."""
    return START + int(share * (END - START))


def month_begins(month: int) -> Micros:
    """When a month of the year of the sample begins."""
    return parse_time(f"2026-{month:02}-01T00:00:00Z")


def need(text: str) -> Need:
    """ "kind: text" or plain text as a Need."""
    kind, colon, rest = text.partition(": ")
    if colon and kind in ("growth", "income", "resources", "connections"):
        return Need(rest, cast(ValueKind, kind))
    return Need(text)


def load(seed: int) -> Material:
    """All material. The seed settles what the files leave open: who came when, and who stopped coming."""
    main = _toml("community.toml")
    cities = {name: _city(name, row) for name, row in main["cities"].items()}
    rows = _toml("people_stated.toml")["member"] + _toml("people_bare.toml")["member"]
    people = tuple(_person(row, cities, Random(f"{seed}/{row['id']}")) for row in rows)
    topics = {path.stem: _topic(path) for path in sorted((_FOLDER / "topics").glob("*.toml"))}
    return Material(
        community=_community(main["community"]),
        channels=tuple(_channel(row, people, topics) for row in main["channel"]),
        people=people,
        topics=topics,
        projects=_toml("projects.toml")["project"],
        bonds=_toml("bonds.toml"),
        solo=_toml("solo.toml"),
    )


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


def _community(row: dict[str, Any]) -> Community:
    return Community(
        id=row["id"],
        name=row["name"],
        purpose=row["purpose"],
        values=tuple(row["values"]),
        languages=tuple(row["languages"]),
    )


def _city(name: str, row: dict[str, Any]) -> City:
    return City(name, row["chinese"], row["zone"], row["offset"], tuple(row["spots"]))


def _channel(row: dict[str, Any], people: tuple[Person, ...], topics: dict[str, Topic]) -> Channel:
    """A channel for members only is joined by whoever talks about what it is for."""
    visibility = cast(Visibility, row.get("visibility", "community"))
    members = row.get("members", ())
    if visibility == "members":
        own = {name for name, topic in topics.items() if row["id"] in topic.channels}
        guests = set(row.get("guests", ()))
        members = sorted(p.id for p in people if p.id in guests or own & {*p.talk, *p.asks})
    return Channel(id=row["id"], name=row["name"], visibility=visibility, members=tuple(members))


def _person(row: dict[str, Any], cities: dict[str, City], rng: Random) -> Person:
    member = _member(row, cities)
    since, until = _stay(row, rng)
    talk = [name for name in row["talk"] if not name.startswith("?")]
    return Person(
        member=member,
        city=cities[row["city"]],
        speaks=row["speaks"],
        talk=tuple(talk),
        asks=tuple(name[1:] for name in row["talk"] if name.startswith("?")),
        volume=row["volume"] ** 1.5 * rng.lognormvariate(0, 0.5),
        since=at(since),
        until=at(until),
        circle=row.get("circle", ""),
        intro=row.get("intro", ""),
        says=_lines(row.get("says", ())),
        welcomes=_lines(row.get("welcomes", ())),
    )


def _lines(rows: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """ "where or who| text" as pairs."""
    return tuple(cast(tuple[str, str], tuple(row.split("| ", 1))) for row in rows)


def _member(row: dict[str, Any], cities: dict[str, City]) -> Member:
    place = row.get("place", "")
    paused = row.get("paused_until")
    return Member(
        id=row["id"],
        name=row["name"],
        profile=row.get("profile", ""),
        aims=tuple(row.get("aims", ())),
        offers=tuple(map(need, row.get("offers", ()))),
        seeks=tuple(map(need, row.get("seeks", ()))),
        values=tuple(row.get("values", ())),
        languages=tuple(row.get("languages", ())),
        place=place,
        time_zone=cities[place].zone if place else "",
        availability=tuple(row.get("availability", ())),
        consent=cast(Consent, row.get("consent", "members")),
        paused_until=parse_time(paused) if paused else None,
    )


def _stay(row: dict[str, Any], rng: Random) -> tuple[float, float]:
    """When they come and when they stop coming, as shares of the year. Most stay; some drift away without a word."""
    late = rng.uniform(0.03, 0.85)
    founder = rng.random() < 0.65 and "intro" not in row
    drifts = row["volume"] in (1, 2) and rng.random() < 0.2
    since = row.get("from", 0.0 if founder else late)
    until = row.get("until", min(1.0, since + rng.uniform(0.15, 0.5)) if drifts else 1.0)
    return since, until


def _topic(path: Path) -> Topic:
    row = _toml(f"topics/{path.name}")
    blocks = [block.strip() for block in row["dialogues"].split("\n\n")]
    circle = row.get("circle", "")
    dialogues = tuple(_dialogue(block, circle) for block in blocks if block)
    return Topic(path.stem, tuple(row["channels"]), row.get("slots", {}), dialogues)


def _dialogue(block: str, circle: str) -> Dialogue:
    marks, turns = {"circle": circle}, []
    for line in block.splitlines():
        if mark := _MARK.fullmatch(line):
            marks[mark[1]] = mark[2]
        elif match := _TURN.fullmatch(line):
            turns.append(Turn(match[1], match[3].replace("\\n", "\n"), int(match[2] or 0)))
        else:
            raise ValueError(f"not a line of a dialogue: {line!r}")
    return Dialogue(tuple(turns), marks.get("city", ""), int(marks.get("month", 0)), marks["circle"])
