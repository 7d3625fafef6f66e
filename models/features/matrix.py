"""One feature matrix for every kind of recommendation, for serving and for training alike.

A `Query` is whoever or whatever asks: a member, a goal, a brief, a question. `raw` compares it with candidates and
`transform` gives (n, F) float32 in 0..1, columns `COLUMNS`. Columns ending in "%" are standings among the candidates of
this query (1 for the first, 0 where the value is 0; see `standing`), those ending in "^" are shares of the query's
largest value (of a fit: at least of `HALF_FIT`), the rest are as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from models.community.attribute_preferences import ChoiceModel, mutual
from models.community.lsa import NAMES as tower_names
from models.community.lsa import LsaModel
from models.community.running import HALF_LIVES
from models.community.view import Community, Facets, Ties

ACTIVITY = ("recent", "active_3d", "active_14d", "active_60d", "active_365d", "total", "last_seen", "degree",
            "trend", "new_contacts", "newness", "answers")  # fmt: skip
WALKS = ("pagerank", "three_hops", "three_hops_recent")
GRAPH = ("tie", "projects_together", "adamic_adar", "adamic_adar_decayed", "near", "near_two_hop", "threads",
         *WALKS)  # fmt: skip
ROOMS = ("channel", "channel_recent", "channel_answers", "rooms_now", "days", "hours")
TEXT = ("lexical", "dense_best", "dense_centroid", "centred_best", "centred_centroid", "own_words", "circle_words",
        "passages_top1", "passages_top3")  # fmt: skip
WORDS = ("lexical", *tower_names)
DENSE = ("dense_best", "dense_centroid", "centred_best", "centred_centroid", "passages_top1", "passages_top3")
PROFILE = ("gives", "takes", "aims", "values", "stated", "place", "time_zone", "language")

FITS = ("gives", "takes")

RANKED = (*ACTIVITY, *GRAPH, *ROOMS, *TEXT, "mutual")
SHARE_OF_MAX = (*TEXT, *FITS)
PLAIN = ("lexical", "dense_best", "passages_top1", *PROFILE, "apart")
COLUMNS = tuple([f"{n}%" for n in RANKED] + [f"{n}^" for n in SHARE_OF_MAX] + list(PLAIN))
COLUMN = {name: i for i, name in enumerate(COLUMNS)}

# Cosines of the default encoder between two statements without what is common to their kind: below the first they say
# nothing, above the second they say it all. Of unrelated ones 95 in 100 lie below 0.17, however they are worded; of
# related ones 10 in 100 below 0.5, or below 0.32 where one is Chinese and the other English. So whose offer comes
# nearest counts beside the cosine ("gives^"), but for no more than it is of one that fits half.
FIT_RANGE = (0.18, 0.55)
HALF_FIT = 0.5
# A question and a statement that answers it are seldom worded alike.
STATED_RANGE = (0.20, 0.60)
STATED = ("profile", "aims", "offers")
# Values closer than this share of the largest are equal: the order in which numbers are added up must not break ties.
NOISE = 1e-5
NEAREST_PASSAGES = 1000
# The candidate with so many people before them stands at one half. Few, as lists are short: what tells the third from
# the tenth counts for more than what tells the hundredth from the two hundredth (as in reciprocal rank fusion, Cormack
# et al., 2009).
HALFWAY = 10.0
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
    tie: sp.csr_matrix
    projects_together: sp.csr_matrix
    adamic_adar: sp.csr_matrix
    adamic_adar_decayed: sp.csr_matrix
    near: sp.csr_matrix
    threads: sp.csr_matrix
    walks: Mapping[str, np.ndarray]  # (N,) by name, see `_walks`
    channel: sp.csr_matrix
    rooms: sp.csr_matrix  # (1, C) shares of what a member says by room; of a text, none: its room is `room`
    days: sp.csr_matrix
    hours: np.ndarray  # (24,)
    lexical: sp.csr_matrix
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


def member_query(view: Community, row: int) -> Query:
    """The member in this row as a query."""
    ties, facets = view.ties, view.facets
    seeks, offers = facets.rows(row, "seeks"), facets.rows(row, "offers")
    return Query(
        row=row,
        tie=ties.recent_both[row],
        projects_together=ties.projects_together[row],
        adamic_adar=ties.adamic_adar[row],
        adamic_adar_decayed=ties.adamic_adar_decayed[row],
        near=ties.near[row],
        threads=ties.threads[row],
        walks=_walks(ties, np.array([row])),
        channel=view.activity.channel[row],
        rooms=view.activity.room_share[row],
        days=view.activity.days[row],
        hours=view.activity.hours[row],
        lexical=view.lexical.tfidf[row],
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
        own=np.array([row]),
    )


def goal_query(
    view: Community,
    members: np.ndarray,
    lexical: sp.csr_matrix,
    said: float,
    vectors: np.ndarray,
    needs: np.ndarray,
    room: int,
    asked: Asked | None = None,
) -> Query:
    """A goal, brief or question as a query, with the ties of its people.

    Its text comes as (m, d) `vectors` and as a (1, V) row, of which `said` is known here; its needs as (k, d).
    """
    ties, activity = view.ties, view.activity
    wanted = needs if len(needs) else vectors[:1]
    dimension = vectors.shape[1]
    none = np.zeros((0, dimension), np.float32)
    one = np.ones(len(wanted), np.float32)
    rooms = [room] if room >= 0 else []
    channel = sp.csr_matrix(([1.0] * len(rooms), ([0] * len(rooms), rooms)), (1, activity.channel.shape[1]), np.float32)
    return Query(
        row=-1,
        tie=_sum_rows(ties.recent_both, members),
        projects_together=_sum_rows(ties.projects_together, members),
        adamic_adar=_sum_rows(ties.adamic_adar, members),
        adamic_adar_decayed=_sum_rows(ties.adamic_adar_decayed, members),
        near=_sum_rows(ties.near, members),
        threads=_sum_rows(ties.threads, members),
        walks=_walks(ties, members),
        channel=channel,
        rooms=sp.csr_matrix((1, activity.room_share.shape[1]), dtype=np.float32),
        days=_sum_rows(activity.days, members),
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
        own=members,
        said=said,
        asked=asked,
    )


def raw(
    view: Community, query: Query, candidates: np.ndarray | None = None, learnt: Learnt = NOTHING_LEARNT
) -> dict[str, np.ndarray]:
    """Plain values by name, each (n,) float32, 0 where there is nothing."""
    pick = slice(None) if candidates is None else candidates
    activity, ties = view.activity, view.ties
    out = {
        **raw_activity(view, pick),
        "tie": _row(query.tie, pick),
        "projects_together": _row(query.projects_together, pick),
        "adamic_adar": _times(query.adamic_adar, ties.binary, pick),
        "adamic_adar_decayed": _times(query.adamic_adar_decayed, ties.recent_both, pick),
        "near": _row(query.near, pick),
        "near_two_hop": _times(query.near, ties.near, pick),
        "threads": _times(query.threads, ties.by_thread, pick),
        **{name: values[pick] for name, values in query.walks.items()},
        "channel": _times(query.channel, activity.by_channel, pick),
        "channel_recent": _room(activity.recent_by_channel, query, view.size, pick),
        "channel_answers": _room(activity.answers_by_channel, query, view.size, pick),
        "rooms_now": _times(query.rooms, activity.now_by_room, pick),
        "days": _times(query.days, activity.by_day, pick),
        "hours": activity.hours[pick] @ query.hours,
        "lexical": _times(query.lexical, view.lexical.by_term, pick),
        **_dense(view, query, candidates),
        **_towered(view, query, pick, learnt.tower),
        "mutual": _mutual(view, query, pick, learnt.choice),
        "gives": fit(view.facets, "offers", query.seeks, query.seeks_weight, view.size)[pick],
        "takes": fit(view.facets, "seeks", query.offers, query.offers_weight, view.size)[pick],
        "aims": fit(view.facets, "aims", query.aims, None, view.size)[pick],
        "values": fit(view.facets, "values", query.values, None, view.size)[pick],
        "stated": _stated(view.facets, query.queries, view.size)[pick],
        "place": (query.place >= 0) & (view.whereabouts.place[pick] == query.place),
        "time_zone": _overlap(view.whereabouts.utc_offset[pick], query.utc_offset),
        "apart": _apart(ties, query, pick),
        "language": (view.whereabouts.languages[pick] & query.languages).any(1),
    }
    return {name: np.ascontiguousarray(values, np.float32) for name, values in out.items()}


def _towered(view: Community, query: Query, pick: slice | np.ndarray, tower: LsaModel | None) -> dict[str, np.ndarray]:
    """(n,) each: likeness by the community's own words; 0 where none were learnt."""
    if tower is None:
        zero = np.zeros(view.size, np.float32)[pick]
        return dict.fromkeys(tower_names, zero)
    known = tower.of(view)
    if query.row >= 0:
        return known.like_member(query.row, pick)
    return known.like_text(query.lexical, view.lexical.vocabulary, pick)


def _apart(ties: Ties, query: Query, pick: slice | np.ndarray) -> np.ndarray:
    """(n,) 1 for who was in no thread with anybody who was in one with the query; 0 where threads tell nothing."""
    company = ties.company
    if query.row < 0 or not company[query.row].nnz:
        return np.zeros(len(ties.degree), np.float32)[pick]
    near = np.asarray((company[query.row] @ company).todense()).ravel() + company[query.row].toarray().ravel()
    return np.asarray((near == 0)[pick], np.float32)


def _mutual(view: Community, query: Query, pick: slice | np.ndarray, choice: ChoiceModel | None) -> np.ndarray:
    """(n,) chance that both accept, by their attributes; 0 where nothing is learnt, or nobody in particular asks."""
    rows = np.arange(view.size)[pick]
    if choice is None or query.row < 0:
        return np.zeros(len(rows), np.float32)
    chances = choice.chances(choice.encode(view.attributes), query.row, rows)
    return np.asarray(mutual(*chances))


def raw_activity(view: Community, pick: slice | np.ndarray | int) -> dict[str, np.ndarray]:
    """The values of `ACTIVITY` for the picked rows: what does not depend on who asks."""
    activity, ties = view.activity, view.ties
    return {
        "recent": activity.recent[pick],
        **{f"active_{h:.0f}d": activity.decayed[pick, i] for i, h in enumerate(HALF_LIVES)},
        "total": activity.total[pick],
        "last_seen": (activity.newest[pick] / 8.64e10).astype(np.float32),
        "degree": ties.degree[pick],
        "trend": activity.trend[pick],
        "new_contacts": ties.new_contacts[pick],
        "newness": (activity.oldest[pick] / 8.64e10).astype(np.float32),
        "answers": activity.answers_total[pick],
    }


def transform(values: dict[str, np.ndarray], weight: np.ndarray, said: float = 1.0) -> np.ndarray:
    """(n, F) float32 columns `COLUMNS` from plain values; `weight` (n,) is what each candidate counts in standings.

    Likeness by words counts by the share of what is asked that was `said` here: the first among those who said one word
    in three is not the first to ask.
    """
    n = len(values["recent"])
    out = np.zeros((n, len(COLUMNS)), np.float32)
    for i, name in enumerate(COLUMNS):
        value = values[value_of(name)]
        if name.endswith("%"):
            out[:, i] = standing(value, weight, 0.0 if name[:-1] in ACTIVITY else NOISE)
        elif name.endswith("^"):
            top = max(value.max(initial=0), HALF_FIT if name[:-1] in FITS else 0)
            out[:, i] = value / top if top > 0 else 0
        else:
            out[:, i] = value
    out[:, _BY_WORDS] *= said
    return out


def value_of(column: str) -> str:
    """The plain value that a column is made of."""
    return column.rstrip("%^")


_BY_WORDS = [i for i, column in enumerate(COLUMNS) if value_of(column) in WORDS]


def standing(values: np.ndarray, weight: np.ndarray, noise: float = 0.0) -> np.ndarray:
    """(n,) H / (H + people before), where H is `HALFWAY`; 0 where the value is 0 or less.

    People before are those with a larger value, each counted with their weight (n,) and those of the same value half.
    Values within `noise` (a share of the largest) of their neighbour are the same.
    """
    if not len(values) or values.max() <= 0:
        return np.zeros(len(values), np.float32)
    order = np.argsort(-values)
    ranked = values[order]
    begins = np.append(True, ranked[:-1] - ranked[1:] > noise * ranked[0])
    same = np.cumsum(begins) - 1
    heavy = np.bincount(same, weight[order])
    before = np.empty(len(values))
    before[order] = (np.cumsum(heavy) - heavy / 2)[same]
    before -= weight / 2
    return np.where(values > 0, HALFWAY / (HALFWAY + before), 0).astype(np.float32)


def standing_of(value: np.ndarray, values: np.ndarray, weight: np.ndarray) -> float:
    """Where somebody with this value () who is not among the candidates would stand."""
    before = float(weight[values > value].sum() + weight[values == value].sum() / 2)
    return HALFWAY / (HALFWAY + before) if float(value) > 0 else 0.0


def fit(facets: Facets, kind: str, wanted: np.ndarray, weight: np.ndarray | None, n: int) -> np.ndarray:
    """(n,) how well each member's best facet of a kind fits the best wanted vector, 0..1, times both weights."""
    rows = facets.of_kind(kind)
    return _best_of(facets, rows, fits(facets, rows, wanted, weight), n)


def fits(facets: Facets, rows: np.ndarray, wanted: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
    """(rows, wanted) fit of facets to wanted vectors, 0..1: `telling` ones, or those of texts that nobody states."""
    out = scaled(facets.telling[rows] @ wanted.T, FIT_RANGE) * facets.weight[rows][:, None]
    return np.asarray(out if weight is None else out * weight, np.float32)


def scaled(cosine: np.ndarray, bounds: tuple[float, float]) -> np.ndarray:
    """Cosines stretched so that `bounds` become 0 and 1."""
    return np.asarray(np.clip((cosine - bounds[0]) / (bounds[1] - bounds[0]), 0, 1), np.float32)


def stated_fits(facets: Facets, rows: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """(rows,) how well statements answer what is asked, 0..1."""
    return np.asarray(scaled(facets.telling[rows] @ queries[0], STATED_RANGE) * facets.weight[rows])


def _stated(facets: Facets, queries: np.ndarray, n: int) -> np.ndarray:
    """(n,) the best statement of each member about themselves for what is asked; 0 where nothing is asked."""
    if not len(queries):
        return np.zeros(n, np.float32)
    rows = np.concatenate([facets.of_kind(kind) for kind in STATED])
    return _best_of(facets, rows, stated_fits(facets, rows, queries)[:, None], n)


def _best_of(facets: Facets, rows: np.ndarray, fit: np.ndarray, n: int) -> np.ndarray:
    out = np.zeros(n, np.float32)
    if fit.size:
        np.maximum.at(out, facets.member[rows], fit.max(1))
    return out


def _dense(view: Community, query: Query, candidates: np.ndarray | None) -> dict[str, np.ndarray]:
    n = view.size if candidates is None else len(candidates)
    zero = np.zeros(n, np.float32)
    if not len(query.vectors):
        return dict.fromkeys(DENSE, zero)
    similarity = view.interests.dot(query.vectors, candidates)
    centred = _centred(view, similarity, query.vectors, candidates)
    top1, top3 = _passages(view, query, candidates)
    # A goal is one text; a member's first vector is the centroid, and interests are compared with interests.
    mine = slice(None) if query.row < 0 or len(query.vectors) < 2 else slice(1, None)
    return {
        "dense_best": np.maximum(similarity[:, 1:, mine].max((1, 2)), 0),
        "dense_centroid": np.maximum(similarity[:, 0, 0], 0),
        "centred_best": np.maximum(centred[:, 1:, mine].max((1, 2)), 0),
        "centred_centroid": np.maximum(centred[:, 0, 0], 0),
        "passages_top1": top1,
        "passages_top3": top3,
    }


def _centred(view: Community, similarity: np.ndarray, vectors: np.ndarray, candidates: np.ndarray | None) -> np.ndarray:
    """(n, 1 + I, m) cosines once the members' mean is taken from both sides: some are near to whatever is asked, and
    what is common to all tells nothing."""
    square = float(view.mean @ view.mean)
    theirs = (view.to_mean if candidates is None else view.to_mean[candidates])[:, :, None]
    mine = (vectors @ view.mean)[None, None, :]
    lengths = np.sqrt(np.maximum(1 - 2 * theirs + square, 1e-6) * np.maximum(1 - 2 * mine + square, 1e-6))
    # A vector that is not there is zero, and like nothing.
    return np.asarray(np.where(similarity != 0, (similarity - theirs - mine + square) / lengths, 0))


def _passages(view: Community, query: Query, candidates: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Best and mean of the three best passages or projects of each candidate for what is asked."""
    n = view.size
    top1, top3 = np.zeros(n, np.float32), np.zeros(n, np.float32)
    if len(query.queries):
        owner, similarity = _nearest(view, query)
        order = np.lexsort((-similarity, owner))
        owner, similarity = owner[order], similarity[order]
        first = np.searchsorted(owner, owner, "left")
        place = np.arange(len(owner)) - first
        np.maximum.at(top1, owner, similarity)
        np.add.at(top3, owner[place < 3], similarity[place < 3] / 3)
    pick = slice(None) if candidates is None else candidates
    return top1[pick], top3[pick]


def _nearest(view: Community, query: Query) -> tuple[np.ndarray, np.ndarray]:
    """(owner rows, similarities) of the passages nearest to what is asked and of all projects."""
    owners, similarities = [], []
    if len(view.documents.index):
        found, score = view.documents.index.search(
            query.queries[:1], min(NEAREST_PASSAGES, len(view.documents.index)), None
        )
        found, score = found[0][found[0] >= 0], score[0][found[0] >= 0]
        owners.append(view.documents.owner[found])
        similarities.append(score)
    if len(view.projects.ids):
        by_project = view.projects.vectors @ query.queries[0]
        at = view.projects.members.tocoo()
        owners.append(at.col)
        similarities.append(by_project[at.row])
    if not owners:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    owner, similarity = np.concatenate(owners), np.concatenate(similarities)
    keep = (owner >= 0) & (similarity > 0)
    return owner[keep], similarity[keep]


def _room(by_channel: sp.csr_matrix, query: Query, n: int, pick: slice | np.ndarray) -> np.ndarray:
    if query.room < 0 or query.room >= by_channel.shape[0]:
        return np.zeros(n, np.float32)[pick]
    return _row(by_channel[query.room], pick)


def _overlap(theirs: np.ndarray, mine: float) -> np.ndarray:
    """1 for the same offset, falling to 0 at 8 hours apart; 0 where unknown."""
    apart = np.abs(theirs - mine)
    return np.asarray(np.nan_to_num(np.clip(1 - np.minimum(apart, 24 - apart) / 8, 0, 1), nan=0.0))


def _row(row: sp.csr_matrix, pick: slice | np.ndarray) -> np.ndarray:
    return _full(row.todense())[pick]


def _times(row: sp.csr_matrix, matrix: sp.spmatrix, pick: slice | np.ndarray) -> np.ndarray:
    return _full((row @ matrix).todense())[pick]


def _full(matrix: np.ndarray) -> np.ndarray:
    return np.asarray(matrix, np.float32).ravel()


def _walks(ties: Ties, rows: np.ndarray) -> dict[str, np.ndarray]:
    """(N,) each: where walks from these rows along ties lead, near ones included.

    Personalised PageRank (Haveliwala, 2002) cut off after four steps, and three steps over the ties normalised on both
    sides, which reach people who share no acquaintance.
    """
    start = np.zeros(len(ties.degree), np.float32)
    start[rows] = 1
    rank, at = np.zeros_like(start), start
    for _ in range(WALK):
        at = STAYING * (ties.onward @ at)
        rank += at
    return {
        "pagerank": rank,
        "three_hops": _thrice(ties.normalised, start),
        "three_hops_recent": _thrice(ties.normalised_recent, start),
    }


def _thrice(matrix: sp.csr_matrix, start: np.ndarray) -> np.ndarray:
    return np.asarray(matrix @ (matrix @ (matrix @ start)))


def _sum_rows(matrix: sp.csr_matrix, rows: np.ndarray) -> sp.csr_matrix:
    return sp.csr_matrix(matrix[rows].sum(0)) if len(rows) else sp.csr_matrix((1, matrix.shape[1]), dtype=np.float32)


def _nonzero(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors[np.abs(vectors).sum(1) > 0])
