"""Asks the service for a round, waits, and shows what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from models.domain.requests import Filter, Language
from models.rounds.spec.requests import Role, RoundSpec, Team
from models.rounds.texts.notice import Notice

if TYPE_CHECKING:
    from service.cli.rounds.showing import Shown
    from service.cli.shared.organizer import Organizer
    from service.rendering.sheet import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A round as somebody asks for it."""

    round: str
    spec: RoundSpec
    filter: Filter
    title: str = ""
    notice: Notice = field(default_factory=Notice)
    rank: Literal["collaborators", "peers"] = "collaborators"
    language: Language = "en"
    double_opt_in: bool = False
    period_days: int = 0
    dry_run: bool = True


def ask(data: Path | None, server: str | None, community: str, asked: Asked, format_: Shown, *, texts: bool) -> None:
    """Create the round, wait until it is solved, and show it."""
    from service.cli.rounds.flags import called_by_id
    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=True) as organizer:
        spec = called_by_id(asked.spec, organizer.find)
        teams = tuple(_with_roles(organizer, team) for team in spec.teams)
        _create(organizer, replace(asked, spec=replace(spec, teams=teams)))
        wait_and_show(organizer, asked.round, format_, texts=texts)


def wait_and_show(
    organizer: Organizer, round_: str, format_: Shown, *, texts: bool = False, before: Sequence[str] = ()
) -> Sheet:
    """The round, when it is solved, and, where it was solved `before`, which matches are new; hints go to stderr."""
    from service.cli.rounds.showing import fetch, show
    from service.cli.rounds.waiting import wait_solved

    found = wait_solved(organizer, organizer.round_name(round_))
    sheet = fetch(organizer, round_)
    show(sheet, format_, texts=texts)
    if before:
        _tell_new(sheet, before)
    if sheet.state == "solved" and not found.spec.members:
        typer.echo("Nobody takes part: nobody fits the filter.", err=True)
    elif sheet.state == "solved":
        where = f"{round_} --community {organizer.community}"
        # A line each, without a full stop: they are copied.
        typer.echo(f"Change it: yiqi round edit {where}\nSend it: yiqi round publish {where}", err=True)
        if found.publishes_itself:
            typer.echo("It was not sent, since not everything that was asked for could be.", err=True)
    elif sheet.state == "published" and not before:
        typer.echo(f"What to send to whom: yiqi round texts {round_} --community {organizer.community}", err=True)
    return sheet


def _tell_new(sheet: Sheet, before: Sequence[str]) -> None:
    new = [str(number) for number, line in enumerate(sheet.lines, 1) if line.id not in before]
    named = f"match{'' if len(new) == 1 else 'es'} {', '.join(new)}" if new else "none"
    typer.echo(f"New: {named}. As before: {len(sheet.lines) - len(new)} of {len(sheet.lines)} matches.", err=True)


def _create(organizer: Organizer, asked: Asked) -> None:
    from yiqi.v1 import round_pb2 as pb

    from service.api.round_codec import spec_message

    round_ = pb.Round(
        title=asked.title,
        date=asked.notice.date,
        place=asked.notice.place,
        note=asked.notice.note,
        spec=spec_message(asked.spec, organizer.community),
        ranking=f"ROUND_RANKING_{asked.rank.upper()}",
        language=f"LANGUAGE_{asked.language.upper()}",
        double_opt_in=asked.double_opt_in,
        period_days=asked.period_days,
    )
    request = pb.CreateRoundRequest(
        parent=organizer.parent,
        round_id=asked.round,
        round=round_,
        filter=_filter_message(asked.filter),
        dry_run=asked.dry_run,
    )
    organizer.client.rounds.CreateRound(request)


def _filter_message(wanted: Filter) -> Any:
    from yiqi.v1.recommendation_pb2 import RecommendationFilter

    from service.api.codec import attribute_message, timestamp

    return RecommendationFilter(
        active_since=None if wanted.active_since is None else timestamp(wanted.active_since),
        languages=wanted.languages,
        place=wanted.place,
        attributes=[attribute_message(*one) for one in wanted.attributes.items()],
    )


def _with_roles(organizer: Organizer, team: Team) -> Team:
    """A team without roles looks for what its project needs."""
    from yiqi.v1.project_pb2 import GetProjectRequest

    from models.domain.records import Need

    if team.roles or not team.project:
        return team
    name = f"{organizer.parent}/projects/{team.project}"
    needs = organizer.client.projects.GetProject(GetProjectRequest(name=name)).project.needs
    if not needs:
        raise typer.BadParameter(f"{team.project} needs nothing; say which roles to fill: {team.project}=designer:2")
    return replace(team, roles=tuple(Role(name=need.text, need=Need(need.text)) for need in needs))
