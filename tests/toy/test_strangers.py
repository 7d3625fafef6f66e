"""People without a common acquaintance have a share of the places, and a reason says who they are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from models.ranking.exposure import MOST_KEPT
from models.ranking.ranker import MEMBER_HEADS
from tests.toy.ask import FOR_A_MEMBER, Asker, ids, reasons


@pytest.fixture(name="ask", scope="module")
def _ask(toy: object, ranker: object, encode: object) -> Asker:
    return Asker(toy, ranker, encode)  # type: ignore[arg-type]


def strangers_of(ask: Asker, member: str) -> set[str]:
    """Those who have dealt neither with the member nor with anybody who has."""
    near = ask.view.ties.binary[ask.view.row[member]]
    known = set(near.indices) | set((near @ ask.view.ties.binary).indices)
    return {ask.view.ids[row] for row in range(ask.view.size) if row not in known}


@pytest.mark.parametrize("head", MEMBER_HEADS)
@pytest.mark.parametrize("share", [0.3, 0.5, 1.0])
def test_strangers_hold_their_share_of_the_first_places_and_of_more(ask: Asker, head: str, share: float) -> None:
    call: Callable[..., object] = FOR_A_MEMBER[head]
    moved = 0
    for member in ask.view.ids:
        found = ids(call(ask, member, strangers=share))  # type: ignore[arg-type]
        by_score = ids(call(ask, member, strangers=0.0))  # type: ignore[arg-type]
        assert set(found) == set(by_score)
        strange = np.array([other in strangers_of(ask, member) for other in found])
        for first in range(MOST_KEPT, len(found) + 1):
            assert strange[:first].sum() >= min(int(share * first + 1e-9), strange.sum())
        moved += found != by_score
    assert moved or share < 1, "a share that moves nobody is none"


def test_a_reason_says_who_is_from_another_circle_and_nobody_else_gets_it(ask: Asker) -> None:
    told = 0
    for member in ask.view.ids:
        found = ask.peers(member, strangers=0.5)
        for match in found.matches:
            kinds = reasons(found, match.id)
            if "new_circle" in kinds:
                told += 1
                assert match.id in strangers_of(ask, member)
                assert kinds["new_circle"].weight == 0
                assert "common_ties" not in kinds
    assert told, "nobody was introduced as a stranger"
