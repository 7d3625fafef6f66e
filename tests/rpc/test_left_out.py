"""Rounds of which everybody whom they name is left out: an answer in words, whatever the kind."""

from __future__ import annotations

from typing import Any

import pytest
from yiqi.v1 import round_pb2 as pb
from yiqi.v1.member_pb2 import CONSENT_NOBODY, Member, UpdateMemberRequest

from tests.rpc.test_rounds import House, house, name  # noqa: F401

GONE = ("ann", "bo", "cy")


def teams(members: tuple[str, ...] = (), count: int = 1) -> list[pb.RoundTeam]:
    roles = [pb.RoundRole(name="baking", count=count)]
    return [pb.RoundTeam(id="t", title="Bake", members=map(name, members), roles=roles)]


ASKED: dict[str, dict[str, Any]] = {
    "teams of people": {"kind": pb.ROUND_KIND_TEAMS, "members": map(name, GONE), "teams": teams()},
    "a team of them": {"kind": pb.ROUND_KIND_TEAMS, "members": map(name, GONE), "teams": teams(GONE)},
    "a team with nobody asked": {"kind": pb.ROUND_KIND_TEAMS, "teams": teams(GONE), "members": [name("ann")]},
    "bids": {
        "kind": pb.ROUND_KIND_TEAMS, "members": map(name, GONE), "teams": teams(),
        "bids": [pb.RoundBid(source=name("ann"), target=name("bo"), score=1.0)],
    },
    "pairs": {"kind": pb.ROUND_KIND_PAIRS, "members": map(name, GONE)},
    "groups": {"kind": pb.ROUND_KIND_GROUPS, "members": map(name, GONE), "smallest": 3, "largest": 4},
    "sides": {
        "kind": pb.ROUND_KIND_SIDES,
        "sides": [pb.RoundSide(name="a", members=[name("ann")]), pb.RoundSide(name="b", members=[name("bo")])],
    },
}  # fmt: skip


def listed(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, map) else value for key, value in fields.items()}


@pytest.mark.parametrize("case", ASKED)
def test_a_round_with_everybody_left_out_ends_with_a_list_or_a_sentence(case: str, house: House) -> None:  # noqa: F811
    for member in GONE:
        changed = Member(name=name(member), consent=CONSENT_NOBODY)
        house.client.members.UpdateMember(UpdateMemberRequest(member=changed, update_mask={"paths": ["consent"]}))
    found = house.create(**listed(ASKED[case]))
    assert found.state in (pb.ROUND_STATE_SOLVED, pb.ROUND_STATE_FAILED)
    assert "went wrong" not in found.problem
    house.matches()
