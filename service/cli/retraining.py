"""`yiqi retrain`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.shared.options import Data, settings_for
from service.cli.shared.progress import Report, progress

if TYPE_CHECKING:
    from service.application.retraining import Choices, Retrained
    from service.core.settings import Settings
    from service.store.contract import Store

REFUSED = 3


def retrain(
    community: Annotated[
        str | None, typer.Option("--community", metavar="ID", help="The community; all of them when not given.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Learn and judge, but keep and serve nothing.")] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed on the same data learns the same.")] = 0,
    accept_smaller: Annotated[
        bool, typer.Option("--accept-smaller", help="Much of the data is gone, and that is no fault.")
    ] = False,
    fail_on_refusal: Annotated[
        bool, typer.Option("--fail-on-refusal", help=f"Exit {REFUSED} when a gate refuses what was learnt.")
    ] = False,
    data: Data = None,
) -> None:
    """Learn from what happened, and serve the new model if it is better. Works beside a running server.

    To refuse a model that is no better is a normal end. An interrupted run is taken up by the same command.

    Example: yiqi retrain --community makers
    """
    try:
        with progress(memory=True) as report:
            report("starting", 0, None)  # before anything heavy is imported
            from service.application.retraining import Choices

            choices = Choices(seed=seed, dry_run=dry_run, accept_smaller=accept_smaller)
            found = _retrain(settings_for(data), community, choices, report)
    except KeyboardInterrupt:
        typer.echo("stopped; the same command takes it up where it was", err=True)
        raise typer.Exit(1) from None
    if fail_on_refusal and "refused" in found:
        raise typer.Exit(REFUSED)
    if "failed" in found:
        raise typer.Exit(1)


# What a night means to an organizer.
MEANS = {
    "promoted": "Lists are better from now on: they go by what this community's own past taught tonight.",
    "refused": "Lists go on as they were: what was learnt tonight was not surely better.",
    "undecided": "Lists go on as they were: too little has happened to tell whether they could be better.",
}
RENEWED = "Who is here, whom few have seen and what words mean here was worked out anew, for the same lists otherwise."


def describe(community: str, done: Retrained) -> list[str]:
    """What became of a night, as lines for people."""
    made = f" {done.version}" if done.version else ""
    lines = [f"{community}: {done.status}{made}. {done.reason}"]
    if done.status in MEANS:
        lines.append(f"{community}: {MEANS[done.status]}")
    if done.renewed:
        lines.append(f"{community}: renewed {done.renewed}. {RENEWED}")
    return lines + [
        f"  {'passed' if gate.passed else 'FAILED':<6}  {gate.name:<13} {gate.sentence}" for gate in done.gates
    ]


def _retrain(settings: Settings, community: str | None, choices: Choices, report: Report) -> set[str]:
    """What became of each; with several communities, one that fails does not stop the others."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    from service.application.retraining import retrain as learn
    from service.compose import open_store
    from service.core.tokens import Tokens
    from service.serving.encoders import Encoders
    from service.serving.rankers import open_rankers

    encoders = Encoders(settings.encoder)
    # A server that runs beside it needs the other cores.
    dry_run = choices.dry_run
    with open_store(settings, beside=not dry_run) as store, threadpool_limits(limits=1):
        rankers = open_rankers(settings.data, settings, encoders, following=False)
        tokens = Tokens(settings.data, may_create=False, incarnation=store.incarnation)
        found: set[str] = set()
        for one in [community] if community is not None else _all(store):
            try:
                done = learn(store, rankers, encoders, tokens, one, choices, time.time_ns() // 1000, report)
            except Exception as error:
                if community is not None:
                    raise
                typer.echo(f"{one}: failed. {error}", err=True)
                found.add("failed")
                continue
            found.add(done.status)
            for line in describe(one, done):
                typer.echo(line)
        return found


def _all(store: Store) -> list[str]:
    ids: list[str] = []
    while page := store.communities(after=ids[-1] if ids else ""):
        ids += [stored.record.id for stored in page]
    return ids
