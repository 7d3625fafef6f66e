"""Members: create, read, update, list, erase, import; pauses and suggestions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from models.domain.kinds import MEMBER, SUGGESTION
from models.domain.records import Member, Micros, Need, Suggestion, SuggestionState
from service.application import crud, project_noes
from service.application.batches import BatchResult, put_each
from service.application.crud import Written
from service.core.errors import FailedPrecondition, SuggestionNotFound
from service.store.contract import OnExisting, Snapshot, Store, Stored
from service.store.rooms import open_messages


def create_member(store: Store, community: str, member: Member, *, request_id: str = "") -> Written[Member]:
    """Create a member; see `crud.create`. Raises MemberErased for the id of a person who was erased."""
    with store.write(community) as work:
        return crud.create(work, member, request_id)


def get_member(store: Store, community: str, member: str) -> Stored[Member]:
    """One member. Raises MemberNotFound."""
    return crud.get(store, community, MEMBER, member)


def update_member(
    store: Store, community: str, member: Member, mask: Sequence[str], version: int | None = None
) -> Written[Member]:
    """Set the fields in `mask`; see `crud.update`."""
    with store.write(community) as work:
        return crud.update(work, member, mask, version)


def list_members(store: Store, community: str, after: str = "", size: int = 0) -> crud.Page[Member]:
    """Members by id."""
    return crud.page(store, community, MEMBER, after, size)


def import_members(
    store: Store, community: str, members: Sequence[Member], *, replace_existing: bool = False
) -> BatchResult:
    """Store a batch durably, in one transaction, one result a member in order.

    Rejected with DIFFERENT_CONTENT (unless `replace_existing`), IDENTITY_TAKEN, MEMBER_ERASED or
    ID_MISLEADING.
    """
    with store.write(community) as work:
        on_existing: OnExisting = "replace" if replace_existing else "fail_if_different"
        return put_each(work, members, partial(crud.require_plain_if_new, work), on_existing)


def erase_member(store: Store, community: str, member: str, version: int | None = None) -> int:
    """Forget a person, for good; the revision. Raises MemberNotFound, EtagMismatch."""
    with store.write(community) as work:
        crud.fetch_version(work, MEMBER, member, version)
        project_noes.hand_over(work, member)
        work.erase_member(member)
        return work.revision


def pause_member(store: Store, community: str, member: str, until: Micros | None) -> Written[Member]:
    """Keep a member out of recommendations until a time; None ends a pause. Raises MemberNotFound."""
    return update_member(store, community, Member(id=member, paused_until=until), ["paused_until"])


def list_suggestions(
    store: Store,
    community: str,
    after: str = "",
    size: int = 0,
    *,
    member: str = "",
    state: SuggestionState | None = None,
) -> crud.Page[Suggestion]:
    """Suggestions by id, of everybody or of one member, in any state or in one. Raises MemberNotFound.

    An open one is told for as long as everybody may read what it was read from.
    """
    with store.read(community) as at:
        if member:
            crud.require_members(at, member)
        return crud.page_of_known(at, SUGGESTION, after, size, partial(_told, at), member=member, state=state or "")


def _told(at: Snapshot, found: Sequence[Stored[Suggestion]]) -> list[Stored[Suggestion]]:
    heard = {"", *open_messages(at, [one.record.message for one in found])}
    return [one for one in found if one.record.state != "open" or one.record.message in heard]


def confirm_suggestion(store: Store, community: str, member: str, suggestion: str) -> Written[Suggestion]:
    """Make a suggestion a statement of the member, "" for whoever's it is. Repeating is harmless.

    Raises SuggestionNotFound, and FailedPrecondition when it was struck.
    """
    with store.write(community) as work:
        found = _suggestion(work, member, suggestion)
        if found.state == "struck":
            raise FailedPrecondition(f"{crud.called(found)} was struck")
        crud.change(work, MEMBER, found.member, lambda record: _stating(record, found))
        return crud.put(work, replace(found, state="confirmed"))


def strike_suggestion(store: Store, community: str, member: str, suggestion: str) -> Written[Suggestion]:
    """Refuse a suggestion of the member, "" for whoever's it is, for good. Repeating is harmless.

    Raises SuggestionNotFound, and FailedPrecondition when it was confirmed: by then it is the member's own statement.
    """
    with store.write(community) as work:
        found = _suggestion(work, member, suggestion)
        if found.state == "confirmed":
            raise FailedPrecondition(f"{crud.called(found)} was confirmed")
        return crud.put(work, replace(found, state="struck"))


def _suggestion(at: Snapshot, member: str, suggestion: str) -> Suggestion:
    found = crud.fetch(at, SUGGESTION, suggestion).record
    if member and found.member != member:
        raise SuggestionNotFound(suggestion)
    return found


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
