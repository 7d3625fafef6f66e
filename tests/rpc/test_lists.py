"""The lists of everybody in one stream: those of single calls, as of when each is sent."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from yiqi.client import YiqiRpcError, id_of, member_name
from yiqi.v1 import member_pb2
from yiqi.v1 import recommendation_pb2 as pb

from models.domain.requests import Filter, Options
from models.features import matrix as features
from models.ranking import retrieval
from service.application import recommendations as usecase
from tests.rpc.toy_server import Served, serving_toy
from tests.toy.world import MEMBERS, NOW

KINDS = {"peers": pb.LIST_KIND_PEERS, "collaborators": pb.LIST_KIND_COLLABORATORS, "projects": pb.LIST_KIND_PROJECTS}
EVERYBODY = sorted(member.id for member in MEMBERS)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that nobody writes to."""
    with serving_toy(tmp_path_factory.mktemp("toy")) as found:
        yield found


def single(toy: Served, kind: str, member: str, **options: Any) -> Any:
    if kind == "collaborators":
        return toy.client.recommend_collaborators("toy", member=member, **options)
    return getattr(toy.client, f"recommend_{kind}")("toy", member, **options)


def assert_same(found: Any, expected: Any) -> None:
    """The same results for the same reasons; of numbers, the order in which they were added up may show."""
    assert found.info.recommendation_token
    assert found.info.model_version == expected.info.model_version
    assert found.info.hidden_by_consent == expected.info.hidden_by_consent
    numbers = [[number for one in reply.recommendations for number in _taken(one)] for reply in (found, expected)]
    assert numbers[0] == pytest.approx(numbers[1], abs=2e-4)  # weights of reasons have four digits
    assert list(found.recommendations) == list(expected.recommendations)


def _taken(result: pb.Recommendation) -> list[float]:
    """The numbers of a result, which are cleared."""
    numbers = [result.score, result.score_for_you, result.score_for_them, *(one.weight for one in result.reasons)]
    result.score = result.score_for_you = result.score_for_them = 0
    for reason in result.reasons:
        reason.weight = 0
    return numbers


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("everybody", [1, 4096], ids=["of candidates", "of everybody"])
@pytest.mark.parametrize("options", [{}, {"limit": 100, "include_connected": True, "include_fillers": True}])
def test_each_list_is_that_of_a_single_call(
    toy: Served, kind: str, everybody: int, options: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval, "EVERYBODY", everybody)
    replies = list(toy.client.recommend_all("toy", kind=KINDS[kind], **options))
    assert [id_of(reply.member) for reply in replies] == EVERYBODY
    for reply in replies:
        assert_same(reply, single(toy, kind, id_of(reply.member), **options))


def test_many_lists_are_worked_out_together(toy: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    beside: list[int] = []
    raw = features.raw

    def counted(view: Any, queries: Any, *rest: Any) -> Any:
        beside.append(len(queries))
        return raw(view, queries, *rest)

    monkeypatch.setattr(features, "raw", counted)
    assert [id_of(reply.member) for reply in toy.client.recommend_all("toy")] == EVERYBODY
    assert beside == [len(EVERYBODY)]


def test_a_stream_goes_on_after_the_last_list_that_was_dealt_with(toy: Served) -> None:
    first = list(islice(toy.client.recommend_all("toy"), 3))
    rest = list(toy.client.recommend_all("toy", resume_token=first[-1].resume_token))
    assert [id_of(reply.member) for reply in (*first, *rest)] == EVERYBODY


def test_a_stream_of_another_kind_does_not_go_on(toy: Served) -> None:
    token = next(toy.client.recommend_all("toy")).resume_token
    for other in ({"kind": pb.LIST_KIND_PROJECTS, "resume_token": token}, {"resume_token": "%%%"}):
        with pytest.raises(YiqiRpcError) as refused:
            next(toy.client.recommend_all("toy", **other))
        assert refused.value.reason == "RESUME_TOKEN_INVALID"


def test_only_those_who_are_meant_get_a_list(toy: Served) -> None:
    def meant(**wanted: Any) -> list[str]:
        replies = toy.client.recommend_all("toy", recipients=pb.RecommendationFilter(**wanted))
        return [id_of(reply.member) for reply in replies]

    assert meant(members=[member_name("toy", one) for one in ("noah", "nobody-here", "mei")]) == ["mei", "noah"]
    spoken = meant(languages=["zh"])
    assert spoken
    assert set(spoken) < set(EVERYBODY)


def test_who_turns_away_between_two_lists_is_in_no_later_one(served: Served) -> None:
    def lists() -> Any:
        members = usecase.recipients(served.runtime, "toy", Filter(members=frozenset(("ada", "mei", "noah"))))
        options = Options(limit=100, fillers=True, include_connected=True)
        return usecase.recommend_all(served.runtime, "toy", "peers", members, options, lambda: NOW)

    def shown(answer: usecase.Answer) -> set[str]:
        return {match.id for match in answer.recommendations.matches}

    assert [("mei" in shown(answer)) for member, answer in lists() if member == "noah"] == [True]
    before = lists()
    next(before)
    blocked = member_pb2.BlockMemberRequest(name=member_name("toy", "mei"), blocked_member=member_name("toy", "noah"))
    served.client.members.BlockMember(blocked)
    erased = member_pb2.DeleteMemberRequest(name=member_name("toy", "xin"))
    served.client.members.DeleteMember(erased)
    rest = {member: shown(answer) for member, answer in before}
    assert set(rest) == {"mei", "noah"}
    assert "noah" not in rest["mei"]
    assert "mei" not in rest["noah"]
    assert all("xin" not in found for found in rest.values())


def test_who_is_erased_before_their_turn_gets_none(served: Served) -> None:
    members = usecase.recipients(served.runtime, "toy", Filter())
    found = usecase.recommend_all(served.runtime, "toy", "projects", members, Options(), lambda: NOW)
    first = next(found)[0]
    for gone in (members[1], members[4]):
        served.client.members.DeleteMember(member_pb2.DeleteMemberRequest(name=member_name("toy", gone)))
    assert [first, *(member for member, _ in found)] == [members[0], *members[2:4], *members[5:]]
