"""`yiqi members find|link`: who somebody is on any platform, and two records that are one person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from service.cli.shared.options import CommunityId, Data, Format, Server, refuse


def find(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A handle, an id, or a part of a name.")],
    community: CommunityId,
    platform: Annotated[str, typer.Option("--platform", metavar="NAME", help="Only a handle there: wxid, email.")] = "",
    format_: Format = "table",
    data: Data = None,
    server: Server = None,
) -> None:
    """Who somebody is, by what any platform calls them: a wxid, an e-mail address, a name.

    Example: yiqi members find wxid_3 --community makers
    """
    from yiqi.v1 import member_pb2 as pb

    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=False) as organizer:
        request = pb.FindMembersRequest(parent=organizer.parent, text=text, platform=platform)
        found = organizer.client.members.FindMembers(request).members
    rows = [
        (_id(one.member), one.member.display_name, _BY[one.found_by], ", ".join(_handles(one.member))) for one in found
    ]
    if format_ == "jsonl":
        print_lines(("id", "name", "found_by", "handles"), rows)
    elif rows:
        print_rows(("id", "name", "found by", "handles"), rows)
    else:
        typer.echo(f"nobody is known as {text}")


def link(
    community: CommunityId,
    kept: Annotated[str, typer.Argument(metavar="[KEPT]", help="The record to keep, by id or name.")] = "",
    other: Annotated[str, typer.Argument(metavar="[OTHER]", help="The record of the same person that goes.")] = "",
    format_: Format = "table",
    data: Data = None,
    server: Server = None,
) -> None:
    """Make two records of one person one; without names, list who may be one person.

    Nothing is linked unless you say so. What both said and did stays, under the record that is kept.

    Example: yiqi members link ann U0123 --community makers
    """
    if not kept:
        _propose(community, format_, data, server)
    elif not other:
        refuse("say both: the record to keep, and the one that goes", "other")
    else:
        _merge(community, kept, other, data, server)


def _propose(community: str, format_: str, data: Data, server: Server) -> None:
    from yiqi.v1 import member_pb2 as pb

    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=False) as organizer:
        request = pb.ListLikelyDuplicatesRequest(parent=organizer.parent)
        found = organizer.client.members.ListLikelyDuplicates(request).duplicates
    rows = [(_id(one.first), _id(one.second), one.reason) for one in found]
    if format_ == "jsonl":
        print_lines(("first", "second", "reason"), rows)
    elif rows:
        print_rows(("first", "second", "why"), rows)
        typer.echo(f"To make two of them one: yiqi members link {rows[0][0]} {rows[0][1]} --community {community}")
    else:
        typer.echo("nobody looks like one person with two records")


def _merge(community: str, kept: str, other: str, data: Data, server: Server) -> None:
    from yiqi.v1 import member_pb2 as pb

    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=True) as organizer:
        one, two = organizer.find(kept, "kept"), organizer.find(other, "other")
        names = {"name": organizer.member_name(one), "merged_member": organizer.member_name(two)}
        organizer.client.members.MergeMembers(pb.MergeMembersRequest(**names))
    typer.echo(f"{two} is {one} from now on; yiqi members unlink {two} --community {community} undoes it")


_BY = {1: "handle", 2: "id", 3: "name", 4: "part of the name", 0: ""}


def _id(member: Any) -> str:
    return str(member.name).rsplit("/", 1)[1]


def _handles(member: Any) -> list[str]:
    return [f"{one.platform}:{one.handle}" for one in member.identities]


def print_rows(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A table of texts for people; ids are never shortened."""
    from service.cli.shared.tables import Column, print_table

    print_table(tuple(Column(head, whole=head in ("id", "first", "second")) for head in heads), rows)


def print_lines(names: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """The same as a line of JSON each."""
    import sys

    import orjson

    for row in rows:
        sys.stdout.buffer.write(orjson.dumps(dict(zip(names, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE))
