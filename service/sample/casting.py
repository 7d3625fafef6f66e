"""Who takes part in a dialogue: people who are there, write the language, care about the topic and know each other."""

from __future__ import annotations

from random import Random

from models.records import Channel, Micros
from service.sample.log import Log
from service.sample.material import Dialogue, Material, Person

_BRIDGE = "bridge"
_BRIDGE_IN_MAIN = 0.3


class Cast:
    """Chooses people. Circles keep to themselves; only the bridge person is in several."""

    def __init__(self, material: Material, log: Log, rng: Random) -> None:
        self._log = log
        self._rng = rng
        self._talkers = [p for p in material.people if p.volume > 0]
        self._strangers = {frozenset(pair) for pair in material.bonds["strangers"]}
        self._doors = {c.id: c for c in material.channels}

    def of(self, dialogue: Dialogue, topic: str, channel: str, circle: str, time: Micros) -> dict[str, Person] | None:
        """One person for each role, None when there is nobody for one of them."""
        chosen: dict[str, Person] = {}
        for role in dialogue.roles:
            able = [p for p in self._in_circle(circle) if _able(p, dialogue, role, self._doors[channel], time)]
            able = [p for p in able if p not in chosen.values() and self._fits(p, dialogue, chosen)]
            weights = [self._weight(p, topic, role, circle, chosen) for p in able]
            if not any(weights):
                return None
            chosen[role] = self._rng.choices(able, weights)[0]
        return chosen

    def starter(self, circle: str, topics: tuple[str, ...]) -> Person:
        """Somebody to begin, by how much they talk, among those who talk about these topics if any are given."""
        people = self._in_circle(circle)
        if topics:
            people = [p for p in people if {*topics} & {*p.talk, *p.asks}] or people
        return self._rng.choices(people, [p.volume for p in people])[0]

    def welcomers(self, newcomer: Person, count: int, time: Micros) -> list[Person]:
        """Different people of the main group who are around, for a line of welcome."""
        around = [p for p in self._in_circle("") if p.circle == "" and p is not newcomer and p.since <= time < p.until]
        picked: list[Person] = []
        for _ in range(min(count, len(around))):
            rest = [p for p in around if p not in picked]
            picked.append(self._rng.choices(rest, [p.volume for p in rest])[0])
        return picked

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
    return (
        person.since <= time < person.until
        and person.writes(dialogue.languages[role])
        and (not dialogue.city or person.city.name == dialogue.city)
        and (channel.visibility == "community" or person.id in channel.members)
    )
