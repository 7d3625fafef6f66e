"""Fits the ranker that ships: one set of weights a head, from the pasts of several communities.

    python -m training.fitting.prior COMMUNITY_ARCHIVE... [--out FILE]

Each archive is cut at 30, 40, 50 and 60 % of its events; the window of 20 % after a cut gives the labels, so nothing
later than 80 % is read. What no community at hand has a record of (offers, aims, places ...) is weighed by hand below.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.archive import container
from models.archive.rooms import rooms_named
from models.community.builder import Builder, Embed
from models.community.view import Community
from models.domain.records import Community as CommunityRecord
from models.domain.records import Member, Message, Project, Record
from models.domain.requests import Goal, Options
from models.features import matrix as features
from models.features.feature import FeatureGroup
from models.features.matrix import COLUMN, COLUMNS
from models.ranking import pipeline
from models.ranking.ranker import HEADS, Head, Ranker, to_json
from models.shipped import parts
from training.fitting.dataset_values import learnt_from
from training.fitting.listwise import Group, among_strangers, fit_intercept, fit_listwise, penalty, with_apart
from training.labels.tasks import HEAD_TASKS, LabelledQuery, Task, cut_time, queries
from training.shipping import ship

CUTS = (0.3, 0.4, 0.5, 0.6)
WINDOW = 0.2
PASTS = "the pasts of several communities, 30 % to 80 % of the events of each"
QUERIES = 120  # a task and cut, so that no community outvotes the rest
CANDIDATES = 1200  # a query, its right ones always among them
# What is learnt is who meets whom among those who are there. Of the others a text still has to be told that they are
# gone, or it finds whoever once knew; members' lists need not be: activity comes in through who meets many.
GONE_KEPT: dict[Task, float] = {"direct": 0.0, "topic": 0.0, "project": 0.0, "join": 0.1, "answer": 0.1}

# A bare text is looked up by what people know, however busy they are.
STRANGERS_COLUMNS = frozenset(c for c in COLUMNS if features.feature_of(c).beyond or c == "apart")
SEARCH_COLUMNS = frozenset(c for c in COLUMNS if features.value_of(c) in features.TEXT)

# Factors on what was fitted, by what it tells of, where communities differ most; docs/decisions/0006 says why.
EMPHASIS: dict[Head, dict[FeatureGroup, float]] = {
    "peers": {"text": 3.0, "words": 3.0, "graph": 3.0},
    "collaborators": {"activity": 0.3, "graph": 3.0},
    "brief": {"graph": 1.25},  # whom its people worked with before
    "search": {"words": 2.0},  # a rare word finds who said it, whatever people state of themselves
}
# By column; what is learnt for the same column gives way.
BY_HAND: dict[Head, dict[str, float]] = {
    "peers": {"mutual%": 0.5, "aims": 3.0, "values": 1.2, "language": 0.6, "place": 0.4, "time_zone": 0.2},
    "collaborators": {
        "gives": 12.0,
        "takes": 5.0,
        "gives^": 3.0,
        "takes^": 3.0,
        "aims": 1.0,
        "values": 0.6,
        "language": 0.6,
        "place": 0.2,
        "time_zone": 0.3,
    },
    # Who has just begun to work with others here is the one who joins next.
    "brief": {"gives": 3.0, "stated": 2.0, "language": 0.4, "new_contacts%": 1.0},
    "question": {"gives": 1.0, "stated": 2.0, "language": 0.4},
    "search": {"gives": 2.0, "stated": 5.0, "last_seen%": 0.3},
}


@dataclass(frozen=True, slots=True)
class History:
    """A community's past, in time order."""

    name: str
    members: Sequence[Member]
    messages: Sequence[Message]
    projects: Sequence[Project]

    @property
    def events(self) -> Sequence[Message] | Sequence[Project]:
        """What is counted to cut it: messages, or projects where there are none."""
        return self.messages or self.projects


def history(path: Path) -> History:
    """Reads an archive whole."""
    rows = [row.record for row in container.read(path).records() if isinstance(row, container.Row)]
    messages = sorted((r for r in rows if isinstance(r, Message)), key=lambda m: (m.time, m.id))
    projects = sorted(
        (r for r in rows if isinstance(r, Project) and r.time is not None), key=lambda p: (p.time or 0, p.id)
    )
    return History(path.name, [r for r in rows if isinstance(r, Member)], messages, projects)


def bare(past: History) -> History:
    """The same history as a chat export without structure would give it: no threads, replies or mentions."""
    stripped = [replace(m, thread="", reply_to="", mentions=()) for m in past.messages]
    return replace(past, name=f"{past.name} bare", messages=stripped)


def view_at(past: History, cut: int, embed: Embed, dimension: int) -> Community:
    """The community as it stood just before a time (microseconds)."""
    builder = Builder(CommunityRecord(id=past.name), dimension, "training")
    earlier: Iterable[Record] = (r for kind in (past.projects, past.messages) for r in kind if (r.time or 0) < cut)
    builder.put_all([*rooms_named(past.messages), *past.members])
    builder.put_all(earlier)
    builder.embed_pending(embed)
    return builder.view()


def groups(
    view: Community,
    asked: Sequence[LabelledQuery],
    task: Task,
    back: frozenset[str],
    encode: pipeline.TextEncoder,
    seed: int,
) -> Iterator[Group]:
    """Queries as feature matrices; `back` came back after the cut.

    Who first share a thread may have dealt with each other elsewhere: there acquaintances are candidates, too.
    """
    rng = np.random.default_rng(seed)
    chosen = sorted(rng.permutation(len(asked))[:QUERIES])
    learnt = learnt_from(view)
    for i in chosen:
        labelled = asked[i]
        met = task == "topic" or not isinstance(labelled.source, str)
        options = Options(limit=view.size, audience="organizers", include_connected=met)
        if isinstance(labelled.source, Goal):
            query = pipeline.goal_query(view, labelled.source, encode)
        elif labelled.source in view.row:
            query = features.member_query(view, view.row[labelled.source])
        else:
            continue
        found = pipeline.compare(view, query, options, learnt)
        relevant = np.array([view.ids[row] in labelled.targets for row in found.rows], bool)
        # Who had met before cannot meet for the first time: neither right nor wrong.
        new = np.array([view.ids[row] not in labelled.met for row in found.rows], bool)
        share = new * np.array([1.0 if view.ids[row] in back else GONE_KEPT[task] for row in found.rows])
        kept = relevant | (rng.random(len(relevant)) < share * min(1.0, CANDIDATES / max(len(relevant), 1)))
        yield Group(((found.yours + found.theirs) / 2)[kept], relevant[kept], 1.0)


def collect(
    pasts: Sequence[History], embed: Embed, dimension: int, report: Callable[[str], None] = print
) -> dict[Task, list[list[Group]]]:
    """Groups of every task, a list a community and variant. A bare export is judged by the full history."""
    out: dict[Task, list[list[Group]]] = {}
    encode: pipeline.TextEncoder = lambda texts: embed([("", text) for text in texts])  # noqa: E731
    for past in pasts:
        for seen in [past, bare(past)] if past.messages else [past]:
            by_task: dict[Task, list[Group]] = {}
            for n, share in enumerate(CUTS):
                cut, until = cut_time(past.events, share), cut_time(past.events, share + WINDOW)
                view = view_at(seen, cut, embed, dimension)
                back = active(past, cut, until)
                for task in _tasks(past, seen is past):
                    asked = queries(task, past.messages, past.projects, cut, until)
                    by_task.setdefault(task, []).extend(groups(view, asked, task, back, encode, n))
                report(f"{seen.name} at {share:.0%}: " + ", ".join(f"{task} {len(g)}" for task, g in by_task.items()))
            for task, found in by_task.items():
                out.setdefault(task, []).append(found)
    return out


def active(past: History, since: int, until: int) -> frozenset[str]:
    """Who said or did something from a time (µs) on, before another."""
    return frozenset(m.author for m in past.messages if since <= m.time < until) | frozenset(
        member for p in past.projects if since <= (p.time or 0) < until for member in p.members
    )


def _tasks(past: History, structured: bool) -> tuple[Task, ...]:
    if not past.messages:
        return ("project", "join")
    titled = any(m.topic for m in past.messages)
    return (("direct", "topic") if titled else ("direct",)) + (("answer",) if structured else ())


def fit_prior(found: dict[Task, list[list[Group]]]) -> Ranker:
    """Weights a head; every community counts the same in a head, however many queries it has."""
    weights: dict[Head, np.ndarray] = {}
    intercepts: dict[Head, float] = {}
    for head in HEADS:
        sets = [g for task in HEAD_TASKS[head] for g in found.get(task, ()) if g]
        used = [replace(g, weight=1 / len(of_set)) for of_set in sets for g in of_set]
        if head == "search":
            used = [replace(g, features=_only(g.features, SEARCH_COLUMNS)) for g in used]
        if head == "strangers":
            used = [replace(g, features=_only(g.features, STRANGERS_COLUMNS)) for g in among_strangers(used)]
        # Communities differ more than queries do: many of a few communities tell hardly more than those of one.
        fitted = fit_listwise(used, penalty(head, len(used) // 3)) * _emphasis(head)
        for column, weight in BY_HAND.get(head, {}).items():
            fitted[COLUMN[column]] = weight
        if head == "strangers":
            fitted = with_apart(fitted, used)
        intercepts[head] = fit_intercept(used, fitted)
        weights[head] = fitted
    digest = hashlib.blake2b(b"".join(weights[h].tobytes() for h in HEADS), digest_size=4).hexdigest()
    return Ranker(version=f"prior-{digest}", weights=weights, intercepts=intercepts)


def _emphasis(head: Head) -> np.ndarray:
    factors = EMPHASIS.get(head, {})
    return np.array([factors.get(features.feature_of(c).group, 1.0) for c in COLUMNS], np.float32)


def _only(matrix: np.ndarray, columns: frozenset[str]) -> np.ndarray:
    return np.where(np.array([c in columns for c in COLUMNS]), matrix, 0).astype(np.float32)


def remembering() -> tuple[Embed, int]:
    """The default encoder, which reads every text once, and its dimension."""
    from models.text.encoder import load_encoder

    encoder = load_encoder()
    known: dict[str, np.ndarray] = {}

    def embed(texts: Sequence[tuple[str, str]]) -> np.ndarray:
        missing = list(dict.fromkeys(text for _, text in texts if text not in known))
        known.update(zip(missing, encoder.encode(missing).astype(np.float16), strict=True))
        return np.stack([known[text] for _, text in texts]).astype(np.float32)

    return embed, encoder.dimension


def main() -> None:
    """See the module docstring."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("archives", type=Path, nargs="+")
    arguments.add_argument("--out", type=Path, help="write it here, and ship what ships already")
    given = arguments.parse_args()
    ranker = fit_prior(collect([history(path) for path in given.archives], *remembering()))
    if given.out:
        given.out.write_text(to_json(ranker), encoding="utf8")
    else:
        command = "python -m training.fitting.prior ARCHIVE..."
        ship(parts.RANKER, to_json(ranker).encode(), PASTS, given.archives, command)


if __name__ == "__main__":
    main()
