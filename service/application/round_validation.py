"""Whether a request for a round makes sense, by itself and in this community.

A misspelt attribute, value, time or place would quietly match nobody. The nearest word is named, and where none is near
what there is; of values, which may be private, only the nearest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from models.community.view import Community
from models.domain import availability_overlap
from models.domain.fields import AttributeName, fields_of
from models.domain.records import Member, Scalar, all_attributes
from models.domain.requests import Filter
from models.rounds.constraints.quota import Quota
from models.rounds.facts.codes import code_of
from models.rounds.spec.requests import RoundSpec
from service.core.errors import InvalidArgument

OF_EVERYBODY = ("languages", "place", "time_zone")  # what rules may go by besides attributes
NEAR_ENOUGH = 0.6  # of two words, as in difflib
NAMED = 5  # of what is known, where nothing is near


def require_sensible(spec: RoundSpec) -> None:
    """Raises InvalidArgument for a request that makes no sense whoever takes part."""
    if spec.kind == "sides":
        if len(spec.sides) != 2:
            raise InvalidArgument(f"spec.sides has {len(spec.sides)} sides; two", reason="OUT_OF_RANGE")
        both = set(spec.sides[0].members) & set(spec.sides[1].members)
        if both:
            raise InvalidArgument(f'spec.sides with "{min(both)}" on both')
    if spec.kind == "teams" and not any(team.roles for team in spec.teams):
        raise InvalidArgument("spec.teams with a role to fill", reason="FIELD_REQUIRED")
    if len({team.id for team in spec.teams}) < len(spec.teams):
        raise InvalidArgument("spec.teams with one id twice")
    if not 2 <= spec.size[0] <= spec.size[1] and spec.kind == "groups":
        raise InvalidArgument(f"spec sizes from {spec.size[0]} to {spec.size[1]}; from 2 up", reason="OUT_OF_RANGE")
    for side in spec.sides:
        if side.least > side.most:
            raise InvalidArgument(f"spec.sides with least {side.least} above most {side.most}", reason="OUT_OF_RANGE")


def require_known(view: Community, spec: RoundSpec, wanted: Filter) -> None:
    """Raises InvalidArgument for a word that nobody here has, and names the nearest one that somebody has."""
    members = [member for member in view.members if member is not None and member.consent != "nobody"]
    values = _values(members)
    for where, name in (*_attributes(spec), *(("filter.attributes", name) for name in wanted.attributes)):
        _require(where, name, (*values, *OF_EVERYBODY))
    for where, name, value in _asked_values(spec, wanted):
        if name in values:
            _require(where, code_of(value), values[name], of=name)
    named = set(spec.members)
    _require_times(view, spec, [member for member in members if member.id in named])
    if wanted.place:
        _require("filter.place", wanted.place.strip(), sorted({m.place.strip() for m in members if m.place.strip()}))


def _require_times(view: Community, spec: RoundSpec, members: Sequence[Member]) -> None:
    """A time is fine as long as somebody could come; whoever states none is always free."""
    offsets = [float(view.whereabouts.utc_offset[view.row[member.id]]) for member in members]
    usual = availability_overlap.usual_offset(offsets)
    clocks = [availability_overlap.Clock(m.availability, offset) for m, offset in zip(members, offsets, strict=True)]
    for at, slot in enumerate(spec.slots if clocks else ()):
        if not any(availability_overlap.free_at(clock, spec.slots, usual)[at] for clock in clocks):
            _require("spec.slots", slot.strip(), sorted({when.strip() for m in members for when in m.availability}))


def _attributes(spec: RoundSpec) -> Iterator[tuple[str, str]]:
    for at, rule in enumerate(spec.rules):
        for field in fields_of(type(rule)):
            if field.mark(AttributeName):
                yield f"spec.rules[{at}]", getattr(rule, field.name)
    for at, team in enumerate(spec.teams):
        yield from ((f"spec.teams[{at}].roles", role.attribute) for role in team.roles if role.attribute)


def _asked_values(spec: RoundSpec, wanted: Filter) -> Iterator[tuple[str, str, Scalar]]:
    for at, rule in enumerate(spec.rules):
        if isinstance(rule, Quota) and rule.least:
            yield f"spec.rules[{at}].quota", rule.attribute, rule.value
    for name, value in wanted.attributes.items():
        yield "filter.attributes", name, value


def _values(members: Iterable[Member]) -> dict[str, list[str]]:
    """What members have, by the name of the attribute."""
    found: dict[str, set[str]] = {}
    for member in members:
        for name, value in all_attributes(member).items():
            found.setdefault(name, set()).add(code_of(value))
    return {name: sorted(values) for name, values in sorted(found.items())}


def _require(where: str, word: str, known: Iterable[str], of: str = "") -> None:
    by_folded = {one.casefold(): one for one in known}
    if word.casefold() in by_folded:
        return
    near = get_close_matches(word.casefold(), list(by_folded), 1, NEAR_ENOUGH)
    if near:
        hint = f'Did you mean "{by_folded[near[0]]}"?'
    else:
        listed = ", ".join(f'"{one}"' for one in list(by_folded.values())[:NAMED])
        hint = "Correct it." if of else f"Here there are {listed}."
    asked = f'"{of}" = "{word}"' if of else f'"{word}"'
    raise InvalidArgument(f"Nobody here has {asked} ({where}). {hint}", reason="NOT_KNOWN_HERE")
