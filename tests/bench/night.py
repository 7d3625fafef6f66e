"""What one night costs: CPU seconds and peak memory of each of its stages, on an archive.

    python -m tests.bench.night ARCHIVE
    python -m tests.bench.night ARCHIVE --models before.npz
    python -m tests.bench.night ARCHIVE --same-as before.npz
    python -m tests.bench.night ARCHIVE --profile night.prof

Texts get sums of random vectors of their words, which cost nothing and are judged as the default encoder's are: for
time and memory, never for quality. A stage's memory is the most that the process held while it was at work. What was
learnt is kept with --models, and compared with --same-as.
"""

from __future__ import annotations

import argparse
import cProfile
import resource
import tempfile
import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from models.archive import container
from models.ranking.ranker import HEADS, Ranker, shipped
from models.text.encoder import DEFAULT_ENCODER
from training.nightly.job import Night, Outcome, run
from training.nightly.past import past_of
from training.nightly.stage_cache import StageCache

DIMENSION = 512
STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


@cache
def word_vector(word: str) -> np.ndarray:
    """(512,) the same for a word every time."""
    return np.random.default_rng(zlib.crc32(word.encode("utf8", "replace"))).normal(size=DIMENSION).astype(np.float32)


def encode(texts: Sequence[str]) -> np.ndarray:
    """(n, 512) float32, unit rows, or zero of a text without words."""
    sums = [np.sum([word_vector(word) for word in text.split()[:64]], 0, np.float32) for text in texts]
    vectors = np.array([one + np.zeros(DIMENSION, np.float32) for one in sums], np.float32).reshape(-1, DIMENSION)
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)


class Stages:
    """Prints a line whenever another stage begins."""

    def __init__(self) -> None:
        self._stage, self._cpu = "start", 0.0
        self.most = 0  # MiB, over all stages

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """As `training.nightly.job.Report`."""
        if stage != self._stage:
            self.end()
            self._stage = stage

    def end(self) -> None:
        """The stage at work is over."""
        now, peak = cpu_seconds(), peak_mib()
        print(f"{self._stage:<14} {now - self._cpu:8.1f} s CPU   {peak:7,} MiB at most", flush=True)
        self._cpu, self.most = now, max(self.most, peak)
        CLEAR.write_text("5")  # the peak begins anew


def cpu_seconds() -> float:
    """Of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_mib() -> int:
    """The most that was held since the peak began."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) >> 10


def night(archive: Path) -> Outcome:
    """The first night of a community."""
    stages = Stages()
    stages("reading", 0, None)
    past = past_of((row.record for row in container.read(archive).records() if isinstance(row, container.Row)), "bench")
    given = Night(
        past=past,
        incumbent=shipped(),
        trained_through=0,
        prior=shipped(),
        before=None,
        embed=lambda texts: encode([text for _, text in texts]),
        encode=encode,
        encoder=DEFAULT_ENCODER,
        dimension=DIMENSION,
        code="bench",
    )
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(limits=1):
        outcome = run(given, StageCache(Path(folder)), report=stages)
    stages.end()
    print(f"in all {cpu_seconds():.1f} s CPU, {stages.most:,} MiB at most")
    print(f"{outcome.status}: {outcome.reason}")
    for gate in (*outcome.gates, *outcome.renewed_gates):
        print(f"  {'passed' if gate.passed else 'FAILED'}  {gate.name:<13} {gate.value:.6f}  {gate.sentence}")
    return outcome


def models_of(outcome: Outcome) -> dict[str, np.ndarray]:
    """Everything that a night learnt, as arrays by name."""
    found = {"learnt": outcome.ranker, "renewed": outcome.renewed}
    arrays = {f"{which} {name}": a for which, one in found.items() if one for name, a in _arrays(one).items()}
    return arrays | {f"metric {m.task} {m.name}": np.array(m.value) for m in outcome.metrics}


def _arrays(ranker: Ranker) -> dict[str, np.ndarray]:
    out = {f"weights {head}": np.append(ranker.weights[head], ranker.intercepts[head]) for head in HEADS}
    out["shares"] = np.array([ranker.shares[head] for head in sorted(ranker.shares)])
    for head, seats in (ranker.exposure.seats if ranker.exposure else {}).items():
        out[f"seats {head}"] = np.array([seats.average, seats.lot, *seats.usual])
        out[f"prices {head}"] = np.array([price for _, price in sorted(seats.prices.items())])
    return out


def compared(now: dict[str, np.ndarray], before: dict[str, np.ndarray]) -> None:
    """Prints the largest difference of everything that was learnt."""
    for name in sorted(now.keys() | before.keys()):
        one, other = now.get(name), before.get(name)
        if one is None or other is None or one.shape != other.shape:
            print(f"{name}: not the same shape")
        elif one.size:
            print(f"{name}: differs by {np.abs(one - other).max():.2e} at most, of {np.abs(other).max():.3g}")


def main() -> None:
    """See the module docstring."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("archive", type=Path)
    arguments.add_argument("--models", type=Path)
    arguments.add_argument("--same-as", type=Path)
    arguments.add_argument("--profile", type=Path)
    given = arguments.parse_args()
    profile = cProfile.Profile() if given.profile else None
    if profile:
        profile.enable()
    outcome = night(given.archive)
    if profile:
        profile.disable()
        profile.dump_stats(given.profile)
    found = models_of(outcome)
    if given.models:
        np.savez(given.models, allow_pickle=False, **found)
    if given.same_as:
        with np.load(given.same_as, allow_pickle=False) as file:
            compared(found, {name: file[name] for name in file.files})


if __name__ == "__main__":
    main()
