"""The nightly job of one community, from the store to what is served; see docs/learning.md.

It reads the store and writes models, so it runs beside a server. All it writes to the store is its lease: one night at
a time is at work in a community.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Literal, TypeAlias

from models.archive.container import FILES
from models.domain.records import Micros, Record
from models.files.durable import write_file
from models.ranking.artifact import Gate, Manifest
from models.ranking.ranker import Ranker
from service.application.lease import Held, alone
from service.application.shown import slates
from service.core.tokens import Tokens
from service.serving.encoders import Encoders
from service.serving.model_folder import ModelFolder
from service.serving.rankers import Rankers
from service.serving.snapshots import erased_since
from service.serving.vectors import Vectors, all_processes
from service.store.contract import Store
from training.nightly import job
from training.nightly.code import code_version
from training.nightly.gates import Size
from training.nightly.job import Night, Outcome, Report
from training.nightly.past import Past, past_of
from training.nightly.recipe import STANDARD, Recipe
from training.nightly.stage_cache import StageCache

Status: TypeAlias = Literal["promoted", "refused", "undecided", "nothing new"]
BY = "yiqi retrain"
KIND = "retrain"
LAST = "last.json"
SAID_EVERY = 1000  # records, while they are read


class AlreadyRunning(Exception):
    """Another job is at work on the community; `sentence` says so."""

    def __init__(self, community: str, owner: str) -> None:
        who = f"another {BY}" + (f" ({owner})" if owner else "")
        self.sentence = f"{who} is at work on the community {community}; wait until it is done"
        super().__init__(self.sentence)


@dataclass(frozen=True, slots=True)
class Retrained:
    """What became of a night. `version` is that of the model that was learnt, "" where it did not come so far.

    `renewed` is the version of the served weights with what goes by the present made new, "" where there is none.
    """

    status: Status
    reason: str
    version: str = ""
    gates: tuple[Gate, ...] = ()
    renewed: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """`dry_run`: nothing is kept or served. `accept_smaller`: however much of the data is gone, it is no fault."""

    seed: int = 0
    dry_run: bool = False
    accept_smaller: bool = False


def retrain(
    store: Store,
    rankers: Rankers,
    encoders: Encoders,
    tokens: Tokens,
    community: str,
    choices: Choices,
    now: Micros,
    report: Report,
    recipe: Recipe = STANDARD,
) -> Retrained:
    """Learn from what is on record, and serve what is better. `now` is the wall clock, `tokens` read what was shown.

    Raises CommunityNotFound, AlreadyRunning, and Unavailable when the data cannot be read as one.
    """
    store.head(community)
    learn = partial(_learn, store, rankers, encoders, tokens, community, choices, now, report, recipe)
    if choices.dry_run:
        return learn(nullcontext)
    try:
        with alone(store, community, KIND) as lease:
            return learn(lease.held)
    except Held as other:
        raise AlreadyRunning(community, other.owner) from None


def _learn(
    store: Store,
    rankers: Rankers,
    encoders: Encoders,
    tokens: Tokens,
    community: str,
    choices: Choices,
    now: Micros,
    report: Report,
    recipe: Recipe,
    held: Callable[[], AbstractContextManager[None]],
) -> Retrained:
    """A night under a lease that is still `held` when something is served."""
    folder = rankers.folder
    past, sequence = _read(store, community, tokens, report)
    night = _night(store, rankers, encoders, community, past, choices, report)
    about = _about(night)
    if last := _nothing_new(folder, night, about):
        return Retrained("nothing new", last)
    with _bench(folder.work(community), choices.dry_run) as bench:
        outcome = job.run(night, bench, recipe, report, f"run-{about['data'][:16]}")
        done = Retrained(outcome.status, outcome.reason, gates=outcome.gates)
        if choices.dry_run:
            return done
        done = _kept(store, folder, sequence, outcome, _manifest_of(rankers, night, about, now), done)
        served = done.renewed or (done.version if done.status == "promoted" else "")
        if served:
            with held():
                folder.promote(community, served, BY)
        _note(folder.work(community), about | {"served": served or about["served"]}, outcome)
        bench.keep_only(("run-",), set())
    return done


def _read(store: Store, community: str, tokens: Tokens, report: Report) -> tuple[Past, int]:
    """All records as of one moment, and the position of that moment in the log."""
    report("reading", 0, None)
    with store.read(community) as snapshot:
        past = past_of(_counted(chain.from_iterable(map(snapshot.scan, FILES)), report), community)
    members = [member.id for member in past.history.members]
    past = replace(past, slates=slates(community, past.history.outcomes, tokens, members))
    count = len(past.timeless) + len(past.timed)
    report("reading", count, count)
    return past, snapshot.revision


def _counted(records: Iterable[Record], report: Report) -> Iterator[Record]:
    for done, record in enumerate(records, 1):
        if done % SAID_EVERY == 0:
            report("reading", done, None)
        yield record


def _night(
    store: Store,
    rankers: Rankers,
    encoders: Encoders,
    community: str,
    past: Past,
    choices: Choices,
    report: Report,
) -> Night:
    incumbent = rankers.of(community)
    manifest = _manifest(rankers, community, incumbent)
    before = Size(manifest.members, manifest.events) if manifest and not choices.accept_smaller else None
    vectors = Vectors(
        store,
        community,
        encoders,
        encoders.wanted,
        keep=False,
        processes=all_processes(),
        progress=lambda done, total: report("vectors", done, total),
    )
    return Night(
        past=past,
        incumbent=incumbent,
        trained_through=manifest.trained_through if manifest else 0,
        prior=rankers.shipped,
        before=before,
        embed=vectors,
        encode=lambda texts: encoders.encode(encoders.wanted, texts, community),
        encoder=encoders.wanted,
        dimension=encoders.load(encoders.wanted).dimension,
        code=code_version(),
        seed=choices.seed,
    )


def _manifest(rankers: Rankers, community: str, served: Ranker) -> Manifest | None:
    if served.version == rankers.shipped.version:
        return None
    return rankers.look_at(community, served.version)


def _about(night: Night) -> dict[str, str]:
    """What a run depends on: with all of it the same, it would end the same."""
    digest = night.past.digests([night.past.end + 2])
    return {"data": next(iter(digest.values())), "mark": night.mark, "served": night.incumbent.version}


def _nothing_new(folder: ModelFolder, night: Night, about: dict[str, str]) -> str:
    """What the last run said, if it would say so again; "" if there is something to do."""
    try:
        last = json.loads((folder.work(night.past.community.id) / LAST).read_bytes())
        same = all(last[key] == value for key, value in about.items())
        return f"Nothing happened since the last run. It said: {last['reason']}" if same else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _note(work: Path, about: dict[str, str], outcome: Outcome) -> None:
    work.mkdir(parents=True, exist_ok=True)
    write_file(work / LAST, json.dumps(about | {"status": outcome.status, "reason": outcome.reason}).encode())


@contextmanager
def _bench(work: Path, dry_run: bool) -> Iterator[StageCache]:
    if dry_run:
        with tempfile.TemporaryDirectory() as aside:
            yield StageCache(Path(aside))
    else:
        yield StageCache(work)


def _manifest_of(rankers: Rankers, night: Night, about: dict[str, str], now: Micros) -> Manifest:
    """What there is to say of the incumbent as it would be made tonight."""
    community, size = night.past.community.id, job.size_of(night.past)
    before = _manifest(rankers, community, night.incumbent)
    return Manifest(
        community=community,
        created=now,
        parent=night.incumbent.version,
        trained_through=night.trained_through,
        data_hash=about["data"],
        code_version=night.code,
        encoder=night.encoder,
        dimension=night.dimension,
        seed=night.seed,
        members=size.members,
        events=size.events,
        metrics=before.metrics if before else (),
    )


def _kept(
    store: Store,
    folder: ModelFolder,
    sequence: int,
    outcome: Outcome,
    manifest: Manifest,
    done: Retrained,
) -> Retrained:
    """The models of the night, kept: what was learnt, also where it was refused, and what is served renewed."""

    def erased() -> Iterator[str]:
        return erased_since(store, manifest.community, sequence)

    if outcome.ranker is not None:
        learnt = replace(
            manifest, trained_through=outcome.trained_through, metrics=outcome.metrics, gates=outcome.gates
        )
        done = replace(done, version=folder.add(outcome.ranker, learnt, erased)[1].version)
    if outcome.renewed is not None:
        renewed = replace(manifest, gates=outcome.renewed_gates)
        done = replace(done, renewed=folder.add(outcome.renewed, renewed, erased)[1].version)
    return done
