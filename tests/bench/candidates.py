"""Of those whom ranking everybody would put first, how many are candidates, behind filters that ever fewer pass.

    python -m tests.bench.candidates --data DATA --community ID [--members 60] [--shares 1 0.5 0.2 0.06 0.01]

For communities of more than 4,096 members; of smaller ones everybody is a candidate. Prints the share of the first ten
of both lists, how many candidates there are, and the processor time of choosing them.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from unittest.mock import patch

import numpy as np
from threadpoolctl import threadpool_limits

from models.community.view import Community
from models.domain.requests import Filter, Options
from models.features import matrix
from models.ranking import eligibility, pipeline, retrieval
from models.ranking.ranker import MEMBER_HEADS, Ranker
from service.compose import open_application
from service.core.settings import Settings
from tests.bench.figures import machine
from tests.bench.serving import arguments, data_of

FIRST = 10


def main() -> None:
    """The command."""
    parser = arguments("How many of those whom ranking everybody would put first are candidates.")
    parser.add_argument("--members", type=int, default=60, help="whose lists are looked at")
    parser.add_argument("--shares", type=float, nargs="+", default=[1.0, 0.5, 0.2, 0.06, 0.01], help="who pass")
    options = parser.parse_args()
    with data_of(options) as data, open_application(Settings(data=data)) as (_, runtime), threadpool_limits(limits=1):
        print(machine())
        view, ranker = runtime.view(options.community), runtime.ranker(options.community)
        for share in options.shares:
            print(line(view, ranker, share, options.members), flush=True)


def line(view: Community, ranker: Ranker, share: float, members: int) -> str:
    """Of one filter."""
    chance = random.Random(5)
    ids = [member.id for member in view.members if member is not None]
    who = chance.sample(ids, min(members, len(ids)))
    passing = Filter(members=frozenset(id for id in ids if chance.random() < share)) if share < 1 else Filter()
    asked = Options(limit=FIRST, filter=passing, reasons=False, now=time.time_ns() // 1000)
    found, sizes, seconds = [], [], 0.0
    for id in who:
        query = matrix.member_query(view, view.row[id])
        mask = eligibility.allowed(view, query.own, asked).mask
        began = time.thread_time()
        rows = retrieval.pool(view, query, mask, FIRST)
        seconds += time.thread_time() - began
        sizes.append(len(rows))
        found.append(_found(view, ranker, id, asked, {view.ids[row] for row in rows}))
    recall = "  ".join(f"{head} {np.mean([one[i] for one in found]):.4f}" for i, head in enumerate(MEMBER_HEADS))
    return f"{share:>7.2%} pass   {recall}   {np.mean(sizes):7.0f} candidates   {1e3 * seconds / len(who):6.2f} ms"


def _found(view: Community, ranker: Ranker, member: str, asked: Options, candidates: set[str]) -> Sequence[float]:
    with patch.object(retrieval, "EVERYBODY", view.size):
        lists = [pipeline.answer_member(view, ranker, head, member, asked).matches for head in MEMBER_HEADS]
    return [np.mean([match.id in candidates for match in first]) if first else 1.0 for first in lists]


if __name__ == "__main__":
    main()
