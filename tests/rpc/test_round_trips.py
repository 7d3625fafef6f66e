"""Whatever a write accepts goes out and comes back the same; what cannot be given out again is refused at once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yiqi.client import YiqiRpcError
from yiqi.v1.channel_pb2 import Channel, CreateChannelRequest
from yiqi.v1.common_pb2 import Need
from yiqi.v1.community_pb2 import DeleteCommunityRequest
from yiqi.v1.member_pb2 import Member
from yiqi.v1.message_pb2 import Message
from yiqi.v1.project_pb2 import Project

from models.domain.kinds import MEMBER
from models.domain.records import Community, Scalar
from models.domain.records import Member as MemberRecord
from service.application.exporting import export_community
from service.application.importing import import_archive
from service.importers import open_source
from service.store.sql import SqlStore

from .conftest import NOW, Running

DEEP = "[" * 260 + "]" * 260
REFUSED = {
    "not a number": '{"x":NaN}',
    "infinite": '{"x":-Infinity}',
    "beyond all numbers": '{"x":1e999}',
    "half a character": '{"x":"\\ud800"}',
    "a name with half a character": '{"\\udfff":1}',
    "deep": f'{{"x":{DEEP}}}',
    "33 deep": '{"x":' + "[" * 32 + "]" * 32 + "}",
    "too long once it is written out": '{"x":[' + ",".join(["1e15"] * 3_900) + "]}",
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_could_not_be_exported_again_is_refused(case: str, running: Running) -> None:
    running.client.create_community("c")
    with pytest.raises(YiqiRpcError) as refused:
        running.client.create_member("c", "ann", Member(display_name="Ann", extra_json=REFUSED[case]))
    assert refused.value.status is grpc.StatusCode.INVALID_ARGUMENT
    assert refused.value.reason in ("EXTRA_JSON_INVALID", "TEXT_TOO_LONG")


def test_what_is_32_deep_is_taken_and_kept_in_its_one_writing(running: Running) -> None:
    running.client.create_community("c")
    text = '{ "x" : ' + "[" * 31 + "1e2" + "]" * 31 + ', "b":"\\u00e9" }'
    running.client.create_member("c", "ann", Member(display_name="Ann", extra_json=text))
    kept = running.client.get_member("c", "ann").extra_json
    assert kept == '{"b":"é","x":' + "[" * 31 + "100.0" + "]" * 31 + "}"


numbers = st.one_of(
    st.integers(), st.floats().map(repr), st.sampled_from(["1e400", "-0.0", "1E5", "1e-400", "NaN", "9" * 40])
).map(str)
escapes = st.text(st.characters(), max_size=5).map(
    lambda text: "".join(f"\\u{ord(one):04x}" for one in text if ord(one) < 0x10000)
)
names = st.sampled_from(
    ["x", "name", "id", "offers", "_unknown_in_offers", "_unknown_in_identities", "attributes", "consent"]
)
strings = (st.text(max_size=8).map(lambda text: text.replace("\\", "").replace('"', "")) | escapes | names).map(
    lambda text: f'"{text}"'
)
keys = names.map(lambda name: f'"{name}"') | strings
values = st.recursive(
    numbers | strings | st.sampled_from(["null", "true", '{"text":"baking","kind":"","since":1}']),
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda parts: f"[{','.join(parts)}]")
        | st.lists(st.tuples(keys, inner), max_size=4).map(
            lambda pairs: "{" + ",".join(f"{key}:{value}" for key, value in pairs) + "}"
        )
    ),
    max_leaves=12,
)
objects = st.lists(st.tuples(keys, values), min_size=1, max_size=5).map(
    lambda pairs: "{" + ",".join(f"{key}:{value}" for key, value in pairs) + "}"
)


def exported(store: SqlStore, out: Path) -> bytes:
    export_community(store, "c", out)
    return out.read_bytes()


def imported(archive: Path, database: Path) -> SqlStore:
    store = SqlStore(database)
    summary = import_archive(store, "c", open_source(archive), now=NOW)
    assert summary.bad_rows == []
    return store


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(objects, min_size=20, max_size=20))
def test_whatever_a_write_accepts_comes_back_the_same_from_an_export(
    texts: list[str], running: Running, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("trip")
    client = running.client
    if list(client.list_communities()):
        client.communities.DeleteCommunity(DeleteCommunityRequest(name="communities/c"))
    client.create_community("c")
    answers: list[tuple[grpc.StatusCode, str]] = []
    for at, text in enumerate(texts):
        stated = [Need(text="baking"), Need(text="drawing", kind="VALUE_KIND_GROWTH")]
        member = Member(display_name=f"M{at}", offers=stated, extra_json=text)
        try:
            client.create_member("c", f"m{at}", member)
        except YiqiRpcError as refused:
            answers.append((refused.status, text))
            continue
        client.create_project("c", f"p{at}", Project(title="A kiln", needs=stated, extra_json=text))
        channel = Channel(display_name="Hall", extra_json=text)
        client.channels.CreateChannel(
            CreateChannelRequest(parent="communities/c", channel_id=f"k{at}", channel=channel)
        )
        said = Message(name=f"communities/c/messages/x{at}", author=f"communities/c/members/m{at}", extra_json=text)
        said.time.FromMicroseconds(NOW - at)
        assert client.ingest_messages("c", [said]).summary.rejected == 0, text
    assert {text for status, text in answers if status is not grpc.StatusCode.INVALID_ARGUMENT} == set()
    first = exported(running.store, folder / "first.zip")
    with closing(imported(folder / "first.zip", folder / "again.db")) as again:
        assert exported(again, folder / "second.zip") == first


BAD = [
    '{"x":NaN}',
    '{"x":1e999}',
    '{"x":"\\ud800","\\udc00":2}',
    f'{{"x":{DEEP},"y":1}}',
    "no JSON",
    "[1]",
    '{"x":' + "9" * 50 + "}",
]


def test_a_row_that_an_earlier_version_took_in_never_stops_an_export(tmp_path: Path) -> None:
    with closing(SqlStore(tmp_path / "yiqi.db")) as store:
        store.put("c", [Community(id="c"), *(MemberRecord(id=f"m{n}", name="M") for n in range(len(BAD)))])
    with closing(sqlite3.connect(tmp_path / "yiqi.db")) as file, file:
        file.executemany("UPDATE members SET extra = ? WHERE id = ?", [(text, f"m{n}") for n, text in enumerate(BAD)])
    with closing(SqlStore(tmp_path / "yiqi.db")) as store:
        first = exported(store, tmp_path / "first.zip")
        assert store.count("c", MEMBER) == len(BAD)
    with closing(imported(tmp_path / "first.zip", tmp_path / "again.db")) as again:
        assert again.count("c", MEMBER) == len(BAD)
        assert exported(again, tmp_path / "second.zip") == first


def test_a_deep_row_is_refused_and_the_rest_of_the_archive_comes_in(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "community.json").write_text("{}")
    rows = ['{"id":"ann","name":"Ann"}', f'{{"id":"deep","name":"D","x":{DEEP}}}', '{"id":"bo","name":"Bo"}']
    (archive / "members.jsonl").write_text("\n".join(rows))
    with closing(SqlStore(tmp_path / "yiqi.db")) as store:
        summary = import_archive(store, "c", open_source(archive), now=NOW)
        assert [(row.line, row.reason) for row in summary.bad_rows if row.file == "members.jsonl"] == [
            (2, "nested more than 32 deep")
        ]
        assert store.get("c", MEMBER, ["ann", "deep", "bo"]).keys() == {"ann", "bo"}


def test_two_members_with_much_to_say_make_one_whom_an_import_takes(tmp_path: Path) -> None:
    def full(id: str) -> MemberRecord:
        aims = tuple(f"{id} {n}" for n in range(80))
        attributes: dict[str, Scalar] = {f"{id}{n}": n for n in range(80)}
        extra = f'{{"{id}":"{"x" * 15_000}"}}'
        return MemberRecord(id=id, name=id, aims=aims, attributes=attributes, extra=extra)

    with closing(SqlStore(tmp_path / "yiqi.db")) as store:
        store.put("c", [Community(id="c"), full("a"), full("b")])
        store.merge_members("c", "a", "b")
        first = exported(store, tmp_path / "first.zip")
    with closing(imported(tmp_path / "first.zip", tmp_path / "again.db")) as again:
        assert exported(again, tmp_path / "second.zip") == first
