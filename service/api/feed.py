"""FeedService: what is done beside requests, and what failed of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grpc import ServicerContext
from yiqi.v1 import feed_pb2 as pb
from yiqi.v1 import feed_pb2_grpc

from models.domain.records import Micros
from service.api import enums, paging
from service.api.codec import timestamp
from service.application import feed as usecase
from service.application.feed import Faring, SetAside
from service.core.names import community_of
from service.store.contract import Job, Store


class FeedServicer(feed_pb2_grpc.FeedServiceServicer):
    """Unpacks, calls `service.application.feed`, packs."""

    def __init__(self, store: Store, runtime: Any, clock: Callable[[], Micros]) -> None:
        """`runtime` must be `service.application.feed.Positions`."""
        self._store = store
        self._runtime = runtime
        self._clock = clock

    def GetFeed(self, request: pb.GetFeedRequest, context: ServicerContext) -> pb.GetFeedResponse:
        community = community_of(request.parent)
        head, found = usecase.consumers(self._store, self._runtime, community, self._clock())
        jobs = map(_job, usecase.jobs(self._store, community))
        return pb.GetFeedResponse(sequence=head, consumers=map(_consumer, found), jobs=jobs)

    def ListDeadLetters(
        self, request: pb.ListDeadLettersRequest, context: ServicerContext
    ) -> pb.ListDeadLettersResponse:
        community, scope = community_of(request.parent), ("ListDeadLetters", request.parent, request.consumer)
        skip = paging.offset(request.page_token, *scope)
        page = usecase.list_dead_letters(self._store, community, request.consumer, skip, paging.size(request.page_size))
        token = paging.token(str(page.next) if page.next else "", *scope)
        return pb.ListDeadLettersResponse(dead_letters=map(_letter, page.items), next_page_token=token)

    def ReplayDeadLetters(
        self, request: pb.ReplayDeadLettersRequest, context: ServicerContext
    ) -> pb.ReplayDeadLettersResponse:
        community, now = community_of(request.parent), self._clock()
        count = usecase.replay_dead_letters(self._store, self._runtime, community, request.consumer, now)
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


def _job(one: Job) -> pb.Job:
    return pb.Job(
        kind=one.kind,
        key=one.key,
        state=enums.JOB_STATE.number(one.state),  # type: ignore[arg-type]
        owner=one.owner,
        tries=one.tries,
        progress=one.progress,
        since=timestamp(one.since),
        fault=one.fault,
    )


def _letter(one: SetAside) -> pb.DeadLetter:
    return pb.DeadLetter(
        consumer=one.consumer,
        kind=one.kind,
        id=one.id,
        sequence=one.sequence,
        fault=one.fault,
        tries=one.tries,
        since=timestamp(one.since),
        next_try=None if one.due is None else timestamp(one.due),
    )
