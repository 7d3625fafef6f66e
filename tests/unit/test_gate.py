"""Whose turn it is."""

from __future__ import annotations

import threading

import pytest

from service.core.errors import Overloaded
from service.core.gate import HEAVY_SECONDS, PATIENT, Gate, away

SECONDS = 30.0


class Line:
    """Calls that wait at a gate, each on a thread of its own; those admitted are named in order."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.admitted: list[str] = []
        self.refused: list[str] = []
        self._threads: list[threading.Thread] = []

    def join(self, key: str, name: str, kind: str = "ask") -> None:
        """Returns when the call waits."""
        waiting = _waiting(self.gate)
        thread = threading.Thread(target=self._wait, args=(key, name, kind))
        self._threads.append(thread)
        thread.start()
        while thread.is_alive() and _waiting(self.gate) == waiting:
            thread.join(0.001)

    def end(self) -> None:
        for thread in self._threads:
            thread.join(SECONDS)

    def _wait(self, key: str, name: str, kind: str) -> None:
        try:
            with self.gate.turn(key, kind, SECONDS):
                self.admitted.append(name)
        except Overloaded:
            self.refused.append(name)


def _waiting(gate: Gate) -> set[object]:
    return {id(one) for queue in gate._queues.values() for one in queue}


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
    line.gate._note("a", "ask", 0.4)  # what is known of how long it takes
    with line.gate.turn("a", "ask", SECONDS):
        line.join("a", "a1")
        line.join("a", "a2")
        with pytest.raises(Overloaded), line.gate.turn("a", "ask", 1.5):
            pass
    line.end()
    assert line.admitted == ["a1", "a2"]


def test_what_takes_long_leaves_room_for_what_is_quick() -> None:
    line = Line(Gate(4, share=2, seconds=SECONDS))
    line.gate._note("a", "report", 5.0)
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


def test_a_fault_gives_the_place_back() -> None:
    gate = Gate(1, share=1, seconds=SECONDS)
    with pytest.raises(ValueError, match="fault"), gate.turn("a", "ask", SECONDS):
        raise ValueError("fault")
    with gate.turn("a", "ask", 0.0):
        pass
