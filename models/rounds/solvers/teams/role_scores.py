"""How well people fill the roles of teams: by what they showed for it, then by how likely they would do it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.community.view import Community
from models.domain.records import all_attributes
from models.domain.requests import Filter, Goal, Options
from models.ranking.pipeline import TextEncoder, compare, goal_query, scored
from models.ranking.ranker import Ranker
from models.rounds.facts.codes import code_of
from models.rounds.solvers.teams.role_evidence import BY_ATTRIBUTE, ENOUGH, support
from models.rounds.spec.requests import Role, Team

# Whoever calls has sorted out who pauses.
_WHENEVER = 2**62
# Nobody sorts candidates out before they are compared.
_EVERYBODY = 1_000_000
LIKELY = 0.1  # what being likely to do it counts beside what somebody showed


def role_scores(
    view: Community, ranker: Ranker, rows: np.ndarray, teams: Sequence[Team], encode: TextEncoder
) -> np.ndarray:
    """(n, roles) float32 in 0..1: what people in `rows` (n,) are worth in the roles of all teams, one after the other.

    0 for whoever showed nothing that speaks for it, and whom the rules hide from the team's own people.
    """
    if not len(rows):  # a filter that names nobody would keep everybody
        return np.zeros((0, sum(len(team.roles) for team in teams)), np.float32)
    out = [_role(view, ranker, rows, team, role, encode) for team in teams for role in team.roles]
    return np.stack(out, axis=1) if out else np.zeros((len(rows), 0), np.float32)


def _role(view: Community, ranker: Ranker, rows: np.ndarray, team: Team, role: Role, encode: TextEncoder) -> np.ndarray:
    likely = _likely(view, ranker, rows, team, role, encode)
    if view.judgement is None:  # nothing is known of what anybody showed
        return likely
    chance = support(view, rows, role, encode).chance
    if role.attribute:
        chance = np.where(_has(view, rows, role), np.maximum(chance, BY_ATTRIBUTE), 0)
    shown = (1 - LIKELY) * chance + LIKELY * likely
    return np.where((chance >= ENOUGH) & (likely > 0), shown, 0).astype(np.float32)


def _has(view: Community, rows: np.ndarray, role: Role) -> np.ndarray:
    members = (view.members[row] for row in rows)
    wanted = code_of(role.value)
    return np.array(
        [one is not None and code_of(all_attributes(one).get(role.attribute, "")) == wanted for one in members], bool
    )


def _likely(
    view: Community, ranker: Ranker, rows: np.ndarray, team: Team, role: Role, encode: TextEncoder
) -> np.ndarray:
    """(n,) the score of a brief with the role's need (head "brief"); 0 for whom the rules hide."""
    wanted = role.need.text if role.need is not None else role.name
    goal = Goal(
        text=f"{wanted}. {team.text}" if team.text else wanted,
        title=team.title,
        source=team.members[0] if team.members else "",
        members=team.members,
        needs=(role.need,) if role.need is not None else (),
    )
    options = Options(
        limit=_EVERYBODY,
        audience="organizers",
        include_connected=True,
        filter=Filter(members=frozenset(view.ids[row] for row in rows)),
        reasons=False,
        now=_WHENEVER,
    )
    query = goal_query(view, goal, encode)
    found = scored(view, ranker, "brief", query, compare(view, query, options, ranker.learnt))
    place = {int(row): i for i, row in enumerate(rows)}
    out = np.zeros(len(rows), np.float32)
    for row, score in zip(found.rows, found.score, strict=True):
        out[place[int(row)]] = score
    return out
