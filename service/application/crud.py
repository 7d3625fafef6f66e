"""What every kind of record has in common: create, fetch, update, list, delete; and the errors these raise.

What reads takes a snapshot or a unit of work, what writes a unit of work: use cases open them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice
from typing import Any, Generic

from models.domain.kinds import MEMBER, Kind, R, R_co, kind_of
from models.domain.records import KIND_OF, Community, Invitation, Member, Record, Round
from service.core.errors import (
    AlreadyExists,
    ChannelNotFound,
    CommunityNotFound,
    EtagMismatch,
    InvalidArgument,
    InvitationNotFound,
    MemberErased,
    MemberNotFound,
    MessageNotFound,
    NotFound,
    ProjectNotFound,
    RoundNotFound,
    SuggestionNotFound,
    YiqiError,
)
from service.core.lookalikes import require_plain
from service.store.contract import Snapshot, Store, Stored, UnitOfWork

DEFAULT_PAGE = 50
MAX_PAGE = 1000

_NOT_FOUND: dict[str, type[NotFound]] = {
    "community": CommunityNotFound,
    "member": MemberNotFound,
    "channel": ChannelNotFound,
    "message": MessageNotFound,
    "project": ProjectNotFound,
    "suggestion": SuggestionNotFound,
    "round": RoundNotFound,
    "invitation": InvitationNotFound,
}


@dataclass(frozen=True, slots=True)
class Page(Generic[R_co]):
    """Some records by id; `next` is the id after which the next page begins, "" when this is the last."""

    items: Sequence[Stored[R_co]]
    next: str


@dataclass(frozen=True, slots=True)
class Written(Stored[R_co]):
    """A record as a use case left it, and the position in the log from which on it stands like this."""

    revision: int


def called(record: Record) -> str:
    """The record as the subject of an error's sentence."""
    return f'The {KIND_OF[type(record)]} "{record.id}"'


def get(store: Store, community: str, kind: Kind[R], id: str) -> Stored[R]:
    """As `fetch`, where nothing else is read."""
    with store.read(community) as at:
        return fetch(at, kind, id)


def fetch(at: Snapshot, kind: Kind[R], id: str) -> Stored[R]:
    """One record. Raises the NotFound of its kind."""
    stored = at.get(kind, [id]).get(id)
    if stored is None:
        raise _NOT_FOUND.get(kind, NotFound)(id)
    return stored


def fetch_version(at: Snapshot, kind: Kind[R], id: str, version: int | None) -> Stored[R]:
    """One record in the state that the caller saw. Raises the NotFound of its kind, EtagMismatch."""
    stored = fetch(at, kind, id)
    if version not in (None, stored.version):
        raise EtagMismatch(called(stored.record))
    return stored


def create(work: UnitOfWork, record: R, request_id: str = "") -> Written[R]:
    """Store a new record; one that is there with the same content counts as created.

    With a `request_id` that created it before, the record is returned as it stands by now. Raises AlreadyExists
    (DIFFERENT_CONTENT, IDENTITY_TAKEN, REQUEST_ID_REUSED), MemberErased, and InvalidArgument (ID_MISLEADING).
    """
    kind = kind_of(record)
    if request_id and made_before(work, request_id, f"{kind}/{record.id}"):
        return written(work, fetch(work, kind, record.id))
    require_plain_if_new(work, record)
    [result] = work.put([record])
    if result.status == "conflict":
        raise refusal(work, record)
    if result.record is None:
        raise AlreadyExists(f"{called(record)}, merged into another,")
    return Written(result.record, result.version, work.revision)


def require_plain_if_new(at: Snapshot, record: Record) -> None:
    """Raises InvalidArgument (ID_MISLEADING) for the id of a new record that could be read as another."""
    try:
        require_plain(record.id)
    except InvalidArgument:
        if record.id not in at.get(kind_of(record), [record.id]):
            raise


def made_before(work: UnitOfWork, request_id: str, resource: str) -> bool:
    """Whether a request made a resource before; it is remembered. Raises AlreadyExists where it made another."""
    made = work.remember_request(request_id, resource)
    if made not in (None, resource):
        raise AlreadyExists("another resource", reason="REQUEST_ID_REUSED")
    return made is not None


def written(work: UnitOfWork, stored: Stored[R]) -> Written[R]:
    """A record as a unit of work leaves it that writes nothing more."""
    return Written(stored.record, stored.version, work.revision)


def update(work: UnitOfWork, record: R, mask: Sequence[str], version: int | None = None) -> Written[R]:
    """Set the fields in `mask` (names of the record's fields; ("*",) for all) to those of `record`.

    With `version`, only that version is changed. Raises InvalidArgument (UPDATE_MASK_INVALID), the NotFound of the
    kind, EtagMismatch, AlreadyExists (IDENTITY_TAKEN).
    """
    changes: dict[str, Any] = {name: getattr(record, name) for name in _masked(record, mask)}
    return change(work, kind_of(record), record.id, lambda stored: replace(stored, **changes), version)


def change(work: UnitOfWork, kind: Kind[R], id: str, edit: Callable[[R], R], version: int | None = None) -> Written[R]:
    """Store what `edit` makes of a record.

    Raises the NotFound of the kind, EtagMismatch, AlreadyExists (IDENTITY_TAKEN), and what `edit` raises.
    """
    return put(work, edit(fetch_version(work, kind, id, version).record))


def put(work: UnitOfWork, record: R) -> Written[R]:
    """Store a record in place of what is there. Raises AlreadyExists (IDENTITY_TAKEN), MemberErased."""
    [result] = work.put([record], "replace")
    if result.status == "conflict":
        raise refusal(work, record, replacing=True)
    return Written(result.record or record, result.version, work.revision)


def page(store: Store, community: str, kind: Kind[R], after: str, size: int, **conditions: str) -> Page[R]:
    """Records with id > after that fulfil the conditions of `Snapshot.page`. `size` 0 means 50; more than 1000 counts
    as 1000."""
    with store.read(community) as at:
        return page_at(at, kind, after, size, **conditions)


def page_at(at: Snapshot, kind: Kind[R], after: str, size: int, **conditions: str) -> Page[R]:
    """As `page`, where more is read."""
    limit = limit_of(size)
    return paged(at.page(kind, after, limit + 1, **conditions), limit)


def page_of_known(
    at: Snapshot,
    kind: Kind[R],
    after: str,
    size: int,
    known: Callable[[Sequence[Stored[R]]], Iterable[Stored[R]]],
    **conditions: str,
) -> Page[R]:
    """As `page_at`, of what the reader may know: of some records, `known` gives those. Pages are as full as if nothing
    else were there, so that they tell nothing of it."""
    limit = limit_of(size)

    def found() -> Iterator[Stored[R]]:
        last = after
        while some := at.page(kind, last, MAX_PAGE, **conditions):
            yield from known(some)
            last = some[-1].record.id

    return paged(list(islice(found(), limit + 1)), limit)


def everything(at: Snapshot, kind: Kind[R], **conditions: str) -> Iterator[Stored[R]]:
    """Every record of a kind that fulfils the conditions of `Snapshot.page`, by id, a page at a time."""
    after = ""
    while found := at.page(kind, after, MAX_PAGE, **conditions):
        yield from found
        after = found[-1].record.id


def pages_of_communities(store: Store, after: str, size: int) -> Page[Community]:
    """Communities with id > after; sizes as in `page`."""
    limit = limit_of(size)
    return paged(store.communities(after, limit + 1), limit)


def paged(found: Sequence[Stored[R]], limit: int) -> Page[R]:
    """A page of at most `limit`, out of one more than that when there are more."""
    items = found[:limit]
    return Page(items, items[-1].record.id if len(found) > limit else "")


def delete(work: UnitOfWork, kind: Kind[Record], id: str, version: int | None = None) -> int:
    """Delete a record, in the version given; the revision. Raises the NotFound of the kind, EtagMismatch."""
    fetch_version(work, kind, id, version)
    work.delete(kind, [id])
    return work.revision


def require_members(at: Snapshot, *ids: str) -> None:
    """Raises MemberNotFound for the first id that is no member."""
    known = at.get(MEMBER, ids)
    for id in ids:
        if id not in known:
            raise MemberNotFound(id)


def refusal(work: UnitOfWork, record: Record, *, replacing: bool = False) -> YiqiError:
    """Why the store answered "conflict" to a record that was new, or that was to replace the stored one."""
    for id in _persons(record):
        if work.is_erased(id):
            return MemberErased(id)
    there = record.id in work.get(KIND_OF[type(record)], [record.id])
    if isinstance(record, Member) and (replacing or not there):
        return AlreadyExists(f'A handle of the member "{record.id}"', reason="IDENTITY_TAKEN")
    return AlreadyExists(called(record))


def limit_of(size: int) -> int:
    """How many items a page of this size holds: 50 for 0, at most 1000. Raises InvalidArgument below 0."""
    if size < 0:
        raise InvalidArgument("page_size is negative", reason="OUT_OF_RANGE")
    return min(size or DEFAULT_PAGE, MAX_PAGE)


def _masked(record: Record, mask: Sequence[str]) -> list[str]:
    allowed = [field.name for field in fields(record) if field.name != "id"]
    if list(mask) == ["*"]:
        return allowed
    for path in mask:
        if path not in allowed:
            raise InvalidArgument(f'The field "{path}"', reason="UPDATE_MASK_INVALID")
    return list(mask)


def _persons(record: Record) -> list[str]:
    if isinstance(record, Member):
        return [record.id]
    if isinstance(record, Round | Invitation):
        return list(record.members)
    return [id for name in ("author", "source", "target", "member") if (id := getattr(record, name, ""))]
