"""InvitationService: what members see of people they are brought together with, and what they say to it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from itertools import islice
from typing import cast

from grpc import ServicerContext
from yiqi.v1 import invitation_pb2 as pb
from yiqi.v1 import invitation_pb2_grpc

from models.community.view import Community
from models.domain.invitations import Due, Seen
from models.domain.kinds import MEMBER
from models.domain.records import FollowUp, Invitation, InvitationSource, Micros
from models.domain.requests import Language
from models.rounds.texts import texts
from service.api import enums, paging
from service.api.codec import micros, timestamp
from service.api.round_messages import invitation_message, seen_message
from service.application import answering, crud
from service.application import invitations as usecase
from service.application.contact_quota import Configured
from service.core.errors import InvalidArgument
from service.core.names import child_name, child_of, community_of, id_within
from service.store.contract import Store
from service.texts import fitted


class InvitationServicer(invitation_pb2_grpc.InvitationServiceServicer):
    """Unpacks, calls `service.application.invitations`, packs."""

    def __init__(self, store: Store, runtime: Configured, clock: Callable[[], Micros]) -> None:
        self._store = store
        self._runtime = runtime
        self._clock = clock

    def ListInvitations(
        self, request: pb.ListInvitationsRequest, context: ServicerContext
    ) -> pb.ListInvitationsResponse:
        community = community_of(request.parent)
        member = id_within(request.member, community, "members", "member")
        source = cast(InvitationSource, enums.INVITATION_SOURCE.word(request.source))
        state = enums.INVITATION_STATE.word(request.state)
        scope = ("ListInvitations", community, member, source, request.ref, state)
        if member:
            crud.get(self._store, community, MEMBER, member)
        page = usecase.list_invitations(
            self._store,
            community,
            paging.after(request.page_token, *scope),
            paging.size(request.page_size),
            member=member,
            source=source,
            ref=request.ref,
            state=state,
        )
        found = [stored.record for stored in page.items]
        return pb.ListInvitationsResponse(
            invitations=self._as_seen(community, found, member),
            next_page_token=paging.token(page.next, *scope),
        )

    def ReplyToInvitation(
        self, request: pb.ReplyToInvitationRequest, context: ServicerContext
    ) -> pb.ReplyToInvitationResponse:
        community, invitation = child_of(request.name, "invitations")
        member = id_within(request.member, community, "members", "member")
        said = answering.reply(self._store, self._runtime, community, invitation, member, request.accept, self._clock())
        return pb.ReplyToInvitationResponse(invitation=_told(said.seen, community), sequence=said.revision)

    def AnswerFollowUp(self, request: pb.AnswerFollowUpRequest, context: ServicerContext) -> pb.AnswerFollowUpResponse:
        community, invitation = child_of(request.name, "invitations")
        member = id_within(request.member, community, "members", "member")
        answer = cast(FollowUp, enums.FOLLOW_UP.word(request.answer))
        if not answer:
            raise InvalidArgument("answer", reason="FIELD_REQUIRED")
        time = micros(request.time) if request.HasField("time") else None
        said = answering.follow_up(
            self._store, self._runtime, community, invitation, member, answer, self._clock(), time
        )
        return pb.AnswerFollowUpResponse(
            invitation=_told(said.seen, community), outcomes=said.outcomes, sequence=said.revision
        )

    def RenewInvitation(
        self, request: pb.RenewInvitationRequest, context: ServicerContext
    ) -> pb.RenewInvitationResponse:
        community, invitation = child_of(request.name, "invitations")
        member = id_within(request.member, community, "members", "member")
        said = answering.renew(self._store, community, invitation, member, request.stay, self._clock())
        return pb.RenewInvitationResponse(invitation=_told(said.seen, community), sequence=said.revision)

    def ListDue(self, request: pb.ListDueRequest, context: ServicerContext) -> pb.ListDueResponse:
        community = community_of(request.parent)
        member = id_within(request.member, community, "members", "member")
        source = cast(InvitationSource, enums.INVITATION_SOURCE.word(request.source))
        scope = ("ListDue", community, member, source, request.ref)
        start, size = paging.offset(request.page_token, *scope), paging.size(request.page_size)
        due = usecase.due(
            self._store, self._runtime, community, self._clock(), member=member, source=source, ref=request.ref
        )
        with closing(due):
            found = list(islice(due, start, start + size + 1))
        view = self._runtime.view(community)
        language = cast(Language, enums.LANGUAGE.word(request.language))
        return pb.ListDueResponse(
            due=[_due(one, view, community, language) for one in found[:size]],
            next_page_token=paging.token(str(start + size), *scope) if len(found) > size else "",
        )

    def _as_seen(self, community: str, found: list[Invitation], member: str) -> list[pb.Invitation]:
        if not member:
            return [invitation_message(one, community) for one in found]
        with self._store.read(community) as at:
            sight = usecase.Sight(at)
            seen = [sight.of(one, member) for one in found]
        return [seen_message(one, community) for one in seen if one is not None]


def _told(seen: Seen | None, community: str) -> pb.Invitation | None:
    return None if seen is None else seen_message(seen, community)


def _due(due: Due, view: Community, community: str, otherwise: Language) -> pb.Due:
    language = texts.reader_language(view, due.member, otherwise)
    ask = texts.renewal if due.kind == "renewal" else texts.follow_up
    members = due.invitation.members
    return pb.Due(
        kind=enums.DUE_KIND.number(due.kind),  # type: ignore[arg-type]
        invitation=child_name(community, "invitations", due.invitation.id),
        member=child_name(community, "members", due.member),
        since=timestamp(due.since),
        text=fitted(ask(view, members, due.member), language),
        source=enums.INVITATION_SOURCE.number(due.invitation.source),  # type: ignore[arg-type]
        ref=due.invitation.ref,
        others=[child_name(community, "members", member) for member in members if member != due.member],
    )
