"""How good and how quick groups, sittings and teams are.

    python -m tests.bench.round_groups groups --sizes 100 1000 [--cpsat 60]
    python -m tests.bench.round_groups sittings
    python -m tests.bench.round_groups change
    python -m tests.bench.round_groups fairness
    python -m tests.bench.round_groups teams

Seconds are of the processor: the solvers run in one thread, so on an idle machine they are those of the clock, too.
`groups`: of four, fairness off, against groups at random, greedy ones (each group grows by whoever adds most) and
CP-SAT. `sittings`: eight rounds of 40 people. `change`: what stays of a list when 5 % drop out.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from ortools.sat.python import cp_model

from models.rounds.problem.problem import People
from models.rounds.solve import solve
from models.rounds.spec.requests import Plan, Role, RoundSpec, Team
from tests.bench.figures import machine
from tests.bench.rounds import people_of

SIZE = 4


def mean_worth(score: np.ndarray, groups: Sequence[Sequence[int]]) -> float:
    """Over everybody: the mean score with the others of the group."""
    worths = [score[np.ix_(rows, rows)].sum(1) / (len(rows) - 1) for rows in groups]
    return float(np.concatenate(worths).mean())


def at_random(n: int, seed: int = 0) -> list[list[int]]:
    order = np.random.default_rng(seed).permutation(n).tolist()
    return [order[i : i + SIZE] for i in range(0, n, SIZE)]


def greedy(score: np.ndarray) -> list[list[int]]:
    """The best pair that is left, then whoever adds most, group after group."""
    left = np.ones(len(score), bool)
    groups = []
    while left.any():
        among = np.where(left[:, None] & left[None, :], score, -1)
        rows = [int(row) for row in np.unravel_index(int(among.argmax()), among.shape)]
        left[rows] = False
        while len(rows) < SIZE:
            rows.append(int(np.where(left, score[rows].sum(0), -1).argmax()))
            left[rows[-1]] = False
        groups.append(rows)
    return groups


def cp_sat(score: np.ndarray, seconds: float, hint: Sequence[Sequence[int]]) -> list[list[int]]:
    """Which group each is in, and a variable a pair and group that is true only when both are; from a hint on."""
    n, count = len(score), len(score) // SIZE
    model = cp_model.CpModel()
    seat = [[model.new_bool_var("") for _ in range(count)] for _ in range(n)]
    for row in seat:
        model.add_exactly_one(row)
    for group in range(count):
        model.add(sum(seat[i][group] for i in range(n)) == SIZE)
    for i in range(count):  # groups are alike: person i is in one of the first i + 1
        for group in range(i + 1, count):
            model.add(seat[i][group] == 0)
    group_of = {i: group for group, rows in enumerate(sorted(hint, key=min)) for i in rows}
    worth = []
    for i, j in combinations(range(n), 2):
        for group in range(count):
            both = model.new_bool_var("")
            model.add_implication(both, seat[i][group])
            model.add_implication(both, seat[j][group])
            worth.append(int(1000 * score[i, j]) * both)
            if hint:
                model.add_hint(both, group_of[i] == group == group_of[j])
    model.maximize(sum(worth))
    for i, group in group_of.items():
        for other in range(count):
            model.add_hint(seat[i][other], other == group)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return []
    return [[i for i in range(n) if solver.value(seat[i][group])] for group in range(count)]


def solved(spec: RoundSpec, people: People) -> tuple[Plan, float]:
    started = time.process_time()
    return solve(spec, people), time.process_time() - started


def groups(sizes: Sequence[int], cpsat: float) -> None:
    for n in sizes:
        people = people_of(n)
        score = np.asarray(people.score)
        plan, seconds = solved(RoundSpec(kind="groups", size=(SIZE, SIZE), fairness=0.0, seconds=300.0), people)
        print(f"n {n}: ours {plan.summary.mean:.4f} in {seconds:.1f} s, {plan.summary.bound:.3f} of a bound")
        print(f"   random {mean_worth(score, at_random(n)):.4f}   greedy {mean_worth(score, greedy(score)):.4f}")
        if cpsat and n <= 200:
            for name, hint in (("cold", []), ("from greedy", greedy(score))):
                started = time.process_time()
                found = cp_sat(score, cpsat, hint)
                spent = time.process_time() - started
                value = f"{mean_worth(score, found):.4f}" if found else "nothing"
                print(f"   CP-SAT {name}, {cpsat:.0f} s ({spent:.0f} of the processor): {value}", flush=True)


def sittings() -> None:
    people = people_of(40)
    for name, spec in {
        "pairs": RoundSpec(kind="pairs", sittings=8, seconds=60.0),
        "tables of 4 to 5": RoundSpec(kind="groups", size=(4, 5), sittings=8, seconds=60.0),
        "pairs of 41, byes": RoundSpec(kind="pairs", sittings=8, leftover="bye", seconds=60.0),
        "pairs, 39 rounds": RoundSpec(kind="pairs", sittings=39, seconds=60.0),
    }.items():
        plan, seconds = solved(spec, people_of(41) if "41" in name else people)
        met = Counter(frozenset(pair) for m in plan.matches for pair in combinations(m.members, 2))
        byes = Counter(Counter(bye.member for bye in plan.byes).values())
        print(
            f"{name}: {seconds:.1f} s, {len(met)} pairs, twice {sum(n > 1 for n in met.values())}, mean "
            f"{plan.summary.mean:.3f} (random {plan.summary.random:.3f}), byes {dict(byes)}, "
            f"conflicts {len(plan.collisions)}"
        )


def change() -> None:
    for n, size in ((100, (4, 4)), (100, (3, 5)), (500, (3, 5))):
        people = people_of(n)
        spec = RoundSpec(kind="groups", size=size, seconds=60.0)
        before, _ = solved(spec, people)
        gone = set(np.random.default_rng(1).choice(people.ids, n // 20, replace=False).tolist())
        left = tuple(member for member in people.ids if member not in gone)
        after, seconds = solved(replace(spec, members=left), replace(people, previous=before.matches))
        untouched = [frozenset(m.members) for m in before.matches if not gone & set(m.members)]
        now = [frozenset(m.members) for m in after.matches]
        kept = sum(group in now for group in untouched)
        whole = sum(any(group <= other for other in now) for group in untouched)
        print(
            f"n {n} of {size}: {len(gone)} drop out; of {len(untouched)} groups they are not in {kept} stay as they "
            f"were, {whole} with or without an addition; {seconds:.1f} s; mean {before.summary.mean:.4f} then "
            f"{after.summary.mean:.4f}; {len(after.byes)} without a group"
        )


def fairness() -> None:
    people = people_of(100)
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        plan, seconds = solved(RoundSpec(kind="groups", size=(4, 4), fairness=value, seconds=60.0), people)
        s = plan.summary
        print(f"fairness {value}: mean {s.mean:.4f}, worst {s.worst:.4f}, largest total {s.best:.4f}; {seconds:.1f} s")


def teams() -> None:
    for n, count in ((100, 10), (1000, 50)):
        people = people_of(n)
        rng = np.random.default_rng(0)
        fit = rng.beta(1, 4, size=(n, 3 * count)).astype(np.float32)
        roles = (Role(name="lead"), Role(name="writer"), Role(name="maker", count=2))
        spec = RoundSpec(kind="teams", teams=tuple(Team(id=f"t{i}", roles=roles) for i in range(count)), seconds=60.0)
        plan, seconds = solved(spec, replace(people, role_score=fit))
        filled = sum(len(match.members) for match in plan.matches)
        print(
            f"{count} teams of 4 from {n}: {filled} roles filled, mean worth {plan.summary.mean:.3f}, {seconds:.1f} s"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=["groups", "sittings", "change", "fairness", "teams"])
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--cpsat", type=float, default=0.0, metavar="SECONDS")
    args = parser.parse_args()
    print(machine())
    if args.mode == "groups":
        groups(args.sizes, args.cpsat)
    else:
        {"sittings": sittings, "change": change, "fairness": fairness, "teams": teams}[args.mode]()


if __name__ == "__main__":
    main()
