"""How long until a command is done, and a server answers?

    python -m tests.bench.starting [--data DATA --community C]
    python -m tests.bench.starting --archive ARCHIVE --communities 10

Seconds on the clock and of the processor, beside those of a process that imports what is needed in any case (numpy and
grpc) and ends. A server is timed until it says that it listens, until it has answered its first recommendation, and
until its last community is loaded.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from yiqi.client import YiqiClient, id_of

from tests.bench.serving import ROOT, YIQI, arguments, data_of, yiqi

LONGEST = 600.0
_TICKS = os.sysconf("SC_CLK_TCK")


class Seconds(NamedTuple):
    """On the clock, and of the processor."""

    clock: float
    processor: float


def of_command(*command: str | Path) -> Seconds:
    """A whole process."""
    began, before = time.perf_counter(), _children()
    subprocess.run([*map(str, command)], cwd=ROOT, check=True, capture_output=True)
    return Seconds(time.perf_counter() - began, _children() - before)


def of_server(data: Path, community: str, member: str) -> dict[str, Seconds]:
    """A server, at each of its steps."""
    command = [*YIQI, "serve", "--data", str(data), "--listen", "127.0.0.1:0"]
    began = time.perf_counter()
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True) as server,
    ):

        def now() -> Seconds:
            return Seconds(time.perf_counter() - began, _used(server.pid))

        try:
            assert server.stdout is not None
            address = server.stdout.readline().split()[-1]
            found = {"listening": now()}
            with YiqiClient(address, timeout=LONGEST) as client:
                client.recommend_peers(community, member)
            found["first answer"] = now()
            while "all loaded" not in _events(log):
                time.sleep(0.05)
            return found | {"all loaded": now()}
        finally:
            server.terminate()


@contextmanager
def communities(options: Namespace) -> Iterator[tuple[Path, str]]:
    """The data folder to be served, and a community in it."""
    if options.archive is None:
        with data_of(options) as data:
            yield data, options.community
        return
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        for n in range(options.communities):
            yiqi("import", options.archive, "--community", f"c{n}", "--consent", "members", "--data", data)
        yield data, "c0"


def _events(log: object) -> set[str]:
    log.seek(0)  # type: ignore[attr-defined]
    lines = log.read().splitlines()  # type: ignore[attr-defined]
    return {json.loads(line).get("event", "") for line in lines if line.startswith("{") and line.endswith("}")}


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _used(process: int) -> float:
    """Seconds of the processor so far; 0 where the system does not tell."""
    try:
        after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(after_name[11]) + int(after_name[12])) / _TICKS


def main() -> None:
    """Print a line for each figure."""
    parser = arguments(__doc__.split("\n")[0])
    parser.add_argument("--archive", help="imported instead of --data, under several names")
    parser.add_argument("--communities", type=int, default=10, help="under how many")
    with communities(parser.parse_args()) as (data, community):
        door = ("--data", data, "--community", community)
        member = id_of(_members(data, community)[0])
        reference = of_command(sys.executable, "-c", "import numpy, grpc")
        figures = {
            "reference": reference,
            "yiqi --help": of_command(*YIQI, "--help"),
            "yiqi recommend": of_command(*YIQI, "recommend", "peers", *door, "--member", member),
            **{f"yiqi serve: {step}": taken for step, taken in of_server(data, community, member).items()},
        }
    print(f"{'':28}{'clock s':>9}{'processor s':>13}{'÷ reference':>13}")
    for name, taken in figures.items():
        print(f"{name:28}{taken.clock:9.2f}{taken.processor:13.2f}{taken.processor / reference.processor:13.1f}")


def _members(data: Path, community: str) -> list[str]:
    lines = yiqi("members", "list", "--data", data, "--community", community, "--format", "jsonl")
    return [json.loads(line)["id"] for line in lines.splitlines()]


if __name__ == "__main__":
    main()
