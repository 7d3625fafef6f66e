"""Does any call break the server? A reply, or a status with a reason, is all that may come of one, soon enough.

    python -m tests.fuzz.calls [--count 1000000] [--seconds 3600] [--seed 1] [--threads 4]

Requests of every RPC are made up from the contract: whole and sensible ones, ones at their bounds and beyond, empty
ones, and raw bytes, against a real server with a small community in it. Prints how many calls there were by status, and
each fault (INTERNAL, UNKNOWN, no answer in time) once by where it happened, with a request that shows it. The same seed
makes up the same requests. Exits with 1 when there is any.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import logging
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from models.domain.records import Community
from service.api.server import build_server
from service.compose import open_application
from service.core.bounds import AnyName, Day, Each, Id, JsonObject, Language, Name, Range, Rule, Text, TimeZone
from service.core.errors import CommunityNotFound
from service.core.settings import Settings
from service.core.validation import REQUEST_RULES
from service.jobs.solving import solving
from tests.toy.world import RECORDS

HANGS = 30.0  # seconds after which a call hangs
LOOKS = 8  # pieces of a stream of replies that are read
DEEPEST = 6
EVERY = 10_000  # calls between two lines of progress
FRESH = 4_000  # calls after which the community is put back as it was
MODULES = (
    "channel", "community", "feed", "import", "invitation", "member", "message", "model", "outcome", "project",
    "recommendation", "round",
)  # fmt: skip
# They work for long, or beside the call: one in eight as often.
SLOW = (
    "CreateRound", "SolveRoundAgain", "RepairRound", "ProposeProjects", "GetCommunityHealth", "ExportCommunity",
    "WatchIntroductions", "RecommendAll", "DeleteCommunity",
)  # fmt: skip
BAD = (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN)
WORDS = (
    "kiln",
    "bread oven",
    "焊接",
    "Ada",
    "2026-12-10",
    "18:00-19:00",
    "wheelchair 🦽",
    "a" * 300,
    "\u202eabc",
    "{}",
)
EXTRAS = ('{"x":1}', '{"x":NaN}', '{"matchable":["x"],"_unknown_in_offers":[{"text":"a","y":2}]}', "[]", "{", "1e999")
NUMBERS = (0, 1, 2, 3, 7, -1, 2**31 - 1, -(2**31), 2**63 - 1, -(2**63), 10**6)
FLOATS = (0.0, 0.5, 1.0, -1.0, 1e300, float("inf"), float("nan"), 5e-324)
SECONDS = (0, 1, 1_600_000_000, 1_700_000_000, 4_000_000_000, 253_402_300_799, -1, 2**62)


def methods() -> list[MethodDescriptor]:
    """Every RPC of the contract."""
    found = (importlib.import_module(f"yiqi.v1.{name}_pb2").DESCRIPTOR for name in MODULES)
    return [method for file in found for service in file.services_by_name.values() for method in service.methods]


def path_of(method: MethodDescriptor) -> str:
    """What a client calls."""
    return f"/{method.containing_service.full_name}/{method.name}"


class Made:
    """Makes up requests. `wild` is how often a value is any one rather than one that its bounds allow, 0..1; with
    `whole` every field is filled. The same `random` makes up the same requests."""

    def __init__(self, random: random.Random, *, wild: float = 0.0, whole: bool = False) -> None:
        self._random = random
        self._wild = wild
        self._whole = whole

    def request(self, method: MethodDescriptor) -> Message:
        """A request of a method."""
        return self._message(method.input_type, 0)

    def _message(self, descriptor: Any, depth: int) -> Message:
        message = GetMessageClass(descriptor)()
        chosen = {self._random.choice(one.fields).name for one in descriptor.oneofs}
        for one in descriptor.fields:
            alone = one.containing_oneof is None or one.name in chosen
            if alone and depth < DEEPEST and (self._whole or self._random.random() < 0.7):
                self._fill(message, one, depth)
        return message

    def _fill(self, message: Message, one: FieldDescriptor, depth: int) -> None:
        rule = REQUEST_RULES.get(f"{one.containing_type.name}.{one.name}")
        try:
            if one.is_repeated:
                items = [self._value(one, _of_item(rule), depth) for _ in range(self._many(rule))]
                getattr(message, one.name).extend(items)
            elif one.message_type is not None:
                getattr(message, one.name).CopyFrom(self._value(one, rule, depth))
            else:
                setattr(message, one.name, self._value(one, rule, depth))
        except (ValueError, UnicodeEncodeError):
            pass  # no value of this type on the wire

    def _many(self, rule: Rule | None) -> int:
        least = rule.min if isinstance(rule, Each) else 0
        if self._random.random() < self._wild:
            return self._random.choice((0, 1, 120))
        return max(least, self._random.choice((1, 2, 3)))

    def _value(self, one: FieldDescriptor, rule: Rule | None, depth: int) -> Any:
        wild = self._random.random() < self._wild
        if one.enum_type is not None:
            return 99 if wild else self._random.choice(one.enum_type.values).number
        if one.message_type is not None and one.message_type.full_name == "google.protobuf.Timestamp":
            moment = GetMessageClass(one.message_type)()
            moment.seconds = self._random.choice(SECONDS) if wild else 1_700_000_000 + self._random.randrange(10**7)
            moment.nanos = self._random.choice((-1, 2**31 - 1)) if wild else 0
            return moment
        if one.message_type is not None and one.message_type.full_name == "google.protobuf.FieldMask":
            masked = [part.name for field in one.containing_type.fields[:1] for part in _fields(field)]
            some = self._random.sample(masked, min(len(masked), 2))
            return GetMessageClass(one.message_type)(paths=self._random.choice((["*"], [], some)))
        if one.message_type is not None:
            return self._message(one.message_type, depth + 1)
        if one.type == FieldDescriptor.TYPE_STRING:
            return self._text(one.name, rule, wild)
        if one.type == FieldDescriptor.TYPE_BOOL:
            return self._random.random() < 0.5
        return self._number(one, rule, wild)

    def _number(self, one: FieldDescriptor, rule: Rule | None, wild: bool) -> Any:
        floating = one.type in (FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_FLOAT)
        if one.name in ("min_sequence", "seconds") and self._random.random() < 0.99:
            return 0  # waiting for what never comes tells nothing
        if wild:
            return self._random.choice(FLOATS if floating else NUMBERS)
        if isinstance(rule, Range):
            near = min(rule.high, rule.low + 20)
            value = self._random.choice((rule.low, near, self._random.uniform(rule.low, near)))
            return float(value) if floating else int(value)
        return self._random.random() if floating else self._random.randrange(4)

    def _text(self, name: str, rule: Rule | None, wild: bool) -> str:
        if wild and self._random.random() < 0.5:
            return "".join(chr(self._random.choice((0, 9, 32, 47, 65, 0x202E, 0x4E00, 0x1F600))) for _ in range(5))
        if isinstance(rule, (Name, AnyName)):
            patterns = rule.patterns if isinstance(rule, AnyName) else (rule.collections,)
            return self._name(self._random.choice(patterns), wild)
        if isinstance(rule, JsonObject):
            return self._random.choice(EXTRAS if wild else EXTRAS[:1])
        if isinstance(rule, Id):
            return self._id(name.removesuffix("_id"), wild)
        if name == "record_json":
            return self._random.choice(('{"id":"x","author":"ada","text":"a"}', '{"id":"new","name":"New"}', "[]", "1"))
        if name == "kind":
            return self._random.choice(("member", "message", "project", "round", "invitation", "cake"))
        if name in ("etag", "page_token", "resume_token", "recommendation_token") and not wild:
            return ""
        if isinstance(rule, (Language, TimeZone, Day)):
            return {Language: "en", TimeZone: "Asia/Shanghai", Day: "2026-12-10 18:00"}[type(rule)]
        if isinstance(rule, Text) and wild and self._random.random() < 0.2:
            return "x" * min(rule.max + 1, 200_000)
        text = self._random.choice(WORDS)
        return text[: rule.max // (1 if rule.unit == "characters" else 4)] if isinstance(rule, Text) else text

    def _name(self, collections: tuple[str, ...], wild: bool) -> str:
        community = "toy" if self._random.random() < 0.95 else self._random.choice(("side", "none"))
        ids = [community, *(self._id(one, wild) for one in collections[1:])]
        return "/".join(part for pair in zip(collections, ids, strict=True) for part in pair)

    def _id(self, collection: str, wild: bool) -> str:
        kind = collection.removesuffix("s")
        if kind == "community":
            return self._random.choice(("side", "toy"))
        pool = _IDS.get(kind, ())
        if pool and self._random.random() < 0.8:
            return self._random.choice(pool)
        return (
            self._random.choice(("", "a/b", " x", "x" * 129, "ada~bo"))
            if wild
            else f"{kind}-{self._random.randrange(8)}"
        )


def _ids() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for record in RECORDS:
        found.setdefault(type(record).__name__.lower(), []).append(record.id)
    return {kind: tuple(ids[:40]) for kind, ids in found.items()}


_IDS = _ids()


def _fields(one: FieldDescriptor) -> list[FieldDescriptor]:
    return list(one.message_type.fields) if one.message_type is not None else []


def _of_item(rule: Rule | None) -> Rule | None:
    return rule.rule if isinstance(rule, Each) else rule


class Calls:
    """Calls a server. `code` answers what became of a call; None where there was no answer in time."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._channel = channel

    def code(self, method: MethodDescriptor, *requests: Message | bytes) -> grpc.StatusCode | None:
        """Call once; of a stream of replies a few are read."""
        try:
            self._call(method, [one if isinstance(one, bytes) else one.SerializeToString() for one in requests])
        except grpc.RpcError as error:
            late = error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
            return None if late else error.code()
        return grpc.StatusCode.OK

    def _call(self, method: MethodDescriptor, pieces: list[bytes]) -> None:
        path = path_of(method)
        if method.server_streaming:
            made = self._channel.stream_stream if method.client_streaming else self._channel.unary_stream
            watches = method.name == "WatchIntroductions"
            given = iter(pieces) if method.client_streaming else pieces[0]
            replies = made(path)(given, timeout=1.0 if watches else HANGS)
            try:
                for _ in itertools.islice(replies, LOOKS):
                    pass
            except grpc.RpcError as error:
                if not (watches and error.code() is grpc.StatusCode.DEADLINE_EXCEEDED):
                    raise
            finally:
                replies.cancel()
        elif method.client_streaming:
            self._channel.stream_unary(path)(iter(pieces), timeout=HANGS)
        else:
            self._channel.unary_unary(path)(pieces[0], timeout=HANGS)


@dataclass
class Found:
    """How many calls there were by status, and the faults by where: a request that shows each."""

    codes: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)


class Faults(logging.Handler):
    """Where the server last had a fault, by method, and what failed beside calls."""

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[str, str] = {}
        self.beside: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Called for every line of the log."""
        if record.getMessage() in ("job failed", "following failed", "jobs not looked at"):
            self.beside.append(f"{record.getMessage()}: {record.fault}")  # type: ignore[attr-defined]
        if record.getMessage() == "fault":
            self.places[record.method] = record.fault.split(" > ")[-1] + " " + record.fault.split(" at ")[0]  # type: ignore[attr-defined]


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of a server with the toy community, and what puts that back as it was."""
    with open_application(Settings(data=folder, introductions=False), writes=True) as (store, runtime):

        def afresh() -> None:
            with turn, suppress(CommunityNotFound):  # deleted at the same moment by a call
                store.delete_community("toy")
                store.put("toy", [Community(id="toy"), *RECORDS])

        turn = threading.Lock()
        afresh()
        with solving(store, runtime):
            server = build_server(store, runtime, runtime.tokens.check)
            port = server.add_insecure_port("127.0.0.1:0")
            server.start()
            yield f"127.0.0.1:{port}", afresh
            server.stop(1.0).wait()


def fuzz(count: int, seconds: float, seed: int, threads: int) -> Found:
    """Call until so many calls are made or so many seconds are over."""
    faults, found, lock = Faults(), Found(), threading.Lock()
    logging.getLogger("yiqi").addHandler(faults)
    logging.getLogger("yiqi").propagate = False
    logging.getLogger("yiqi").setLevel(logging.INFO)
    every, numbers = methods(), itertools.count()
    weights = [1 if one.name in SLOW else 8 for one in every]
    end = time.monotonic() + seconds

    def run(channel: grpc.Channel) -> None:
        calls = Calls(channel)
        while (number := next(numbers)) < count and time.monotonic() < end:
            rng = random.Random(f"{seed} {number}")
            [method] = rng.choices(every, weights)
            made = Made(rng, wild=rng.choice((0.0, 0.02, 0.2)), whole=rng.random() < 0.3)
            requests: list[Message | bytes] = [made.request(method) for _ in range(2 if method.client_streaming else 1)]
            if rng.random() < 0.05:
                requests = [_spoilt(rng, one.SerializeToString()) for one in requests if isinstance(one, Message)]
            if number % FRESH == FRESH - 1:
                afresh()
            code = calls.code(method, *requests)
            with lock:
                found.codes["no answer" if code is None else code.name] += 1
                if code is None or code in BAD:
                    place = "no answer" if code is None else faults.places.get(path_of(method), code.name)
                    where = f"{method.name}: {place}"
                    found.faults.setdefault(where, f"#{number} {str(requests[0])[:1500]}")
            if number % EVERY == EVERY - 1:
                print(f"{number + 1} calls, {len(found.faults)} faults, {dict(found.codes)}", flush=True)

    with (
        tempfile.TemporaryDirectory(prefix="yiqi-fuzz-") as folder,
        served(Path(folder)) as (address, afresh),
        grpc.insecure_channel(address) as channel,
        ThreadPoolExecutor(threads) as pool,
    ):
        for done in [pool.submit(run, channel) for _ in range(threads)]:
            done.result()
    found.faults |= dict.fromkeys(faults.beside, "beside the calls")
    return found


def _spoilt(rng: random.Random, raw: bytes) -> bytes:
    data = bytearray(raw or b"\n\x03abc")
    for _ in range(rng.randrange(1, 4)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data[: rng.randrange(len(data) + 1)]) if rng.random() < 0.3 else bytes(data)


def main() -> int:
    """Run it; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=4)
    asked = parser.parse_args()
    began = time.monotonic()
    found = fuzz(asked.count, asked.seconds, asked.seed, asked.threads)
    spent = time.monotonic() - began
    total = sum(found.codes.values())
    print(f"{total} calls in {spent:.0f} s ({total / spent:.0f}/s)")
    for code, number in found.codes.most_common():
        print(f"  {code:<20} {number}")
    for where, request in found.faults.items():
        print(f"FAULT {where}\n{request}\n")
    return int(bool(found.faults))


if __name__ == "__main__":
    sys.exit(main())
