"""Proposals that an organizer sends, and introductions that they follow, in the terminal."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from yiqi.client import YiqiClient
from yiqi.v1.common_pb2 import Need
from yiqi.v1.member_pb2 import Member

from .conftest import Yiqi
from .sample import sample_data
from .serving import ROOT, Server, member, serving


@pytest.fixture(scope="module")
def makers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample community."""
    return sample_data(tmp_path_factory)


def test_a_proposal_is_sent_to_its_team_once_and_takes_their_answers(yiqi: Yiqi, makers: Path) -> None:
    there = ("--community", "makers", "--data", makers)
    asked = ("--for", "members", "--limit", "2")
    (first, _) = json.loads(yiqi("propose", *asked, "--format", "json", *there).out)["proposals"]
    team = [one["member"].rpartition("/")[2] for one in first["members"]]
    sent = yiqi("propose", *asked, "--send", first["proposal_id"], *there)
    assert sent.code == 0, sent.err
    assert re.findall(r"\(([\w-]+)\)", sent.out.splitlines()[0]) == team
    for part in (first["title"], first["text"], first["first_step"]):
        assert part in sent.out
    again = yiqi("propose", *asked, "--send", first["proposal_id"], *there)
    assert (again.code, "sent before" in " ".join(again.err.split())) == (2, True)
    (command,) = re.findall(r"yiqi (round answer .*)", sent.out)
    said = yiqi(*command.split(), "--data", makers)
    assert said.code == 0, said.err
    assert f"{team[0]} says yes" in said.out


def test_a_proposal_that_nobody_made_is_not_sent(yiqi: Yiqi, makers: Path) -> None:
    wrong = yiqi("propose", "--send", "0" * 24, "--community", "makers", "--data", makers)
    assert (wrong.code, "--for members" in " ".join(wrong.err.split())) == (2, True)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, YiqiClient]]:
    with serving(tmp_path_factory.mktemp("live")) as running:
        yield running


def test_introductions_are_followed_as_they_come_and_listed_afterwards(
    yiqi: Yiqi, live: tuple[Server, YiqiClient]
) -> None:
    server, client = live
    client.create_community("c")
    client.create_member("c", "wants", member("new here", seeks=[Need(text="bookkeeping and tax advice")]))
    client.create_member("c", "gives", member("lives here"))
    assert yiqi("introductions", "list", "--community", "c", "--server", server.address).out == (
        "nobody was introduced yet\n"
    )
    command = [sys.executable, "-m", "service", "introductions", "watch", "--community", "c", "--format", "jsonl"]
    watching = subprocess.Popen([*command, "--server", server.address], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    timer = threading.Timer(60, watching.kill)
    timer.start()
    try:
        assert watching.stdout is not None
        begun = json.loads(watching.stdout.readline())
        assert list(begun) == ["token"]
        client.update_member("c", "gives", Member(offers=[Need(text="bookkeeping and tax advice")]), ["offers"])
        told: dict[str, dict[str, str]] = {}
        while len(told) < 2:
            line = json.loads(watching.stdout.readline())
            if "member" in line:
                told[line["member"]] = line
    finally:
        watching.kill()
        watching.wait()
        timer.cancel()
    assert {who: one["other"] for who, one in told.items()} == {"wants": "gives", "gives": "wants"}
    assert all(one["text"] and one["event"] == "introduced" for one in told.values())
    listed = yiqi("introductions", "list", "--community", "c", "--server", server.address, "--format", "jsonl").out
    (row,) = map(json.loads, listed.splitlines())
    assert row["invitation"] == told["wants"]["invitation"]
    assert set(row["members"]) == {"wants", "gives"}
