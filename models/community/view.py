"""A community as of a moment: the immutable arrays that every recommendation is computed from.

Rows of all member arrays are the same: row i is `ids[i]`. N members, C channels, T threads, V terms, P projects,
d dimensions of the encoder. Built by `models.community.builder.Builder`; never changed afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from models.community.attribute_codes import AttributeCodes
from models.community.attribute_preferences import Attributes
from models.community.byte_vectors import FrozenByteVectors
from models.community.columns import FrozenBlocks
from models.community.kept import Kept
from models.community.sparse import by_column, by_row
from models.community.statement_vectors import Nearest
from models.domain.records import Channel, Member, Project
from models.domain.records import Community as CommunityRecord
from models.index.vectors import Searchable
from models.meaning.judgement import Judgement
from models.meaning.statements import Statements
from models.text.lexical import Vocabulary

INTERESTS = 4  # interest vectors a member, beside the centroid
FACET_KINDS = ("profile", "aims", "offers", "seeks", "values", "place")
COMPANY = 60  # people in a thread above which they are no company
SUGGESTED_WEIGHT = 0.5  # what an unconfirmed suggestion counts, against 1 for a statement


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides who may meet whom at all. Pairs are symmetric (N, N) boolean CSR."""

    consent: np.ndarray  # (N,) int8, CONSENT_LEVEL
    paused_until: np.ndarray  # (N,) int64 microseconds, 0 when not paused
    present: np.ndarray  # (N,) bool: exists and has a profile or an event
    hidden: sp.csr_matrix  # blocked or dismissed, either way
    declined: sp.csr_matrix  # directed, unlike the others: said no to a double opt-in, and nobody else may tell
    connected: sp.csr_matrix  # have dealt with each other


@dataclass(frozen=True)
class Activity:
    """Who does how much, when. All (N,) float32 unless said."""

    total: np.ndarray  # messages and projects
    recent: np.ndarray  # of these, in the newest eighth of the community's events
    decayed: np.ndarray  # (N, H) half-lives of HALF_LIVES days
    newest: np.ndarray  # int64 microseconds, 0 when never
    oldest: np.ndarray  # int64
    newest_open: np.ndarray  # int64 microseconds: the newest that everybody may see, 0 when never
    recent_since: int  # microseconds at which the newest eighth begins
    channel: sp.csr_matrix  # (N, C) decayed by 30 days, log-scaled, IDF-weighted, rows of unit length
    channel_recent: sp.csr_matrix  # (N, C) plain counts in the newest eighth
    room_share: sp.csr_matrix  # (N, C) of all that one says, fading over the newest quarter; rows sum to 1
    room_now: sp.csr_matrix  # (N, C) how much one says there, fading over the newest sixteenth, log-scaled
    hours: np.ndarray  # (N, 24) share of events by hour of the UTC day, rows of unit length
    days: sp.csr_matrix  # (N, days of the newest eighth) present or not, rows of unit length
    answers: sp.csr_matrix  # (N, C) times first to answer another's thread, decayed by 90 days

    @cached_property
    def answers_total(self) -> np.ndarray:
        """(N,) over all channels."""
        return np.asarray(self.answers.sum(1), np.float32).ravel()

    @cached_property
    def trend(self) -> np.ndarray:
        """(N,) float32 share of the last days in the last months: near 1 for who has just begun, 0 for who has gone."""
        days, months = self.decayed[:, 0], self.decayed[:, 2]
        return np.asarray(np.divide(days, months, out=np.zeros_like(days), where=months > 0))

    @cached_property
    def by_channel(self) -> sp.csr_matrix:
        """`channel`, transposed."""
        return self.channel.T.tocsr()

    @cached_property
    def by_day(self) -> sp.csr_matrix:
        """`days`, transposed."""
        return self.days.T.tocsr()

    @cached_property
    def recent_by_channel(self) -> sp.csr_matrix:
        """`channel_recent`, transposed."""
        return self.channel_recent.T.tocsr()

    @cached_property
    def now_by_room(self) -> sp.csr_matrix:
        """`room_now`, transposed."""
        return self.room_now.T.tocsr()

    @cached_property
    def answers_by_channel(self) -> sp.csr_matrix:
        """`answers`, transposed."""
        return self.answers.T.tocsr()


@dataclass(frozen=True)
class Ties:
    """Who dealt with whom, from rooms that everybody may see. (N, N) float32 CSR, symmetric unless said."""

    binary: sp.csr_matrix  # ever
    decayed: sp.csr_matrix  # sum over contacts of 2^(-age / 90 days), directed: row acted on column
    adamic_adar: sp.csr_matrix  # `binary` with columns scaled by 1 / log(degree): row @ binary is Adamic-Adar
    adamic_adar_decayed: sp.csr_matrix
    recent_both: sp.csr_matrix  # decayed, both directions added, log-scaled
    near: sp.csr_matrix  # spoke right before or after one another, decayed, log-scaled
    threads: sp.csr_matrix  # (N, T) took part, decayed by 180 days, columns scaled by 1 / log(1 + size)
    degree: np.ndarray  # (N,) different people dealt with
    new_contacts: np.ndarray  # (N,) of these, first met in the newest eighth
    projects_together: sp.csr_matrix  # (N, N) number of shared projects of at most 25

    @cached_property
    def onward(self) -> sp.csr_matrix:
        """Where a walk along ties goes next: row i holds the chances from i, by `recent_both` and half of `near`."""
        either = (self.recent_both + 0.5 * self.near).tocsr()
        return by_row(either, inverse(np.asarray(either.sum(1)).ravel()))

    @cached_property
    def normalised(self) -> sp.csr_matrix:
        """`binary`, divided by the roots of both degrees."""
        return _normalised(self.binary)

    @cached_property
    def normalised_recent(self) -> sp.csr_matrix:
        """`recent_both`, divided by the roots of both sums."""
        return _normalised(self.recent_both)

    @cached_property
    def company(self) -> sp.csr_matrix:
        """(N, N) float32, above 0 for those who were in a thread together, of at most `COMPANY` people."""
        inside = self.threads.copy()
        inside.data = np.ones_like(inside.data)
        small = np.asarray(inside.sum(0)).ravel() <= COMPANY
        inside = inside[:, np.flatnonzero(small)]
        return (inside @ inside.T).tocsr()

    @cached_property
    def by_thread(self) -> sp.csr_matrix:
        """`threads`, transposed."""
        return self.threads.T.tocsr()


def _normalised(matrix: sp.csr_matrix) -> sp.csr_matrix:
    scale = np.sqrt(inverse(np.asarray(matrix.sum(0)).ravel()))
    return by_column(by_row(matrix, scale), scale)


def inverse(values: np.ndarray) -> np.ndarray:
    """(n,) one over each; 0 where it is not above 0."""
    return np.asarray(np.divide(1, values, out=np.zeros(len(values)), where=values > 0))


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing a member states about themselves, or that was read out of their words (`weight` < 1)."""

    member: int
    kind: str
    text: str
    value: str
    weight: float
    source: str  # message id of a suggestion, else ""


@dataclass(frozen=True)
class Facets:
    """All statements and open suggestions. F rows, ordered by member then kind."""

    items: tuple[Facet, ...]
    member: np.ndarray  # (F,) int32
    kind: np.ndarray  # (F,) int8, place in FACET_KINDS
    weight: np.ndarray  # (F,) float32
    vectors: FrozenByteVectors  # (F, d), unit length
    # (F, d), unit length: `vectors` without what those of their kind have in common here. "I can teach",
    # "looking for somebody who", the one language of all: it makes everything alike and tells nothing.
    telling: FrozenByteVectors
    nearest: Nearest  # the same, searched
    readings: np.ndarray  # (F, k + A + 1) float32: what each is about and does (`Judgement.read`)
    statements: Statements  # what each is beside its topic

    def rows(self, member: int, kind: str) -> np.ndarray:
        """Rows of one member's facets of a kind."""
        lo, hi = np.searchsorted(self.member, [member, member + 1])
        return np.asarray(lo + np.flatnonzero(self.kind[lo:hi] == FACET_KINDS.index(kind)))

    def stated(self, member: int, *kinds: str) -> np.ndarray:
        """Rows of what one member states of these kinds, kind by kind, without unconfirmed suggestions."""
        rows = np.concatenate([self.rows(member, kind) for kind in kinds])
        return np.asarray(rows[self.weight[rows] > SUGGESTED_WEIGHT])

    def of_kind(self, kind: str) -> np.ndarray:
        """Rows of a kind, over all members."""
        return self.by_kind[FACET_KINDS.index(kind)]

    @cached_property
    def by_kind(self) -> tuple[np.ndarray, ...]:
        """Rows of each kind."""
        return tuple(np.flatnonzero(self.kind == kind) for kind in range(len(FACET_KINDS)))


@dataclass(frozen=True)
class Lexical:
    """Words of members in rooms that everybody may see."""

    vocabulary: Vocabulary  # grows with the views that follow; the first V terms stay as they are
    counts: sp.csr_matrix  # (N, V) float32
    tfidf: sp.csr_matrix  # (N, V) float32, rows of unit length
    idf: np.ndarray  # (V,) float32, 0 for terms left out
    df: np.ndarray  # (V,) members using the term
    length: np.ndarray  # (N,) tokens
    kept: Kept = field(default_factory=Kept, init=False, repr=False, compare=False)

    def knows(self, word: str) -> bool:
        """Whether somebody here used a word."""
        return bool((self.vocabulary.ids([word], grow=False) < len(self.df)).any())

    @cached_property
    def clumped(self) -> np.ndarray:
        """(V,) float32: how many times as many people would use a term if its uses fell to everybody by how much they
        say. Well above 1 for what some keep coming back to, near 1 for turns of phrase (Church and Gale, "Inverse
        document frequency: a measure of deviations from Poisson", 1995)."""
        uses = np.asarray(self.counts.sum(0)).ravel()[: len(self.df)]
        share = self.length / max(float(self.length.sum()), 1.0)
        grid = np.geomspace(1, max(float(uses.max(initial=0)), 2.0), 40)
        shares, people = np.unique(share, return_counts=True)
        by_chance = np.array([people @ (1 - np.exp(-times * shares)) for times in grid])
        return np.asarray(np.interp(uses, grid, by_chance) / np.maximum(self.df, 1), np.float32)

    @cached_property
    def by_term(self) -> sp.csr_matrix:
        """`tfidf`, transposed."""
        return self.tfidf.T.tocsr()


@dataclass(frozen=True)
class Documents:
    """Passages that can be searched; D rows, row numbers are the ids of `index`."""

    index: Searchable
    owner: np.ndarray  # (D,) int32 row of the author, -1 when deleted
    messages: Sequence[tuple[str, ...]]  # message ids of each passage, oldest first
    texts: Sequence[str]  # of each passage, as it is embedded
    readings: FrozenBlocks  # (D, k + A + 1): what each is about and does (`Judgement.read`)
    asked: np.ndarray  # (D,) int32 the passage that each one answers, -1 for none
    cues: np.ndarray  # (D,) int8 how much each sounds like an advertisement (`models.community.advertising`)


@dataclass(frozen=True)
class Projects:
    """Things done or to be done together."""

    ids: tuple[str, ...]
    row: Mapping[str, int]  # by id
    records: tuple[Project, ...]
    members: sp.csr_matrix  # (P, N) bool
    vectors: np.ndarray  # (P, d) float32
    open: np.ndarray  # (P,) bool
    time: np.ndarray  # (P,) int64
    tfidf: sp.csr_matrix  # (P, V)
    need_project: np.ndarray  # (needs,) int32
    need_vectors: np.ndarray  # (needs, d) float32
    need_text: tuple[str, ...]
    readings: np.ndarray  # (P, k + A + 1): what each is about (`Judgement.read`)
    need_readings: np.ndarray  # (needs, k + A + 1)
    need_statements: Statements
    # Worked out once for as long as projects stay as they are, whatever is said meanwhile.
    fitted: Kept = field(default_factory=Kept, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Languages, times and places of members."""

    language_names: tuple[str, ...]
    languages: np.ndarray  # (N, languages) bool: speaks it, stated or seen in their words
    utc_offset: np.ndarray  # (N,) float32 hours, NaN when unknown
    places: tuple[str, ...]  # as stated or suggested, "" when unknown
    place_codes: Mapping[str, int]  # by place, lower-cased and without spaces around it
    place: np.ndarray  # (N,) int32: the same for the same place, -1 when unknown


@dataclass(frozen=True)
class Community:
    """The whole view. `as_of` is the community's clock in microseconds; `sequence` its place in the change log."""

    record: CommunityRecord
    as_of: int
    sequence: int
    encoder: str
    ids: tuple[str, ...]
    row: Mapping[str, int]
    members: tuple[Member | None, ...]
    channels: tuple[Channel, ...]
    channel_row: Mapping[str, int]
    rules: Rules
    activity: Activity
    ties: Ties
    lexical: Lexical
    interests: (
        FrozenByteVectors  # (N, 1 + INTERESTS, d): the centroid, then interests, heaviest first; unit length or zero
    )
    interest_index: Searchable | None  # by row · INTERESTS + i; None where there are few members
    judgement: Judgement | None
    pieces: FrozenBlocks  # (N, MOST, k + MORE): what each member showed (`models.community.evidence`)
    interest_words: sp.csr_matrix  # (N, V) 1 where a member's pieces are about a word
    facets: Facets
    documents: Documents
    projects: Projects
    whereabouts: Whereabouts
    attributes: Attributes  # those that the community declares
    attribute_codes: AttributeCodes  # all of them, for filters
    mean: np.ndarray  # (d,) the mean of the members' centroids, nearly (`models.community.centre`)
    kept_of_ids: Kept = field(default_factory=Kept, repr=False, compare=False)  # for as long as nobody joins ...
    kept_of_names: Kept = field(default_factory=Kept, repr=False, compare=False)  # ... or is called otherwise
    kept: Kept = field(default_factory=Kept, init=False, repr=False, compare=False)

    @property
    def size(self) -> int:
        """N."""
        return len(self.ids)

    def member(self, id: str) -> Member | None:
        """Who has an id; None for nobody (any more)."""
        row = self.row.get(id)
        return None if row is None else self.members[row]

    @cached_property
    def here(self) -> np.ndarray:
        """(N,) float32 what each member counts among the people of today: half for every newest eighth of the events
        that they were silent for; 1 for who has not begun yet."""
        span = max(self.as_of - self.activity.recent_since, 1)
        silence = (self.as_of - self.activity.newest) / span
        return np.where(self.activity.newest > 0, np.exp2(-silence), 1).astype(np.float32)

    @property
    def index_version(self) -> str:
        """Names the state an answer was computed from."""
        return f"{self.encoder}@{self.sequence}"
