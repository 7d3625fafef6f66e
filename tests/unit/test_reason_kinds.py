"""Kinds of reasons: those that are found are those of the contract, and each can be said."""

from __future__ import annotations

import pytest

from models.domain.requests import ReasonKind
from models.features.matrix import COLUMNS, value_of
from models.ranking.explain import FITTING
from models.ranking.reasons.kind import elsewhere
from models.ranking.reasons.kinds import KINDS, SPEAKS_FOR
from service.api import enums
from service.texts import known


def test_the_contract_has_every_kind_and_no_other() -> None:
    assert set(KINDS) == set(enums.REASON_TYPE.words())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_there_are_words_for_every_kind(kind: ReasonKind) -> None:
    one = KINDS[kind]
    assert known(f"reasons.{kind}") or (one.evidence is elsewhere and not one.values)
    assert known(f"reasons.possible.{kind}") == (one.evidence is not elsewhere and kind in FITTING)


def test_a_value_speaks_for_one_kind_and_is_one_of_the_features() -> None:
    values = [value for kind in KINDS.values() for value in kind.values]
    assert len(values) == len(set(values)) == len(SPEAKS_FOR)
    assert set(values) <= {value_of(column) for column in COLUMNS}


def test_what_a_kind_becomes_where_a_text_asks_is_a_kind_with_evidence() -> None:
    become = [kind.asked for kind in KINDS.values() if kind.asked is not None]
    assert become
    assert all(KINDS[kind].evidence is not elsewhere for kind in become)
