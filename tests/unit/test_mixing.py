"""Likely contacts and strangers in one list."""

from __future__ import annotations

import numpy as np
import pytest

from models.ranking.blend import mix

# Ten candidates: 0..5 share acquaintances with the query, 6..9 share none and are hardly likely, 9 fits best of these.
LIKELY = np.array([9, 8, 7, 6, 5, 4, 0.4, 0.3, 0.2, 0.1])
STRANGE = np.array([0, 0, 0, 0, 0, 0, 1, 2, 3, 4.0])
STRANGER = np.arange(10) >= 6
NOBODY = np.zeros(10, bool)
IDS = np.arange(10)


def test_with_no_share_the_order_is_that_of_likely_contacts() -> None:
    assert mix(LIKELY, STRANGE, STRANGER, NOBODY, IDS, 0, 10).tolist() == list(range(10))


def test_with_the_whole_share_strangers_come_first_in_their_own_order() -> None:
    assert mix(LIKELY, STRANGE, STRANGER, NOBODY, IDS, 1, 10).tolist() == [9, 8, 7, 6, 0, 1, 2, 3, 4, 5]


def test_the_last_of_the_first_places_go_to_the_strangers_who_fit_best() -> None:
    assert mix(LIKELY, STRANGE, STRANGER, NOBODY, IDS, 0.4, 5).tolist() == [0, 1, 2, 9, 8, 3, 4, 7, 5, 6]


@pytest.mark.parametrize("share", [0.1, 0.2, 0.25, 0.3, 0.5, 0.7, 0.9])
def test_strangers_hold_their_share_of_the_first_places_and_of_any_number_beyond(share: float) -> None:
    rng = np.random.default_rng(0)
    stranger = rng.random(300) < 0.6
    places = mix(rng.random(300), rng.random(300), stranger, np.zeros(300, bool), np.arange(300), share, 9)
    held = np.cumsum(stranger[places])
    assert held[8] >= round(share * 9)
    assert all(held[m - 1] >= int(share * m + 1e-9) for m in range(9, 101))


def test_of_a_short_list_one_place_is_theirs_where_half_a_place_is_due() -> None:
    assert mix(LIKELY, STRANGE, STRANGER, NOBODY, IDS, 0.1, 5).tolist()[:6] == [0, 1, 2, 3, 9, 4]


def test_nothing_moves_where_strangers_come_often_enough_by_themselves() -> None:
    likely = np.array([1.0, 5, 4, 3, 2, 0, 9, 8, 7, 6])
    plain = mix(likely, STRANGE, STRANGER, NOBODY, IDS, 0, 10)
    assert mix(likely, STRANGE, STRANGER, NOBODY, IDS, 0.3, 10).tolist() == plain.tolist()


def test_acquaintances_keep_their_places_and_use_up_nobody_s_share() -> None:
    known = np.zeros(10, bool)
    known[[0, 2]] = True
    places = mix(LIKELY, STRANGE, STRANGER, known, IDS, 0.5, 4).tolist()
    assert (places[0], places[2]) == (0, 2)
    assert [p for p in places if not known[p]] == [1, 3, 9, 8, 4, 7, 5, 6]


def test_somebody_known_is_no_stranger_however_few_acquaintances_they_share() -> None:
    known = np.arange(10) == 9
    assert mix(LIKELY, STRANGE, STRANGER, known, IDS, 1, 10).tolist() == [8, 7, 6, 0, 1, 2, 3, 4, 5, 9]


def test_ties_break_by_id_in_both_orders() -> None:
    level = np.zeros(10)
    backwards = IDS[::-1]
    assert mix(level, level, STRANGER, NOBODY, backwards, 0, 10).tolist() == list(range(9, -1, -1))
    assert mix(level, level, STRANGER, NOBODY, backwards, 1, 10).tolist() == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]


def test_everybody_appears_once_however_long_the_list() -> None:
    rng = np.random.default_rng(1)
    stranger, known = rng.random(1000) < 0.3, rng.random(1000) < 0.2
    places = mix(rng.random(1000), rng.random(1000), stranger, known, rng.permutation(1000), 0.4, 9)
    assert sorted(places.tolist()) == list(range(1000))


def test_nobody_to_rank_is_an_empty_list() -> None:
    none = np.zeros(0)
    assert mix(none, none, none.astype(bool), none.astype(bool), none, 0.3, 9).tolist() == []
