"""What every kind of record has in common: create, fetch, update, list, delete; and the errors these raise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from models.domain.records import KIND_OF, Invitation, Member, Record, Round
from service.core.errors import (
    Aborted,
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
from service.store.contract import Store, Stored

DEFAULT_PAGE = 50
MAX_PAGE = 1000
_ATTEMPTS = 20

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
class Page:
    """Some records by id; `next` is the id after which the next page begins, "" when this is the last."""

    items: list[Stored]
    next: str


def called(record: Record) -> str:
    """The record as the subject of an error's sentence."""
    return f'The {KIND_OF[type(record)]} "{record.id}"'


def fetch(store: Store, community: str, kind: str, id: str) -> Stored:
    """One record. Raises the NotFound of its kind."""
    stored = store.get(community, kind, [id]).get(id)
    if stored is None:
        raise _NOT_FOUND.get(kind, NotFound)(id)
    return stored


def fetch_version(store: Store, community: str, kind: str, id: str, version: int | None) -> Stored:
    """One record in the state that the caller saw. Raises the NotFound of its kind, EtagMismatch."""
    stored = fetch(store, community, kind, id)
    if version not in (None, stored.version):
        raise EtagMismatch(called(stored.record))
    return stored


def create(store: Store, community: str, record: Record, request_id: str = "") -> Stored:
    """Store a new record; one that is there with the same content counts as created.

    With a `request_id` that created it before, the record is returned as it stands by now. Raises AlreadyExists
    (DIFFERENT_CONTENT, IDENTITY_TAKEN, REQUEST_ID_REUSED) and MemberErased.
    """
    kind = KIND_OF[type(record)]
    if request_id and _made_before(store, community, request_id, f"{kind}/{record.id}"):
        return fetch(store, community, kind, record.id)
    if store.put(community, [record])[0].status == "conflict":
        raise refusal(store, community, record)
    stored = store.get(community, kind, [record.id]).get(record.id)
    if stored is None:
        raise AlreadyExists(f"{called(record)}, merged into another,")
    if request_id:
        store.remember_request(community, request_id, f"{kind}/{record.id}")
    return stored


def update(store: Store, community: str, record: Record, mask: Sequence[str], version: int | None = None) -> Stored:
    """Set the fields in `mask` (names of the record's fields; ("*",) for all) to those of `record`.

    With `version`, only that version is changed. Raises InvalidArgument (UPDATE_MASK_INVALID), the NotFound of the
    kind, EtagMismatch, AlreadyExists (IDENTITY_TAKEN).
    """
    names = _masked(record, mask)
    changes: dict[str, Any] = {name: getattr(record, name) for name in names}
    kind = KIND_OF[type(record)]
    return change(store, community, kind, record.id, lambda stored: replace(stored, **changes), version)


def change(
    store: Store, community: str, kind: str, id: str, edit: Callable[[Record], Record], version: int | None = None
) -> Stored:
    """Store what `edit` makes of a record, starting over when somebody else changes it meanwhile.

    Raises the NotFound of the kind, EtagMismatch, AlreadyExists (IDENTITY_TAKEN), Aborted, and what `edit` raises.
    """
    for _ in range(_ATTEMPTS):
        stored = fetch_version(store, community, kind, id, version)
        edited = edit(stored.record)
        result = store.replace(community, edited, stored.version)
        if result is None:
            continue
        if result.status != "conflict":
            return fetch(store, community, kind, id)
        if result.version == stored.version:
            raise refusal(store, community, edited, replacing=True)
    raise Aborted(f'The {kind} "{id}"')


def page(store: Store, community: str, kind: str, after: str, size: int, *, member: str = "", state: str = "") -> Page:
    """Records with id > after. `size` 0 means 50; more than 1000 counts as 1000."""
    limit = limit_of(size)
    return paged(store.page(community, kind, after, limit + 1, member=member, state=state), limit)


def everything(store: Store, community: str, kind: str, **conditions: str) -> Iterator[Stored]:
    """Every record of a kind that fulfils the conditions of `Store.page`, by id, a page at a time."""
    after = ""
    while found := store.page(community, kind, after, MAX_PAGE, **conditions):
        yield from found
        after = found[-1].record.id


def pages_of_communities(store: Store, after: str, size: int) -> Page:
    """Communities with id > after; sizes as in `page`."""
    limit = limit_of(size)
    return paged(store.communities(after, limit + 1), limit)


def paged(found: list[Stored], limit: int) -> Page:
    """A page of at most `limit`, out of one more than that when there are more."""
    items = found[:limit]
    return Page(items, items[-1].record.id if len(found) > limit else "")


def delete(store: Store, community: str, kind: str, id: str, version: int | None = None) -> None:
    """Delete a record, in the version given. Raises the NotFound of the kind, EtagMismatch."""
    fetch_version(store, community, kind, id, version)
    store.delete(community, kind, [id])


def require_members(store: Store, community: str, *ids: str) -> None:
    """Raises MemberNotFound for the first id that is no member."""
    known = store.get(community, "member", ids)
    for id in ids:
        if id not in known:
            raise MemberNotFound(id)


def refusal(store: Store, community: str, record: Record, *, replacing: bool = False) -> YiqiError:
    """Why the store answered "conflict" to a record that was new, or that was to replace the stored one."""
    for id in _persons(record):
        if store.is_erased(community, id):
            return MemberErased(id)
    there = record.id in store.get(community, KIND_OF[type(record)], [record.id])
    if isinstance(record, Member) and (replacing or not there):
        return AlreadyExists(f'A handle of the member "{record.id}"', reason="IDENTITY_TAKEN")
    return AlreadyExists(called(record))


def limit_of(size: int) -> int:
    """How many items a page of this size holds: 50 for 0, at most 1000. Raises InvalidArgument below 0."""
    if size < 0:
        raise InvalidArgument("page_size is negative", reason="OUT_OF_RANGE")
    return min(size or DEFAULT_PAGE, MAX_PAGE)


def _made_before(store: Store, community: str, request_id: str, resource: str) -> bool:
    made = store.seen_request(community, request_id)
    if made not in (None, resource):
        raise AlreadyExists("another resource", reason="REQUEST_ID_REUSED")
    return made is not None


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
