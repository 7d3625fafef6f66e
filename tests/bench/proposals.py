"""What proposed teams are worth on an archive with projects, from what came before a cut.

    python -m tests.bench.proposals ARCHIVE [--split 0.8] [--queries 200] [--ranker RANKER.json]

Of each new project only the text is known; who did it? Beside words (TF-IDF), who does most, who did most lately, and
the usual partners of whoever fits best by words. Prints NDCG@10 with 95 % intervals, recall, the share of the text's
telling words that the proposed four have used, and the largest share of all teams of four that one member is in; then
the difference to the best simple way, project by project. Windows of cuts before 80 % end at 80 %.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from models.community.builder import Builder
from models.community.view import Community
from models.domain.records import Community as CommunityRecord
from models.domain.records import Project
from models.domain.requests import Goal
from models.proposals import people
from models.proposals.people import Pairs, Pool
from models.proposals.requests import Wish
from models.proposals.team import Needs, choose
from models.ranking import pipeline
from models.ranking.ranker import Ranker, from_json, shipped
from models.text.encoder import load_encoder
from training.fitting.dataset_values import learnt_from
from training.fitting.prior import History, history
from training.labels.tasks import cut_time

Embed = Callable[[Sequence[tuple[str, str]]], np.ndarray]
TEAM, TELLING, K, LAST = 4, 10, 10, 0.8


def main() -> None:
    """See the module docstring."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("archive", type=Path)
    arguments.add_argument("--split", type=float, default=0.8)
    arguments.add_argument("--queries", type=int, default=200)
    arguments.add_argument("--ranker", type=Path, help="Weights fitted without this archive; else those that ship.")
    given = arguments.parse_args()
    encoder = load_encoder()

    def embed(texts: Sequence[tuple[str, str]]) -> np.ndarray:
        return encoder.encode([text for _, text in texts]).astype(np.float32)

    past = history(given.archive)
    end = min(given.split + 0.2, LAST) if given.split < LAST else 0.999
    cut, until = cut_time(past.events, given.split), cut_time(past.events, end)
    view = _view(past, cut, embed, encoder.dimension)
    ranker = from_json(given.ranker.read_text(encoding="utf8")) if given.ranker else shipped()
    ranker = replace(ranker, learnt=learnt_from(view))
    window = [p for p in past.projects if p.time and cut <= p.time < until and len(p.members) > 1]
    some = np.random.default_rng(0).permutation(len(window))[: given.queries]
    new = [window[i] for i in sorted(some)]
    print(f"{given.archive.name} at {given.split:.0%}: {len(new)} of {len(window)} new projects")
    _teams(view, ranker, new, lambda texts: embed([("", text) for text in texts]))


def _view(past: History, cut: int, embed: Embed, dimension: int) -> Community:
    builder = Builder(CommunityRecord(id=past.name), dimension, "bench")
    builder.put_all(past.members)
    builder.put_all(p for p in past.projects if (p.time or 0) < cut)
    builder.put_all(m for m in past.messages if m.time < cut)
    builder.embed_pending(embed)
    return builder.view()


def _teams(view: Community, ranker: Ranker, new: Sequence[Project], encode: pipeline.TextEncoder) -> None:
    ways: dict[str, list[tuple[float, float, float, float]]] = {}
    anybody = Wish(audience="organizers", limit=1)
    there = people.allowed(view, anybody).mask & people.here(view) & (view.activity.total > 0)
    taken: dict[str, Counter[int]] = {}
    for project in new:
        real = {view.row[m] for m in project.members if m in view.row}
        if not real:
            continue
        goal = pipeline.goal_query(view, Goal(title=project.title, text=project.text), encode)
        found = people.for_text(view, ranker, goal, there, anybody)
        words = (goal.lexical @ view.lexical.by_term).toarray().ravel()
        partners = view.ties.projects_together[int(words.argmax())].toarray().ravel()
        pool = Pool(found.rows[: people.POOL], found.fit[: people.POOL])
        nothing = Needs((), np.zeros((0, len(pool.rows)), bool))
        team = choose(view, pool, Pairs(view, ranker, pool.rows.tolist(), anybody), nothing, {}, (2, TEAM), -1)
        ranked = {
            "ours": found.rows,
            "our team of four": np.array(team.rows if team else (), np.int64),
            "TF-IDF": np.argsort(-words, kind="stable"),
            "lately active": np.argsort(-view.activity.recent, kind="stable"),
            "popularity": np.argsort(-view.activity.total, kind="stable"),
            "frequent partners": np.argsort(-(partners + words / 1000 + 1e6 * (words == words.max())), kind="stable"),
        }
        for name, order in ranked.items():
            ways.setdefault(name, []).append(_scores(view, goal.lexical, order, real))
            taken.setdefault(name, Counter()).update(int(row) for row in order[:TEAM])
    print(
        f"{'team from the text alone':26s} {'NDCG@10':>17s} {'recall@10':>9s} {'recall@4':>9s} {'covered':>8s} "
        f"{'one in':>7s}"
    )
    for name, rows in ways.items():
        table = np.array(rows)
        low, high = _interval(table[:, 0])
        ndcg, at10, at4, covered = table.mean(0)
        most = taken[name].most_common(1)[0][1] / len(rows)
        print(f"{name:26s} {ndcg:.3f} ({low:.3f}-{high:.3f}) {at10:9.3f} {at4:9.3f} {covered:8.3f} {most:7.2f}")
    simple = [name for name in ways if not name.startswith("our")]
    best = max(simple, key=lambda name: np.mean([row[0] for row in ways[name]]))
    gain = np.array([a[0] - b[0] for a, b in zip(ways["ours"], ways[best], strict=True)])
    low, high = _interval(gain)
    print(f"ours less {best}: {gain.mean():+.3f} ({low:+.3f} to {high:+.3f})")


def _scores(view: Community, text: object, rows: np.ndarray, real: set[int]) -> tuple[float, float, float, float]:
    hits = np.isin(rows[:K], list(real))
    discount = 1 / np.log2(np.arange(2, K + 2))
    ndcg = float(hits @ discount[: len(hits)] / discount[: len(real)].sum())
    four = rows[:TEAM]
    return ndcg, hits.sum() / len(real), np.isin(four, list(real)).sum() / len(real), _covered(view, text, four)


def _covered(view: Community, text: object, rows: np.ndarray) -> float:
    """Share of the text's most telling words, by weight, that somebody of these used."""
    row = text.tocoo()  # type: ignore[attr-defined]
    best = np.argsort(-row.data, kind="stable")[:TELLING]
    if not len(best) or not len(rows):
        return 0.0
    used = np.asarray((view.lexical.counts[rows][:, row.col[best]] > 0).sum(0)).ravel() > 0
    return float(row.data[best][used].sum() / row.data[best].sum())


def _interval(values: np.ndarray) -> tuple[float, float]:
    rng = np.random.default_rng(1)
    means = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(500)]
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


if __name__ == "__main__":
    main()
