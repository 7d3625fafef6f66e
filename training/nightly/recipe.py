"""How a ranker is learnt from what was asked. The job, its twins and the replay all go through here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.community.view import Community
from models.features.matrix import COLUMNS
from models.ranking import pipeline
from models.ranking.exposure import Exposure
from models.ranking.ranker import MEMBER_HEADS, STATED, Head, Ranker
from training.fitting.dataset_values import learnt_from
from training.fitting.exposure import solve
from training.fitting.listwise import Group, among_strangers, fit_intercept, penalty, stack, with_apart
from training.fitting.prior import GONE_KEPT
from training.fitting.return_probability import fit as fit_presence
from training.labels.feedback import SAID_OF
from training.labels.tasks import HEAD_TASKS, Task
from training.nightly.windows import Asked, Compare, Questions, served

# A bare text is looked up by what people know, however busy they are; who answers questions does not teach that.
LEARNT: tuple[Head, ...] = ("peers", "collaborators", "strangers", "brief", "question")
Fit = Callable[[Questions, Ranker, int], Ranker]
Finish = Callable[
    [Ranker, Community, tuple[Community, np.ndarray], Mapping[str, float], Callable[[int, int], None]], Ranker
]

CANDIDATES = 600  # a query: every right one, and a sample of the rest
FEWEST_QUERIES = 20
# How many times as firmly a head is held to the prior as to nothing. Partners are few and new ones fewer: what a
# community's own past adds to the weights of others is little (docs/experiments/ranking.md).
FIRMLY: dict[Head, float] = {"collaborators": 10.0}
# What people state about themselves, and whom they chose, weighs as the product decides: contacts that came about
# without it would teach that it does not matter.
BY_PRODUCT = STATED | (np.array(COLUMNS) == "apart")


@dataclass(frozen=True)
class Recipe:
    """`compare`: how a question becomes features. `fit`: (what was asked, where to start, seed) to a ranker.

    `finish` adds what goes by the present rather than by labels, and is renewed every night whatever is served:
    (ranker, the community today, as it stood at a cut with (N,) bool of who came back after it, how often members were
    really shown of late, who hears how much is done, of how much).
    """

    compare: Callable[[pipeline.TextEncoder], Compare]
    fit: Fit
    finish: Finish | None = None


def fit_from_prior(asked: Questions, prior: Ranker, seed: int) -> Ranker:
    """Every head with enough queries is fitted twice, from nothing and from the prior, and gets the mean of both.

    From the prior is better where communities are alike or small, from nothing where this one is unlike the others; the
    mean is nearly as good as the better one everywhere (docs/decisions/0006).
    """
    weights, intercepts = dict(prior.weights), dict(prior.intercepts)
    rng = np.random.default_rng(seed)
    for head in LEARNT:
        of_head = [_groups(task, asked.get(task, ()), rng) for task in HEAD_TASKS[head]]
        groups = [replace(g, weight=1 / len(of_task)) for of_task in of_head for g in of_task]
        groups += said(head, asked, groups)
        if head == "strangers":
            groups = among_strangers(groups)
        if len(groups) < FEWEST_QUERIES:
            continue
        held = penalty(head, len(groups))
        firmly = held * FIRMLY.get(head, 1.0)
        stacked = stack(groups)
        fitted = (stacked.fit(held) + stacked.fit(firmly, prior.weights[head])) / 2
        del stacked  # before the next: it is the largest thing of a night
        weights[head] = np.where(BY_PRODUCT, prior.weights[head], fitted).astype(np.float32)
        if head == "strangers":
            weights[head] = with_apart(weights[head], groups)
        intercepts[head] = fit_intercept(groups, weights[head])
    return replace(prior, version="", weights=weights, intercepts=intercepts)


def said(head: Head, asked: Questions, contacts: Sequence[Group]) -> list[Group]:
    """What people said came of each other, a query a group: a first talk weighs as much as a contact does on average,
    and what is deeper as much more as its gain."""
    each = sum(group.weight for group in contacts) / len(contacts) if contacts else 1.0
    return [
        Group(one.features[one.back], g.gains[one.back], g.weight * each, g.emphasis[one.back])
        for name in SAID_OF.get(head, ())
        for one in asked.get(name, ())
        if (g := one.graded) and np.ptp(g.gains[one.back]) > 0
    ]


def _groups(task: Task, asked: Sequence[Asked], rng: np.random.Generator) -> list[Group]:
    found = [_group(one, GONE_KEPT[task], rng) for one in asked]
    return [group for group in found if group.relevant.any() and not group.relevant.all()]


def _group(asked: Asked, gone: float, rng: np.random.Generator) -> Group:
    """The right ones, and of the others those who came back and a share of those who did not, or a sample of them."""
    others = np.flatnonzero(~asked.relevant & (asked.back | (rng.random(len(asked.back)) < gone)))
    if len(others) > CANDIDATES:
        others = rng.choice(others, CANDIDATES, replace=False)
    kept = np.sort(np.concatenate([np.flatnonzero(asked.relevant), others]))
    return Group(asked.features[kept], asked.relevant[kept])


def renewed(
    ranker: Ranker,
    today: Community,
    seen: tuple[Community, np.ndarray],
    shown: Mapping[str, float],
    report: Callable[[int, int], None],
) -> Ranker:
    """The ranker with the words of today, who is likely to be here, and seats for the seldom shown."""
    presence = fit_presence([seen])
    ranker = replace(ranker, learnt=learnt_from(today, ranker.learnt), exposure=Exposure(presence, {}))
    solved = solve(today, ranker, presence, MEMBER_HEADS, shown, report=report)
    return replace(ranker, exposure=Exposure(presence, {head: one.seats for head, one in solved.items()}))


STANDARD = Recipe(served, fit_from_prior, renewed)
