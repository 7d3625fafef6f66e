"""Bringing a community in from a source: durable batches, resumable, the same end state however often it is run."""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Protocol, TypeAlias

from models.archive.container import BadRow, Row
from models.domain.records import KIND_OF, Community, Member, Micros
from service.application import import_steps as steps
from service.application.import_steps import ImportConsent, ImportOptions, ImportSummary, Judged, Reached, add
from service.core.errors import InvalidArgument
from service.core.validation import validate_record
from service.importers.frame.source import KnownHandles, Source
from service.store.contract import Store

__all__ = [
    "ImportConsent",
    "ImportOptions",
    "ImportSummary",
    "StoreTarget",
    "Target",
    "import_archive",
    "import_into",
    "preview",
]

BATCH = 2000

Progress: TypeAlias = Callable[[int], None]


class Target(Protocol):
    """Where an import goes: a community in a store, or on a server. See `import_steps`."""

    @property
    def community(self) -> str:
        """The id of the community."""

    def begin(self, import_id: str, now: Micros) -> Reached:
        """How far the import came before."""

    def known_handles(self) -> KnownHandles:
        """Who goes by which handle."""

    def take(self, import_id: str, first: int, rows: Sequence[Judged], options: ImportOptions) -> Reached:
        """Write rows durably."""

    def finish(self, import_id: str) -> dict[str, int]:
        """Members of the community by consent."""


class StoreTarget:
    """The steps, called here."""

    def __init__(self, store: Store, community: str) -> None:
        self.store = store
        self.community = community

    def begin(self, import_id: str, now: Micros) -> Reached:
        """See `Target.begin`."""
        return steps.begin_import(self.store, self.community, import_id, now)

    def known_handles(self) -> KnownHandles:
        """See `Target.known_handles`."""
        return steps.known_handles(self.store, self.community)

    def take(self, import_id: str, first: int, rows: Sequence[Judged], options: ImportOptions) -> Reached:
        """See `Target.take`."""
        return steps.take_rows(self.store, self.community, import_id, first, rows, options)

    def finish(self, import_id: str) -> dict[str, int]:
        """See `Target.finish`."""
        return steps.finish_import(self.store, self.community, import_id)


def import_archive(
    store: Store,
    community: str,
    source: Source,
    *,
    until: Micros | None = None,
    consent: ImportConsent = "organizers",
    replace_changed: bool = False,
    now: Micros,
    progress: Progress = lambda rows: None,
) -> ImportSummary:
    """`import_into` a community of a store."""
    options = ImportOptions(consent, replace_changed)
    return import_into(StoreTarget(store, community), source, until=until, options=options, now=now, progress=progress)


def import_into(
    target: Target,
    source: Source,
    *,
    until: Micros | None = None,
    options: ImportOptions,
    now: Micros,
    progress: Progress = lambda rows: None,
) -> ImportSummary:
    """Write the rows of `source` into a community, made when it is missing.

    Rows with a time at or after `until` stay out; rows without a time come in. An id that exists with other content
    stays as it is and counts as a conflict, but for what is newer: see `import_newer`, and for answers of a sheet
    `answers`. `progress` is called with the rows done so far. A run that was stopped is taken up where its last durable
    batch ended. Rows are refused one by one; only a fault of the target raises.
    """
    started = clock.monotonic()
    import_id = f"{source.fingerprint()}:{until}:{options.consent}" + (":replace" if options.replace_changed else "")
    done, summary = target.begin(import_id, now)
    options = options._replace(restores=source.restores)
    judge = partial(_judged, target.community, source, until, options.latest(now))
    rows = islice(source.rows(options.consent, target.known_handles()), done, None)
    for batch in _batches(map(judge, rows)):
        done, summary = target.take(import_id, done, batch, options)
        progress(done)
    summary.everyone = target.finish(import_id)
    summary.seconds = clock.monotonic() - started
    return summary


def preview(
    source: Source, *, until: Micros | None = None, consent: ImportConsent = "organizers", now: Micros
) -> ImportSummary:
    """What an import of `source` into an empty community would read and refuse; nothing is written anywhere."""
    started = clock.monotonic()
    summary = ImportSummary(written=False)
    for row in source.rows(consent, {}):
        judged = _judged("preview", source, until, ImportOptions(restores=source.restores).latest(now), row)
        summary.count(judged)
        if isinstance(judged.record, Member):
            add(summary.consent, judged.record.consent)
    summary.seconds = clock.monotonic() - started
    return summary


def _judged(community: str, source: Source, until: Micros | None, now: Micros, row: Row | BadRow) -> Judged:
    """Whether a row comes in."""
    if isinstance(row, BadRow):
        return Judged(row.file, row.line, "", refused=row.reason)
    record, kind = row.record, KIND_OF[type(row.record)]
    time: Micros | None = getattr(record, "time", None)
    if until is not None and time is not None and time >= until:
        return Judged(row.file, row.line, kind)
    if isinstance(record, Community):
        record = replace(record, id=community)
    try:
        validate_record(record, now)
    except InvalidArgument as error:
        return Judged(row.file, row.line, kind, refused=error.sentence)
    answered = source.answered.get(record.id) if source.answered and isinstance(record, Member) else None
    return Judged(row.file, row.line, kind, record, answered=answered)


def _batches(rows: Iterator[Judged]) -> Iterator[list[Judged]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
