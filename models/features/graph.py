"""Whom both have dealt with, and where walks along ties lead."""

from __future__ import annotations

import numpy as np

from models.community.sparse import dense, times
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
    ties, pick = beside.view.ties, beside.pick
    return {
        "tie": beside.each(lambda query: dense(query.tie)[pick]),
        "projects_together": beside.each(lambda query: dense(query.projects_together)[pick]),
        "adamic_adar": beside.each(lambda query: times(query.adamic_adar, ties.binary)[pick]),
        "adamic_adar_decayed": beside.each(lambda query: times(query.adamic_adar_decayed, ties.recent_both)[pick]),
        "near": beside.each(lambda query: dense(query.near)[pick]),
        "near_two_hop": beside.each(lambda query: times(query.near, ties.near)[pick]),
        "threads": beside.each(lambda query: times(query.threads, ties.by_thread)[pick]),
        **{name: beside.each(lambda query: query.walks[name][pick]) for name in WALKS},  # noqa: B023
    }


FAMILY = Family([Feature(name=n, meaning=m, group="graph", beyond=n in WALKS) for n, m in _MEANINGS.items()], _values)
