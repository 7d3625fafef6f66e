"""Vectors of unit length."""

from __future__ import annotations

import numpy as np


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows (n, d) scaled to unit length; zero rows stay. float32."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.divide(rows, length, out=np.zeros(rows.shape, np.float32), where=length > 1e-9))
