"""`yiqi members unlink`: two people who were taken for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.shared.options import CommunityId, Data, Format, Server

if TYPE_CHECKING:
    from yiqi.v1.member_pb2 import Merge

    from service.cli.shared.organizer import Organizer

_HEADS = ("id", "name", "is now", "since", "undo first")


def unlink(
    community: CommunityId,
    member: Annotated[
        str, typer.Argument(metavar="[MEMBER]", help="Who was linked to another record, by id or name; or that other.")
    ] = "",
    format_: Format = "table",
    data: Data = None,
    server: Server = None,
) -> None:
    """Undo a link: make two people again of those who were taken for one; without a name, list what was linked.

    Each has again what was theirs. What was written since stays with the record that was kept.

    Example: yiqi members unlink U0123 --community makers
    """
    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=bool(member)) as organizer:
        merges = _listed(organizer)
        if member:
            _undo(organizer, merges, member)
        else:
            _show(merges, format_, community)


def _listed(organizer: Organizer) -> Sequence[Merge]:
    from yiqi.v1.member_pb2 import ListMergesRequest

    merges: Sequence[Merge] = organizer.client.members.ListMerges(ListMergesRequest(parent=organizer.parent)).merges
    return merges


def _undo(organizer: Organizer, merges: Sequence[Merge], member: str) -> None:
    from yiqi.client import id_of
    from yiqi.v1.member_pb2 import UndoMergeRequest

    from service.cli.shared.naming import member_called

    gone = {id_of(one.merged_member.name): one.merged_member.display_name for one in merges}
    newest = {id_of(one.kept_member): id_of(one.merged_member.name) for one in reversed(merges)}
    called = member_called(member, gone, "member")
    if called not in gone:
        # Whoever was kept is a member, and known to all by that name.
        called = newest.get(organizer.find(member)) or member_called(member, gone, "member", must_be=True)
    undone = organizer.client.members.UndoMerge(UndoMergeRequest(name=organizer.member_name(called)))
    typer.echo(f"{called} is {called} again, and no longer {id_of(undone.kept_member.name)}")


def _show(merges: Sequence[Merge], format_: str, community: str) -> None:
    from service.cli.members.people import print_lines, print_rows

    rows = [_row(one) for one in merges]
    if format_ == "jsonl":
        print_lines(_HEADS, rows)
    elif rows:
        print_rows(_HEADS, rows)
        typer.echo(f"To make two of one again: yiqi members unlink {rows[0][0]} --community {community}")
    else:
        typer.echo("no link can be undone")


def _row(merge: Merge) -> tuple[str, ...]:
    from yiqi.client import id_of

    member, day = merge.merged_member, f"{merge.time.ToDatetime():%Y-%m-%d}"
    later = id_of(merge.later_merged_member) if merge.later_merged_member else ""
    return id_of(member.name), member.display_name, id_of(merge.kept_member), day, later
