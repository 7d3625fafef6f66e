"""What is measured, for Prometheus: what is counted as it happens, and the address where all of it is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, ProcessCollector, start_http_server
from prometheus_client.registry import Collector

from service.core.errors import ERRORS, FailedPrecondition

# Seconds. A list takes about 3 ms; what is above 30 s nobody waits for (`api.interceptors.deadlines`).
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The metrics of one server. Labels have few values: methods, codes and reasons of the contract."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._calls = Histogram(
            "yiqi_call_seconds", "How long calls took", ("method", "code"), registry=self.registry, buckets=BUCKETS
        )
        self._refused = Counter(
            "yiqi_refused", "Calls that ended with an error, by its reason", ("reason",), registry=self.registry
        )
        for reason in ERRORS:
            self._refused.labels(reason)  # the first of a kind is an increase, too

    def call(self, method: str, code: str, seconds: float, reason: str) -> None:
        """A call ended; `reason` is "" for one that was answered."""
        self._calls.labels(method, code).observe(seconds)
        if reason:
            self._refused.labels(reason).inc()

    def add(self, collector: Collector) -> None:
        """Ask this, too, whenever somebody reads."""
        self.registry.register(collector)

    @contextmanager
    def served(self, address: str) -> Iterator[str]:
        """Answer at HOST:PORT until the block ends; with the port that it became.

        Raises FailedPrecondition when it is taken.
        """
        host, _, port = address.rpartition(":")
        try:
            server, thread = start_http_server(int(port), host.strip("[]"), self.registry)
        except OSError as error:
            problem = f"The address {address} of the metrics is taken or cannot be listened on"
            raise FailedPrecondition(problem, debug=str(error)) from None
        try:
            yield f"{host}:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
