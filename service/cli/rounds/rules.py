"""The rules of a round as options of the command line, such as --apart or --quota."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from service.cli.shared.options import refuse
from service.cli.shared.pieces import named, number, range_of, scalar, several, whole

if TYPE_CHECKING:
    from models.rounds.spec.requests import Rule


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


def rules_of(wishes: Sequence[Wish]) -> tuple[Rule, ...]:
    """The rules, in the order in which they are numbered from then on."""
    return tuple(replace(_RULES[wish.option](wish.text), firm=wish.firm) for wish in wishes)


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


def _together(text: str) -> Rule:
    from models.rounds.spec.requests import Together

    return Together(members=several(text, "together"))


def _apart(text: str) -> Rule:
    from models.rounds.spec.requests import Apart

    return Apart(members=several(text, "apart"))


def _same(text: str) -> Rule:
    from models.rounds.spec.requests import Same

    # People say "same language"; the attribute is the list of them.
    return Same(attribute="languages" if text in ("language", "languages") else text)


def _mix(text: str) -> Rule:
    from models.rounds.spec.requests import Mixed

    name, _, most = text.partition(":")
    return Mixed(attribute=name, most=whole(most or "1", "mix"))


def _quota(text: str) -> Rule:
    from models.rounds.spec.requests import Quota

    fact, _, count = text.rpartition(":")
    name, value = named(fact or text, "quota")
    least, most = range_of(count, "quota") if fact else (1, None)
    return Quota(attribute=name, value=scalar(value), least=least, most=most if "-" in count else None)


def _near(text: str) -> Rule:
    from models.rounds.spec.requests import Near

    kilometres, _, online = text.partition(":")
    if online not in ("", "online"):
        refuse(f"{text!r} is no distance; write 30 or 30:online", "near")
    return Near(kilometres=number(kilometres, "near"), online=bool(online))


def _time_zones(text: str) -> Rule:
    from models.rounds.spec.requests import TimeZones

    return TimeZones(hours=number(text, "time-zones"))


_RULES: dict[str, Callable[[str], Any]] = {
    "together": _together,
    "apart": _apart,
    "same": _same,
    "mix": _mix,
    "quota": _quota,
    "near": _near,
    "time-zones": _time_zones,
}
RULE_OPTIONS = tuple(_RULES)
