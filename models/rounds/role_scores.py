"""How well people fill the roles of teams: each role is a brief that everybody taking part is compared with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.community import Community
from models.ranker import Ranker
from models.recommend import TextEncoder, compare, goal_seeker, scored
from models.requests import Filter, Goal, Options
from models.rounds.requests import Role, Team

# Whoever calls has sorted out who pauses.
_WHENEVER = 2**62
# Nobody sorts candidates out before they are compared.
_EVERYBODY = 1_000_000


def role_scores(
    view: Community, ranker: Ranker, rows: np.ndarray, teams: Sequence[Team], encode: TextEncoder
) -> np.ndarray:
    """(n, roles) float32 in 0..1: what people in `rows` (n,) are worth in the roles of all teams, one after the other.

    Scored as a brief with the role's need (head "brief"). Whoever the rules hide from the brief's own people has 0.
    """
    ids = frozenset(view.ids[row] for row in rows)
    out = [_role(view, ranker, rows, ids, team, role, encode) for team in teams for role in team.roles]
    return np.stack(out, axis=1) if out else np.zeros((len(rows), 0), np.float32)


def _role(
    view: Community,
    ranker: Ranker,
    rows: np.ndarray,
    ids: frozenset[str],
    team: Team,
    role: Role,
    encode: TextEncoder,
) -> np.ndarray:
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
        filter=Filter(members=ids),
        reasons=False,
        now=_WHENEVER,
    )
    seeker = goal_seeker(view, goal, encode)
    found = scored(view, ranker, "brief", seeker, compare(view, seeker, options, ranker.learnt))
    place = {int(row): i for i, row in enumerate(rows)}
    out = np.zeros(len(rows), np.float32)
    for row, score in zip(found.rows, found.score, strict=True):
        out[place[int(row)]] = score
    return out
