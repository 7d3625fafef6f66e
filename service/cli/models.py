"""`yiqi models list|promote|rollback`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.shared.groups import Group
from service.cli.shared.options import CommunityId, Data, Format, Server

if TYPE_CHECKING:
    from yiqi.v1.model_pb2 import Model

app = typer.Typer(
    cls=Group,
    help="What a community's own history taught about ranking: which models there are, and which one serves.\n\n"
    "Example: yiqi models list --community makers",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_(community: CommunityId, format_: Format = "table", data: Data = None, server: Server = None) -> None:
    """Show the models of a community, newest first, the one that comes with Yiqi last.

    Example: yiqi models list --community makers
    """
    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=False) as organizer:
        found = list(organizer.client.list_models(community))
    if format_ == "jsonl":
        _write_lines(found)
    else:
        _print_table(found)


@app.command()
def promote(
    community: CommunityId,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Its name, as `list` shows it.")],
    force: Annotated[bool, typer.Option("--force", help="Also a model that did not pass its gates.")] = False,
    data: Data = None,
    server: Server = None,
) -> None:
    """Serve a model. A server that runs on the same data folder follows within a second.

    Example: yiqi models promote --community makers 20260301T030000Z-5f1c2a90d3
    """
    from service.cli.shared.organizer import open_organizer

    # A pointer is put in place whole, so that no lock of the data folder is needed.
    with open_organizer(data, server, community, writes=False) as organizer:
        _say(organizer.client.promote_model(community, model, force=force))


@app.command()
def rollback(community: CommunityId, data: Data = None, server: Server = None) -> None:
    """Serve what was served before. A server that runs on the same data folder follows within a second.

    Example: yiqi models rollback --community makers
    """
    from service.cli.shared.organizer import open_organizer

    with open_organizer(data, server, community, writes=False) as organizer:
        _say(organizer.client.roll_back_model(community))


def _say(model: Model) -> None:
    from yiqi.client import id_of

    typer.echo(f"serving {id_of(model.name)}")


def _write_lines(models: Sequence[Model]) -> None:
    import sys

    import orjson

    for model in models:
        sys.stdout.buffer.write(orjson.dumps(_line(model), option=orjson.OPT_APPEND_NEWLINE))


def _line(model: Model) -> dict[str, Any]:
    from yiqi.client import id_of

    return {
        "model": id_of(model.name),
        "state": _state(model),
        "problem": model.problem,
        "note": model.note,
        "created": _time(model.create_time),
        "trained_through": _time(model.trained_through),
        "parent": id_of(model.parent_model),
        "metrics": [
            {"task": one.task, "metric": one.metric, "value": one.value, "low": one.low, "high": one.high}
            for one in model.metrics
        ],
        "gates": [{"gate": one.gate, "passed": one.passed, "sentence": one.sentence} for one in model.gates],
    }


def _print_table(models: Sequence[Model]) -> None:
    from yiqi.client import id_of

    from service.cli.shared.tables import Column, print_table

    rows = []
    for model in models:
        failed = (one.sentence for one in model.gates if not one.passed)
        why = "\n".join(filter(None, (model.problem, *failed, model.note)))
        since = "\n".join(filter(None, (_state(model), _time(model.trained_through))))
        rows.append((id_of(model.name), since, "\n".join(_figures(model)), why))
    columns = (
        Column("model", whole=True),  # to be copied into the next command
        Column("state, trained through", whole=True),
        Column("figures", wide=True),
        Column("notes", wide=True),
    )
    print_table(columns, rows)


def _figures(model: Model) -> list[str]:
    """A line for each figure of the model's own, beside that of the one that served before; jsonl has all of them."""
    all_ = {(one.task, one.metric): one.value for one in model.metrics}
    lines = []
    for (task, metric), value in all_.items():
        if " of " not in metric:
            before = all_.get((task, f"{metric} of the parent"))
            lines.append(f"{task} {metric} {value:.3f}" + (f", before {before:.3f}" if before is not None else ""))
    return lines


def _state(model: Model) -> str:
    from service.api import enums

    return enums.MODEL_STATE.word(model.state)


def _time(time: Any) -> str:
    """RFC 3339, "" for no time."""
    micros = time.seconds * 1_000_000 + time.nanos // 1000
    return f"{datetime.fromtimestamp(micros / 1e6, UTC):%Y-%m-%dT%H:%M:%SZ}" if micros else ""
