"""Requests and lists as JSON text and back: what stores, archives and files hold of a round.

An object has the fields of its dataclass; those with their default are left out. A rule also says which it is: "rule"
is the name of the constraint. Keys are sorted, so the same request is the same text.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

import orjson

from models.domain.records import Round
from models.rounds.constraints.constraint import Constraint
from models.rounds.spec.json_values import from_text, to_text
from models.rounds.spec.requests import Bye, Match, Plan, RoundSpec


def spec_text(spec: RoundSpec) -> str:
    """The JSON text of a request."""
    return to_text(spec)


def read_spec(text: str | bytes) -> RoundSpec:
    """The request of a JSON text. Raises ValueError, whose text says where it is none."""
    return from_text(RoundSpec, text)


def read_rule(name: str, fields: Mapping[str, object]) -> Constraint:
    """The constraint of this name with these fields, as in JSON. Raises ValueError, whose text says what is wrong."""
    return from_text(Constraint, orjson.dumps({"rule": name, **fields}))


def plan_text(plan: Plan) -> str:
    """The JSON text of a list."""
    return to_text(plan)


def read_plan(text: str | bytes) -> Plan:
    """The list of a JSON text, an empty one for "". Raises ValueError, whose text says where it is none."""
    return from_text(Plan, text) if text else Plan()


# Who is out for one of these stays out until somebody asks for them by name; other reasons are looked at every time.
UNLESS_NAMED = frozenset({"gone", "rests"})
STAYS_OUT = frozenset({"dropped"}) | UNLESS_NAMED


def left_out_text(left_out: Mapping[str, str]) -> str:
    """The JSON text of who takes no part, and why."""
    return orjson.dumps(sorted(left_out.items())).decode() if left_out else ""


def read_left_out(text: str) -> dict[str, str]:
    """Who takes no part, and why. Raises ValueError when the text is not that."""
    pairs = orjson.loads(text) if text else []
    if not isinstance(pairs, list) or not all(_is_pair(pair) for pair in pairs):
        raise ValueError("left_out is not a list of [member, why]")
    return dict(pairs)


def named_in(spec: RoundSpec, plan: Plan, left_out: Mapping[str, str]) -> tuple[str, ...]:
    """Everybody whom a round names, each once, sorted."""
    found = {*spec.members, *left_out}
    for side in spec.sides:
        found.update(side.members)
    for team in spec.teams:
        found.update(team.members)
    for rule in spec.rules:
        found.update(rule.members_named())
    for bid in spec.bids:
        found.update((bid.source, bid.target))
    for match in plan.matches:
        found.update(match.members)
    for relaxed in plan.relaxed:
        found.update(relaxed.members)
    for collision in plan.collisions:
        found.update(collision.members)
    found.update(bye.member for bye in plan.byes)
    return tuple(sorted(found))


def renamed_round(record: Round, names: Mapping[str, str | None]) -> Round:
    """The round with members called otherwise, or, where the new name is None, without them.

    Rules keep their places. A match that is left with one person goes, and the other has a bye. A list that lost
    somebody is outdated.
    """
    spec = _renamed_spec(read_spec(record.spec), names) if record.spec else None
    plan = _renamed_plan(read_plan(record.plan), names)
    left_out = {new: why for id, why in read_left_out(record.left_out).items() if (new := names.get(id, id))}
    members = named_in(spec, plan, left_out) if spec else _renamed(record.members, names)
    return replace(
        record,
        # It may name people.
        problem="" if any(id in record.problem for id in names) else record.problem,
        spec=spec_text(spec) if spec else "",
        plan=plan_text(plan) if record.plan else "",
        left_out=left_out_text(left_out),
        members=members,
    )


def without(match: Match, members: Set[str]) -> Match:
    """The match without these people, and without their parts."""
    kept = [i for i, member in enumerate(match.members) if member not in members]
    roles = tuple(match.roles[i] for i in kept) if match.roles else ()
    return replace(match, members=tuple(match.members[i] for i in kept), roles=roles)


def _renamed(members: tuple[str, ...], names: Mapping[str, str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(new for id in members if (new := names.get(id, id))))


def _renamed_spec(spec: RoundSpec, names: Mapping[str, str | None]) -> RoundSpec:
    bids = (
        replace(bid, source=source, target=target)
        for bid in spec.bids
        if (source := names.get(bid.source, bid.source)) and (target := names.get(bid.target, bid.target))
        if source != target
    )
    return replace(
        spec,
        members=_renamed(spec.members, names),
        sides=tuple(replace(side, members=_renamed(side.members, names)) for side in spec.sides),
        teams=tuple(replace(team, members=_renamed(team.members, names)) for team in spec.teams),
        rules=tuple(rule.with_members(lambda members: _renamed(members, names)) for rule in spec.rules),
        bids=tuple(bids),
    )


def _renamed_plan(plan: Plan, names: Mapping[str, str | None]) -> Plan:
    matches: list[Match] = []
    byes = [replace(bye, member=new) for bye in plan.byes if (new := names.get(bye.member, bye.member))]
    for match in plan.matches:
        changed = _renamed_match(match, names)
        if len(changed.members) >= 2 or len(match.members) < 2:
            matches.append(changed)
        else:
            byes += [Bye(member=member, sitting=match.sitting, why="no_partner") for member in changed.members]
    lost = any(names.get(member, member) is None for match in plan.matches for member in match.members)
    return replace(
        plan,
        outdated=plan.outdated or lost,
        matches=tuple(matches),
        byes=tuple(dict.fromkeys(byes)),
        relaxed=tuple(replace(one, members=_renamed(one.members, names)) for one in plan.relaxed),
        collisions=tuple(replace(one, members=_renamed(one.members, names)) for one in plan.collisions),
    )


def _renamed_match(match: Match, names: Mapping[str, str | None]) -> Match:
    roles = match.roles or ("",) * len(match.members)
    kept = {new: role for id, role in zip(match.members, roles, strict=True) if (new := names.get(id, id))}
    return replace(match, members=tuple(kept), roles=tuple(kept.values()) if match.roles else ())


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, str) for one in pair)
