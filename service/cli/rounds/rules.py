"""The rules of a round as options of the command line, such as --apart or --quota."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from service.cli.shared.options import refuse
from service.cli.shared.pieces import ids_of, named, number, range_of, scalar, several, whole

if TYPE_CHECKING:
    from models.domain.fields import Field
    from models.rounds.constraints.constraint import Constraint


@dataclass(frozen=True, slots=True)
class Wish:
    """One rule as it was written: its option's name, what stood after it, and whether it holds whatever happens."""

    option: str
    text: str
    firm: bool = True


def wishes_of(**given: Sequence[str] | None) -> Iterator[Wish]:
    """The rules of options that may be repeated, by option; "time_zones" is --time-zones."""
    for option, texts in given.items():
        for text in texts or ():
            yield Wish(option.replace("_", "-"), text)


def rules_of(wishes: Sequence[Wish]) -> tuple[Constraint, ...]:
    """The rules, in the order in which they are numbered from then on."""
    return tuple(_rule(wish) for wish in wishes)


def _rule(wish: Wish) -> Constraint:
    rule = _RULES[wish.option](wish.text)
    return rule if wish.firm else replace(rule, firm=False)


def preferred(texts: Sequence[str]) -> list[Wish]:
    """ "mix:team" and the like: rules that give way where not everybody could be placed otherwise."""
    found = []
    for text in texts:
        option, colon, rest = text.partition(":")
        if not colon or option not in _RULES:
            refuse(f"{text!r} names no rule; write {', '.join(_RULES)}, a colon and the rest", "prefer")
        found.append(Wish(option, rest, firm=False))
    return found


# -- a rule an option ------------------------------------------------------------------------------------------------


def _together(text: str) -> Constraint:
    from models.rounds.constraints.together import Together

    return Together(members=several(text, "together"))


def _apart(text: str) -> Constraint:
    from models.rounds.constraints.apart import Apart

    return Apart(members=several(text, "apart"))


def _same(text: str) -> Constraint:
    from models.rounds.constraints.same import Same

    # People say "same language"; the attribute is the list of them.
    return Same(attribute="languages" if text in ("language", "languages") else text)


def _mix(text: str) -> Constraint:
    from models.rounds.constraints.mixed import Mixed

    name, _, most = text.partition(":")
    return Mixed(attribute=name, most=whole(most or "1", "mix"))


def _quota(text: str) -> Constraint:
    from models.rounds.constraints.quota import Quota

    fact, _, count = text.rpartition(":")
    name, value = named(fact or text, "quota")
    least, most = range_of(count, "quota") if fact else (1, None)
    return Quota(attribute=name, value=scalar(value), least=least, most=most if "-" in count else None)


def _near(text: str) -> Constraint:
    from models.rounds.constraints.near import Near

    kilometres, _, online = text.partition(":")
    if online not in ("", "online"):
        refuse(f"{text!r} is no distance; write 30 or 30:online", "near")
    return Near(kilometres=number(kilometres, "near"), online=bool(online))


def _time_zones(text: str) -> Constraint:
    from models.rounds.constraints.time_zones import TimeZones

    return TimeZones(hours=number(text, "time-zones"))


def _any(text: str) -> Constraint:
    from models.domain.fields import fields_of
    from models.rounds.constraints.registry import CONSTRAINTS
    from models.rounds.spec.json_text import read_rule

    try:
        name, *settings = shlex.split(text)
        fields = {field.name: field for field in fields_of(CONSTRAINTS[name])} if name in CONSTRAINTS else {}
        given = dict(named(setting, "rule") for setting in settings)
        return read_rule(name, {key: _setting(fields.get(key), value) for key, value in given.items()})
    except ValueError as error:
        refuse(f"{text!r}: {error}", "rule")


def _setting(field: Field | None, text: str) -> object:
    if field is not None and field.item:
        return ids_of(text)
    return text if field is not None and (field.type is str or field.choices) else scalar(text)


_RULES: dict[str, Callable[[str], Constraint]] = {
    "together": _together,
    "apart": _apart,
    "same": _same,
    "mix": _mix,
    "quota": _quota,
    "near": _near,
    "time-zones": _time_zones,
    "rule": _any,
}
