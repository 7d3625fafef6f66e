"""What FAISS is told of who may be found."""

from __future__ import annotations

from typing import Any

import faiss
import numpy as np


def selector(live: np.ndarray) -> Any:
    """Of a bool array by id."""
    make: Any = faiss.IDSelectorBitmap  # its Python form takes an array, which its stub does not know
    return make(np.packbits(live, bitorder="little"))
