"""What an organizer should know beside a list: who has said nothing yet, which words for times nobody can read."""

from __future__ import annotations

from dataclasses import dataclass

from models.community.view import Community
from models.domain.availability_overlap import not_understood
from models.domain.records import Member, Round
from models.rounds.spec.json_text import read_left_out, read_plan
from models.rounds.spec.requests import RoundSpec
from service.application import crud
from service.application.round_people import everybody
from service.core.errors import RoundOutdated


@dataclass(frozen=True, slots=True)
class Notes:
    """`silent`: ids of who takes part and has said and stated nothing; `times`: words that are compared by letter."""

    silent: tuple[str, ...] = ()
    times: tuple[str, ...] = ()


def notes_of(view: Community, record: Round, spec: RoundSpec) -> Notes:
    """What is to be known of those who take part."""
    out = read_left_out(record.left_out)
    members = [member for id in everybody(spec) if id not in out and (member := view.member(id)) is not None]
    words = (*spec.slots, *(word for member in members for word in member.availability)) if spec.slots else ()
    return Notes(
        tuple(member.id for member in members if _is_silent(view, member)),
        tuple(not_understood(word.strip() for word in words)),
    )


def problem_of(record: Round) -> str:
    """Why a round failed, or why its list cannot go out; "" where nothing is in the way."""
    if record.state in ("solved", "undone") and read_plan(record.plan).outdated:
        return RoundOutdated(crud.called(record)).sentence
    return record.problem


def _is_silent(view: Community, member: Member) -> bool:
    stated = member.profile or member.aims or member.offers or member.seeks or member.values
    return not stated and not view.activity.total[view.row[member.id]]
