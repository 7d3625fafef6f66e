"""The voices that no dialogue carries: the one who broadcasts and the one whom nobody answers."""

from __future__ import annotations

from random import Random

from service.sample.clock import moment
from service.sample.log import Draft, Log
from service.sample.material import END, START, Material, Person
from service.sample.phrasing import Gaps

BROADCASTER = "kevin-growth"
LONER = "tomasz-wrobel"
NEWCOMER = "ines-almeida"
BRIDGE = "zhou-yuan"

_BROADCASTS = 120


def broadcast(material: Material, log: Log, seed: int) -> None:
    """The loud one posts through the whole year, never answers and never mentions anyone; some grumble about it."""
    rng = Random(f"{seed}/broadcast")
    part = material.solo["broadcaster"]
    person = _person(material, BROADCASTER)
    times = sorted(moment(rng, START, END, person.city) for _ in range(_BROADCASTS))
    for number, time in enumerate(times, 1):
        numbers = {"seats": str(rng.randint(3, 99)), "camp": str(rng.randint(2, 12)), "n": str(number)}
        text = Gaps(rng, part, numbers).fill(rng.choice(part["lines"]), {})
        log.say(Draft(person.id, time, rng.choice(part["channels"]), text))
    _grumble(material, log, rng)


def _grumble(material: Material, log: Log, rng: Random) -> None:
    for line in material.solo["grumbles"]["lines"]:
        chinese = not line.isascii()
        person = rng.choice([p for p in material.people if p.volume >= 5 and p.circle == "" and _writes(p, chinese)])
        text = Gaps(rng, {}, {"n": str(rng.randint(12, 90))}).fill(line, {})
        log.say(Draft(person.id, moment(rng, person.since, person.until, person.city), "lobby", text))


def keep_writing(material: Material, log: Log, seed: int) -> None:
    """The isolated one writes a line every few weeks; nobody takes it up."""
    rng = Random(f"{seed}/loner")
    person = _person(material, LONER)
    lines = [line.split("| ", 1) for line in material.solo["loner"]["lines"]]
    step = (END - person.since) // len(lines)
    for number, (channel, text) in enumerate(lines):
        start = person.since + number * step
        log.say(Draft(person.id, moment(rng, start, start + step, person.city), channel, text))


def _writes(person: Person, chinese: bool) -> bool:
    return person.writes("zh" if chinese else "en")


def _person(material: Material, member: str) -> Person:
    return next(p for p in material.people if p.id == member)
