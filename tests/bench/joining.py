"""Which open project does a member join? Measured on archives with projects, as of cuts in time.

    python -m tests.bench.joining ARCHIVE [--split 0.6 0.7] [--fit OTHER_ARCHIVE ...]

All projects of the window after a cut stand open at the cut, with nobody but their lead; their texts are known. Asked
is who joined one and was there before. Prints NDCG@10 and hit@10 of what ships, beside simple ways to rank, with 95 %
intervals over members, and the difference to the best of these, member by member. With --fit the weights come from
these archives' cuts at 30 to 60 %; so a figure owes nothing to the archive that it is told of.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from models.ranking.projects import open_projects, participation, weights
from training.fitting.open_projects import Asked, Values, asked_at, fit
from training.fitting.prior import history, remembering

K = 10

SIMPLE: Mapping[str, Callable[[Values], np.ndarray]] = {
    "random": lambda v: np.random.default_rng(len(v["words"])).random(len(v["words"])),
    "popularity of the lead": lambda v: v["well_known"],
    "activity of the lead": lambda v: v["busy"],
    "words": lambda v: v["words"],
    "vectors": lambda v: v["interest"],
    "worked with the lead": lambda v: v["together"] + v["words"] / 1000,
    "acquaintances": lambda v: v["acquaintances"],
    "words and worked with": lambda v: _fused(v["words"], v["together"] + v["words"] / 1000),
}


def main() -> None:
    """See the module docstring."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("archive", type=Path)
    arguments.add_argument("--split", type=float, nargs="+", default=[0.6, 0.7])
    arguments.add_argument("--fit", type=Path, nargs="+", default=[])
    given = arguments.parse_args()
    embed, dimension = remembering()
    elsewhere = fit([history(path) for path in given.fit], embed, dimension) if given.fit else weights.shipped()
    past = history(given.archive)
    for split in given.split:
        asked, view, milliseconds = asked_at(past, split, embed, dimension)
        count = len(asked[0][1]) if asked else 0
        print(
            f"{past.name} at {split:.0%}: {len(asked)} members, about {count} open projects, {milliseconds:.1f} ms each"
        )
        began = time.process_time()
        here = participation.moved(view, elsewhere.joining)
        print(f"  learnt from its own past in {time.process_time() - began:.1f} s")
        _table(asked, here, elsewhere.joining)


def _table(asked: Asked, here: np.ndarray, elsewhere: np.ndarray) -> None:
    ways = {
        "ours": lambda v: open_projects.transform(v) @ here,
        "as learnt elsewhere": lambda v: open_projects.transform(v) @ elsewhere,
        **SIMPLE,
    }
    scores = {name: np.array([_judged(way(values), right) for values, right in asked]) for name, way in ways.items()}
    for name, table in scores.items():
        low, high = interval(table[:, 0])
        print(f"  {name:24s} NDCG@10 {table[:, 0].mean():.3f} ({low:.3f}-{high:.3f})   hit@10 {table[:, 1].mean():.3f}")
    best = max(SIMPLE, key=lambda name: float(scores[name][:, 0].mean()))
    gain = scores["ours"][:, 0] - scores[best][:, 0]
    low, high = interval(gain)
    print(f"  ours less {best}: {gain.mean():+.3f} ({low:+.3f} to {high:+.3f})")


def _judged(score: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """NDCG@10 and hit@10; equals in random order."""
    order = np.lexsort((np.random.default_rng(0).random(len(score)), -score))[:K]
    discount = 1 / np.log2(np.arange(2, K + 2))
    hits = right[order]
    return float(hits @ discount[: len(hits)] / discount[: int(right.sum())].sum()), float(hits.any())


def _fused(*ways: np.ndarray) -> np.ndarray:
    """Reciprocal rank fusion (Cormack et al., 2009)."""
    out = np.zeros(len(ways[0]))
    for values in ways:
        rank = np.empty(len(values))
        rank[np.argsort(-values, kind="stable")] = np.arange(len(values))
        out += np.where(values > 0, 1 / (60 + rank), 0)
    return out


def interval(values: np.ndarray) -> tuple[float, float]:
    """95 % bootstrap interval of the mean."""
    rng = np.random.default_rng(1)
    means = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(1000)]
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


if __name__ == "__main__":
    main()
