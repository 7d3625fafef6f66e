"""From a request and the people in it to a `Problem`: ids become rows, rules become barriers with levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse as sp

from models.domain import availability_overlap
from models.rounds.constraints.constraint import Constraint
from models.rounds.constraints.mixed import Mixed
from models.rounds.constraints.new_to_each_other import NewToEachOther
from models.rounds.constraints.no_repeat import NoRepeat
from models.rounds.constraints.quota import Quota
from models.rounds.constraints.together import Together
from models.rounds.facts.codes import coded
from models.rounds.facts.facts import Facts
from models.rounds.facts.masks import masks_of, nothing_shared
from models.rounds.problem.barriers import barrier_of, pair_quota_barrier, pairs_barrier, sides_barrier
from models.rounds.problem.problem import HARD, Barrier, Clock, MixtureOf, People, Placed, Problem, QuotaOf, TogetherOf
from models.rounds.problem.repeats import latest_meetings, repeats_of
from models.rounds.spec.requests import Bid, Match, RoundSpec

MET_BEFORE = 0.2  # what a pair that met in an earlier round loses of its worth, where repeats are unwanted at all
CARE = 0.25  # how much more the match of somebody counts who fared as badly as can be before


def compile_round(spec: RoundSpec, people: People, without: frozenset[int] = frozenset()) -> Problem:
    """The problem of those in the request that `people` knows, in the request's order.

    `without` are rules (places in `spec.rules`) to leave out, to see what would be without them. Raises ValueError
    when "sides" are not two, or somebody stands on both.
    """
    ids = _participants(spec, people)
    here = _only(people, ids)
    row = {member: i for i, member in enumerate(ids)}
    facts = _facts(here)
    levels = _Levels(spec, here, row, without)
    free = _free(spec, here)
    return Problem(
        spec=spec,
        people=here,
        ids=ids,
        row=row,
        score=_newer_first(spec, here, row, _blended(here.score, spec.bids, spec.bid_weight, row)),
        barriers=tuple(_barriers(spec, here, facts, row, free, levels)),
        quotas=tuple(
            QuotaOf(i, levels.of[i], rule.having(facts), rule.least, len(ids) if rule.most is None else rule.most)
            for i, rule in levels.rules
            if isinstance(rule, Quota)
        ),
        mixtures=tuple(
            MixtureOf(i, levels.of[i], coded(facts.values(rule.attribute)), rule.most)
            for i, rule in levels.rules
            if isinstance(rule, Mixed)
        ),
        together=tuple(
            TogetherOf(i, levels.of[i], rows)
            for i, rule in levels.rules
            if isinstance(rule, Together) and len(rows := _rows(rule.members, row)) > 1
        ),
        free=free,
        locked=tuple(_placed(here.locked, spec, row)),
        kept=tuple(_placed(here.previous, spec, row)),
        byes=np.zeros(len(ids), int) if here.byes is None else np.asarray(here.byes, int),
        care=_care(here),
        clock=Clock(spec.seconds),
    )


class _Levels:
    """Which rules count, and the level of each: HARD, or the later the earlier a rule was given, after all repeats."""

    def __init__(self, spec: RoundSpec, people: People, row: dict[str, int], without: frozenset[int]) -> None:
        self.rules: list[tuple[int, Constraint]] = [(i, rule) for i, rule in enumerate(spec.rules) if i not in without]
        knowing = [i for i, rule in self.rules if isinstance(rule, NewToEachOther)]
        first = int(bool(knowing) and people.acquainted is not None)
        self.repeats, steps = repeats_of(
            [(i, rule) for i, rule in self.rules if isinstance(rule, NoRepeat)], people, row, first
        )
        soft = [i for i, rule in self.rules if not rule.firm and not isinstance(rule, (NoRepeat, NewToEachOther))]
        self.of = dict.fromkeys(knowing, first) | {i: HARD for i, rule in self.rules if rule.firm}
        self.of |= {i: min(steps + 1 + at, HARD - 1) for at, i in enumerate(reversed(soft))}


def _barriers(
    spec: RoundSpec, people: People, facts: Facts, row: dict[str, int], free: np.ndarray, levels: _Levels
) -> Sequence[Barrier]:
    blocked = [(row[a], row[b]) for a, b in people.barred if a in row and b in row]
    found = [pairs_barrier(-1, "blocks", blocked, HARD)] if blocked else []
    if spec.slots:
        found.append(barrier_of(-1, "slots", nothing_shared(masks_of(list(free))), HARD))
    if spec.kind == "sides":
        found.append(sides_barrier([_rows(side.members, row) for side in spec.sides], len(row)))
    for i, rule in levels.rules:
        if i in levels.repeats:
            found.append(levels.repeats[i])
        elif barred := rule.barred(facts):
            found.append(barrier_of(i, None, barred, levels.of[i]))
        elif isinstance(rule, Quota) and spec.kind in ("pairs", "sides"):
            most = 2 if rule.most is None else rule.most
            found.append(pair_quota_barrier(i, rule.having(facts), rule.least, most, levels.of[i]))
    return found


def _participants(spec: RoundSpec, people: People) -> tuple[str, ...]:
    known = set(people.ids)
    wanted: Sequence[str] = spec.members or people.ids
    if spec.kind == "sides":
        if len(spec.sides) != 2:
            raise ValueError(f"a round of sides has two sides, not {len(spec.sides)}")
        wanted = [member for side in spec.sides for member in dict.fromkeys(side.members)]
        if both := sorted({m for m in wanted if wanted.count(m) > 1}) if len(set(wanted)) < len(wanted) else []:
            raise ValueError(f"somebody cannot stand on both sides: {', '.join(both[:5])}")
    if spec.kind == "teams":
        wanted = [*wanted, *(member for team in spec.teams for member in team.members)]
    return tuple(member for member in dict.fromkeys(wanted) if member in known)


def _only(people: People, ids: tuple[str, ...]) -> People:
    """The same knowledge about these alone, with every field filled."""
    n, place = len(people.ids), {member: i for i, member in enumerate(people.ids)}
    at = np.array([place[member] for member in ids], np.int64)

    def tuples(values: Sequence[Any], empty: Any) -> tuple[Any, ...]:
        return tuple(values[i] for i in at) if len(values) else (empty,) * len(at)

    def rows(values: np.ndarray | None, width: tuple[int, ...], fill: float) -> np.ndarray:
        return np.full((n, *width), fill)[at] if values is None else np.asarray(values)[at]

    score = people.score[at][:, at]
    return replace(
        people,
        ids=ids,
        acquainted=None if people.acquainted is None else people.acquainted[at][:, at].tocsr(),
        score=np.asarray(score) if isinstance(score, np.ndarray) else score.tocsr(),
        role_score=None if people.role_score is None else np.asarray(people.role_score)[at],
        attributes=tuples(people.attributes, {}),
        languages=tuples(people.languages, frozenset()),
        place=tuples(people.place, ""),
        coordinates=rows(people.coordinates, (2,), np.nan),
        utc_offset=rows(people.utc_offset, (), np.nan),
        availability=tuples(people.availability, frozenset()),
        byes=rows(people.byes, (), 0).astype(int),
        luck=rows(people.luck, (), np.nan),
    )


def _facts(people: People) -> Facts:
    """What constraints go by, of people with every field filled."""
    assert people.coordinates is not None
    assert people.utc_offset is not None
    return Facts(
        ids=people.ids,
        attributes=people.attributes,
        languages=people.languages,
        place=people.place,
        coordinates=people.coordinates,
        utc_offset=people.utc_offset,
        acquainted=people.acquainted,
    )


def _blended(
    score: np.ndarray | sp.csr_matrix, bids: Sequence[Bid], weight: float, row: dict[str, int]
) -> np.ndarray | sp.csr_matrix:
    """Scores with bids mixed in, where there is one; two bids on a pair, one from either side, count their mean."""
    said: dict[tuple[int, int], list[float]] = {}
    for bid in bids:
        if bid.source in row and bid.target in row and bid.source != bid.target:
            a, b = sorted((row[bid.source], row[bid.target]))
            said.setdefault((a, b), []).append(bid.score)
    if isinstance(score, np.ndarray):
        out = np.clip((score + score.T) / 2, 0, 1).astype(np.float32)
        np.fill_diagonal(out, 0)
    else:
        out = score.maximum(score.T).tolil() if said else score.maximum(score.T).tocsr().astype(np.float32)
        out.setdiag(0)
    for (a, b), values in said.items():
        out[a, b] = out[b, a] = (1 - weight) * float(out[a, b]) + weight * sum(values) / len(values)
    return out if isinstance(out, np.ndarray) else out.tocsr().astype(np.float32)


def _newer_first(
    spec: RoundSpec, people: People, row: dict[str, int], score: np.ndarray | sp.csr_matrix
) -> np.ndarray | sp.csr_matrix:
    """Whom somebody has met long enough ago is allowed, but somebody new comes first."""
    if not people.met or not any(isinstance(rule, NoRepeat) and (rule.days or rule.rounds) for rule in spec.rules):
        return score
    pairs = np.array(list(latest_meetings(people.met, row)), np.int64).reshape(-1, 2)
    again = sp.csr_matrix((np.ones(len(pairs), np.float32), (pairs[:, 0], pairs[:, 1])), shape=score.shape)
    again = (again + again.T).tocsr()
    if isinstance(score, np.ndarray):
        return np.asarray(score * (1 - MET_BEFORE * again.toarray()), np.float32)
    return (score - MET_BEFORE * score.multiply(again)).tocsr().astype(np.float32)


def _free(spec: RoundSpec, people: People) -> np.ndarray:
    if not spec.slots:
        return np.ones((len(people.ids), 1), bool)
    assert people.utc_offset is not None
    usual = availability_overlap.usual_offset(
        people.utc_offset
    )  # whose zone is unknown lives by the clock of most, too
    known: dict[availability_overlap.Clock, list[bool]] = {}
    rows = []
    for words, offset in zip(people.availability, people.utc_offset.tolist(), strict=True):
        clock = availability_overlap.Clock(tuple(sorted(words)), usual if np.isnan(offset) else offset)
        if clock not in known:
            known[clock] = availability_overlap.free_at(clock, spec.slots, usual)
        rows.append(known[clock])
    return np.array(rows, bool).reshape(-1, len(spec.slots))


def _care(people: People) -> np.ndarray:
    assert people.luck is not None
    known = ~np.isnan(people.luck)
    if not known.any():
        return np.ones(len(people.ids), np.float32)
    best = max(float(people.luck[known].max()), 1e-9)
    behind = np.where(known, 1 - np.nan_to_num(people.luck) / best, 0)
    return (1 + CARE * np.clip(behind, 0, 1)).astype(np.float32)


def _placed(matches: Sequence[Match], spec: RoundSpec, row: dict[str, int]) -> list[Placed]:
    """Matches as rows; who is gone is left out, and what is left of a match as long as it still is one."""
    slots, fewest = {slot: i for i, slot in enumerate(spec.slots)}, 1 if spec.kind == "teams" else 2
    found = []
    for match in matches:
        roles = match.roles or ("",) * len(match.members)
        left = {row[m]: role for m, role in zip(match.members, roles, strict=False) if m in row}
        if len(left) >= fewest:
            named = tuple(left.values()) if match.roles else ()
            slot = slots.get(match.slot, -1)
            found.append(Placed(tuple(left), match.sitting, slot, match.team, named, match.locked))
    return found


def _rows(members: Sequence[str], row: dict[str, int]) -> tuple[int, ...]:
    return tuple(row[m] for m in dict.fromkeys(members) if m in row)
