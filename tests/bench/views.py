"""What the next view costs once one more message was said: taking it in, its vector, and the view.

    python -m tests.bench.views --members 2000 5000 20000 80000

The encoder is a hash, so that what is measured is the builder.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Sequence
from itertools import islice

import numpy as np

from models.community.builder import Builder
from models.domain.records import Community
from models.ranking.ranker import shipped
from service.serving.warming import warm
from tests.bench.communities import MadeUp

DIMENSION = 64


def main() -> None:
    """Print a line for each number of messages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("messages", type=int, nargs="*", default=[5_000, 20_000, 80_000])
    parser.add_argument("--members", type=int, default=2_000)
    parser.add_argument("--turns", type=int, default=9)
    asked = parser.parse_args()
    print(f"{'messages':>9} {'median':>9} {'fastest':>9} {'warming':>9}  (ms, {asked.members} members)")
    for count in asked.messages:
        built, warmed = next_views(count, asked.members, asked.turns)
        print(f"{count:>9,} {np.median(built):>9.1f} {min(built):>9.1f} {np.median(warmed):>9.1f}", flush=True)


def next_views(messages: int, members: int, turns: int) -> tuple[list[float], list[float]]:
    """Milliseconds to the next view after one message, and to warm it, so many times over."""
    builder, ranker, made = Builder(Community(id="bench"), DIMENSION, "hash"), shipped(), MadeUp(members)
    builder.put_all(made.channels())
    builder.put_all(made.people())
    talk = made.said(messages + turns + 1)
    builder.put_all(islice(talk, messages))
    builder.embed_pending(encoded)
    warm(builder.view(), ranker)
    built, warmed = [], []
    for message in talk:
        began = time.perf_counter()
        builder.put(message)
        builder.embed_pending(encoded)
        view = builder.view()
        done = time.perf_counter()
        warm(view, ranker)
        built.append(1e3 * (done - began))
        warmed.append(1e3 * (time.perf_counter() - done))
    return built[1:], warmed[1:]


def encoded(texts: Sequence[tuple[str, str]]) -> np.ndarray:
    """(n, DIMENSION) unit vectors that are the same for the same text."""
    seeds = [int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) for _, text in texts]
    vectors = np.array([np.random.default_rng(seed).standard_normal(DIMENSION) for seed in seeds], np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


if __name__ == "__main__":
    main()
