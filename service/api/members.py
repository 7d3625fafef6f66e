"""MemberService: people, and what Yiqi suggests to add to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import cast

from grpc import ServicerContext
from yiqi.v1 import member_pb2 as pb
from yiqi.v1 import member_pb2_grpc

from models.domain.records import Member, Micros, Suggestion, SuggestionState
from service.api import enums, paging
from service.api.batching import Batches, one_community
from service.api.codec import member_message, member_record, micros, suggestion_message, timestamp, version
from service.api.masks import masked_fields
from service.application import blocks as block_usecase
from service.application import identities, merges
from service.application import members as usecase
from service.application.batches import BatchResult
from service.core.names import child_name, child_of, community_of, id_within, split
from service.store.contract import Store, Stored

_EVERYBODY = "-"


class MemberServicer(member_pb2_grpc.MemberServiceServicer):
    """Unpacks, calls `service.application.members`, `merges` or `blocks`, packs."""

    def __init__(self, store: Store, clock: Callable[[], Micros]) -> None:
        self._store = store
        self._clock = clock

    def CreateMember(self, request: pb.CreateMemberRequest, context: ServicerContext) -> pb.CreateMemberResponse:
        community = community_of(request.parent)
        record = member_record(request.member, request.member_id)
        stored = usecase.create_member(self._store, community, record, request_id=request.request_id)
        return pb.CreateMemberResponse(member=_message(stored, community), sequence=stored.revision)

    def GetMember(self, request: pb.GetMemberRequest, context: ServicerContext) -> pb.GetMemberResponse:
        community, member = child_of(request.name, "members")
        return pb.GetMemberResponse(member=_message(usecase.get_member(self._store, community, member), community))

    def UpdateMember(self, request: pb.UpdateMemberRequest, context: ServicerContext) -> pb.UpdateMemberResponse:
        changes = request.member
        community, member = child_of(changes.name, "members", "member.name")
        mask = masked_fields(changes, request.update_mask)
        record = member_record(changes, member)
        stored = usecase.update_member(self._store, community, record, mask, version(changes.etag))
        return pb.UpdateMemberResponse(member=_message(stored, community), sequence=stored.revision)

    def ListMembers(self, request: pb.ListMembersRequest, context: ServicerContext) -> pb.ListMembersResponse:
        community = community_of(request.parent)
        scope = ("ListMembers", community)
        after = paging.after(request.page_token, *scope)
        page = usecase.list_members(self._store, community, after, paging.size(request.page_size))
        return pb.ListMembersResponse(
            members=[_message(stored, community) for stored in page.items],
            next_page_token=paging.token(page.next, *scope),
        )

    def FindMembers(self, request: pb.FindMembersRequest, context: ServicerContext) -> pb.FindMembersResponse:
        community = community_of(request.parent)
        found = identities.find_members(self._store, community, request.text, request.platform)
        return pb.FindMembersResponse(
            members=[
                pb.FoundMember(member=_message(stored, community), found_by=cast(pb.FoundBy, enums.FOUND_BY.number(by)))
                for stored, by in found
            ]
        )

    def ListLikelyDuplicates(
        self, request: pb.ListLikelyDuplicatesRequest, context: ServicerContext
    ) -> pb.ListLikelyDuplicatesResponse:
        community = community_of(request.parent)
        return pb.ListLikelyDuplicatesResponse(
            duplicates=[
                pb.LikelyDuplicate(
                    first=_message(one.first, community),
                    second=_message(one.second, community),
                    reason=one.reason,
                )
                for one in identities.likely_duplicates(self._store, community)
            ]
        )

    def DeleteMember(self, request: pb.DeleteMemberRequest, context: ServicerContext) -> pb.DeleteMemberResponse:
        community, member = child_of(request.name, "members")
        revision = usecase.erase_member(self._store, community, member, version(request.etag))
        return pb.DeleteMemberResponse(sequence=revision)

    def ImportMembers(
        self, requests: Iterator[pb.ImportMembersRequest], context: ServicerContext
    ) -> pb.ImportMembersResponse:
        community, replace_existing = "", False

        def read(message: pb.Member) -> Member:
            return member_record(message, child_within(message, community))

        def store(records: Sequence[Member]) -> BatchResult:
            return usecase.import_members(self._store, community, records, replace_existing=replace_existing)

        batches = Batches(read, store, self._clock)
        for request in requests:
            if not community:
                community = one_community(community, request.parent)
                replace_existing = request.replace_existing
                batches.revision = self._store.head(community)
            one_community(community, request.parent)
            batches.take(request.members, [item.name for item in request.members])
        one_community(community, "")
        return pb.ImportMembersResponse(summary=batches.summary(), sequence=batches.revision)

    def BlockMember(self, request: pb.BlockMemberRequest, context: ServicerContext) -> pb.BlockMemberResponse:
        community, member = child_of(request.name, "members")
        blocked = id_within(request.blocked_member, community, "members", "blocked_member")
        revision = block_usecase.block_member(self._store, community, member, blocked, self._clock())
        return pb.BlockMemberResponse(sequence=revision)

    def UnblockMember(self, request: pb.UnblockMemberRequest, context: ServicerContext) -> pb.UnblockMemberResponse:
        community, member = child_of(request.name, "members")
        blocked = id_within(request.blocked_member, community, "members", "blocked_member")
        revision = block_usecase.unblock_member(self._store, community, member, blocked)
        return pb.UnblockMemberResponse(sequence=revision)

    def PauseMember(self, request: pb.PauseMemberRequest, context: ServicerContext) -> pb.PauseMemberResponse:
        community, member = child_of(request.name, "members")
        until = micros(request.until) if request.HasField("until") else None
        stored = usecase.pause_member(self._store, community, member, until)
        return pb.PauseMemberResponse(member=_message(stored, community), sequence=stored.revision)

    def MergeMembers(self, request: pb.MergeMembersRequest, context: ServicerContext) -> pb.MergeMembersResponse:
        community, member = child_of(request.name, "members")
        merged = id_within(request.merged_member, community, "members", "merged_member")
        stored = merges.merge_members(self._store, community, member, merged)
        return pb.MergeMembersResponse(member=_message(stored, community), sequence=stored.revision)

    def ListMerges(self, request: pb.ListMergesRequest, context: ServicerContext) -> pb.ListMergesResponse:
        community = community_of(request.parent)
        listed = merges.list_merges(self._store, community)
        return pb.ListMergesResponse(merges=[_merge(one, community) for one in listed])

    def UndoMerge(self, request: pb.UndoMergeRequest, context: ServicerContext) -> pb.UndoMergeResponse:
        community, member = child_of(request.name, "members")
        undone = merges.undo_merge(self._store, community, member)
        return pb.UndoMergeResponse(
            member=_message(undone.restored, community),
            kept_member=_message(undone.kept, community),
            sequence=undone.revision,
        )

    def ListSuggestions(
        self, request: pb.ListSuggestionsRequest, context: ServicerContext
    ) -> pb.ListSuggestionsResponse:
        community, member = child_of(request.parent, "members", "parent")
        state = cast(SuggestionState | None, enums.SUGGESTION_STATE.word(request.state) or None)
        scope = ("ListSuggestions", community, member, state or "")
        page = usecase.list_suggestions(
            self._store,
            community,
            paging.after(request.page_token, *scope),
            paging.size(request.page_size),
            member="" if member == _EVERYBODY else member,
            state=state,
        )
        return pb.ListSuggestionsResponse(
            suggestions=[_suggestion(stored, community) for stored in page.items],
            next_page_token=paging.token(page.next, *scope),
        )

    def ConfirmSuggestion(
        self, request: pb.ConfirmSuggestionRequest, context: ServicerContext
    ) -> pb.ConfirmSuggestionResponse:
        community, member, suggestion = _suggestion_ids(request.name)
        stored = usecase.confirm_suggestion(self._store, community, member, suggestion)
        return pb.ConfirmSuggestionResponse(suggestion=_suggestion(stored, community), sequence=stored.revision)

    def StrikeSuggestion(
        self, request: pb.StrikeSuggestionRequest, context: ServicerContext
    ) -> pb.StrikeSuggestionResponse:
        community, member, suggestion = _suggestion_ids(request.name)
        stored = usecase.strike_suggestion(self._store, community, member, suggestion)
        return pb.StrikeSuggestionResponse(suggestion=_suggestion(stored, community), sequence=stored.revision)


def child_within(message: pb.Member, community: str) -> str:
    """The id of an imported member, whose name is required. Raises InvalidArgument."""
    child_of(message.name, "members")
    return id_within(message.name, community, "members", "name")


def _suggestion_ids(name: str) -> tuple[str, str, str]:
    community, member, suggestion = split(name, ("communities", "members", "suggestions"), "name")
    return community, "" if member == _EVERYBODY else member, suggestion


def _message(stored: Stored[Member], community: str) -> pb.Member:
    return member_message(stored.record, community, stored.version)


def _merge(listed: merges.Undoable, community: str) -> pb.Merge:
    merge, later = listed.merge, listed.later
    merged = member_message(merge.merged, community, 0)
    merged.ClearField("etag")
    return pb.Merge(
        kept_member=child_name(community, "members", merge.kept),
        merged_member=merged,
        time=timestamp(merge.time),
        later_merged_member=child_name(community, "members", later.merged.id if later else ""),
    )


def _suggestion(stored: Stored[Suggestion], community: str) -> pb.Suggestion:
    return suggestion_message(stored.record, community)
