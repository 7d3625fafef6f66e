"""`yiqi members consent`: whom people may be recommended to, noted for many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from service.cli.shared.options import CommunityId, Data, Server, refuse

if TYPE_CHECKING:
    from service.cli.shared.organizer import Organizer

_WORDS = {"nobody": "CONSENT_NOBODY", "organizers": "CONSENT_ORGANIZERS", "members": "CONSENT_MEMBERS"}


def consent(
    whom: Annotated[
        Literal["nobody", "organizers", "members"],
        typer.Argument(metavar="WHOM", help="Whom they may be recommended to: nobody, organizers, members."),
    ],
    community: CommunityId,
    people: Annotated[list[str] | None, typer.Argument(metavar="[MEMBER]...", help="By id or name.")] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Everybody but those who limited it themselves; name these to change them.")
    ] = False,
    data: Data = None,
    server: Server = None,
) -> None:
    """Note to whom people agreed to be recommended, after an import for example.

    Example: yiqi members consent members --all --community makers
    """
    if bool(people) == all_:
        refuse("name members, or say --all", "all")
    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=True) as organizer:
        chosen = _everybody(organizer) if all_ else [organizer.find(one, "member") for one in people or ()]
        changed = sum(_note(organizer, member, whom) for member in chosen)
        typer.echo(f"{changed:,} changed, {len(chosen) - changed:,} were so; may be recommended: {_told(organizer)}")


def _everybody(organizer: Organizer) -> list[str]:
    """Everybody who neither refused nor, asked in a form, gave another answer than yes."""
    from yiqi.client import id_of
    from yiqi.v1.member_pb2 import CONSENT_NOBODY

    from models.domain import strict_json
    from service.importers.members.stated import CONSENT_ANSWER

    members = organizer.client.list_members(organizer.community)
    return [
        id_of(one.name)
        for one in members
        if one.consent != CONSENT_NOBODY and CONSENT_ANSWER not in strict_json.kept_object(one.extra_json)
    ]


def _note(organizer: Organizer, member: str, whom: str) -> bool:
    """Whether it had to be changed."""
    from yiqi.v1 import member_pb2 as pb

    changes = pb.Member(consent=_WORDS[whom])
    if organizer.client.get_member(organizer.community, member).consent == changes.consent:
        return False
    organizer.client.update_member(organizer.community, member, changes, ["consent"])
    return True


def _told(organizer: Organizer) -> str:
    from yiqi.v1 import member_pb2 as pb

    words = {pb.Consent.Value(name): word for word, name in _WORDS.items()}
    counts: dict[str, int] = {}
    for one in organizer.client.list_members(organizer.community):
        word = words.get(one.consent, "organizers")
        counts[word] = counts.get(word, 0) + 1
    return ", ".join(f"{count:,} to {word}" for word, count in sorted(counts.items()))
