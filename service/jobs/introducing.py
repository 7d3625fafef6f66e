"""Makes introductions from what is new: one thread that reads the change logs of the communities that are kept live.

How far it came is noted in the store, and a pair is introduced once, so that after a crash nothing is missed and
nothing repeated.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from models.community.view import Community
from models.domain.records import Invitation, Message, Micros, Suggestion
from models.domain.requests import Options
from models.introductions import Introduction, Proposer, Recent, Remark, remark
from service.application import introductions as usecase
from service.core.errors import CommunityNotFound
from service.serving.announcements import Announcements
from service.serving.faults import outline
from service.serving.runtime import Runtime
from service.serving.vectors import key_of
from service.store.contract import Change, Store

JOB = "introductions"
POLL_SECONDS = 0.1
BATCH = 100
TRIES = 5  # what fails so often is left out, so that it does not stop the rest
NOTED_SECONDS = 1.0  # how far it came is written down at most so often
REMEMBERED = 20_000  # entries of the log that are read again on start, for what was said lately
FRESH: Micros = 24 * 3600 * 1_000_000  # what was said or stated longer ago is no occasion any more

log = logging.getLogger("yiqi.introducing")


@dataclass(slots=True)
class _Followed:
    """One community: how far its log was read, what was said lately, what is stated, and what there is to tell."""

    cursor: int
    recent: Recent
    encoder: str
    announcements: Announcements
    stated: dict[str, frozenset[tuple[str, str]]]
    tries: int = 0
    noted: int = -1
    noted_when: float = field(default_factory=time.monotonic)


class Introducing:
    """Follows every community of a runtime that keeps them live. `clock` is the wall clock, in microseconds."""

    def __init__(self, store: Store, runtime: Runtime, clock: Callable[[], Micros]) -> None:
        self._store = store
        self._runtime = runtime
        self._clock = clock
        self._followed: dict[str, _Followed] = {}
        self._told: dict[str, Announcements] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="introducing", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def end_streams(self) -> None:
        """Let everybody go who watches; nobody can watch any more."""
        with self._lock:
            self._stop.set()
            told = list(self._told.values())
        for announcements in told:
            announcements.close()

    def close(self) -> None:
        """Stop; how far it came is noted."""
        self.end_streams()
        if self._thread.is_alive():
            self._thread.join()

    def announcements(self, community: str) -> Announcements:
        """What there is to tell in a community. Raises CommunityNotFound."""
        with self._lock:
            found = self._told.get(community)
            if found is None:
                self._begin(community)
                found = Announcements(self._clock)
                found.replace_all(_invitations(self._store, community))
                self._told[community] = found
            if self._stop.is_set():
                found.close()
            return found

    # -- the thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stop.is_set():
            busy = False
            live = self._runtime.live()
            for gone in self._followed.keys() - set(live):
                self._forget(gone)  # what was said there, too: another community may get its name
            for community in live:
                if self._stop.is_set():
                    break
                busy |= self._turn(community)
            if not busy:
                self._stop.wait(POLL_SECONDS)
        for community, followed in list(self._followed.items()):
            self._guarded(community, lambda c=community, f=followed: self._note(c, f, at_once=True))  # type: ignore[misc]

    def _turn(self, community: str) -> bool:
        """Take in some of what is new; whether there was anything."""
        view = self._runtime.newest(community)
        if view is None:
            return False
        followed = self._followed.get(community)
        if followed is not None and followed.cursor >= view.sequence and followed.encoder == view.encoder:
            self._guarded(community, lambda: self._note(community, followed))
            return False
        return self._guarded(community, lambda: self._step(community, view))

    def _guarded(self, community: str, work: Callable[[], None]) -> bool:
        try:
            work()
        except CommunityNotFound:
            self._forget(community)
        except Exception as fault:
            # Whatever it is, the next try may do better.
            log.error("introducing failed", extra={"community": community, "fault": outline(fault)})
            self._stop.wait(1.0)
            return False
        return True

    def _forget(self, community: str) -> None:
        self._followed.pop(community, None)
        with self._lock:
            told = self._told.pop(community, None)
        if told is not None:
            told.close()

    def _step(self, community: str, view: Community) -> None:
        followed = self._followed.get(community)
        if followed is None or followed.encoder != view.encoder:
            followed = self._followed[community] = self._open(community, view)
        changes = [c for c in self._store.changes(community, followed.cursor, BATCH) if c.seq <= view.sequence]
        if changes:
            followed.tries += 1
            if followed.tries <= TRIES:
                self._take_in(community, followed, view, changes)
            else:
                log.error("changes left out", extra={"community": community, "sequence": changes[0].seq})
            followed.cursor, followed.tries = changes[-1].seq, 0
            self._note(community, followed)

    def _open(self, community: str, view: Community) -> _Followed:
        """Where it was left."""
        cursor = self._begin(community)
        recent = Recent(view.facets.vectors.shape[1])
        stated = {id: those for id in view.ids if (those := usecase.stated(view, id))}
        for member in self._restated(community, self._store.changes(community, cursor)):
            stated.pop(member, None)  # whatever they stated is news here
        followed = _Followed(cursor, recent, view.encoder, self.announcements(community), stated)
        at = max(0, cursor - REMEMBERED)
        while at < cursor and not self._stop.is_set() and (changes := self._store.changes(community, at, BATCH * 10)):
            old = [change for change in changes if change.seq <= cursor]
            for said, vector in self._remarks(view, self._messages(community, old), cached=True):
                recent.add(said, vector)
            at = changes[-1].seq
        return followed

    def _begin(self, community: str) -> int:
        """How far it came; at the end of the log, from now on, when nobody ever looked before."""
        noted = self._store.progress(community, JOB)
        if noted is None:
            noted = str(self._store.head(community))
            self._store.put_progress(community, JOB, noted)
        return int(noted)

    def _take_in(self, community: str, followed: _Followed, view: Community, changes: list[Change]) -> None:
        self._hear_of_invitations(community, followed, changes)
        for change in changes:
            if change.kind == "message":
                followed.recent.forget(change.id)
            elif change.kind == "member" and change.op == "delete":
                followed.recent.forget_member(change.id)
        if any(change.kind == "channel" for change in changes):
            for said in [one for one in followed.recent if not usecase.is_open(view, one.channel)]:
                followed.recent.forget(said.id)
        told = followed.announcements
        options = Options(audience="members", now=self._clock())
        proposer = Proposer(view, self._runtime.ranker(community), followed.recent, options, told.partners)
        since = self._clock() - FRESH
        for said, vector in self._remarks(view, self._messages(community, changes)):
            if said.time >= since:
                self._introduce(community, told, proposer.from_remark(said, vector))
            followed.recent.add(said, vector)
        for member in self._restated(community, changes):
            before, now = followed.stated.get(member, frozenset()), usecase.stated(view, member)
            followed.stated[member] = now
            if now - before:
                self._introduce(community, told, proposer.from_profile(member))

    def _introduce(self, community: str, told: Announcements, made: Iterable[Introduction]) -> None:
        for one in made:
            with told.writing() as now:
                invitation = usecase.introduce(self._store, self._runtime, community, one, now)
                if invitation is not None:
                    told.put(invitation)

    def _hear_of_invitations(self, community: str, followed: _Followed, changes: list[Change]) -> None:
        """Replies, withdrawals and erasures; an introduction that both accepted becomes mutual."""
        told = followed.announcements
        if any(change.kind == "member" and change.op == "delete" for change in changes):
            told.replace_all(_invitations(self._store, community))
        ids = {change.id for change in changes if change.kind == "invitation"}
        found = self._store.get(community, "invitation", sorted(ids)) if ids else {}
        for id in sorted(ids):
            stored = found.get(id)
            if stored is None:
                told.remove(id)
                continue
            with told.writing() as now:
                told.put(usecase.follow(self._store, self._runtime, community, stored, now))

    def _restated(self, community: str, changes: Iterable[Change]) -> list[str]:
        """Members whose own statements changed, or something suggested of them."""
        members = {change.id for change in changes if change.kind == "member"}
        suggested = [change.id for change in changes if change.kind == "suggestion"]
        found = self._store.get(community, "suggestion", suggested) if suggested else {}
        return sorted(members | {cast(Suggestion, stored.record).member for stored in found.values()})

    def _messages(self, community: str, changes: Iterable[Change]) -> list[Message]:
        ids = list(dict.fromkeys(c.id for c in changes if c.kind == "message" and c.op == "put"))
        found = self._store.get(community, "message", ids) if ids else {}
        messages = [cast(Message, found[id].record) for id in ids if id in found]
        return sorted(messages, key=lambda message: message.time)

    def _remarks(
        self, view: Community, messages: list[Message], *, cached: bool = False
    ) -> list[tuple[Remark, np.ndarray | None]]:
        """What was said where everybody may read it, with its vector where it says enough for one.

        The index has embedded most of it already. With `cached`, what it has not goes without a vector.
        """
        said = [one for m in messages if usecase.is_open(view, m.channel) and (one := remark(m)) is not None]
        keys = {one.id: key_of((one.author, one.text)) for one in said if one.tells}
        known = self._store.vectors(view.record.id, view.encoder, list(keys.values())) if keys else {}
        missing = [] if cached else [one for one in said if one.tells and keys[one.id] not in known]
        if missing:
            fresh = self._runtime.encoder_of(view)([one.text for one in missing])
            known |= {keys[one.id]: vector for one, vector in zip(missing, fresh, strict=True)}
        return [(one, known.get(keys[one.id]) if one.tells else None) for one in said]

    def _note(self, community: str, followed: _Followed, at_once: bool = False) -> None:
        """Write down how far it came."""
        due = at_once or time.monotonic() - followed.noted_when >= NOTED_SECONDS
        if due and followed.noted != followed.cursor:
            self._store.put_progress(community, JOB, str(followed.cursor))
            followed.noted, followed.noted_when = followed.cursor, time.monotonic()


def _invitations(store: Store, community: str) -> list[Invitation]:
    return [cast(Invitation, record) for record in store.scan(community, "invitation")]
