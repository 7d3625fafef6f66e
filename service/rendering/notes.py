"""What stands below a list, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from yiqi.client import id_of
from yiqi.v1 import round_pb2

from models.domain.facts import Fact
from models.domain.requests import Language
from models.rounds.solvers.teams.open_roles import sought
from models.rounds.spec.requests import RoundSpec
from models.rounds.texts.constraints import Namer
from models.text.quoting import name
from service.texts import say, words

TIMES = 6  # that are quoted; of more, the others are counted


def notes_of(
    round_: round_pb2.Round,
    spec: RoundSpec,
    matches: Sequence[round_pb2.RoundMatch],
    language: Language,
    called: Namer,
) -> Iterator[str]:
    """Which parts are open, who was matched by little, what could not be read, and why the list cannot go out."""
    for team in spec.teams if round_.HasField("summary") else ():
        played = [seat.role for match in matches if match.team == team.id for seat in match.seats]
        if open_ := sought(team, played):
            yield _sought(team.title or team.id, open_, language)
    if round_.silent:
        yield _silent([called(id_of(one)) for one in round_.silent], language)
    if round_.times_not_understood:
        yield _not_understood(list(round_.times_not_understood), language)
    if round_.problem:
        yield round_.problem


def _sought(team: str, roles: list[str], language: Language) -> str:
    counted = tuple(name(role if count == 1 else f"{role} ×{count}") for role, count in Counter(roles).items())
    return say(Fact("notes.sought", {"team": name(team), "roles": counted}), language)


def _silent(people: list[str], language: Language) -> str:
    names = tuple(name(one) for one in people)
    return say(Fact("notes.silent", {"people": names, "n": len(people)}), language)


def _not_understood(times: list[str], language: Language) -> str:
    listed = tuple(f"“{time}”" for time in times[:TIMES])
    return words(Fact("notes.not_understood", {"times": listed, "more": len(times) - len(listed)}), language)
