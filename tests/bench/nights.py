"""Many nights in one go: import most of an archive, then learn night after night while the rest comes in.

    python -m tests.bench.nights ARCHIVE --nights 20 --prior prior-without-this-set.json --vectors cache.npz
    python -m tests.bench.nights ARCHIVE --members 500 --seed 3
    python -m tests.bench.nights ARCHIVE --same

A night is a twentieth of the events between 60 and 80 %. Printed: what the gates decided, the gain of what is then
served over the prior on the window after that night (which nobody has seen), and how many nights it took until the
gates could decide at all. With --same the served model and the challenger are fitted by one recipe on queries drawn
anew, with replacement, from the same data, so every promotion is a false one. (Another seed alone changes next to
nothing: the fit has one minimum, and small communities need no sampling.)
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.archive import container
from models.domain.records import Member, Message, Project, Record
from models.ranking.ranker import Ranker, from_json, shipped
from models.text.encoder import load_encoder
from training.nightly import judging
from training.nightly.answers import answer
from training.nightly.job import Night, Outcome, run, size_of
from training.nightly.past import Past, past_of, views
from training.nightly.recipe import STANDARD, Fit
from training.nightly.stage_cache import StageCache
from training.nightly.windows import Questions, Window, ask

FROM, TO, AFTER = 0.6, 0.8, 0.1


class Cached:
    """Vectors of texts, kept in a file between runs."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._encoder = load_encoder()
        self.dimension = self._encoder.dimension
        self._known: dict[bytes, np.ndarray] = {}
        if path and path.exists():
            with np.load(path, allow_pickle=False) as file:
                self._known = dict(zip(map(bytes, file["keys"]), file["vectors"], strict=True))

    def __call__(self, texts: Sequence[tuple[str, str]]) -> np.ndarray:
        keys = [hashlib.blake2b(text.encode("utf8", "replace"), digest_size=12).digest() for _, text in texts]
        missing = {key: text for key, (_, text) in zip(keys, texts, strict=True) if key not in self._known}
        if missing:
            fresh = self._encoder.encode(list(missing.values())).astype(np.float16)
            self._known.update(zip(missing, fresh, strict=True))
        return np.stack([self._known[key] for key in keys]).astype(np.float32)

    def encode(self, texts: list[str]) -> np.ndarray:
        return self([("", text) for text in texts])

    def save(self) -> None:
        if self._path:
            keys = np.frombuffer(b"".join(self._known), np.uint8).reshape(-1, 12)
            np.savez(self._path, keys=keys, vectors=np.stack(list(self._known.values())))


@dataclass(frozen=True)
class Replay:
    """A community's whole record, the times of its nights, and what the window after each of them asked."""

    records: Sequence[Record]
    times: Sequence[int]
    after: Sequence[Questions]
    embed: Cached
    prior: Ranker

    def night(self, number: int, incumbent: Ranker, trained_through: int, seed: int) -> Night:
        return Night(
            past=self.past(number),
            incumbent=incumbent,
            trained_through=trained_through,
            prior=self.prior,
            before=None,
            embed=self.embed,
            encode=self.embed.encode,
            encoder="bench",
            dimension=self.embed.dimension,
            code="bench",
            seed=seed,
        )

    def past(self, number: int) -> Past:
        return past_of((r for r in self.records if (getattr(r, "time", None) or 0) < self.times[number]), "bench")


def nightly(replay: Replay, bench: StageCache, seed: int) -> Iterator[tuple[Outcome, Ranker]]:
    """Each night's outcome, and what is served after it."""
    served, through = replay.prior, 0
    for number in range(len(replay.times)):
        night = replay.night(number, served, through, seed)
        outcome = run(night, bench, key=f"night-{number}")
        if outcome.status == "promoted" and outcome.ranker is not None:
            served, through = outcome.ranker, outcome.trained_through
        yield outcome, served


def same(replay: Replay, bench: StageCache, seed: int) -> Iterator[Outcome]:
    """Nights on which the challenger is the served model again, fitted on another draw of the same queries."""
    first = replay.past(0)
    learnt: list[Questions] = []
    asked = _remembering(STANDARD.fit, learnt)
    run(replay.night(0, replay.prior, 0, seed), bench, replace(STANDARD, fit=asked), key="same")
    everything = max(learnt, key=lambda one: sum(map(len, one.values())))
    served = STANDARD.fit(_drawn(everything, seed), replay.prior, seed)
    for number in range(1, len(replay.times)):
        recipe = replace(STANDARD, fit=lambda _, prior, given: STANDARD.fit(_drawn(everything, given), prior, given))
        night = replay.night(number, served, first.end, seed + 1000 * number)
        yield run(night, bench, recipe, key=f"same-{number}")


def _drawn(asked: Questions, seed: int) -> Questions:
    """As many queries of each task, drawn with replacement."""
    rng = np.random.default_rng(seed)
    return {task: [found[i] for i in rng.integers(0, len(found), len(found))] for task, found in asked.items() if found}


def _remembering(fit: Fit, seen: list[Questions]) -> Fit:
    def remember(asked: Questions, prior: Ranker, seed: int) -> Ranker:
        seen.append(asked)
        return fit(asked, prior, seed)

    return remember


def prepare(path: Path, nights: int, members: int, prior: Ranker, embed: Cached, seed: int) -> Replay:
    """Reads the archive, or a part of its members, and works out what is asked after each night."""
    records = [row.record for row in container.read(path).records() if isinstance(row, container.Row)]
    records = [r for r in records if isinstance(r, (Member, Message, Project))]
    if members:
        records = list(_part(records, members, seed))
    past = past_of(records, "bench")
    events = past.event_times
    at = [int(len(events) * (FROM + (TO - FROM) * n / nights)) for n in range(nights + 1)]
    times = [int(events[i]) for i in at]
    ends = [int(events[min(i + int(len(events) * AFTER), len(events) - 1)]) for i in at]
    compare = STANDARD.compare(embed.encode)
    after = [
        ask(past.history, view, Window(cut, end), compare, seed)
        for (cut, view), end in zip(views(past, times, embed, embed.dimension, "bench"), ends, strict=True)
    ]
    return Replay(records, times, after, embed, prior)


def _part(records: Sequence[Record], members: int, seed: int) -> Iterator[Record]:
    authors = sorted({r.author for r in records if isinstance(r, Message)})
    doers = sorted({m for r in records if isinstance(r, Project) for m in r.members})
    everybody = np.array(authors or doers, object)
    rng = np.random.default_rng(seed)
    kept = set(rng.choice(everybody, min(members, len(everybody)), replace=False))
    for r in records:
        if isinstance(r, Message) and r.author in kept:
            yield replace(r, mentions=tuple(m for m in r.mentions if m in kept))
        elif isinstance(r, Project) and (there := tuple(m for m in r.members if m in kept)):
            yield replace(r, members=there)
        elif isinstance(r, Member) and r.id in kept:
            yield r


def gain(asked: Questions, served: Ranker, prior: Ranker) -> str:
    """NDCG@10 of the served ranker less that of the prior, by head."""
    answers = answer(asked, served, prior, prior)
    verdicts = judging.judge(answers)
    return ", ".join(f"{v.head} {v.gain:+.3f} ({v.queries})" for v in verdicts)


def main() -> None:
    """See the module docstring."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("archive", type=Path)
    arguments.add_argument("--nights", type=int, default=20)
    arguments.add_argument("--members", type=int, default=0)
    arguments.add_argument("--prior", type=Path)
    arguments.add_argument("--vectors", type=Path)
    arguments.add_argument("--same", action="store_true")
    arguments.add_argument("--seed", type=int, default=0)
    given = arguments.parse_args()
    prior = from_json(given.prior.read_text()) if given.prior else shipped()
    embed = Cached(given.vectors)
    began = time.monotonic()
    replay = prepare(given.archive, given.nights, given.members, prior, embed, given.seed)
    print(f"prepared in {time.monotonic() - began:.0f} s: {size_of(replay.past(given.nights))}", flush=True)
    embed.save()
    with tempfile.TemporaryDirectory() as folder:
        report = _same if given.same else _nightly
        report(replay, StageCache(Path(folder)), given.seed)
    print(f"{time.monotonic() - began:.0f} s, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10:,} MiB at most")


def _nightly(replay: Replay, bench: StageCache, seed: int) -> None:
    decided = 0
    promoted = 0
    for number, (outcome, served) in enumerate(nightly(replay, bench, seed)):
        promoted += outcome.status == "promoted"
        decided = decided or (number + 1 if outcome.status != "undecided" else 0)
        print(f"night {number:>2}: {outcome.status:<9} {outcome.reason}", flush=True)
        print(f"          after it: {gain(replay.after[number], served, replay.prior)}", flush=True)
    print(f"{promoted} promotions; the gates could first decide on night {decided or 'none'}")


def _same(replay: Replay, bench: StageCache, seed: int) -> None:
    outcomes = list(same(replay, bench, seed))
    for number, outcome in enumerate(outcomes, 1):
        print(f"night {number:>2}: {outcome.status:<9} {outcome.reason}")
    # A head that goes back to the weights that ship is no promotion of the challenger.
    wrong = sum(o.status == "promoted" and any(v.better for v in o.verdicts) for o in outcomes)
    decided = sum(outcome.status != "undecided" for outcome in outcomes)
    print(f"{wrong} false promotions on {len(outcomes)} nights, of which {decided} could be decided")


if __name__ == "__main__":
    main()
