"""Kill a server again and again while it is written to, and count what is lost, doubled or left hanging.

    python -m tests.fuzz.kills --count 100 --seed 1

Each time a server starts on the same data folder and is killed with SIGKILL at a moment that the seed chooses, while
messages, members, outcomes and rounds are written, lists are read, and now and then an import, a night or a backup runs
beside it, which is killed with it as often as not. The next server is asked for everything that was acknowledged. The
encoder costs next to nothing: half of a server's life would be its start.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from yiqi.client import YiqiClient, YiqiRpcError
from yiqi.v1 import message_pb2, outcome_pb2
from yiqi.v1 import round_pb2 as pb

from tests.bench.communities import cheap_encoder
from tests.bench.figures import machine
from tests.e2e.serving import ROOT, RUN, START, Server, member, message

COMMUNITY = "c"
PARENT = f"communities/{COMMUNITY}"
PEOPLE = [f"p{n}" for n in range(12)]
PAUSE = 0.05  # between two calls of a kind: a server with all hands full would be killed before any round is solved
LATEST, LONGEST = 2.5, 12.0  # seconds after a server is ready by which it is killed; one in five has time for a round
BATCH = 5
PAIRED = 6  # people in a round
ROUND_SECONDS = 120.0


@dataclass(slots=True)
class Told:
    """What was acknowledged, by kind; and what a server was asked for without an answer."""

    ids: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in ("message", "member", "round")})
    outcomes: int = 0
    sent: int = 0
    numbers: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Count:
    """What is printed."""

    kills: int = 0
    lost: int = 0
    doubled: int = 0
    failed: int = 0
    hanging: int = 0
    beside: Counter[str] = field(default_factory=Counter)


def run(data: Path, scratch: Path, count: int, seed: int) -> tuple[Count, Told]:
    """So many kills, and a last server that is only asked."""
    chance, told, counts = random.Random(seed), Told(), Count()
    for number in range(count + 1):
        try:
            server = Server(data)
        except AssertionError:
            counts.failed += 1
            continue
        with YiqiClient(server.address, timeout=20, attempts=1) as client:
            if number == 0:
                found(client)
            verify(client, told, counts)
            if number == count:
                server.stop()
                break
            beside = start_beside(chance, data, scratch, server.address, number, counts)
            latest = LATEST if chance.random() < 0.8 else LONGEST
            threading.Timer(chance.uniform(0.0, latest), server.process.kill).start()
            work(client, told, chance.randrange(1 << 30))
            server.kill()
        counts.kills += 1
        end(beside, kill=chance.random() < 0.5)
        if number % 20 == 0:
            say(counts, told)
    return counts, told


def found(client: YiqiClient) -> None:
    """The community and its people."""
    client.create_community(COMMUNITY)
    for n, id in enumerate(PEOPLE):
        client.create_member(COMMUNITY, id, member(f"I repair {('boats', 'radios', 'ovens')[n % 3]} and seek company"))


def work(client: YiqiClient, told: Told, seed: int) -> None:
    """Write and read on several threads until the server is gone."""
    jobs: list[Callable[[YiqiClient, Told, random.Random], None]] = [say_something, arrive, read, meet, tell]
    threads = [threading.Thread(target=_until_gone, args=(job, client, told, seed + n)) for n, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _until_gone(job: Callable[[YiqiClient, Told, random.Random], None], client: YiqiClient, told: Told, n: int) -> None:
    chance = random.Random(n)
    with suppress(YiqiRpcError, ValueError):  # a closed channel
        while True:
            job(client, told, chance)
            time.sleep(PAUSE)


def say_something(client: YiqiClient, told: Told, chance: random.Random) -> None:
    """A batch of messages."""
    first = told.sent
    told.sent += BATCH
    batch = [message(n, chance.choice(PEOPLE)) for n in range(first, told.sent)]
    client.messages.BatchCreateMessages(message_pb2.BatchCreateMessagesRequest(parent=PARENT, messages=batch))
    told.ids["message"] |= {one.name.rpartition("/")[2] for one in batch}


def arrive(client: YiqiClient, told: Told, chance: random.Random) -> None:
    """A new member, some of whom state something."""
    told.numbers["member"] += 1
    id = f"n{told.numbers['member']:05}"
    client.create_member(COMMUNITY, id, member("I seek somebody who repairs boats" if chance.random() < 0.3 else ""))
    told.ids["member"].add(id)


def read(client: YiqiClient, told: Told, chance: random.Random) -> None:
    """A list, or an answer to a question."""
    if chance.random() < 0.5:
        client.recommend_peers(COMMUNITY, chance.choice(PEOPLE), limit=5)
    else:
        client.search_members(COMMUNITY, "who repairs boats", limit=5)


def meet(client: YiqiClient, told: Told, chance: random.Random) -> None:
    """A round that publishes itself, of people who are new: the others have all met by and by."""
    if len(told.ids["member"]) < 2 * PAIRED:
        read(client, told, chance)  # which ends this when the server is gone
        return
    told.numbers["round"] += 1
    id = f"r{told.numbers['round']:05}"
    named = [f"{PARENT}/members/{one}" for one in chance.sample(sorted(told.ids["member"]), PAIRED)]
    spec = pb.RoundSpec(kind=pb.ROUND_KIND_PAIRS, members=named, seconds=1)
    client.create_round(COMMUNITY, id, pb.Round(spec=spec), dry_run=False)
    told.ids["round"].add(id)
    time.sleep(0.5)  # each takes a second to solve


def tell(client: YiqiClient, told: Told, chance: random.Random) -> None:
    """What came of a meeting, which counts once."""
    told.numbers["outcome"] += 1
    one, other = (f"{PARENT}/members/{id}" for id in chance.sample(PEOPLE, 2))
    outcome = outcome_pb2.Outcome(
        name=f"{PARENT}/outcomes/o{told.numbers['outcome']:05}",
        source=one,
        target=other,
        kind=outcome_pb2.OUTCOME_KIND_MET,
        time=Timestamp(seconds=START + told.numbers["outcome"]),
    )
    reply = client.outcomes.RecordOutcomes(outcome_pb2.RecordOutcomesRequest(parent=PARENT, outcomes=[outcome]))
    told.outcomes += reply.summary.created


def start_beside(
    chance: random.Random, data: Path, scratch: Path, address: str, number: int, counts: Count
) -> subprocess.Popen[bytes] | None:
    """A command beside the server, or none."""
    what = chance.choice(["", "", "import", "import", "backup", "retrain"])
    if not what:
        return None
    counts.beside[what] += 1
    if what == "import":
        where = ["import", str(_archive(scratch, number)), "--community", COMMUNITY, "--server", address]
    elif what == "backup":
        where = ["backup", str(scratch / f"b{number}.tar"), "--data", str(data)]
    else:
        where = ["retrain", "--community", COMMUNITY, "--data", str(data)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen([sys.executable, "-c", RUN, *where], cwd=ROOT, stdout=quiet, stderr=quiet)


def _archive(scratch: Path, number: int) -> Path:
    folder = scratch / f"a{number}"
    folder.mkdir()
    rows = [{"id": f"i{number:05}", "name": "I", "profile": "I bake bread"}]
    (folder / "members.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def end(beside: subprocess.Popen[bytes] | None, *, kill: bool) -> None:
    """The command beside it: gone, or let go on for a little."""
    if beside is None:
        return
    if not kill:
        with suppress(subprocess.TimeoutExpired):
            beside.wait(20)
    beside.kill()
    beside.wait()


def verify(client: YiqiClient, told: Told, counts: Count) -> None:
    """Ask for everything that was acknowledged."""
    messages = Counter(_listed(client.messages.ListMessages, message_pb2.ListMessagesRequest, "messages"))
    members = Counter(one.name.rpartition("/")[2] for one in client.list_members(COMMUNITY))
    rounds = Counter(one.name.rpartition("/")[2] for one in client.list_rounds(COMMUNITY))
    for kind, there in (("message", messages), ("member", members), ("round", rounds)):
        counts.lost += len(told.ids[kind] - there.keys())
        counts.doubled += sum(n - 1 for n in there.values())
    outcomes = [
        id for id in _listed(client.outcomes.ListOutcomes, outcome_pb2.ListOutcomesRequest, "outcomes") if id[0] == "o"
    ]
    counts.lost += max(0, told.outcomes - len(set(outcomes)))
    counts.doubled += len(outcomes) - len(set(outcomes))
    counts.hanging += sum(not _ends(client, id) for id in sorted(rounds)[-5:])


def _listed(call: Callable[[Any], Any], request: Any, what: str) -> Iterator[str]:
    """The ids of everything that a call lists."""
    token = ""
    while True:
        reply = call(request(parent=PARENT, page_size=1000, page_token=token))
        yield from (one.name.rpartition("/")[2] for one in getattr(reply, what))
        token = reply.next_page_token
        if not token:
            return


def _ends(client: YiqiClient, round_: str) -> bool:
    try:
        return client.wait_for_round(COMMUNITY, round_, timeout=ROUND_SECONDS).state == pb.ROUND_STATE_PUBLISHED
    except YiqiRpcError:
        return False


def say(counts: Count, told: Told) -> None:
    """One line."""
    kept = {kind: len(ids) for kind, ids in told.ids.items()} | {"outcome": told.outcomes}
    print(
        f"{counts.kills} kills beside {dict(counts.beside)}; acknowledged {sum(kept.values()):,} {kept}: lost "
        f"{counts.lost}, doubled {counts.doubled}, starts that failed {counts.failed}, rounds hanging {counts.hanging}",
        flush=True,
    )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100, help="how many kills (100)")
    parser.add_argument("--seed", type=int, default=1, help="the same gives the same moments (1)")
    options = parser.parse_args()
    os.environ["YIQI_CONTACTS_PER_WEEK"] = "1000"  # else nobody would be left to meet
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder, "scratch")
        scratch.mkdir()
        os.environ["YIQI_ENCODER"] = str(cheap_encoder(scratch / "encoder"))
        counts, told = run(Path(folder, "data"), scratch, options.count, options.seed)
    say(counts, told)
    print(machine())
    sys.exit(bool(counts.lost or counts.doubled or counts.failed or counts.hanging))


if __name__ == "__main__":
    main()
