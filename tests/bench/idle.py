"""What a server costs that nobody asks: threads, SQL statements a second and CPU, by how many communities it serves.

    python -m tests.bench.idle --communities 1 50 200 --seconds 10

Every number is of a server of its own, over communities of five members and twenty messages, measured once all of them
can answer and `--rest` seconds have passed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

from models.domain.records import Channel, Community, Member, Message, Record
from service.compose import serve
from service.core.settings import Settings
from service.store.sql import SqlStore
from tests.bench.figures import machine
from tests.statement_count import StatementCount

START = 1_700_000_000_000_000
MINUTE = 60_000_000
PEOPLE = ("ann", "bo", "cy", "dee", "eve")


def world(community: str) -> list[Record]:
    """A small community."""
    members = [Member(id=one, profile=f"{one} looks after boats", consent="members") for one in PEOPLE]
    said = [
        Message(id=f"x{n}", author=PEOPLE[n % 5], time=START + n * MINUTE, text=f"line {n} of the tide", channel="quay")
        for n in range(20)
    ]
    return [Community(id=community), Channel(id="quay"), *members, *said]


def measured(communities: int, rest: float, seconds: float) -> None:
    """Serve so many communities and print what that costs."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), listen="127.0.0.1:0", log_level="error", drain_seconds=0)
        with closing(SqlStore(settings.database)) as store:
            for n in range(communities):
                store.put(f"c{n}", world(f"c{n}"))
        statements, began = StatementCount(), time.monotonic()

        def watch(address: str) -> None:
            ready = time.monotonic() - began
            threading.Thread(target=print_cost, args=(communities, ready, statements, rest, seconds)).start()

        serve(settings, watch)


def print_cost(communities: int, ready: float, statements: StatementCount, rest: float, seconds: float) -> None:
    """Wait, look, stop the server."""
    time.sleep(rest)
    count, cpu = statements.count, time.process_time()
    time.sleep(seconds)
    a_second, share = (statements.count - count) / seconds, (time.process_time() - cpu) / seconds
    threads = threading.active_count() - 1
    print(
        f"{communities:>4} communities: ready after {ready:.1f} s, {threads} threads, {a_second:.1f} statements/s, "
        f"{100 * share:.2f} % of a core, {_resident() >> 20} MB",
        flush=True,
    )
    os.kill(os.getpid(), signal.SIGTERM)


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--communities", type=int, nargs="+", default=[1, 50, 200], help="how many (1 50 200)")
    parser.add_argument("--rest", type=float, default=5.0, help="seconds before looking (5)")
    parser.add_argument("--seconds", type=float, default=10.0, help="for how long to look (10)")
    options = parser.parse_args()
    spawning = multiprocessing.get_context("spawn")
    for communities in options.communities:
        child = spawning.Process(target=measured, args=(communities, options.rest, options.seconds))
        child.start()
        child.join()
    print(machine())


if __name__ == "__main__":
    main()
