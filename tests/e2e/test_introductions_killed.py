"""kill -9 right after what brings people together: they are introduced after the restart, each told once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from yiqi.client import YiqiClient, YiqiRpcError, id_of
from yiqi.v1.common_pb2 import Need
from yiqi.v1.member_pb2 import Member

from tests.e2e.serving import member, serving

TALENTS = {
    "cello": "cello lessons for adults",
    "bread": "baking sourdough bread at home",
    "tax": "bookkeeping and tax advice",
}
LISTEN_SECONDS = 30.0  # at most; all is told long before


def told(client: YiqiClient, token: str, most: int) -> tuple[Counter[tuple[str, str]], str]:
    """Who was told of whom until so many were, or the time is over; and the token to go on from."""
    found: Counter[tuple[str, str]] = Counter()
    try:
        for reply in client.watch_introductions("c", resume_token=token, timeout=LISTEN_SECONDS):
            token = reply.resume_token
            if reply.HasField("introduction"):
                found[id_of(reply.introduction.member), id_of(reply.introduction.other)] += 1
                if found.total() == most:
                    break
    except YiqiRpcError:
        pass  # the time is over
    return found, token


def test_nobody_is_forgotten_or_told_twice_after_a_kill(tmp_path: Path) -> None:
    with serving(tmp_path) as (server, client):
        client.create_community("c")
        for name, text in TALENTS.items():
            client.create_member("c", f"wants-{name}", member("new here", seeks=[Need(text=text)]))
            client.create_member("c", f"gives-{name}", member("lives here"))
        stream = client.watch_introductions("c", timeout=60)
        token = next(iter(stream)).resume_token
        for name, text in TALENTS.items():
            client.update_member("c", f"gives-{name}", Member(offers=[Need(text=text)]), ["offers"])
        server.kill()
    with serving(tmp_path) as (server, client):
        first, token = told(client, token, 1)
        second, _ = told(client, token, 2 * len(TALENTS) - 1)
        assert server.stop() == 0
    expected = {(f"{a}-{name}", f"{b}-{name}") for name in TALENTS for a, b in (("gives", "wants"), ("wants", "gives"))}
    assert first + second == Counter(expected)
