"""`yiqi round create`: many small options, or one file, to one request."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, cast

import typer

from service.cli.shared.options import CommunityId, Data, ReasonLanguage, Server, refuse

if TYPE_CHECKING:
    from models.domain.requests import Language

RoundId: TypeAlias = Annotated[str, typer.Argument(metavar="ROUND", help="The id of the round.")]
ShownAs: TypeAlias = Annotated[
    Literal["table", "json", "csv"], typer.Option("--format", help="For people, programs or a spreadsheet.")
]
Texts: TypeAlias = Annotated[bool, typer.Option("--texts", help="In the table, the texts to send instead of reasons.")]
InLanguage: TypeAlias = Annotated[
    str, typer.Option("--language", metavar="en|zh", help="The language to read it in; that of the round if not given.")
]
OnDate: TypeAlias = Annotated[
    str, typer.Option("--date", metavar="DAY", help='When people meet: "2026-12-10", or "2026-12-10 19:00-21:00".')
]
AtPlace: TypeAlias = Annotated[str, typer.Option("--place", metavar="TEXT", help="Where people meet.")]
WithNote: TypeAlias = Annotated[
    str, typer.Option("--note", metavar="TEXT", help="A sentence of your own, at the end of each text.")
]
_Several: TypeAlias = list[str] | None
# What the file of --spec says instead.
_IN_SPEC = (
    "kind", "member", "members_file", "size", "side", "load", "team", "sittings", "together", "apart", "same", "mix",
    "quota", "near", "time_zones", "rule", "prefer", "no_repeat", "no_repeat_days", "acquainted", "ask_silent",
    "slots", "places", "leftover", "fairness", "bids", "bid_weight", "standing", "seed", "seconds",
)  # fmt: skip


def create(
    context: typer.Context,
    round_: RoundId,
    community: CommunityId,
    kind: Annotated[
        Literal["pairs", "groups", "sides", "teams"],
        typer.Option("--kind", help="Pairs, groups of --size, two --side's, or --team's with roles to fill."),
    ] = "pairs",
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What people call it.")] = "",
    date: OnDate = "",
    place: AtPlace = "",
    note: WithNote = "",
    member: Annotated[_Several, typer.Option("--member", metavar="ID", help="Takes part; may be repeated.")] = None,
    members_file: Annotated[
        Path | None,
        typer.Option("--members-file", metavar="FILE", exists=True, dir_okay=False, help="Who takes part, one a line."),
    ] = None,
    filter_: Annotated[
        _Several,
        typer.Option("--filter", metavar="NAME=VALUE", help="Everybody with this attribute, language or place."),
    ] = None,
    active: Annotated[
        int | None,
        typer.Option("--active", metavar="DAYS", min=1, help="Everybody active in so many days; else all still here."),
    ] = None,
    size: Annotated[str, typer.Option("--size", metavar="N|N-M", help="Of a group.")] = "3-5",
    side: Annotated[
        _Several, typer.Option("--side", metavar="NAME=ID,ID|NAME=@FILE", help="A side and who is on it; two of them.")
    ] = None,
    load: Annotated[
        _Several,
        typer.Option(
            "--load",
            metavar="SIDE=N-M|N",
            help="How many each meets, or teams each joins; 1 if not said.",
        ),
    ] = None,
    team: Annotated[
        _Several,
        typer.Option("--team", metavar="PROJECT[=ROLE:N,ROLE]", help="A project on record, and the roles to fill."),
    ] = None,
    sittings: Annotated[int, typer.Option("--sittings", min=1, max=50, help="Meet so often, each time others.")] = 1,
    together: Annotated[_Several, typer.Option("--together", metavar="ID,ID", help="These meet.")] = None,
    apart: Annotated[_Several, typer.Option("--apart", metavar="ID,ID", help="No two of these meet.")] = None,
    same: Annotated[
        _Several, typer.Option("--same", metavar="NAME", help="Who meets shares this: language, place or an attribute.")
    ] = None,
    mix: Annotated[
        _Several, typer.Option("--mix", metavar="NAME[:N]", help="At most N (1) in a match have the same of this.")
    ] = None,
    quota: Annotated[
        _Several,
        typer.Option("--quota", metavar="NAME=VALUE:N|N-M", help="At least N (1), at most M, of these in each match."),
    ] = None,
    near: Annotated[
        _Several, typer.Option("--near", metavar="KM[:online]", help="Who meets lives so near, or both go online.")
    ] = None,
    time_zones: Annotated[
        _Several, typer.Option("--time-zones", metavar="HOURS", help="Clocks of who meets differ by at most this.")
    ] = None,
    rule: Annotated[
        _Several,
        typer.Option(
            "--rule",
            metavar='"NAME KEY=VALUE ..."',
            help='Any rule by its name, such as "near kilometres=30 firm=false".',
        ),
    ] = None,
    prefer: Annotated[
        _Several,
        typer.Option("--prefer", metavar="RULE:TEXT", help="A rule that gives way if need be, such as mix:team."),
    ] = None,
    no_repeat: Annotated[
        int | None,
        typer.Option(
            "--no-repeat",
            metavar="ROUNDS",
            min=0,
            help="Nobody meets again within so many rounds, if it can be; 0 for none. Pairs and groups: 8 if not said.",
        ),
    ] = None,
    no_repeat_days: Annotated[
        int, typer.Option("--no-repeat-days", metavar="DAYS", min=0, help="The same, in days.")
    ] = 0,
    acquainted: Annotated[
        bool,
        typer.Option("--acquainted", help="Who knows each other may meet, too. Pairs and groups: not if not said."),
    ] = False,
    ask_silent: Annotated[
        bool, typer.Option("--ask-silent", help="Who did not answer last time takes part; else they rest this once.")
    ] = False,
    slots: Annotated[
        _Several, typer.Option("--slots", metavar="TIME,TIME", help="Times on offer, as in people's availability.")
    ] = None,
    places: Annotated[int, typer.Option("--places", min=0, help="So many matches fit into one time; 0 for any.")] = 0,
    leftover: Annotated[
        Literal["trio", "bye"], typer.Option("--leftover", help="An odd one makes a trio or sits out.")
    ] = "trio",
    fairness: Annotated[
        float, typer.Option("--fairness", min=0, max=1, help="From 0, the largest total, to 1, the worst-off first.")
    ] = 0.25,
    bids: Annotated[
        Path | None,
        typer.Option(
            "--bids", metavar="FILE.csv", exists=True, dir_okay=False, help="Your own scores: source, target, score."
        ),
    ] = None,
    bid_weight: Annotated[
        float, typer.Option("--bid-weight", min=0, max=1, help="How much they count beside the model's.")
    ] = 0.5,
    rank: Annotated[
        Literal["collaborators", "peers"],
        typer.Option("--rank", help="Match people who complete each other, or who are alike."),
    ] = "collaborators",
    standing: Annotated[bool, typer.Option("--standing", help="Matches go on, and are asked if they renew.")] = False,
    every: Annotated[int, typer.Option("--every", metavar="DAYS", min=1, help="How often they are asked.")] = 28,
    double_opt_in: Annotated[
        bool, typer.Option("--double-opt-in", help="A match is revealed only when everybody in it accepts.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", help="The same request and seed give the same list.")] = 0,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, max=600, help="How long solving may take.")] = 30.0,
    spec: Annotated[
        Path | None,
        typer.Option("--spec", metavar="FILE.json", exists=True, dir_okay=False, help="The whole request from a file."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run/--publish", help="Make a draft to look at, or send it when nothing collides.")
    ] = True,
    language: ReasonLanguage = "en",
    format_: ShownAs = "table",
    texts: Texts = False,
    data: Data = None,
    server: Server = None,
) -> None:
    """Ask for a match list and look at it; nothing is sent unless you say --publish.

    Members are given by id, or by a name that only one of them has.

    Example: yiqi round create coffee-1 --community makers --filter place=Berlin --same language --no-repeat 8
    """
    from models.rounds.texts.notice import Notice
    from service.cli.rounds import flags
    from service.cli.rounds.asking import Asked, ask
    from service.cli.rounds.rules import preferred, wishes_of
    from service.cli.shared.pieces import ids_of

    if spec is not None:
        _alone(context)
        wanted = flags.spec_from(spec)
    else:
        ruled = wishes_of(
            together=together, apart=apart, same=same, mix=mix, quota=quota, near=near, time_zones=time_zones, rule=rule
        )
        wanted = flags.request(
            kind=kind,
            members=flags.people(member or [], members_file),
            size=flags.sizes(size),
            sides=flags.sides_of(side or [], load or []),
            load=flags.load_of(load or []),
            teams=flags.teams_of(team or []),
            sittings=sittings,
            slots=tuple(slot for text in slots or () for slot in ids_of(text)),
            places=places,
            leftover=leftover,
            fairness=fairness,
            bids=flags.bids_of(bids) if bids else (),
            bid_weight=bid_weight,
            standing=standing,
            seed=seed,
            seconds=seconds,
            wishes=[*ruled, *preferred(prefer or [])],
            no_repeat=no_repeat,
            no_repeat_days=no_repeat_days,
            acquainted=acquainted,
            ask_silent=ask_silent,
        )
    asked = Asked(
        round=round_,
        spec=wanted,
        filter=flags.filter_of(filter_ or [], active),
        title=title,
        notice=Notice(date=date, place=place, note=note),
        rank=rank,
        language=language,
        double_opt_in=double_opt_in,
        period_days=every if wanted.standing else 0,
        dry_run=dry_run,
    )
    ask(data, server, community, asked, format_, texts=texts)


def language_of(text: str) -> Language | None:
    """What --language says; None where it says nothing. Ends the command for another one."""
    if text not in ("", "en", "zh"):
        refuse(f"{text!r} is not en or zh", "language")
    return cast("Language", text) if text else None


def _alone(context: typer.Context) -> None:
    """Refuses options that say what the file of --spec says."""
    for name in _IN_SPEC:
        source = context.get_parameter_source(name)
        if source is not None and source.name != "DEFAULT":
            option = name.replace("_", "-")
            raise typer.BadParameter(f"say this in the file of --spec, or leave out --spec: --{option}")
