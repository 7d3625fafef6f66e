"""Many lists at once: what the queries of a block would each work out alone is worked out for all of them together.

A product of matrices reads what it multiplies once for all queries. Lists are those of single calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from models.community.view import INTERESTS, Community
from models.domain.requests import Goal, Options, Recommendations
from models.features import matrix as features
from models.features.matrix import Ahead, Query
from models.ranking import joining, pipeline, retrieval
from models.ranking.pipeline import TextEncoder
from models.ranking.ranker import Head, Ranker

BLOCK = 64  # queries; more gain little
BYTES = 64 << 20  # that what is worked out ahead may take


def recommend(
    view: Community, ranker: Ranker, kind: str, members: Sequence[str], options: Options
) -> Iterator[Recommendations]:
    """The answer for each of these members, who must be in the view; `kind`: "peers", "collaborators" or "projects"."""
    if kind == "projects":
        for member in members:
            yield joining.recommend_projects(view, ranker, member, options)
        return
    head: Head = "peers" if kind == "peers" else "collaborators"
    for query in member_queries(view, [view.row[member] for member in members], options.limit):
        yield pipeline.answer(view, ranker, head, query, options)


def rankings(
    view: Community, ranker: Ranker, head: Head, options: Options
) -> Iterator[tuple[str, list[str], np.ndarray]]:
    """(member id, ids, scores) for every member that is there, by id, without reasons."""
    ids = np.array(view.ids, object)
    options = replace(options, own=True)
    rows = np.argsort(pipeline.view_order(view))
    there = [int(row) for row in rows if view.members[row] is not None]
    for query in member_queries(view, there, options.limit):
        ranked = pipeline.rank(view, ranker, head, query, options)
        yield view.ids[query.row], list(ids[ranked.rows]), ranked.score


def search(
    view: Community, ranker: Ranker, goals: Sequence[Goal], options: Options, encode: TextEncoder
) -> Iterator[Recommendations]:
    """The answer to each question, as of `pipeline.search_members`. Their texts are encoded together."""
    for query, goal in zip(goal_queries(view, goals, options.limit, encode), goals, strict=True):
        yield pipeline.answer_goal(view, ranker, pipeline.question_head(goal), query, options)


def collaborators(
    view: Community, ranker: Ranker, briefs: Sequence[Goal], options: Options, encode: TextEncoder
) -> Iterator[Recommendations]:
    """The answer to each brief, as of `pipeline.recommend_collaborators`. Their texts are encoded together."""
    for query in goal_queries(view, briefs, options.limit, encode):
        yield pipeline.answer_goal(view, ranker, "brief", query, options)


def member_queries(
    view: Community, rows: Sequence[int] | np.ndarray, limit: int, within: np.ndarray | None = None
) -> Iterator[Query]:
    """The members in these rows as queries of lists of so many, in blocks; `within` (n,): only these rows are compared
    with them."""
    size = block_size(view, limit, within)
    for start in range(0, len(rows), size):
        block = [features.member_query(view, int(row)) for row in rows[start : start + size]]
        look_ahead(view, block, limit, within)
        yield from block


def goal_queries(view: Community, goals: Sequence[Goal], limit: int, encode: TextEncoder) -> Iterator[Query]:
    """These goals as queries of lists of so many, in blocks."""
    size = block_size(view, limit)
    for start in range(0, len(goals), size):
        some = goals[start : start + size]
        known = encoded_together([text for goal in some for text in _texts(goal)], encode)
        block = [pipeline.goal_query(view, goal, known) for goal in some]
        look_ahead(view, block, limit)
        yield from block


def block_size(view: Community, limit: int, within: np.ndarray | None = None) -> int:
    """How many queries of lists of so many are worked out together."""
    compared = view.size if within is None else len(within)
    vectors = (1 + INTERESTS) * compared if _all_are_ranked(compared, limit) else len(view.facets.items)
    of_each = (1 + INTERESTS) * 4 * vectors  # bytes: a product with each of a query's own vectors
    return max(1, min(BLOCK, BYTES // max(of_each, 1)))


def look_ahead(view: Community, queries: Sequence[Query], limit: int, within: np.ndarray | None = None) -> None:
    """Works out for all of the queries what each of them will ask for: see `Ahead`."""
    asking = [query for query in queries if len(query.vectors)]
    if not asking:
        return
    vectors = np.concatenate([query.vectors for query in asking])
    ends = np.cumsum([len(query.vectors) for query in asking])
    mine = [slice(end - len(query.vectors), end) for query, end in zip(asking, ends, strict=True)]
    if _all_are_ranked(view.size if within is None else len(within), limit):
        interests, place = _interests(view, vectors, within)
        for query, at in zip(asking, mine, strict=True):
            query.ahead = Ahead(interests=interests[:, :, at], place=place)
        return
    passages = retrieval.nearest_passages(view, vectors) if len(view.documents.index) else None
    for query, at, facets in zip(asking, mine, _facets(view, vectors, ends), strict=True):
        query.ahead = Ahead(
            passages=None if passages is None else (passages[0][at], passages[1][at]),
            facets=facets,
        )


def _all_are_ranked(compared: int, limit: int) -> bool:
    return compared <= max(retrieval.EVERYBODY, limit)


def _interests(view: Community, vectors: np.ndarray, within: np.ndarray | None) -> tuple[np.ndarray, np.ndarray | None]:
    """(n, 1 + I, m) products with (m, d) vectors, and where in them each member is; None: in their row."""
    if within is None:
        return view.interests.dot(vectors), None
    place = np.full(view.size, -1, np.int64)
    place[within] = np.arange(len(within))
    theirs = view.interests.take(within)
    return (theirs.reshape(-1, theirs.shape[2]) @ vectors.T).reshape(*theirs.shape[:2], -1), place


def _facets(view: Community, vectors: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """(queries, F) how near each facet comes to one of the vectors of each query, which end at `ends`."""
    likeness = vectors @ view.facets.vectors.T
    return np.maximum.reduceat(likeness, np.concatenate([[0], ends[:-1]]), axis=0)


def encoded_together(texts: Sequence[str], encode: TextEncoder) -> TextEncoder:
    """An encoder that knows these texts, which are encoded at once, and no others."""
    once = list(dict.fromkeys(texts))
    vector = dict(zip(once, encode(once), strict=True))
    return lambda asked: np.stack([vector[text] for text in asked])


def _texts(goal: Goal) -> list[str]:
    text, needs, clauses = pipeline.texts_of(goal)
    return [text, *needs, *clauses]
