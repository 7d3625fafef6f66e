"""Turns on a fixed pool, back-off without end, and what is set aside."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from models.domain.records import Community, Member
from service.feed import dispatcher as dispatching
from service.feed import letters
from service.feed.dispatcher import Dispatcher, Key, State, Turn
from service.feed.letters import Letters
from service.feed.reader import TRIES, Reader
from service.store.contract import Change, Store
from service.store.sql import SqlStore

C = "garden"
KEY = Key("index", C)
WAIT = 20.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(SqlStore(tmp_path / "yiqi.db")) as opened:
        opened.put(C, [Community(id=C), *(Member(id=f"m{n}") for n in range(9))])
        yield opened


@pytest.fixture
def dispatcher() -> Iterator[Dispatcher]:
    made = Dispatcher(2)
    yield made
    made.close()


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.005)


# -- turns -----------------------------------------------------------------------------------------------------------


def test_a_task_has_one_turn_at_a_time_and_another_one_when_it_was_woken_meanwhile(dispatcher: Dispatcher) -> None:
    inside, most, turns = [0], [0], [0]
    go_on = threading.Event()

    def work() -> Turn:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        go_on.wait(WAIT)
        inside[0] -= 1
        turns[0] += 1
        return Turn()

    dispatcher.add(KEY, work)
    for _ in range(5):
        dispatcher.wake(KEY)
    wait_for(lambda: inside[0] == 1)
    for _ in range(5):
        dispatcher.wake(KEY)
    go_on.set()
    wait_for(lambda: turns[0] == 2)
    time.sleep(0.1)
    assert (turns[0], most[0]) == (2, 1)


def test_a_task_rests_until_it_is_woken_or_asked_to_be_called(dispatcher: Dispatcher) -> None:
    turns: list[float] = []

    def work() -> Turn:
        turns.append(time.monotonic())
        return Turn(least=0.1, most=0.2 if len(turns) == 1 else None)

    dispatcher.add(KEY, work)
    assert not turns
    dispatcher.wake(KEY)
    wait_for(lambda: len(turns) == 2)
    assert turns[1] - turns[0] >= 0.2
    dispatcher.wake(KEY)
    wait_for(lambda: len(turns) == 3)
    assert turns[2] - turns[1] >= 0.1


def test_one_task_that_takes_long_does_not_hold_up_the_others(dispatcher: Dispatcher) -> None:
    held, done = threading.Event(), threading.Event()

    def slow() -> Turn:
        held.wait(WAIT)
        return Turn()

    def quick() -> Turn:
        done.set()
        return Turn()

    dispatcher.add(KEY, slow)
    dispatcher.add(Key("index", "other"), quick)
    dispatcher.wake(KEY)
    dispatcher.wake(Key("index", "other"))
    assert done.wait(WAIT)
    held.set()


def test_a_removed_task_has_ended_and_gets_no_more_turns(dispatcher: Dispatcher) -> None:
    inside, turns = threading.Event(), [0]

    def work() -> Turn:
        inside.set()
        time.sleep(0.05)
        turns[0] += 1
        return Turn(most=0.0)

    dispatcher.add(KEY, work)
    dispatcher.wake(KEY)
    assert inside.wait(WAIT)
    dispatcher.remove(KEY)
    ended = turns[0]
    assert ended
    dispatcher.wake(KEY)
    time.sleep(0.1)
    assert turns[0] == ended


def test_a_task_that_fails_is_tried_again_with_longer_pauses_and_told_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(dispatching, "FIRST_BACK_OFF", 0.02)
    told: list[bool] = []
    turns: list[float] = []

    def work() -> Turn:
        turns.append(time.monotonic())
        if len(turns) <= 5:
            raise OSError("what people wrote")
        return Turn()

    dispatcher = Dispatcher(2, lambda key, state: told.append(state.well))
    dispatcher.add(KEY, work)
    dispatcher.wake(KEY)
    wait_for(lambda: told == [False, True])
    dispatcher.close()
    assert len(turns) == 6
    assert all(late - soon >= 0.02 * 2**n for n, (soon, late) in enumerate(pairwise(turns)))
    assert "following failed" in caplog.messages
    assert "what people wrote" not in caplog.text
    assert dispatcher.state(KEY) == State()


# -- reading the log -------------------------------------------------------------------------------------------------


class Taker:
    """Takes entries in, unless they are `bad`."""

    def __init__(self, *bad: str) -> None:
        self.bad = set(bad)
        self.taken: list[str] = []

    def __call__(self, changes: Sequence[Change]) -> None:
        if any(change.id in self.bad for change in changes):
            raise RuntimeError("bad")
        self.taken += [change.id for change in changes]


def turns(reader: Reader, most: int = 50) -> int:
    """Give turns until there is nothing more; how many failed."""
    failed = 0
    for _ in range(most):
        try:
            if reader.step(1000).most != 0:
                break
        except RuntimeError:
            failed += 1
    return failed


def test_a_fault_of_everything_moves_nothing_however_long_it_lasts(store: Store) -> None:
    taker = Taker(C, *(f"m{n}" for n in range(9)))
    reader = Reader(store, C, "index", 0, taker, 4)
    assert turns(reader) == 50
    assert (reader.cursor, store.dead_letters(C)) == (0, [])
    taker.bad.clear()
    assert turns(reader) == 0
    assert taker.taken == [C, *(f"m{n}" for n in range(9))]
    assert store.cursor(C, "index") in (None, reader.cursor)
    reader.end()
    assert store.cursor(C, "index") == 10


def test_what_fails_alone_is_set_aside_and_comes_again_by_itself(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "FIRST_RETRY", 0)
    taker = Taker("m2", "m5")
    reader = Reader(store, C, "index", 0, taker, 100)
    assert turns(reader, TRIES + 1) == TRIES
    assert [one.change.id for one in store.dead_letters(C)] == ["m2", "m5"]
    assert len(taker.taken) == 8
    taker.bad.remove("m2")
    turns(reader, 2)
    assert [(one.change.id, one.tries > 1) for one in store.dead_letters(C)] == [("m5", True)]
    assert taker.taken[-1] == "m2"


def test_dead_letters_wait_longer_each_time_and_not_when_they_are_replayed(store: Store) -> None:
    now, change = [0], Change(3, "member", "m1", "put")
    waits = []
    for _ in range(20):
        kept = Letters(store, C, "index", lambda: now[0])
        kept.look()
        kept.failed([(change, ValueError())])
        waits.append(kept.wait())
        assert kept.look() == []
        now[0] += int((kept.wait() or 0) * letters.SECOND)
        assert kept.look() == [change]
    assert waits[:4] == [1.0, 2.0, 4.0, 8.0]
    assert waits[-1] == letters.LONGEST_RETRY / letters.SECOND
    [letter] = store.dead_letters(C)
    assert (letter.tries, letter.since) == (20, 0)
    kept.failed([(change, ValueError())])
    store.replay_dead_letters(C)
    assert kept.look() == [change]
    kept.passed([Change(9, "member", "m1", "put")])
    assert (store.dead_letters(C), len(kept)) == ([], 0)
