"""Rules of a round as an organizer is told of them: what was asked for, what gave way, what collides and what helps.

Nothing here says who blocked or dismissed whom, only that people may not meet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import singledispatch
from typing import TypeAlias

from models.domain.facts import Fact, Value
from models.domain.records import Scalar
from models.rounds.spec.requests import (
    Apart,
    Collision,
    Mixed,
    Near,
    NewToEachOther,
    NoRepeat,
    Quota,
    Relaxed,
    RoundSpec,
    Rule,
    Same,
    TimeZones,
    Together,
)
from models.text.quoting import name

# The name by which an organizer knows a member.
Namer: TypeAlias = Callable[[str], str]

_SAME = ("languages", "place", "time_zone")  # what has a message of its own


def people_said(members: Sequence[str], called: Namer) -> Fact:
    """Some of them by name, the others counted."""
    return Fact("rule.people", {"names": tuple(name(called(member)) for member in members)})


def rule_said(rule: Rule, called: Namer) -> Fact:
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


def _kept(rule: Rule, kept: float) -> Value:
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


def _value(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


# -- a message a rule ------------------------------------------------------------------------------------------------


@singledispatch
def _said(rule: Rule, called: Namer) -> Fact:
    raise TypeError(rule)


@_said.register
def _(rule: Together, called: Namer) -> Fact:
    return Fact("rule.together", {"people": people_said(rule.members, called)})


@_said.register
def _(rule: Apart, called: Namer) -> Fact:
    return Fact("rule.apart", {"people": people_said(rule.members, called)})


@_said.register
def _(rule: Same, _called: Namer) -> Fact:
    if rule.attribute in _SAME:
        return Fact(f"rule.same.{rule.attribute}")
    return Fact("rule.same.attribute", {"attribute": rule.attribute})


@_said.register
def _(rule: Mixed, _called: Namer) -> Fact:
    return Fact("rule.mixed", {"attribute": rule.attribute, "most": rule.most})


@_said.register
def _(rule: Quota, _called: Namer) -> Fact:
    who: dict[str, Value] = {"attribute": rule.attribute, "value": _value(rule.value), "least": rule.least}
    if rule.most is None:
        return Fact("rule.quota.at_least", who)
    return Fact("rule.quota.exactly" if rule.most == rule.least else "rule.quota.between", {**who, "most": rule.most})


@_said.register
def _(rule: Near, _called: Namer) -> Fact:
    return Fact("rule.near", {"kilometres": f"{rule.kilometres:g}", "online": rule.online})


@_said.register
def _(rule: TimeZones, _called: Namer) -> Fact:
    return Fact("rule.time_zones", {"hours": f"{rule.hours:g}"})


@_said.register
def _(rule: NoRepeat, _called: Namer) -> Fact:
    spans = [Fact("rule.days", {"n": rule.days})] if rule.days else []
    spans += [Fact("rule.rounds", {"n": rule.rounds})] if rule.rounds or not rule.days else []
    return Fact("rule.no_repeat", {"spans": tuple(spans)})


@_said.register
def _(rule: NewToEachOther, _called: Namer) -> Fact:
    return Fact("rule.known_may_meet" if rule.off else "rule.new_to_each_other")
