"""Tokens of a community and of its members, and the log of who called."""

from __future__ import annotations

from dataclasses import dataclass

from models.domain.records import KIND_OF, Member
from service.access import member_tokens
from service.access.access import Access
from service.access.audit import Entry
from service.access.caller import USUAL_DAYS, Caller, Quota, Role, calling
from service.access.grants import Grant
from service.core.errors import FailedPrecondition, MemberNotFound, NotFound
from service.core.names import incarnate
from service.store.contract import Store

USUAL_SECONDS = 900
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries with the ids of the members whom each named, newest first; `next` is 0 where there are no more."""

    entries: list[tuple[Entry, list[str]]]
    next: int


def create_token(
    access: Access, community: str, incarnation: str, role: Role, days: int, quota: Quota
) -> tuple[Grant, str]:
    """A new token and its text; `community` "" for every community, `incarnation` as `Store` tells it, `days` 0 for the
    usual 90."""
    return access.grants.create(community, role, days or USUAL_DAYS, quota, incarnation)


def list_tokens(access: Access, community: str | None = None) -> list[Grant]:
    """The tokens of a community, also of those that had its id before it, or all of the folder; oldest first."""
    return [one for one in access.grants.list() if community in (None, one.community)]


def revoke_token(access: Access, id: str) -> Grant:
    """End a token. Raises NotFound."""
    return access.grants.revoke(id)


def tokens_of(store: Store, access: Access, community: str) -> list[Grant]:
    """The tokens of the community into which the call was let; oldest first."""
    which = _incarnation(store, community, calling())
    return [one for one in list_tokens(access, community) if one.incarnation == which]


def revoke_token_of(store: Store, access: Access, community: str, id: str) -> Grant:
    """End a token of the community into which the call was let. Raises NotFound."""
    if id not in {one.id for one in tokens_of(store, access, community)}:
        raise NotFound(f'token "{id[:40]}"')
    return revoke_token(access, id)


def mint_member_token(
    store: Store, access: Access, community: str, member: str, seconds: int, now: int
) -> tuple[str, int]:
    """The text of a token for a member, and until when it counts (microseconds).

    Raises MemberNotFound; FailedPrecondition where nobody is asked for tokens, so that one would mean nothing.
    """
    via = _caller()
    if not store.get(community, KIND_OF[Member], [member]):
        raise MemberNotFound(member)
    expires = min(now + (seconds or USUAL_SECONDS) * _SECOND, via.expires)
    which = _incarnation(store, community, via)
    return member_tokens.mint(access.grants.key(), via, community, which, member, expires), expires


def list_audit(store: Store, access: Access, community: str, member: str, before: int, size: int) -> AuditPage:
    """Who called in a community, before a time (0: now); only calls that named a member if one is given."""
    place = incarnate(community, store.incarnation(community))
    ids = {access.log.mark(place, one.id): one.id for one in store.scan(community, KIND_OF[Member])}
    found: list[tuple[Entry, list[str]]] = []
    if member and member not in ids.values():
        return AuditPage(found, 0)  # of who was erased the log tells nothing, whoever still has their id
    for entry in access.log.read(place, before, member):
        if len(found) == size:
            return AuditPage(found, found[-1][0].at)
        found.append((entry, [ids[mark] for mark in entry.named if mark in ids]))
    return AuditPage(found, 0)


def _incarnation(store: Store, community: str, caller: Caller | None) -> str:
    """Of the community that the call was let into, which may be deleted by now."""
    if caller is None or caller.incarnation is None:
        return store.incarnation(community)
    return caller.incarnation


def _caller() -> Caller:
    found = calling()
    if found is None:
        raise FailedPrecondition("Nobody is asked for a token here, so one for a member would mean nothing")
    return found
