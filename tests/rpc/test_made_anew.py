"""A community that gets the id of one that was deleted is another one: what was given to the first is nothing there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner
from yiqi.client import YiqiClient, YiqiRpcError, community_name, member_name
from yiqi.v1 import access_pb2, community_pb2, member_pb2, outcome_pb2

from service.api.codec import timestamp
from service.application.backups import back_up, restore
from service.cli.app import app
from service.core.settings import Settings
from tests.rpc.callers import CALLS, NOW, OURS, THEIRS, Answer, Served, request_of, serving

GET = "CommunityService/GetCommunity"


def asking(served: Served, token: str, name: str = GET) -> Answer:
    return served.call(name, request_of(name, OURS), token)


def made_anew(served: Served) -> None:
    """Delete the community and create it again with the same people, as who may do so everywhere."""
    with YiqiClient(served.target, token=served.token("admin", ""), timeout=60) as root:
        root.communities.DeleteCommunity(community_pb2.DeleteCommunityRequest(name=community_name(OURS)))
        root.create_community(OURS)
        for one in ("ann", "bo"):
            root.create_member(OURS, one, member_pb2.Member(profile="boats", consent=member_pb2.CONSENT_MEMBERS))


def minted(served: Served, member: str = "ann", via: str = "") -> str:
    with YiqiClient(served.target, token=via or served.token("platform", ""), timeout=60) as platform:
        return platform.mint_member_token(OURS, member)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "data") as found:
        yield found


def test_tokens_of_a_community_end_with_it_and_also_after_a_restart(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data) as served:
        every = served.token("admin", "")
        old = [served.token("admin"), served.token("reader"), minted(served)]
        theirs = served.token("reader", THEIRS)
        assert {asking(served, one).code for one in (every, *old[:2])} == {"OK"}
        made_anew(served)
        wrong = asking(served, "yiqi_0_0")
        assert [asking(served, one) for one in old] == [wrong] * len(old)
        new = [served.token("reader", incarnation=""), *_by_hand(data)]
        assert [asking(served, one).code for one in new] == ["UNAUTHENTICATED", "OK"]
        over_the_wire = _created(served, every)
        own = minted(served)
        assert asking(served, over_the_wire).code == "OK"
        assert asking(served, own, "MemberService/GetMember").code == "OK"
        assert served.call(GET, request_of(GET, THEIRS), theirs).code == "OK"
    with serving(data) as served:
        assert {asking(served, one).code for one in old} == {"UNAUTHENTICATED"}
        assert {asking(served, one).code for one in (every, new[1], over_the_wire)} == {"OK"}
        assert asking(served, own, "MemberService/GetMember").code == "OK"


def _by_hand(data: Path) -> list[str]:
    """A token of the command line, beside the server."""
    told = CliRunner().invoke(app, ["token", "create", "--community", OURS, "--role", "reader", "--data", str(data)])
    assert told.exit_code == 0, told.output
    return [told.stdout.strip().splitlines()[-1]]


def _created(served: Served, token: str) -> str:
    with YiqiClient(served.target, token=token, timeout=60) as admin:
        request = access_pb2.CreateTokenRequest(parent=community_name(OURS), role=access_pb2.ROLE_ADMIN)
        return str(admin.access.CreateToken(request).secret)


def test_tokens_of_the_one_before_are_neither_listed_nor_revoked(served: Served) -> None:
    old = served.token("reader").split("_")[1]
    made_anew(served)
    new = _created(served, served.token("admin", ""))
    with YiqiClient(served.target, token=new, timeout=60) as admin:
        listed = admin.access.ListTokens(access_pb2.ListTokensRequest(parent=community_name(OURS))).tokens
        assert [one.name.rsplit("/", 1)[1] for one in listed] == [new.split("_")[1]]
        with pytest.raises(YiqiRpcError) as refused:
            admin.access.RevokeToken(access_pb2.RevokeTokenRequest(name=f"{community_name(OURS)}/tokens/{old}"))
    assert refused.value.reason == "RESOURCE_NOT_FOUND"


def test_a_token_made_before_its_community_counts_in_it(served: Served, tmp_path: Path) -> None:
    token = served.token("admin", "later")
    name = "CommunityService/CreateCommunity"
    assert served.call(name, request_of(name, "later"), token).code == "OK"
    assert served.call(GET, request_of(GET, "later"), token).code == "OK"


def test_a_restored_community_keeps_its_tokens(tmp_path: Path) -> None:
    data, again = Settings(data=tmp_path / "data"), Settings(data=tmp_path / "again")
    with serving(data.data) as served:
        old = served.token("reader")
        made_anew(served)
        token, own = _created(served, served.token("admin", "")), minted(served)
        back_up(data, tmp_path / "backup.tar.gz")
    restore(tmp_path / "backup.tar.gz", again)
    with serving(again.data) as served:
        assert asking(served, token).code == "OK"
        assert asking(served, own, "MemberService/GetMember").code == "OK"
        assert asking(served, old).code == "UNAUTHENTICATED"


def test_what_was_recommended_before_is_no_recommendation_of_the_new_one(served: Served) -> None:
    def told(token: str) -> list[str]:
        outcome = outcome_pb2.Outcome(
            source=member_name(OURS, "ann"), target=member_name(OURS, "bo"), kind=outcome_pb2.OUTCOME_KIND_SHOWN,
            time=timestamp(NOW), recommendation_token=token,
        )  # fmt: skip
        request = outcome_pb2.RecordOutcomesRequest(parent=community_name(OURS), outcomes=[outcome])
        with YiqiClient(served.target, token=served.token("platform", ""), timeout=60) as root:
            summary = root.outcomes.RecordOutcomes(request).summary
        return [str(one) for one in summary.rejections] or ["recorded"]

    def shown() -> str:
        with YiqiClient(served.target, token=served.token("reader", ""), timeout=60) as root:
            until = time.monotonic() + 60
            while time.monotonic() < until:
                found = root.recommend_peers(OURS, "ann", include_fillers=True, include_connected=True)
                if found.info.recommendation_token:
                    return str(found.info.recommendation_token)
        raise AssertionError("nobody is recommended")

    old = shown()
    assert told(old) == ["recorded"]
    made_anew(served)
    assert told(old) != ["recorded"]
    assert told(shown()) == ["recorded"]


def test_the_log_of_calls_begins_anew(served: Served) -> None:
    first = served.token("admin")
    assert asking(served, first).code == "OK"
    made_anew(served)
    with YiqiClient(served.target, token=_created(served, served.token("admin", "")), timeout=60) as admin:
        entries = admin.access.ListAuditEntries(access_pb2.ListAuditEntriesRequest(parent=community_name(OURS))).entries
    methods = [one.method for one in entries]
    assert "CommunityService/DeleteCommunity" not in methods
    assert GET not in methods
    assert methods[-1] == "CommunityService/CreateCommunity"


@pytest.mark.parametrize("gone", ["erased", "merged"])
def test_the_token_of_a_member_ends_with_the_member(served: Served, gone: str) -> None:
    via = served.token("admin")
    name = "RecommendationService/WatchIntroductions" if gone == "erased" else "MemberService/GetMember"
    token = minted(served, "bo", via)
    own = request_of("MemberService/GetMember", OURS, "bo")
    assert served.call("MemberService/GetMember", own, token).code == "OK"
    with YiqiClient(served.target, token=via, timeout=60) as admin:
        if gone == "erased":
            admin.erase_member(OURS, "bo")
        else:
            admin.members.MergeMembers(
                member_pb2.MergeMembersRequest(name=member_name(OURS, "ann"), merged_member=member_name(OURS, "bo"))
            )
    assert CALLS[name]
    assert served.call("MemberService/GetMember", own, token) == asking(served, "yiqim_a.b.c")
    assert served.call(name, request_of(name, OURS, "bo"), token).code == "UNAUTHENTICATED"
