"""AccessService: tokens, and who used them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import cast

from grpc import ServicerContext
from yiqi.v1 import access_pb2 as pb
from yiqi.v1 import access_pb2_grpc

from models.domain.records import Micros
from service.access.access import Access
from service.access.audit import Entry
from service.access.caller import Quota, Role
from service.access.grants import Grant
from service.api import enums, paging
from service.api.codec import timestamp
from service.application import access as usecase
from service.core.errors import FailedPrecondition, InvalidArgument
from service.core.names import child_name, child_of, community_of, id_within
from service.store.contract import Store


class AccessServicer(access_pb2_grpc.AccessServiceServicer):
    """Unpacks, calls `service.application.access`, packs."""

    def __init__(self, store: Store, access: Access | None, clock: Callable[[], Micros]) -> None:
        """Without `access` every call raises FailedPrecondition."""
        self._store = store
        self._found = access
        self._clock = clock

    def CreateToken(self, request: pb.CreateTokenRequest, context: ServicerContext) -> pb.CreateTokenResponse:
        if not request.role:
            raise InvalidArgument("role", reason="FIELD_REQUIRED")
        role = cast(Role, enums.ROLE.word(request.role))
        community = community_of(request.parent)
        self._store.head(community)  # a token of a community that is not there is a slip of the pen
        grant, text = usecase.create_token(
            self._access, community, self._store.incarnation(community), role, request.days, _quota(request.quota)
        )
        return pb.CreateTokenResponse(token=_token(grant), secret=text)

    def ListTokens(self, request: pb.ListTokensRequest, context: ServicerContext) -> pb.ListTokensResponse:
        found = usecase.tokens_of(self._store, self._access, community_of(request.parent))
        return pb.ListTokensResponse(tokens=map(_token, found))

    def RevokeToken(self, request: pb.RevokeTokenRequest, context: ServicerContext) -> pb.RevokeTokenResponse:
        community, id = child_of(request.name, "tokens")
        ended = usecase.revoke_token_of(self._store, self._access, community, id)
        return pb.RevokeTokenResponse(token=_token(ended))

    def MintMemberToken(
        self, request: pb.MintMemberTokenRequest, context: ServicerContext
    ) -> pb.MintMemberTokenResponse:
        community, member = child_of(request.name, "members")
        now = self._clock()
        text, expires = usecase.mint_member_token(self._store, self._access, community, member, request.seconds, now)
        return pb.MintMemberTokenResponse(secret=text, expire_time=timestamp(expires))

    def ListAuditEntries(
        self, request: pb.ListAuditEntriesRequest, context: ServicerContext
    ) -> pb.ListAuditEntriesResponse:
        community = community_of(request.parent)
        member = id_within(request.member, community, "members", "member")
        scope = ("ListAuditEntries", community, member)
        before = paging.offset(request.page_token, *scope)
        size = paging.size(request.page_size)
        page = usecase.list_audit(self._store, self._access, community, member, before, size)
        entries = [_entry(entry, community, members) for entry, members in page.entries]
        token = paging.token(str(page.next) if page.next else "", *scope)
        return pb.ListAuditEntriesResponse(entries=entries, next_page_token=token)

    @property
    def _access(self) -> Access:
        if self._found is None:
            raise FailedPrecondition("Nobody is asked for a token here")
        return self._found


def _quota(message: pb.Quota) -> Quota:
    """What is stated, and the usual for the rest."""
    return Quota(**{field.name: stated for field in fields(Quota) if (stated := getattr(message, field.name))})


def _token(grant: Grant) -> pb.Token:
    return pb.Token(
        name=child_name(grant.community, "tokens", grant.id),
        role=enums.ROLE.number(grant.role),  # type: ignore[arg-type]
        create_time=timestamp(grant.created),
        expire_time=timestamp(grant.expires),
        revoke_time=timestamp(grant.revoked) if grant.revoked else None,
        quota=pb.Quota(**asdict(grant.quota)),
    )


def _entry(entry: Entry, community: str, members: list[str]) -> pb.AuditEntry:
    return pb.AuditEntry(
        time=timestamp(entry.at),
        token=entry.token,
        method=entry.method,
        code=entry.code,
        members=[child_name(community, "members", one) for one in members],
    )
