"""`yiqi members show|add|edit`: what somebody states of themselves, as an organizer notes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import typer

from service.cli.shared.options import CommunityId, Data, Server, refuse

if TYPE_CHECKING:
    from yiqi.v1.common_pb2 import Need
    from yiqi.v1.member_pb2 import Member

_KINDS = ("growth", "income", "resources", "connections")

_Texts: TypeAlias = list[str] | None
Name: TypeAlias = Annotated[str | None, typer.Option("--name", metavar="TEXT", help="What people call them.")]
Profile: TypeAlias = Annotated[str | None, typer.Option("--profile", metavar="TEXT", help="About themselves.")]
Aims: TypeAlias = Annotated[_Texts, typer.Option("--aim", metavar="TEXT", help="What they aim at; may be repeated.")]
Offers: TypeAlias = Annotated[
    _Texts,
    typer.Option("--offer", metavar="[KIND:]TEXT", help=f"What they offer; repeatable. KIND is {', '.join(_KINDS)}."),
]
Seeks: TypeAlias = Annotated[
    _Texts, typer.Option("--seek", metavar="[KIND:]TEXT", help="What they look for; may be repeated.")
]
Values: TypeAlias = Annotated[_Texts, typer.Option("--value", metavar="TEXT", help="What they hold dear; repeatable.")]
Languages: TypeAlias = Annotated[
    _Texts,
    typer.Option("--language", metavar="TAG", help="They speak it, such as en or zh; repeatable."),
]
Place: TypeAlias = Annotated[str | None, typer.Option("--place", metavar="TEXT", help="Where they live.")]
Zone: TypeAlias = Annotated[str | None, typer.Option("--time-zone", metavar="NAME", help="Such as Asia/Shanghai.")]
Times: TypeAlias = Annotated[_Texts, typer.Option("--available", metavar="TEXT", help="When they can; repeatable.")]
Agreed: TypeAlias = Annotated[
    Literal["nobody", "organizers", "members"] | None,
    typer.Option("--consent", help="To whom they agreed to be recommended."),
]
Facts: TypeAlias = Annotated[
    _Texts, typer.Option("--attribute", metavar="NAME=VALUE", help="A further fact, to filter by; repeatable.")
]
Handles: TypeAlias = Annotated[
    _Texts,
    typer.Option("--identity", metavar="PLATFORM:HANDLE", help="Known there as, such as wxid:wxid_3; repeatable."),
]
Id: TypeAlias = Annotated[str, typer.Argument(metavar="ID", help="The id to give.")]
Someone: TypeAlias = Annotated[str, typer.Argument(metavar="MEMBER", help="By id or name.")]


def show(member: Someone, community: CommunityId, data: Data = None, server: Server = None) -> None:
    """Show what somebody states of themselves.

    Example: yiqi members show ann --community makers
    """
    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=False) as organizer:
        _print(organizer.client.get_member(community, organizer.find(member, "member")))


def add(
    member: Id,
    community: CommunityId,
    name: Name = None,
    profile: Profile = None,
    aim: Aims = None,
    offer: Offers = None,
    seek: Seeks = None,
    value: Values = None,
    language: Languages = None,
    place: Place = None,
    time_zone: Zone = None,
    available: Times = None,
    attribute: Facts = None,
    identity: Handles = None,
    consent: Agreed = None,
    data: Data = None,
    server: Server = None,
) -> None:
    """Add somebody. Without --consent they are shown to organizers only.

    Example: yiqi members add cleo --name Cleo --offer "I mend bicycles" --language en --community makers
    """
    from service.cli.shared.organizer import open_organizer

    stated = _stated(
        name=name, profile=profile, aim=aim, offer=offer, seek=seek, value=value, language=language, place=place,
        time_zone=time_zone, available=available, attribute=attribute, identity=identity, consent=consent,
    )  # fmt: skip
    with open_organizer(data, server, community, writes=True) as organizer:
        _print(organizer.client.create_member(community, member, _member(stated)).member)


def edit(
    member: Someone,
    community: CommunityId,
    name: Name = None,
    profile: Profile = None,
    aim: Aims = None,
    offer: Offers = None,
    seek: Seeks = None,
    value: Values = None,
    language: Languages = None,
    place: Place = None,
    time_zone: Zone = None,
    available: Times = None,
    attribute: Facts = None,
    identity: Handles = None,
    consent: Agreed = None,
    data: Data = None,
    server: Server = None,
) -> None:
    """Change what somebody states: each option says it instead of what stood there, "" takes it away.

    What is not named stays. Of --attribute only those of the same names are replaced.

    Example: yiqi members edit ann --place Berlin --seek "growth:soldering" --seek "a workshop" --community makers
    """
    from service.cli.shared.organizer import open_organizer

    stated = _stated(
        name=name, profile=profile, aim=aim, offer=offer, seek=seek, value=value, language=language, place=place,
        time_zone=time_zone, available=available, attribute=attribute, identity=identity, consent=consent,
    )  # fmt: skip
    if not stated:
        refuse("say what to change, such as --place Berlin", "place")
    with open_organizer(data, server, community, writes=True) as organizer:
        who = organizer.find(member, "member")
        before = organizer.client.get_member(community, who)
        changes = _member({**stated, **_facts(before, stated)})
        changes.etag = before.etag
        _print(organizer.client.update_member(community, who, changes, list(stated)).member)


def _stated(
    *,
    name: str | None,
    profile: str | None,
    aim: _Texts,
    offer: _Texts,
    seek: _Texts,
    value: _Texts,
    language: _Texts,
    place: str | None,
    time_zone: str | None,
    available: _Texts,
    attribute: _Texts,
    identity: _Texts,
    consent: str | None,
) -> dict[str, Any]:
    """What options say, by field of the contract; nothing for what they do not say."""
    found: dict[str, Any] = {
        "display_name": name,
        "profile": profile,
        "aims": _texts(aim),
        "offers": _needs(offer, "offer"),
        "seeks": _needs(seek, "seek"),
        "values": _texts(value),
        "languages": _texts(language),
        "place": place,
        "time_zone": time_zone,
        "availability": _texts(available),
        "attributes": _attributes(attribute),
        "identities": _identities(identity),
        "consent": f"CONSENT_{consent.upper()}" if consent else None,
    }
    return {field: said for field, said in found.items() if said is not None}


def _member(stated: dict[str, Any]) -> Member:
    from yiqi.v1.member_pb2 import Member

    return Member(**stated)


def _texts(said: Sequence[str] | None) -> list[str] | None:
    return None if said is None else [text for text in said if text.strip()]


def _needs(said: Sequence[str] | None, option: str) -> list[Need] | None:
    from yiqi.v1.common_pb2 import Need

    texts = _texts(said)
    if texts is None:
        return None
    needs = []
    for text in texts:
        kind, colon, rest = text.partition(":")
        if colon and kind.strip() in _KINDS:
            if not rest.strip():
                refuse(f"{text!r} says nothing; write growth:soldering", option)
            needs.append(Need(kind=f"VALUE_KIND_{kind.strip().upper()}", text=rest.strip()))
        else:
            needs.append(Need(text=text))
    return needs


def _attributes(said: Sequence[str] | None) -> list[Any] | None:
    from service.api.codec import attribute_message
    from service.cli.shared.pieces import named, scalar

    texts = _texts(said)
    return (
        None
        if texts is None
        else [attribute_message(name, scalar(value)) for name, value in (named(text, "attribute") for text in texts)]
    )


def _identities(said: Sequence[str] | None) -> list[Any] | None:
    from yiqi.v1.member_pb2 import Identity

    texts = _texts(said)
    if texts is None:
        return None
    pairs = [text.partition(":") for text in texts]
    if any(not platform.strip() or not handle.strip() for platform, _, handle in pairs):
        refuse("write the platform and the handle there, such as wxid:wxid_3", "identity")
    return [Identity(platform=platform.strip(), handle=handle.strip()) for platform, _, handle in pairs]


def _facts(before: Member, stated: dict[str, Any]) -> dict[str, Any]:
    """The attributes as they shall be: those that are named new, the others as before; none where "" was said."""
    if not stated.get("attributes"):
        return {}
    new = {one.name for one in stated["attributes"]}
    return {"attributes": [*(one for one in before.attributes if one.name not in new), *stated["attributes"]]}


def _print(member: Member) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text
    from yiqi.client import id_of

    from service.cli.shared.prose import Prose

    console = Console()
    console.print(Text(f"{member.display_name or id_of(member.name)} · {id_of(member.name)}", style="bold"))
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for label, said in _lines(member):
        table.add_row(Text(label, style="dim"), Prose(said))
    console.print(table)


def _lines(member: Member) -> Iterator[tuple[str, str]]:
    from service.api import enums
    from service.api.codec import attributes
    from service.rendering.words import day

    yield "consent", enums.CONSENT.word(member.consent)
    if member.HasField("paused_until"):
        yield "paused until", day(member.paused_until.seconds * 1_000_000)
    for label, texts in (
        ("profile", [member.profile]),
        ("aim", member.aims),
        ("offers", map(_need, member.offers)),
        ("seeks", map(_need, member.seeks)),
        ("value", member.values),
        ("speaks", [", ".join(member.languages)]),
        ("place", [member.place]),
        ("time zone", [member.time_zone]),
        ("available", member.availability),
        ("known as", (f"{one.platform}:{one.handle}" for one in member.identities)),
        ("fact", (f"{name}={_shown(value)}" for name, value in attributes(member.attributes).items())),
    ):
        yield from ((label, text) for text in texts if text)


def _shown(value: object) -> str:
    """As --attribute takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _need(need: Need) -> str:
    from service.api import enums

    kind = enums.VALUE_KIND.word(need.kind)
    return f"{kind}: {need.text}" if kind else need.text
