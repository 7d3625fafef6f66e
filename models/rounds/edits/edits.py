"""Changes of a list by hand: what an organizer does to it, as a pure function."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from models.rounds.spec.json_text import STAYS_OUT, without
from models.rounds.spec.requests import Bye, Match, Plan, RoundSpec, Summary


@dataclass(frozen=True, slots=True)
class Lock:
    """Keep a match, by its id, when the round is solved again."""

    match: str


@dataclass(frozen=True, slots=True)
class Unlock:
    """Do not keep it."""

    match: str


@dataclass(frozen=True, slots=True)
class Swap:
    """Two people change places in a sitting; one who has none there leaves theirs to the other."""

    member: str
    other: str
    sitting: int = 0


@dataclass(frozen=True, slots=True)
class Add:
    """Somebody joins a match now, or, where `match` is "", takes part when the round is solved again."""

    member: str
    match: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody leaves what they have in the sitting of a match, and joins that match."""

    member: str
    match: str


@dataclass(frozen=True, slots=True)
class Drop:
    """Somebody takes no part any more."""

    member: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A match as it shall be, locked; its people leave what they had in that sitting."""

    members: tuple[str, ...]
    sitting: int = 0
    slot: str = ""
    team: str = ""


Edit: TypeAlias = Lock | Unlock | Swap | Add | Move | Drop | Pin


@dataclass(frozen=True, slots=True)
class Edited:
    """A request and its list after edits, and who takes no part, and why."""

    spec: RoundSpec
    plan: Plan
    left_out: dict[str, str]


def match_id(match: Match) -> str:
    """12 hexadecimal digits that are the same for the same people in the same sitting and team."""
    parts = "\0".join((str(match.sitting), match.team, *sorted(match.members)))
    return hashlib.blake2b(parts.encode(), digest_size=6).hexdigest()


def edited(spec: RoundSpec, plan: Plan, left_out: Mapping[str, str], edits: Sequence[Edit]) -> Edited:
    """All edits, in order. Raises ValueError, whose text says which cannot be done and why.

    A match that is left with one person goes, and that person has a bye. Who joins is put down as asked for. A match
    that somebody came into is locked.
    """
    state = Edited(spec, plan, dict(left_out))
    for edit in edits:
        state = _applied(state, edit)
    matches = tuple(sorted(state.plan.matches, key=lambda match: match.sitting))
    return replace(state, plan=replace(state.plan, matches=matches))


def summarised(plan: Plan) -> Plan:
    """The list with its summary true to its matches; what was known of other lists stays."""
    by_person: dict[str, list[float]] = {}
    for match in plan.matches:
        for member in match.members:
            by_person.setdefault(member, []).append(match.score)
    worths = np.array([np.mean(scores) for scores in by_person.values()]) if by_person else np.zeros(1)
    summary: Summary = replace(
        plan.summary,
        mean=float(worths.mean()),
        worst=float(min((match.worst for match in plan.matches), default=0.0)),
        median=float(np.median(worths)),
        placed=len(by_person),
    )
    return replace(plan, summary=summary)


def _applied(state: Edited, edit: Edit) -> Edited:
    match edit:
        case Lock() | Unlock():
            return _lock(state, edit)
        case Swap():
            return _swap(state, edit)
        case Add():
            return _add(state, edit)
        case Move():
            return _move(state, edit)
        case Drop():
            return _drop(state, edit)
        case Pin():
            return _pin(state, edit)


def _lock(state: Edited, edit: Lock | Unlock) -> Edited:
    at = _place(state.plan, edit.match)
    return _with_match(state, at, replace(state.plan.matches[at], locked=isinstance(edit, Lock)))


def _swap(state: Edited, edit: Swap) -> Edited:
    if edit.member == edit.other:
        raise ValueError(f"{edit.member} cannot change places with themselves")
    a, b = _seat(state.plan, edit.member, edit.sitting), _seat(state.plan, edit.other, edit.sitting)
    if a is None and b is None:
        raise ValueError(f"neither {edit.member} nor {edit.other} meets anybody in sitting {edit.sitting + 1}")
    if a == b:
        raise ValueError(f"{edit.member} and {edit.other} are in one match")
    for member, place in ((edit.member, a), (edit.other, b)):
        if place is None and not any(bye.member == member for bye in state.plan.byes):
            raise ValueError(f"{member} takes no part in this round")
    for place, goes, comes in ((a, edit.member, edit.other), (b, edit.other, edit.member)):
        if place is not None:
            match = state.plan.matches[place]
            members = tuple(comes if member == goes else member for member in match.members)
            state = _with_match(state, place, replace(match, members=members, locked=True))
    if a is None:
        state = _traded_bye(state, edit.member, edit.other, edit.sitting)
    if b is None:
        state = _traded_bye(state, edit.other, edit.member, edit.sitting)
    return state


def _add(state: Edited, edit: Add) -> Edited:
    state = _asked(state, edit.member)
    if not edit.match:
        return state
    at = _place(state.plan, edit.match)
    match = state.plan.matches[at]
    if edit.member in match.members:
        return state
    if _seat(state.plan, edit.member, match.sitting) is not None and state.spec.kind in ("pairs", "groups"):
        raise ValueError(f"{edit.member} has a match in sitting {match.sitting + 1} already")
    roles = (*match.roles, "") if match.roles else ()
    joined = replace(match, members=(*match.members, edit.member), roles=roles, locked=True)
    byes = tuple(bye for bye in state.plan.byes if (bye.member, bye.sitting) != (edit.member, match.sitting))
    return replace(_with_match(state, at, joined), plan=replace(_with_match(state, at, joined).plan, byes=byes))


def _move(state: Edited, edit: Move) -> Edited:
    match = state.plan.matches[_place(state.plan, edit.match)]
    if edit.member in match.members:
        raise ValueError(f"{edit.member} is in that match already")
    if _seat(state.plan, edit.member, match.sitting) is None:
        raise ValueError(f"{edit.member} has no match in sitting {match.sitting + 1} to leave; add them instead")
    return _add(_vacated(state, {edit.member}, match.sitting), Add(edit.member, edit.match))


def _drop(state: Edited, edit: Drop) -> Edited:
    state = replace(state, left_out={**state.left_out, edit.member: "dropped"})
    byes = tuple(bye for bye in state.plan.byes if bye.member != edit.member)
    return _vacated(replace(state, plan=replace(state.plan, byes=byes)), {edit.member}, None)


def _pin(state: Edited, edit: Pin) -> Edited:
    members = tuple(dict.fromkeys(edit.members))
    if len(members) < 2:
        raise ValueError("a match needs two people")
    if edit.team and edit.team not in {team.id for team in state.spec.teams}:
        raise ValueError(f"there is no team {edit.team} in this round")
    for member in members:
        state = _asked(state, member)
    if state.spec.kind in ("pairs", "groups"):
        state = _vacated(state, set(members), edit.sitting)
    byes = tuple(bye for bye in state.plan.byes if bye.sitting != edit.sitting or bye.member not in members)
    pinned = Match(members=members, sitting=edit.sitting, slot=edit.slot, team=edit.team, locked=True)
    return replace(state, plan=replace(state.plan, matches=(*state.plan.matches, pinned), byes=byes))


def _place(plan: Plan, id: str) -> int:
    for at, match in enumerate(plan.matches):
        if match_id(match) == id:
            return at
    raise ValueError(f"there is no match {id} in this list any more")


def _seat(plan: Plan, member: str, sitting: int) -> int | None:
    found = (at for at, match in enumerate(plan.matches) if match.sitting == sitting and member in match.members)
    return next(found, None)


def _with_match(state: Edited, at: int, match: Match) -> Edited:
    matches = (*state.plan.matches[:at], match, *state.plan.matches[at + 1 :])
    return replace(state, plan=replace(state.plan, matches=matches))


def _asked(state: Edited, member: str) -> Edited:
    """Somebody takes part; whom an organizer had dropped, or who was gone or rested, is back."""
    left_out = {id: why for id, why in state.left_out.items() if id != member or why not in STAYS_OUT}
    spec = state.spec
    if spec.kind == "sides" and not any(member in side.members for side in spec.sides):
        raise ValueError(f"{member} is on neither side; solve again with a request that names a side")
    if member not in spec.members:
        spec = replace(spec, members=(*spec.members, member))
    return replace(state, spec=spec, left_out=left_out)


def _vacated(state: Edited, members: set[str], sitting: int | None) -> Edited:
    """Without these people in a sitting, or in any; matches that are left with one person go."""
    kept: list[Match] = []
    byes = list(state.plan.byes)
    for match in state.plan.matches:
        if (sitting is not None and match.sitting != sitting) or members.isdisjoint(match.members):
            kept.append(match)
            continue
        rest = without(match, members)
        if len(rest.members) >= 2:
            kept.append(rest)
        else:
            byes += [Bye(member=member, sitting=match.sitting, why="no_partner") for member in rest.members]
    return replace(state, plan=replace(state.plan, matches=tuple(kept), byes=tuple(dict.fromkeys(byes))))


def _traded_bye(state: Edited, had: str, has: str, sitting: int) -> Edited:
    byes = tuple(
        replace(bye, member=has, rules=()) if (bye.member, bye.sitting) == (had, sitting) else bye
        for bye in state.plan.byes
    )
    return replace(state, plan=replace(state.plan, byes=byes))
