"""Does anything that is no call break the server? Raw bytes on the port: other protocols, spoilt HTTP/2, broken gRPC.

    python -m tests.fuzz.port [--count 100000] [--seconds 600] [--seed 1] [--threads 4]

Each conversation is a connection of its own: bytes are sent, what comes back is read for a moment, and the connection
is closed, or reset. Now and then somebody else calls, who must be answered as ever. Prints how many conversations there
were by kind, the longest such call, and open sockets before and after. Exits with 1 when a call failed or sockets stay.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import socket
import struct
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from yiqi.client import YiqiClient, YiqiRpcError
from yiqi.v1.member_pb2 import GetMemberRequest

from tests.fuzz.calls import HANGS, served

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RESET, SETTINGS, PING, WINDOW, CONTINUATION = 0, 1, 3, 4, 6, 8, 9
END_STREAM, END_HEADERS = 1, 4
LISTENS_SECONDS = 0.05
EVERY = 50  # conversations between two calls of somebody else
GONE_SECONDS = 60.0  # in which sockets of closed connections must be gone


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    """A frame of HTTP/2."""
    return len(payload).to_bytes(3) + bytes((kind, flags)) + (stream & 0xFFFFFFFF).to_bytes(4) + payload


def headers(path: str = "/yiqi.v1.MemberService/GetMember") -> bytes:
    """The header block of a call, each header as a literal that is not indexed."""
    fields = {
        ":method": "POST", ":scheme": "http", ":path": path, ":authority": "localhost",
        "content-type": "application/grpc", "te": "trailers",
    }  # fmt: skip
    return b"".join(b"\0" + _literal(name) + _literal(value) for name, value in fields.items())


def _literal(text: str) -> bytes:
    return bytes((len(text),)) + text.encode()


def _message(raw: bytes) -> bytes:
    """A message as gRPC sends it: not compressed, its length, itself."""
    return b"\0" + len(raw).to_bytes(4) + raw


def call(raw: bytes = b"") -> bytes:
    """All that a client sends for one call."""
    raw = raw or GetMemberRequest(name="communities/toy/members/ada").SerializeToString()
    return (
        PREFACE
        + frame(SETTINGS, 0, 0, b"")
        + frame(HEADERS, END_HEADERS, 1, headers())
        + frame(DATA, END_STREAM, 1, _message(raw))
    )


def taken_back(many: int) -> bytes:
    """So many calls of one client, each taken back as soon as it is made."""
    streams = range(1, 2 * many, 2)
    calls = (
        frame(HEADERS, END_STREAM | END_HEADERS, n, headers()) + frame(RESET, 0, n, b"\0\0\0\x08") for n in streams
    )
    return PREFACE + frame(SETTINGS, 0, 0, b"") + b"".join(calls)


def _noise(rng: random.Random) -> bytes:
    return rng.randbytes(rng.choice((1, 24, 300, 70_000)))


def _other_protocol(rng: random.Random) -> bytes:
    return rng.choice((
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /yiqi.v1.MemberService/GetMember HTTP/1.1\r\nUpgrade: h2c\r\nContent-Length: 9\r\n\r\n123456789",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + rng.randbytes(300),
        b"SSH-2.0-OpenSSH_9.0\r\n", b"*1\r\n$4\r\nPING\r\n", b"\0" * 4096, b"A" * 100_000,
    ))  # fmt: skip


def _spoilt_call(rng: random.Random) -> bytes:
    """A call with some bytes of it changed, cut out or doubled, the preface mostly left alone."""
    data = bytearray(call())
    first = 0 if rng.random() < 0.1 else len(PREFACE)
    for _ in range(rng.randrange(1, 5)):
        at = rng.randrange(first, len(data))
        match rng.randrange(3):
            case 0:
                data[at] = rng.randrange(256)
            case 1:
                del data[at : at + rng.randrange(1, 9)]
            case _:
                data[at:at] = data[at : at + rng.randrange(1, 40)]
        if len(data) <= first:
            break
    return bytes(data)


def _frames(rng: random.Random) -> bytes:
    """Frames of any kind with any flags, on any stream, whole in themselves."""
    out = [PREFACE, frame(SETTINGS, 0, 0, b"")]
    for _ in range(rng.randrange(1, 30)):
        kind = rng.randrange(12)
        payload = (
            headers() if kind == HEADERS and rng.random() < 0.7 else rng.randbytes(rng.choice((0, 4, 5, 6, 8, 60)))
        )
        stream = rng.choice((0, 1, 2, 3, 5, 2**31 - 1, 2**32 - 1))
        out.append(frame(kind, rng.choice((0, END_STREAM, END_HEADERS, 5, 255)), stream, payload))
    return b"".join(out)


def _flood(rng: random.Random) -> bytes:
    """Many frames that cost their sender little."""
    start = PREFACE + frame(SETTINGS, 0, 0, b"")
    many = rng.choice((200, 2000))
    match rng.randrange(5):
        case 0:
            return start + frame(PING, 0, 0, b"12345678") * many
        case 1:
            return start + frame(SETTINGS, 0, 0, struct.pack(">HI", 4, rng.randrange(2**31))) * many
        case 2:
            return taken_back(many)
        case 3:  # headers without an end
            return start + frame(HEADERS, 0, 1, headers()) + frame(CONTINUATION, 0, 1, b"\0\x01a\x01b" * 100) * many
        case _:
            return start + frame(WINDOW, 0, 0, b"\x7f\xff\xff\xff") * many


def _broken_grpc(rng: random.Random) -> bytes:
    """Whole HTTP/2, but what stands in it is no message: a length that lies, an unknown compression, no end."""
    raw = GetMemberRequest(name="communities/toy/members/ada").SerializeToString()
    body = rng.choice((
        b"\0\xff\xff\xff\xff" + raw, b"\0\0\0\0\x02" + raw, b"\x01" + _message(raw)[1:], b"\x07" + _message(raw)[1:],
        _message(rng.randbytes(40)), _message(raw) * 3, b"", b"\0\0",
    ))  # fmt: skip
    flags = rng.choice((END_STREAM, 0))
    path = rng.choice(
        ("/yiqi.v1.MemberService/GetMember", "/", "", "/yiqi.v1.MessageService/IngestMessages", "x" * 120)
    )
    start = PREFACE + frame(SETTINGS, 0, 0, b"") + frame(HEADERS, END_HEADERS, 1, headers(path))
    return start + frame(DATA, flags, 1, body)


KINDS: dict[str, Callable[[random.Random], bytes]] = {
    "noise": _noise, "another protocol": _other_protocol, "a spoilt call": _spoilt_call, "frames": _frames,
    "a flood": _flood, "broken gRPC": _broken_grpc,
}  # fmt: skip


def converse(address: str, raw: bytes, rng: random.Random) -> None:
    """One connection: send, listen for a moment, close or reset it. The server may close it at any time."""
    host, _, port = address.rpartition(":")
    with suppress(OSError), socket.create_connection((host, int(port)), timeout=HANGS) as connection:
        if rng.random() < 0.3:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closing resets it
        at = rng.randrange(len(raw) + 1)
        for part in (raw[:at], raw[at:]):
            connection.sendall(part)
        if rng.random() < 0.5:
            connection.shutdown(socket.SHUT_WR)
        connection.settimeout(LISTENS_SECONDS)
        while connection.recv(65_536):
            pass


@dataclass
class Seen:
    """Conversations by kind; seconds of calls of somebody else, and those that failed; open sockets."""

    kinds: Counter[str] = field(default_factory=Counter)
    waited: list[float] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    sockets_before: int = 0
    sockets_after: int = 0


def fuzz(count: int, seconds: float, seed: int, threads: int) -> Seen:
    """Until so many conversations were had or so many seconds are over."""
    seen, lock, numbers = Seen(), threading.Lock(), itertools.count()
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="yiqi-port-") as folder, served(Path(folder)) as (address, _):

        def somebody_else() -> None:
            began = time.monotonic()
            try:
                with YiqiClient(address, timeout=4 * HANGS, attempts=1) as client:
                    client.get_member("toy", "ada")
            except YiqiRpcError as error:
                with lock:
                    seen.failed[f"{error.status.name} {error.reason}"] += 1
            with lock:
                seen.waited.append(time.monotonic() - began)

        def run() -> None:
            while (number := next(numbers)) < count and time.monotonic() < end:
                rng = random.Random(f"{seed} {number}")
                kind = rng.choice(list(KINDS))
                converse(address, KINDS[kind](rng), rng)
                with lock:
                    seen.kinds[kind] += 1
                if number % EVERY == EVERY - 1:
                    somebody_else()

        somebody_else()
        seen.sockets_before = _sockets()
        with ThreadPoolExecutor(threads) as pool:
            for done in [pool.submit(run) for _ in range(threads)]:
                done.result()
        somebody_else()
        seen.sockets_after = _sockets()
        until = time.monotonic() + GONE_SECONDS
        while seen.sockets_after > seen.sockets_before and time.monotonic() < until:
            time.sleep(0.1)
            seen.sockets_after = _sockets()
    return seen


def _sockets() -> int:
    """Open in this process, whose other handles (of the store) come and go by themselves."""
    found = 0
    for one in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):
            found += os.readlink(f"/proc/self/fd/{one}").startswith("socket:")
    return found


def main() -> int:
    """Run it; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=4)
    asked = parser.parse_args()
    seen = fuzz(asked.count, asked.seconds, asked.seed, asked.threads)
    print(f"{seen.kinds.total()} conversations {dict(seen.kinds)}")
    print(
        f"{len(seen.waited)} calls of somebody else, the longest {max(seen.waited):.2f} s; failed {dict(seen.failed)}"
    )
    print(f"open sockets before {seen.sockets_before}, after {seen.sockets_after}")
    return int(bool(seen.failed) or seen.sockets_after > seen.sockets_before)


if __name__ == "__main__":
    sys.exit(main())
