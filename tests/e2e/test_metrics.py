"""What `yiqi serve` tells Prometheus."""

from __future__ import annotations

import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from yiqi.client import YiqiClient, YiqiRpcError

from tests.e2e.serving import member, message, serving, start

Read = dict[str, dict[tuple[str, ...], float]]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def read(port: int) -> Read:
    """Samples by name and the values of their labels, these by name."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as reply:
        text = reply.read().decode()
    found: Read = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(value for _, value in sorted(sample.labels.items()))] = sample.value
    return found


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Read]:
    """The metrics of a server that was asked and refused a few things."""
    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YIQI_METRICS", f"127.0.0.1:{port}")
        with serving(tmp_path_factory.mktemp("measured") / "data") as (_, client):
            use(client)
            yield read(port)


def use(client: YiqiClient) -> None:
    client.create_community("c")
    for n in range(6):
        client.create_member("c", f"m{n}", member("Potter, fires a wood kiln"))
    sent = client.ingest_messages("c", [message(n, f"m{n % 6}") for n in range(12)])
    client.search_members("c", "who fires a kiln", limit=2, min_sequence=sent.sequence)
    with pytest.raises(YiqiRpcError):
        client.recommend_peers("c", "nobody-of-that-name")


def test_calls_are_counted_by_method_and_code(measured: Read) -> None:
    calls = measured["yiqi_call_seconds_count"]
    assert calls["OK", "CreateMember"] == 6
    assert calls["OK", "SearchMembers"] == 1
    assert calls["NOT_FOUND", "RecommendPeers"] == 1


def test_refusals_are_counted_by_reason(measured: Read) -> None:
    refused = measured["yiqi_refused_total"]
    assert {reason: count for reason, count in refused.items() if count} == {("MEMBER_NOT_FOUND",): 1}
    assert refused["INTERNAL",] == 0


def test_the_feed_the_queue_and_the_models_can_be_followed(measured: Read) -> None:
    assert measured["yiqi_feed_lag_entries"]["index",] == 0
    assert set(measured["yiqi_feed_failing"].values()) == {0}
    assert measured["yiqi_embedding_queue_texts"][()] == 0
    assert [community for community, _ in measured["yiqi_model_info"]] == ["c"]
    assert measured["yiqi_communities"] == {("loading",): 0, ("serving",): 1, ("degraded",): 0, ("damaged",): 0}


def test_memory_and_exposure_are_told_by_community(measured: Read) -> None:
    assert measured["yiqi_community_memory_bytes"]["c",] > 6 * 512
    assert 0 < measured["yiqi_exposure_seen_share"]["c",] <= 2 / 6
    assert measured["yiqi_exposure_gini"]["c",] > 0.5


def test_no_member_and_no_text_is_told(measured: Read) -> None:
    labels = {label for samples in measured.values() for labels in samples for label in labels}
    assert not [label for label in labels if label in {f"m{n}" for n in range(6)} or "kiln" in label]


def test_metrics_are_not_served_to_other_machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIQI_METRICS", "0.0.0.0:0")
    server = start(tmp_path / "data")
    _, said = server.communicate(timeout=60)
    assert server.returncode == 1
    assert "YIQI_METRICS" in said
    assert "this machine only" in said


def test_a_taken_address_of_the_metrics_is_one_clear_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("YIQI_METRICS", address)
        server = start(tmp_path / "data")
        _, said = server.communicate(timeout=60)
    assert server.returncode == 1
    assert f"The address {address} of the metrics is taken" in said
    assert "Traceback" not in said
