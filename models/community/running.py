"""What members did, as tallies that follow an event log: of what is new, what it changes is worked out, and no more.

`models.community.timeline` says what the order of messages tells and gives it for all of them at once, which is where
this begins; afterwards each event that came or went is put right where it stands, whenever it was.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from models.community.columns import Column
from models.community.event_log import PROJECT, EventLog
from models.community.rows_by_value import RowsByValue
from models.community.tally import COUNTS, FOR_EVER, Tally
from models.community.timeline import HOUR, NEAR_GAP, SESSION_GAP, answers, near, timeline

HALF_LIVES = (3.0, 14.0, 60.0, 365.0)  # days
ROOM, CONTACT, THREAD = 30.0, 90.0, 180.0  # days
# Changes, and changes of all events, above which all is worked out at once: following one takes about 0.5 ms at 80,000
# events, all at once 0.1 s (`python -m tests.bench.views`).
FEW, SHARE = 64, 1 / 500


class Running:
    """Tallies of members, rooms, threads and pairs. Entries of those by event have the rows of the event log."""

    def __init__(self, event_log: EventLog) -> None:
        self._log = event_log
        event_log.take_gone()
        time, member = event_log.event_time.values, event_log.event_member.values.copy()
        channel, is_open = event_log.event_channel.values, event_log.event_open.values
        order = timeline(event_log)
        self._member = Column(np.int32, member)  # -1 for what is gone
        self._weight = Column(np.float32, np.where(member >= 0, order.anew, 0))
        self._thread = Column(np.int64, order.thread)  # declared ones even, sessions odd; -1 for no message
        self.threads = order.threads
        weight = self._weight.values
        self.did = Tally((FOR_EVER, *HALF_LIVES), member, np.zeros_like(member), time, weight)
        self.seen = Tally((FOR_EVER,), member, np.zeros_like(member), time, np.where(is_open, weight, 0))
        self.hours = Tally((FOR_EVER,), member, time // HOUR % 24, time, weight)
        self.spoken = Tally((ROOM,), member, channel, time, np.where(channel >= 0, weight, 0))
        self.inside = Tally((THREAD,), member, order.thread, time, (order.thread >= 0) & is_open)
        first = order.answer_event
        self.answered = Tally((CONTACT,), member[first], channel[first], time[first], np.ones(len(first)))
        self._answers = dict(zip(order.thread[first].tolist(), range(len(first)), strict=True))
        self._begin_near(order.near_event, order.near_member)
        self._begin_contacts()
        there = np.flatnonzero(member >= 0)
        by_time = there[np.argsort(time[there], kind="stable")]
        self._order = Column(np.int64, by_time)  # events by time, then row
        self._times = Column(np.int64, time[by_time])
        self._counting = Column(np.int64, self.times[weight[by_time] >= COUNTS])
        self._of_member, self._in_thread = RowsByValue(self._member), RowsByValue(self._thread)
        self.letters, self.cjk = (_by_member(member, of) for of in (event_log.event_letters, event_log.event_cjk))

    def follows(self) -> bool:
        """Whether so little happened that `follow` is the shorter way."""
        new = len(self._log.event_time) - len(self._member) + len(self._log.contact_source) - self._contacts
        return new + len(self._log.gone_events) + len(self._log.gone_contacts) <= FEW + SHARE * len(self._member)

    def follow(self) -> None:
        """Take in what came and went in the event log since."""
        known = len(self._member)
        events, contacts = self._log.take_gone()
        for contact in contacts:
            self._drop_contact(contact)
        for event in events:
            if event < known:
                self._remove(event)
        for event in range(known, len(self._log.event_time)):
            self._append(event)
        for contact in range(self._contacts, len(self._log.contact_source)):
            self._put_contact(contact)

    # -- what is asked -------------------------------------------------------------------------------------------

    def newest_events(self, since: int) -> np.ndarray:
        """Events at or after a time."""
        return self._order.values[np.searchsorted(self.times, since) :]

    @property
    def times(self) -> np.ndarray:
        """Of all events, ascending (µs)."""
        return self._times.values

    @property
    def counting_times(self) -> np.ndarray:
        """Of the events that count, ascending (µs)."""
        return self._counting.values

    def letters_of(self, n: int) -> tuple[np.ndarray, np.ndarray]:
        """(n,) letters that members said in the open, and how many of them are Chinese characters."""
        more = np.zeros(max(n - len(self.letters), 0), np.int64)
        return np.append(self.letters, more)[:n], np.append(self.cjk, more)[:n]

    def members_of(self, events: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of these events who did them, when, and what each counts."""
        return self._member.values[events], self._log.event_time.values[events], self._weight.values[events]

    # -- events --------------------------------------------------------------------------------------------------

    def _append(self, event: int) -> None:
        log = self._log
        member, time = int(log.event_member.values[event]), int(log.event_time.values[event])
        self._of_member.append(member)
        self._weight.append(0)
        self._in_thread.append(-1)
        if member < 0 or log.event_channel.values[event] < 0:
            self.inside.put(event, 0, 0, time, 0.0)
        if member < 0:
            for tally in (self.did, self.seen, self.hours, self.spoken):
                tally.put(event, 0, 0, time, 0.0)
            return
        self._count_letters(event, member, 1)
        at = int(np.searchsorted(self.times, time + 1))
        self._times.insert(at, time)
        self._order.insert(at, event)
        if log.event_channel.values[event] >= 0:
            self._join(event)
        self._reweigh(event, member)
        self._look_around(event)

    def _remove(self, event: int) -> None:
        member, thread = int(self._member.values[event]), int(self._thread.values[event])
        if member < 0:
            return
        self._count_letters(event, member, -1)
        at, end = np.searchsorted(self.times, self._log.event_time.values[event] + np.arange(2))
        at += np.flatnonzero(self._order.values[at:end] == event)[0]
        self._times.delete(int(at))
        self._order.delete(int(at))
        self._set_weight(event, 0.0)
        self._member.values[event] = -1
        self._set_near(event, ())
        if thread >= 0:
            self._leave(event, thread)
        self._reweigh(event, member)
        self._look_around(event)
        log = self._log
        on_it = (log.contact_event.values == event) | (log.contact_replied.values == event)
        for contact in np.flatnonzero(on_it[: self._contacts]).tolist():
            self._drop_contact(contact)

    def _count_letters(self, event: int, member: int, sign: int) -> None:
        if member >= len(self.letters):
            more = np.zeros(2 * member + 16 - len(self.letters), np.int64)
            self.letters, self.cjk = np.append(self.letters, more), np.append(self.cjk, more)
        self.letters[member] += sign * self._log.event_letters.values[event]
        self.cjk[member] += sign * self._log.event_cjk.values[event]

    # -- what an event counts ------------------------------------------------------------------------------------

    def _reweigh(self, event: int, member: int) -> None:
        """All that this member said in the same words within the same hour."""
        log = self._log
        words, hour = log.event_words.values[event], log.event_time.values[event] // HOUR
        if words == 0:
            same = np.array([event] if self._member.values[event] >= 0 else [], np.int64)
        else:
            mine = self._of_member.rows(member)
            said = (log.event_words.values[mine] == words) & (log.event_time.values[mine] // HOUR == hour)
            same = mine[said]
        for one in same.tolist():
            self._set_weight(one, float(np.float32(1) / np.float32(len(same)) ** 2))

    def _set_weight(self, event: int, weight: float) -> None:
        before = float(self._weight.values[event])
        if before == weight:
            return
        log, self._weight.values[event] = self._log, weight
        member, time, channel = (int(of.values[event]) for of in (self._member, log.event_time, log.event_channel))
        self.did.put(event, member, 0, time, weight)
        self.seen.put(event, member, 0, time, weight if log.event_open.values[event] else 0.0)
        self.hours.put(event, member, time // HOUR % 24, time, weight)
        self.spoken.put(event, member, channel, time, weight if channel >= 0 else 0.0)
        if (before >= COUNTS) != (weight >= COUNTS):
            at = int(np.searchsorted(self.counting_times, time))
            if weight >= COUNTS:
                self._counting.insert(at, time)
            else:
                self._counting.delete(at)
            self._put_near(event, *self._near.get(event, ((), ())))

    # -- threads and sessions ------------------------------------------------------------------------------------

    def _join(self, event: int) -> None:
        declared = int(self._log.event_thread.values[event])
        if declared >= 0:
            self._set_thread([event], 2 * declared)
            self._answer(2 * declared)
            return
        before, after = self._beside(event)
        beside = [int(self._thread.values[one]) for one in (before, after) if one >= 0 and self._gap(one, event)]
        session = beside[0] if beside else self._fresh_session()
        self._set_thread([event], session)
        if len(set(beside)) == 2:
            self._set_thread(self._in_thread.rows(beside[1]).tolist(), session)
            self._answer(beside[1])
        self._answer(session)

    def _leave(self, event: int, thread: int) -> None:
        self._set_thread([event], -1)
        before, after = self._beside(event) if thread % 2 else (-1, -1)
        apart = before >= 0 and after >= 0 and not self._gap(before, after)
        if apart and self._thread.values[before] == self._thread.values[after] == thread:
            mine = self._in_thread.rows(thread)
            time, since = self._log.event_time.values[mine], self._log.event_time.values[after]
            session = self._fresh_session()
            self._set_thread(mine[time >= since].tolist(), session)
            self._answer(session)
        self._answer(thread)

    def _beside(self, event: int) -> tuple[int, int]:
        """The messages without a declared thread right before and after in the same room, near enough for a session;
        -1 for none."""
        rows = self._within(event, SESSION_GAP)
        log, time = self._log, self._log.event_time.values
        rows = rows[(self._thread.values[rows] >= 0) & (log.event_thread.values[rows] < 0) & (rows != event)]
        earlier = (time[rows] < time[event]) | ((time[rows] == time[event]) & (rows < event))
        before, after = rows[earlier], rows[~earlier]
        return int(before[-1]) if len(before) else -1, int(after[0]) if len(after) else -1

    def _within(self, event: int, span: int) -> np.ndarray:
        """Events of the same room up to `span` µs before and after, by time."""
        log, now = self._log, int(self._log.event_time.values[event])
        low, high = np.searchsorted(self.times, [now - span, now + span + 1])
        rows = self._order.values[low:high]
        return np.asarray(rows[log.event_channel.values[rows] == log.event_channel.values[event]])

    def _gap(self, one: int, other: int) -> bool:
        """Whether two messages lie close enough for one session."""
        time = self._log.event_time.values
        return abs(int(time[one]) - int(time[other])) <= SESSION_GAP

    def _fresh_session(self) -> int:
        self.threads = max(self.threads, 2 * len(self._log.threads)) + 2
        return self.threads - 1

    def _set_thread(self, events: Iterable[int], thread: int) -> None:
        log = self._log
        self.threads = max(self.threads, thread + 1)
        for event in events:
            self._in_thread.set(event, thread)
            seen = thread >= 0 and bool(log.event_open.values[event])
            self.inside.put(
                event, int(self._member.values[event]), thread, int(log.event_time.values[event]), float(seen)
            )

    def _answer(self, thread: int) -> None:
        """Who answered first in a thread."""
        log, rows = self._log, self._in_thread.rows(thread)
        time, member = log.event_time.values[rows], self._member.values[rows]
        first = answers(rows, self._thread.values[rows], time, member).tolist()
        entry = self._answers.setdefault(thread, len(self.answered))
        if first:
            who, channel, when = (int(of.values[first[0]]) for of in (self._member, log.event_channel, log.event_time))
            self.answered.put(entry, who, channel, when, 1.0)
        else:
            self.answered.put(entry, 0, 0, 0, 0.0)

    # -- who spoke right after whom ------------------------------------------------------------------------------

    def _begin_near(self, events: np.ndarray, before: np.ndarray) -> None:
        log, member = self._log, self._member.values[events]
        weight = log.event_open.values[events] & (self._weight.values[events] >= COUNTS)
        time = log.event_time.values[events]
        self.near = _both_ways((CONTACT,), member, before, time, weight)
        self._near: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {}
        for entry, (event, one) in enumerate(zip(events.tolist(), before.tolist(), strict=True)):
            members, entries = self._near.get(event, ((), ()))
            self._near[event] = (*members, one), (*entries, 2 * entry)

    def _look_around(self, event: int) -> None:
        """Whom those who spoke from this message on, within `NEAR_GAP`, spoke after."""
        log = self._log
        if log.event_channel.values[event] < 0:
            return
        rows, now = self._within(event, NEAR_GAP), int(log.event_time.values[event])
        time = log.event_time.values[rows]
        places, members = near(self._member.values[rows], time, log.event_channel.values[rows])
        for place in np.flatnonzero(time >= now).tolist():
            self._set_near(int(rows[place]), tuple(members[places == place].tolist()))

    def _set_near(self, event: int, members: tuple[int, ...]) -> None:
        before, entries = self._near.get(event, ((), ()))
        if members == before:
            return
        for entry in entries:
            self.near.drop(entry)
            self.near.drop(entry + 1)
        start = len(self.near)
        self._put_near(event, members, tuple(range(start, start + 2 * len(members), 2)))

    def _put_near(self, event: int, members: tuple[int, ...], entries: tuple[int, ...]) -> None:
        log, who = self._log, int(self._member.values[event])
        time, seen = int(log.event_time.values[event]), bool(log.event_open.values[event])
        weight = float(seen and self._weight.values[event] >= COUNTS)
        for entry, one in zip(entries, members, strict=True):
            self.near.put(entry, who, one, time, weight)
            self.near.put(entry + 1, one, who, time, weight)
        self._near[event] = members, entries

    # -- contacts ------------------------------------------------------------------------------------------------

    def _begin_contacts(self) -> None:
        log = self._log
        source, target, time = (of.values for of in (log.contact_source, log.contact_target, log.contact_time))
        self._contacts = len(source)
        alive = np.zeros(len(source), bool)
        alive[log.live_contacts()] = True
        in_the_open = alive & log.contact_open.values
        shared = in_the_open & (log.contact_kind.values == PROJECT)
        self.dealt = Tally((CONTACT,), source, target, time, in_the_open)
        self.met = _both_ways((CONTACT,), source, target, time, in_the_open)
        self.together = _both_ways((FOR_EVER,), source, target, time, shared)
        self.known = _both_ways((FOR_EVER,), source, target, time, alive)

    def _put_contact(self, contact: int) -> None:
        log = self._log
        alive = log.is_live(contact)
        seen = alive and bool(log.contact_open.values[contact])
        project = seen and log.contact_kind.values[contact] == PROJECT
        source, target, time = (
            int(of.values[contact]) for of in (log.contact_source, log.contact_target, log.contact_time)
        )
        self._contacts = contact + 1
        self.dealt.put(contact, source, target, time, float(seen))
        for tally, there in ((self.met, seen), (self.together, project), (self.known, alive)):
            tally.put(2 * contact, source, target, time, float(there))
            tally.put(2 * contact + 1, target, source, time, float(there))

    def _drop_contact(self, contact: int) -> None:
        if contact < self._contacts:
            self.dealt.drop(contact)
            for tally in (self.met, self.together, self.known):
                tally.drop(2 * contact)
                tally.drop(2 * contact + 1)


def _both_ways(
    half_lives: tuple[float, ...], one: np.ndarray, other: np.ndarray, time: np.ndarray, weight: np.ndarray
) -> Tally:
    """A symmetric tally: entry 2 i is from `one` to `other`, 2 i + 1 back."""
    rows, columns = (np.stack(pair, 1).ravel() for pair in ((one, other), (other, one)))
    return Tally(half_lives, rows, columns, np.repeat(time, 2), np.repeat(weight, 2))


def _by_member(member: np.ndarray, counted: Column) -> np.ndarray:
    """(N,) int64 sums over the events of each member who did something."""
    there = member >= 0
    return np.bincount(member[there], counted.values[there]).astype(np.int64)
