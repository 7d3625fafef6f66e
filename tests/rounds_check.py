"""Whether a list keeps to what was asked for, from the request and the people alone: no code of the solvers is used.

`check` asserts every rule that is firm, that every other one either holds or is said to have given way, and that
everybody is somewhere: in a match, or named as sitting out, with a conflict told where it is not the odd number.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from models.domain.availability_overlap import Clock, free_at, usual_offset
from models.rounds.constraints.apart import Apart
from models.rounds.constraints.constraint import Constraint
from models.rounds.constraints.mixed import Mixed
from models.rounds.constraints.near import Near
from models.rounds.constraints.new_to_each_other import NewToEachOther
from models.rounds.constraints.no_repeat import NoRepeat
from models.rounds.constraints.quota import Quota
from models.rounds.constraints.same import Same
from models.rounds.constraints.time_zones import TimeZones
from models.rounds.constraints.together import Together
from models.rounds.problem.problem import People
from models.rounds.spec.requests import Match, Plan, RoundSpec

DAY = 86_400 * 1_000_000


def check(spec: RoundSpec, people: People, plan: Plan) -> None:
    """Raises AssertionError on the first thing that does not hold."""
    here = participants(spec, people)
    _check_seats(spec, here, plan)
    _check_sizes(spec, plan)
    _check_slots(spec, people, plan)
    _check_together_again(spec, plan)
    _check_firm_rules(spec, people, plan)
    _check_other_rules(spec, people, plan)
    _check_everybody_is_somewhere(spec, here, plan)
    _check_locks(spec, people, here, plan)
    _check_numbers(spec, here, plan)


def participants(spec: RoundSpec, people: People) -> tuple[str, ...]:
    """Those asked for who are known."""
    wanted: Sequence[str] = spec.members or people.ids
    if spec.kind == "sides":
        wanted = [m for side in spec.sides for m in side.members]
    if spec.kind == "teams":
        wanted = [*wanted, *(m for team in spec.teams for m in team.members)]
    return tuple(m for m in dict.fromkeys(wanted) if m in people.ids)


def _check_seats(spec: RoundSpec, here: tuple[str, ...], plan: Plan) -> None:
    for match in plan.matches:
        assert len(set(match.members)) == len(match.members), f"twice in one match: {match}"
        assert set(match.members) <= set(here), f"a stranger: {match}"
    loads = Counter((m, match.sitting) for match in plan.matches for m in match.members)
    if spec.kind in ("pairs", "groups"):
        assert max(loads.values(), default=0) <= 1, "somebody is in two matches at once"
    if spec.kind == "sides":
        for side in spec.sides:
            for member in side.members:
                assert sum(n for (m, _), n in loads.items() if m == member) <= side.most, f"overloaded: {member}"
    sitting = {(bye.member, bye.sitting) for bye in plan.byes}
    if spec.kind in ("pairs", "groups"):
        assert not sitting & set(loads), "somebody meets and sits out at once"


def _check_sizes(spec: RoundSpec, plan: Plan) -> None:
    for match in plan.matches:
        n = len(match.members)
        if spec.kind == "pairs":
            assert n == 2 or (n == 3 and (spec.leftover == "trio" or match.locked)), f"no pair: {match}"
        if spec.kind == "groups":
            assert match.locked or spec.size[0] <= n <= spec.size[1], f"of the wrong size: {match}"
        if spec.kind == "sides":
            first, second = (set(side.members) for side in spec.sides)
            assert n == 2, f"no pair: {match}"
            assert len(set(match.members) & first) == len(set(match.members) & second) == 1, f"one side only: {match}"


def _check_slots(spec: RoundSpec, people: People, plan: Plan) -> None:
    used = Counter((match.sitting, match.slot) for match in plan.matches)
    busy = Counter((m, match.slot) for match in plan.matches for m in match.members)
    usual = usual_offset(_offset(people, member, math.nan) for member in participants(spec, people))
    for match in plan.matches:
        if not spec.slots:
            continue
        assert match.slot in spec.slots, f"no slot: {match}"
        for member in match.members:
            clock = Clock(tuple(_of(people.availability, people, member, frozenset())), _offset(people, member, usual))
            assert free_at(clock, [match.slot], usual) == [True], f"{member} is not free: {match}"
    if spec.slots:
        if spec.places:
            assert max(used.values(), default=0) <= spec.places, "more matches than places"
        if spec.sittings == 1:
            assert max(busy.values(), default=0) <= 1, "somebody is at two places at once"


def _offset(people: People, member: str, usual: float) -> float:
    known = math.nan if people.utc_offset is None else float(people.utc_offset[people.ids.index(member)])
    return usual if math.isnan(known) else known


def _check_together_again(spec: RoundSpec, plan: Plan) -> None:
    pairs = Counter(frozenset(p) for match in plan.matches for p in combinations(match.members, 2) if not match.locked)
    if spec.kind != "teams":
        assert max(pairs.values(), default=0) <= 1, "two meet twice in one round"


def _check_firm_rules(spec: RoundSpec, people: People, plan: Plan) -> None:
    for match in plan.matches:
        for a, b in combinations(match.members, 2):
            assert (a, b) not in people.barred, f"never together: {a}, {b}"
            assert (b, a) not in people.barred, f"never together: {a}, {b}"
        for i, rule in enumerate(spec.rules):
            if rule.firm and not isinstance(rule, Together):
                assert holds(rule, match, people), f"rule {i} {rule} does not hold in {match}"
    collided = {rule for collision in plan.collisions for rule in collision.rules}
    for i, rule in enumerate(spec.rules):
        if isinstance(rule, Together) and rule.firm and i not in collided:
            assert is_together(rule, spec, people, plan), f"rule {i} {rule} does not hold"


def _check_other_rules(spec: RoundSpec, people: People, plan: Plan) -> None:
    said = {(relaxed.rule, frozenset(relaxed.members)) for relaxed in plan.relaxed}
    for i, rule in enumerate(spec.rules):
        if rule.firm:
            assert not any(relaxed.rule == i for relaxed in plan.relaxed), f"firm, and gave way: {rule}"
        elif isinstance(rule, Together):
            assert is_together(rule, spec, people, plan) or any(n == i for n, _ in said), f"unsaid: {rule}"
        else:
            for match in plan.matches:
                among = any(n == i and members <= set(match.members) for n, members in said)
                assert among or holds(rule, match, people), f"gave way unsaid: {rule} in {match}"
    for relaxed in plan.relaxed:
        rule = spec.rules[relaxed.rule]
        broken = not isinstance(rule, Together) and any(
            set(relaxed.members) <= set(match.members) and not holds(rule, match, people) for match in plan.matches
        )
        assert broken or isinstance(rule, Together), f"said to have given way, and holds: {relaxed}"


def _check_everybody_is_somewhere(spec: RoundSpec, here: tuple[str, ...], plan: Plan) -> None:
    if spec.kind == "teams":
        return
    sittings = 1 if spec.kind == "sides" else spec.sittings
    for sitting in range(sittings):
        seated = {m for match in plan.matches if sittings == 1 or match.sitting == sitting for m in match.members}
        out = {bye.member: bye for bye in plan.byes if sittings == 1 or bye.sitting == sitting}
        assert set(here) == seated | set(out), f"nowhere: {set(here) - seated - set(out)}"
        if any(bye.why == "no_partner" for bye in out.values()):
            assert plan.collisions, f"nobody says why: {out}"


def _check_locks(spec: RoundSpec, people: People, here: tuple[str, ...], plan: Plan) -> None:
    """A locked match stands, unless a conflict says that it cannot."""
    for match in people.locked:
        left = [m for m in match.members if m in here]
        if len(left) < 2 or spec.kind == "teams":
            continue
        stands = any(set(left) <= set(found.members) and found.locked for found in plan.matches)
        assert stands or any("locks" in collision.also for collision in plan.collisions), f"lock gone: {match}"


def _check_numbers(spec: RoundSpec, here: tuple[str, ...], plan: Plan) -> None:
    summary = plan.summary
    seated = {m for match in plan.matches for m in match.members}
    assert summary.people == len(here)
    assert summary.placed == len(seated)
    for value in (summary.mean, summary.worst, summary.best, summary.best_worst, summary.random, summary.bound):
        assert math.isfinite(value)
        assert -1e-6 <= value <= 1 + 1e-6
    assert summary.worst <= summary.mean + 1e-6
    for collision in plan.collisions:
        assert collision.rules or collision.also, "a conflict of nothing"
        assert set(collision.members) <= set(here) | {m for team in spec.teams for m in team.members}


def is_together(rule: Together, spec: RoundSpec, people: People, plan: Plan) -> bool:
    """Whether those who have to meet do; of fewer than two who are here nothing is asked."""
    here = set(rule.members) & set(participants(spec, people))
    return len(here) < 2 or any(here <= set(match.members) for match in plan.matches)


def holds(rule: Constraint, match: Match, people: People) -> bool:
    """Whether a rule other than `Together` holds inside one match."""
    pairs = list(combinations(match.members, 2))
    match rule:
        case Apart():
            return len(set(rule.members) & set(match.members)) <= 1
        case Same(attribute="languages"):
            spoken = [_of(people.languages, people, m, frozenset()) for m in match.members]
            return all(not a or not b or a & b for a, b in combinations(spoken, 2))
        case Same():
            values = [v for v in (_value(people, m, rule.attribute) for m in match.members) if v]
            return len(set(values)) <= 1
        case Mixed():
            values = [v for v in (_value(people, m, rule.attribute) for m in match.members) if v]
            return max(Counter(values).values(), default=0) <= rule.most
        case Quota():
            count = sum(_value(people, m, rule.attribute) == _text(rule.value) for m in match.members)
            return rule.least <= count and (rule.most is None or count <= rule.most)
        case Near():
            return all(_near(people, a, b, rule) for a, b in pairs)
        case TimeZones():
            return all(_hours(people, a, b) <= rule.hours + 1e-6 for a, b in pairs)
        case NoRepeat():
            return not any(_too_soon(people, a, b, rule) for a, b in pairs)
        case NewToEachOther():
            return rule.off or not any(_dealt(people, a, b) for a, b in pairs)
        case _:
            raise AssertionError(rule)


def _dealt(people: People, a: str, b: str) -> bool:
    if people.acquainted is None:
        return False
    return bool(people.acquainted[people.ids.index(a), people.ids.index(b)] > 0)


def _near(people: People, a: str, b: str, rule: Near) -> bool:
    if rule.online and all(_value(people, m, "online") == "true" for m in (a, b)):
        return True
    places = [_value(people, m, "place") for m in (a, b)]
    if places[0] and places[0] == places[1]:
        return True
    if people.coordinates is not None:
        x, y = (people.coordinates[people.ids.index(m)] for m in (a, b))
        if not (np.isnan(x).any() or np.isnan(y).any()):
            return _kilometres(x, y) <= rule.kilometres
    return not (places[0] and places[1])


def _kilometres(x: np.ndarray, y: np.ndarray) -> float:
    """Along the great circle, by the angle between the two directions from the middle of the earth."""
    u, v = (
        np.array([math.cos(p[0]) * math.cos(p[1]), math.cos(p[0]) * math.sin(p[1]), math.sin(p[0])])
        for p in (np.radians(x), np.radians(y))
    )
    return 6371.0 * math.atan2(float(np.linalg.norm(np.cross(u, v))), float(u @ v))


def _hours(people: People, a: str, b: str) -> float:
    if people.utc_offset is None:
        return 0.0
    x, y = (float(people.utc_offset[people.ids.index(m)]) for m in (a, b))
    if math.isnan(x) or math.isnan(y):
        return 0.0
    return min((x - y) % 24, (y - x) % 24)


def _too_soon(people: People, a: str, b: str, rule: NoRepeat) -> bool:
    meetings = [met for met in people.met if {a, b} <= set(met.members)]
    if not meetings:
        return False
    latest = max(meetings, key=lambda met: (met.time, -met.rounds_ago))
    return latest.rounds_ago <= rule.rounds or (rule.days > 0 and people.now - latest.time < rule.days * DAY)


def _value(people: People, member: str, attribute: str) -> str:
    if attribute == "place":
        return _of(people.place, people, member, "").strip().casefold()
    if attribute == "time_zone":
        offset = math.nan if people.utc_offset is None else float(people.utc_offset[people.ids.index(member)])
        return "" if math.isnan(offset) else f"{offset % 24:g}"
    return _text(_of(people.attributes, people, member, {}).get(attribute, ""))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value).strip().casefold()


def _of(values, people: People, member: str, empty):  # type: ignore[no-untyped-def]
    return values[people.ids.index(member)] if values else empty


def meetings(plan: Plan) -> Iterator[tuple[str, str]]:
    """Every two people who meet."""
    for match in plan.matches:
        yield from combinations(sorted(match.members), 2)


def sat_out(plans: Sequence[Plan]) -> dict[str, int]:
    """How often each sat out over several lists."""
    found: dict[str, int] = defaultdict(int)
    for plan in plans:
        for bye in plan.byes:
            found[bye.member] += 1
    return found
