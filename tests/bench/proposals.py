"""What proposals are worth on an archive with projects, trained on what came before the cut.

    python -m tests.bench.proposals ARCHIVE [--split 0.8] [--queries 200]

Teams: of each new project only the text is known; who did it? Beside words (TF-IDF), who does most, and the usual
partners of whoever fits best by words. Joining: the new projects of the window stand open with their lead; which did
each member join? Prints NDCG@10, recall, and the share of the text's telling words that the proposed four have used.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from models import joining, recommend
from models.builder import Builder
from models.community import Community
from models.encoder import load_encoder
from models.proposals import people
from models.proposals.people import Pairs, Pool
from models.proposals.requests import Wish
from models.proposals.team import Needs, choose
from models.ranker import Ranker, shipped
from models.records import Community as CommunityRecord
from models.records import Project
from models.requests import Filter, Goal, Options
from training.learnt import learnt_from
from training.prior import History, history
from training.tasks import cut_time

Embed = Callable[[Sequence[tuple[str, str]]], np.ndarray]
TEAM, TELLING, K, MEMBERS = 4, 10, 10, 40


def main() -> None:
    """See the module docstring."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("archive", type=Path)
    arguments.add_argument("--split", type=float, default=0.8)
    arguments.add_argument("--queries", type=int, default=200)
    given = arguments.parse_args()
    encoder = load_encoder()

    def embed(texts: Sequence[tuple[str, str]]) -> np.ndarray:
        return encoder.encode([text for _, text in texts]).astype(np.float32)

    past = history(given.archive)
    cut, until = cut_time(past.events, given.split), cut_time(past.events, given.split + 0.2)
    view = _view(past, cut, embed, encoder.dimension)
    ranker = replace(shipped(), learnt=replace(shipped().learnt, tower=learnt_from(view).tower))
    window = [p for p in past.projects if p.time and cut <= p.time <= until and len(p.members) > 1]
    some = np.random.default_rng(0).permutation(len(window))[: given.queries]
    new = [window[i] for i in sorted(some)]
    print(f"{given.archive.name} at {given.split:.0%}: {len(new)} of {len(window)} new projects")
    _teams(view, ranker, new, lambda texts: embed([("", text) for text in texts]))
    _joins(past, cut, window, ranker, embed, encoder.dimension)


def _view(past: History, cut: int, embed: Embed, dimension: int, standing: Sequence[Project] = ()) -> Community:
    builder = Builder(CommunityRecord(id=past.name), dimension, "bench")
    builder.put_all(past.members)
    builder.put_all([*(p for p in past.projects if (p.time or 0) < cut), *standing])
    builder.put_all(m for m in past.messages if m.time < cut)
    builder.embed_pending(embed)
    return builder.view()


def _teams(view: Community, ranker: Ranker, new: Sequence[Project], encode: recommend.TextEncoder) -> None:
    ways: dict[str, list[tuple[float, float, float, float]]] = {}
    there = Filter(members=frozenset(view.ids[row] for row in np.flatnonzero(people.here(view))))
    options = Options(
        limit=200, audience="organizers", include_connected=True, reasons=False, diversity=0, filter=there
    )
    anybody = Wish(audience="organizers", limit=1)
    for project in new:
        real = {view.row[m] for m in project.members if m in view.row}
        if not real:
            continue
        goal = recommend.goal_seeker(view, Goal(title=project.title, text=project.text), encode)
        found = recommend.rank(view, ranker, "brief", goal, options)
        words = (goal.lexical @ view.lexical.by_term).toarray().ravel()
        partners = view.ties.projects_together[int(words.argmax())].toarray().ravel()
        pool = Pool(found.rows[:16], found.score[:16] / max(float(found.score[0]), 1e-9))
        nothing = Needs((), np.zeros((0, len(pool.rows)), bool))
        team = choose(view, pool, Pairs(view, ranker, pool.rows.tolist(), anybody), nothing, {}, (2, TEAM), -1)
        ranked = {
            "ours": found.rows,
            "our team of four": np.array(team.rows if team else (), np.int64),
            "TF-IDF": np.argsort(-words, kind="stable"),
            "popularity": np.argsort(-view.activity.total, kind="stable"),
            "frequent partners": np.argsort(-(partners + words / 1000 + 1e6 * (words == words.max())), kind="stable"),
        }
        for name, order in ranked.items():
            ways.setdefault(name, []).append(_scores(view, goal.lexical, order, real))
    print(f"{'team from the text alone':26s} {'NDCG@10':>17s} {'recall@10':>9s} {'recall@4':>9s} {'covered':>8s}")
    for name, rows in ways.items():
        table = np.array(rows)
        low, high = _interval(table[:, 0])
        ndcg, at10, at4, covered = table.mean(0)
        print(f"{name:26s} {ndcg:.3f} ({low:.3f}-{high:.3f}) {at10:9.3f} {at4:9.3f} {covered:8.3f}")


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


def _joins(past: History, cut: int, window: Sequence[Project], ranker: Ranker, embed: Embed, dimension: int) -> None:
    """The window's first projects stand open at the cut, with nobody but their lead."""
    known = {m for p in past.projects if (p.time or 0) < cut for m in p.members}
    stands = [replace(p, members=p.members[:1], state="open", time=cut - 1) for p in window[:60]]
    view = _view(past, cut, embed, dimension, stands)
    joined: dict[str, set[str]] = {}
    for project in window[:60]:
        for member in project.members[1:]:
            if member in known:
                joined.setdefault(member, set()).add(project.id)
    options = Options(limit=60, audience="organizers", reasons=False)
    learnt, weight = [], joining.LEARNT
    by_hand, words = [], []
    for member in sorted(joined)[:MEMBERS]:
        led = {p.id for p in stands if p.members[0] == member}
        wanted = joined[member] - led
        if not wanted:
            continue
        learnt.append(_ndcg([m.id for m in joining.recommend_projects(view, ranker, member, options).matches], wanted))
        joining.LEARNT = 0.0
        by_hand.append(_ndcg([m.id for m in joining.recommend_projects(view, ranker, member, options).matches], wanted))
        joining.LEARNT = weight
        like = np.asarray((view.projects.tfidf @ view.lexical.tfidf[view.row[member]].T).todense()).ravel()
        order = [view.projects.ids[i] for i in np.argsort(-like, kind="stable") if view.projects.open[i]]
        words.append(_ndcg([id for id in order if id not in led], wanted))
    print(f"which of {len(stands)} open projects {len(learnt)} members joined, NDCG@10:", end=" ")
    for name, values in (("learnt", learnt), ("set by hand", by_hand), ("TF-IDF", words)):
        low, high = _interval(np.array(values))
        print(f"{name} {np.mean(values):.3f} ({low:.3f}-{high:.3f})", end="  ")
    print()


def _ndcg(ids: Sequence[str], wanted: set[str]) -> float:
    discount = 1 / np.log2(np.arange(2, K + 2))
    hits = np.array([id in wanted for id in ids[:K]], float)
    return float(hits @ discount[: len(hits)] / discount[: len(wanted)].sum())


def _interval(values: np.ndarray) -> tuple[float, float]:
    rng = np.random.default_rng(1)
    means = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(500)]
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


if __name__ == "__main__":
    main()
