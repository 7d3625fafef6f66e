"""Fits what tells of who joins an open project: likeness of words, and ties to the people in it.

    python -m training.fitting.open_projects ARCHIVE...

Each archive is cut at 30, 40, 50 and 60 % of its events. All projects of the 20 % after a cut stand open at the cut,
with nobody but their lead; who was there before and joined one is what is learnt. The weights are held small and alike,
as communities differ in most of what tells. Who does a project is weighed by hand, and stays as it ships.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from models.archive.rooms import rooms_named
from models.community.builder import Builder, Embed
from models.community.view import Community
from models.domain.records import Community as CommunityRecord
from models.features import matrix
from models.ranking.projects import open_projects, weights
from models.ranking.projects.weights import ProjectWeights
from models.shipped import parts
from training.fitting.dataset_values import learnt_from
from training.fitting.listwise import Group, fit_listwise
from training.fitting.prior import CUTS, PASTS, WINDOW, History, history, remembering
from training.labels.tasks import cut_time
from training.shipping import ship

MEMBERS = 200  # a cut, so that no community outvotes the rest
HELD = 0.1  # on the squares of the weights, beside the mean loss
LEAST = 0.02  # weights below are left out
LAST = 0.8  # share of the events up to which is learnt; what comes later is for measuring
COMMAND = "python -m training.fitting.open_projects ARCHIVE..."
Values = Mapping[str, np.ndarray]
Asked = list[tuple[Values, np.ndarray]]  # a member each: values by name (n,), and (n,) bool what they joined


def asked_at(
    past: History, split: float, embed: Embed, dimension: int, most: int = 0
) -> tuple[Asked, Community, float]:
    """Members beside the open projects, at most so many, the view, and what one took (milliseconds of processor)."""
    cut = cut_time(past.events, split)
    until = cut_time(past.events, max(min(split + WINDOW, LAST), split + 0.1) if split < LAST else 0.999)
    window = [p for p in past.projects if p.time and cut <= p.time < until and len(p.members) > 1]
    stands = [replace(p, members=p.members[:1], state="open", time=cut - 1) for p in window]
    builder = Builder(CommunityRecord(id=past.name), dimension, "training")
    builder.put_all([*rooms_named(past.messages), *past.members])
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


def fit(pasts: Sequence[History], embed: Embed, dimension: int) -> ProjectWeights:
    """What tells in these communities, each of which counts the same at each cut."""
    groups: list[Group] = []
    for past in pasts:
        asked = [one for cut in CUTS for one in asked_at(past, cut, embed, dimension, MEMBERS)[0]]
        groups += [Group(open_projects.transform(values), right, 1 / len(asked)) for values, right in asked]
    fitted = fit_listwise(groups, HELD)
    third = [float(np.sort(group.features @ fitted)[-3]) for group in groups if len(group.relevant) > 2]
    told = np.round(np.where(fitted >= LEAST, fitted, 0), 2).astype(np.float32)
    return ProjectWeights(round(-float(np.median(third)), 2), told, weights.shipped().doing)


def main() -> None:
    """See the module docstring."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("archives", type=Path, nargs="+")
    given = arguments.parse_args()
    fitted = fit([history(path) for path in given.archives], *remembering())
    ship(parts.PROJECTS, weights.to_json(fitted), PASTS, given.archives, COMMAND)


if __name__ == "__main__":
    main()
