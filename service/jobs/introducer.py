"""Introduces people in one community, from one part of its change log after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from models.community.view import Community
from models.domain.kinds import INVITATION, MESSAGE, SUGGESTION
from models.domain.records import Message, Micros
from models.domain.requests import Options
from models.introductions import Introduction, Proposer, Recent, Remark, remark
from service.application import introductions as usecase
from service.core.bounds import FUTURE_MICROS
from service.feed.dispatcher import Turn
from service.feed.reader import Reader
from service.serving.announcements import Announcements
from service.serving.runtime import Runtime
from service.serving.vectors import key_of
from service.store.contract import Change, Store

BATCH = 100
REMEMBERED = 20_000  # entries of the log that are read again on start, for what was said lately
FRESH: Micros = 24 * 3600 * 1_000_000  # what was said or stated longer ago is no occasion any more


class Introducer:
    """What was said lately in a community, what is stated, and how far its log was read."""

    def __init__(
        self,
        store: Store,
        runtime: Runtime,
        clock: Callable[[], Micros],
        view: Community,
        announcements: Announcements,
        name: str,
        cursor: int,
    ) -> None:
        """Goes on after `cursor`, as the consumer `name`."""
        self.encoder = view.encoder
        self._store = store
        self._runtime = runtime
        self._clock = clock
        self._view = view
        self._community = view.record.id
        self._told = announcements
        self._recent = Recent(view.facets.vectors.shape[1])
        self._stated = usecase.stated_by_all(view)
        self._reader = Reader(store, self._community, name, cursor, self._take_in, BATCH)
        for member in self._restated(store.changes(self._community, cursor)):
            self._stated.pop(member, None)  # whatever was stated after the cursor is news
        self._start, self._remembered = cursor, max(0, cursor - REMEMBERED)

    @property
    def cursor(self) -> int:
        """Up to which entry of the log it is done."""
        return self._reader.cursor

    def step(self, view: Community) -> Turn:
        """Take in some of what is new and the view has seen."""
        self._view = view
        if self._remembered < self._start:
            self._remember()
            return Turn(most=0.0, unhurried=True)  # those who come back first after a start ask meanwhile
        return self._reader.step(view.sequence)

    def end(self) -> None:
        """Note how far it came."""
        self._reader.end()

    def _remember(self) -> None:
        """Read again some of what was said lately."""
        changes = self._store.changes(self._community, self._remembered, BATCH)
        old = [change for change in changes if change.seq <= self._start]
        for said, vector in self._remarks(self._view, self._messages(old), cached=True):
            self._recent.add(said, vector)
        self._remembered = changes[-1].seq if changes else self._start

    def _take_in(self, changes: Sequence[Change]) -> None:
        view, told = self._view, self._told
        self._hear_of_invitations(changes)
        for change in changes:
            if change.kind == "message":
                self._recent.forget(change.id)
            elif change.kind == "member" and change.op == "delete":
                self._recent.forget_member(change.id)
        if any(change.kind == "channel" for change in changes):
            for said in [one for one in self._recent if not usecase.is_open(view, one.channel)]:
                self._recent.forget(said.id)
        options = Options(audience="members", now=self._clock())
        proposer = Proposer(view, self._runtime.ranker(self._community), self._recent, options, told.partners)
        since = self._clock() - FRESH
        for said, vector in self._remarks(view, self._messages(changes)):
            if said.time >= since:
                self._introduce(proposer.from_remark(said, vector))
            self._recent.add(said, vector)
        for member in self._restated(changes):
            before, now = self._stated.get(member, frozenset()), usecase.stated(view, member)
            if now - before:
                self._introduce(proposer.from_profile(member))
            self._stated[member] = now  # once it went through: after a fault it is news again

    def _introduce(self, made: Iterable[Introduction]) -> None:
        for one in made:
            with self._told.writing() as now:
                invitation = usecase.introduce(self._store, self._runtime, self._community, one, now)
                if invitation is not None:
                    self._told.put(invitation)

    def _hear_of_invitations(self, changes: Sequence[Change]) -> None:
        """Replies, withdrawals and erasures; an introduction that both accepted becomes mutual."""
        told = self._told
        if any(change.kind == "member" and change.op == "delete" for change in changes):
            told.replace_all(one for one in self._store.scan(self._community, INVITATION))
        ids = {change.id for change in changes if change.kind == "invitation"}
        found = self._store.get(self._community, INVITATION, sorted(ids)) if ids else {}
        for id in sorted(ids):
            stored = found.get(id)
            if stored is None:
                told.remove(id)
                continue
            with told.writing() as now:
                told.put(usecase.follow(self._store, self._runtime, self._community, stored, now))

    def _restated(self, changes: Iterable[Change]) -> list[str]:
        """Members whose own statements changed, or something suggested of them."""
        members = {change.id for change in changes if change.kind == "member"}
        suggested = [change.id for change in changes if change.kind == "suggestion"]
        found = self._store.get(self._community, SUGGESTION, suggested) if suggested else {}
        return sorted(members | {stored.record.member for stored in found.values()})

    def _messages(self, changes: Iterable[Change]) -> list[Message]:
        ids = list(dict.fromkeys(c.id for c in changes if c.kind == "message" and c.op == "put"))
        found = self._store.get(self._community, MESSAGE, ids) if ids else {}
        messages = [found[id].record for id in ids if id in found]
        return sorted(messages, key=lambda message: message.time)

    def _remarks(
        self, view: Community, messages: list[Message], *, cached: bool = False
    ) -> list[tuple[Remark, np.ndarray | None]]:
        """What was said where everybody may read it, with its vector where it says enough for one.

        The index has embedded most of it already. With `cached`, what it has not goes without a vector.
        """
        # What is dated ahead of the clock would count as said lately until the clock gets there.
        latest = self._clock() + FUTURE_MICROS
        open_ = [m for m in messages if m.time <= latest and usecase.is_open(view, m.channel)]
        said = [one for m in open_ if (one := remark(m)) is not None]
        keys = {one.id: key_of((one.author, one.text)) for one in said if one.tells}
        known = self._store.vectors(view.record.id, view.encoder, list(keys.values())) if keys else {}
        missing = [] if cached else [one for one in said if one.tells and keys[one.id] not in known]
        if missing:
            fresh = self._runtime.encoder_of(view)([one.text for one in missing])
            known |= {keys[one.id]: vector for one, vector in zip(missing, fresh, strict=True)}
        return [(one, known.get(keys[one.id]) if one.tells else None) for one in said]
