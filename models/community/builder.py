"""Keeps the state from which views of a community are made: records in, `models.community.view.Community` out.

One writer feeds it, in order, from a store, an archive or the change log; readers only ever see views. What people say
in rooms that are not open to the whole community counts for being connected and for activity, never for words. A room
of which nothing is stated is not open; what is said in none is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np
import scipy.sparse as sp

from models.community import aggregates, attribute_preferences, evidence
from models.community.advertising import cues
from models.community.attribute_codes import AttributeTable
from models.community.byte_vectors import ByteVectors
from models.community.centre import Centre
from models.community.columns import Blocks, Column
from models.community.event_log import DECLARED, OUTCOME, EventLog
from models.community.facet_table import FacetTable
from models.community.interest_index import InterestIndex
from models.community.interest_words import InterestWords
from models.community.interests import summarise
from models.community.kept import Kept
from models.community.running import Running
from models.community.statements import StatedWhereabouts, facets_of, place_of, stated_whereabouts, whereabouts
from models.community.view import (
    INTERESTS,
    Community,
    Documents,
    Facet,
    Facets,
    Lexical,
    Projects,
    Rules,
    Whereabouts,
)
from models.community.word_counts import Wordbook, log_counts, weighted_rows
from models.domain.records import (
    CONNECTING_OUTCOMES,
    CONSENT_LEVEL,
    DAY,
    Block,
    Channel,
    Member,
    Message,
    Outcome,
    Project,
    Record,
    Suggestion,
    Tie,
    all_attributes,
)
from models.domain.records import Community as CommunityRecord
from models.index.vectors import LiveIndex
from models.meaning.judgement import Judgement
from models.meaning.judgement import shipped as shipped_judgement
from models.meaning.statements import read as read_statements
from models.meaning.statements import says_nothing
from models.text import term_cache
from models.text.lexical import CJK
from models.text.passages import PassageBuilder, project_text

# Texts in, vectors out: (member id or "" for the community's own, text) pairs to an (n, d) float32 array.
Embed = Callable[[Sequence[tuple[str, str]]], np.ndarray]

REFUSALS = frozenset({"dismissed", "declined"})
# Parts of a view that change with what people do, and of these the ones that age as the community's clock goes on.
DOINGS = ("activity", "ties", "connected", "whereabouts")
AGING = ("activity", "ties", "whereabouts")
# Parts that do not have a row for every member.
UNSIZED = ("facets", "clock", "channels")
PROFILE_WEIGHT = 4.0  # a profile counts as much as this many passages in a member's centroid


class Builder:
    """The state of one community. Not safe for concurrent use; the views that it makes are."""

    def __init__(
        self,
        record: CommunityRecord,
        dimension: int,
        encoder: str,
        judgement: Judgement | None = None,
        *,
        exact: bool = False,
    ) -> None:
        """`judgement` is the one that ships for the encoder, unless another one is given. `exact`: what words weigh,
        what statements have in common, and the mean are never those of a while ago, which takes longer where there are
        many."""
        self.record = record
        self.encoder = encoder
        self.dimension = dimension
        self.stale = False  # True once something happened that only building afresh can express
        self._ids: list[str] = []
        self._row: dict[str, int] = {}
        self._members: list[Member | None] = []
        self._handles: dict[str, int] = {}
        self._attribute_table = AttributeTable()
        self._channels: list[Channel] = []
        self._channel_row: dict[str, int] = {}
        self._event_log = EventLog()
        self._running: Running | None = None
        self._passages = PassageBuilder()
        self._passage_owner = Column(np.int32)
        self._passage_asked = Column(np.int32)  # the passage that each one answers, -1 for none
        self._passage_cues = Column(np.int8)  # of those that are judged
        self._passage_vectors: list[np.ndarray | None] = []
        self._owned: defaultdict[int, list[int]] = defaultdict(list)
        self._index = LiveIndex(dimension)
        self._words = Wordbook(exact=exact)
        self._facets: dict[int, list[Facet]] = {}
        self._facets_changed: set[int] = set()  # rows whose facets differ from those in `_facet_table`
        self._stated: dict[int, dict[str, object]] = {}  # by row, what parts of a view read of a member; see `_stands`
        self._standings: tuple[np.ndarray, ...] = ()  # as the newest view has them, and ...
        self._standings_changed: set[int] = set()  # ... the rows that differ since
        self._suggestions: defaultdict[int, dict[str, Suggestion]] = defaultdict(dict)
        self._read_from: defaultdict[str, set[int]] = defaultdict(set)  # by message, of whom something is suggested
        self._facet_vectors: dict[tuple[int, str], np.ndarray] = {}
        self._projects: dict[str, Project] = {}
        self._project_events: dict[str, list[int]] = {}
        self._project_vectors: dict[str, np.ndarray] = {}
        self._project_tokens: dict[str, tuple[list[int], np.ndarray]] = {}
        # By member, in the order of `_projects`.
        self._projects_of: defaultdict[int, dict[str, None]] = defaultdict(dict)
        self._fitted = Kept()  # what is fitted on projects, for as long as they stay as they are
        self._need_vectors: dict[tuple[str, str], np.ndarray] = {}
        self._blocks: dict[str, tuple[int, int]] = {}
        self._ties: dict[str, int] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._outcome_contacts: dict[str, int] = {}
        self._interests = ByteVectors((1 + INTERESTS, dimension))
        self._interest_index = InterestIndex(dimension, INTERESTS)
        self._centre = Centre(dimension, exact=exact)
        self._judgement = judgement or shipped_judgement(encoder)
        k = self._judgement.space.size if self._judgement else 0
        self._readings = Blocks((self._judgement.size if self._judgement else 0,))  # of passages
        self._facet_table = FacetTable(dimension, self._judgement.size if self._judgement else 0, exact=exact)
        self._facet_readings: dict[tuple[int, str], np.ndarray] = {}
        self._project_readings: dict[tuple[str, str], np.ndarray] = {}
        self._pieces = Blocks((evidence.MOST, k + evidence.MORE))
        self._interest_words = InterestWords()
        self._replies: dict[str, str] = {}  # the message that an open message answers
        self._replied: defaultdict[str, set[str]] = defaultdict(set)  # the open messages that answer a message
        self._dirty_members: set[int] = set()
        self._dirty_passages: set[int] = set()
        self._dirty_projects: dict[str, None] = {}  # in the order of `_projects`
        self._cache: dict[str, Any] = {}
        self._cached_at = 0

    # -- records in ----------------------------------------------------------------------------------------------

    def put(self, record: Record) -> None:
        """Take in one record, new or changed."""
        match record:
            case Message():
                self._put_message(record)
            case Member():
                self._put_member(record)
            case Project():
                self._put_project(record)
            case Channel():
                self._put_channel(record)
            case Suggestion():
                self._put_suggestion(record)
            case Outcome():
                self._put_outcome(record)
            case Tie():
                self._put_tie(record)
            case Block():
                self._blocks[record.id] = (self._member(record.source), self._member(record.target))
                self._forget("hidden")
            case CommunityRecord():
                self.record = record
                self._forget("attributes")

    def delete(self, kind: str, record_id: str) -> None:
        """Forget one record; unknown ids are nothing."""
        term_cache.forget(self._words.vocabulary)
        match kind:
            case "message":
                self._delete_message(record_id)
            case "member":
                self._delete_member(record_id)
            case "project":
                self._delete_project(record_id)
            case "suggestion":
                for row, of_member in self._suggestions.items():
                    if of_member.pop(record_id, None):
                        self._describe(row)
            case "outcome":
                self._delete_outcome(record_id)
            case "tie":
                self._drop_contact(self._ties.pop(record_id, None))
            case "block":
                self._blocks.pop(record_id, None)
                self._forget("hidden")
            case "channel":
                if record_id in self._channel_row:
                    self._put_channel(Channel(id=record_id, visibility="private"))
                self.stale = True

    def put_all(self, records: Iterable[Record]) -> None:
        """Take in many records."""
        for record in records:
            self.put(record)

    # -- vectors -------------------------------------------------------------------------------------------------

    def pending(self) -> list[tuple[str, str]]:
        """(member, text) of everything whose vector is missing, in the order in which `embed_pending` asks for it."""
        return [job[1] for job in self._jobs()]

    def embed_pending(self, embed: Embed) -> int:
        """Ask for all missing vectors and take them in; how many texts it were."""
        jobs = self._jobs()
        if jobs:
            vectors = embed([text for _, text in jobs])
            for (take, _), vector in zip(jobs, vectors, strict=True):
                take(vector)
        self._dirty_projects.clear()
        self._index_passages()
        return len(jobs)

    def _jobs(self) -> list[tuple[Callable[[np.ndarray], None], tuple[str, str]]]:
        jobs: list[tuple[Callable[[np.ndarray], None], tuple[str, str]]] = []
        jobs += [
            (_into(self._passage_vectors, p), (self._passages.authors[p], self._passages.texts[p]))
            for p in sorted(self._dirty_passages)
            if self._searchable(p)
        ]
        for row in sorted(self._dirty_members):
            jobs += [
                (_into(self._facet_vectors, (row, text)), (self._ids[row], text))
                for text in dict.fromkeys(f.text for f in self._facets.get(row, ()))
                if (row, text) not in self._facet_vectors
            ]
        for project in (self._projects[id] for id in self._dirty_projects if id not in self._project_vectors):
            jobs.append((_into(self._project_vectors, project.id), ("", project_text(project))))
            jobs += [
                (_into(self._need_vectors, (project.id, need.text)), ("", need.text))
                for need in project.needs
                if (project.id, need.text) not in self._need_vectors
            ]
        return jobs

    def _index_passages(self) -> None:
        changed = sorted(self._dirty_passages)
        gone = [p for p in changed if not self._searchable(p)]
        kept = [p for p in changed if self._searchable(p)]
        self._index.remove(np.array(gone, np.int64))
        for p in gone:
            self._readings.set(p, np.zeros(self._judgement.size if self._judgement else 0, np.float32))
            self._passage_cues.values[p] = 0
        if kept:
            vectors = [vector for p in kept if (vector := self._passage_vectors[p]) is not None]
            self._index.update(np.array(kept, np.int64), np.array(vectors, np.float32))
            self._read_passages(kept)
        self._dirty_passages.clear()

    def _read_passages(self, passages: Sequence[int]) -> None:
        if self._judgement is None:
            return
        vectors = np.array([self._passage_vectors[p] for p in passages], np.float32)
        texts = [self._passages.texts[p] for p in passages]
        for p, text, reading in zip(passages, texts, self._judgement.read(vectors, texts), strict=True):
            self._readings.set(p, reading)
            self._passage_cues.values[p] = cues(text)

    def _searchable(self, passage: int) -> bool:
        return bool(self._passages.texts[passage]) and self._passage_owner.values[passage] >= 0

    # -- views ---------------------------------------------------------------------------------------------------

    def view(self, sequence: int = 0) -> Community:
        """The community as it stands. Call `embed_pending` first: a text without vector raises KeyError."""
        n = len(self._ids)
        running = self._up_to_date()
        now = self._clock(running)
        if now != self._cached_at:
            self._cached_at = now
            self._forget(*AGING)
        activity = self._cached("activity", lambda: aggregates.activity(running, n, len(self._channels), now))
        ties = self._cached("ties", lambda: aggregates.ties(running, n, now))
        lexical = self._cached("lexical", lambda: self._lexical(n))
        facets = self._cached("facets", self._follow_facets)
        self._summarise_dirty()
        interests = self._interests.freeze(n)
        channels, channel_row = self._cached("channels", lambda: (tuple(self._channels), dict(self._channel_row)))
        return Community(
            record=self.record,
            as_of=now,
            sequence=sequence,
            encoder=self.encoder,
            ids=self._cached("ids", lambda: tuple(self._ids)),
            row=self._cached("row", lambda: dict(self._row)),
            members=self._cached("members", lambda: tuple(self._members)),
            channels=channels,
            channel_row=channel_row,
            rules=self._rules(running, n, activity.total),
            activity=activity,
            ties=ties,
            lexical=lexical,
            interests=interests,
            interest_index=self._interest_index.snapshot(),
            mean=self._centre.of(interests, int((activity.total > 0).sum())),
            judgement=self._judgement,
            pieces=self._pieces.freeze(n),
            interest_words=self._cached(
                "interest_words", lambda: self._interest_words.table(n, len(self._words.vocabulary))
            ),
            facets=facets,
            documents=Documents(
                index=self._index.snapshot(),
                owner=self._passage_owner.values.copy(),
                messages=self._passages.message_ids.freeze(),
                texts=self._passages.texts.freeze(),
                readings=self._readings.freeze(len(self._passage_owner)),
                asked=self._passage_asked.values.copy(),
                cues=self._passage_cues.values.copy(),
            ),
            projects=self._cached("projects", lambda: self._worded_projects(n, lexical)),
            whereabouts=self._cached("whereabouts", lambda: self._whereabouts(running, n, now)),
            attributes=self._attributes(),
            attribute_codes=self._cached("attribute_codes", lambda: self._attribute_table.freeze(n)),
            kept_of_ids=self._cached("of_ids", Kept),
            kept_of_names=self._cached("of_names", Kept),
        )

    def _attributes(self) -> attribute_preferences.Attributes:
        return cast(
            attribute_preferences.Attributes,
            self._cached(
                "attributes",
                lambda: attribute_preferences.columns(self._members, attribute_preferences.declared(self.record)),
            ),
        )

    def _up_to_date(self) -> Running:
        """What ran up to now; worked out at once where that is shorter than to follow."""
        if self._running is not None and self._running.follows():
            self._running.follow()
        else:
            self._running = Running(self._event_log)
        return self._running

    def _clock(self, running: Running) -> int:
        newest: int = self._cached(
            "clock", lambda: max((one.time for one in self._outcomes.values() if not one.invitation), default=0)
        )
        return max(newest, int(running.times[-1]) if len(running.times) else 0)

    def _cached(self, part: str, make: Callable[[], Any]) -> Any:
        if part not in self._cache:
            self._cache[part] = make()
        return self._cache[part]

    def _forget(self, *parts: str) -> None:
        for part in parts:
            self._cache.pop(part, None)

    # -- members -------------------------------------------------------------------------------------------------

    def _member(self, member_id: str) -> int:
        row = self._row.get(member_id)
        if row is None:
            row = self._row[member_id] = len(self._ids)
            self._ids.append(member_id)
            self._members.append(Member(id=member_id, name=member_id))
            self._handles.setdefault(member_id.casefold(), row)
            self._forget(*(self._cache.keys() - UNSIZED))
        return row

    def _put_member(self, member: Member) -> None:
        row = self._member(member.id)
        self._note_stands(row)
        self._members[row] = member
        self._attribute_table.put(row, all_attributes(member))
        self._forget("attribute_codes")
        for handle in (member.id, member.name, *(i.handle for i in member.identities)):
            if handle:
                self._handles.setdefault(handle.casefold(), row)
        self._describe(row)

    def _delete_member(self, member_id: str) -> None:
        row = self._row.get(member_id)
        if row is None or self._members[row] is None:
            return
        self._members[row] = None
        self._attribute_table.put(row, {})
        self._event_log.remove_member(row)
        self._running = None
        for p in self._owned.pop(row, ()):
            self._passage_owner.values[p] = -1
            self._passage_vectors[p] = None
            self._dirty_passages.add(p)
        self._facets.pop(row, None)
        self._facets_changed.add(row)
        self._standings_changed.add(row)
        self._stated.pop(row, None)
        self._facet_vectors = {key: vector for key, vector in self._facet_vectors.items() if key[0] != row}
        self._facet_readings = {key: reading for key, reading in self._facet_readings.items() if key[0] != row}
        self._interest_words.drop(row)
        self._suggestions.pop(row, None)
        for outcome in [o.id for o in self._outcomes.values() if member_id in (o.source, o.target)]:
            self._delete_outcome(outcome)
        self._blocks = {block: pair for block, pair in self._blocks.items() if row not in pair}
        self._handles = {h: r for h, r in self._handles.items() if r != row}
        self._mark_asked(range(len(self._passage_owner)))
        self._dirty_members.add(row)
        self._cache.clear()
        self.stale = True

    def _put_suggestion(self, suggestion: Suggestion) -> None:
        row = self._member(suggestion.member)
        self._note_stands(row)
        self._suggestions[row][suggestion.id] = suggestion
        self._read_from[suggestion.message].add(row)
        self._describe(row)

    def _describe(self, row: int) -> None:
        """Work out the facets of a member from what they state and what was read out of their words."""
        member = self._members[row]
        suggested = [s for s in self._suggestions.get(row, {}).values() if self._may_show(s)]
        facets = facets_of(row, member, suggested) if member is not None else []
        for text in {f.text for f in self._facets.get(row, ())} - {f.text for f in facets}:
            self._facet_vectors.pop((row, text), None)
            self._facet_readings.pop((row, text), None)
        self._facets[row] = facets
        self._words.state_anew(row, (facet.text for facet in facets if facet.weight == 1.0))
        self._dirty_members.add(row)
        self._facets_changed.add(row)
        self._forget("members", "facets", "lexical", "projects", *self._restated(row))

    def _note_stands(self, row: int) -> None:
        """Before a member changes of whom this was not noted yet, since they state nothing."""
        if row not in self._stated:
            self._stated[row] = self._stands(row)

    def _restated(self, row: int) -> list[str]:
        """The parts of a view that read something else of a member now than when it was last asked."""
        before, now = self._stated.get(row, {}), self._stands(row)
        self._stated[row] = now
        changed = {part for part, read in now.items() if part not in before or before[part] != read}
        self._standings_changed.add(row)
        return [*changed, *(("whereabouts",) if "stated" in changed else ())]

    def _stands(self, row: int) -> dict[str, object]:
        """What of a member those parts of a view are made of that have nothing to do with words."""
        member = self._members[row]
        if member is None:
            return {}
        return {
            "of_names": (member.name, member.identities),
            "standing": (self._is_described(row), member.consent, member.paused_until),
            "stated": (member.languages, member.time_zone, place_of(member, self._facets.get(row, ()))),
            "attributes": (all_attributes(member), member.extra),
        }

    def _is_described(self, row: int) -> bool:
        member = self._members[row]
        return member is not None and (member.has_profile or bool(self._facets.get(row)))

    def _may_show(self, suggestion: Suggestion) -> bool:
        """Whether what a suggestion was read from is open to everybody, now; one that names no message is nobody's."""
        event = self._event_log.event_of.get(suggestion.message)
        return not suggestion.message or (event is not None and bool(self._event_log.event_open.values[event]))

    def _follow_facets(self) -> Facets:
        changed = sorted(self._facets_changed)
        for row in changed:
            self._read_facets(row, self._facets.get(row, ()))
        items = [facet for row in changed for facet in self._facets.get(row, ())]
        nothing = np.zeros(0, np.float32)
        readings = [self._facet_readings.get((facet.member, facet.text), nothing) for facet in items]
        table = self._facet_table.follow(
            changed,
            items,
            [self._facet_vectors[facet.member, facet.text] for facet in items],
            readings,
            [self._says_nothing(facet.text, reading) for facet, reading in zip(items, readings, strict=True)],
        )
        self._facets_changed.clear()
        return table

    def _says_nothing(self, text: str, reading: np.ndarray) -> bool:
        """Whether a statement is none, by its words or by what it does."""
        return says_nothing(text) or (self._judgement is not None and self._judgement.says_nothing(reading))

    def _whereabouts(self, running: Running, n: int, now: int) -> Whereabouts:
        stated: StatedWhereabouts = self._cached("stated", lambda: stated_whereabouts(self._members, self._facets))
        return whereabouts(stated, *running.letters_of(n), now)

    def _rules(self, running: Running, n: int, total: np.ndarray) -> Rules:
        exists, described, consent, paused = self._cached("standing", self._standing)
        return Rules(
            consent=consent,
            paused_until=paused,
            present=described | (exists & (total > 0)) | self._attributes().known(),
            hidden=self._cached("hidden", lambda: self._hidden(n)),
            declined=self._cached("declined", lambda: self._declined(n)),
            connected=self._cached("connected", lambda: running.known.ones((n, n)).astype(bool)),
        )

    def _standing(self) -> tuple[np.ndarray, ...]:
        """(N,) each: who exists, who states something, `Rules.consent` and `Rules.paused_until`."""
        known = len(self._standings[0]) if self._standings else 0
        changed = np.array(sorted({*self._standings_changed, *range(known, len(self._ids))}), np.int64)
        self._standings_changed.clear()
        members = [self._members[row] for row in changed]
        new = (
            np.array([m is not None for m in members], bool),
            np.array([self._is_described(row) for row in changed.tolist()], bool),
            np.array([CONSENT_LEVEL[m.consent] if m else 0 for m in members], np.int8),
            np.array([(m.paused_until or 0) if m else 0 for m in members], np.int64),
        )
        before = self._standings or tuple(part[:0] for part in new)
        more = len(self._ids) - known
        self._standings = tuple(np.append(part, np.zeros(more, part.dtype)) for part in before)
        for part, values in zip(self._standings, new, strict=True):
            part[changed] = values
        return self._standings

    def _hidden(self, n: int) -> sp.csr_matrix:
        hidden = np.array(self._refused() + list(self._blocks.values()), np.int64).reshape(-1, 2)
        return aggregates.pairs(hidden[:, 0], hidden[:, 1], n)

    def _refused(self) -> list[tuple[int, int]]:
        """Pairs whose newest word on each other, from either side, is a refusal."""
        told = (outcome for outcome in self._outcomes.values() if not outcome.invitation)
        return [pair for pair, outcome in self._newest(told).items() if outcome.kind in REFUSALS]

    def _declined(self, n: int) -> sp.csr_matrix:
        """(N, N) bool: to whom a row said no in a double opt-in, if that is their newest word. For their lists only."""
        newest = self._newest(self._outcomes.values()).items()
        pairs = np.array([pair for pair, one in newest if one.invitation and one.kind in REFUSALS], np.int64)
        rows, columns = pairs.reshape(-1, 2).T
        return sp.csr_matrix((np.ones(len(rows), bool), (rows, columns)), shape=(n, n))

    def _newest(self, outcomes: Iterable[Outcome]) -> dict[tuple[int, int], Outcome]:
        """The newest word of each on each other, but for what was shown."""
        newest: dict[tuple[int, int], Outcome] = {}
        for outcome in sorted(outcomes, key=lambda o: (o.time, o.id)):
            if outcome.kind != "shown":
                newest[self._member(outcome.source), self._member(outcome.target)] = outcome
        return newest

    # -- channels, messages, projects, ties ----------------------------------------------------------------------

    def _channel(self, channel_id: str) -> int:
        row = self._channel_row.get(channel_id)
        if row is None:
            row = self._channel_row[channel_id] = len(self._channels)
            self._channels.append(Channel(id=channel_id, visibility="private" if channel_id else "community"))
            self._forget("activity", "channels")
        return row

    def opens(self, channel: Channel) -> bool:
        """Whether a record opens a room in which something was said; that is to be put again then, to be heard."""
        row = self._channel_row.get(channel.id)
        return row is not None and channel.visibility == "community" != self._channels[row].visibility

    def _put_channel(self, channel: Channel) -> None:
        known = channel.id in self._channel_row
        row = self._channel(channel.id)
        before, self._channels[row] = self._channels[row].visibility, channel
        self._forget("channels")
        if known and before != channel.visibility:
            self.stale = True
            if before == "community":
                self._close(row)

    def _close(self, channel: int) -> None:
        """Forget the words of a room at once, whatever else waits until all is built afresh."""
        log, events = self._event_log, np.flatnonzero(self._event_log.event_channel.values == channel)
        log.event_open.values[events] = False
        log.contact_open.values[np.isin(log.contact_event.values, events)] = False
        log.contact_open.values[np.isin(log.contact_replied.values, events)] = False
        for message in [id for id, event in log.event_of.items() if log.event_channel.values[event] == channel]:
            log.count_letters(log.event_of[message], 0, 0)
            self._unsay(message)
            self._describe_readings(message)
        self._running = None
        self._forget(*DOINGS)

    def _describe_readings(self, message: str) -> None:
        """Anew, whomever something is suggested of that was read from a message."""
        for row in self._read_from.get(message, ()):
            self._describe(row)

    def _put_message(self, message: Message) -> None:
        self._take_out(message.id)
        author, channel = self._member(message.author), self._channel(message.channel)
        is_open = self._channels[channel].visibility == "community"
        event = self._event_log.add_message(
            message, author, channel, is_open, self._row.get, lambda h: self._handles.get(h.casefold())
        )
        self._forget(*DOINGS)
        self._describe_readings(message.id)
        if not is_open or not message.text:
            return
        self._event_log.count_letters(event, sum(map(len, message.text.split())), len(CJK.findall(message.text)))
        titled = message.topic and not message.reply_to
        said = f"{message.topic}\n{message.text}" if titled else message.text
        if self._words.add_message(message.id, author, said):
            self._forget("lexical", "projects")
        self._passages.add(message)
        passages = self._passages.passages_of(message.id)
        self._own_passages(passages, author)
        if message.reply_to:
            self._note_reply(message.id, message.reply_to)
        self._mark_asked(passages)
        self._touch_replies(message.id)

    def _own_passages(self, passages: Iterable[int], author: int) -> None:
        for p in passages:
            while len(self._passage_owner) <= p:
                self._passage_owner.append(-1)
                self._passage_asked.append(-1)
                self._passage_cues.append(0)
                self._passage_vectors.append(None)
            if self._passage_owner.values[p] < 0:
                self._passage_owner.values[p] = author
                self._owned[author].append(p)
            self._dirty_passages.add(p)
        self._dirty_members.add(author)

    def _note_reply(self, message: str, asked: str) -> None:
        self._replies[message] = asked
        self._replied[asked].add(message)

    def _touch_replies(self, message_id: str) -> None:
        """What answers a message takes its topic from it."""
        for reply in self._replied.get(message_id, ()):
            passages = self._passages.passages_of(reply)
            self._mark_asked(passages)
            for p in passages:
                if (owner := int(self._passage_owner.values[p])) >= 0:
                    self._dirty_members.add(owner)

    def _mark_asked(self, passages: Iterable[int]) -> None:
        for p in passages:
            self._passage_asked.values[p] = self._asked(p)

    def _asked(self, passage: int) -> int:
        """The passage, by somebody else, that the first answer in a passage answers; -1 for none."""
        replies = (self._replies[m] for m in self._passages.message_ids[passage] if m in self._replies)
        asked = next(replies, None)
        first = next(iter(self._passages.passages_of(asked)), -1) if asked else -1
        if first < 0 or not self._searchable(first):
            return -1
        return first if self._passage_owner.values[first] != self._passage_owner.values[passage] else -1

    def _delete_message(self, message_id: str) -> None:
        self._take_out(message_id)
        for of_member in self._suggestions.values():
            for s in [s for s in of_member.values() if s.message == message_id and s.state == "open"]:
                self.delete("suggestion", s.id)

    def _take_out(self, message_id: str) -> None:
        """Undo what a message did; what was read out of it stays, since it may come back in other words."""
        if self._event_log.remove_message(message_id) is None:
            return
        self._unsay(message_id)
        self._forget(*DOINGS)

    def _unsay(self, message_id: str) -> None:
        """Forget the words of a message."""
        self._words.drop_message(message_id)
        touched = self._passages.passages_of(message_id)
        self._passages.remove(message_id)
        if (asked := self._replies.pop(message_id, None)) is not None:
            self._replied[asked].discard(message_id)
        self._mark_asked(touched)
        self._touch_replies(message_id)
        self._dirty_passages.update(touched)
        self._dirty_members.update(owner for p in touched if (owner := int(self._passage_owner.values[p])) >= 0)
        self._forget("lexical", "projects")

    def _put_project(self, project: Project) -> None:
        self._delete_project(project.id)
        members = [self._member(m) for m in dict.fromkeys(project.members)]
        self._projects[project.id] = project
        self._dirty_projects[project.id] = None
        if project.time is not None:
            self._project_events[project.id] = self._event_log.add_project(members, project.time)
        words = self._words.ids(project_text(project))
        self._project_tokens[project.id] = members, words
        self._words.count(members, words, 1.0)
        for row in members:
            self._projects_of[row][project.id] = None
        self._projects_changed(members)

    def _delete_project(self, project_id: str) -> None:
        old = self._projects.pop(project_id, None)
        if old is None:
            return
        self._dirty_projects.pop(project_id, None)
        self._event_log.remove_events(self._project_events.pop(project_id, ()))
        self._project_readings = {key: one for key, one in self._project_readings.items() if key[0] != project_id}
        members, words = self._project_tokens.pop(project_id)
        self._words.count(members, words, -1.0)
        self._project_vectors.pop(project_id, None)
        for need in old.needs:
            self._need_vectors.pop((project_id, need.text), None)
        for row in members:
            self._projects_of[row].pop(project_id, None)
        self._projects_changed(members)

    def _projects_changed(self, members: Iterable[int]) -> None:
        self._dirty_members.update(members)
        self._fitted = Kept()
        self._forget(*DOINGS, "lexical", "projects", "project_table", "project_words")

    def _put_tie(self, tie: Tie) -> None:
        self._drop_contact(self._ties.pop(tie.id, None))
        source, target = self._member(tie.source), self._member(tie.target)
        self._ties[tie.id] = self._event_log.add_tie(source, target, tie.time or 0, DECLARED)
        self._forget("ties", "connected")

    def _put_outcome(self, outcome: Outcome) -> None:
        self._delete_outcome(outcome.id)
        source, target = self._member(outcome.source), self._member(outcome.target)
        self._outcomes[outcome.id] = outcome
        if outcome.kind in CONNECTING_OUTCOMES:
            # What the two tell the service about one another is nobody else's business: not an open contact.
            self._outcome_contacts[outcome.id] = self._event_log.add_tie(
                source, target, outcome.time, OUTCOME, is_open=False
            )
        self._forget("ties", "connected", "hidden", "declined", "clock")

    def _delete_outcome(self, outcome_id: str) -> None:
        if self._outcomes.pop(outcome_id, None) is not None:
            self._drop_contact(self._outcome_contacts.pop(outcome_id, None))

    def _drop_contact(self, contact: int | None) -> None:
        if contact is not None:
            self._event_log.remove_contact(contact)
        self._forget("ties", "connected", "hidden", "declined", "clock")

    # -- words and vectors of members ----------------------------------------------------------------------------

    def _lexical(self, n: int) -> Lexical:
        return self._words.lexical(n)

    def _summarise_dirty(self) -> None:
        ends = np.asarray(self._passages.ends)
        for row in self._dirty_members:
            before = self._interests.get(row)[0]
            self._interests.set(row, self._summary(row, ends, list(self._projects_of.get(row, ()))))
            self._centre.moved(before, self._interests.get(row)[0])
            self._gather_evidence(row)
        self._interest_index.follow(self._dirty_members, self._interests, len(self._ids))
        self._dirty_members.clear()

    def _summary(self, row: int, ends: np.ndarray, projects: list[str]) -> np.ndarray:
        """Ages count from the member's own newest text, so that a summary depends on nobody else's doings."""
        mine = [p for p in self._owned.get(row, ()) if self._searchable(p)]
        vectors: list[np.ndarray] = [v for p in mine if (v := self._passage_vectors[p]) is not None]
        vectors += [self._project_vectors[p] for p in projects]
        times = [int(ends[p]) for p in mine] + [self._projects[p].time or 0 for p in projects]
        weights = [min(1.0, len(self._passages.texts[p]) / 200) + 0.1 for p in mine] + [1.0] * len(projects)
        newest = max(times, default=0)
        for facet in self._facets.get(row, ()):
            if facet.kind != "place" and facet.weight == 1.0:
                vectors.append(self._facet_vectors[row, facet.text])
                times.append(newest)
                weights.append(PROFILE_WEIGHT if facet.kind == "profile" else PROFILE_WEIGHT / 4)
        stacked = np.array(vectors, np.float32).reshape(-1, self.dimension)
        ages = (newest - np.array(times, np.float64)) / DAY
        return summarise(stacked, ages, np.array(weights), INTERESTS)

    def _gather_evidence(self, row: int) -> None:
        if self._judgement is None:
            return
        facets = self._facets.get(row, ())
        self._read_facets(row, facets)
        statements = [
            evidence.Statement(i, f.kind, f.weight, reading)
            for i, f in enumerate(facets)
            for reading in [self._facet_readings[row, f.text]]
            if not self._says_nothing(f.text, reading)
        ]
        passages = []
        for p in self._owned.get(row, ()):
            if self._searchable(p):
                reading, asked = self._readings.get(p), self._asked(p)
                question = self._readings.get(asked) if asked >= 0 else None
                passages.append(evidence.Passage(p, self._passages.ends[p], reading, question))
        found = evidence.pieces(statements, passages, self._judgement.space.size)
        self._pieces.set(row, found)
        self._interest_words.set(row, self._words_of(facets, found))
        self._forget("interest_words")

    def _read_facets(self, row: int, facets: Sequence[Facet]) -> None:
        texts = [t for t in dict.fromkeys(f.text for f in facets) if (row, t) not in self._facet_readings]
        if texts and self._judgement is not None:
            vectors = np.array([self._facet_vectors[row, text] for text in texts], np.float32)
            for text, reading in zip(texts, self._judgement.read(vectors, texts), strict=True):
                self._facet_readings[row, text] = reading

    def _words_of(self, facets: Sequence[Facet], pieces: np.ndarray) -> np.ndarray:
        """Term ids, ascending, of what somebody's pieces are about; an answer is about what it answers."""
        terms: set[int] = set()
        for source in evidence.able_sources(pieces):
            if source < 0:
                terms.update(self._words.ids(facets[-1 - source].text).tolist())
                continue
            for p in (source, self._asked(source)):
                for message in self._passages.message_ids[p] if p >= 0 else ():
                    terms.update(self._words.by_message.get(message, (0, ()))[1])
        return np.array(sorted(terms), np.int32)

    def _worded_projects(self, n: int, lexical: Lexical) -> Projects:
        """The table of projects, with their words as they weigh by now."""
        table: Projects = self._cached("project_table", lambda: self._project_table(n))
        counts = self._cached("project_words", lambda: log_counts([self._project_tokens[p][1] for p in table.ids]))
        return replace(table, tfidf=weighted_rows(counts, lexical), fitted=self._fitted)

    def _project_table(self, n: int) -> Projects:
        ids = sorted(self._projects)
        records = tuple(self._projects[p] for p in ids)
        pairs = [(i, self._row[m]) for i, p in enumerate(records) for m in dict.fromkeys(p.members)]
        at = np.array(pairs, np.int64).reshape(-1, 2)
        needs = [(i, p.id, need.text) for i, p in enumerate(records) for need in p.needs]
        return Projects(
            ids=tuple(ids),
            row={p: i for i, p in enumerate(ids)},
            records=records,
            members=sp.csr_matrix((np.ones(len(at), bool), (at[:, 0], at[:, 1])), shape=(len(ids), n)),
            vectors=np.array([self._project_vectors[p] for p in ids], np.float32).reshape(-1, self.dimension),
            open=np.array([p.state == "open" for p in records], bool),
            time=np.array([p.time or 0 for p in records], np.int64),
            tfidf=sp.csr_matrix((len(ids), 1), dtype=np.float32),
            need_project=np.array([i for i, _, _ in needs], np.int32),
            need_vectors=np.array([self._need_vectors[p, text] for _, p, text in needs], np.float32).reshape(
                -1, self.dimension
            ),
            need_text=tuple(text for _, _, text in needs),
            readings=self._read_projects([(p.id, project_text(p), self._project_vectors[p.id]) for p in records]),
            need_readings=self._read_projects([(p, text, self._need_vectors[p, text]) for _, p, text in needs]),
            need_statements=read_statements([text for _, _, text in needs]),
        )

    def _read_projects(self, texts: Sequence[tuple[str, str, np.ndarray]]) -> np.ndarray:
        """(n, k + A + 1) readings of texts of projects, each read once."""
        if self._judgement is None:
            return np.zeros((len(texts), 0), np.float32)
        missing = [(project, text, v) for project, text, v in texts if (project, text) not in self._project_readings]
        found = self._judgement.read(np.array([v for *_, v in missing], np.float32), [text for _, text, _ in missing])
        self._project_readings |= {(p, text): one for (p, text, _), one in zip(missing, found, strict=True)}
        readings = [self._project_readings[project, text] for project, text, _ in texts]
        return np.array(readings, np.float32).reshape(len(texts), self._judgement.size)


def _into(target: Any, key: Any) -> Callable[[np.ndarray], None]:
    def take(vector: np.ndarray) -> None:
        target[key] = vector

    return take
