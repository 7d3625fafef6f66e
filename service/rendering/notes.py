"""What stands below a list, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from yiqi.client import id_of
from yiqi.v1 import round_pb2

from models.domain.requests import Language
from models.rounds.solvers.teams.open_roles import sought
from models.rounds.spec.requests import RoundSpec
from models.rounds.texts.constraint_sentences import NAMED, Namer
from models.rounds.texts.wording import joined, name, shortened


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
    counted = [name(role if count == 1 else f"{role} ×{count}") for role, count in Counter(roles).items()]
    listed = shortened(counted, language, NAMED)
    text = f"{name(team)}还缺：{listed}。" if language == "zh" else f"{name(team)} still seeks: {listed}."
    return joined([text], language)


def _silent(people: list[str], language: Language) -> str:
    who = shortened([name(one) for one in people], language, NAMED)
    if language == "zh":
        return joined([f"{len(people)} 位还没说过话（{who}）：按剩下的条件配的。"], language)
    have = "has said nothing yet and was" if len(people) == 1 else "have said nothing yet and were"
    return joined([f"{len(people)} {have} matched by what is left: {who}."], language)


def _not_understood(words: list[str], language: Language) -> str:
    listed = [f"“{word}”" for word in words[:NAMED]]
    more = len(words) - len(listed)
    if language == "zh":
        return f"没看懂的时间：{'、'.join(listed)}{f' 等 {len(words)} 个' if more else ''}，只按原字比对。"
    rest = f" and {more} more" if more else ""
    return f"Not understood as times, and compared letter by letter: {', '.join(listed)}{rest}."
