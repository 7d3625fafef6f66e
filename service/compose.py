"""The composition root: the only place that opens a data folder, puts the pieces together, and takes them apart."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from service.core.errors import DataDamaged, FailedPrecondition, NotSecured, Unavailable
from service.core.processors import staying
from service.core.settings import Settings, is_loopback, traces_wanted
from service.core.version import running_version

if TYPE_CHECKING:
    import grpc
    from grpc_health.v1.health import HealthServicer

    from service.access.access import Access
    from service.access.issuer import Issuer
    from service.core.conditions import Conditions
    from service.core.metrics import Metrics
    from service.serving import Runtime
    from service.store.contract import Store

LOAD_SECONDS = 600.0
LOOK_SECONDS = 1.0
# The encoder takes seconds of a processor to load; those who wait for the first answers have it for themselves.
ENCODER_SECONDS = 5.0
# Whoever gave the interpreter up, as a request does dozens of times, waits so long to have it back; usually it is 5 ms.
SWITCH_SECONDS = 0.0003
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

log = logging.getLogger("yiqi.app")


class Application(NamedTuple):
    """What use cases need: the state of record, and the communities in memory."""

    store: Store
    runtime: Runtime


@contextmanager
def open_store(settings: Settings, *, writes: bool = False, beside: bool = False) -> Iterator[Store]:
    """The store of the data folder. Any number of processes may read it; the one that `writes` holds the folder.
    `beside` is for who holds leases beside that one, and writes nothing else.

    Raises DataLocked when another one does, FailedPrecondition when the data cannot be read.
    """
    from service.serving.lock import data_lock
    from service.serving.private import private
    from service.store.sql import SqlStore

    with ExitStack() as stack:
        if writes or beside:
            stack.enter_context(private(settings.data))
        if writes:
            stack.enter_context(data_lock(settings.data))
        yield stack.enter_context(closing(SqlStore(settings.database, read_only=not (writes or beside), beside=beside)))


@contextmanager
def open_application(settings: Settings, *, writes: bool = False) -> Iterator[Application]:
    """The application on the data folder, for as long as it is needed. Raises as `open_store` does."""
    from service.serving import Runtime
    from service.serving.watched import watched

    with (
        open_store(settings, writes=writes) as store,
        # Whoever waits for a command waits for its community, too.
        closing(Runtime(store, settings.data, settings, following=writes, load_seconds=LOAD_SECONDS)) as runtime,
    ):
        yield Application(watched(store, runtime) if writes else store, runtime)


@contextmanager
def open_server(settings: Settings, *, writes: bool = False) -> Iterator[str]:
    """The address of a server of the same application, on a socket that nobody else can open."""
    from service.api.interceptors.load import load_of
    from service.api.server import build_server
    from service.jobs.solving import solving

    with (
        open_application(settings, writes=writes) as (store, runtime),
        TemporaryDirectory(prefix="yiqi-") as folder,
        solving(store, runtime) if writes else nullcontext(),
    ):
        address = f"unix:{folder}/socket"
        server = build_server(store, runtime, runtime.tokens.check, load=load_of(settings))
        server.add_insecure_port(address)
        with staying():
            server.start()
        try:
            yield address
        finally:
            server.stop(1.0).wait()


def say(address: str) -> None:
    """The ready line."""
    print(f"listening on {address}", flush=True)


def serve(settings: Settings, ready: Callable[[str], None] = say, *, insecure: bool = False) -> None:
    """Serve the data folder until SIGTERM or SIGINT; `ready` is told HOST:PORT once calls are taken.

    Communities are loaded after that, the busiest first; a call to one that is not there yet waits for it.

    Must run in the main thread. Raises DataLocked, FailedPrecondition when the port is taken or the data cannot be
    read, NotSecured when strangers would get in and nobody said `insecure`.
    """
    # Requests run beside each other: more than one thread for one of them only makes all slower. Libraries read these
    # when they are imported.
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    from service.core.allocator import share_heaps
    from service.core.logs import configure

    share_heaps()
    configure(settings.log_level)
    sys.setswitchinterval(SWITCH_SECONDS)
    stop = _stop_on_signals()
    access = _open_access(settings, insecure)
    with open_store(settings, writes=True) as store, threadpool_limits(limits=1), closing(access.log):
        _serve(settings, store, access, ready, stop)


def _open_access(settings: Settings, insecure: bool) -> Access:
    """Who may call. Raises NotSecured, and FailedPrecondition when the file about an issuer cannot be used."""
    from service.access.access import Access

    access = Access(settings.data, _issuer(settings))
    missing = [] if settings.tls_cert else ["TLS"]
    missing += [] if access.asked() else ["tokens"]
    if missing and not insecure and not is_loopback(settings.listen):
        without = " and ".join(missing)
        raise NotSecured(f"At {settings.listen} others can reach the server, which would run without {without}")
    return access


def _issuer(settings: Settings) -> Issuer | None:
    if not settings.jwt:
        return None
    from service.access.issuer import Issuer

    return Issuer(Path(settings.jwt))


def _serve(
    settings: Settings, store: Store, access: Access, ready: Callable[[str], None], stop: threading.Event
) -> None:
    from service.api.interceptors.load import load_of
    from service.api.server import build_server, new_health, set_serving, set_well
    from service.core import traces
    from service.core.clock import wall_clock
    from service.core.conditions import Conditions
    from service.jobs.introducing import Introducing
    from service.jobs.solving import solving
    from service.serving import Runtime
    from service.serving.checking import Checking
    from service.serving.watched import watched

    if traces_wanted():
        traces.export(running_version())
    health = new_health()
    conditions = Conditions(partial(set_well, health))
    feed = partial(conditions.set_well, "feed")

    def serving(community: str, well: bool) -> None:
        if store.damage.found:
            conditions.set_well("data", community, False)
        conditions.set_well("communities", community, well and not store.damage.found)

    def damaged() -> None:
        log.error("data damaged: nothing is written any more")
        set_serving(health, False)
        for community in runtime.served():
            serving(community, False)

    with (
        closing(Runtime(store, settings.data, settings, following=True, on_serving=serving, on_well=feed)) as runtime,
        _measuring(settings.metrics, store, runtime, conditions) as metrics,
    ):
        written = watched(store, runtime)
        introducing = Introducing(written, runtime, wall_clock)
        server = build_server(
            written,
            runtime,
            runtime.tokens.check,
            health=health,
            load=load_of(settings),
            introducing=introducing,
            access=access,
            metrics=metrics,
        )
        address = _listen(server, settings)
        with suppress(Unavailable, DataDamaged):
            runtime.follow_all()
        with staying():
            server.start()
        if settings.introductions:
            introducing.start()
        store.damage.tell(damaged)
        told = partial(_tell, ready, access, settings.tls_cert != "")
        loading = ThreadPoolExecutor(1, "load").submit(_load, store, runtime, health, address, told, stop)
        with solving(written, runtime), closing(Checking(store)):
            # A signal that the system hands to another thread wakes nobody who waits here without an end.
            while not stop.wait(LOOK_SECONDS):
                pass
            log.info("stopping", extra={"seconds": settings.drain_seconds})
            set_serving(health, False)
            health.enter_graceful_shutdown()
            introducing.end_streams()
            server.stop(settings.drain_seconds).wait()
        introducing.close()
    # Where loading failed, that is what stopped the server.
    loading.result()


@contextmanager
def _measuring(address: str, store: Store, runtime: Runtime, conditions: Conditions) -> Iterator[Metrics | None]:
    """What is measured, and answered at an address; nothing without one."""
    from service.core.metrics import Metrics
    from service.serving.measured import Measured

    if not address:
        yield None
        return
    metrics = Metrics()
    metrics.add(Measured(store, runtime, conditions))
    with metrics.served(address) as at:
        log.info("metrics", extra={"address": at})
        yield metrics


def _load(
    store: Store,
    runtime: Runtime,
    health: HealthServicer,
    address: str,
    ready: Callable[[str], None],
    stop: threading.Event,
) -> None:
    from service.api.server import set_serving

    try:
        set_serving(health, not store.damage.found)
        log.info("ready", extra={"address": address})
        ready(address)
        with suppress(Unavailable, DataDamaged):
            _load_all(runtime, stop)
    except BaseException:
        stop.set()
        raise


def _load_all(runtime: Runtime, stop: threading.Event) -> None:
    """What the first who asks would have to wait for."""
    began = time.monotonic()
    missing = runtime.load_all(LOAD_SECONDS)
    if stop.is_set():
        return
    for community in missing:
        log.error("community cannot be served", extra={"community": community})
    log.info("all loaded", extra={"seconds": round(time.monotonic() - began, 3)})
    if not stop.wait(ENCODER_SECONDS):
        runtime.load_encoder()


def _tell(ready: Callable[[str], None], access: Access, tls: bool, address: str) -> None:
    ready(address)
    if not access.asked():
        print(f"no tokens: whoever reaches {address} may do everything (yiqi token create)", flush=True)
    elif not tls:
        print(f"no TLS: who is between can read what goes over {address}, tokens too", flush=True)


def _listen(server: grpc.Server, settings: Settings) -> str:
    """Bind; HOST:PORT with the port that it became. Raises FailedPrecondition when it cannot."""
    address = settings.listen
    host, _, port = address.rpartition(":")
    credentials = _credentials(settings)
    try:
        bound = server.add_secure_port(address, credentials) if credentials else server.add_insecure_port(address)
    except RuntimeError as error:
        raise FailedPrecondition(f"The address {address} is taken or cannot be listened on", debug=str(error)) from None
    return f"{host}:{bound or port}"


def _credentials(settings: Settings) -> grpc.ServerCredentials | None:
    from service.api.tls import server_credentials

    if not settings.tls_cert and not settings.tls_key and not settings.tls_client_ca:
        return None
    if not settings.tls_cert or not settings.tls_key:
        raise FailedPrecondition("TLS takes both YIQI_TLS_CERT and YIQI_TLS_KEY")
    client_ca = Path(settings.tls_client_ca) if settings.tls_client_ca else None
    return server_credentials(Path(settings.tls_cert), Path(settings.tls_key), client_ca)


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()

    def on_signal(*_: object) -> None:
        # Handlers run in the thread that waits, perhaps while it holds the event's own lock.
        threading.Thread(target=stop.set, daemon=True).start()

    for number in STOP_SIGNALS:
        signal.signal(number, on_signal)
    return stop
