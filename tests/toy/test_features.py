"""Features: every family gives what it declares, and what is declared twice agrees."""

from __future__ import annotations

import numpy as np

from models.community.view import Community
from models.features import matrix
from models.features.matrix import COLUMNS, FAMILIES, FEATURES
from models.ranking.ranker import HEADS, Ranker


def test_each_family_gives_the_values_of_its_features_and_no_others(toy: Community) -> None:
    rows = np.arange(toy.size)
    beside = matrix.Beside(toy, [matrix.member_query(toy, row) for row in (0, 1)], rows, matrix.NOTHING_LEARNT)
    for family in FAMILIES:
        found = family.values(beside)
        assert set(found) == set(family.names)
        assert all(values.shape in ((2, len(rows)), (len(rows),)) for values in found.values())
    assert len(FEATURES) == sum(len(family.features) for family in FAMILIES)


def test_every_feature_has_a_column_and_says_what_it_means() -> None:
    assert {matrix.value_of(column) for column in COLUMNS} == set(FEATURES)
    assert all(feature.meaning for feature in FEATURES.values())


def test_what_is_seen_from_the_other_side_goes_back_and_forth() -> None:
    pairs = {name: feature.opposite for name, feature in FEATURES.items() if feature.opposite}
    assert pairs
    assert all(pairs[other] == name and FEATURES[other].forms == FEATURES[name].forms for name, other in pairs.items())


def test_what_ships_has_a_weight_for_every_column(ranker: Ranker) -> None:
    assert {ranker.weights[head].shape for head in HEADS} == {(len(COLUMNS),)}
