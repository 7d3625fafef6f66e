"""The gRPC server: servicers, interceptors, health and reflection put together. It does not listen yet."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import HealthServicer
from grpc_reflection.v1alpha import reflection
from yiqi.v1 import (
    channel_pb2_grpc,
    community_pb2_grpc,
    feed_pb2_grpc,
    import_pb2_grpc,
    invitation_pb2_grpc,
    member_pb2_grpc,
    message_pb2_grpc,
    model_pb2_grpc,
    outcome_pb2_grpc,
    project_pb2_grpc,
    recommendation_pb2_grpc,
    round_pb2_grpc,
)

from models.domain.records import Micros
from service.api.channels import ChannelServicer
from service.api.communities import CommunityServicer
from service.api.feed import FeedServicer
from service.api.imports import ImportServicer
from service.api.interceptors.checks import CheckInterceptor
from service.api.interceptors.errors import error_interceptor
from service.api.interceptors.logging import logging_interceptor
from service.api.interceptors.version import version_interceptor
from service.api.introductions import IntroductionStream
from service.api.invitations import InvitationServicer
from service.api.members import MemberServicer
from service.api.messages import MessageServicer
from service.api.models import ModelServicer
from service.api.outcomes import OutcomeServicer
from service.api.projects import ProjectServicer
from service.api.recommendations import RecommendationServicer
from service.api.rounds import RoundServicer
from service.application.outcomes import VerifyToken
from service.jobs.introducing import Introducing
from service.store.contract import Store

MAX_REQUEST_BYTES = 8 * 1024 * 1024
SERVICES = tuple(
    f"yiqi.v1.{name}Service"
    for name in (
        "Community",
        "Channel",
        "Member",
        "Message",
        "Project",
        "Recommendation",
        "Outcome",
        "Model",
        "Round",
        "Invitation",
        "Feed",
        "Import",
    )
)


def wall_clock() -> Micros:
    """Microseconds since 1970."""
    return time.time_ns() // 1000


def build_server(
    store: Store,
    runtime: Any,
    verify_token: VerifyToken,
    *,
    health: HealthServicer | None = None,
    clock: Callable[[], Micros] = wall_clock,
    max_workers: int = 16,
    introducing: Introducing | None = None,
    watchers: int = 64,
) -> grpc.Server:
    """A server with every service of the contract, health and reflection; the caller adds a port and starts it.

    `runtime` goes to `service.application.recommendations` and must have `wait_indexed` (see
    `service.api.recommendations.Live`). `health` is made by `new_health` and set by `set_serving`. A port that is
    taken makes `add_insecure_port` fail, since ports are not shared. Without `introducing` nobody can watch
    introductions; with it `watchers` can at once, each on a thread of its own beside the `max_workers`.
    """
    server = grpc.server(
        ThreadPoolExecutor(max_workers + (watchers if introducing else 0), thread_name_prefix="rpc"),
        interceptors=(logging_interceptor(), version_interceptor(), error_interceptor(), CheckInterceptor(clock)),
        options=(("grpc.max_receive_message_length", MAX_REQUEST_BYTES), ("grpc.so_reuseport", 0)),
    )
    introductions = IntroductionStream(store, runtime, introducing, watchers)
    _add_services(server, store, runtime, verify_token, clock, introductions)
    health_pb2_grpc.add_HealthServicer_to_server(health or new_health(), server)
    reflection.enable_server_reflection((*SERVICES, "grpc.health.v1.Health", reflection.SERVICE_NAME), server)
    return server


def new_health() -> HealthServicer:
    """Health that says NOT_SERVING for the whole server and for each service."""
    health = HealthServicer()
    set_serving(health, False)
    return health


def set_serving(health: HealthServicer, serving: bool) -> None:
    """Say whether the server is ready to answer."""
    status = health_pb2.HealthCheckResponse.SERVING if serving else health_pb2.HealthCheckResponse.NOT_SERVING
    for service in ("", *SERVICES):
        health.set(service, status)


def set_well(health: HealthServicer, what: str, community: str, well: bool) -> None:
    """Say of one community whether it answers (`what` is "communities"), or whether all that is written goes through
    ("feed")."""
    status = health_pb2.HealthCheckResponse.SERVING if well else health_pb2.HealthCheckResponse.NOT_SERVING
    health.set(f"{what}/{community}", status)


def _add_services(
    server: grpc.Server,
    store: Store,
    runtime: Any,
    verify_token: VerifyToken,
    clock: Callable[[], Micros],
    introductions: IntroductionStream,
) -> None:
    recommendations = RecommendationServicer(store, runtime, clock, introductions)
    pairs: list[tuple[Any, Any]] = [
        (community_pb2_grpc.add_CommunityServiceServicer_to_server, CommunityServicer(store, clock)),
        (channel_pb2_grpc.add_ChannelServiceServicer_to_server, ChannelServicer(store)),
        (member_pb2_grpc.add_MemberServiceServicer_to_server, MemberServicer(store, clock)),
        (message_pb2_grpc.add_MessageServiceServicer_to_server, MessageServicer(store, clock)),
        (project_pb2_grpc.add_ProjectServiceServicer_to_server, ProjectServicer(store, runtime, clock)),
        (outcome_pb2_grpc.add_OutcomeServiceServicer_to_server, OutcomeServicer(store, verify_token, clock)),
        (recommendation_pb2_grpc.add_RecommendationServiceServicer_to_server, recommendations),
        (model_pb2_grpc.add_ModelServiceServicer_to_server, ModelServicer(store, runtime)),
        (round_pb2_grpc.add_RoundServiceServicer_to_server, RoundServicer(store, runtime, clock)),
        (invitation_pb2_grpc.add_InvitationServiceServicer_to_server, InvitationServicer(store, runtime, clock)),
        (feed_pb2_grpc.add_FeedServiceServicer_to_server, FeedServicer(store, runtime, clock)),
        (import_pb2_grpc.add_ImportServiceServicer_to_server, ImportServicer(store, runtime, clock)),
    ]
    for add, servicer in pairs:
        add(servicer, server)
