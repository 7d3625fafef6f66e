"""The steps of an import: begin it, take its rows in batches, finish it. Each notes how far it came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import orjson

from models.archive.container import BadRow
from models.archive.rooms import rooms_named
from models.domain.kinds import CHANNEL, MEMBER
from models.domain.records import KIND_OF, Channel, Community, Invitation, Member, Message, Micros, Record, Round
from service.application import answers
from service.application.import_newer import better, better_member, united
from service.core.bounds import END_OF_TIME
from service.core.errors import CommunityNotFound, ImportOutOfStep
from service.core.validation import validate_record
from service.store.contract import IMPORT_UNDER_WAY, PutStatus, Store, UnitOfWork

if TYPE_CHECKING:
    from service.importers.frame.source import KnownHandles

SHOWN_BAD_ROWS = 100

ImportConsent: TypeAlias = Literal["organizers", "members"]


@dataclass(slots=True)
class ImportSummary:
    """What became of the rows of a source. Counts are by kind and reach over interrupted runs of the same import.

    `bad_rows` holds the first 100 of `bad`. `consent` counts members written, by the consent they have, and `everyone`
    all members of the community, once the import is done. `consent_kept` have another one than the row says.
    `answers_kept` were changed here since an earlier sheet, or never came from one, and stay so; of those `replaced`
    `answers_taken` have newer answers, and the others further handles or another name.
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
    answers_kept: int = 0
    answers_taken: int = 0
    introduced: int = 0
    late: int = 0
    bad: int = 0
    bad_rows: list[BadRow] = field(default_factory=list)
    resumed_at: int = 0
    written: bool = True
    seconds: float = 0.0

    def count(self, row: Judged) -> None:
        """Counts a row, before it is written."""
        if row.kind:
            add(self.read, row.kind)
        if row.refused:
            self.bad += 1
            if len(self.bad_rows) < SHOWN_BAD_ROWS:
                self.bad_rows.append(BadRow(row.file, row.line, row.refused))
        elif row.record is None:
            self.late += 1


@dataclass(frozen=True, slots=True)
class Judged:
    """A row of a source: its record comes in, or it is refused, and why; with neither it comes too late.

    `kind` is "" where there is no record at all. `answered` is when a member gave these answers in a sign-up sheet, 0
    where it does not say; None for what is of no sheet.
    """

    file: str
    line: int
    kind: str
    record: Record | None = None
    refused: str = ""
    answered: Micros | None = None


class ImportOptions(NamedTuple):
    """How rows are taken: `consent` is that of people who state none; with `replace_changed` answers of a sheet count
    even over what was changed here since; `restores` an export of Yiqi, with whatever times are in it."""

    consent: ImportConsent = "organizers"
    replace_changed: bool = False
    restores: bool = False

    def latest(self, now: Micros) -> Micros:
        """What counts as now when times of rows are checked."""
        return END_OF_TIME if self.restores else now


class Reached(NamedTuple):
    """How many rows of an import are done, and what became of them."""

    done: int
    summary: ImportSummary


def begin_import(store: Store, community: str, import_id: str, now: Micros) -> Reached:
    """How far an import came before, in a community that is made when it is missing."""
    try:
        store.head(community)
    except CommunityNotFound:
        record = Community(id=community)
        validate_record(record, now)
        store.put(community, [record])
    with store.write(community):
        reached = _noted(store, community, import_id)
        reached.summary.resumed_at = reached.done
        store.put_progress(community, IMPORT_UNDER_WAY, import_id)
        _note(store, community, import_id, reached)
    return reached


def known_handles(store: Store, community: str) -> KnownHandles:
    """Who goes by which handle."""
    members = (record for record in store.scan(community, MEMBER) if isinstance(record, Member))
    return {(one.platform, one.handle): member.id for member in members for one in member.identities}


def take_rows(
    store: Store, community: str, import_id: str, first: int, rows: Sequence[Judged], options: ImportOptions
) -> Reached:
    """Write rows, the `first` of which has this number from 0, and note how far the import came, in one transaction.

    Rows that are done already are passed over. People whom only these rows name get the consent of the options. Raises
    ImportOutOfStep when rows before these are missing, CommunityNotFound.
    """
    with store.write(community) as work:
        done, summary = _noted(store, community, import_id)
        if first > done:
            raise ImportOutOfStep(f"row {done}")
        fresh = rows[done - first :]
        if fresh:
            _Batch(work, summary, options).write(fresh)
            done += len(fresh)
            _note(store, community, import_id, Reached(done, summary))
    return Reached(done, summary)


def finish_import(store: Store, community: str, import_id: str) -> dict[str, int]:
    """Members of the community by consent. The next import of the same begins afresh, so that it also brings back what
    was deleted since."""
    with store.write(community):
        store.put_progress(community, import_id, "{}")
        store.put_progress(community, IMPORT_UNDER_WAY, "")
    counts: dict[str, int] = {}
    for record in store.scan(community, MEMBER):
        if isinstance(record, Member):
            add(counts, record.consent)
    return counts


class _Batch:
    """Writes rows in an open transaction, and counts what becomes of them."""

    def __init__(self, work: UnitOfWork, summary: ImportSummary, options: ImportOptions) -> None:
        self._work = work
        self._summary = summary
        self._options = options

    def write(self, rows: Sequence[Judged]) -> None:
        for row in rows:
            self._summary.count(row)
        self._answered = {row.record.id: row.answered for row in rows if row.record and row.answered is not None}
        records = [row.record for row in rows if row.record is not None]
        self._work.put(self._rooms(records))
        strangers = self._strangers(records)
        results = self._work.put([*strangers, *records])
        for member, result in zip(strangers, results, strict=False):
            if result.status == "created":
                self._summary.introduced += 1
                add(self._summary.consent, member.consent)
        for record, result in zip(records, results[len(strangers) :], strict=True):
            self._count(record, result.status)
        self._note_answers(record for record in records if isinstance(record, Member))

    def _rooms(self, records: Sequence[Record]) -> list[Channel]:
        """Open channels for rooms that messages name and nobody states: an import says that it may be read."""
        messages = [record for record in records if isinstance(record, Message)]
        met = {record.id for record in records if isinstance(record, Channel)}
        known = self._work.get(CHANNEL, sorted({message.channel for message in messages} - {""} - met))
        return rooms_named(messages, {*met, *known})

    def _strangers(self, records: Sequence[Record]) -> list[Member]:
        """Bare members for people whom `records` name and nobody knows; the store's own would not have this consent."""
        met = {record.id for record in records if isinstance(record, Member)}
        named = dict.fromkeys(id for record in records for id in _people(record) if id not in met)
        known = self._work.get(MEMBER, list(named))
        return [Member(id=id, name=id, consent=self._options.consent) for id in named if id not in known]

    def _count(self, record: Record, status: PutStatus) -> None:
        if status == "conflict" and self._settle(record):
            # A community stands bare until its own row comes.
            status = "created" if isinstance(record, Community) else "replaced"
        add(getattr(self._summary, status), KIND_OF[type(record)])
        if isinstance(record, Member) and status in ("created", "unchanged"):
            add(self._summary.consent, record.consent)

    def _settle(self, record: Record) -> bool:
        """Takes what can be taken of a record whose id exists with other content; True when something was."""
        stored = self._work.get(KIND_OF[type(record)], [record.id]).get(record.id)
        if stored is None:
            return False
        newer = self._newer(stored.record, record)
        if isinstance(newer, Member) and isinstance(record, Member):
            self._summary.consent_kept += newer.consent != record.consent
        if newer == stored.record or self._work.put([newer], "replace")[0].status != "replaced":
            return False
        self._summary.answers_taken += isinstance(newer, Member) and answers.differ(newer, stored.record)
        return True

    def _newer(self, stored: Record, new: Record) -> Record:
        time = self._answered.get(new.id)
        if time is None or not (isinstance(stored, Member) and isinstance(new, Member)):
            return better(stored, new)
        before = answers.read(self._work.answers([new.id])[new.id])
        if self._options.replace_changed:
            before = before or answers.Answered(0, {})
        if before is None:
            newer = better_member(stored, new)
        else:
            known = replace(stored, identities=united(stored, new))
            newer = answers.answered_again(known, new, before, time, over_changes=self._options.replace_changed)
        self._summary.answers_kept += answers.unlike(newer, new) and (before is None or time >= before.time)
        return newer

    def _note_answers(self, members: Iterable[Member]) -> None:
        """Remember what the sheet said of these, unless a newer one said something."""
        said = {one.id: one for one in members if one.id in self._answered}
        before = {id: answers.read(note) for id, note in self._work.answers(list(said)).items()}
        newer = [id for id, was in before.items() if was is None or self._answered[id] >= was.time]
        self._work.note_answers({id: answers.noted(said[id], self._answered[id]) for id in newer})


def _people(record: Record) -> Iterable[str]:
    if isinstance(record, Round | Invitation):
        return  # people whom nobody knows take no part in them
    for name in ("author", "source", "target", "member"):
        if id := getattr(record, name, ""):
            yield id
    yield from getattr(record, "mentions", ())
    if KIND_OF[type(record)] == "project":
        yield from getattr(record, "members", ())


def add(counts: dict[str, int], what: str) -> None:
    """One more of it."""
    counts[what] = counts.get(what, 0) + 1


def _note(store: Store, community: str, import_id: str, reached: Reached) -> None:
    noted = asdict(reached.summary) | {"bad_rows": [tuple(row) for row in reached.summary.bad_rows]}
    store.put_progress(community, import_id, orjson.dumps({"done": reached.done, "summary": noted}).decode())


def _noted(store: Store, community: str, import_id: str) -> Reached:
    noted: dict[str, Any] = orjson.loads(store.progress(community, import_id) or "{}")
    if not noted:
        return Reached(0, ImportSummary())
    summary = ImportSummary(**noted["summary"])
    summary.bad_rows = [BadRow(*row) for row in summary.bad_rows]
    return Reached(noted["done"], summary)
