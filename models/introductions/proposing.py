"""From something new (a message, a profile) to introductions worth making. Pure: a view, a window, and who asks."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import numpy as np

from models.community.view import Community
from models.domain.records import CONSENT_LEVEL
from models.domain.requests import Goal, Options
from models.features.matrix import Query, member_query
from models.introductions import answering, chance, finding
from models.introductions.chance import Chance
from models.introductions.finding import Evidence
from models.introductions.recent import Recent
from models.introductions.requests import Introduction, IntroductionKind, Remark
from models.ranking import eligibility, pipeline
from models.ranking.pipeline import Compared
from models.ranking.ranker import Ranker

MOST = 1  # introductions that one message or profile brings about

# Ids of those whom a member is never to be introduced to (again).
Barred = Callable[[str], Collection[str]]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Those for whom something speaks: rows (n,), their evidence, and the columns of `chance` (n, columns)."""

    rows: np.ndarray
    evidence: list[Evidence]
    columns: np.ndarray


class Proposer:
    """Proposes introductions from one view. `barred` gives whom a member is never to be introduced to (again).

    Not safe for concurrent use. Of `options` only the audience and the wall clock count; blocks, dismissals, pauses,
    consent and acquaintance are kept both ways.
    """

    def __init__(
        self,
        view: Community,
        ranker: Ranker,
        recent: Recent,
        options: Options,
        barred: Barred,
        likely: Chance | None = None,
    ) -> None:
        self._view = view
        self._ranker = ranker
        self._recent = recent
        self._options = replace(options, include_connected=False)
        self._barred = barred
        self._likely = likely or chance.shipped()
        self._meetings: dict[int, np.ndarray] = {}

    def from_remark(self, said: Remark, vector: np.ndarray | None) -> list[Introduction]:
        """What a message by somebody in this view brings about; best first, mostly nothing.

        `vector` (d,) is that of its text, None for a remark that tells nothing.
        """
        found = self.candidates(said, vector) if vector is not None else None
        if found is None:
            return []
        chances = self._likely.of(found.columns)
        worth = np.flatnonzero(chance.enough(chances, found.evidence))
        best = sorted(
            worth, key=lambda i: (_order(found.evidence[i], float(chances[i])), self._view.ids[found.rows[i]])
        )
        return [
            self._introduction(said.author, int(found.rows[i]), float(chances[i]), found.evidence[i], said.id)
            for i in best[:MOST]
        ]

    def from_profile(self, member: str) -> list[Introduction]:
        """Whom a member should meet whose offers or seeks are new: those whose own meet them, best first."""
        row = self._view.row.get(member)
        if row is None or not self._may_be_shown(row):
            return []
        there = self._open_to(row)
        fits = [
            (other, evidence)
            for other, evidence in finding.exchanges(self._view, row, there).items()
            if evidence.strength >= chance.LEAST_FIT
        ]
        fits.sort(key=lambda one: (-round(one[1].strength, 6), self._view.ids[one[0]]))
        return [self._introduction(member, other, e.strength, e, "") for other, e in fits[:MOST]]

    def candidates(self, said: Remark, vector: np.ndarray, *, every: bool = False) -> Candidates | None:
        """Those for whom something speaks, and who could reach the bar; None when there is nobody.

        What is dear to work out comes last, and only for those who could still reach it. With `every`, none is left
        out.
        """
        row = self._view.row.get(said.author)
        if row is None or not self._may_be_shown(row):
            return None
        # Where both speak for somebody, words that can be named come first.
        lively = {
            **finding.same_ideas(self._view, self._recent, said, vector),
            **finding.shared_interests(self._view, self._recent, said),
        }
        asks = answering.asked(self._view, said, vector)
        if not lively and not asks:
            return None
        there = self._open_to(row, said)
        lively = {other: one for other, one in lively.items() if there[other]}
        known = finding.known(self._view, self._query(said, vector), row) if asks else {}
        known = {other: one for other, one in known.items() if there[other]}
        away = self._away(said)
        rows = np.flatnonzero(there) if asks else np.array(sorted(lively), np.int64)
        if not every:
            rows = self._hopeful(rows, lively, away, np.ones(self._view.size))
        meeting = self._meeting(row) if len(rows) or known else np.zeros(self._view.size)
        if not every:
            rows = self._hopeful(rows, lively, away, np.sqrt(meeting))
        if not len(rows) and not known:
            return None
        text = self._compared(said, vector, sorted(known))
        answers = finding.answers(text.values, text.rows) if asks else {}
        place = np.zeros(self._view.size, np.float32)
        place[text.rows] = chance.places(self._ranker.score("question" if asks else "search", text.yours))
        place = np.sqrt(place * meeting)
        speaking = {**answers, **lively}
        likely = {other: speaking[other] for other in rows.tolist() if other in speaking and place[other] > 0}
        return _table(likely | known, away, place)

    def _hopeful(
        self, rows: np.ndarray, lively: dict[int, Evidence], away: np.ndarray, highest: np.ndarray
    ) -> np.ndarray:
        """Of some rows (n,) those who reach the bar if they stand as high as `highest` (N,) and answer as well as can
        be; `away` is (N,), too."""
        best = Evidence("answer", 1.0)
        chosen = [lively.get(row, best) for row in rows.tolist()]
        matrix = chance.columns(highest[rows], away[rows], np.array([one.strength for one in chosen]))
        return np.asarray(rows[chance.enough(self._likely.of(matrix), chosen)])

    def _away(self, said: Remark) -> np.ndarray:
        """(N,) hours since each last said something; what was said since the view was made counts, too."""
        newest = self._view.activity.newest.copy()
        for author, time in self._recent.heard_since(self._view.as_of).items():
            row = self._view.row.get(author)
            if row is not None:
                newest[row] = max(newest[row], time)
        return np.asarray(np.maximum(said.time - newest, 0) / chance.HOUR)

    def _query(self, said: Remark, vector: np.ndarray) -> Query:
        goal = Goal(text=said.text, channel=said.channel, source=said.author)
        return pipeline.goal_query(self._view, goal, lambda texts: np.stack([vector] * len(texts)))

    def _compared(self, said: Remark, vector: np.ndarray, also: list[int]) -> Compared:
        return pipeline.compare(self._view, self._query(said, vector), self._options, self._ranker.learnt, also=also)

    def _meeting(self, row: int) -> np.ndarray:
        """(N,) the place of each among all whom the member in this row could meet, both ways; 0 for all others."""
        if row not in self._meetings:
            query = member_query(self._view, row)
            found = pipeline.compare(self._view, query, self._options, self._ranker.learnt)
            mine, theirs = (self._ranker.score("peers", side) for side in (found.yours, found.theirs))
            place = np.zeros(self._view.size, np.float32)
            place[found.rows] = chance.places((mine + theirs) / 2)
            self._meetings[row] = place
        return self._meetings[row]

    def _open_to(self, row: int, said: Remark | None = None) -> np.ndarray:
        """(N,) bool: who may meet the member in this row, and is not in that conversation already."""
        mask = eligibility.allowed(self._view, np.array([row]), self._options).mask.copy()
        mask[row] = False
        present = self._recent.present(said) if said is not None else ()
        for member in (*present, *self._barred(self._view.ids[row])):
            if member in self._view.row:
                mask[self._view.row[member]] = False
        return mask

    def _may_be_shown(self, row: int) -> bool:
        """Whether the member in this row agreed to be shown to others, and is not pausing."""
        one, level = self._view.rules, CONSENT_LEVEL[self._options.audience]
        return bool(one.present[row] and one.consent[row] >= level and one.paused_until[row] <= self._options.now)

    def _introduction(self, member: str, other: int, sure: float, why: Evidence, trigger: str) -> Introduction:
        kind: IntroductionKind = why.kind
        return Introduction((member, self._view.ids[other]), kind, sure, why.strength, trigger, why.message)


def _table(evidence: dict[int, Evidence], away: np.ndarray, place: np.ndarray) -> Candidates | None:
    """What `chance` looks at, by row, for those for whom something speaks; `away` and `place` are (N,)."""
    rows = np.array(sorted(evidence), np.int64)
    if not len(rows):
        return None
    chosen = [evidence[row] for row in rows.tolist()]
    strength = np.array([one.strength for one in chosen])
    return Candidates(rows, chosen, chance.columns(place[rows], away[rows], strength))


def _order(why: Evidence, likely: float) -> tuple[bool, float]:
    """Who evidently knows comes first, and of these who knows best; else who is likeliest to talk."""
    return not why.proven, -round(why.strength if why.proven else likely, 6)
