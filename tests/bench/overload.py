"""What is still answered when more is asked than can be: capacity first, then twice and five times as much.

    python -m tests.bench.overload --seconds 60
    python -m tests.bench.overload --data DIR --community ID --times 5

Recommendations of one community are asked from a process of their own, at a fixed rate whether or not earlier ones are
answered, each with a deadline. Beside them this process reads members of another community and asks health. Goodput is
what was answered before its deadline. It has recovered when calls are again as fast as they were before. Who asks stays
off the processor of the threads that answer, as callers on a machine of their own do.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from typing import Any

import grpc
import numpy as np
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from grpc_health.v1 import health_pb2, health_pb2_grpc
from yiqi.client import YiqiClient, YiqiRpcError, member_name
from yiqi.v1.recommendation_pb2 import AUDIENCE_ORGANIZERS, RecommendOptions, RecommendPeersRequest
from yiqi.v1.recommendation_pb2_grpc import RecommendationServiceStub

from service.core.processors import home_of
from tests.bench.figures import machine, times
from tests.bench.serving import arguments, data_of, serving

QUIET = "quiet"
CLIENTS = 8  # that measure capacity
DEADLINE_SECONDS = 1.0
PROBE_SECONDS = 0.05
RECOVERED = 10  # probes one after the other that are answered as fast as before
CONNECTIONS = 4


@dataclass(frozen=True)
class Asked:
    """What became of the calls of one load. `hinted`: refused calls that said when to come back."""

    seconds: float
    codes: Counter[str]
    latencies: list[float]
    hinted: int

    @property
    def goodput(self) -> float:
        """Answers a second."""
        return self.codes["OK"] / self.seconds

    def said(self, capacity: float) -> str:
        """One line."""
        codes = ", ".join(f"{name} {count}" for name, count in self.codes.most_common())
        rest = f"({self.goodput / capacity:.0%} of capacity); {codes}; with RetryInfo {self.hinted}"
        return f"  answered {self.goodput:.1f} a second {rest}"


@dataclass
class Probed:
    """Seconds of cheap calls of another community, and of health; and what failed of them."""

    calls: list[float] = field(default_factory=list)
    health: list[float] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)


class Load:
    """Calls on one community, from the process that this is run in."""

    def __init__(self, target: str, community: str, people: list[str]) -> None:
        self._channels = [
            grpc.aio.insecure_channel(target, options=[("grpc.use_local_subchannel_pool", 1)])
            for _ in range(CONNECTIONS)
        ]
        self._stubs = [RecommendationServiceStub(channel) for channel in self._channels]  # type: ignore[no-untyped-call]
        self._names = [member_name(community, one) for one in people]
        self._codes: Counter[str] = Counter()
        self._latencies: list[float] = []
        self._hinted = 0

    async def open(self, rate: float, seconds: float) -> Asked:
        """So many calls a second, whether or not earlier ones are answered."""
        began, sent, calls = time.perf_counter(), 0, []
        while (now := time.perf_counter() - began) < seconds:
            while sent < now * rate:
                calls.append(asyncio.create_task(self._ask(sent)))
                sent += 1
            await asyncio.sleep(0.002)
        await asyncio.gather(*calls)
        return await self._told(seconds)

    async def closed(self, clients: int, seconds: float) -> Asked:
        """So many clients that ask again as soon as they are answered."""
        until = time.perf_counter() + seconds

        async def client(number: int) -> None:
            rng = random.Random(number)
            while time.perf_counter() < until:
                await self._ask(rng.randrange(10**6))

        await asyncio.gather(*map(client, range(clients)))
        return await self._told(seconds)

    async def _ask(self, number: int) -> None:
        name = self._names[number % len(self._names)]
        request = RecommendPeersRequest(member=name, options=RecommendOptions(audience=AUDIENCE_ORGANIZERS))
        began = time.perf_counter()
        try:
            await self._stubs[number % CONNECTIONS].RecommendPeers(request, timeout=DEADLINE_SECONDS)
        except grpc.aio.AioRpcError as error:
            self._codes[error.code().name] += 1
            self._hinted += _hints(error)
        else:
            self._codes["OK"] += 1
            self._latencies.append(time.perf_counter() - began)

    async def _told(self, seconds: float) -> Asked:
        for channel in self._channels:
            await channel.close()
        return Asked(seconds, self._codes, self._latencies, self._hinted)


def _hints(error: grpc.aio.AioRpcError) -> bool:
    packed = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
    return any(one.Is(RetryInfo.DESCRIPTOR) for one in Status.FromString(packed).details)  # type: ignore[arg-type]


def asked_open(target: str, community: str, people: list[str], rate: float, seconds: float) -> Asked:
    """In a process of its own: `Load.open`."""

    async def run() -> Asked:
        return await Load(target, community, people).open(rate, seconds)

    return asyncio.run(run())


def asked_closed(target: str, community: str, people: list[str], clients: int, seconds: float) -> Asked:
    """In a process of its own: `Load.closed`."""

    async def run() -> Asked:
        return await Load(target, community, people).closed(clients, seconds)

    return asyncio.run(run())


class Probes:
    """Cheap calls of another community, and health."""

    def __init__(self, target: str) -> None:
        self._client = YiqiClient(target, timeout=10.0, attempts=1)
        self._channel = grpc.insecure_channel(target, options=[("grpc.use_local_subchannel_pool", 1)])
        self._health = health_pb2_grpc.HealthStub(self._channel)  # type: ignore[no-untyped-call]
        self._client.create_community(QUIET)
        self._client.create_member(QUIET, "ann")

    @contextmanager
    def beside(self) -> Iterator[Probed]:
        """Probe again and again while the block runs."""
        over, probed = threading.Event(), Probed()
        kinds = ((self._read, probed.calls), (self._check, probed.health))
        threads = [threading.Thread(target=self._probe, args=(*kind, over, probed)) for kind in kinds]
        for thread in threads:
            thread.start()
        yield probed
        over.set()
        for thread in threads:
            thread.join()

    def _probe(self, ask: Callable[[], Any], times: list[float], over: threading.Event, probed: Probed) -> None:
        while not over.wait(PROBE_SECONDS):
            began = time.perf_counter()
            try:
                ask()
                times.append(time.perf_counter() - began)
            except (YiqiRpcError, grpc.RpcError) as error:
                probed.failed[str(error)[:60]] += 1

    def _read(self) -> None:
        self._client.get_member(QUIET, "ann")

    def _check(self) -> None:
        reply = self._health.Check(health_pb2.HealthCheckRequest(), timeout=10.0)
        if reply.status != health_pb2.HealthCheckResponse.SERVING:
            raise YiqiRpcError(grpc.StatusCode.UNAVAILABLE, "", "health does not tell the truth")


def recovery(target: str, community: str, person: str, usual: float) -> float:
    """Seconds until a single caller is answered in `usual` seconds again, and stays so."""
    began, good, since = time.perf_counter(), 0, 0.0
    with YiqiClient(target, timeout=DEADLINE_SECONDS, attempts=1) as client:
        while good < RECOVERED and time.perf_counter() - began < 30:
            asked = time.perf_counter()
            try:
                client.recommend_peers(community, person, audience=AUDIENCE_ORGANIZERS)
                fast = time.perf_counter() - asked <= usual
            except YiqiRpcError:
                fast = False
            since = asked if fast and not good else since
            good = good + 1 if fast else 0
            time.sleep(PROBE_SECONDS)
    return since - began if good >= RECOVERED else float("inf")


@dataclass(frozen=True)
class Result:
    """What one load showed. `slower`: p99 of cheap calls of another community, to that when nothing else is asked."""

    goodput: float
    slower: float
    recovered: float
    asked: Asked
    probed: Probed


def measure(target: str, community: str, people: list[str], factors: list[float], seconds: float) -> list[Result]:
    """Capacity, then each load in turn; prints as it goes."""
    probes = Probes(target)
    with ProcessPoolExecutor(1, get_context("spawn")) as elsewhere:
        warm = elsewhere.submit(asked_closed, target, community, people, CLIENTS, min(seconds, 5.0))
        warm.result()
        with probes.beside() as idle:
            time.sleep(seconds / 2)
        single = elsewhere.submit(asked_closed, target, community, people, 1, seconds / 4).result()
        found = elsewhere.submit(asked_closed, target, community, people, CLIENTS, seconds).result()
        capacity = found.goodput
        print(f"capacity {capacity:.1f} answers a second, {CLIENTS} clients; {machine()}")
        print(times("  alone", single.latencies))
        print(times("  cheap calls beside nothing", idle.calls), flush=True)
        usual = 3 * float(np.percentile(single.latencies, 99))
        results = []
        for factor in factors:
            ask = partial(asked_open, target, community, people, capacity * factor, seconds)
            with probes.beside() as probed:
                asked = elsewhere.submit(ask).result()
            recovered = recovery(target, community, people[0], usual)
            slower = float(np.percentile(probed.calls, 99) / np.percentile(idle.calls, 99))
            results.append(Result(asked.goodput / capacity, slower, recovered, asked, probed))
            print(f"{factor:g} times as much: {capacity * factor:.0f} calls a second; {machine()}")
            print(asked.said(capacity))
            print(times("  those answered", asked.latencies))
            print(times(f"  cheap calls, p99 x {slower:.1f}", probed.calls))
            print(times("  health", probed.health))
            print(
                f"  failed beside it: {dict(probed.failed) or 'nothing'}; recovered after {recovered:.2f} s", flush=True
            )
    return results


def main() -> None:
    parser = arguments(__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=60.0, help="of each load")
    parser.add_argument("--times", type=float, nargs="+", default=[2.0, 5.0], help="of capacity")
    options: argparse.Namespace = parser.parse_args()
    with data_of(options) as data, serving(data, options.community) as served:
        people = served.people()
        os.sched_setaffinity(0, os.sched_getaffinity(0) - home_of(served.process) or os.sched_getaffinity(0))
        measure(served.target, served.community, people, options.times, options.seconds)


if __name__ == "__main__":
    main()
