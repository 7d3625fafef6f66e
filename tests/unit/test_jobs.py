"""Jobs are done once, by whoever holds them, and go on when that one is gone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from models.domain.records import Community, Message
from service.application import lease
from service.application.lease import Held, alone
from service.core.errors import Unavailable
from service.feed.dispatcher import Key, State
from service.jobs import worker
from service.jobs.task import Task
from service.jobs.worker import Worker
from service.store.contract import Job, Store, UnitOfWork
from service.store.sql import SqlStore

C = "c"
WAIT = 20.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(SqlStore(tmp_path / "yiqi.db")) as opened:
        opened.put(C, [Community(id=C)])
        yield opened


@pytest.fixture
def another(store: SqlStore, tmp_path: Path) -> Iterator[SqlStore]:
    """The same data as another process has them."""
    with closing(SqlStore(tmp_path / "yiqi.db", beside=True)) as opened:
        yield opened


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short leases; what holds one renews it far more often than it runs out."""
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.05)


@dataclass
class Writes:
    """Writes down that a job was done, once it `may`."""

    store: Store
    name: str
    may: threading.Event = field(default_factory=threading.Event)
    began: threading.Event = field(default_factory=threading.Event)
    over: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    kind: str = "note"

    def do(self, task: Task) -> None:
        self.began.set()
        while not self.may.wait(0.01):
            task.report(0.5)
        with self.store.write(C) as work:
            if work.finish(task.job):
                at = len(work.page("message"))
                work.put([Message(id=f"{task.job.key}-{at}", author="ann", time=1, text=self.name)])
        self.over.append(task.job.key)

    def give_up(self, work: UnitOfWork, job: Job) -> None:
        self.given_up.append(job.key)


def working(store: Store, work: Writes) -> Worker:
    found = Worker(store, work, 1, threading.Event())
    found.start()
    return found


def ask(store: Store, *keys: str) -> None:
    for key in keys:
        with store.write(C) as work:
            work.enqueue("note", key)


def done(store: Store) -> list[str]:
    return sorted(one.record.id.partition("-")[0] for one in store.page(C, "message"))


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


def test_two_workers_do_each_job_once(store: SqlStore, another: SqlStore) -> None:
    keys = [f"k{number}" for number in range(12)]
    ask(store, *keys)
    both = [Writes(store, "first"), Writes(another, "second")]
    with closing(working(store, both[0])), closing(working(another, both[1])):
        wait_for(lambda: all(one.began.is_set() for one in both))
        for one in both:
            one.may.set()
        wait_for(lambda: not store.jobs(C))
    assert done(store) == sorted(keys)


def test_a_job_whose_worker_hangs_goes_to_another_and_is_done_once(
    store: SqlStore, another: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LEASE_SECONDS", 0.5)
    hangs, healthy = Writes(store, "hangs"), Writes(another, "healthy")
    healthy.may.set()
    ask(store, "k")
    with closing(working(store, hangs)):
        wait_for(hangs.began.is_set)
        monkeypatch.setattr(store, "renew", lambda *_: True)  # it believes that it holds the job, and does not
        monkeypatch.setattr(worker, "LEASE_SECONDS", 10.0)
        with closing(working(another, healthy)):
            wait_for(lambda: done(store) == ["k"])
        hangs.may.set()
        wait_for(lambda: hangs.over == ["k"])
    assert [one.record for one in store.page(C, "message")] == [Message(id="k-0", author="ann", time=1, text="healthy")]


def test_a_job_that_nobody_wants_any_more_is_stopped(store: SqlStore) -> None:
    work = Writes(store, "a")
    ask(store, "k", "next")
    with closing(working(store, work)):
        wait_for(work.began.is_set)
        work.began.clear()
        with store.write(C) as at:
            at.drop_job("note", "k")
        wait_for(work.began.is_set)  # it had to let go of the first for the next
        work.may.set()
        wait_for(lambda: not store.jobs(C))
    assert done(store) == ["next"]


def test_a_worker_that_ends_lets_others_go_on_at_once(store: SqlStore) -> None:
    work = Writes(store, "a")
    ask(store, "k")
    with closing(working(store, work)):
        wait_for(work.began.is_set)
    [job] = store.jobs(C)
    assert (job.state, job.tries, job.due <= time.time_ns() // 1000) == ("queued", 0, True)


def test_what_fails_is_dead_after_some_tries_and_what_is_not_ready_never(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "FIRST_BACK_OFF", 0.01)
    monkeypatch.setattr(worker, "NOT_YET_SECONDS", 0.01)
    tried: list[str] = []
    told: dict[str, int] = {}

    class Fails(Writes):
        def do(self, task: Task) -> None:
            tried.append(task.job.key)
            if task.job.key == "early":
                raise Unavailable("The runtime")
            raise ValueError("what somebody wrote")

    def tell(key: Key, state: State) -> None:
        told[key.community] = state.dead

    work = Fails(store, "a")
    ask(store, "early", "bad")
    asked = threading.Event()
    with closing(Worker(store, work, 2, asked, tell)) as one:
        one.start()
        wait_for(lambda: [job.key for job in store.dead_jobs()] == ["bad"])
        wait_for(lambda: tried.count("early") > worker.TRIES + 1)
        wait_for(lambda: told == {C: 1})
        [dead] = store.dead_jobs()
        assert (dead.tries, "ValueError" in dead.fault, "wrote" in dead.fault) == (worker.TRIES, True, False)
        assert (tried.count("bad"), work.given_up) == (worker.TRIES, ["bad"])
        ask(store, "bad")
        wait_for(lambda: told == {C: 0})


def test_a_job_that_ends_every_process_that_tries_it_is_given_up(store: SqlStore) -> None:
    ask(store, "k")
    for _ in range(worker.TRIES):
        assert store.claim("note", "killed", 0.0)
    work = Writes(store, "a")
    with closing(working(store, work)):
        wait_for(lambda: work.given_up == ["k"])
    assert not work.began.is_set()
    assert "HolderEnded" in store.dead_jobs()[0].fault


# What one does at a time, by itself.


def test_of_two_who_want_to_be_alone_one_is_told_who_is_there(
    store: SqlStore, another: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEWED_SECONDS", 0.1)
    with alone(store, C, "retrain") as mine:
        with pytest.raises(Held, match=r"process \d+"), alone(another, C, "retrain"):
            pass
        with mine.held():
            pass
        [job] = another.jobs(C)
        assert (job.kind, job.state) == ("retrain", "running")
    assert store.jobs(C) == []
    with alone(another, C, "retrain"):
        pass


def test_what_one_held_that_was_killed_is_taken_up_and_the_killed_one_may_serve_nothing(
    store: SqlStore, another: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LEASE_SECONDS", 0.5)
    monkeypatch.setattr(lease, "RENEWED_SECONDS", 1000.0)  # as if it had been stopped
    with alone(store, C, "retrain") as stopped:
        with alone(another, C, "retrain"):
            with pytest.raises(Held), stopped.held():
                pass
            [job] = store.jobs(C)
            assert job.tries == 2
        with pytest.raises(Held), stopped.held():
            pass
