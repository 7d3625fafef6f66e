"""Why two fit is judged beside others: beside a crowd as beside all."""

from __future__ import annotations

import pytest

from models.domain.records import Member, Need, Record
from models.ranking import fit, pipeline
from models.ranking.ranker import Ranker
from tests.toy.ask import Asker, asked
from tests.toy.world import Encode, view_of

EVERYDAY = ["code review for Python", "Python for beginners", "debugging Python", "pairing on Python", "Python tests"]
OTHER = ["bread baking", "bicycle repair", "tax forms", "cello lessons", "wild herbs", "sailing", "wedding photos"]


def world() -> list[Record]:
    """Nearly everybody offers much the same, a few something else."""
    seeks = Need("somebody who reviews my Python"), Need("wild herbs, how to tell them apart")
    people: list[Record] = [Member(id="asker", seeks=seeks, consent="members")]
    for n in range(120):
        offer = EVERYDAY[n % len(EVERYDAY)] if n % 3 else OTHER[n % len(OTHER)]
        people.append(Member(id=f"m{n}", offers=(Need(f"{offer} {n}"),), consent="members"))
    return people


def claims(ask: Asker, other: str, *, few: bool) -> set[str]:
    found = pipeline.explain(ask.view, ask.ranker, "asker", other, asked(), few=few)
    return {why.kind for match in found.matches for why in match.reasons}


def test_beside_a_crowd_no_more_is_claimed_than_beside_all(
    encode: Encode, ranker: Ranker, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Asker(view_of(world(), encode), ranker, encode)
    monkeypatch.setattr(fit, "CROWD", 60)
    everybody = [f"m{n}" for n in range(120)]
    beside_all = {other: claims(ask, other, few=False) for other in everybody}
    assert any(beside_all.values())
    beside_few = {other: claims(ask, other, few=True) for other in everybody}
    other = [one for one in everybody if beside_few[one] != beside_all[one]]
    assert len(other) <= 2
