"""Members: create, read, update, list, erase, import; pauses, merges and suggestions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from models.domain.records import Member, Micros, Need, Record, Suggestion, SuggestionState
from service.application import crud
from service.application.batches import ItemResult, put_each
from service.core.errors import FailedPrecondition, InvalidArgument, MemberNotFound, SuggestionNotFound
from service.store.contract import Store, Stored


def create_member(store: Store, community: str, member: Member, *, request_id: str = "") -> Stored:
    """Create a member; see `shelf.create`. Raises MemberErased for the id of a person who was erased."""
    return crud.create(store, community, member, request_id)


def get_member(store: Store, community: str, member: str) -> Stored:
    """One member. Raises MemberNotFound."""
    return crud.fetch(store, community, "member", member)


def update_member(
    store: Store, community: str, member: Member, mask: Sequence[str], version: int | None = None
) -> Stored:
    """Set the fields in `mask`; see `shelf.update`."""
    return crud.update(store, community, member, mask, version)


def list_members(store: Store, community: str, after: str = "", size: int = 0) -> crud.Page:
    """Members by id."""
    return crud.page(store, community, "member", after, size)


def import_members(
    store: Store, community: str, members: Sequence[Member], *, replace_existing: bool = False
) -> list[ItemResult]:
    """Store a batch durably, in one transaction, one result a member in order.

    Rejected with DIFFERENT_CONTENT (unless `replace_existing`), IDENTITY_TAKEN or MEMBER_ERASED.
    """
    return put_each(store, community, members, on_existing="replace" if replace_existing else "fail_if_different")


def erase_member(store: Store, community: str, member: str, version: int | None = None) -> None:
    """Forget a person, for good. Raises MemberNotFound, EtagMismatch."""
    crud.fetch_version(store, community, "member", member, version)
    if not store.erase_member(community, member):
        raise MemberNotFound(member)


def pause_member(store: Store, community: str, member: str, until: Micros | None) -> Stored:
    """Keep a member out of recommendations until a time; None ends a pause. Raises MemberNotFound."""
    return crud.update(store, community, Member(id=member, paused_until=until), ["paused_until"])


def merge_members(store: Store, community: str, kept: str, merged: str) -> Stored:
    """Make two records of one person one; the kept one as it stands then. Raises MemberNotFound, InvalidArgument."""
    if kept == merged:
        raise InvalidArgument(f'"{kept}"', reason="SAME_MEMBER")
    crud.require_members(store, community, kept, merged)
    if not store.merge_members(community, kept, merged):
        raise MemberNotFound(merged)
    return get_member(store, community, kept)


def list_suggestions(
    store: Store,
    community: str,
    after: str = "",
    size: int = 0,
    *,
    member: str = "",
    state: SuggestionState | None = None,
) -> crud.Page:
    """Suggestions by id, of everybody or of one member, in any state or in one. Raises MemberNotFound."""
    if member:
        crud.require_members(store, community, member)
    return crud.page(store, community, "suggestion", after, size, member=member, state=state or "")


def confirm_suggestion(store: Store, community: str, member: str, suggestion: str) -> Stored:
    """Make a suggestion a statement of the member. Repeating is harmless.

    Raises SuggestionNotFound, and FailedPrecondition when it was struck.
    """
    found = _suggestion(store, community, member, suggestion)
    if found.state == "struck":
        raise FailedPrecondition(f"{crud.called(found)} was struck")
    # The statement first: cut short between the two, the suggestion stays open and confirming again does no harm.
    crud.change(store, community, "member", member, lambda record: _stating(cast(Member, record), found))
    return _decide(store, community, suggestion, "confirmed")


def strike_suggestion(store: Store, community: str, member: str, suggestion: str) -> Stored:
    """Refuse a suggestion for good. Repeating is harmless.

    Raises SuggestionNotFound, and FailedPrecondition when it was confirmed: by then it is the member's own statement.
    """
    found = _suggestion(store, community, member, suggestion)
    if found.state == "confirmed":
        raise FailedPrecondition(f"{crud.called(found)} was confirmed")
    return _decide(store, community, suggestion, "struck")


def _suggestion(store: Store, community: str, member: str, suggestion: str) -> Suggestion:
    found = cast(Suggestion, crud.fetch(store, community, "suggestion", suggestion).record)
    if found.member != member:
        raise SuggestionNotFound(suggestion)
    return found


def _decide(store: Store, community: str, suggestion: str, state: SuggestionState) -> Stored:
    def decided(record: Record) -> Record:
        return replace(cast(Suggestion, record), state=state)

    return crud.change(store, community, "suggestion", suggestion, decided)


def _stating(member: Member, suggestion: Suggestion) -> Member:
    text, need = suggestion.text, Need(suggestion.text, suggestion.kind)
    match suggestion.field:
        case "aims":
            return member if text in member.aims else replace(member, aims=(*member.aims, text))
        case "values":
            return member if text in member.values else replace(member, values=(*member.values, text))
        case "offers":
            return member if need in member.offers else replace(member, offers=(*member.offers, need))
        case "seeks":
            return member if need in member.seeks else replace(member, seeks=(*member.seeks, need))
        case "place":
            return replace(member, place=text)
