"""A ranker and its manifest, as a night would make them, for tests of what becomes of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from models.files import sealed
from models.ranking.artifact import Gate, Manifest, Metric
from models.ranking.ranker import HEADS, Ranker, shipped, to_files
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


def of_another_version(folder: Path, ranker: Ranker, manifest: Manifest, *, extra: str, missing: str) -> Path:
    """The artifact as a version would have written it that knows one feature column more and one less."""
    files = to_files(ranker)
    data = json.loads(files["ranker.json"])
    for head in HEADS:
        data["heads"][head]["weights"].pop(missing, None)
        data["heads"][head]["weights"][extra] = 9.0
    about = asdict(manifest)
    about["features"] = [*(name for name in manifest.features if name != missing), extra]
    folder.mkdir(parents=True)
    sign(folder, about, {**files, "ranker.json": json.dumps(data).encode()})
    return folder


def sign(folder: Path, about: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """Write an artifact as one who knows how to sign it."""
    told = {name: value for name, value in about.items() if name != "note"}
    for name, content in sealed.seal(told, files).items():
        (folder / name).write_bytes(content)
