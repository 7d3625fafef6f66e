"""Does a server that is asked and written to for long grow? Memory, handles, threads, times of answers by the minute.

    python -m tests.bench.soak --minutes 60 --share 0.7
    python -m tests.bench.soak --data DIR --community ID

Recommendations are asked from a process of their own at a fixed share of capacity, which is measured first. Beside them
messages, members and outcomes are written to that community and to a small one. What was written some minutes ago is
deleted again, so that the server holds as much at the end as after the first minutes: what grows is kept for nothing.
Only outcomes and the change log stay.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from yiqi.client import YiqiRpcError, channel_name, member_name, message_name, timestamp
from yiqi.v1.common_pb2 import Need
from yiqi.v1.member_pb2 import Member
from yiqi.v1.message_pb2 import DeleteMessageRequest, Message
from yiqi.v1.outcome_pb2 import OUTCOME_KIND_MET, Outcome

from tests.bench.figures import machine
from tests.bench.overload import CLIENTS, asked_closed, asked_open
from tests.bench.serving import Served, arguments, data_of, serving

SECOND = "second"
PEOPLE = [f"p{number}" for number in range(20)]  # of the second community
WRITES = {"message": 2.0, "member": 0.2, "profile": 0.5, "outcome": 0.5, "second": 1.0}  # a second
KEPT_SECONDS = 180.0  # after which what was written is deleted
SETTLED = 5  # minutes after which nothing should grow
WORDS = """
we could try a smaller boat before winter and ask the harbour who still has an engine that runs so that somebody
learns the wiring while another writes down what each part costs 今天 大家 一起 修 船 需要 电工 朋友 周末 学习
"""


@dataclass(frozen=True)
class Held:
    """What the processes of a server hold together: MB of memory, open handles, threads."""

    megabytes: float
    handles: int
    threads: int
    processes: int


def held(process: int) -> Held:
    """Now, by the server and its workers."""
    family = [Path("/proc", str(one)) for one in _family(process)]
    status = ["\n" + (one / "status").read_text() for one in family]
    kilobytes, threads = (
        sum(int(one.split(f"\n{what}:")[1].split()[0]) for one in status) for what in ("VmRSS", "Threads")
    )
    return Held(kilobytes / 1024, sum(len(list((one / "fd").iterdir())) for one in family), threads, len(family))


def _family(process: int) -> list[int]:
    found = [process]
    for one in found:
        for task in Path("/proc", str(one), "task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


class Writes:
    """Writes of all kinds at their rates, until the end of the block, and the deletion of what was written."""

    def __init__(self, served: Served, people: list[str]) -> None:
        self._community = served.community
        self._people = people
        self._client = served.client()
        self._random = random.Random(1)
        self._run = f"{time.time_ns():x}"
        self._number = 0
        self._written: deque[tuple[float, Callable[[], object]]] = deque()
        self.done: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self._client.create_community(SECOND)
        for one in PEOPLE:
            self._client.create_member(SECOND, one)

    @contextmanager
    def beside(self) -> Iterator[None]:
        """Write while the block runs."""
        over = threading.Event()
        thread = threading.Thread(target=self._until, args=(over,))
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            self._client.close()

    def _until(self, over: threading.Event) -> None:
        kinds = {
            "message": lambda: self._say(self._community, self._people),
            "second": lambda: self._say(SECOND, PEOPLE),
            "member": self._arrive,
            "profile": self._state,
            "outcome": self._tell,
        }
        due = dict.fromkeys(kinds, time.monotonic())
        while not over.wait(max(0.0, min(due.values()) - time.monotonic())):
            kind = min(due, key=lambda one: due[one])
            due[kind] = max(due[kind], time.monotonic() - 1.0) + 1 / WRITES[kind]  # never more than a second behind
            self._try(kind, kinds[kind])
            while self._written and self._written[0][0] < time.monotonic() - KEPT_SECONDS:
                self._try("deletion", self._written.popleft()[1])

    def _try(self, kind: str, write: Callable[[], object]) -> None:
        try:
            write()
            self.done[kind] += 1
        except YiqiRpcError as error:
            self.failed[f"{kind} {error.status.name} {error.reason}"] += 1

    def _say(self, community: str, people: list[str]) -> None:
        id = self._new_id()
        said = Message(
            name=message_name(community, id),
            author=member_name(community, self._random.choice(people)),
            mentions=[member_name(community, self._random.choice(people))],
            time=timestamp(datetime.now(UTC)),
            text=self._words(),
            channel=channel_name(community, "soak"),
        )
        self._client.ingest_messages(community, [said])
        self._later(lambda: self._client.messages.DeleteMessage(DeleteMessageRequest(name=said.name)))

    def _arrive(self) -> None:
        id = self._new_id()
        self._client.create_member(self._community, id, Member(profile=self._words(), consent="CONSENT_MEMBERS"))
        self._later(lambda: self._client.erase_member(self._community, id))

    def _state(self) -> None:
        changes = Member(profile=self._words(), offers=[Need(text=self._words())])
        self._client.update_member(self._community, self._random.choice(self._people), changes, ["profile", "offers"])

    def _tell(self) -> None:
        one, other = self._random.sample(self._people, 2)
        names = member_name(self._community, one), member_name(self._community, other)
        now = timestamp(datetime.now(UTC))
        self._client.record_outcomes(
            self._community,
            [Outcome(name=f"communities/{self._community}/outcomes/{self._new_id()}", source=names[0], target=names[1],
                     kind=OUTCOME_KIND_MET, time=now)],
        )  # fmt: skip

    def _later(self, delete: Callable[[], object]) -> None:
        self._written.append((time.monotonic(), delete))

    def _new_id(self) -> str:
        self._number += 1
        return f"soak-{self._run}-{self._number}"

    def _words(self) -> str:
        return " ".join(self._random.choices(WORDS.split(), k=12))


def soak(served: Served, minutes: int, share: float, seconds: float) -> list[Held]:
    """What the server held after each minute; prints as it goes. `seconds`: how long capacity is measured."""
    people = served.people()
    where = served.target, served.community, people
    writes, found = Writes(served, people), []
    with ProcessPoolExecutor(1, get_context("spawn")) as elsewhere:
        elsewhere.submit(asked_closed, *where, CLIENTS, seconds / 2).result()
        capacity = elsewhere.submit(asked_closed, *where, CLIENTS, seconds).result().goodput
        print(f"capacity {capacity:.0f} answers a second; asked {share * capacity:.0f} a second; {machine()}")
        print("minute      MB handles threads processes   p50 ms   p99 ms  answered  other   written  failed  load")
        with writes.beside():
            for minute in range(1, minutes + 1):
                asked = elsewhere.submit(asked_open, *where, share * capacity, 60.0).result()
                found.append(now := held(served.process))
                p50, p99 = 1000 * np.percentile(asked.latencies or [np.nan], [50, 99])
                other = asked.codes.total() - asked.codes["OK"]
                print(
                    f"{minute:>6} {now.megabytes:7.1f} {now.handles:>7} {now.threads:>7} {now.processes:>9} {p50:8.1f} "
                    f"{p99:8.1f} {asked.codes['OK']:>9} {other:>6} {writes.done.total():>9} "
                    f"{writes.failed.total():>7}  {machine().split()[-1]}",
                    flush=True,
                )
    print(f"written {dict(writes.done)}; failed {dict(writes.failed) or 'nothing'}")
    return found


def said(found: list[Held]) -> str:
    """How it changed once it was settled; one line."""
    early, late = found[min(SETTLED, len(found)) - 1], found[-1]
    grown = late.megabytes / early.megabytes - 1
    return (
        f"from minute {min(SETTLED, len(found))} to {len(found)}: memory {grown:+.1%} "
        f"({early.megabytes:.1f} to {late.megabytes:.1f} MB), handles {late.handles - early.handles:+}, "
        f"threads {late.threads - early.threads:+}"
    )


def main() -> None:
    """The command."""
    parser = arguments(__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--minutes", type=int, default=60, help="for how long")
    parser.add_argument("--share", type=float, default=0.7, help="of capacity that is asked")
    parser.add_argument("--seconds", type=float, default=20.0, help="that capacity is measured")
    options = parser.parse_args()
    with data_of(options) as data, serving(data, options.community) as served:
        print(said(soak(served, options.minutes, options.share, options.seconds)))


if __name__ == "__main__":
    main()
