"""Figures of groups and of the bridges between them, on who dealt with whom in the open over half a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from models.community.event_log import DECLARED, PROJECT, REPLY
from models.domain.records import DAY
from models.health.history import History
from models.health.windows import Measured, Windows, named

# The libraries of graphs stand where they are used: they take a quarter of a second to import.
if TYPE_CHECKING:
    import rustworkx as rx

MEMORY = 180 * DAY  # how long before the end of a window a contact still makes two people neighbours
LARGEST = 2_000  # members; of a larger community, those with the most contacts
GROUP = 3  # members that make a group
BROKER = 0.05  # betweenness from which on somebody is pointed to


@dataclass(frozen=True, slots=True)
class Network:
    """Who dealt with whom: `rows` (n,) of members, edges a < b as (m,) places in `rows`, and how often (m,)."""

    rows: np.ndarray
    a: np.ndarray
    b: np.ndarray
    times: np.ndarray


def across(history: History, windows: Windows) -> Measured:
    """Of the pairs with a tie, the share whose two belong to different groups.

    A tie is having dealt with each other in the open in the half year to the end of a window; groups are found by the
    Louvain method. Unit: share of pairs, 0 to 1. Higher is better, for what is known in one
    group gets to the others. Source: Blondel et al., "Fast unfolding of communities in large networks", J. Stat. Mech.
    P10008 (2008); Krackhardt and Stern, "Informal Networks and Organizational Crises", Social Psychology Quarterly 51
    (1988). Points to the members on the shortest ways between others (betweenness, 0 to 1, from .05 on; Freeman, "A Set
    of Measures of Centrality Based on Betweenness", Sociometry 40, 1977).
    """
    values, counts = np.full(windows.count, np.nan), np.zeros(windows.count, np.int64)
    for at in range(windows.count):
        network = network_at(history, int(windows.edges[at + 1]))
        group = groups_in(network)
        counts[at] = len(network.a)
        if len(network.a):
            values[at] = (group[network.a] != group[network.b]).mean()
    return Measured(values, counts, named("member", history.people.ids, _betweenness(history, windows), BROKER))


def hanging(history: History, windows: Windows) -> Measured:
    """Of the members with ties, the share who would lose the way to the others if one certain member left.

    A tie is having dealt with somebody in the open in the half year to the end of a window; the others are the largest
    part that is left. Counted are those behind a cut vertex in a piece of at least 3: somebody with a single
    acquaintance is no group cut off. Unit: share of members, 0 to 1. Lower is better. Source: Burt, "Structural Holes"
    (1992); cut vertices as in Hopcroft and Tarjan, Communications of the ACM 16 (1973). Points to the members whom they
    hang on (how many hang on each).
    """
    values, counts = np.full(windows.count, np.nan), np.zeros(windows.count, np.int64)
    held = np.zeros(len(history.people.ids))
    for at in range(windows.count):
        network = network_at(history, int(windows.edges[at + 1]))
        cut_off = behind(network)
        counts[at] = len(network.rows)
        if len(network.rows):
            values[at] = len(set().union(*cut_off.values())) / len(network.rows)
        held = np.zeros(len(history.people.ids))
        for place, hung in cut_off.items():
            held[network.rows[place]] = len(hung)
    return Measured(values, counts, named("member", history.people.ids, held, GROUP))


def network_at(history: History, end: int) -> Network:
    """Who dealt with whom in the open in the half year before `end` (microseconds); declared ties count for good."""
    contacts = history.contacts
    recent = (contacts.time >= end - MEMORY) & np.isin(contacts.kind, (REPLY, PROJECT))
    rows = np.flatnonzero(contacts.open & (contacts.time < end) & (recent | (contacts.kind == DECLARED)))
    source, target = contacts.source[rows].astype(np.int64), contacts.target[rows].astype(np.int64)
    size = len(history.people.ids)
    amount = np.bincount(source, minlength=size) + np.bincount(target, minlength=size)
    members = np.flatnonzero(amount)
    members = np.sort(members[np.argsort(-amount[members], kind="stable")[:LARGEST]])
    place = np.full(size, -1, np.int64)
    place[members] = np.arange(len(members))
    u, v = place[source], place[target]
    inside = (u >= 0) & (v >= 0) & (u != v)
    n = max(len(members), 1)
    key, times = np.unique(np.minimum(u, v)[inside] * n + np.maximum(u, v)[inside], return_counts=True)
    return Network(members, key // n, key % n, times)


def groups_in(network: Network) -> np.ndarray:
    """(n,) int64 the number of each member's group, the largest group being 0."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(len(network.rows)))
    graph.add_weighted_edges_from(zip(network.a.tolist(), network.b.tolist(), network.times.tolist(), strict=True))
    found = sorted(nx.community.louvain_communities(graph, seed=0), key=lambda group: (-len(group), min(group)))
    labels = np.zeros(len(network.rows), np.int64)
    for number, group in enumerate(found):
        labels[list(group)] = number
    return labels


def _graph(network: Network) -> rx.PyGraph:
    import rustworkx as rx

    graph = rx.PyGraph()
    graph.add_nodes_from(range(len(network.rows)))
    graph.add_edges_from_no_data(list(zip(network.a.tolist(), network.b.tolist(), strict=True)))
    return graph


def _betweenness(history: History, windows: Windows) -> np.ndarray:
    import rustworkx as rx

    network = network_at(history, int(windows.edges[-1]))
    found = np.zeros(len(history.people.ids))
    for place, value in rx.betweenness_centrality(_graph(network), normalized=True, parallel_threshold=10**9).items():
        found[network.rows[place]] = value
    return found


def behind(network: Network) -> dict[int, set[int]]:
    """For each cut vertex the members in pieces of at least `GROUP` that it alone joins to the largest part."""
    import rustworkx as rx
    from scipy.sparse.csgraph import connected_components

    n = len(network.rows)
    ones = np.ones(len(network.a), np.int8)
    matrix = sp.csr_matrix((ones, (network.a, network.b)), shape=(n, n))
    _, whole = connected_components(matrix, directed=False)
    found: dict[int, set[int]] = {}
    for cut in sorted(rx.articulation_points(_graph(network))):
        kept = (network.a != cut) & (network.b != cut)
        _, piece = connected_components(
            sp.csr_matrix((ones[kept], (network.a[kept], network.b[kept])), shape=(n, n)), directed=False
        )
        near = np.flatnonzero((whole == whole[cut]) & (np.arange(n) != cut))
        sizes = np.bincount(piece[near])
        off = near[(sizes[piece[near]] >= GROUP) & (piece[near] != sizes.argmax())]
        if len(off):
            found[cut] = set(off.tolist())
    return found
