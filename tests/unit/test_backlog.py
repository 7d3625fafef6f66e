"""A queue that cannot be seen is drained, and nobody is refused because others have more time."""

from __future__ import annotations

import random

import pytest

from service.core.backlog import GONE, LONG_SECONDS, Backlog

LIST, WRITE = "list", "write"


class Clock:
    """Seconds, as they are set."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


CLOCK = Clock()


@pytest.fixture
def backlog() -> Backlog:
    """Of which callers waited for a second so far."""
    backlog = Backlog(CLOCK)
    assert not any(backlog.drains(LIST, 1.0, pressed=False) for _ in range(50))
    return backlog


def arrive(backlog: Backlog, remaining: float, count: int = 50) -> int:
    """How many of so many calls are refused while the service is pressed, 100 a second."""
    refused = 0
    for _ in range(count):
        CLOCK.now += 0.01
        refused += backlog.drains(LIST, remaining, pressed=True)
    return refused


def test_a_long_queue_is_drained_until_it_is_gone(backlog: Backlog) -> None:
    assert arrive(backlog, 1.0 - LONG_SECONDS / 2) == 0
    assert arrive(backlog, 0.3)
    assert arrive(backlog, 0.65) == 50
    arrive(backlog, 1.05 - GONE * 0.7, 1)
    assert arrive(backlog, 1.05 - GONE * 0.7) == 0
    assert arrive(backlog, 0.65) == 0


def test_nobody_is_refused_by_a_service_that_refuses_nobody(backlog: Backlog) -> None:
    assert not any(backlog.drains(LIST, 0.2, pressed=False) for _ in range(50))


def test_callers_in_a_hurry_are_not_taken_for_a_queue_for_long(backlog: Backlog) -> None:
    assert arrive(backlog, 0.3, 200)
    assert arrive(backlog, 0.3, 400) == 0


@pytest.mark.parametrize("share", [0.03, 0.2, 0.5, 0.8])
@pytest.mark.parametrize("short", [0.3, 2.0])
def test_callers_of_two_kinds_are_not_taken_for_a_queue(backlog: Backlog, share: float, short: float) -> None:
    chance = random.Random(1)
    assert sum(arrive(backlog, 10.0 if chance.random() < share else short, 1) for _ in range(4000)) == 0


def test_whoever_has_more_time_than_is_usual_is_let_in(backlog: Backlog) -> None:
    assert arrive(backlog, 0.3, 100)
    assert not backlog.drains(LIST, 30.0, pressed=True)


def test_other_kinds_of_calls_are_let_in(backlog: Backlog) -> None:
    assert arrive(backlog, 0.3, 100)
    assert not backlog.drains(WRITE, 0.3, pressed=True)


def test_callers_who_wait_for_ever_are_in_no_queue() -> None:
    backlog = Backlog(CLOCK)
    assert not any(backlog.drains(LIST, float("inf"), pressed=False) for _ in range(50))
    assert arrive(backlog, float("inf")) == 0
