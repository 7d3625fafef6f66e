"""What a token costs: processor time of the server for the same calls with and without, side by side in one run.

python -m tests.bench.access [--blocks N]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from yiqi.client import YiqiClient

from service.access import member_tokens
from service.access.access import Access
from service.access.caller import Quota
from service.api.server import build_server
from service.application.importing import import_archive
from service.core.clock import wall_clock
from service.core.settings import Settings
from service.importers import open_source
from service.sample.generate import write_sample
from service.serving import Runtime
from service.serving.watched import watched
from service.store.sql import SqlStore
from tests.bench.figures import machine

ROOT = Path(__file__).parents[2]
COMMUNITY, MEMBER = "makers", "tang-wen"
CALLS = 40  # in a block
QUOTA = Quota(calls_per_second=100_000)


def serve(data: Path) -> None:
    """One application behind two ports, without tokens and with; then processor seconds for each line that is read."""
    write_sample(data / "sample.zip")
    settings = Settings(data=data, introductions=False)
    access = Access(data)
    member_tokens.MEMBER_QUOTA = QUOTA
    _, token = access.grants.create(COMMUNITY, "platform", 1, QUOTA)
    with closing(SqlStore(settings.database)) as store:
        archive = open_source(data / "sample.zip")
        import_archive(store, COMMUNITY, archive, until=None, consent="members", now=wall_clock())
        with closing(Runtime(store, data, settings, following=True)) as runtime:
            runtime.view(COMMUNITY, store.head(COMMUNITY), timeout=600)
            build = partial(build_server, watched(store, runtime), runtime, runtime.tokens.check)
            servers = [build(access=one) for one in (None, access)]
            ports = [server.add_insecure_port("127.0.0.1:0") for server in servers]
            for server in servers:
                server.start()
            print(*ports, token, flush=True)
            for _ in sys.stdin:
                print(time.process_time(), flush=True)


class Measured:
    """The server, and what its processor did."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self._child = child

    def seconds(self, call: Callable[[], Any]) -> float:
        """Processor seconds for one of many calls."""
        before = self._now()
        for _ in range(CALLS):
            call()
        return (self._now() - before) / CALLS

    def _now(self) -> float:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write("\n")
        self._child.stdin.flush()
        return float(self._child.stdout.readline())


def measure(blocks: int) -> None:
    """Print it."""
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "tests.bench.access", "--serve", data]
        pipe = subprocess.PIPE
        child = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        assert child.stdout is not None
        open_port, asked_port, token = child.stdout.readline().split()
        with (
            YiqiClient(f"127.0.0.1:{open_port}", timeout=60) as without,
            YiqiClient(f"127.0.0.1:{asked_port}", timeout=60, token=token) as platform,
        ):
            member = platform.mint_member_token(COMMUNITY, MEMBER)
            with YiqiClient(f"127.0.0.1:{asked_port}", timeout=60, token=member) as own:
                print(machine(), flush=True)
                for name, clients in (("token", (without, platform)), ("member's token", (without, own))):
                    compare(name, Measured(child), clients, blocks)
        child.kill()  # its folder goes, too
        child.wait()


def compare(name: str, server: Measured, clients: tuple[YiqiClient, YiqiClient], blocks: int) -> None:
    """One line a call: milliseconds without and with, and the median of what is added from block to block."""
    for call in ("recommend_peers", "get_member"):
        asks = [partial(getattr(client, call), COMMUNITY, MEMBER) for client in clients]
        pairs = []
        for block in range(blocks + 1):
            # Which of them goes first alternates.
            order = (0, 1) if block % 2 else (1, 0)
            took = {which: server.seconds(asks[which]) for which in order}
            pairs.append((took[0], took[1]))
        plain, added = [one for one, _ in pairs[1:]], [two - one for one, two in pairs[1:]]
        share = median(added) / median(plain)
        print(
            f"{call:<16} {name:<15} {1000 * median(plain):7.3f} ms  {1000 * median(added):+7.3f} ms  {share:+.1%}",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, default=30)
    parser.add_argument("--serve", type=Path)
    given = parser.parse_args()
    serve(given.serve) if given.serve else measure(given.blocks)
