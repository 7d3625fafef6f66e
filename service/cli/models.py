"""`yiqi models list|promote|rollback`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.shared.options import CommunityId, Data, Format, Server, one_door, settings_for

if TYPE_CHECKING:
    from yiqi.client import YiqiClient
    from yiqi.v1.model_pb2 import Model

    from service.serving.rankers import Rankers
    from service.store.contract import Store

BY = "yiqi models"

app = typer.Typer(
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
    with _opened(data, server, community) as models:
        found = list(models.list())
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
    with _opened(data, server, community) as models:
        _say(models.promote(model, force))


@app.command()
def rollback(community: CommunityId, data: Data = None, server: Server = None) -> None:
    """Serve what was served before. A server that runs on the same data folder follows within a second.

    Example: yiqi models rollback --community makers
    """
    with _opened(data, server, community) as models:
        _say(models.roll_back())


class _Here:
    """The use cases, called here."""

    def __init__(self, store: Store, rankers: Rankers, community: str) -> None:
        self._at = (store, rankers, community)

    def list(self) -> Iterator[Model]:
        from service.api.models import model_message
        from service.application.models import list_models

        after = ""
        while True:
            page = list_models(*self._at, after)
            yield from (model_message(model, self._at[2]) for model in page.items)
            after = page.next
            if not after:
                return

    def promote(self, model: str, force: bool) -> Model:
        from service.api.models import model_message
        from service.application.models import promote_model

        return model_message(promote_model(*self._at, model, force=force, by=BY), self._at[2])

    def roll_back(self) -> Model:
        from service.api.models import model_message
        from service.application.models import roll_back_model

        return model_message(roll_back_model(*self._at, by=BY), self._at[2])


class _There:
    """A running server, through the client."""

    def __init__(self, client: YiqiClient, community: str) -> None:
        self._client = client
        self._community = community

    def list(self) -> Iterator[Model]:
        return self._client.list_models(self._community)

    def promote(self, model: str, force: bool) -> Model:
        return self._client.promote_model(self._community, model, force=force)

    def roll_back(self) -> Model:
        return self._client.roll_back_model(self._community)


@contextmanager
def _opened(data: Path | None, server: str | None, community: str) -> Iterator[_Here | _There]:
    one_door(data, server)
    if server is not None:
        from yiqi.client import YiqiClient

        with YiqiClient(server) as client:
            yield _There(client, community)
        return
    from service.serving.encoders import Encoders
    from service.serving.rankers import open_rankers
    from service.store.sql import SqlStore

    settings = settings_for(data)
    # A pointer is put in place whole, so that no lock of the data folder is needed.
    with closing(SqlStore(settings.database, read_only=True)) as store:
        rankers = open_rankers(settings.data, settings, Encoders(settings.encoder), following=False)
        yield _Here(store, rankers, community)


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
        Column("why not, notes", wide=True),
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
