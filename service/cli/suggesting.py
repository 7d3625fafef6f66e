"""`yiqi suggestions list|confirm|strike`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, cast

import typer

from service.cli.shared.naming import member_in
from service.cli.shared.options import CommunityId, Data, Format, settings_for

if TYPE_CHECKING:
    from models.domain.records import Suggestion, SuggestionState
    from service.store.contract import Store, Stored

app = typer.Typer(
    help="What Yiqi read out of members' own words, for an organizer to confirm or strike.\n\n"
    "Example: yiqi suggestions list --community makers",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Ids: TypeAlias = Annotated[list[str], typer.Argument(metavar="SUGGESTION...", help="Ids, as `list` shows them.")]


@app.command("list")
def list_(
    community: CommunityId,
    member: Annotated[str, typer.Option("--member", metavar="ID", help="Only of this member, by id or name.")] = "",
    state: Annotated[
        Literal["open", "confirmed", "struck", "all"], typer.Option("--state", help="Only in this state.")
    ] = "open",
    format_: Format = "table",
    data: Data = None,
) -> None:
    """Show suggestions, with the message that each was read from.

    Example: yiqi suggestions list --community makers --member ann
    """
    with _store(data, write=False) as store:
        whose = member_in(store, community, member) if member else ""
        found = list(_suggestions(store, community, whose, None if state == "all" else state))
    if format_ == "jsonl":
        _write_lines(found)
    else:
        _print_table(found)


@app.command()
def confirm(community: CommunityId, suggestions: Ids, data: Data = None) -> None:
    """Make suggestions statements of their members, who agreed.

    Example: yiqi suggestions confirm --community makers 5f1c2a90d3
    """
    from service.application.members import confirm_suggestion

    _decide(community, suggestions, data, confirm_suggestion)


@app.command()
def strike(community: CommunityId, suggestions: Ids, data: Data = None) -> None:
    """Refuse suggestions for good: they count for nothing and never come back.

    Example: yiqi suggestions strike --community makers 5f1c2a90d3
    """
    from service.application.members import strike_suggestion

    _decide(community, suggestions, data, strike_suggestion)


def _decide(
    community: str, ids: list[str], data: Path | None, decide: Callable[[Store, str, str, str], Stored]
) -> None:
    from service.application import crud

    with _store(data, write=True) as store:
        for id in ids:
            found = cast("Suggestion", crud.get(store, community, "suggestion", id).record)
            decided = cast("Suggestion", decide(store, community, found.member, id).record)
            typer.echo(f"{decided.state}: {decided.member} {decided.field}: {decided.text}")


@contextmanager
def _store(data: Path | None, *, write: bool) -> Iterator[Store]:
    from contextlib import ExitStack, closing

    from service.store.sql import SqlStore

    settings = settings_for(data)
    with ExitStack() as stack:
        if write:
            from service.serving.lock import data_lock

            stack.enter_context(data_lock(settings.data))
        yield stack.enter_context(closing(SqlStore(settings.database, read_only=not write)))


def _suggestions(store: Store, community: str, member: str, state: SuggestionState | None) -> Iterator[Suggestion]:
    from service.application.members import list_suggestions

    after = ""
    while True:
        page = list_suggestions(store, community, after, 1000, member=member, state=state)
        yield from (cast("Suggestion", stored.record) for stored in page.items)
        after = page.next
        if not after:
            return


def _write_lines(suggestions: list[Suggestion]) -> None:
    import sys

    import orjson

    for one in suggestions:
        sys.stdout.buffer.write(orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE))


def _print_table(suggestions: list[Suggestion]) -> None:
    from service.cli.shared.tables import Column, print_table

    if not suggestions:
        typer.echo("no suggestions")
        return
    columns = (
        Column("id, message", whole=True),  # to be copied into the next command
        Column("member, field", whole=True),
        Column("words", wide=True),
        Column("state", whole=True),
    )
    fields = ((one, one.field + (f" · {one.kind}" if one.kind else "")) for one in suggestions)
    print_table(
        columns, ((f"{one.id}\n{one.message}", f"{one.member}\n{field}", one.text, one.state) for one, field in fields)
    )
