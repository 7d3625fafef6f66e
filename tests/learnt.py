"""A ranker and its manifest, as a night would make them, for tests of what becomes of them."""

from __future__ import annotations

from dataclasses import replace

from models.ranking.artifact import Gate, Manifest, Metric
from models.ranking.ranker import HEADS, Ranker, shipped
from models.text.encoder import DEFAULT_ENCODER, identity

NIGHT = 1_780_000_000_000_000
DAY = 86_400_000_000
ENCODER = identity(DEFAULT_ENCODER) or ""


def learnt(night: int = 0, *, community: str = "c", passed: bool = True) -> tuple[Ranker, Manifest]:
    """What night number `night` gives: each night other weights, so other scores."""
    prior = shipped()
    ranker = replace(prior, weights={head: prior.weights[head] * (0.5 + 0.1 * night) for head in HEADS})
    manifest = Manifest(
        community=community,
        created=NIGHT + night * DAY,
        parent=prior.version,
        trained_through=NIGHT + night * DAY - 1,
        data_hash="d" * 64,
        code_version="0.1.0",
        encoder=ENCODER,
        dimension=512,
        seed=7,
        members=20,
        events=300,
        metrics=(Metric("topic", "ndcg@10", 0.31, 0.27, 0.35, 62),),
        gates=(Gate("quality", passed, 0.02 if passed else -0.02, 0.0, "NDCG@10 against the model before."),),
    )
    return ranker, manifest
