"""Why people who are listed together meet: what `models.ranking.pipeline` scores and explains, for one and a few
others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.community.view import Community
from models.domain.requests import Filter, Match, Options
from models.features import matrix
from models.ranking import explain, rerank
from models.ranking.pipeline import compare, scored
from models.ranking.ranker import MEMBER_HEADS, Head, Ranker


def why(
    view: Community, ranker: Ranker, head: Head, member: str, others: Sequence[str], options: Options
) -> dict[str, Match]:
    """What each of these others is worth to `member` and why, as far as the rules let the two meet.

    They are compared beside those whom any answer would compare. Of the options, audience, language, reasons and now
    count. Raises KeyError for a member whom the view does not know, ValueError for a head that is not of members.
    """
    if head not in MEMBER_HEADS:
        raise ValueError(f"{head} is no way to compare members")
    query = matrix.member_query(view, view.row[member])
    asked = replace(options, filter=Filter(), exclude=frozenset(), include_connected=True, limit=rerank.DEEPEST)
    wanted = sorted({view.row[other] for other in others if other in view.row} - {view.row[member]})
    found = scored(view, ranker, head, query, compare(view, query, asked, ranker.learnt, also=wanted))
    ranked = found[np.flatnonzero(np.isin(found.rows, wanted))]
    told = (
        explain.explain(view, ranker, head, query, ranked.rows, ranked.features, ranked.values, ranked.fits, asked)
        if options.reasons
        else [()] * len(ranked.rows)
    )
    return {
        view.ids[row]: Match(view.ids[row], float(score), float(yours), float(theirs), tuple(reason))
        for row, score, yours, theirs, reason in zip(
            ranked.rows, ranked.score, ranked.for_you, ranked.for_them, told, strict=True
        )
    }
