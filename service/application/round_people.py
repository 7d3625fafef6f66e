"""Who takes part in a round, and all that solving needs to know of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Literal, Protocol, TypeAlias

import numpy as np
import scipy.sparse as sp

from models.community.view import Community
from models.domain.kinds import INVITATION, ROUND
from models.domain.records import Invitation, Member, Micros, Round, all_attributes
from models.domain.requests import Filter
from models.ranking import eligibility
from models.ranking.pipeline import TextEncoder
from models.ranking.ranker import Ranker
from models.rounds.constraints.constraint import Constraint
from models.rounds.constraints.new_to_each_other import NewToEachOther
from models.rounds.constraints.no_repeat import NoRepeat
from models.rounds.problem.problem import People
from models.rounds.problem.scores import scores
from models.rounds.solvers.teams.role_scores import role_scores
from models.rounds.spec.json_text import read_left_out, read_plan
from models.rounds.spec.requests import Match, Met, Role, RoundSpec, Team
from service.application import contact_quota, crud
from service.application.approaching import waiting_pairs
from service.application.contact_quota import Configured
from service.core.errors import ProjectNotFound
from service.store.contract import Snapshot, Store


class Solving(Configured, Protocol):
    """What solving rounds needs of the runtime."""

    def ranker(self, community: str) -> Ranker:
        """What turns features into scores in a community."""

    def encoder_of(self, view: Community) -> TextEncoder:
        """Encodes texts as those of a view were."""


LeftOut: TypeAlias = Literal["unknown", "consent", "paused", "budget", "dropped", "gone", "rests"]
FEW_ROUNDS = 8  # nobody meets again within so many rounds unless something else is said

# What was not a round happened before all rounds: only days count for it.
_NO_ROUND = 1_000_000


def asked_for(view: Community, spec: RoundSpec, wanted: Filter) -> RoundSpec:
    """The request with its people and projects named: what the filter keeps where it names nobody, and what is known of
    the projects; and with the usual rules, where it gives none of their kind. Raises ProjectNotFound."""
    teams = tuple(_described(view, team) for team in spec.teams)
    spec = replace(spec, teams=teams, rules=(*spec.rules, *_usual_rules(spec)))
    if spec.kind == "sides":
        return replace(spec, members=tuple(dict.fromkeys(id for side in spec.sides for id in side.members)))
    if spec.members:
        return replace(spec, members=tuple(dict.fromkeys(spec.members)))
    kept = eligibility.matching(view, wanted)
    everybody = [view.ids[row] for row in np.flatnonzero(kept)]
    return replace(spec, members=tuple(sorted(everybody)))


def _usual_rules(spec: RoundSpec) -> tuple[Constraint, ...]:
    """Where people are to meet somebody new."""
    if spec.standing or spec.kind not in ("pairs", "groups"):
        return ()
    usual = (NoRepeat(rounds=FEW_ROUNDS), NewToEachOther())
    given = {type(rule) for rule in spec.rules}
    return tuple(rule for rule in usual if type(rule) not in given)


def gone_of(view: Community, spec: RoundSpec, wanted: Filter) -> dict[str, LeftOut]:
    """Who takes no part because they have not been here for long: nobody who is named, and nobody where the filter says
    itself since when people have to have been active."""
    if spec.members or spec.kind == "sides" or wanted.active_since is not None:
        return {}
    rows = np.flatnonzero(eligibility.matching(view, wanted) & eligibility.gone(view))
    return {view.ids[row]: "gone" for row in rows}


def left_out(
    at: Snapshot, view: Community, usual: int, record: Round, spec: RoundSpec, now: Micros
) -> dict[str, LeftOut]:
    """Who was asked for and takes no part, and why. Whom an organizer dropped stays out.

    A contact that this round has cost already is not asked for again. `usual`: how often one may be approached in a
    week who says nothing else.
    """
    dropped = {id for id, why in read_left_out(record.left_out).items() if why == "dropped"}
    gone = contact_quota.spent(at, now)
    found: dict[str, LeftOut] = {}
    for id in everybody(spec):
        member = view.member(id)
        contacts = gone.get(id, set())
        if member is None:
            found[id] = "unknown"
        elif id in dropped:
            found[id] = "dropped"
        elif member.consent == "nobody":
            found[id] = "consent"
        elif (member.paused_until or 0) > now:
            found[id] = "paused"
        elif ("round", record.id) not in contacts and len(contacts) >= contact_quota.allowance(member, usual):
            found[id] = "budget"
    return found


def everybody(spec: RoundSpec) -> tuple[str, ...]:
    """Everybody who was asked for."""
    return tuple(dict.fromkeys((*spec.members, *(id for team in spec.teams for id in team.members))))


def people(
    store: Store,
    runtime: Solving,
    community: str,
    record: Round,
    spec: RoundSpec,
    now: Micros,
    *,
    previous: Sequence[Match] = (),
    locked: Sequence[Match] = (),
    report: Callable[[float], None] = lambda share: None,
) -> People:
    """What solving needs to know of those who take part. Raises Unavailable, and what `report` raises."""
    view, ranker = runtime.current(community), runtime.ranker(community)
    with store.read(community) as at:
        found = facts(at, view, record, spec, now, previous)
    rows = np.array([view.row[id] for id in found.ids], np.int64)
    return replace(
        found,
        score=scores(view, ranker, rows, record.ranked_as, now=now, progress=report),
        role_score=role_scores(view, ranker, rows, spec.teams, runtime.encoder_of(view)) if spec.teams else None,
        previous=tuple(previous),
        locked=tuple(locked),
    )


def facts(
    at: Snapshot,
    view: Community,
    record: Round,
    spec: RoundSpec,
    now: Micros,
    previous: Sequence[Match] = (),
) -> People:
    """What rules need to know of those who take part: all but what they are worth to each other."""
    out = read_left_out(record.left_out)
    ids = tuple(id for id in everybody(spec) if id not in out and id in view.row)
    rows = np.array([view.row[id] for id in ids], np.int64)
    known = [view.members[row] for row in rows]
    past = _Past(at, record.id)
    return People(
        ids=ids,
        score=sp.csr_matrix((len(ids), len(ids)), dtype=np.float32),
        attributes=tuple(all_attributes(member) for member in known),
        languages=tuple(_languages(view, row) for row in rows),
        place=tuple(view.whereabouts.places[row].casefold().strip() for row in rows),
        coordinates=np.array([_coordinates(member) for member in known], np.float64).reshape(-1, 2),
        utc_offset=view.whereabouts.utc_offset[rows].astype(np.float64),
        availability=tuple(frozenset(member.availability) for member in known),
        barred=_barred(view, ids, rows) | _waiting(at, record, ids, now),
        acquainted=_acquainted(view, rows, _out_already(record, previous, ids))
        if any(isinstance(rule, NewToEachOther) for rule in spec.rules)
        else None,
        met=past.met() if any(isinstance(rule, NoRepeat) for rule in spec.rules) else (),
        byes=past.byes(ids),
        luck=past.luck(ids),
        now=now,
    )


def _described(view: Community, team: Team) -> Team:
    """A team whose project is on record, with what the record says where the request says nothing."""
    if not team.project:
        return team
    if team.project not in view.projects.row:
        raise ProjectNotFound(team.project)
    project = view.projects.records[view.projects.row[team.project]]
    return replace(
        team,
        title=team.title or project.title,
        text=team.text or project.text,
        members=team.members or project.members,
        roles=team.roles or tuple(Role(name=need.text[:200], need=need) for need in project.needs),
    )


def _languages(view: Community, row: int) -> frozenset[str]:
    spoken = view.whereabouts.languages[row]
    return frozenset(name for name, is_spoken in zip(view.whereabouts.language_names, spoken, strict=True) if is_spoken)


def _coordinates(member: Member) -> tuple[float, float]:
    known = all_attributes(member)
    found = [known.get("latitude"), known.get("longitude")]
    numbers = [float(x) if isinstance(x, (int, float)) and not isinstance(x, bool) else math.nan for x in found]
    return numbers[0], numbers[1]


def _barred(view: Community, ids: Sequence[str], rows: np.ndarray) -> frozenset[tuple[str, str]]:
    """Blocked or dismissed, either way."""
    among = view.rules.hidden[rows][:, rows].tocoo()
    return frozenset((ids[a], ids[b]) for a, b in zip(among.row, among.col, strict=True) if a < b)


def _waiting(at: Snapshot, record: Round, ids: Sequence[str], now: Micros) -> frozenset[tuple[str, str]]:
    """Pairs of whom something else than this round asks a yes of each: whatever they answer, that comes first."""
    asked = [tuple(pair & set(ids)) for by, pair in waiting_pairs(at, now) if by != ("round", record.id)]
    return frozenset((a, b) for two in asked if len(two) == 2 for a, b in permutations(two))


def _acquainted(view: Community, rows: np.ndarray, apart_from: Sequence[tuple[int, int]]) -> sp.csr_matrix:
    """(n, n) above 0 where two dealt with each other or say that they know each other, `apart_from` these places."""
    found = (view.ties.binary + view.rules.connected).tocsr()[rows][:, rows]
    if apart_from:
        found = found.tolil()
        for pair in apart_from:
            found[pair] = 0
    return found.tocsr()


def _out_already(record: Round, previous: Sequence[Match], ids: Sequence[str]) -> list[tuple[int, int]]:
    """Places of pairs, in both orders, that a round under repair has brought together.

    Who got to know each other by it is no reason to part them: a repair would send everybody to somebody else.
    """
    if record.state != "repairing":
        return []
    at = {id: place for place, id in enumerate(ids)}
    together = ([at[member] for member in match.members if member in at] for match in previous)
    return [pair for places in together for pair in permutations(places, 2)]


class _Past:
    """What earlier rounds and introductions brought together."""

    def __init__(self, at: Snapshot, but: str) -> None:
        published = [
            stored.record
            for state in ("published", "repairing")
            for stored in crud.everything(at, ROUND, state=state)
            if stored.record.id != but
        ]
        published.sort(key=lambda one: (-(one.published or 0), one.id))
        self._rounds = published
        self._ago = {one.id: at for at, one in enumerate(published, 1)}
        self._invitations = [
            invitation
            for stored in crud.everything(at, INVITATION, state="open")
            if (invitation := stored.record).ref != but
        ]

    def met(self) -> tuple[Met, ...]:
        return tuple(
            Met(members=one.members, time=one.time, rounds_ago=self._rounds_ago(one)) for one in self._invitations
        )

    def byes(self, ids: Iterable[str]) -> np.ndarray:
        """(n,) how often each sat out; who did in the last round counts for more than anybody else."""
        byes = [[bye.member for bye in read_plan(one.plan).byes] for one in self._rounds]
        sat_out = Counter(member for each in byes for member in each)
        most = max(sat_out.values(), default=0)
        last = set(byes[0]) if byes else set()
        return np.array([most + 1 if id in last else sat_out[id] for id in ids], np.int64)

    def luck(self, ids: Sequence[str]) -> np.ndarray:
        had: dict[str, list[float]] = {}
        for one in self._invitations:
            if one.source == "round":
                for id in one.members:
                    had.setdefault(id, []).append(one.score)
        return np.array([np.mean(had[id]) if id in had else math.nan for id in ids], np.float64)

    def _rounds_ago(self, invitation: Invitation) -> int:
        return self._ago.get(invitation.ref, _NO_ROUND) if invitation.source == "round" else _NO_ROUND
