"""A real server in a process of its own, and data for it: what every measurement here starts from."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from yiqi.client import YiqiClient, id_of
from yiqi.v1.recommendation_pb2 import AUDIENCE_ORGANIZERS

ROOT = Path(__file__).parents[2]
YIQI = (sys.executable, "-m", "service")
START_SECONDS = 120.0
STOP_SECONDS = 60.0
SAMPLE = "sample"


@dataclass(frozen=True)
class Served:
    """A community and where it is served, by which process; `log` is what the server wrote on stderr."""

    target: str
    community: str
    log: Path
    process: int = 0

    def client(self, timeout: float = 30.0) -> YiqiClient:
        """A connection of its own."""
        return YiqiClient(self.target, timeout=timeout)

    def people(self) -> list[str]:
        """`recommendable`, once the community is loaded."""
        with self.client(START_SECONDS) as client:
            return recommendable(client, self.community)

    def memory(self) -> int:
        """Bytes of the server that are in memory."""
        status = Path(f"/proc/{self.process}/status").read_text()
        return 1024 * int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def imported(archive: Path, data: Path) -> float:
    """Seconds in which an archive becomes a community of a new data folder, until all of it is searchable."""
    began = time.monotonic()
    yiqi("import", archive, "--community", SAMPLE, "--data", data)
    return time.monotonic() - began


def yiqi(*args: str | Path) -> str:
    """What a command of the command line prints. Raises CalledProcessError."""
    done = subprocess.run([*YIQI, *map(str, args)], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def import_sample(folder: Path) -> Path:
    """A data folder with the community that ships, all of whose members agreed to be shown."""
    yiqi("sample", folder / "archive")
    yiqi("import", folder / "archive", "--community", SAMPLE, "--consent", "members", "--data", folder / "data")
    return folder / "data"


@contextmanager
def serving(data: Path, community: str = SAMPLE) -> Iterator[Served]:
    """The data folder served on a free port until the end of the block. RuntimeError when it does not start."""
    with tempfile.TemporaryDirectory() as folder, open(Path(folder) / "log", "w") as log:
        command = [*YIQI, "serve", "--data", str(data), "--listen", "127.0.0.1:0"]
        server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            yield Served(_ready(server, log), community, Path(log.name), server.pid)
        finally:
            server.terminate()
            try:
                server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _ready(server: subprocess.Popen[str], log: IO[str]) -> str:
    assert server.stdout is not None
    line = server.stdout.readline()
    if not line.startswith("listening on "):
        raise RuntimeError(f"the server did not start:\n{Path(log.name).read_text()}")
    return line.split()[-1]


def recommendable(client: YiqiClient, community: str) -> list[str]:
    """Ids of the members whom an organizer can be shown at all, by id."""
    reply = client.search_members(
        community, "anybody", limit=1000, audience=AUDIENCE_ORGANIZERS, with_reasons=False, diversity=0.0
    )
    return sorted(id_of(found.resource) for found in reply.recommendations)


def arguments(description: str) -> argparse.ArgumentParser:
    """A parser with the options that every measurement has."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--data", type=Path, help="a data folder; the sample community imported afresh when not given")
    parser.add_argument("--community", default=SAMPLE, help="the community in it")
    return parser


@contextmanager
def data_of(options: argparse.Namespace) -> Iterator[Path]:
    """The data folder that the options name."""
    if options.data is not None:
        yield options.data
        return
    with tempfile.TemporaryDirectory() as folder:
        yield import_sample(Path(folder))
