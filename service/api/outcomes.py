"""OutcomeService: what became of recommendations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from grpc import ServicerContext
from yiqi.v1 import outcome_pb2 as pb
from yiqi.v1 import outcome_pb2_grpc

from models.domain.records import Micros, Outcome
from service.api import paging
from service.api.batching import Batches
from service.api.codec import outcome_message, outcome_record
from service.application import outcomes as usecase
from service.application.batches import BatchResult
from service.core.errors import InvalidArgument
from service.core.names import community_of, id_within
from service.store.contract import Store


class OutcomeServicer(outcome_pb2_grpc.OutcomeServiceServicer):
    """Unpacks, calls `service.application.outcomes`, packs."""

    def __init__(self, store: Store, verify_token: usecase.VerifyToken, clock: Callable[[], Micros]) -> None:
        self._store = store
        self._verify_token = verify_token
        self._clock = clock

    def RecordOutcomes(self, request: pb.RecordOutcomesRequest, context: ServicerContext) -> pb.RecordOutcomesResponse:
        community = community_of(request.parent)
        revision = self._store.head(community)  # an unknown community fails the call, not each of its items

        def read(message: pb.Outcome) -> Outcome:
            record = outcome_record(message, community)
            usecase.require_free(record.id)
            if not record.kind:
                raise InvalidArgument("kind", reason="FIELD_REQUIRED")
            return replace(record, token=record.token or request.recommendation_token, invitation="")

        def store(records: Sequence[Outcome]) -> BatchResult:
            return usecase.record_outcomes(self._store, community, records, self._verify_token, self._clock())

        batches = Batches(read, store, self._clock, revision)
        batches.take(request.outcomes, [item.name for item in request.outcomes])
        return pb.RecordOutcomesResponse(summary=batches.summary(), sequence=batches.revision)

    def ListOutcomes(self, request: pb.ListOutcomesRequest, context: ServicerContext) -> pb.ListOutcomesResponse:
        community = community_of(request.parent)
        member = id_within(request.member, community, "members", "member")
        scope = ("ListOutcomes", community, member)
        after = paging.after(request.page_token, *scope)
        page = usecase.list_outcomes(self._store, community, after, paging.size(request.page_size), member=member)
        return pb.ListOutcomesResponse(
            outcomes=[outcome_message(stored.record, community) for stored in page.items],
            next_page_token=paging.token(page.next, *scope),
        )
