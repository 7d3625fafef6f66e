"""How long the health of a community takes, and whether others wait for it meanwhile.

python -m tests.bench.health ARCHIVE
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

from yiqi.client import YiqiClient

from models.domain.records import Outcome
from service.api.server import build_server
from service.application.importing import import_archive
from service.core.clock import wall_clock
from service.importers import open_source
from service.store.sql import SqlStore
from tests.bench.figures import machine, times

ROOT = Path(__file__).parents[2]
COMMUNITY = "bench"
QUIET_SECONDS = 3.0
PAUSE_SECONDS = 0.005


def serve(database: Path) -> None:
    """Everything that needs no vectors, until the end of stdin."""
    store = SqlStore(database)
    server = build_server(store, None, lambda community, outcome: _no_token(outcome))
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    sys.stdin.read()
    server.stop(None)
    store.close()


def _no_token(outcome: Outcome) -> None:
    raise ValueError(f"nothing is shown here, and {outcome.id} quotes it")


def load(archive: Path, database: Path) -> str:
    """An archive in a store; the id of one of its members."""
    with closing(SqlStore(database)) as store:
        import_archive(store, COMMUNITY, open_source(archive), until=None, consent="organizers", now=wall_clock())
        return store.page(COMMUNITY, "member", limit=1)[0].record.id


class Asking:
    """Somebody who reads one member again and again; `seconds` is how long each reading took."""

    def __init__(self, client: YiqiClient, member: str) -> None:
        self._client, self._member = client, member
        self._stop = threading.Event()
        self.seconds: list[float] = []
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Asking:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(PAUSE_SECONDS):
            began = time.perf_counter()
            self._client.get_member(COMMUNITY, self._member)
            self.seconds.append(time.perf_counter() - began)


def measure(port: str, member: str) -> None:
    """Print it."""
    with YiqiClient(f"127.0.0.1:{port}", timeout=120.0) as client:
        client.get_member(COMMUNITY, member)
        with Asking(client, member) as quiet:
            time.sleep(QUIET_SECONDS)
        with Asking(client, member) as busy:
            first = _seconds(client)
        again, other = _seconds(client), _seconds(client, window_days=31)
    print(f"first {first:.2f} s, again {again:.3f} s, other windows {other:.2f} s; {machine()}")
    print(times("another reads, nothing else", quiet.seconds))
    print(times("another reads during the first", busy.seconds))


def _seconds(client: YiqiClient, window_days: int = 30) -> float:
    began = time.perf_counter()
    client.get_community_health(COMMUNITY, window_days=window_days)
    return time.perf_counter() - began


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path, nargs="?", help="an archive to load")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve is not None:
        serve(options.serve)
        return
    if options.archive is None:
        parser.error("name an archive")
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "yiqi.db")
        member = load(options.archive, database)
        command = [sys.executable, "-m", "tests.bench.health", "--serve", str(database)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as server:
            assert server.stdout is not None
            assert server.stdin is not None
            measure(server.stdout.readline().strip(), member)
            server.stdin.close()


if __name__ == "__main__":
    main()
