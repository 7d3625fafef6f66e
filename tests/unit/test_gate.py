"""Whose turn it is."""

from __future__ import annotations

import os
import threading
import time

import pytest

from service.api.interceptors.threads import CallThreads
from service.core.errors import Overloaded
from service.core.gate import HEAVY_SECONDS, LATE, MANY, PATIENT, SPARE, SPARE_SECONDS, Gate, _Duration, away
from service.core.processors import _all, home_of

SECONDS = 30.0


class Line:
    """Calls that wait at a gate, each on a thread of its own; those admitted are named in order."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.admitted: list[str] = []
        self.refused: list[str] = []
        self.let_go = threading.Event()
        self._threads: list[threading.Thread] = []

    def join(self, key: str, name: str, kind: str = "ask", *, computes: bool = False, hold: bool = False) -> None:
        """Returns when the call waits. Those that `hold` keep their place until they are let go."""
        waiting = _waiting(self.gate)
        thread = threading.Thread(target=self._wait, args=(key, name, kind, computes, hold))
        self._threads.append(thread)
        thread.start()
        while thread.is_alive() and _waiting(self.gate) == waiting:
            thread.join(0.001)

    def end(self) -> None:
        for thread in self._threads:
            thread.join(SECONDS)

    def _wait(self, key: str, name: str, kind: str, computes: bool, hold: bool) -> None:
        try:
            with self.gate.turn(key, kind, SECONDS, computes=computes):
                self.admitted.append(name)
                assert not hold or self.let_go.wait(SECONDS)
        except Overloaded:
            self.refused.append(name)


def _waiting(gate: Gate) -> set[object]:
    return {id(one) for line in gate._lines.values() for one in line.waiting}


def test_communities_take_turns_however_many_calls_each_has() -> None:
    line = Line(Gate(1, share=1, seconds=SECONDS))
    with line.gate.turn("a", "ask", SECONDS):
        for name in ("a1", "a2", "a3", "a4"):
            line.join("a", name)
        line.join("b", "b1")
    line.end()
    assert line.admitted.index("b1") <= 1


def test_no_community_has_more_than_its_share_at_once() -> None:
    line = Line(Gate(3, share=2, seconds=SECONDS))
    with line.gate.turn("a", "ask", SECONDS), line.gate.turn("a", "ask", SECONDS):
        line.join("a", "a1")
        line.join("b", "b1")
        assert line.admitted == ["b1"]
    line.end()
    assert line.admitted == ["b1", "a1"]


def test_the_newest_comes_first_once_the_oldest_waited_longer_than_was_expected() -> None:
    seconds = 2.0
    line = Line(Gate(1, share=1, seconds=seconds))
    with line.gate.turn("a", "ask", SECONDS):
        for name in ("a1", "a2", "a3"):
            line.join("a", name)
        threading.Event().wait(PATIENT * seconds * 1.2)
    line.end()
    assert line.admitted == ["a3", "a2", "a1"]


def test_the_oldest_comes_first_as_long_as_waits_are_short() -> None:
    line = Line(Gate(1, share=1, seconds=SECONDS))
    with line.gate.turn("a", "ask", SECONDS):
        for name in ("a1", "a2", "a3"):
            line.join("a", name)
    line.end()
    assert line.admitted == ["a1", "a2", "a3"]


def test_who_would_wait_for_too_long_is_refused_at_once() -> None:
    line = Line(Gate(1, share=1, seconds=SECONDS))
    line.gate._note("a", "ask", _Duration(0.4, 0.4))  # what is known of how long it takes
    with line.gate.turn("a", "ask", SECONDS):
        line.join("a", "a1")
        line.join("a", "a2")
        with pytest.raises(Overloaded), line.gate.turn("a", "ask", 1.5):
            pass
    line.end()
    assert line.admitted == ["a1", "a2"]


def test_what_takes_long_leaves_room_for_what_is_quick() -> None:
    line = Line(Gate(4, share=2, seconds=SECONDS))
    line.gate._note("a", "report", _Duration(5.0, 5.0))
    with line.gate.turn("a", "report", SECONDS):
        line.join("a", "a1", "report")
        assert line.admitted == []
        line.join("a", "a2")
        assert line.admitted == ["a2"]
    line.end()
    assert line.admitted == ["a2", "a1"]


def test_who_waited_longest_makes_room_when_too_many_wait() -> None:
    line = Line(Gate(1, share=1, seconds=SECONDS, waiting=8))
    with line.gate.turn("a", "ask", SECONDS):
        for name in ("a1", "a2", "a3"):
            line.join("a", name)
        line.join("b", "b1")
    line.end()
    assert line.refused == ["a1"]
    assert sorted(line.admitted) == ["a2", "a3", "b1"]


def test_who_has_no_time_to_wait_is_refused_at_once_and_told_when_to_come_back() -> None:
    gate = Gate(1, share=1, seconds=2.0)
    with gate.turn("a", "ask", SECONDS), pytest.raises(Overloaded) as refused, gate.turn("a", "ask", 0.0):
        pass
    assert 2.0 <= refused.value.retry_after <= 4.0
    with gate.turn("a", "ask", 0.0):
        pass  # nobody is before it


def test_who_only_waits_for_something_gives_their_place_to_others_meanwhile() -> None:
    line = Line(Gate(1, share=1, seconds=SECONDS))
    with line.gate.turn("a", "ask", SECONDS), away():
        line.join("a", "a1")
        line.end()
        assert line.admitted == ["a1"]
    with line.gate.turn("b", "ask", 0.0):
        pass


def test_time_away_is_no_part_of_what_a_call_takes() -> None:
    line = Line(Gate(2, share=2, seconds=SECONDS))
    with line.gate.turn("a", "ask", SECONDS), away():
        threading.Event().wait(HEAVY_SECONDS * 1.2)
    with line.gate.turn("a", "ask", SECONDS):
        line.join("a", "a1")  # were it taken for heavy, there would be room for one only
        assert line.admitted == ["a1"]
    line.end()


def test_who_leaves_no_time_for_an_answer_is_refused_while_others_run() -> None:
    gate = Gate(4, share=2, seconds=SECONDS)
    gate._note("a", "ask", _Duration(0.05, 0.05))
    gate._note("a", "report", _Duration(3.0, 3.0))
    with gate.turn("a", "ask", SECONDS):
        with pytest.raises(Overloaded), gate.turn("a", "ask", (1 + SPARE) * 0.05 * 0.9):
            pass
        with gate.turn("a", "ask", (1 + SPARE) * 0.05 * 1.1):
            pass
        with gate.turn("a", "report", 3.0 + SPARE_SECONDS * 1.1):
            pass
        with gate.turn("b", "ask", 0.01):
            pass
    with gate.turn("a", "ask", 0.01):
        pass  # it may be done sooner than others were


def test_who_comes_late_while_many_are_refused_is_refused_unseen() -> None:
    gate = Gate(1, share=1, seconds=SECONDS)
    gate._note("a", "ask", _Duration(0.005, 0.005))
    gate._note("a", "report", _Duration(3.0, 3.0))
    for _ in range(MANY):
        assert not gate.pressed()
        gate.refusal()
    assert gate.pressed()
    assert gate.late("ask", LATE * 0.005 * 0.9)
    assert not gate.late("ask", LATE * 0.005 * 1.1)
    assert not gate.late("report", SPARE_SECONDS * 1.1)
    assert not gate.late("unknown", 0.001)


def test_what_computes_for_a_short_time_is_done_one_at_a_time() -> None:
    line = Line(Gate(4, share=2, seconds=SECONDS))
    for key in "ab":
        line.gate._note(key, "ask", _Duration(0.005, 0.005))
    with line.gate.turn("a", "ask", SECONDS, computes=True):
        line.join("b", "b1", computes=True)
        assert line.admitted == []
        line.join("b", "b2")
        assert line.admitted == ["b2"]
    line.end()
    assert line.admitted == ["b2", "b1"]


def test_who_leaves_makes_room_for_as_many_as_can_run() -> None:
    line = Line(Gate(4, share=1, seconds=SECONDS))
    for key in "ab":
        line.gate._note(key, "ask", _Duration(0.005, 0.005))
    with line.gate.turn("a", "ask", SECONDS, computes=True):
        line.join("a", "a1", hold=True)  # its community has but one place
        line.join("b", "b1", computes=True)  # waits only because something short is computed
    until = time.monotonic() + SECONDS / 6  # nobody waits for their patience to end
    while line.admitted != ["a1", "b1"]:
        assert time.monotonic() < until
        time.sleep(0.001)
    line.let_go.set()
    line.end()


def test_in_a_line_that_does_not_end_few_may_wait() -> None:
    line = Line(Gate(1, share=1, seconds=1.0))
    line.gate._note("a", "ask", _Duration(0.08, 0.08))
    with line.gate.turn("a", "ask", SECONDS):
        for name in ("a1", "a2", "a3"):  # a burst
            line.join("a", name)
        threading.Event().wait(0.5)
        with pytest.raises(Overloaded), line.gate.turn("a", "ask", 1.0):
            pass
        line.join("a", "in no hurry")
    line.end()
    assert set(line.admitted) == {"a1", "a2", "a3", "in no hurry"}


def test_callers_in_no_hurry_do_not_keep_others_of_their_community_out() -> None:
    line, hurried = Line(Gate(1, share=1, seconds=1.0)), []
    line.gate._note("a", "ask", _Duration(0.1, 0.1))

    def ask() -> None:
        with line.gate.turn("a", "ask", 2.0):
            hurried.append(len(line.admitted))

    with line.gate.turn("a", "ask", SECONDS):
        for n in range(8):
            line.join("a", f"patient {n}")
        threading.Event().wait(0.5)  # so that the line stands
        asking = threading.Thread(target=ask)
        asking.start()
        while "a" not in line.gate._lines:
            asking.join(0.001)
    asking.join(SECONDS)
    line.end()
    assert hurried
    assert hurried[0] <= 2  # in turn with the others, not behind them all
    assert len(line.admitted) == 8


@pytest.mark.skipif(len(home_of(os.getpid())) == len(_all()), reason="there is one processor, or none can be chosen")
def test_call_threads_share_a_processor_until_they_compute_for_longer() -> None:
    gate, seen = Gate(4, share=2, seconds=SECONDS), {}

    def call(kind: str) -> None:
        with gate.turn("a", kind, SECONDS):
            seen[kind] = os.sched_getaffinity(0)
        seen["after"] = os.sched_getaffinity(0)

    gate._note("a", "short", _Duration(0.005, 0.005))
    gate._note("a", "long", _Duration(0.5, 0.05))
    pool = CallThreads(1, "test", stay=True)
    for kind in ("short", "long", "unknown"):
        done = threading.Event()
        pool.submit(lambda kind, done: (call(kind), done.set()), kind, done)
        assert done.wait(SECONDS)
        assert seen["after"] == home_of(os.getpid())
    assert seen == {"short": home_of(os.getpid()), "long": _all(), "unknown": _all(), "after": home_of(os.getpid())}
    before = os.sched_getaffinity(0)
    call("long")
    call("short")
    assert os.sched_getaffinity(0) == before  # threads that are none of these are left where they are


def test_a_fault_gives_the_place_back() -> None:
    gate = Gate(1, share=1, seconds=SECONDS)
    with pytest.raises(ValueError, match="fault"), gate.turn("a", "ask", SECONDS):
        raise ValueError("fault")
    with gate.turn("a", "ask", 0.0):
        pass
