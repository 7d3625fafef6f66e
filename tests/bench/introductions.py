"""Introductions replayed over a community's past: do the two then talk, and would they have met anyway?

    python -m tests.bench.introductions ARCHIVE                       the last fifth, judged
    python -m tests.bench.introductions ARCHIVE [ARCHIVE] --fit FILE  what chance rests on, from 20 % to 70 % only

Numbers that ship were fitted on these communities, too; `--chance` and `--ranker` name files with such that were not.

The community is built as of the cut; then messages come in time order. A message is judged against a view that is up to
`--hours` old, and against what was said until that very moment. An introduction is right when the first reply or
mention between the two, either way, falls into the seven days after it. Whoever is in that thread already is not
introduced.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from models.community.builder import Builder
from models.community.view import Community
from models.domain.records import DAY, Message
from models.domain.records import Community as CommunityRecord
from models.domain.requests import Options
from models.introductions import Introduction, Proposer, Recent, Remark, remark
from models.introductions.chance import BAR, HOUR, Chance, from_json, to_json
from models.introductions.chance import shipped as shipped_chance
from models.ranking.ranker import Ranker, shipped
from models.ranking.ranker import from_json as ranker_from_json
from models.shipped import parts
from tests.bench.figures import machine
from training.evaluation import record
from training.evaluation.record import Recorded
from training.evaluation.vectors import TextVectors
from training.labels.tasks import pairs
from training.shipping import ship

WEEK = 7 * DAY
ACTIVE = 14 * DAY  # who said something since then is active
BUDGET = 3  # introductions a member a week
DRAWS = 20  # random pairs drawn for each introduction
Visit = Callable[[Proposer, Remark, np.ndarray | None], None]


def pair(one: str, other: str) -> tuple[str, str]:
    """The two, in one order."""
    return (one, other) if one < other else (other, one)


class Truth:
    """When two people first dealt with each other: a reply or a mention, either way."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.first: dict[tuple[str, str], int] = {}
        for time, one, other, _ in pairs("direct", messages, ()):
            key = pair(one, other)
            self.first[key] = min(time, self.first.get(key, time))

    def lead(self, one: str, other: str, time: int) -> float | None:
        """Hours from `time` until the two first talk; None when they never do; 0 or less when they had."""
        first = self.first.get(pair(one, other))
        return None if first is None else (first - time) / HOUR

    def right(self, one: str, other: str, time: int) -> bool:
        """Whether they first talk in the week after."""
        lead = self.lead(one, other, time)
        return lead is not None and 0 < lead <= WEEK / HOUR

    def met(self, one: str, other: str, time: int) -> bool:
        """Whether they had talked by then."""
        return self.first.get(pair(one, other), time + 1) <= time


class Replay:
    """A community from one moment to another, message by message."""

    def __init__(self, recorded: Recorded, vectors: TextVectors, options: argparse.Namespace, every: int = 1) -> None:
        """Of `every` so many weeks one is looked at; the others are only taken in."""
        self._recorded = recorded
        self._vectors = vectors
        self._step = int(options.hours * HOUR)
        self._every = every
        self._ranker: Ranker = ranker_from_json(options.ranker.read_text()) if options.ranker else shipped()
        self._likely: Chance = from_json(options.chance.read_text()) if options.chance else shipped_chance()
        self.known: defaultdict[str, set[str]] = defaultdict(set)
        self.view: Community | None = None
        self.recent = Recent(vectors.dimension)

    def run(self, begin: int, end: int, visit: Visit) -> None:
        """Every message from `begin` until `end` is visited; `known` grows as people talk."""
        options = Options(audience="organizers")
        builder = Builder(CommunityRecord(id="replayed"), self._vectors.dimension, self._vectors.encoder)
        builder.put_all(record.past(self._recorded, begin))
        self._warm(begin)
        for batch in self._steps(begin, end):
            looked_at = self.looked_at(batch[0].time, begin)
            if looked_at:
                builder.embed_pending(self._vectors.embed)
                self.view = builder.view()
                barred = self.known.__getitem__
                proposer = Proposer(self.view, self._ranker, self.recent, options, barred, self._likely)
            for message, said, vector in self._said(batch):
                self._meet(message)
                if said is not None:
                    if looked_at:
                        visit(proposer, said, vector)
                    self.recent.add(said, vector)
                builder.put(message)

    def looked_at(self, time: int, begin: int) -> bool:
        """Whether a time lies in one of the weeks that are looked at."""
        return (time - begin) // WEEK % self._every == 0

    def _warm(self, begin: int) -> None:
        lately = [m for m in self._recorded.messages if begin - ACTIVE <= m.time < begin]
        for _, said, vector in self._said(lately):
            if said is not None:
                self.recent.add(said, vector)

    def _steps(self, begin: int, end: int) -> Iterator[list[Message]]:
        batch: list[Message] = []
        for message in self._recorded.messages:
            if not begin <= message.time < end:
                continue
            late = batch and message.time - batch[0].time >= self._step
            if late or (batch and self.looked_at(message.time, begin) != self.looked_at(batch[0].time, begin)):
                yield batch
                batch = []
            batch.append(message)
        if batch:
            yield batch

    def _said(self, batch: Sequence[Message]) -> Iterator[tuple[Message, Remark | None, np.ndarray | None]]:
        remarks = [remark(message) for message in batch]
        vectors = iter(self._vectors.encode([said.text for said in remarks if said and said.tells]))
        for message, said in zip(batch, remarks, strict=True):
            yield message, said, next(vectors) if said and said.tells else None

    def _meet(self, message: Message) -> None:
        """Who dealt with whom since the view: the service's next view would know."""
        for other in message.mentions:
            self.known[message.author].add(other)
            self.known[other].add(message.author)
        if message.reply_to in self.recent:
            author = self.recent.of(message.reply_to).author
            self.known[message.author].add(author)
            self.known[author].add(message.author)


@dataclass
class Judged:
    """Introductions made, and whether each was right; the same for what they are compared with, by the kind of the
    introduction beside which it stands."""

    made: list[Introduction] = field(default_factory=list)
    right: list[tuple[str, bool]] = field(default_factory=list)
    lead: list[float] = field(default_factory=list)
    random: list[tuple[str, bool]] = field(default_factory=list)
    busiest: list[tuple[str, bool]] = field(default_factory=list)


class Judge:
    """Makes introductions within everybody's budget, and others for comparison at the same moments."""

    def __init__(self, truth: Truth, messages: Sequence[Message], replay: Replay) -> None:
        self.judged = Judged()
        self._truth = truth
        self._replay = replay
        self._rng = np.random.default_rng(0)
        self._spent: defaultdict[str, list[int]] = defaultdict(list)
        self._busy_spent: defaultdict[str, list[int]] = defaultdict(list)
        self._busy_made: set[tuple[str, str]] = set()
        self._times: dict[str, np.ndarray] = _times(messages)

    def visit(self, proposer: Proposer, said: Remark, vector: np.ndarray | None) -> None:
        """Called for every message."""
        if not _left(self._spent, said.author, said.time):
            return
        for one in proposer.from_remark(said, vector):
            if all(_left(self._spent, member, said.time) for member in one.members):
                self._make(one, said)

    def active(self, days: Sequence[int]) -> int:
        """How many members said something on one of these days."""
        return sum(any(_between(times, day, day + DAY) for day in days) for times in self._times.values())

    def _make(self, one: Introduction, said: Remark) -> None:
        a, b = one.members
        assert not self._truth.met(a, b, said.time), "introduced people who had met"
        for member in one.members:
            self._spent[member].append(said.time)
        self._replay.known[a].add(b)
        self._replay.known[b].add(a)
        right = self._truth.right(a, b, said.time)
        self.judged.made.append(one)
        self.judged.right.append((one.kind, right))
        if right:
            self.judged.lead.append(self._truth.lead(a, b, said.time) or 0.0)
        self._compare(said.time, one.kind)

    def _compare(self, time: int, kind: str) -> None:
        counts = {m: n for m, t in self._times.items() if (n := _between(t, time - ACTIVE, time))}
        active = sorted(counts)
        for _ in range(DRAWS):
            for _ in range(100):
                a, b = (active[i] for i in self._rng.choice(len(active), 2, replace=False))
                if not self._truth.met(a, b, time):
                    self.judged.random.append((kind, self._truth.right(a, b, time)))
                    break
        busiest = sorted(active, key=lambda m: (-counts[m], m))[:150]
        options = (
            (-counts[a] * counts[b], a, b)
            for i, a in enumerate(busiest)
            if _left(self._busy_spent, a, time)
            for b in busiest[:i]
            if pair(a, b) not in self._busy_made and not self._truth.met(a, b, time)
            and _left(self._busy_spent, b, time)
        )  # fmt: skip
        best = min(options, default=None)
        if best is not None:
            _, a, b = best
            self._busy_made.add(pair(a, b))
            self._busy_spent[a].append(time)
            self._busy_spent[b].append(time)
            self.judged.busiest.append((kind, self._truth.right(a, b, time)))


def _times(messages: Sequence[Message]) -> dict[str, np.ndarray]:
    by_author: defaultdict[str, list[int]] = defaultdict(list)
    for message in messages:
        by_author[message.author].append(message.time)
    return {author: np.array(times) for author, times in by_author.items()}


def _between(times: np.ndarray, since: int, until: int) -> int:
    return int(np.searchsorted(times, until) - np.searchsorted(times, since))


def _left(spent: dict[str, list[int]], member: str, time: int) -> bool:
    return sum(time - WEEK < t for t in spent[member]) < BUDGET


def judge(recorded: Recorded, vectors: TextVectors, options: argparse.Namespace) -> list[str]:
    """The last fifth of an archive, as lines."""
    begin, end = record.cut_at(recorded, options.begin).time, recorded.messages[-1].time - WEEK
    if options.end < 1:
        end = record.cut_at(recorded, options.end).time
    replay = Replay(recorded, vectors, options, options.every)
    judging = Judge(Truth(recorded.messages), recorded.messages, replay)
    replay.run(begin, end, judging.visit)
    days = [day for day in range(begin, end, DAY) if replay.looked_at(day, begin)]
    done, weeks = judging.judged, len(days) / 7
    members = Counter(m for one in done.made for m in one.members)
    active = judging.active(days)
    lines = [
        f"{recorded.name}: {weeks:.1f} weeks, in which {active} members spoke; {len(done.made)} introductions of"
        f" {len(members)} members, {2 * len(done.made) / weeks / max(active, 1):.3f} a member a week",
    ]
    for kinds in (tuple(sorted(BAR)), *((kind,) for kind in sorted(BAR))):
        lines += [
            f"{name:<34} {share([right for kind, right in those if kind in kinds])}"
            for name, those in (
                (kinds[0] if len(kinds) == 1 else "they then talk within 7 days", done.right),
                ("  most active pairs", done.busiest),
                ("  random active pairs", done.random),
            )
        ]
    if done.lead:
        low, mid, high = np.percentile(done.lead, (10, 50, 90))
        lines.append(f"{'hours before they first talk':<34} median {mid:.1f} (10 %: {low:.1f}, 90 %: {high:.1f})")
    lines.append(f"{'the most introduced member':<34} {max(members.values(), default=0)} times")
    return lines


def share(right: Sequence[bool]) -> str:
    """A share with its 95 % interval (Wilson)."""
    n, k = len(right), sum(right)
    if not n:
        return "none"
    z = 1.96
    mid, half = (k + z * z / 2) / (n + z * z), z * np.sqrt(k * (n - k) / n + z * z / 4) / (n + z * z)
    return f"{k / n:6.1%}  ({mid - half:.1%} to {mid + half:.1%}; {k} of {n})"


def gather(recorded: Recorded, vectors: TextVectors, options: argparse.Namespace) -> dict[str, np.ndarray]:
    """What chance is fitted on: `x` (n, columns), `y` (n,) right or not, `pair` (n,), from 20 % to 70 % of the past."""
    truth, found = Truth(recorded.messages), defaultdict(list)
    replay = Replay(recorded, vectors, options)
    rng = np.random.default_rng(0)

    def visit(proposer: Proposer, said: Remark, vector: np.ndarray | None) -> None:
        if vector is None or rng.random() >= options.share:
            return
        those = proposer.candidates(said, vector, every=True)
        if those is None:
            return
        assert replay.view is not None
        for row, x in zip(those.rows, those.columns, strict=True):
            other = replay.view.ids[row]
            if not truth.met(said.author, other, said.time):
                found["x"].append(x)
                found["y"].append(truth.right(said.author, other, said.time))
                found["pair"].append("\0".join((*pair(said.author, other), str(said.time // WEEK))))

    replay.run(record.cut_at(recorded, 0.2).time, record.cut_at(recorded, 0.7).time, visit)
    return {name: np.array(values) for name, values in found.items()}


def fit(gathered: Sequence[dict[str, np.ndarray]]) -> Chance:
    """From several communities, each counting alike; a pair that is seen often in a week counts by the root of that."""
    from sklearn.linear_model import LogisticRegression

    x = np.concatenate([g["x"] for g in gathered])
    y = np.concatenate([g["y"] for g in gathered])
    weight = np.concatenate([len(x) / len(gathered) * w / w.sum() for w in map(_weights, gathered)])
    spread = x.std(0) + 1e-9
    model = LogisticRegression(max_iter=1000).fit(x / spread, y, weight)
    return Chance(tuple(round(float(w), 3) for w in model.coef_[0] / spread), round(float(model.intercept_[0]), 3))


def _weights(gathered: dict[str, np.ndarray]) -> np.ndarray:
    same = np.unique(gathered["pair"], return_inverse=True)[1]
    return np.asarray(1 / np.sqrt(np.bincount(same)[same]))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path, nargs="+")
    parser.add_argument("--fit", type=Path, help="fit chance instead of judging it, and write it here (JSON)")
    parser.add_argument("--ship", action="store_true", help="with --fit: ship it, too")
    parser.add_argument("--chance", type=Path, help="what --fit wrote, in place of what ships")
    parser.add_argument(
        "--ranker", type=Path, help="a ranker (JSON, as models/shipped/ranker.json), in place of the shipped one"
    )
    parser.add_argument("--hours", type=float, default=6.0, help="how old a view may be (6)")
    parser.add_argument("--every", type=int, default=1, help="of so many weeks one is looked at (1)")
    parser.add_argument("--share", type=float, default=0.2, help="share of the messages to fit on (0.2)")
    parser.add_argument("--begin", type=float, default=0.8, help="share of the events before the replay (0.8)")
    parser.add_argument("--end", type=float, default=1.0, help="share of the events at which it ends (1)")
    parser.add_argument("--vectors", type=Path, help="a file (.npz) that keeps vectors between runs")
    options = parser.parse_args()
    vectors = TextVectors("use-multilingual-v3", options.vectors)
    recorded = [record.read(path) for path in options.archive]
    before = machine()
    if options.fit:
        options.fit.write_text(to_json(fit([gather(one, vectors, options) for one in recorded])))
        print(options.fit.read_text())
    if options.fit and options.ship:
        command = "python -m tests.bench.introductions ARCHIVE... --fit FILE --ship"
        material = "the pasts of several communities, 20 % to 70 % of the events of each"
        ship(parts.INTRODUCTIONS, options.fit.read_bytes(), material, options.archive, command)
    for one in recorded if not options.fit else ():
        print("\n".join(judge(one, vectors, options)))
    vectors.save()
    print(f"before: {before}; after: {machine()}")


if __name__ == "__main__":
    main()
