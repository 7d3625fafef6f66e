"""A real `yiqi serve` in a process of its own, and what these tests say to it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from google.protobuf.timestamp_pb2 import Timestamp
from yiqi.client import YiqiClient
from yiqi.v1.member_pb2 import Member
from yiqi.v1.message_pb2 import Message

ROOT = Path(__file__).resolve().parents[2]
START = 1_700_000_000
READY = "listening on "
RUN = "from service.__main__ import main; main()"
# Of a server the encoder is there from the start: how soon what is written is found does not depend on who asks first.
ENCODER = "from models.text.encoder import load_encoder; load_encoder().encode(['ready']); "
SECONDS = 120.0  # a first call waits for its community, on a machine that may do much else


class Server:
    """A running server; `address` is where."""

    def __init__(self, data: Path, listen: str = "127.0.0.1:0", code: str = RUN) -> None:
        self.process = start(data, listen, code)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith(READY), f"the server said {line!r}"
        self.address = line.removeprefix(READY).strip()

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self._wait()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self._wait()

    def _wait(self) -> int:
        self.process.communicate(timeout=60)
        return self.process.returncode


def start(data: Path, listen: str = "127.0.0.1:0", code: str = RUN) -> subprocess.Popen[str]:
    """The process, ready or not. `code` runs the command line, after whatever else a test wants of it."""
    command = [sys.executable, "-c", ENCODER + code, "serve", "--data", str(data), "--listen", listen]
    pipe = subprocess.PIPE
    environment = {**os.environ, "YIQI_LOG_LEVEL": "warning", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True)


@contextmanager
def serving(data: Path, code: str = RUN) -> Iterator[tuple[Server, YiqiClient]]:
    """A server and a client of it, both gone at the end."""
    server = Server(data, code=code)
    try:
        with YiqiClient(server.address, timeout=SECONDS) as client:
            yield server, client
    finally:
        if server.process.returncode is None:
            server.kill()


def message(n: int, author: str, text: str = "") -> Message:
    """The n-th message of the community "c"."""
    return Message(
        name=f"communities/c/messages/x{n:06}",
        author=f"communities/c/members/{author}",
        time=Timestamp(seconds=START + 60 * n),
        text=text or f"line {n} about the kiln, the tide and the bread oven",
    )


def member(profile: str, **fields: object) -> Member:
    """Somebody who may be recommended to members."""
    return Member(profile=profile, consent="CONSENT_MEMBERS", **fields)  # type: ignore[arg-type]
