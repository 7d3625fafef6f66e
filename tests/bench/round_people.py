"""Rounds of real people: what `python -m tests.bench.rounds real ARCHIVE` measures.

Where people write or do projects: those who were active in the 30 days before a cut are listed in pairs, by the scores
that the ranker gives as of the cut, and looked up after it; all cuts are one table. Where they decided on each other:
the parties after the first cut, by what was learnt from those before; listed are people who really met there, so
whether both said yes is known.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np

from models.archive import container
from models.community import attribute_preferences
from models.community.view import Community
from models.domain.records import Member, Outcome
from models.ranking.ranker import Head, Ranker, from_json, shipped
from models.rounds.problem.compile import compile_round
from models.rounds.problem.problem import People
from models.rounds.problem.scores import scores
from models.rounds.solve import solve
from models.rounds.spec.requests import RoundSpec, Side
from tests.bench.nights import Cached
from training.fitting.attribute_preferences import learn_choice
from training.fitting.dataset_values import learnt_from
from training.fitting.prior import History, history, view_at
from training.labels.explicit_choices import decisions
from training.labels.tasks import cut_time, pairs

LATELY = 30 * 86_400 * 1_000_000
MOST = 600
HEADS: tuple[Head, ...] = ("peers", "collaborators")
DRAWS = 200


@dataclass(frozen=True, slots=True)
class Setting:
    """People, how active each is, and which pairs (a < b, by rows) came to something, beside those already known."""

    people: People
    spec: RoundSpec
    activity: np.ndarray
    good: frozenset[tuple[int, int]]


def real(path: Path, cuts: Sequence[float], vectors: Path | None = None, prior: Path | None = None) -> None:
    """Prints a table for the archive."""
    rows = [row.record for row in container.read(path).records() if isinstance(row, container.Row)]
    outcomes = [r for r in rows if isinstance(r, Outcome)]
    if outcomes:
        _parties([r for r in rows if isinstance(r, Member)], outcomes, cuts[0])
        return
    past = history(path)
    embed = Cached(vectors)
    given = from_json(prior.read_text()) if prior else shipped()
    found: dict[str, list[Setting]] = {}
    for cut in cuts:
        moment = cut_time(past.events, cut)
        view = view_at(past, moment, embed, embed.dimension)
        ranker = replace(given, learnt=learnt_from(view))
        for head in HEADS:
            for strangers in (False, True):
                title = f"{'who had not met' if strangers else 'everybody'}, {head}"
                found.setdefault(title, []).append(_setting(past, view, ranker, moment, head, strangers))
    embed.save()
    for title, settings in found.items():
        people = ", ".join(str(len(setting.people.ids)) for setting in settings)
        _table(f"{path.name}: {title}; {people} people", settings)


def _setting(past: History, view: Community, ranker: Ranker, moment: int, head: Head, strangers: bool) -> Setting:
    lately = np.flatnonzero(view.activity.newest >= moment - LATELY)
    rows = lately[np.argsort(-view.activity.decayed[lately, 1], kind="stable")][:MOST]
    started = time.process_time()
    score = scores(view, ranker, rows, head)
    print(f"scores of {len(rows)}: {time.process_time() - started:.1f} s", flush=True)
    place = {view.ids[row]: i for i, row in enumerate(rows)}
    task = "direct" if past.messages else "project"
    before, after = set(), set()
    for when, u, v, _ in pairs(task, past.messages, past.projects):  # type: ignore[arg-type]
        if u in place and v in place:
            (before if when < moment else after).add(tuple(sorted((place[u], place[v]))))
    ids = tuple(view.ids[row] for row in rows)
    barred = frozenset((ids[a], ids[b]) for a, b in before) if strangers else frozenset()
    people = People(ids=ids, score=score, barred=barred)
    good = frozenset(after - before) if strangers else frozenset(after)
    return Setting(people, RoundSpec(kind="pairs"), view.activity.decayed[rows, 1], good)  # type: ignore[arg-type]


def _parties(members: Sequence[Member], outcomes: Sequence[Outcome], cut: float) -> None:
    """Every party after the cut is a round of two sides; all tables are printed as one."""
    party = {o.source: json.loads(o.extra)["event"] for o in outcomes}
    times = sorted(o.time for o in outcomes)
    moment = times[int(len(times) * cut)]
    begun = {p: min(o.time for o in outcomes if party[o.source] == p) for p in set(party.values())}
    names = ("age", "field", "goal", "career", "interests", "wants", "self")
    earlier = [o for o in outcomes if begun[party[o.source]] < moment]
    model = learn_choice(members, names, decisions(earlier)).model
    assert model is not None, "nothing was learnt from the parties before the cut"
    encoded = model.encode(attribute_preferences.columns(members, names))
    row = {m.id: i for i, m in enumerate(members)}
    settings = []
    for p in sorted(p for p, when in begun.items() if when >= moment):
        said = {(o.source, o.target): o.kind == "accepted" for o in outcomes if party[o.source] == p}
        there = sorted({m for pair in said for m in pair})
        at = np.array([row[m] for m in there])
        score = np.stack([attribute_preferences.mutual(*model.chances(encoded, i, at)) for i in at])
        sides = tuple(
            Side(name=s, members=tuple(m for m in there if json.loads(members[row[m]].extra)["side"] == s))
            for s in "AB"
        )
        strangers = frozenset((a, b) for a, b in combinations(there, 2) if (a, b) not in said and (b, a) not in said)
        place = {m: i for i, m in enumerate(there)}
        good = frozenset(
            (place[a], place[b]) for a, b in combinations(there, 2) if said.get((a, b)) and said.get((b, a))
        )
        spec = RoundSpec(kind="sides", sides=sides)
        people = People(ids=tuple(there), score=(score + score.T) / 2, barred=strangers)
        generous = np.array([sum(yes for (a, _), yes in said.items() if a == m) for m in there])
        settings.append(Setting(people, spec, generous, good))
    _table(
        f"{len(settings)} parties after {cut:.0%} of the decisions (active: who says yes most often there)", settings
    )


def _table(title: str, settings: Sequence[Setting]) -> None:
    print(f"\n{title}\n{'':<18}{'mean':>8}{'worst':>8}{'pairs':>7}{'came true':>11}")
    ways = {
        "ours, fairness 0.5": lambda s: [_ours(s, 0.5)],
        "ours, fairness 0": lambda s: [_ours(s, 0.0)],
        "greedy": lambda s: [_taken(s, _greedy_order(s))],
        "most active first": lambda s: [_taken(s, _activity_order(s))],
        "random": lambda s: [_taken(s, _random_order(s, seed)) for seed in range(DRAWS // len(settings) + 1)],
    }
    for name, way in ways.items():
        means, worsts, sizes, good = [], [], [], []
        for setting in settings:
            for chosen in way(setting):
                score = np.array([setting.people.score[a, b] for a, b in chosen])
                means.append(score.mean())
                worsts.append(score.min())
                sizes.append(len(chosen))
                good.append(sum(pair in setting.good for pair in chosen))
        true = sum(good) / sum(sizes)
        print(f"{name:<18}{np.mean(means):>8.3f}{np.mean(worsts):>8.3f}{np.mean(sizes):>7.0f}{true:>11.1%}", flush=True)


def _ours(setting: Setting, fairness: float) -> list[tuple[int, int]]:
    spec = RoundSpec(kind=setting.spec.kind, sides=setting.spec.sides, fairness=fairness)
    row = {m: i for i, m in enumerate(setting.people.ids)}
    plan = solve(spec, setting.people)
    return [tuple(sorted((row[m.members[0]], row[m.members[1]]))) for m in plan.matches]  # type: ignore[misc]


def _allowed(setting: Setting) -> tuple[np.ndarray, np.ndarray]:
    problem = compile_round(setting.spec, setting.people)
    back = np.array([setting.people.ids.index(m) for m in problem.ids])
    a, b = np.triu_indices(problem.n, 1)
    fine = problem.levels(a, b) == 0
    a, b = back[a[fine]], back[b[fine]]
    return np.minimum(a, b), np.maximum(a, b)


def _greedy_order(setting: Setting) -> np.ndarray:
    a, b = _allowed(setting)
    order = np.argsort(-setting.people.score[a, b], kind="stable")
    return np.column_stack([a, b])[order]


def _activity_order(setting: Setting) -> np.ndarray:
    """The most active with the next most active they may meet, and so on."""
    a, b = _allowed(setting)
    rank = np.empty(len(setting.activity), np.int64)
    rank[np.argsort(-setting.activity, kind="stable")] = np.arange(len(rank))
    low, high = np.minimum(rank[a], rank[b]), np.maximum(rank[a], rank[b])
    return np.column_stack([a, b])[np.lexsort((high, low))]


def _random_order(setting: Setting, seed: int) -> np.ndarray:
    a, b = _allowed(setting)
    return np.column_stack([a, b])[np.random.default_rng(seed).permutation(len(a))]


def _taken(setting: Setting, order: np.ndarray) -> list[tuple[int, int]]:
    """Pairs in this order, as long as both are free."""
    taken: set[int] = set()
    out = []
    for a, b in order.tolist():
        if a not in taken and b not in taken:
            taken |= {a, b}
            out.append((a, b))
    return out
