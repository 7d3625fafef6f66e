"""The sample community asked through a client, through the command line, and through both doors of the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from yiqi.client import YiqiClient, id_of
from yiqi.v1.recommendation_pb2 import AUDIENCE_ORGANIZERS

from tests.bench.serving import Served, serving, yiqi

from .sample import COMMUNITY, sample_data

WHAT = ("peers", "collaborators", "projects")
LIMIT = 20
EVERY = 6  # of the members, one in so many is compared
QUESTIONS = [
    {"query": "q1", "text": "who can help with a database that is slow"},
    {"query": "q2", "text": "周末想一起爬山的人"},
    {"query": "q3", "title": "poster", "text": "somebody to draw a poster for a concert"},
    {"query": "nobody", "text": "who answers this", "member": "nobody-by-this-id", "channel": "no-such-room"},
]

Lists: TypeAlias = dict[str, list[tuple[str, float]]]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_data(tmp_path_factory)


@pytest.fixture(scope="module")
def served(data: Path) -> Iterator[Served]:
    with serving(data, COMMUNITY) as found:
        yield found


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[YiqiClient]:
    with served.client() as found:
        yield found


@pytest.fixture(scope="module")
def everybody(data: Path) -> Callable[[str], Lists]:
    """What `--all` prints of a kind."""
    return cache(lambda what: recommend(what, data, "--all", "--limit", str(LIMIT)))


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("questions") / "questions.jsonl"
    file.write_text("".join(json.dumps(question) + "\n" for question in QUESTIONS))
    return file


def recommend(what: str, data: Path, *args: str) -> Lists:
    lines = yiqi("recommend", what, "--community", COMMUNITY, "--data", data, "--format", "jsonl", *args)
    return lists(lines, "member")


def lists(lines: str, key: str) -> Lists:
    rows = map(json.loads, lines.splitlines())
    return {row[key]: [(one["id"], one["score"]) for one in row["results"]] for row in rows}


def of_reply(reply: Any) -> list[tuple[str, float]]:
    return [(id_of(one.resource), one.score) for one in reply.recommendations]


def ask(client: YiqiClient, what: str, member: str) -> Any:
    given: dict[str, Any] = {"limit": LIMIT, "with_reasons": False, "audience": AUDIENCE_ORGANIZERS}
    if what == "peers":
        return client.recommend_peers(COMMUNITY, member, **given)
    if what == "projects":
        return client.recommend_projects(COMMUNITY, member, **given)
    return client.recommend_collaborators(COMMUNITY, member=member, **given)


def assert_same(found: list[tuple[str, float]], expected: list[tuple[str, float]]) -> None:
    assert [id for id, _ in found] == [id for id, _ in expected]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-5)


@pytest.mark.parametrize("what", WHAT)
def test_a_client_gets_the_lists_that_the_embedded_command_line_prints(
    what: str, everybody: Callable[[str], Lists], client: YiqiClient
) -> None:
    printed = everybody(what)
    assert len(printed) == sum(1 for _ in client.list_members(COMMUNITY))
    members = sorted(printed)[::EVERY]
    assert sum(bool(printed[member]) for member in members) > len(members) / 2
    for member in members:
        assert_same(of_reply(ask(client, what, member)), printed[member])


def test_a_client_finds_whom_the_embedded_command_line_finds(data: Path, client: YiqiClient, questions: Path) -> None:
    lines = yiqi(
        "search",
        "--community",
        COMMUNITY,
        "--data",
        data,
        "--queries",
        questions,
        "--limit",
        str(LIMIT),
        "--format",
        "jsonl",
    )
    printed = lists(lines, "query")
    for question in QUESTIONS[:3]:
        reply = client.search_members(
            COMMUNITY,
            question["text"],
            title=question.get("title", ""),
            limit=LIMIT,
            with_reasons=False,
            audience=AUDIENCE_ORGANIZERS,
        )
        assert len(reply.recommendations) == LIMIT
        assert_same(of_reply(reply), printed[question["query"]])


@pytest.mark.parametrize("what", WHAT)
def test_all_gives_what_single_calls_give(what: str, data: Path, everybody: Callable[[str], Lists]) -> None:
    printed = everybody(what)
    member = max(printed, key=lambda member: (len(printed[member]), member))
    single = recommend(what, data, "--member", member, "--limit", str(LIMIT))
    assert list(single) == [member]
    assert_same(single[member], printed[member])


@pytest.mark.parametrize("what", WHAT)
def test_both_doors_of_the_command_line_print_the_same_lists_of_everybody(
    what: str, served: Served, everybody: Callable[[str], Lists]
) -> None:
    command = ("recommend", what, "--community", COMMUNITY, "--all", "--limit", str(LIMIT), "--format", "jsonl")
    remote = lists(yiqi(*command, "--server", served.target), "member")
    printed = everybody(what)
    assert list(remote) == sorted(printed)
    for member, found in remote.items():
        assert_same(found, printed[member])


@pytest.mark.parametrize("what", WHAT)
def test_both_doors_of_the_command_line_print_the_same_list_and_reasons(
    what: str, data: Path, served: Served, everybody: Callable[[str], Lists]
) -> None:
    member = next(member for member, found in sorted(everybody(what).items()) if found)
    command = ("recommend", what, "--community", COMMUNITY, "--member", member, "--reasons", "--format", "jsonl")
    embedded = json.loads(yiqi(*command, "--data", data))
    remote = json.loads(yiqi(*command, "--server", served.target))
    assert embedded["results"]
    assert_alike(remote, embedded)


def test_both_doors_of_the_command_line_answer_questions_and_briefs_alike(
    data: Path, served: Served, questions: Path
) -> None:
    for command in (
        ("search", "--queries", questions),
        ("recommend", "collaborators", "--briefs", questions),
    ):
        given = (*command, "--community", COMMUNITY, "--limit", "12", "--reasons", "--fillers", "--format", "jsonl")
        embedded = yiqi(*given, "--data", data).splitlines()
        remote = yiqi(*given, "--server", served.target).splitlines()
        assert len(embedded) == len(remote) == len(QUESTIONS)
        for line, other in zip(embedded, remote, strict=True):
            assert json.loads(line)["results"]
            assert_alike(json.loads(other), json.loads(line))


def assert_alike(found: Any, expected: Any) -> None:
    """Equal, but for the digits beyond those that numbers of the contract have."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for key in expected:
            assert_alike(found[key], expected[key])
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_alike(one, other)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, abs=1e-5)
    else:
        assert found == expected


@pytest.mark.parametrize("door", ["data", "server"])
def test_members_are_found_by_name_through_both_doors(door: str, data: Path, served: Served) -> None:
    given = ("--community", COMMUNITY, f"--{door}", data if door == "data" else served.target)
    listed = [json.loads(line) for line in yiqi("members", "brandt", *given, "--format", "jsonl").splitlines()]
    assert listed == [{"id": "jonas-brandt", "name": "Jonas Brandt"}]
    assert "nobody is called Brandtt" in yiqi("members", "Brandtt", *given)
    by_name, by_id = (
        yiqi("recommend", "peers", *given, "--member", member, "--limit", "2")
        for member in ("jonas brandt", listed[0]["id"])
    )
    assert by_name == by_id != ""
