"""The toy world, built once, and the real encoder with a memory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from models.community.view import Community
from models.ranking.ranker import Ranker, shipped
from models.text.encoder import load_encoder
from tests.toy.world import RECORDS, Encode, view_of


@pytest.fixture(scope="session")
def encode() -> Encode:
    """The default encoder; a text is encoded once, and rounded as the service rounds and keeps vectors."""
    encoder = load_encoder()
    known: dict[str, np.ndarray] = {}

    def remembered(texts: Sequence[str]) -> np.ndarray:
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(fresh, encoder.encode(fresh).astype(np.float16), strict=True))
        return np.array([known[text] for text in texts], np.float32).reshape(len(texts), encoder.dimension)

    return remembered


@pytest.fixture(scope="session")
def ranker() -> Ranker:
    """The one that ships."""
    return shipped()


@pytest.fixture(scope="session")
def toy(encode: Encode) -> Community:
    """The toy world as it stands."""
    return view_of(RECORDS, encode)
