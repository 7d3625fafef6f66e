"""CommunityService: the tenants."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from grpc import ServicerContext
from yiqi.v1 import community_pb2 as pb
from yiqi.v1 import community_pb2_grpc, health_pb2

from models.domain.records import Community, Micros
from service.api import paging
from service.api.codec import community_message, community_record, version
from service.api.health import health_message, question
from service.api.masks import masked_fields
from service.application import communities as usecase
from service.application.exporting import export_community
from service.application.health import HealthReports
from service.core.errors import DeadlinePassed
from service.core.names import community_of
from service.store.contract import Store, Stored

_CHUNK_BYTES = 1 << 20


class CommunityServicer(community_pb2_grpc.CommunityServiceServicer):
    """Unpacks, calls `service.application.communities`, `exporting` or `health`, packs."""

    def __init__(self, store: Store, clock: Callable[[], Micros]) -> None:
        self._store = store
        self._clock = clock
        self._health = HealthReports(store)

    def CreateCommunity(
        self, request: pb.CreateCommunityRequest, context: ServicerContext
    ) -> pb.CreateCommunityResponse:
        record = community_record(request.community, request.community_id)
        stored = usecase.create_community(self._store, record, request_id=request.request_id)
        return pb.CreateCommunityResponse(community=_message(stored), sequence=stored.revision)

    def GetCommunity(self, request: pb.GetCommunityRequest, context: ServicerContext) -> pb.GetCommunityResponse:
        stored = usecase.get_community(self._store, community_of(request.name, "name"))
        return pb.GetCommunityResponse(community=_message(stored))

    def UpdateCommunity(
        self, request: pb.UpdateCommunityRequest, context: ServicerContext
    ) -> pb.UpdateCommunityResponse:
        changes = request.community
        record = community_record(changes, community_of(changes.name, "community.name"))
        mask = masked_fields(changes, request.update_mask)
        stored = usecase.update_community(self._store, record, mask, version(changes.etag))
        return pb.UpdateCommunityResponse(community=_message(stored), sequence=stored.revision)

    def ListCommunities(
        self, request: pb.ListCommunitiesRequest, context: ServicerContext
    ) -> pb.ListCommunitiesResponse:
        after = paging.after(request.page_token, "ListCommunities")
        page = usecase.list_communities(self._store, after, paging.size(request.page_size))
        return pb.ListCommunitiesResponse(
            communities=[_message(stored) for stored in page.items],
            next_page_token=paging.token(page.next, "ListCommunities"),
        )

    def DeleteCommunity(
        self, request: pb.DeleteCommunityRequest, context: ServicerContext
    ) -> pb.DeleteCommunityResponse:
        usecase.delete_community(self._store, community_of(request.name, "name"), version(request.etag))
        return pb.DeleteCommunityResponse()

    def GetCommunityHealth(
        self, request: health_pb2.GetCommunityHealthRequest, context: ServicerContext
    ) -> health_pb2.GetCommunityHealthResponse:
        community = community_of(request.name, "name")
        asked = question(request)
        report = self._health.report(community, asked, self._clock())
        return health_pb2.GetCommunityHealthResponse(health=health_message(report, asked, community))

    def ExportCommunity(
        self, request: pb.ExportCommunityRequest, context: ServicerContext
    ) -> Iterator[pb.ExportCommunityResponse]:
        # Written to disk first: a slow reader must not hold the store's snapshot open.
        with tempfile.TemporaryDirectory(prefix="yiqi-export-") as folder:
            out = Path(folder, "archive")
            export_community(self._store, community_of(request.name, "name"), out)
            for path in sorted(out.iterdir()):
                yield from _pieces(path, context)


def _pieces(path: Path, context: ServicerContext) -> Iterator[pb.ExportCommunityResponse]:
    with path.open("rb") as file:
        while data := file.read(_CHUNK_BYTES):
            if not context.is_active():
                raise DeadlinePassed("The export")
            yield pb.ExportCommunityResponse(file=path.name, data=data)


def _message(stored: Stored[Community]) -> pb.Community:
    return community_message(stored.record, stored.version)
