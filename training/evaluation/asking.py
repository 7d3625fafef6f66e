"""Asks the product what a caller would ask it, at a cut, and notes where everybody came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

import numpy as np

from models.community.builder import Builder, Embed
from models.community.view import Community
from models.domain.records import Community as CommunityRecord
from models.domain.requests import Goal, Options
from models.features import matrix
from models.ranking import pipeline
from models.ranking.pipeline import TextEncoder
from models.ranking.ranker import Ranker
from models.text.passages import document_text
from training.evaluation.record import Recorded, past
from training.evaluation.trial import HEAD, Audience, Trial
from training.metrics import K

LIMIT = 10_000
UNLISTED = -1e9  # whoever is not in a list comes after all who are, none before another
Lists = Mapping[str, Sequence[str]]
Step = Callable[[int, int], None]  # how many are done, out of how many


@dataclass(frozen=True, slots=True)
class Answers:
    """(Q, C) scores: the place in the list, counted downwards; and the ten each member who is here would see first."""

    scores: np.ndarray
    shown: Lists


def view_at(recorded: Recorded, cut: int, embed: Embed, dimension: int, encoder: str) -> Community:
    """The community as a service would know it that took in the archive until a time (microseconds)."""
    builder = Builder(CommunityRecord(id=recorded.name), dimension, encoder)
    builder.put_all(past(recorded, cut))
    builder.embed_pending(embed)
    return builder.view()


def ask(view: Community, ranker: Ranker, trials: Sequence[Trial], encode: TextEncoder, step: Step) -> list[Answers]:
    """Answers to trials that share a kind of question and a cut, so that nobody's list is made twice."""
    if trials[0].audience is None:
        return [_ask_goals(view, ranker, trial, encode, step) for trial in trials]
    return _ask_members(view, ranker, trials, step)


def shown_first(ids: Iterable[str], member: str, audience: Audience) -> list[str]:
    """The first ten of a list whom a member has not met."""
    met = audience.met.get(member, frozenset())
    return list(islice((id for id in ids if id != member and id not in met), K))


def by_recent_activity(audience: Audience) -> Lists:
    """What everybody would see if those who did most of late came first."""
    busiest = sorted(audience.here, key=lambda member: (-audience.recent.get(member, 0), member))
    return {member: shown_first(busiest, member, audience) for member in audience.here}


def _ask_members(view: Community, ranker: Ranker, trials: Sequence[Trial], step: Step) -> list[Answers]:
    head, options = HEAD[trials[0].task], _options(trials[0])
    noted = [_Notes(view, trial) for trial in trials]
    members = sorted({member for trial in trials if trial.audience for member in (*trial.audience.here, *trial.askers)})
    for done, member in enumerate(members, 1):
        query = matrix.member_query(view, view.row[member])
        rows = pipeline.rank(view, ranker, head, query, options).rows
        for notes in noted:
            notes.take(member, rows)
        step(done, len(members))
    return [Answers(notes.scores, notes.shown) for notes in noted]


def _ask_goals(view: Community, ranker: Ranker, trial: Trial, encode: TextEncoder, step: Step) -> Answers:
    ask = pipeline.recommend_collaborators if trial.task == "join" else pipeline.search_members
    answer = partial(ask, view, ranker, options=_options(trial), encode=encode)
    notes = _Notes(view, trial)
    # All at once is many times faster than one by one, and a cache hands them out again.
    encode([document_text(goal.title, goal.text) for goal in trial.asked if isinstance(goal, Goal)])
    for place, goal in enumerate(trial.asked):
        assert isinstance(goal, Goal), "a trial without audience asks in words"
        found = answer(_known(view, goal))
        notes.place(place, np.array([view.row[match.id] for match in found.matches], np.int64))
        step(place + 1, len(trial.asked))
    return Answers(notes.scores, {})


class _Notes:
    """Where the candidates of a trial came in each list."""

    def __init__(self, view: Community, trial: Trial) -> None:
        self.scores = np.full(trial.closed.shape, UNLISTED)
        self.shown: dict[str, list[str]] = {}
        self._ids = view.ids
        self._audience = trial.audience
        self._here = frozenset(trial.audience.here if trial.audience else ())
        self._queries = {asker: place for place, asker in enumerate(trial.askers)}
        self._column = np.full(view.size, -1)
        there = [(view.row[member], i) for i, member in enumerate(trial.candidates) if member in view.row]
        self._column[[row for row, _ in there]] = [i for _, i in there]

    def take(self, member: str, rows: np.ndarray) -> None:
        """A member's list: (n,) rows of the view, best first."""
        assert self._audience is not None, "only members have lists of their own"
        if member in self._queries:
            self.place(self._queries[member], rows)
        if member in self._here:
            self.shown[member] = shown_first((self._ids[row] for row in rows), member, self._audience)

    def place(self, query: int, rows: np.ndarray) -> None:
        """The list that answers a query."""
        columns = self._column[rows]
        listed = np.flatnonzero(columns >= 0)
        self.scores[query, columns[listed]] = -listed


def _known(view: Community, goal: Goal) -> Goal:
    """The goal as a service takes it: an asker or channel that nobody knows yet counts as absent."""
    source = goal.source if goal.source in view.row else ""
    channel = goal.channel if goal.channel in view.channel_row else ""
    return replace(goal, source=source, channel=channel)


def _options(trial: Trial) -> Options:
    """As an organizer asks at the command line, at the moment of the cut."""
    return Options(limit=LIMIT, audience="organizers", include_connected=True, reasons=False, now=trial.cut.time)
