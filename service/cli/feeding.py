"""`yiqi feed list|replay`: what is done beside requests in a community, and what failed of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.shared.groups import Group
from service.cli.shared.options import CommunityId, Data, Format, Server

if TYPE_CHECKING:
    from yiqi.v1.feed_pb2 import DeadLetter, FeedConsumer, Job

    from service.cli.shared.organizer import Organizer

app = typer.Typer(
    cls=Group,
    help="What follows the change log of a community, how far it came, its jobs, and what failed.\n\n"
    "Example: yiqi feed list --community makers",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_(community: CommunityId, format_: Format = "table", data: Data = None, server: Server = None) -> None:
    """Show how far each consumer came, whether it fails, which jobs are not done, and what was set aside.

    Example: yiqi feed list --community makers --server 127.0.0.1:50551
    """
    from yiqi.v1.feed_pb2 import GetFeedRequest

    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=False) as organizer:
        found = organizer.client.feed.GetFeed(GetFeedRequest(parent=organizer.parent))
        letters = _letters(organizer)
    if format_ == "jsonl":
        _write_lines([*found.consumers, *found.jobs, *letters])
    else:
        _print_tables(list(found.consumers), letters)
        _print_jobs(list(found.jobs))


@app.command()
def replay(
    community: CommunityId,
    consumer: Annotated[str, typer.Option("--consumer", metavar="NAME", help="Only what this one set aside.")] = "",
    data: Data = None,
    server: Server = None,
) -> None:
    """Try again what was set aside, once what it failed on is mended. On a data folder, the next server does it.

    Example: yiqi feed replay --community makers --server 127.0.0.1:50551
    """
    from yiqi.v1.feed_pb2 import ReplayDeadLettersRequest

    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=True) as organizer:
        request = ReplayDeadLettersRequest(parent=organizer.parent, consumer=consumer)
        count = organizer.client.feed.ReplayDeadLetters(request).count
    typer.echo(f"to be tried again: {count}")


def _letters(organizer: Organizer) -> list[DeadLetter]:
    from yiqi.v1.feed_pb2 import ListDeadLettersRequest

    request = ListDeadLettersRequest(parent=organizer.parent)
    return list(organizer.pages(organizer.client.feed.ListDeadLetters, request, "dead_letters"))


def _write_lines(messages: list[Any]) -> None:
    import orjson
    from google.protobuf.json_format import MessageToDict

    for message in messages:
        typer.echo(orjson.dumps(MessageToDict(message, preserving_proto_field_name=True)).decode())


def _print_tables(consumers: list[FeedConsumer], letters: list[DeadLetter]) -> None:
    from service.cli.shared.tables import Column, print_table

    name, fault = Column("consumer", whole=True), Column("fault", wide=True)
    figures = [Column(heading, right=True) for heading in ("position", "behind", "set aside")]
    rows = [(one.consumer, *map(str, (one.position, one.lag, one.dead_letters)), one.fault) for one in consumers]
    print_table((name, *figures, fault), rows)
    if letters:
        records = [(one.consumer, f"{one.kind} {one.id}", str(one.tries), one.fault) for one in letters]
        print_table((name, Column("record"), Column("tries", right=True), fault), records)


def _print_jobs(jobs: list[Job]) -> None:
    from yiqi.v1.feed_pb2 import JobState

    from service.cli.shared.tables import Column, print_table

    if jobs:
        states = [JobState.Name(one.state).removeprefix("JOB_STATE_").lower() for one in jobs]
        rows = [
            (f"{one.kind} {one.key}".strip(), state, f"{one.progress:.0%}", str(one.tries), one.fault)
            for one, state in zip(jobs, states, strict=True)
        ]
        figures = [Column(heading, right=True) for heading in ("done", "tries")]
        print_table((Column("job", whole=True), Column("state"), *figures, Column("fault", wide=True)), rows)
