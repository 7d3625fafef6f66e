"""Rounds survive what happens to files and processes: archives, kill -9, a restart in the middle of solving."""

from __future__ import annotations

import signal
import subprocess
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import cast

from yiqi.client import YiqiRpcError, id_of
from yiqi.v1 import round_pb2 as pb
from yiqi.v1.common_pb2 import Need

from models.domain.records import Guest, Invitation, Member, Record, Round
from models.rounds.constraints.apart import Apart
from models.rounds.constraints.no_repeat import NoRepeat
from models.rounds.spec.json_text import plan_text, spec_text
from models.rounds.spec.requests import Bye, Match, Plan, RoundSpec
from service.application.exporting import export_community
from service.application.importing import import_archive
from service.importers import open_source
from service.store.sql import SqlStore
from tests.e2e.serving import RUN, member, serving, start

NOW = 1_790_000_000_000_000
START = 1_700_000_000_000_000


def records() -> list[Record]:
    """Three people, a round of theirs and what became of it."""
    spec = RoundSpec(
        kind="pairs",
        members=("ann", "bo", "cy"),
        rules=(Apart(members=("ann", "cy"), firm=False), NoRepeat(rounds=2)),
        fairness=0.1 + 0.2,
    )
    plan = Plan(matches=(Match(members=("ann", "bo"), score=1 / 3, worst=1e-7, locked=True),), byes=(Bye(member="cy"),))
    return [
        *(Member(id=id, name=id.title()) for id in ("ann", "bo", "cy", "dee")),
        Round(
            id="茶", time=START, title="Tea", state="published", members=("ann", "bo", "cy", "dee"),
            spec=spec_text(spec), plan=plan_text(plan), left_out='[["dee","paused"]]', ranked_as="peers",
            language="zh", double_opt_in=True, published=START + 1, attempt=2, extra='{"room":"oak"}',
        ),
        Invitation(
            id="i1", time=START + 1, ref="茶", double_opt_in=True, title="Tea", score=1 / 3, slot="tue",
            guests=(
                Guest(member="ann", reply="accepted", answer="again"),
                Guest(member="bo", reply="declined", left=True, renewed=2, role="host"),
            ),
            extra='{"seen":true}',
        ),
    ]  # fmt: skip


def test_rounds_and_invitations_come_back_from_an_archive_byte_for_byte(tmp_path: Path) -> None:
    with closing(SqlStore(tmp_path / "a.db")) as store:
        import_archive(store, "c", open_source(_empty(tmp_path)), now=NOW)
        store.put("c", records())
        export_community(store, "c", tmp_path / "first.zip")
    with closing(SqlStore(tmp_path / "b.db")) as store:
        summary = import_archive(store, "c", open_source(tmp_path / "first.zip"), now=NOW)
        assert (summary.bad_rows, summary.conflict) == ([], {})
        assert set(store.scan("c", "round")) | set(store.scan("c", "invitation")) == set(records()[4:])
        export_community(store, "c", tmp_path / "second.zip")
        again = import_archive(store, "c", open_source(tmp_path / "first.zip"), now=NOW)
        assert again.unchanged.keys() >= {"round", "invitation"}
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()


def test_rows_that_are_no_round_or_invitation_are_reported_and_do_not_stop_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    time = '"time":"2024-01-01T00:00:00Z"'
    (folder / "rounds.jsonl").write_text(
        f'{{"id":"a",{time},"state":"solved","spec":{{"kind":"circles"}}}}\n'
        f'{{"id":"b",{time},"state":"lost","spec":{{"kind":"pairs"}}}}\n'
        f'{{"id":"c",{time},"state":"solved","spec":{{"kind":"pairs"}},"plan":{{"matches":[{{"people":[]}}]}}}}\n'
        f'{{"id":"d",{time},"state":"solved","spec":{{"kind":"pairs","members":["ann"]}}}}\n'
    )
    (folder / "invitations.jsonl").write_text(
        f'{{"id":"x",{time},"source":"round","guests":[{{"member":"ann"}}]}}\n'
        f'{{"id":"y",{time},"source":"round","guests":[{{"member":"ann"}},{{"member":"bo"}}]}}\n'
    )
    with closing(SqlStore(tmp_path / "a.db")) as store:
        summary = import_archive(store, "c", open_source(folder), now=NOW)
        assert [(row.file, row.line) for row in summary.bad_rows] == [
            ("rounds.jsonl", 1), ("rounds.jsonl", 2), ("rounds.jsonl", 3), ("invitations.jsonl", 1),
        ]  # fmt: skip
        assert (store.count("c", "round"), store.count("c", "invitation")) == (1, 1)


def test_a_round_survives_kill_9_and_a_stopping_server_takes_its_solvers_along(tmp_path: Path) -> None:
    spec = pb.RoundSpec(kind=pb.ROUND_KIND_PAIRS, seconds=5)
    with serving(tmp_path) as (server, client):
        client.create_community("c")
        for id in ("ann", "bo", "cy", "dee"):
            client.create_member("c", id, member(f"{id} makes boats", offers=[Need(text=f"{id} lessons")]))
        client.create_round("c", "r", pb.Round(spec=spec))
        assert client.wait_for_round("c", "r").match_count == 2
        client.publish_round("c", "r")
        client.create_round("c", "s", pb.Round(spec=spec))
        server.kill()
    with serving(tmp_path) as (server, client):
        assert client.get_round("c", "r").state == pb.ROUND_STATE_PUBLISHED
        [invitation] = client.list_invitations("c", member="ann")
        assert invitation.ref == "r"
        assert client.wait_for_round("c", "s").state == pb.ROUND_STATE_SOLVED
        partner = next(id_of(guest.member) for guest in invitation.guests if id_of(guest.member) != "ann")
        client.reply_to_invitation("c", id_of(invitation.name), partner, accept=True)
        client.create_round("c", "t", pb.Round(spec=spec))
        solvers = _children(server.process.pid)
        assert server.stop() == 0
    assert not solvers & _running()
    with closing(SqlStore(tmp_path / "yiqi.db")) as store:
        assert {stored.record.id for stored in store.page("c", "round")} == {"r", "s", "t"}
        assert [(job.key, job.state, job.tries) for job in store.jobs("c")] == [("t", "queued", 0)]


# Where a server is killed: before or after a function of the service, which is named.
KILLED = {
    "the job is taken": ("service.application.round_solving", "prepared", "before"),
    "the process that solves is under way": ("service.jobs.solver", "_child", "after"),
    "the list is there and not written": ("service.application.round_solving", "finish", "before"),
    "all is written and not committed": ("service.application.round_publishing", "publish", "after"),
    "all is committed": ("service.application.round_solving", "finish", "after"),
}
KILLS = """
import importlib, os, signal
module, name, when = {point!r}
module = importlib.import_module(module)
real = getattr(module, name)

def killing(*args, **options):
    done = None if when == "before" else real(*args, **options)
    if hasattr(done, "__enter__"):
        done.__enter__()
    os.kill(os.getpid(), signal.SIGKILL)

setattr(module, name, killing)
"""


def test_a_server_killed_at_every_point_in_turn_solves_and_publishes_once(tmp_path: Path) -> None:
    people = ("ann", "bo", "cy", "dee")
    points = iter(KILLED)
    with serving(tmp_path, _killing(first := next(points))) as (server, client):
        client.create_community("c")
        for id in people:
            client.create_member("c", id, member(f"{id} makes boats", offers=[Need(text=f"{id} lessons")]))
        spec = pb.RoundSpec(kind=pb.ROUND_KIND_PAIRS, seconds=5)
        with suppress(YiqiRpcError):  # it may be dead before it could say so
            client.create_round("c", "r", pb.Round(spec=spec), dry_run=False)
        assert _died(server.process), first
    _is_left(tmp_path, "solving", invitations=0, jobs=1)
    for what in points:
        assert _died(start(tmp_path, code=_killing(what))), what
        if what == "all is committed":
            _is_left(tmp_path, "published", invitations=2, jobs=0)
        else:
            _is_left(tmp_path, "solving", invitations=0, jobs=1)
    with serving(tmp_path) as (server, client):
        assert client.get_round("c", "r").state == pb.ROUND_STATE_PUBLISHED
        invited = [id_of(guest.member) for one in client.list_invitations("c") for guest in one.guests]
        assert sorted(invited) == sorted(people)
        assert server.stop() == 0


def _killing(what: str) -> str:
    return KILLS.format(point=KILLED[what]) + RUN


def _died(process: subprocess.Popen[str]) -> bool:
    """Whether it was killed, waited for."""
    process.communicate(timeout=120)
    return process.returncode == -signal.SIGKILL


def _is_left(folder: Path, state: str, *, invitations: int, jobs: int) -> None:
    with closing(SqlStore(folder / "yiqi.db", read_only=True)) as store:
        [stored] = store.page("c", "round")
        assert cast(Round, stored.record).state == state
        assert (store.count("c", "invitation"), len(store.jobs("c"))) == (invitations, jobs)


def _children(parent: int) -> set[str]:
    """The processes that a server has started, as soon as there is one."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        command = ["ps", "-o", "pid=", "--ppid", str(parent)]
        listed = subprocess.run(command, capture_output=True, text=True, check=False)
        if listed.stdout.strip():
            return set(listed.stdout.split())
    raise AssertionError("no solver was started")


def _running() -> set[str]:
    return set(subprocess.run(["ps", "-e", "-o", "pid="], capture_output=True, text=True, check=True).stdout.split())


def _empty(folder: Path) -> Path:
    empty = folder / "empty"
    empty.mkdir()
    (empty / "community.json").write_text('{"name":"Tea"}')
    return empty
