"""Bringing a community in from a source: durable batches, resumable, the same end state however often it is run."""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import Any, Literal, TypeAlias

import orjson

from models.archive.container import BadRow, Row
from models.domain.records import (
    KIND_OF,
    Channel,
    Community,
    Consent,
    Identity,
    Invitation,
    Member,
    Message,
    Micros,
    Record,
    Round,
    Visibility,
)
from service.core.errors import CommunityNotFound, InvalidArgument
from service.core.validation import validate_record
from service.importers.frame.source import KnownHandles, Source
from service.store.contract import PutStatus, Store

BATCH = 2000
SHOWN_BAD_ROWS = 100

# Whoever states none of these is known from what they said only.
_STATED = ("profile", "aims", "offers", "seeks", "values", "languages", "place", "availability")
_STRICTEST: tuple[Visibility, ...] = ("private", "members", "community")

Progress: TypeAlias = Callable[[int], None]
ImportConsent: TypeAlias = Literal["organizers", "members"]


@dataclass(slots=True)
class ImportSummary:
    """What became of the rows of a source. Counts are by kind and reach over interrupted runs of the same import.

    `bad_rows` holds the first 100 of `bad`. `consent` counts members written, by the consent they have, and `everyone`
    all members of the community, once the import is done. `consent_kept` have another one than the row says.
    `introduced` are the members whom only other rows name. `late` counts the rows left out because they are at or after
    the time asked for. `resumed_at` rows had been done by earlier runs. Not `written`: it was only looked at.
    """

    read: dict[str, int] = field(default_factory=dict)
    created: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    replaced: dict[str, int] = field(default_factory=dict)
    conflict: dict[str, int] = field(default_factory=dict)
    consent: dict[str, int] = field(default_factory=dict)
    everyone: dict[str, int] = field(default_factory=dict)
    consent_kept: int = 0
    introduced: int = 0
    late: int = 0
    bad: int = 0
    bad_rows: list[BadRow] = field(default_factory=list)
    resumed_at: int = 0
    written: bool = True
    seconds: float = 0.0

    def refuse(self, row: BadRow) -> None:
        """Counts a row that could not be taken."""
        self.bad += 1
        if len(self.bad_rows) < SHOWN_BAD_ROWS:
            self.bad_rows.append(row)


def import_archive(
    store: Store,
    community: str,
    source: Source,
    *,
    until: Micros | None = None,
    consent: ImportConsent = "organizers",
    now: Micros,
    progress: Progress = lambda rows: None,
) -> ImportSummary:
    """Write the rows of `source` into a community, made when it is missing.

    Rows with a time at or after `until` stay out; rows without a time come in. Members who state no consent, and people
    whom only others name, get `consent`. An id that exists with other content stays as it is and counts as a conflict,
    but for what is newer: see `better`. `progress` is called with the rows done so far. A run that was stopped is
    taken up where its last durable batch ended. Rows are refused one by one; only a fault of the store raises.
    """
    started = clock.monotonic()
    _ensure_community(store, community, now)
    job = f"{source.fingerprint()}:{until}:{consent}"
    done, summary = _resume(store.progress(community, job))
    run = _Run(store, community, summary, until, consent, now)
    rows = source.rows(consent, _known_handles(store, community))
    for batch in _batches(islice(rows, done, None)):
        run.write(batch)
        done += len(batch)
        store.put_progress(community, job, _note(done, summary))
        progress(done)
    # A finished import starts afresh next time, so that it also brings back what was deleted since.
    store.put_progress(community, job, "{}")
    summary.everyone = _consents(store, community)
    summary.seconds = clock.monotonic() - started
    return summary


def preview(
    source: Source, *, until: Micros | None = None, consent: ImportConsent = "organizers", now: Micros
) -> ImportSummary:
    """What an import of `source` into an empty community would read and refuse; nothing is written anywhere."""
    started = clock.monotonic()
    summary = ImportSummary(written=False)
    for row in source.rows(consent, {}):
        record = _accepted(row, summary, "preview", until, now)
        if isinstance(record, Member):
            summary.consent[record.consent] = summary.consent.get(record.consent, 0) + 1
    summary.seconds = clock.monotonic() - started
    return summary


class _Run:
    """One pass over the rows: what is the same for every batch, and who is known to exist."""

    def __init__(
        self, store: Store, community: str, summary: ImportSummary, until: Micros | None, consent: Consent, now: Micros
    ) -> None:
        self._store = store
        self._community = community
        self._summary = summary
        self._until = until
        self._consent = consent
        self._now = now
        self._met: set[str] = set()

    def write(self, batch: list[Row | BadRow]) -> None:
        """Writes what is good of a batch in one transaction, and counts."""
        accepted = (_accepted(row, self._summary, self._community, self._until, self._now) for row in batch)
        records = [record for record in accepted if record]
        strangers = self._strangers(records)
        if not records:
            return
        results = self._store.put(self._community, [*strangers, *records])
        for member, result in zip(strangers, results, strict=False):
            if result.status == "created":
                self._summary.introduced += 1
                self._count_consent(member)
        for record, result in zip(records, results[len(strangers) :], strict=True):
            self._count_result(record, result.status)

    def _strangers(self, records: list[Record]) -> list[Member]:
        """Bare members for people whom `records` name and nobody knows; the store's own would not have this consent."""
        self._met.update(record.id for record in records if isinstance(record, Member))
        named = dict.fromkeys(id for record in records for id in _people(record) if id not in self._met)
        self._met.update(named)
        known = self._store.get(self._community, "member", list(named))
        return [Member(id=id, name=id, consent=self._consent) for id in named if id not in known]

    def _count_result(self, record: Record, status: PutStatus) -> None:
        if status == "conflict" and self._settle(record):
            # A community stands bare until its own row comes.
            status = "created" if isinstance(record, Community) else "replaced"
        _count(getattr(self._summary, status), record)
        if isinstance(record, Member) and status in ("created", "unchanged"):
            self._count_consent(record)

    def _count_consent(self, member: Member) -> None:
        self._summary.consent[member.consent] = self._summary.consent.get(member.consent, 0) + 1

    def _settle(self, record: Record) -> bool:
        """Takes what can be taken of a record whose id exists with other content; True when something was."""
        with self._store.write(self._community) as work:
            stored = work.get(KIND_OF[type(record)], [record.id]).get(record.id)
            if stored is None:
                return False
            if _differ_in_consent(stored.record, record):
                self._summary.consent_kept += 1
            newer = better(stored.record, record)
            if newer == stored.record:
                return False
            return work.put([newer], "replace")[0].status == "replaced"


def _accepted(
    row: Row | BadRow, summary: ImportSummary, community: str, until: Micros | None, now: Micros
) -> Record | None:
    """The record of a row, counted; None when it stays out, which is counted too."""
    if isinstance(row, BadRow):
        summary.refuse(row)
        return None
    record = row.record
    _count(summary.read, record)
    time = getattr(record, "time", None)
    if until is not None and time is not None and time >= until:
        summary.late += 1
        return None
    if isinstance(record, Community):
        record = replace(record, id=community)
    try:
        validate_record(record, now)
    except InvalidArgument as error:
        summary.refuse(BadRow(row.file, row.line, error.sentence))
        return None
    return record


# --- what is newer ---------------------------------------------------------------------------------------------------


def better(stored: Record, new: Record) -> Record:
    """What is stored, with what a later import knows better.

    A message that its author edited has the newer words; one whose words this export lost keeps them. A room keeps
    whoever was in it and the narrower visibility. Of a member what was stated here stays; see `_better_member`.
    """
    if isinstance(stored, Community) and stored == Community(id=stored.id):
        return new
    if isinstance(stored, Message) and isinstance(new, Message):
        return _better_message(stored, new)
    if isinstance(stored, Channel) and isinstance(new, Channel):
        visibility = min(stored.visibility, new.visibility, key=_STRICTEST.index)
        members = tuple(dict.fromkeys((*stored.members, *new.members)))
        return replace(stored, name=new.name or stored.name, visibility=visibility, members=members)
    if isinstance(stored, Member) and isinstance(new, Member):
        return _better_member(stored, new)
    return stored


def _better_message(stored: Message, new: Message) -> Message:
    if (stored.author, stored.channel) != (new.author, new.channel) or (stored.text and not new.text):
        return stored
    # Part of a chat may lack what is answered, and whom an @ means.
    mentions = dict.fromkeys((*new.mentions, *(stored.mentions if stored.text == new.text else ())))
    reply_to = new.reply_to or stored.reply_to
    return replace(new, mentions=tuple(mentions), reply_to=reply_to, extra=new.extra or stored.extra)


def _better_member(stored: Member, new: Member) -> Member:
    """Further handles are added. Whoever was known by their messages only gets what a member list says of them."""
    if not _states_nothing(stored):
        if set(new.identities) <= set(stored.identities):
            return stored
        return replace(stored, identities=_united(stored, new), name=_newer_name(stored, new))
    name = _newer_name(stored, new)
    if not set(stored.identities).isdisjoint(new.identities) and new.name not in _no_names(new):
        name = new.name  # the same account goes by another name now
    better = replace(
        stored,
        identities=_united(stored, new),
        name=name,
        time_zone=stored.time_zone or new.time_zone,
    )
    if _states_nothing(new):
        return better
    stated = {name: getattr(new, name) for name in _STATED}
    consent = stored.consent if stored.consent == "nobody" else new.consent
    attributes = new.attributes | stored.attributes
    return replace(better, **stated, consent=consent, attributes=attributes, extra=stored.extra or new.extra)


def _states_nothing(member: Member) -> bool:
    return not any(getattr(member, name) for name in _STATED)


def _differ_in_consent(stored: Record, new: Record) -> bool:
    if not isinstance(stored, Member) or not isinstance(new, Member):
        return False
    return _better_member(stored, new).consent != new.consent


def _united(stored: Member, new: Member) -> tuple[Identity, ...]:
    return tuple(dict.fromkeys((*stored.identities, *new.identities)))


def _newer_name(stored: Member, new: Member) -> str:
    """A name that was only the handle of a platform follows the handle; one that somebody chose stays."""
    return new.name if stored.name in _no_names(stored) and new.name not in ("", new.id) else stored.name


def _no_names(member: Member) -> set[str]:
    """What stands where a name should, while nobody knows one."""
    return {"", member.id, *(identity.handle for identity in member.identities)}


def _people(record: Record) -> Iterable[str]:
    if isinstance(record, Round | Invitation):
        return  # people whom nobody knows take no part in them
    for name in ("author", "source", "target", "member"):
        if id := getattr(record, name, ""):
            yield id
    yield from getattr(record, "mentions", ())
    if KIND_OF[type(record)] == "project":
        yield from getattr(record, "members", ())


def _ensure_community(store: Store, community: str, now: Micros) -> None:
    try:
        store.head(community)
    except CommunityNotFound:
        record = Community(id=community)
        validate_record(record, now)
        store.put(community, [record])


def _known_handles(store: Store, community: str) -> KnownHandles:
    members = (record for record in store.scan(community, "member") if isinstance(record, Member))
    return {(one.platform, one.handle): member.id for member in members for one in member.identities}


def _consents(store: Store, community: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for record in store.scan(community, "member"):
        if isinstance(record, Member):
            counts[record.consent] = counts.get(record.consent, 0) + 1
    return counts


def _batches(rows: Iterator[Row | BadRow]) -> Iterator[list[Row | BadRow]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _count(counts: dict[str, int], record: Record) -> None:
    kind = KIND_OF[type(record)]
    counts[kind] = counts.get(kind, 0) + 1


def _note(done: int, summary: ImportSummary) -> str:
    noted = asdict(summary) | {"bad_rows": [tuple(row) for row in summary.bad_rows]}
    return orjson.dumps({"done": done, "summary": noted}).decode()


def _resume(note: str | None) -> tuple[int, ImportSummary]:
    """How many rows earlier runs have done, and what became of them."""
    noted: dict[str, Any] = orjson.loads(note or "{}")
    if not noted:
        return 0, ImportSummary()
    summary = ImportSummary(**noted["summary"])
    summary.bad_rows = [BadRow(*row) for row in summary.bad_rows]
    summary.resumed_at = noted["done"]
    return noted["done"], summary
