"""Many lists at once; they are those of single calls.

What the texts of a block would each look up alone is looked up for all of them together: a product of matrices reads
what it multiplies once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from models.community.view import Community
from models.domain.requests import Goal, Options, Recommendations
from models.features.passages import look_up
from models.features.query import Query
from models.ranking import joining, pipeline
from models.ranking.pipeline import TextEncoder
from models.ranking.ranker import Head, Ranker

BLOCK = 64  # queries or members; more gain little


def recommend(
    view: Community, ranker: Ranker, kind: str, members: Sequence[str], options: Options
) -> Iterator[Recommendations]:
    """The answer for each member, who must be in the view; `kind`: "peers", "collaborators" or "projects"."""
    if kind == "projects":
        return (joining.recommend_projects(view, ranker, member, options) for member in members)
    head: Head = "peers" if kind == "peers" else "collaborators"
    return pipeline.answer_members(view, ranker, head, members, options)


def rankings(
    view: Community, ranker: Ranker, head: Head, options: Options
) -> Iterator[tuple[str, list[str], np.ndarray]]:
    """(member id, ids, scores) for every member that is there, by id, without reasons."""
    options = replace(options, reasons=False)
    members = sorted(member.id for member in view.members if member is not None)
    for start in range(0, len(members), BLOCK):
        some = members[start : start + BLOCK]
        for member, found in zip(some, recommend(view, ranker, head, some, options), strict=True):
            scores = np.array([match.score for match in found.matches], np.float32)
            yield member, [match.id for match in found.matches], scores


def search(
    view: Community, ranker: Ranker, goals: Sequence[Goal], options: Options, encode: TextEncoder
) -> Iterator[Recommendations]:
    """The answer to each question, as of `pipeline.search_members`. Their texts are encoded together."""
    for query, goal in zip(goal_queries(view, goals, encode), goals, strict=True):
        yield pipeline.answer_goal(view, ranker, pipeline.question_head(goal), query, options)


def collaborators(
    view: Community, ranker: Ranker, briefs: Sequence[Goal], options: Options, encode: TextEncoder
) -> Iterator[Recommendations]:
    """The answer to each brief, as of `pipeline.recommend_collaborators`. Their texts are encoded together."""
    for query in goal_queries(view, briefs, encode):
        yield pipeline.answer_goal(view, ranker, "brief", query, options)


def goal_queries(view: Community, goals: Sequence[Goal], encode: TextEncoder) -> Iterator[Query]:
    """These goals as queries, in blocks."""
    for start in range(0, len(goals), BLOCK):
        some = goals[start : start + BLOCK]
        known = encoded_together([text for goal in some for text in _texts(goal)], encode)
        block = [pipeline.goal_query(view, goal, known) for goal in some]
        look_up(view, block)
        yield from block


def encoded_together(texts: Sequence[str], encode: TextEncoder) -> TextEncoder:
    """An encoder that knows these texts, which are encoded at once, and no others."""
    once = list(dict.fromkeys(texts))
    vector = dict(zip(once, encode(once), strict=True))
    return lambda asked: np.stack([vector[text] for text in asked])


def _texts(goal: Goal) -> list[str]:
    text, needs, clauses = pipeline.texts_of(goal)
    return [text, *needs, *clauses]
