"""Metrics against values worked out by hand, and intervals against chance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from training.metrics import activity_rank, bootstrap, chance_above, gini, matched, ndcg, paired_bootstrap, quality


def flags(*places: int, n: int = 20) -> np.ndarray:
    out = np.zeros(n, bool)
    out[list(places)] = True
    return out


DESCENDING = -np.arange(20.0)


def test_quality_of_a_ranking_is_what_the_definitions_say() -> None:
    found = quality(DESCENDING, flags(1, 4, 15), np.random.default_rng(0))
    ideal = 1 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert found.ndcg == pytest.approx((1 / math.log2(3) + 1 / math.log2(6)) / ideal)
    assert found.recall == pytest.approx(2 / 3)
    assert found.reciprocal_rank == 1 / 2
    assert found.hit == 1


def test_the_best_order_scores_one_even_with_more_right_ones_than_places() -> None:
    assert ndcg(DESCENDING, flags(*range(14))) == pytest.approx(1)
    assert quality(DESCENDING, flags(*range(14)), np.random.default_rng(0)).recall == pytest.approx(10 / 14)


def test_nobody_right_or_nobody_found_scores_nothing() -> None:
    assert quality(DESCENDING, flags(), np.random.default_rng(0)).ndcg == 0
    late = quality(DESCENDING, flags(12), np.random.default_rng(0))
    assert (late.ndcg, late.recall, late.hit) == (0, 0, 0)
    assert late.reciprocal_rank == pytest.approx(1 / 13)


def test_ties_are_broken_at_random_and_without_a_generator_always_alike() -> None:
    level = np.zeros(20)
    rng = np.random.default_rng(1)
    hits = [quality(level, flags(3), rng).hit for _ in range(2000)]
    assert np.mean(hits) == pytest.approx(0.5, abs=0.04)
    assert ndcg(level, flags(3)) == ndcg(level, flags(3))


def test_the_matched_are_those_nearest_in_activity() -> None:
    activity = np.array([100.0, 1, 50, 2, 51, 49, 3, 1000])
    others = np.array([0, 1, 3, 4, 5, 6, 7])
    nearest = matched(activity_rank(activity), others, 2, np.random.default_rng(0), n=2)
    assert set(nearest) == {4, 5}


def test_chance_above_counts_ties_half() -> None:
    assert chance_above(2.0, np.array([1.0, 2.0, 3.0, 0.0])) == pytest.approx(2.5 / 4)


def test_gini_is_zero_when_all_are_shown_alike_and_nearly_one_when_one_takes_all() -> None:
    assert gini(np.full(50, 3)) == pytest.approx(0)
    assert gini(np.array([0] * 99 + [7])) == pytest.approx(0.99)
    assert gini(np.array([1, 3])) == pytest.approx(0.25)
    assert math.isnan(gini(np.zeros(4)))


def test_an_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    held = 0
    for trial in range(200):
        _, low, high = bootstrap(rng.normal(0.3, 0.2, 60), trial, resamples=200)
        held += low <= 0.3 <= high
    assert 175 <= held <= 199


def test_weights_make_a_mean_of_single_cases_out_of_means_of_queries() -> None:
    values, weights = np.array([1.0, 0.0, 0.5, np.nan]), np.array([1, 2, 4, 0])
    mean, low, high = bootstrap(values, 0, weights=weights)
    assert mean == pytest.approx(3 / 7)
    assert 0 <= low <= mean <= high <= 1
    assert all(math.isnan(x) for x in bootstrap(values, 0, weights=np.zeros(4)))


def test_what_depends_on_each_other_widens_the_interval() -> None:
    rng = np.random.default_rng(2)
    of_member = rng.normal(0, 1, 40)
    values = np.repeat(of_member, 10)
    _, low, high = bootstrap(values, 0)
    _, wide_low, wide_high = bootstrap(values, 0, clusters=[f"m{i // 10}" for i in range(400)])
    assert wide_high - wide_low > 2 * (high - low)


def test_a_paired_gain_is_seen_where_single_intervals_overlap() -> None:
    rng = np.random.default_rng(3)
    hard = rng.random(200)
    better = hard + 0.02 + rng.normal(0, 0.02, 200)
    assert bootstrap(better, 0)[1] < bootstrap(hard, 0)[2]
    mean, low, high = paired_bootstrap(better, hard, 0)
    assert 0 < low < mean < high
    assert mean == pytest.approx(0.02, abs=0.005)
    assert paired_bootstrap(better, hard, 0, level=0.9)[1] > low


def test_two_alike_are_seldom_told_apart() -> None:
    rng = np.random.default_rng(4)
    wrong = 0
    for trial in range(200):
        a, b = rng.random(80), rng.random(80)
        wrong += paired_bootstrap(a, b, trial, resamples=200, level=0.9)[1] > 0
    assert wrong <= 22


def test_unequal_numbers_of_queries_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="3 values cannot be paired with 2"):
        paired_bootstrap(np.zeros(3), np.zeros(2), 0)
