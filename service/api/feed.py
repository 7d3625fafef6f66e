"""FeedService: what follows the change log, and what it could not take in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yiqi.v1 import feed_pb2 as pb
from yiqi.v1 import feed_pb2_grpc

from models.domain.records import Micros
from service.api import paging
from service.api.codec import timestamp
from service.application import feed as usecase
from service.application.feed import Faring
from service.core.names import community_of
from service.store.contract import DeadLetter, Store


class FeedServicer(feed_pb2_grpc.FeedServiceServicer):
    """Unpacks, calls `service.application.feed`, packs."""

    def __init__(self, store: Store, runtime: Any, clock: Callable[[], Micros]) -> None:
        """`runtime` must be `service.application.feed.Positions`."""
        self._store = store
        self._runtime = runtime
        self._clock = clock

    def GetFeed(self, request: pb.GetFeedRequest, context: Any) -> pb.GetFeedResponse:
        community = community_of(request.parent)
        head, found = usecase.consumers(self._store, self._runtime, community, self._clock())
        return pb.GetFeedResponse(sequence=head, consumers=map(_consumer, found))

    def ListDeadLetters(self, request: pb.ListDeadLettersRequest, context: Any) -> pb.ListDeadLettersResponse:
        community, scope = community_of(request.parent), ("ListDeadLetters", request.parent, request.consumer)
        skip = int(paging.after(request.page_token, *scope) or 0)
        page = usecase.list_dead_letters(self._store, community, request.consumer, skip, paging.size(request.page_size))
        token = paging.token(str(page.next) if page.next else "", *scope)
        return pb.ListDeadLettersResponse(dead_letters=map(_letter, page.items), next_page_token=token)

    def ReplayDeadLetters(self, request: pb.ReplayDeadLettersRequest, context: Any) -> pb.ReplayDeadLettersResponse:
        count = usecase.replay_dead_letters(self._store, self._runtime, community_of(request.parent), request.consumer)
        return pb.ReplayDeadLettersResponse(count=count)


def _consumer(one: Faring) -> pb.FeedConsumer:
    return pb.FeedConsumer(
        consumer=one.consumer,
        position=one.position,
        lag=one.lag,
        dead_letters=one.dead_letters,
        failures=one.failures,
        failing_since=None if one.failing_since is None else timestamp(one.failing_since),
        fault=one.fault,
    )


def _letter(one: DeadLetter) -> pb.DeadLetter:
    return pb.DeadLetter(
        consumer=one.consumer,
        kind=one.change.kind,
        id=one.change.id,
        sequence=one.change.seq,
        fault=one.fault,
        tries=one.tries,
        since=timestamp(one.since),
        next_try=timestamp(one.due),
    )
