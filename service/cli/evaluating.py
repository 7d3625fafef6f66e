"""`yiqi evaluate`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from service.cli.shared.options import require_folder, require_picture
from service.cli.shared.progress import progress

if TYPE_CHECKING:
    from training.evaluation.protocol import RankerAt
    from training.evaluation.record import Recorded
    from training.evaluation.results import Evaluation
    from training.labels.tasks import Task


class TaskName(StrEnum):
    """The tasks by name; a test holds them equal to those of training, and mutual choice."""

    DIRECT = "direct"
    TOPIC = "topic"
    PROJECT = "project"
    JOIN = "join"
    ANSWER = "answer"
    MUTUAL = "mutual"


def evaluate(
    archive: Annotated[Path, typer.Argument(metavar="ARCHIVE", exists=True, help="A folder, .zip or .tar.gz.")],
    task: Annotated[
        list[TaskName] | None,
        typer.Option(
            "--task",
            help="What is foretold: first replies or mentions, first threads, first projects together; who joins a "
            "project; who answers. May be repeated; all of these that the archive has when not given. By itself: "
            "mutual, who of those that met chose each other.",
        ),
    ] = None,
    cuts: Annotated[
        str, typer.Option("--cuts", metavar="SHARES", help="Where the past ends, as shares of the events.")
    ] = "0.5,0.6,0.7,0.8",
    ranker: Annotated[
        str,
        typer.Option(
            "--ranker",
            metavar="shipped|local|PATH",
            help="The one that ships; one learnt before each cut; the folder of a model, or a file of weights.",
        ),
    ] = "shipped",
    prior: Annotated[
        Path | None,
        typer.Option(
            "--prior", metavar="FILE", exists=True, help="What local learning begins with, if not what ships."
        ),
    ] = None,
    matchable: Annotated[
        str | None,
        typer.Option(
            "--matchable",
            metavar="NAMES",
            help='With mutual: attributes to go by, such as age,interests ("*" for all); what the archive\'s community '
            "declares when not given.",
        ),
    ] = None,
    format_: Annotated[
        Literal["table", "json"], typer.Option("--format", help="For people or for programs.")
    ] = "table",
    picture: Annotated[
        Path | None, typer.Option("--picture", metavar="OUT.svg|OUT.png", help="Also draw the comparison.")
    ] = None,
    vectors: Annotated[
        Path | None,
        typer.Option("--vectors", metavar="FILE.npz", dir_okay=False, help="Keep vectors of texts for the next run."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of ties, bootstrap and learning.")] = 0,
) -> None:
    """How well lists foretell who deals with whom next, beside simple baselines.

    Everything after a cut is hidden; what happened in the fifth of the events after it says who was right. Numbers are
    means with 95 % intervals.

    Example: yiqi evaluate history.tar.gz --task direct --cuts 0.7,0.8 --picture comparison.svg
    """
    shares = _shares(cuts)
    _check_outputs(picture, vectors)
    if TaskName.MUTUAL in (task or []):
        if task != [TaskName.MUTUAL] or picture is not None:
            raise typer.BadParameter("mutual stands by itself, without a picture", param_hint="--task")
        _mutual(archive, matchable or "", format_, seed)
        return
    if matchable is not None:
        raise typer.BadParameter("it goes with --task mutual only", param_hint="--matchable")
    tasks = [cast("Task", one.value) for one in task or []]
    if prior is not None and ranker != "local":
        raise typer.BadParameter("it goes with --ranker local only", param_hint="--prior")
    found = _evaluate(archive, tasks, shares, ranker, prior, vectors, seed)
    if picture is not None:
        from training.evaluation.picture import draw

        draw(found, picture)
    if format_ == "json":
        import orjson

        from training.evaluation.report import as_values

        typer.echo(orjson.dumps(as_values(found), option=orjson.OPT_INDENT_2).decode())
    else:
        from service.cli.evaluation_tables import print_tables

        print_tables(found)


def _mutual(path: Path, matchable: str, format_: str, seed: int) -> None:
    from training.evaluation import mutual
    from training.evaluation.record import read

    with progress() as report:
        recorded = read(path)
        report("archive", len(recorded.dated), None)
        names = [name.strip() for name in matchable.split(",") if name.strip()]
        blocks = mutual.evaluate(recorded, names, seed)
    if format_ == "json":
        import orjson

        typer.echo(orjson.dumps(mutual.as_values(recorded.name, seed, blocks), option=orjson.OPT_INDENT_2).decode())
    else:
        from service.cli.evaluation_tables import print_mutual

        print_mutual(blocks)


def _evaluate(
    path: Path,
    tasks: list[Task],
    shares: list[float],
    ranker: str,
    prior: Path | None,
    cache: Path | None,
    seed: int,
) -> Evaluation:
    from service.core.settings import Settings
    from service.serving.encoders import Encoders
    from training.evaluation.protocol import evaluate as judge
    from training.evaluation.protocol import plan
    from training.evaluation.record import read
    from training.evaluation.vectors import TextVectors

    with progress() as report:
        recorded = read(path)
        report("archive", len(recorded.messages) + len(recorded.projects), None)
        if recorded.bad_rows:
            typer.echo(f"{recorded.bad_rows:,} rows of {path} are no records and left out", err=True)
        planned = plan(recorded, tasks, shares)
        for one in planned.left_out:
            typer.echo(f"left out: {one.reason}", err=True)
        ranker_at = _ranker(ranker, prior, recorded, shares, seed)
        encoder = Settings().encoder
        encoders = Encoders(encoder)
        encoders.load(encoders.wanted)  # tells in a sentence where it cannot be loaded
        return judge(planned, ranker_at, TextVectors(encoder, cache), seed, report)


def _ranker(name: str, prior: Path | None, recorded: Recorded, shares: list[float], seed: int) -> RankerAt:
    from models.ranking.ranker import shipped
    from training.evaluation import rankers
    from training.evaluation.record import cut_at

    if name == "shipped":
        return rankers.fixed(shipped())
    if name == "local":
        return rankers.local(shipped() if prior is None else rankers.from_file(prior)[0], seed)
    if not Path(name).exists():
        raise typer.BadParameter(f'there is no {name}; "shipped" and "local" need no file', param_hint="--ranker")
    ranker, trained_through = rankers.from_file(Path(name))
    late = [share for share in shares if cut_at(recorded, share).time < trained_through]
    if late:
        told = ", ".join(f"{share:.0%}" for share in late)
        typer.echo(f"this model may have learnt from what is judged at {told}: that proves nothing", err=True)
    return rankers.fixed(ranker)


def _shares(text: str) -> list[float]:
    from training.evaluation.protocol import EARLIEST, LATEST

    try:
        shares = [float(part) for part in text.split(",")]
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no list of shares such as 0.7,0.8", param_hint="--cuts") from None
    if outside := [share for share in shares if not EARLIEST <= share <= LATEST]:
        raise typer.BadParameter(f"{outside[0]:g} is not between {EARLIEST} and {LATEST}", param_hint="--cuts")
    return shares


def _check_outputs(picture: Path | None, vectors: Path | None) -> None:
    """Before the long work, not after it."""
    if picture is not None:
        require_picture(picture, "--picture")
    if vectors is not None:
        require_folder(vectors, "--vectors")
