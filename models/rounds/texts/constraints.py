"""Rules of a round as an organizer is told of them: what was asked for, what gave way, what collides and what helps.

Nothing here says who blocked or dismissed whom, only that people may not meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from models.domain.facts import Fact, Value
from models.domain.fields import fields_of
from models.domain.records import Scalar
from models.rounds.constraints.constraint import Constraint
from models.rounds.constraints.mixed import Mixed
from models.rounds.constraints.new_to_each_other import NewToEachOther
from models.rounds.constraints.no_repeat import NoRepeat
from models.rounds.constraints.quota import Quota
from models.rounds.spec.requests import Collision, Relaxed, RoundSpec
from models.text.quoting import name

# The name by which an organizer knows a member.
Namer: TypeAlias = Callable[[str], str]


def people_said(members: Sequence[str], called: Namer) -> Fact:
    """Some of them by name, the others counted."""
    return Fact("rule.people", {"names": tuple(name(called(member)) for member in members)})


def rule_said(rule: Constraint, called: Namer) -> Fact:
    """What a rule asks for, as half a sentence without a full stop."""
    said = _said(rule, called)
    if rule.firm or isinstance(rule, NoRepeat) or rule == NewToEachOther(off=True):
        return said
    return Fact("rule.soft", {"rule": said})


def collision_said(collision: Collision, spec: RoundSpec, called: Namer) -> Fact:
    """Which rules collide, for whom, and what would do; rules are counted from 1."""
    return Fact("collision.all", {"lead": _lead(collision, spec, called), "cure": _cure(collision)})


def relaxed_said(relaxed: Relaxed, spec: RoundSpec, called: Namer) -> Fact:
    """Which rule gave way, for whom, and to what."""
    rule = spec.rules[relaxed.rule]
    people = people_said(relaxed.members, called)
    said: dict[str, Value] = {"n": relaxed.rule + 1, "rule": rule_said(rule, called), "people": people}
    return Fact("rule.gave_way", {**said, "to": _kept(rule, relaxed.kept)})


def _lead(collision: Collision, spec: RoundSpec, called: Namer) -> Fact:
    if collision.rules == () and collision.also == ("time_limit",):
        return Fact("collision.timed_out")
    rules = (_numbered(spec, place, called) for place in collision.rules)
    stand = (*rules, *_of("also", collision))
    who = people_said(collision.members, called)
    return Fact("collision.lead", {"stand": stand, "who": who})


def _numbered(spec: RoundSpec, place: int, called: Namer) -> Fact:
    return Fact("rule.numbered", {"n": place + 1, "rule": rule_said(spec.rules[place], called)})


def _cure(collision: Collision) -> Fact:
    if collision.cures:
        return Fact("collision.cure", {"cures": tuple(place + 1 for place in collision.cures)})
    return Fact("collision.help", {"rules": bool(collision.rules), "advice": _of("advice", collision)})


def _of(part: str, collision: Collision) -> tuple[Fact, ...]:
    return tuple(Fact(f"collision.{part}.{also}") for also in collision.also)


def _kept(rule: Constraint, kept: float) -> Value:
    """What was still kept of it, in its own numbers."""
    if isinstance(rule, NoRepeat):
        return _last_met(rule, int(kept))
    if isinstance(rule, (Quota, Mixed)) and kept:
        return Fact("rule.kept.short_of", {"n": f"{kept:g}"})
    return ""


def _last_met(rule: NoRepeat, kept: int) -> Fact:
    """When they met last, from what is left of the rule: rounds in between, else days since."""
    if rule.rounds:
        return Fact("rule.kept.rounds_ago", {"n": kept + 1})
    return Fact("rule.kept.days_ago", {"n": kept})


def _said(rule: Constraint, called: Namer) -> Fact:
    if isinstance(rule, NoRepeat):
        return Fact(rule.message(), {"spans": tuple(_spans(rule))})
    return Fact(rule.message(), dict(_values(rule, called)))


def _values(rule: Constraint, called: Namer) -> Iterator[tuple[str, Value]]:
    """What fills a message: the fields of the rule by their names, people and numbers as they are read."""
    for field in fields_of(type(rule)):
        value = getattr(rule, field.name)
        if field.names_members:
            yield field.name, people_said(value, called)
        elif field.type == Scalar:
            yield field.name, str(value).lower() if isinstance(value, bool) else str(value)
        elif value is not None and field.name != "firm":
            yield field.name, f"{value:g}" if field.type is float else value


def _spans(rule: NoRepeat) -> Iterator[Fact]:
    if rule.days:
        yield Fact("rule.days", {"n": rule.days})
    if rule.rounds or not rule.days:
        yield Fact("rule.rounds", {"n": rule.rounds})
