"""Times for groups: which slot each meets in, and who is free then."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment


def spread(
    free: np.ndarray, groups: int, sizes: tuple[int, int], room: np.ndarray
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Slots for so many groups, and who might sit in each: (groups,) int, and places in `free` a group.

    `free` (n, slots) bool; `sizes` least and most people of a group; `room` (slots,) int: how many groups a slot holds.
    Few slots are used, so that many have the same choice. What this leaves undone the search mends.
    """
    slot_of = _choose(free, room * sizes[1])
    _fill(slot_of, free, sizes)
    number = _numbers(np.bincount(slot_of[slot_of >= 0], minlength=len(room)), groups, sizes, room)
    slots = np.repeat(np.arange(len(room)), number)
    fillers = [part for slot, count in enumerate(number) if count for part in _dealt(slot_of, slot, int(count))]
    return slots, fillers


def _choose(free: np.ndarray, capacity: np.ndarray) -> np.ndarray:
    """(n,) the slot of each, -1 for none: the one most have chosen so far; who has least choice goes first."""
    slot_of, chosen = np.full(len(free), -1), np.zeros(len(capacity), np.int64)
    for person in np.lexsort((-(free @ free.sum(0)), free.sum(1))):
        open_ = free[person] & (chosen < capacity)
        if open_.any():
            slot = int(np.where(open_, chosen * free.shape[0] + free.sum(0), -1).argmax())
            slot_of[person] = slot
            chosen[slot] += 1
    return slot_of


def _fill(slot_of: np.ndarray, free: np.ndarray, sizes: tuple[int, int]) -> None:
    """Where some are over whom groups of these sizes cannot hold, others join them who are free then, too, from where
    most are."""
    for slot in np.argsort(np.bincount(slot_of[slot_of >= 0], minlength=free.shape[1]), kind="stable"):
        while not divisible(int((slot_of == slot).sum()), sizes):
            counts = np.bincount(slot_of[slot_of >= 0], minlength=free.shape[1])
            movable = np.flatnonzero(free[:, slot] & (slot_of >= 0) & (slot_of != slot))
            movable = movable[counts[slot_of[movable]] > counts[slot]]
            if not len(movable):
                break
            slot_of[movable[counts[slot_of[movable]].argmax()]] = slot


def divisible(people: int, sizes: tuple[int, int]) -> bool:
    """Whether groups of these sizes can hold so many, none left over."""
    return -(-people // sizes[1]) <= people // sizes[0]


def _numbers(people: np.ndarray, groups: int, sizes: tuple[int, int], room: np.ndarray) -> np.ndarray:
    """(slots,) how many groups each slot gets, `groups` in all."""
    low, high = sizes
    number = np.minimum(np.clip(np.round(2 * people / (low + high)), -(-people // high), people // low), room)
    number = np.maximum(number, 0).astype(np.int64)
    while number.sum() < groups:
        crowd = np.where(number < room, people / (number + 1), -1)
        number[int(crowd.argmax())] += 1
    while number.sum() > groups:
        crowd = np.where(number > 0, people / np.maximum(number, 1), np.inf)
        number[int(crowd.argmin())] -= 1
    return np.asarray(number)


def _dealt(slot_of: np.ndarray, slot: int, groups: int) -> list[np.ndarray]:
    return np.array_split(np.flatnonzero(slot_of == slot), groups)


def reassign(absent: np.ndarray, now: np.ndarray, room: np.ndarray) -> np.ndarray:
    """(groups,) slots such that the fewest people are absent, each slot within its room; changes only what gains.

    `absent` (groups, slots): how many of a group are not free then; `now` (groups,) the slots so far.
    """
    groups, slots = absent.shape
    cost = absent * 2.0 + 1.0
    cost[np.arange(groups), now] -= 1
    places = np.repeat(np.arange(slots), np.minimum(np.maximum(room, 0), groups))
    if len(places) < groups:
        return now
    group, place = linear_sum_assignment(cost[:, places])
    out = now.copy()
    out[group] = places[place]
    return out
