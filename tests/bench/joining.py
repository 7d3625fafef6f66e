"""Which open project does a member join? Measured on archives with projects, as of cuts in time.

    python -m tests.bench.joining ARCHIVE [--split 0.6 0.7] [--fit OTHER_ARCHIVE ...]

All projects of the window after a cut stand open at the cut, with nobody but their lead; their texts are known. Asked
is who joined one and was there before. Prints NDCG@10 and hit@10 of what ships, beside simple ways to rank, with 95 %
intervals over members, and the difference to the best of these, member by member. With --fit the weights come from
these archives' cuts at 30 to 60 % and are printed; so a figure owes nothing to the archive that it is told of.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from models.community.builder import Builder, Embed
from models.community.view import Community
from models.domain.records import Community as CommunityRecord
from models.features import matrix
from models.ranking.projects import open_projects, participation
from training.fitting.dataset_values import learnt_from
from training.fitting.listwise import Group, fit_listwise
from training.fitting.prior import History, history, remembering
from training.labels.tasks import cut_time

CUTS, MEMBERS, HELD, K, LAST = (0.3, 0.4, 0.5, 0.6), 200, 0.1, 10, 0.8
Values = Mapping[str, np.ndarray]
Asked = list[tuple[Values, np.ndarray]]  # a member each: values by name (n,), and (n,) bool what they joined

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
    weights = _fitted([history(path) for path in given.fit], embed, dimension) if given.fit else open_projects.SHIPPED
    past = history(given.archive)
    for split in given.split:
        asked, view, milliseconds = asked_at(past, split, embed, dimension)
        count = len(asked[0][1]) if asked else 0
        print(
            f"{past.name} at {split:.0%}: {len(asked)} members, about {count} open projects, {milliseconds:.1f} ms each"
        )
        began = time.process_time()
        here = participation.moved(view, weights)
        print(f"  learnt from its own past in {time.process_time() - began:.1f} s")
        _table(asked, here, weights)


def asked_at(
    past: History, split: float, embed: Embed, dimension: int, most: int = 0
) -> tuple[Asked, Community, float]:
    """Members beside the open projects, at most so many, the view, and what one took (milliseconds of processor)."""
    cut = cut_time(past.events, split)
    until = cut_time(past.events, max(min(split + 0.2, LAST), split + 0.1) if split < LAST else 0.999)
    window = [p for p in past.projects if p.time and cut <= p.time < until and len(p.members) > 1]
    stands = [replace(p, members=p.members[:1], state="open", time=cut - 1) for p in window]
    builder = Builder(CommunityRecord(id=past.name), dimension, "bench")
    builder.put_all(past.members)
    builder.put_all([*(p for p in past.projects if (p.time or 0) < cut), *stands])
    builder.put_all(m for m in past.messages if m.time < cut)
    builder.embed_pending(embed)
    view = builder.view()
    before = {m for p in past.projects if (p.time or 0) < cut for m in p.members}
    right: dict[str, set[str]] = {}
    for project in window:
        for member in before.intersection(project.members[1:]):
            right.setdefault(member, set()).add(project.id)
    chosen = sorted(right)
    if most:
        chosen = [chosen[i] for i in np.random.default_rng(0).permutation(len(chosen))[:most]]
    asked, milliseconds = _compared(view, {member: right[member] for member in chosen})
    return asked, view, milliseconds


def _compared(view: Community, chosen: Mapping[str, set[str]]) -> tuple[Asked, float]:
    tower = learnt_from(view).tower
    found = open_projects.openings(view, tower)
    ids = np.array(view.projects.ids, object)[found.rows]
    out: Asked = []
    began = time.process_time()
    for member, wanted in chosen.items():
        values = open_projects.values(view, matrix.member_query(view, view.row[member]), found, tower)
        others = np.asarray(found.people[:, [view.row[member]]].todense()).ravel() == 0
        right = np.isin(ids, list(wanted))[others]
        if right.any() and not right.all():
            out.append(({name: value[others] for name, value in values.items()}, right))
    return out, 1000 * (time.process_time() - began) / max(len(chosen), 1)


def _fitted(pasts: Sequence[History], embed: Embed, dimension: int) -> np.ndarray:
    groups: list[Group] = []
    for past in pasts:
        asked = [one for cut in CUTS for one in asked_at(past, cut, embed, dimension, MEMBERS)[0]]
        groups += [Group(open_projects.transform(values), right, 1 / len(asked)) for values, right in asked]
    weights = fit_listwise(groups, HELD)
    third = [float(np.sort(group.features @ weights)[-3]) for group in groups if len(group.relevant) > 2]
    told = {c: round(float(w), 2) for c, w in zip(open_projects.COLUMNS, weights, strict=True) if w >= 0.02}
    print(f"weights {told}\nintercept {-float(np.median(third)):.2f}")
    return weights


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
