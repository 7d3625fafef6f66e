"""Records to the columns of a history; see `models.health.history`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from models.community.event_log import DECLARED, OUTCOME, EventLog
from models.domain.invitations import mutual
from models.domain.records import (
    CONNECTING_OUTCOMES,
    CONSENT_LEVEL,
    OUTCOME_KINDS,
    VALUE_KINDS,
    Block,
    Channel,
    Invitation,
    Member,
    Message,
    Need,
    Outcome,
    Project,
    Record,
    Tie,
)
from models.health.answering import first_answers
from models.health.history import Act, Contacts, History, Messages, Outcomes, People
from models.health.thanks import courteous, solved, thanked, thanks
from models.health.threads import threads

# A question mark that ends something (and is no part of an address), or a Chinese particle that asks.
QUESTION = re.compile(r"\?+(?=[\s\"'”’)\]）」』]|$)|？|[吗呢][。！~～…\s]*$")
REFUSALS = ("dismissed", "declined")


def read_history(records: Iterable[Record]) -> History:
    """The history that records of any kinds tell: members and channels first, then what names them."""
    reader = _Reader()
    for record in records:
        reader.put(record)
    return reader.history()


class _Reader:
    def __init__(self) -> None:
        self._row: dict[str, int] = {}
        self._members: list[Member | None] = []
        self._handles: dict[str, int] = {}
        self._channels: dict[str, int] = {}
        self._open: list[bool] = []
        self._channel_names: list[str] = []
        self._event_log = EventLog()
        self._asking: list[int] = []  # rows in the event log of questions, and of the other things that words say
        self._thanking: list[int] = []
        self._solved: list[int] = []
        self._courteous: list[int] = []
        self._thanked: list[tuple[int, int]] = []  # (row of the event log, member)
        self._replies: list[tuple[int, str]] = []  # (row of the event log, message replied to)
        self._outcomes: list[Outcome] = []
        self._revealed: set[str] = set()  # invitations that all accepted
        self._acts: list[Act] = []
        self._blocks: list[tuple[int, int]] = []

    def put(self, record: Record) -> None:
        match record:
            case Message():
                self._put_message(record)
            case Member():
                self._put_member(record)
            case Channel():
                row = self._channel(record.id)
                self._open[row], self._channel_names[row] = record.visibility == "community", record.name
            case Project() if record.time is not None:
                self._event_log.add_project([self._member(m) for m in dict.fromkeys(record.members)], record.time)
            case Tie():
                self._event_log.add_tie(
                    self._member(record.source), self._member(record.target), record.time or 0, DECLARED
                )
            case Outcome():
                self._put_outcome(record)
            case Invitation() if record.state != "withdrawn":
                self._acts.append(Act(record.id, record.source, record.ref, record.members, record.time))
                if mutual(record):
                    self._revealed.add(record.id)
            case Block():
                self._blocks.append((self._member(record.source), self._member(record.target)))

    def history(self) -> History:
        event_log = self._event_log
        alive = np.flatnonzero(event_log.event_member.values >= 0)
        alive = alive[np.argsort(event_log.event_time.values[alive], kind="stable")]
        said = alive[event_log.event_channel.values[alive] >= 0]
        place = np.full(len(event_log.event_member) + 1, -1, np.int64)  # the last stands for "on no message"
        place[said] = np.arange(len(said))
        contacts = self._contact_columns(place)
        messages = self._message_columns(said, place, contacts)
        # What somebody said to a double opt-in is nobody's business until all accepted, in no sum either.
        self._outcomes = [one for one in self._outcomes if not one.invitation or one.invitation in self._revealed]
        outcomes = self._outcome_columns()
        doing_time = event_log.event_time.values[alive]
        newest = [int(times[-1]) for times in (doing_time, outcomes.time) if len(times)]
        return History(
            people=self._people(),
            channels=tuple(self._channels),
            channel_names=tuple(name or id for id, name in zip(self._channels, self._channel_names, strict=True)),
            messages=messages,
            answers=first_answers(messages, contacts),
            contacts=contacts,
            thanked=tuple((int(place[event]), member) for event, member in self._thanked),
            outcomes=outcomes,
            doing_member=event_log.event_member.values[alive],
            doing_time=doing_time,
            apart=self._apart(),
            acts=tuple(sorted(self._acts, key=lambda act: (act.time, act.id))),
            begin=int(doing_time[0]) if len(doing_time) else 0,
            as_of=max(newest, default=0),
        )

    def _member(self, id: str) -> int:
        row = self._row.get(id)
        if row is None:
            row = self._row[id] = len(self._members)
            self._members.append(None)
            self._handles.setdefault(id.casefold(), row)
        return row

    def _put_member(self, member: Member) -> None:
        row = self._member(member.id)
        self._members[row] = member
        for handle in (member.name, *(identity.handle for identity in member.identities)):
            if handle:
                self._handles.setdefault(handle.casefold(), row)

    def _channel(self, id: str) -> int:
        row = self._channels.setdefault(id, len(self._channels))
        if row == len(self._open):
            self._open.append(True)
            self._channel_names.append("")
        return row

    def _put_message(self, message: Message) -> None:
        channel = self._channel(message.channel)
        is_open = self._open[channel]
        handle_of = self._handles.get
        event = self._event_log.add_message(
            message, self._member(message.author), channel, is_open, self._row.get, lambda h: handle_of(h.casefold())
        )
        if message.reply_to:
            self._replies.append((event, message.reply_to))
        if is_open and message.text:
            self._read(event, message.text)

    def _read(self, event: int, text: str) -> None:
        if QUESTION.search(text):
            self._asking.append(event)
        if solved(text):
            self._solved.append(event)
        if courteous(text):
            self._courteous.append(event)
        if thanks(text):
            self._thanking.append(event)
            if (member := thanked(text, self._handles.get)) is not None:
                self._thanked.append((event, member))

    def _put_outcome(self, outcome: Outcome) -> None:
        self._outcomes.append(outcome)
        source, target = self._member(outcome.source), self._member(outcome.target)
        if outcome.kind in CONNECTING_OUTCOMES:
            self._event_log.add_tie(source, target, outcome.time, OUTCOME, is_open=False)

    def _people(self) -> People:
        members = self._members
        return People(
            ids=tuple(self._row),
            row=dict(self._row),
            names=tuple((m.name if m else "") or id for id, m in zip(self._row, members, strict=True)),
            exists=np.array([m is not None for m in members], bool),
            consent=np.array([CONSENT_LEVEL[m.consent] if m else 0 for m in members], np.int8),
            paused_until=np.array([(m.paused_until or 0) if m else 0 for m in members], np.int64),
            offers=_kinds([m.offers if m else () for m in members]),
            seeks=_kinds([m.seeks if m else () for m in members]),
        )

    def _contact_columns(self, place: np.ndarray) -> Contacts:
        event_log = self._event_log
        rows = event_log.live_contacts()
        rows = rows[np.argsort(event_log.contact_time.values[rows], kind="stable")]
        return Contacts(
            source=event_log.contact_source.values[rows],
            target=event_log.contact_target.values[rows],
            time=event_log.contact_time.values[rows],
            kind=event_log.contact_kind.values[rows],
            open=event_log.contact_open.values[rows],
            event=place[event_log.contact_event.values[rows]],
        )

    def _message_columns(self, said: np.ndarray, place: np.ndarray, contacts: Contacts) -> Messages:
        event_log = self._event_log
        directed = np.zeros(len(said), bool)
        directed[contacts.event[contacts.event >= 0]] = True
        author, time = event_log.event_member.values[said], event_log.event_time.values[said]
        channel = event_log.event_channel.values[said]
        return Messages(
            author=author,
            time=time,
            channel=channel,
            question=_marked(self._asking, place, len(said)),
            directed=directed,
            replies=self._reply_column(place, len(said)),
            thanks=_marked(self._thanking, place, len(said)),
            solved=_marked(self._solved, place, len(said)),
            courteous=_marked(self._courteous, place, len(said)),
            threads=threads(author, time, channel, event_log.event_thread.values[said], directed),
        )

    def _reply_column(self, place: np.ndarray, size: int) -> np.ndarray:
        """A reply says what it answers, whether or not it mentions somebody as well."""
        replies = np.full(size, -1, np.int64)
        for event, message in self._replies:
            replies[place[event]] = place[self._event_log.event_of.get(message, -1)]
        return replies

    def _outcome_columns(self) -> Outcomes:
        rows = sorted(self._outcomes, key=lambda o: (o.time, o.id))
        return Outcomes(
            source=np.array([self._row[o.source] for o in rows], np.int32),
            target=np.array([self._row[o.target] for o in rows], np.int32),
            time=np.array([o.time for o in rows], np.int64),
            kind=np.array([OUTCOME_KINDS.index(o.kind) for o in rows], np.int8),
            value=np.array([VALUE_KINDS.index(o.value) for o in rows], np.int8),
        )

    def _apart(self) -> frozenset[tuple[int, int]]:
        """Blocked either way, or whose newest word on each other, from either side, is a refusal."""
        newest: dict[tuple[int, int], Outcome] = {}
        for outcome in sorted(self._outcomes, key=lambda o: (o.time, o.id)):
            if outcome.kind != "shown":
                newest[self._row[outcome.source], self._row[outcome.target]] = outcome
        refused = [pair for pair, outcome in newest.items() if outcome.kind in REFUSALS]
        return frozenset(pair for a, b in (*self._blocks, *refused) for pair in ((a, b), (b, a)))


def _marked(events: Sequence[int], place: np.ndarray, size: int) -> np.ndarray:
    """(size,) bool: True at the places of these rows of the event log."""
    marked = np.zeros(size, bool)
    marked[place[np.array(events, np.int64)]] = True
    return marked


def _kinds(stated: Sequence[Sequence[Need]]) -> np.ndarray:
    kinds = VALUE_KINDS[1:]
    found = [[any(need.kind == kind for need in needs) for kind in kinds] for needs in stated]
    return np.array(found, bool).reshape(-1, len(kinds))
