"""What a member costs who is created or updated: statements, transactions, and how many are created a second.

python -m tests.bench.members                      this tree
python -m tests.bench.members --against TREE       and another one of this repository, turn by turn
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TURNS = 3
Figures = dict[str, float]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=1_000, help="created in each turn (1000)")
    parser.add_argument("--clients", type=int, default=8, help="that create at once (8)")
    parser.add_argument("--against", type=Path, help="another tree")
    parser.add_argument("--one-turn", action="store_true", help="of the tree on PYTHONPATH, as JSON")
    options = parser.parse_args()
    if options.one_turn:
        print(json.dumps(measured(options.members, options.clients)))
        return
    trees = [tree for tree in (options.against, ROOT) if tree]
    turns: dict[Path, list[Figures]] = {tree: [] for tree in trees}
    for _ in range(TURNS):
        for tree in trees:
            turns[tree].append(one_turn(tree, options.members, options.clients))
    for tree in trees:
        print(f"\n{tree}, of {TURNS} turns the best; load average {os.getloadavg()[0]:.1f}")
        for name in turns[tree][0]:
            best = max if name.endswith("/s") else min
            print(f"{name:<44} {best(turn[name] for turn in turns[tree]):>8,.0f}")


def one_turn(tree: Path, members: int, clients: int) -> Figures:
    """Measured in a process of its own, with the code of that tree."""
    command = [sys.executable, "-P", __file__, "--one-turn", f"--members={members}", f"--clients={clients}"]
    environment = os.environ | {"PYTHONPATH": f"{tree}{os.pathsep}{tree / 'proto'}"}
    done = subprocess.run(command, env=environment, cwd=tree, capture_output=True, text=True, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def measured(members: int, clients: int) -> Figures:
    """What calls cost, and how many are answered a second by one client and by several."""
    from yiqi.v1.member_pb2 import CONSENT_NOBODY, CreateMemberRequest, Identity, Member

    whole = Member(place="Bath", aims=["tea"], identities=[Identity(platform="irc", handle="bo")])
    once = CreateMemberRequest(parent="communities/c", member_id="cy", request_id="once")
    with served() as client:
        found: Figures = {}
        for name, call in (
            ("CreateMember", lambda: client.create_member("c", "ann")),
            ("CreateMember with a handle", lambda: client.create_member("c", "bo", whole)),
            ("CreateMember with a request id", lambda: client.members.CreateMember(once)),
            ("UpdateMember", lambda: client.update_member("c", "ann", Member(place="Ulm"))),
            (
                "UpdateMember, consent withdrawn",
                lambda: client.update_member("c", "ann", Member(consent=CONSENT_NOBODY)),
            ),
        ):
            for what, count in counted(call).items():
                found[f"{name}: {what}"] = count
        found["created by one client/s"] = created(client, members, 1)
        found[f"created by {clients} clients/s"] = created(client, members, clients)
    return found


@contextmanager
def served() -> Iterator[Any]:
    """A client of a server in this process, with a live view behind it."""
    from yiqi.client import YiqiClient

    from models.domain.records import Community
    from service.api.interceptors.load import Load
    from service.api.server import build_server
    from service.core.settings import Settings
    from service.serving import Runtime
    from service.serving.watched import watched
    from service.store.sql import SqlStore

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        with closing(SqlStore(settings.database)) as store:
            store.put("c", [Community(id="c")])
            with closing(Runtime(store, settings.data, settings, following=True)) as runtime:
                runtime.load_all(60)
                server = build_server(watched(store, runtime), runtime, runtime.tokens.check, load=Load(workers=8))
                port = server.add_insecure_port("127.0.0.1:0")
                server.start()
                with YiqiClient(f"127.0.0.1:{port}", timeout=60) as client:
                    yield client
                server.stop(None).wait()


def counted(call: Callable[[], object]) -> Counter[str]:
    """Statements, transactions and commits of the threads that answer, while a call is."""
    from sqlalchemy import Engine, event

    found = Counter(statements=0, transactions=0, commits=0)

    def note(what: str) -> Callable[..., None]:
        def noted(*_: Any) -> None:
            if threading.current_thread().name.startswith("rpc"):
                found[what] += 1

        return noted

    listened = {"before_cursor_execute": "statements", "begin": "transactions", "commit": "commits"}
    listeners = {name: note(what) for name, what in listened.items()}
    for name, listener in listeners.items():
        event.listen(Engine, name, listener)
    call()
    for name, listener in listeners.items():
        event.remove(Engine, name, listener)
    return found


def created(client: Any, members: int, clients: int) -> float:
    """Members created a second."""
    began = time.monotonic()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(lambda number: client.create_member("c", f"by{clients}-{number}"), range(members)))
    return members / (time.monotonic() - began)


if __name__ == "__main__":
    main()
