"""Whom an organizer may be pointed to, and who would be good company for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.domain.records import DAY, Micros
from models.health.groups import GROUP, Network, behind, groups_in, network_at
from models.health.history import History
from models.health.newcomers import open_questions

LATELY = 90 * DAY
TABLE = 6  # people on one side of what is proposed


@dataclass(frozen=True, slots=True)
class Company:
    """Who can be brought together now; built by `company`."""

    history: History
    may_be_named: np.ndarray  # (N,) bool: on record and not recommendable to nobody
    free: np.ndarray  # (N,) bool: besides, not paused
    answers: np.ndarray  # (N,) int64 answers to messages of others in the last 90 days
    network: Network
    group: np.ndarray  # (n,) of the network's members

    def nameable(self, id: str) -> bool:
        """Whether an organizer may be pointed to this member."""
        row = self.history.people.row.get(id)
        return row is not None and bool(self.may_be_named[row])

    def rows(self, ids: Sequence[str]) -> list[int]:
        """Those of the ids who are free, in their order."""
        found = (self.history.people.row.get(id, -1) for id in ids)
        return self._some([row for row in found if row >= 0])

    def hosts(self, guests: Sequence[int], spare: Sequence[int] = ()) -> list[int]:
        """Who answers most and has no quarrel with any guest; `spare` leaves people out."""
        ranked = np.lexsort((np.arange(len(self.answers)), -self.answers)).tolist()
        return [row for row in ranked if self._suits(row, guests, spare)][:TABLE]

    def askers(self) -> list[int]:
        """Who asked everybody in the last 30 days and had no answer, the newest first."""
        history = self.history
        asked = open_questions(history)
        asked = asked[(history.answers[asked] < 0) & (history.messages.time[asked] > history.as_of - 30 * DAY)]
        members = dict.fromkeys(history.messages.author[asked[::-1]].tolist())
        return self._some(list(members))

    def cut_off(self, bridge: str) -> list[int]:
        """Some of those who would lose their way to the others without this member."""
        place = np.flatnonzero(self.network.rows == self.history.people.row[bridge])
        hung = behind(self.network).get(int(place[0]), set()) if len(place) else set()
        return self._some(self.network.rows[sorted(hung)].tolist())

    def of_other_groups(self) -> list[int]:
        """The members with the most ties of each group but the largest, in turn."""
        found: list[int] = []
        weight = np.bincount(np.concatenate([self.network.a, self.network.b]), minlength=len(self.network.rows))
        for number in range(1, int(self.group.max(initial=0)) + 1):
            places = np.flatnonzero(self.group == number)
            if len(places) >= GROUP:
                best = places[np.argsort(-weight[places], kind="stable")]
                found += self._some(self.network.rows[best].tolist())[:2]
        return found[:TABLE]

    def around(self, rows: Sequence[int]) -> list[int]:
        """Everybody in the groups of these members."""
        groups = self.group[np.isin(self.network.rows, rows)]
        found: list[int] = self.network.rows[np.isin(self.group, groups)].tolist()
        return found

    def _some(self, rows: Sequence[int]) -> list[int]:
        return [row for row in rows if self.free[row]][:TABLE]

    def _suits(self, row: int, guests: Sequence[int], spare: Sequence[int]) -> bool:
        if not self.free[row] or not self.answers[row] or row in guests or row in spare:
            return False
        return not any((row, guest) in self.history.apart for guest in guests)


def company(history: History, now: Micros) -> Company:
    """Who can be brought together at `now` (microseconds, the wall clock: pauses go by it)."""
    people = history.people
    named = people.exists & (people.consent > 0)
    network = network_at(history, history.as_of + 1)
    answered = history.answers[history.answers >= 0]
    answered = answered[history.messages.time[answered] > history.as_of - LATELY]
    answers = np.bincount(history.messages.author[answered], minlength=len(people.ids))
    return Company(history, named, named & (people.paused_until <= now), answers, network, groups_in(network))
