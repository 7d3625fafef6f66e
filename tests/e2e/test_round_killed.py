"""A round that publishes itself goes out once, wherever on its way to being published a server is killed."""

from __future__ import annotations

from pathlib import Path

import pytest
from yiqi.v1 import round_pb2 as pb

from models.domain.records import Community, Member
from service.compose import open_store
from service.core.settings import Settings

from .serving import RUN, serving

PEOPLE = ("ann", "bo", "cy", "dee")
KILL = """
import os, signal
from service.application import round_publishing, round_solving
from service.store.sql_jobs import SqlLeases

def dies(owner, name, *, after):
    real = getattr(owner, name)
    def dying(*given, **named):
        done = real(*given, **named) if after else None
        if done is not None or not after or name == "finish":
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    setattr(owner, name, dying)

dies({point})
"""
POINTS = {
    "claimed": 'SqlLeases, "claim", after=True',
    "about to be prepared": 'round_solving, "prepared", after=False',
    "solved, and nothing written": 'round_solving, "finish", after=False',
    "written as solved, not published": 'round_publishing, "publish", after=False',
    "published, not committed": 'round_publishing, "publish", after=True',
    "committed": 'round_solving, "finish", after=True',
}


@pytest.mark.parametrize("point", POINTS)
def test_a_round_that_publishes_itself_goes_out_once_after_a_kill(point: str, tmp_path: Path) -> None:
    with open_store(Settings(data=tmp_path), writes=True) as store:
        store.put("c", [Community(id="c"), *(Member(id=id, name=id.title()) for id in PEOPLE)])
    with serving(tmp_path, KILL.format(point=POINTS[point]) + RUN) as (server, client):
        named = [f"communities/c/members/{id}" for id in PEOPLE]
        asked = pb.Round(spec=pb.RoundSpec(kind=pb.ROUND_KIND_PAIRS, members=named, seconds=2))
        client.create_round("c", "r", asked, dry_run=False)
        assert server.process.wait(60) == -9
    with serving(tmp_path) as (server, client):
        done = client.wait_for_round("c", "r", timeout=120)
        assert (done.state, done.problem) == (pb.ROUND_STATE_PUBLISHED, "")
        assert server.stop() == 0
    with open_store(Settings(data=tmp_path), writes=True) as store:
        assert sorted(id for one in store.scan("c", "invitation") for id in one.members) == list(PEOPLE)  # type: ignore[union-attr]
        assert store.jobs("c") == []
