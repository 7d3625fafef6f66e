"""A made-up history with something to learn: who is awake at the same hours gets to know each other.

Members live in four shifts. How much somebody says, about what and in which room tells nothing about whom they meet, so
a ranker learnt elsewhere, where the active and the near in words are the ones to meet, is wrong here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from models.archive.container import FILES, write
from models.domain.records import KIND_OF, Channel, Community, Member, Message, Record
from models.ranking.ranker import shipped
from training.nightly.job import Night
from training.nightly.past import Past

START = 1_699_920_000_000_000  # midnight
MINUTE = 60_000_000
MEMBERS, SHIFTS = 120, 4
ROOMS = ("workshop", "garden", "kitchen")
SAID = (
    "the glaze came out blue",
    "seedlings need water",
    "bread again tomorrow",
    "the kiln is free",
    "a new roof beam",
)
NAMES = tuple(f"m{i:03}" for i in range(MEMBERS))


def history(events: int = 3000, seed: int = 5) -> Iterator[Record]:
    """`events` messages, forty a day; every third is addressed to somebody of the same shift."""
    rng = np.random.default_rng(seed)
    talkative = rng.permutation(np.geomspace(1, 3, MEMBERS // SHIFTS))
    yield Community(id="", name="Planted")
    for room in ROOMS:
        yield Channel(id=room)
    for name in NAMES:
        yield Member(id=name, name=name, consent="members")
    for n in range(events):
        shift = n // (40 // SHIFTS) % SHIFTS
        crew = NAMES[shift::SHIFTS]
        time = START + (n // 40) * 1440 * MINUTE + shift * 360 * MINUTE + n % (40 // SHIFTS) * 15 * MINUTE
        addressed = n % 3 == 0
        chance = np.ones(len(crew)) if addressed else talkative
        one, other = rng.choice(len(crew), 2, replace=False, p=chance / chance.sum())
        yield Message(
            id=f"x{n:05}",
            author=crew[one],
            time=time,
            channel=ROOMS[rng.integers(len(ROOMS))],
            text=f"{SAID[rng.integers(len(SAID))]} {n}",
            mentions=(crew[other],) if addressed else (),
        )


def archive(out: Path, events: int = 3000) -> Path:
    """The same as an archive."""
    found = list(history(events))
    write(out, {kind: [r for r in found if KIND_OF[type(r)] == kind] for kind in FILES})
    return out


def embed(texts: Sequence[tuple[str, str]]) -> np.ndarray:
    """(n, 8) unit vectors that depend on the text alone."""
    seeds = [int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest(), "little") for _, text in texts]
    vectors = np.array([np.random.default_rng(seed).normal(size=8) for seed in seeds], np.float32).reshape(-1, 8)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def encode(texts: list[str]) -> np.ndarray:
    """The same for questions."""
    return embed([("", text) for text in texts])


def night(past: Past, **changes: object) -> Night:
    """A first night of the shipped ranker."""
    start = Night(
        past=past,
        incumbent=shipped(),
        trained_through=0,
        prior=shipped(),
        before=None,
        embed=embed,
        encode=encode,
        encoder="e",
        dimension=8,
        code="x",
    )
    return replace(start, **changes)  # type: ignore[arg-type]
