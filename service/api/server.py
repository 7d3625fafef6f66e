"""The gRPC server: servicers, interceptors, health and reflection put together. It does not listen yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import HealthServicer
from grpc_reflection.v1alpha import reflection
from yiqi import v1

from models.domain.records import Micros
from service.access.access import Access
from service.api.access import AccessServicer
from service.api.channels import ChannelServicer
from service.api.communities import CommunityServicer
from service.api.feed import FeedServicer
from service.api.imports import ImportServicer
from service.api.interceptors.access import AccessInterceptor, StreamAccessInterceptor
from service.api.interceptors.admission import AdmissionInterceptor
from service.api.interceptors.checks import CheckInterceptor
from service.api.interceptors.errors import error_interceptor
from service.api.interceptors.lanes import TO_REFUSE, LanesInterceptor, lanes
from service.api.interceptors.late import LateCalls
from service.api.interceptors.load import USUAL_LOAD, Load
from service.api.interceptors.logging import InVain, logging_interceptor
from service.api.interceptors.metrics import metrics_interceptor
from service.api.interceptors.streams import StreamsInterceptor
from service.api.interceptors.traces import traces_interceptor
from service.api.interceptors.version import version_interceptor
from service.api.interceptors.watchdog import Watchdog
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
from service.core.clock import wall_clock
from service.jobs.introducing import Introducing
from service.store.contract import Store

if TYPE_CHECKING:
    from service.core.metrics import Metrics

MAX_REQUEST_BYTES = 8 * 1024 * 1024
# Calls that wait for their turn, or for a community to be loaded, each on a thread that sleeps.
WAITING, AWAY = 256, 128
# More than wait for their turn, so that who asks too much is told so and when to come back.
CALLS_A_CONNECTION = 512
ARRIVED = 10_000  # calls of all connections that nobody has looked at yet; gRPC's own bound is 1,000


def _services() -> Iterator[ServiceDescriptor]:
    """The services of the contract: whatever is generated from it."""
    for module in iter_modules(v1.__path__, f"{v1.__name__}."):
        if module.name.endswith("_pb2"):
            yield from import_module(module.name).DESCRIPTOR.services_by_name.values()


SERVICES = tuple(service.full_name for service in _services())
STREAMS = frozenset(
    f"/{service.full_name}/{method.name}"
    for service in _services()
    for method in service.methods
    if method.client_streaming or method.server_streaming
)


def build_server(
    store: Store,
    runtime: Any,
    verify_token: VerifyToken,
    *,
    health: HealthServicer | None = None,
    clock: Callable[[], Micros] = wall_clock,
    load: Load = USUAL_LOAD,
    introducing: Introducing | None = None,
    access: Access | None = None,
    metrics: Metrics | None = None,
) -> grpc.Server:
    """A server with every service of the contract, health and reflection; the caller adds a port and starts it.

    `runtime` goes to `service.application.recommendations` and must have `wait_indexed` (see
    `service.api.recommendations.Live`). `health` is made by `new_health` and set by `set_serving`. A port that is
    taken makes `add_insecure_port` fail, since ports are not shared. Without `introducing` nobody can watch
    introductions. `load` says how much is done at once. Without `access` nobody is asked for a token. `metrics` count
    every call.
    """
    server = grpc.server(
        ThreadPoolExecutor(1),  # Every method has a pool that its lane names.
        interceptors=_interceptors(load, clock, store, access, metrics),
        options=(("grpc.so_reuseport", 0), *_bounded(), *_kept_alive(load)),
    )
    introductions = IntroductionStream(store, runtime, introducing)
    _add_services(server, store, runtime, verify_token, clock, introductions, access)
    health_pb2_grpc.add_HealthServicer_to_server(health or new_health(), server)
    reflection.enable_server_reflection((*SERVICES, "grpc.health.v1.Health", reflection.SERVICE_NAME), server)
    return server


def _interceptors(
    load: Load, clock: Callable[[], Micros], store: Store, access: Access | None, metrics: Metrics | None
) -> tuple[grpc.ServerInterceptor, ...]:
    """Outermost first. Those before admission never see a request, but the bytes of it or an iterator over them."""
    lane, limits, watchdog, gate = lanes(STREAMS), load.limits(), Watchdog(), load.gate(WAITING, AWAY)
    in_vain = InVain()
    return (
        LanesInterceptor(lane, load.workers + WAITING + AWAY + TO_REFUSE, limits, LateCalls(gate, in_vain, metrics)),
        traces_interceptor(),
        *([metrics_interceptor(metrics)] if metrics else []),
        logging_interceptor(in_vain),
        error_interceptor(),
        *([StreamAccessInterceptor(access, store, STREAMS)] if access else []),
        StreamsInterceptor(lane, limits, watchdog),
        AdmissionInterceptor(gate, watchdog),
        # What is done for each call stands behind admission: to refuse must cost as little as it can.
        version_interceptor(),
        *([AccessInterceptor(access, store)] if access else []),
        CheckInterceptor(clock),
    )


def _kept_alive(load: Load) -> tuple[tuple[str, int], ...]:
    """Options of gRPC, in milliseconds: who is gone is noticed, and connections do not stay for ever."""
    return (
        ("grpc.keepalive_time_ms", 60_000),
        ("grpc.keepalive_timeout_ms", 20_000),
        ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.max_connection_idle_ms", round(load.stream_seconds * 1000)),
        ("grpc.max_connection_age_ms", round(load.connection_seconds * 1000)),
        # A stream that has just begun is never cut short by the age of its connection.
        ("grpc.max_connection_age_grace_ms", round(load.stream_seconds * 1000)),
    )


def _bounded() -> tuple[tuple[str, int], ...]:
    """Options of gRPC: one connection cannot fill the queue before ours, where gRPC answers CANCELLED to anybody."""
    return (
        ("grpc.max_receive_message_length", MAX_REQUEST_BYTES),
        ("grpc.max_concurrent_streams", CALLS_A_CONNECTION),
        ("grpc.server.max_pending_requests", ARRIVED),
        ("grpc.server.max_pending_requests_hard_limit", 2 * ARRIVED),
    )


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
    """Say of one community what `service.core.conditions` was told."""
    status = health_pb2.HealthCheckResponse.SERVING if well else health_pb2.HealthCheckResponse.NOT_SERVING
    health.set(f"{what}/{community}", status)


def _add_services(
    server: grpc.Server,
    store: Store,
    runtime: Any,
    verify_token: VerifyToken,
    clock: Callable[[], Micros],
    introductions: IntroductionStream,
    access: Access | None,
) -> None:
    servicers = (
        CommunityServicer(store, clock),
        ChannelServicer(store),
        MemberServicer(store, clock),
        MessageServicer(store, clock),
        ProjectServicer(store, runtime, clock),
        RecommendationServicer(store, runtime, clock, introductions),
        OutcomeServicer(store, verify_token, clock),
        ModelServicer(store, runtime),
        RoundServicer(store, runtime, clock),
        InvitationServicer(store, runtime, clock),
        FeedServicer(store, runtime, clock),
        ImportServicer(store, runtime, clock),
        AccessServicer(store, access, clock),
    )
    for servicer in servicers:
        generated = type(servicer).__mro__[1]  # whose module has the function that adds it
        getattr(import_module(generated.__module__), f"add_{generated.__name__}_to_server")(servicer, server)
