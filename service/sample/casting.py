"""Who takes part in a dialogue: people who are there, write the language, care about the topic and know each other."""

from __future__ import annotations

from random import Random

from models.domain.records import Channel, Micros
from service.sample.log import Log
from service.sample.material import Dialogue, Material, Person, month_begins

_BRIDGE = "bridge"
_BRIDGE_IN_MAIN = 0.3


class Cast:
    """Chooses people. Circles keep to themselves; only the bridge person is in several."""

    def __init__(self, material: Material, log: Log, rng: Random) -> None:
        self._log = log
        self._rng = rng
        self._people = {p.id: p for p in material.people}
        self._talkers = [p for p in material.people if p.volume > 0]
        self._strangers = {frozenset(pair) for pair in material.bonds["strangers"]}
        self._doors = {c.id: c for c in material.channels}

    def of(self, dialogue: Dialogue, topic: str, channel: str, time: Micros) -> dict[str, Person] | None:
        """One person for each role, None when there is nobody for one of them."""
        chosen = {role: self._people[role] for role in dialogue.roles if role in self._people}
        if not all(_there(p, dialogue, self._doors[channel], time) for p in chosen.values()):
            return None
        for role in dialogue.roles:
            if role in chosen:
                continue
            able = [p for p in self._in_circle(dialogue.circle) if _able(p, dialogue, role, self._doors[channel], time)]
            able = [p for p in able if p not in chosen.values() and self._fits(p, dialogue, chosen)]
            weights = [self._weight(p, topic, role, dialogue.circle, chosen) for p in able]
            if not any(weights):
                return None
            chosen[role] = self._rng.choices(able, weights)[0]
        return chosen

    def starter(self, circle: str, topic: str) -> Person:
        """Somebody to begin, by how much they talk, among those who talk about this topic if anybody does."""
        people = self._in_circle(circle)
        people = [p for p in people if topic in {*p.talk, *p.asks}] or people
        return self._rng.choices(people, [p.volume for p in people])[0]

    def stay(self, opener: Person, dialogue: Dialogue) -> tuple[Micros, Micros]:
        """When everybody whom a dialogue names is around, in its month; from the first to the last moment."""
        here = [opener, *(self._people[role] for role in dialogue.roles if role in self._people)]
        since, until = max(p.since for p in here), min(p.until for p in here)
        if dialogue.month:
            since, until = max(since, month_begins(dialogue.month)), min(until, month_begins(dialogue.month + 1))
        return since, max(until, since + 1)

    def _in_circle(self, circle: str) -> list[Person]:
        return [p for p in self._talkers if p.circle in (circle, _BRIDGE)]

    def _fits(self, person: Person, dialogue: Dialogue, chosen: dict[str, Person]) -> bool:
        if any({person.id, other.id} in self._strangers for other in chosen.values()):
            return False
        return not dialogue.local or all(other.city is person.city for other in chosen.values())

    def _weight(self, person: Person, topic: str, role: str, circle: str, chosen: dict[str, Person]) -> float:
        weight = person.volume * _interest(person, topic, role, circle)
        if person.circle == _BRIDGE and not circle:
            weight *= _BRIDGE_IN_MAIN
        for other in chosen.values():
            weight *= 1 + 0.6 * min(self._log.dealings[person.id][other.id], 8)
            weight *= 1.5 if other.city is person.city else 1.0
        return weight


def _interest(person: Person, topic: str, role: str, circle: str) -> float:
    talks, asks = topic in person.talk, topic in person.asks
    if circle:
        return 1.0
    if role == "Q":
        return 5.0 if asks else 1.0 if talks else 0.15
    if role == "K":
        return 5.0 if talks else 0.02
    if role == "A":
        return 3.0 if talks else 0.05
    return 3.0 if talks or asks else 0.3


def _able(person: Person, dialogue: Dialogue, role: str, channel: Channel, time: Micros) -> bool:
    return person.writes(dialogue.languages[role]) and _there(person, dialogue, channel, time)


def _there(person: Person, dialogue: Dialogue, channel: Channel, time: Micros) -> bool:
    return (
        person.since <= time < person.until
        and (not dialogue.city or person.city.name == dialogue.city)
        and (channel.visibility == "community" or person.id in channel.members)
    )
