"""Vectors that take a byte a number say nearly what they said."""

from __future__ import annotations

import numpy as np

from models.arrays.dots import MANY, dots
from models.arrays.quantized import floats, quantized


def unit(n: int, d: int) -> np.ndarray:
    vectors = np.random.default_rng(3).normal(size=(n, d)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def test_inner_products_are_off_by_little_and_nothing_stays_nothing() -> None:
    vectors = unit(400, 384)
    vectors[7] = 0
    kept = quantized(vectors)
    assert kept.itemsize == 384 + 4
    assert np.abs(floats(kept) @ vectors.T - vectors @ vectors.T).max() < 2e-3
    assert np.allclose(np.linalg.norm(floats(kept), axis=1), np.arange(400) != 7, atol=1e-6)
    assert kept["scale"][7] == 0
    assert not floats(kept)[7].any()


def test_what_is_rounded_once_stays_as_it_is() -> None:
    once = floats(quantized(unit(50, 64)))
    assert np.allclose(floats(quantized(once)), once, atol=1e-7)


def test_products_of_chosen_rows_are_those_of_the_floats_with_few_and_with_many_vectors() -> None:
    kept = quantized(unit(60, 33).reshape(20, 3, 33))
    chosen = np.array([0, 59, 4, 4, 31])
    for count in (1, MANY + 1):
        asked = unit(count, 33)
        found = dots(kept.reshape(-1), chosen, asked)
        assert np.allclose(found, floats(kept).reshape(60, 33)[chosen] @ asked.T, atol=1e-5)
