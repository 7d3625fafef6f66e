"""How good and how quick the lists of rounds are.

    python -m tests.bench.rounds pairs --sizes 100 1000 5000
    python -m tests.bench.rounds sides --sizes 1000 10000
    python -m tests.bench.rounds fairness
    python -m tests.bench.rounds change
    python -m tests.bench.rounds weeks
    python -m tests.bench.rounds real ARCHIVE --cut 0.6 0.8

Seconds are of the processor: the solvers run in one thread, so on an idle machine they are those of the clock, too.
`pairs`: against the optimum of the same graph, fairness off. `sides`: a third of the people are mentors of two.
`change`: what stays of a list when 5 % drop out. `weeks`: twelve weekly rounds of one community in a row. `real`:
people of an archive as they stood at a cut, and who of those listed together really met after it.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from models.rounds.constraints.no_repeat import NoRepeat
from models.rounds.problem.compile import compile_round
from models.rounds.problem.problem import Clock, People
from models.rounds.solve import solve
from models.rounds.solvers.pairs.candidates import Pool
from models.rounds.solvers.pairs.matching import Graph, greedy, optimal
from models.rounds.solvers.pairs.pairing import pair_up
from models.rounds.spec.requests import Met, Plan, RoundSpec, Side
from tests.bench.figures import machine

DAY = 86_400 * 1_000_000
DIMENSIONS = 8
BEST = 50  # scores a person that are kept of large communities


def people_of(n: int, seed: int = 0) -> People:
    """People as directions in space: who is near fits. Scores are dense up to 5,000 people, the best of each beyond."""
    rng = np.random.default_rng(seed)
    at = rng.normal(size=(n, DIMENSIONS)).astype(np.float32)
    at /= np.linalg.norm(at, axis=1)[:, None]
    ids = tuple(f"m{i:05}" for i in range(n))
    if n <= 5000:
        score = (1 + at @ at.T) / 2
        np.fill_diagonal(score, 0)
        return People(ids=ids, score=score)
    rows, columns, values = [], [], []
    for start in range(0, n, 500):
        block = (1 + at[start : start + 500] @ at.T) / 2
        block[np.arange(len(block)), start + np.arange(len(block))] = -1
        best = np.argpartition(-block, BEST, axis=1)[:, :BEST]
        rows.append(np.repeat(start + np.arange(len(block)), BEST))
        columns.append(best.ravel())
        values.append(np.take_along_axis(block, best, 1).ravel())
    entries = np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))
    score = sp.csr_matrix(entries, shape=(n, n), dtype=np.float32)
    return People(ids=ids, score=score.maximum(score.T).tocsr())


def total(graph: Graph, mate: np.ndarray) -> float:
    """Of the values of the pairs, each of which is an edge."""
    chosen = mate[graph.a] == graph.b
    return float(graph.value[chosen].sum())


def pairs(sizes: list[int]) -> None:
    """Share of the optimum on the same graph, and seconds."""
    print(f"{'people':>7} {'edges':>8} {'ours':>9} {'optimum':>9} {'share':>8} {'greedy':>7} {'left':>5} {'seconds':>8}"
          f" {'whole round':>12}")  # fmt: skip
    for n in sizes:
        people, spec = people_of(n), RoundSpec(kind="pairs", fairness=0.0)
        started = time.process_time()
        plan = solve(spec, people)
        whole = time.process_time() - started
        pool = Pool(compile_round(spec, people), np.arange(n))
        started = time.process_time()
        pairing = pair_up(pool, Clock(spec.seconds))
        seconds = time.process_time() - started
        ours = sum(float(pool.problem.worths(placed.rows)[0]) for placed in pairing.matches)
        graph = pool.graph()
        best = total(graph, optimal(graph)) if n <= 5000 else float("nan")
        print(f"{n:>7} {len(graph.a):>8} {ours:>9.2f} {best:>9.2f} {ours / best:>8.2%} "
              f"{total(graph, greedy(graph)) / best:>7.2%} {len(pairing.left):>5} {seconds:>8.2f} {whole:>12.2f}"
              f"   mean {plan.summary.mean:.4f}", flush=True)  # fmt: skip


def sides(sizes: list[int]) -> None:
    """Seconds, and the optimum that a flow gives by its nature."""
    print(f"{'people':>7} {'matches':>8} {'mean':>7} {'random':>7} {'placed':>7} {'seconds':>8}")
    for n in sizes:
        people = people_of(n)
        cut = n // 3
        both = (
            Side(name="mentors", members=people.ids[:cut], least=1, most=2),
            Side(name="newcomers", members=people.ids[cut:], least=0, most=1),
        )
        started = time.process_time()
        plan = solve(RoundSpec(kind="sides", sides=both, fairness=0.0), people)
        seconds = time.process_time() - started
        print(f"{n:>7} {len(plan.matches):>8} {plan.summary.mean:>7.4f} {plan.summary.random:>7.4f} "
              f"{plan.summary.placed:>7} {seconds:>8.2f}", flush=True)  # fmt: skip


def fairness(sizes: list[int]) -> None:
    """What fairness costs in total, and gives the worst-off."""
    print(f"{'people':>7} {'fairness':>8} {'mean':>7} {'median':>7} {'worst':>7} {'lowest tenth':>12} {'seconds':>8}")
    for n in sizes:
        for wanted in (0.0, 0.25, 0.5, 0.75, 1.0):
            plan = solve(RoundSpec(kind="pairs", fairness=wanted), people_of(n))
            scores = np.sort([match.score for match in plan.matches])
            lowest = scores[: max(len(scores) // 10, 1)].mean()
            told = plan.summary
            print(f"{n:>7} {wanted:>8} {told.mean:>7.4f} {told.median:>7.4f} {told.worst:>7.4f} {lowest:>12.4f} "
                  f"{told.seconds:>8.2f}", flush=True)  # fmt: skip


def change(sizes: list[int]) -> None:
    """Share of the matches nobody dropped out of that stay."""
    for kind in ("pairs", "sides"):
        for n in sizes:
            people, spec = people_of(n), _spec_of(kind, n)
            plan = solve(spec, people)
            gone = set(np.random.default_rng(1).choice(n, n // 20, replace=False).tolist())
            left = tuple(member for i, member in enumerate(people.ids) if i not in gone)
            fewer = replace(spec, members=left, sides=tuple(_only(side, left) for side in spec.sides))
            again = solve(fewer, replace(people, previous=plan.matches))
            untouched = {m.members for m in plan.matches if set(m.members) <= set(left)}
            stay = len(untouched & {m.members for m in again.matches}) / len(untouched)
            fresh = solve(fewer, people)
            blind = len(untouched & {m.members for m in fresh.matches}) / len(untouched)
            print(f"{kind} of {n}: {stay:.1%} of {len(untouched)} untouched matches stay ({blind:.1%} if solved anew), "
                  f"mean {again.summary.mean:.4f} against {fresh.summary.mean:.4f}, placed {again.summary.placed} "
                  f"of {again.summary.people}", flush=True)  # fmt: skip


def _spec_of(kind: str, n: int) -> RoundSpec:
    if kind == "pairs":
        return RoundSpec(kind="pairs")
    ids = people_of(n).ids
    both = Side(name="a", members=ids[: n // 3], most=2), Side(name="b", members=ids[n // 3 :])
    return RoundSpec(kind="sides", sides=both)


def _only(side: Side, members: tuple[str, ...]) -> Side:
    return replace(side, members=tuple(m for m in side.members if m in members))


def weeks(sizes: list[int]) -> None:
    """Twelve rounds in a row, nobody twice; who sits out, and who is ever met."""
    for n in sizes:
        people, spec = people_of(n), RoundSpec(kind="pairs", leftover="bye", rules=(NoRepeat(rounds=12),))
        met: list[tuple[int, tuple[str, ...]]] = []
        byes, plans = np.zeros(n, int), list[Plan]()
        for week in range(12):
            history = tuple(Met(members=m, time=w * 7 * DAY, rounds_ago=week - w) for w, m in met)
            plan = solve(spec, replace(people, met=history, byes=byes, now=week * 7 * DAY))
            byes = byes + np.isin(people.ids, [bye.member for bye in plan.byes])
            met += [(week, match.members) for match in plan.matches]
            plans.append(plan)
        repeats = Counter(frozenset(p) for _, members in met for p in combinations(members, 2))
        partners = Counter(m for pair in repeats for m in pair)
        means = " ".join(f"{plan.summary.mean:.3f}" for plan in plans)
        print(f"{n} people, 12 weeks: {sum(c - 1 for c in repeats.values())} repeats, byes a person {byes.min()} to "
              f"{byes.max()}, partners a person {min(partners.values())} to {max(partners.values())}; means {means}; "
              f"{sum(p.summary.seconds for p in plans):.1f} s", flush=True)  # fmt: skip


def main() -> None:
    """See the module docstring."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("mode", choices=["pairs", "sides", "fairness", "change", "weeks", "real"])
    arguments.add_argument("archive", type=Path, nargs="?")
    arguments.add_argument("--sizes", type=int, nargs="+")
    arguments.add_argument("--cut", type=float, nargs="+", default=[0.4, 0.5, 0.6, 0.7, 0.8])
    arguments.add_argument("--vectors", type=Path, help="where vectors are kept between runs")
    arguments.add_argument("--prior", type=Path, help="the ranker's weights, if not those that ship")
    given = arguments.parse_args()
    print(machine())
    if given.mode == "real":
        from tests.bench.round_people import real

        real(given.archive, given.cut, given.vectors, given.prior)
        return
    usual = {"pairs": [100, 1000, 5000, 10000], "sides": [1000, 10000], "fairness": [60, 1000], "change": [60, 1000]}
    runs = {"pairs": pairs, "sides": sides, "fairness": fairness, "change": change, "weeks": weeks}
    runs[given.mode](given.sizes or usual.get(given.mode, [60, 61]))


if __name__ == "__main__":
    main()
