"""Whoever or whatever asks: a member, a goal, a brief, a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from models.community.attribute_preferences import ChoiceModel
from models.community.lsa import LsaModel
from models.community.sparse import Row, no_row, row_of, sum_of, walk
from models.community.view import Community, Ties

WALK, STAYING = 4, 0.8  # steps of a walk, and the share of walkers that go on after each


@dataclass(frozen=True, slots=True)
class Learnt:
    """What values are computed from beside the view, where a community's own past taught it."""

    choice: ChoiceModel | None = None  # who accepts whom
    tower: LsaModel | None = None  # what the community's own words mean there


NOTHING_LEARNT = Learnt()


@dataclass(frozen=True, slots=True)
class Asked:
    """A goal, brief or question in words: its text, and s `needs`: those that are stated, else the text and the parts
    of it that say what is needed; with (s, k + A + 1) `readings` and (s, d) `vectors`."""

    text: str
    needs: tuple[str, ...]
    readings: np.ndarray
    vectors: np.ndarray


@dataclass(slots=True)
class Query:
    """What is known of who asks. Sparse rows are (1, N), (1, C), (1, T) or (1, V); vectors are unit length."""

    row: int  # of the member, -1 for a goal
    tie: Row
    projects_together: Row
    adamic_adar: Row
    adamic_adar_decayed: Row
    near: Row
    threads: Row
    walks: Mapping[str, np.ndarray]  # (N,) by name, see `_walks`
    channel: Row
    rooms: Row  # (1, C) shares of what a member says by room; of a text, none: its room is `room`
    days: Row
    hours: np.ndarray  # (24,)
    lexical: Row
    vectors: np.ndarray  # (m, d): the centroid or whole text first, then interests or parts
    queries: np.ndarray  # (q, d): what passages are searched for; (0, d) for members
    seeks: np.ndarray  # (s, d)
    seeks_weight: np.ndarray  # (s,)
    offers: np.ndarray
    offers_weight: np.ndarray
    aims: np.ndarray
    values: np.ndarray
    languages: np.ndarray  # (languages,) bool
    utc_offset: float
    place: int
    room: int = -1  # channel row in which a question was asked
    own: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))  # rows never to be recommended
    said: float = 1.0  # the share of what is asked, in weights of its words, that anybody here has words for
    asked: Asked | None = None  # of a goal, brief or question
    passages: tuple[np.ndarray, np.ndarray] | None = None  # `models.features.passages`, once they were looked up

    @property
    def first(self) -> int:
        """From which of its vectors on they are interests, or parts of what is asked."""
        return 1 if self.row >= 0 and len(self.vectors) > 1 else 0


def member_query(view: Community, row: int) -> Query:
    """The member in this row as a query."""
    facets = view.facets
    seeks, offers = facets.rows(row, "seeks"), facets.rows(row, "offers")
    return Query(
        row=row,
        **_of_people(view, np.array([row])),
        channel=row_of(view.activity.channel, row),
        rooms=row_of(view.activity.room_share, row),
        hours=view.activity.hours[row],
        lexical=row_of(view.lexical.tfidf, row),
        vectors=_nonzero(view.interests[row]),
        queries=np.zeros((0, facets.vectors.shape[1]), np.float32),
        seeks=facets.telling[seeks],
        seeks_weight=facets.weight[seeks],
        offers=facets.telling[offers],
        offers_weight=facets.weight[offers],
        aims=facets.telling[facets.rows(row, "aims")],
        values=facets.telling[facets.rows(row, "values")],
        languages=view.whereabouts.languages[row],
        utc_offset=float(view.whereabouts.utc_offset[row]),
        place=int(view.whereabouts.place[row]),
    )


def goal_query(
    view: Community,
    members: np.ndarray,
    lexical: Row,
    said: float,
    vectors: np.ndarray,
    needs: np.ndarray,
    room: int,
    asked: Asked | None = None,
) -> Query:
    """A goal, brief or question as a query, with the ties of its people.

    Its text comes as (m, d) `vectors` and as a row of V, of which `said` is known here; its needs as (k, d).
    """
    activity = view.activity
    wanted = needs if len(needs) else vectors[:1]
    dimension = vectors.shape[1]
    none = np.zeros((0, dimension), np.float32)
    one = np.ones(len(wanted), np.float32)
    rooms = [room] if room >= 0 else []
    channel = Row(np.array(rooms, np.int32), np.ones(len(rooms), np.float32), activity.channel.shape[1])
    return Query(
        row=-1,
        **_of_people(view, members),
        channel=channel,
        rooms=no_row(activity.room_share.shape[1]),
        hours=activity.hours[members].sum(0) if len(members) else np.zeros(24, np.float32),
        lexical=lexical,
        vectors=vectors,
        queries=vectors,
        seeks=wanted,
        seeks_weight=one,
        offers=none,
        offers_weight=np.zeros(0, np.float32),
        aims=none,
        values=none,
        languages=view.whereabouts.languages[members].any(0),
        utc_offset=float("nan"),
        place=-1,
        room=room,
        said=said,
        asked=asked,
    )


def _of_people(view: Community, rows: np.ndarray) -> dict[str, Any]:
    """What follows from whom a query is of: a member alone, or the people of a goal together."""
    ties = view.ties
    return {
        "own": rows,
        "tie": sum_of(ties.recent_both, rows),
        "projects_together": sum_of(ties.projects_together, rows),
        "adamic_adar": sum_of(ties.adamic_adar, rows),
        "adamic_adar_decayed": sum_of(ties.adamic_adar_decayed, rows),
        "near": sum_of(ties.near, rows),
        "threads": sum_of(ties.threads, rows),
        "walks": _walks(ties, rows),
        "days": sum_of(view.activity.days, rows),
    }


def _walks(ties: Ties, rows: np.ndarray) -> dict[str, np.ndarray]:
    """(N,) each: where walks from these rows along ties lead, near ones included.

    Personalised PageRank (Haveliwala, 2002) cut off after four steps, and three steps over the ties normalised on both
    sides, which reach people who share no acquaintance.
    """
    return {
        "pagerank": walk(rows, ties.onward, WALK, STAYING)[1],
        "three_hops": walk(rows, ties.normalised, 3)[0],
        "three_hops_recent": walk(rows, ties.normalised_recent, 3)[0],
    }


def _nonzero(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors[np.abs(vectors).sum(1) > 0])
