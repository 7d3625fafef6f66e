"""What a recommendation is measured against: a gRPC server in a process of its own that does next to nothing.

`echo` answers so many bytes; `search` looks for the nearest 200 of as many vectors as there are members, then does.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import grpc
import numpy as np

from tests.bench.serving import ROOT

DIMENSION, NEAREST = 512, 200
EXACT_BELOW = 5_000  # vectors
PROBES = 16
BLOCK = 50_000
THREADS = 16
SERVICE = "yiqi.bench.Floor"


@dataclass(frozen=True)
class Floor:
    """Where it is served, and after how many seconds it was."""

    target: str
    started: float

    def call(self, name: str) -> Callable[[], bytes]:
        """A connection of its own that calls `echo` or `search`."""
        channel = grpc.insecure_channel(self.target, options=[("grpc.use_local_subchannel_pool", 1)])
        ask, rng = channel.unary_unary(f"/{SERVICE}/{name}"), np.random.default_rng()
        return lambda: ask(bytes(int(rng.integers(900))))


@contextmanager
def floor(members: int, size: int) -> Iterator[Floor]:
    """The server, for a community of so many members and answers of so many bytes."""
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.bench.floor", str(members), str(size)]
    server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        port = server.stdout.readline().strip()
        if not port:
            raise RuntimeError("the floor did not start")
        yield Floor(f"127.0.0.1:{port}", time.monotonic() - began)
    finally:
        server.stdin.close()
        server.wait()


def index(members: int) -> tuple[object, np.ndarray]:
    """A FAISS index of random vectors, and some to look for."""
    import faiss

    faiss.omp_set_num_threads(1)
    rng = np.random.default_rng(0)
    some = rng.normal(size=(min(members, BLOCK), DIMENSION)).astype(np.float32)
    kind = f"IVF{int(4 * members**0.5)},SQ8" if members > EXACT_BELOW else "Flat"
    made = faiss.index_factory(DIMENSION, kind, faiss.METRIC_INNER_PRODUCT)
    made.train(some)
    for start in range(0, members, BLOCK):
        made.add(rng.normal(size=(min(BLOCK, members - start), DIMENSION)).astype(np.float32))
    if members > EXACT_BELOW:
        made.nprobe = PROBES
    return made, some


def main() -> None:
    """Serve until standard input ends."""
    members, answer = max(int(sys.argv[1]), NEAREST), bytes(int(sys.argv[2]))
    vectors, some = index(members)

    def search(request: bytes, context: grpc.ServicerContext) -> bytes:
        at = len(request) % len(some)
        vectors.search(some[at : at + 1], NEAREST)  # type: ignore[attr-defined]
        return answer

    def echo(request: bytes, context: grpc.ServicerContext) -> bytes:
        return answer

    server = grpc.server(ThreadPoolExecutor(THREADS))
    calls = {name: grpc.unary_unary_rpc_method_handler(call) for name, call in (("echo", echo), ("search", search))}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, calls),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    sys.stdin.read()
    server.stop(0)


if __name__ == "__main__":
    main()
