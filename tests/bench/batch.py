"""What many lists at once cost beside single ones; each figure is a ratio of one run.

    python -m tests.bench.batch --data DATA --community ID

`lists`: lists a second of one RecommendAll over those of single calls in a row, to the same server, by turns. `queries`
and `round`: processor time of single answers over that of as many in blocks, one thread of this process; of `queries`
with texts that the encoder has not seen. A round of so many people is scored, and its seconds are printed, too.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits
from yiqi.client import YiqiClient, member_name
from yiqi.v1.recommendation_pb2 import RecommendationFilter

from models.community.view import Community
from models.domain.requests import Goal, Options
from models.ranking import batch, pipeline
from models.ranking.ranker import Ranker
from models.rounds.problem.scores import scores
from service.compose import open_application
from service.core.settings import Settings
from tests.bench.figures import machine
from tests.bench.serving import arguments, data_of, serving

TURN = 64  # lists of each way, by turns


def lists(client: YiqiClient, community: str, members: Sequence[str]) -> float:
    """Seconds of single calls over those of one stream."""
    single = together = 0.0
    for start in range(0, len(members), TURN):
        some = members[start : start + TURN]
        wanted = RecommendationFilter(members=[member_name(community, member) for member in some])
        single += _seconds(time.perf_counter, lambda: [client.recommend_peers(community, one) for one in some])  # noqa: B023
        together += _seconds(time.perf_counter, lambda: list(client.recommend_all(community, recipients=wanted)))  # noqa: B023
    print(f"lists    {len(members):>6}   a second {len(members) / together:8.1f}   ÷ single {single / together:6.2f}")
    return single / together


def queries(view: Community, ranker: Ranker, texts: Sequence[str], encode: pipeline.TextEncoder) -> float:
    """Processor seconds of single searches over those of as many in blocks."""
    options = Options(reasons=False)
    half = len(texts) // 2
    alone, together = [[Goal(text=text) for text in some] for some in (texts[:half], texts[half : 2 * half])]
    single = _seconds(
        time.process_time, lambda: [pipeline.search_members(view, ranker, goal, options, encode) for goal in alone]
    )
    blocks = _seconds(time.process_time, lambda: list(batch.search(view, ranker, together, options, encode)))
    print(f"queries  {half:>6}   a second {half / blocks:8.1f}   ÷ single {single / blocks:6.2f}")
    return single / blocks


def round_scores(view: Community, ranker: Ranker, size: int) -> float:
    """Processor seconds of the scores of a round of so many people."""
    rows = np.flatnonzero(view.rules.present)[:size]
    whole = _seconds(time.process_time, lambda: [scores(view, ranker, rows)])
    print(f"round    {len(rows):>6}   seconds  {whole:8.2f}")
    return whole


def _seconds(clock: Callable[[], float], work: Callable[[], Iterable[Any]]) -> float:
    began = clock()
    work()
    return clock() - began


def main() -> None:
    parser = arguments("What many lists at once cost beside single ones.")
    parser.add_argument("--members", type=int, default=256, help="lists of each way")
    parser.add_argument("--people", type=int, nargs="+", default=[1000], help="of a round")
    options = parser.parse_args()
    with data_of(options) as data:
        print(machine())
        measured(data, options.community, options.members, options.people)


def measured(data: Path, community: str, members: int, people: Sequence[int]) -> None:
    """Prints a line of each."""
    with open_application(Settings(data=data)) as (_, runtime), threadpool_limits(limits=1):
        view, ranker = runtime.view(community), runtime.ranker(community)
        chosen = random.Random(1).sample([one.id for one in view.members if one is not None], min(members, view.size))
        texts = list(dict.fromkeys(item.text for item in view.facets.items))[: 2 * members]
        queries(view, ranker, texts, runtime.encoder_of(view))
        for size in people:
            round_scores(view, ranker, size)
    with serving(data, community) as served, served.client(timeout=600) as client:
        lists(client, community, chosen[:8])  # warm
        lists(client, community, chosen)


if __name__ == "__main__":
    main()
