"""Whom both have dealt with, and where walks along ties lead."""

from __future__ import annotations

import numpy as np

from models.community.sparse import all_dense, all_times
from models.features.feature import Beside, Family, Feature

WALKS = ("pagerank", "three_hops", "three_hops_recent")
_MEANINGS = {
    "tie": "how much the two have dealt with each other",
    "projects_together": "projects that both were in",
    "adamic_adar": "acquaintances in common, rare ones more",
    "adamic_adar_decayed": "acquaintances in common, lately",
    "near": "messages close to each other in a room",
    "near_two_hop": "both close to the same people in a room",
    "threads": "threads that both were in",
    "pagerank": "where a walk of a few steps leads",
    "three_hops": "where three steps lead",
    "three_hops_recent": "where three steps along fresh ties lead",
}


def _values(beside: Beside) -> dict[str, np.ndarray]:
    ties, near = beside.view.ties, beside.all(lambda query: query.near)
    values = {
        "tie": all_dense(beside.all(lambda query: query.tie)),
        "projects_together": all_dense(beside.all(lambda query: query.projects_together)),
        "adamic_adar": all_times(beside.all(lambda query: query.adamic_adar), ties.binary),
        "adamic_adar_decayed": all_times(beside.all(lambda query: query.adamic_adar_decayed), ties.recent_both),
        "near": all_dense(near),
        "near_two_hop": all_times(near, ties.near),
        "threads": all_times(beside.all(lambda query: query.threads), ties.by_thread),
        **{name: np.stack([query.walks[name] for query in beside.queries]) for name in WALKS},
    }
    return {name: value[:, beside.pick] for name, value in values.items()}


FAMILY = Family([Feature(name=n, meaning=m, group="graph", beyond=n in WALKS) for n, m in _MEANINGS.items()], _values)
