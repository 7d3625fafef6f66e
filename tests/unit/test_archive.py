"""The portable archive: what is read, what is refused, and that writing is canonical."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from models.archive import bounds
from models.archive.container import FILES, ArchiveError, BadRow, Row, read, write
from models.domain.records import (
    KIND_OF,
    Block,
    Channel,
    Community,
    Identity,
    Member,
    Message,
    Need,
    Outcome,
    Project,
    Record,
    Suggestion,
    Tie,
    all_attributes,
)

NOON = 1_709_640_000_000_000  # 2024-03-05T12:00:00Z

EVERYTHING: list[Record] = [
    Community(id="", name="河边木工", purpose="make things together", values=("care",), languages=("zh", "en")),
    Channel(id="general", name="General"),
    Channel(id="board", visibility="private", members=("ann", "白露")),
    Member(
        id="ann",
        name="Ann",
        profile="I carve spoons.\nAnd boats 🛶",
        aims=("a workshop by the river",),
        offers=(Need("carving lessons", "growth"), Need("a spare bench")),
        seeks=(Need("timber", "resources"),),
        values=("patience",),
        languages=("en",),
        place="Leeds",
        time_zone="Europe/London",
        availability=("weekends",),
        identities=(Identity("wechat", "安"),),
        consent="members",
        paused_until=NOON + 500_000,
        attributes={"age": 41, "cook": True, "shoe": 39.5, "zodiac": "羊"},
        extra='{"badge":null,"nested":{"a":[1,2],"b":{}},"team":"oak"}',
    ),
    Member(id="白露", consent="nobody"),
    Message(
        id="m1", author="ann", time=NOON, text="hello", channel="general", thread="t", topic="hi", mentions=("白露",)
    ),
    Message(id="m2", author="白露", time=NOON + 123_456, reply_to="m1"),
    Project(id="p1", time=None, title="A boat", text="of oak", members=("ann",), needs=(Need("sails"),), state="open"),
    Project(id="p2", time=NOON),
    Tie(id="t1", source="ann", target="白露", kind="sisters"),
    Outcome(id="o1", source="ann", target="白露", time=NOON, kind="helped", value="growth", token="abc"),
    Block(id="ann~bo", source="ann", target="bo", time=NOON, kind="asked"),
    Suggestion(id="s1", member="白露", field="seeks", text="木料", kind="resources", message="m2", state="struck"),
]


def by_kind(records: list[Record]) -> dict[str, list[Record]]:
    return {kind: [record for record in records if KIND_OF[type(record)] == kind] for kind in FILES}


def rows_of(folder: Path, name: str, *lines: dict[str, Any] | str | bytes) -> list[Row | BadRow]:
    folder.mkdir(parents=True, exist_ok=True)
    raw = [x if isinstance(x, bytes) else (x if isinstance(x, str) else json.dumps(x)).encode() for x in lines]
    (folder / name).write_bytes(b"\n".join(raw))
    return list(read(folder).records())


def only_record(folder: Path, name: str, line: dict[str, Any]) -> Any:
    (row,) = rows_of(folder, name, line)
    assert isinstance(row, Row), row
    return row.record


def reason_of(folder: Path, name: str, line: dict[str, Any] | str | bytes) -> str:
    (row,) = rows_of(folder, name, line)
    assert isinstance(row, BadRow), row
    return row.reason


@pytest.mark.parametrize("out", ["folder", "one.zip", "one.tar.gz"])
def test_everything_written_is_read_back_equal_and_in_load_order(tmp_path: Path, out: str) -> None:
    counts = write(tmp_path / out, by_kind(EVERYTHING))
    assert sum(counts.values()) == len(EVERYTHING)
    assert [row.record for row in read(tmp_path / out).records() if isinstance(row, Row)] == EVERYTHING


@pytest.mark.parametrize("out", ["folder", "one.zip", "one.tar.gz"])
def test_writing_what_was_read_gives_the_same_bytes(tmp_path: Path, out: str) -> None:
    write(tmp_path / "a" / out, by_kind(EVERYTHING))
    records = [row.record for row in read(tmp_path / "a" / out).records() if isinstance(row, Row)]
    write(tmp_path / "b" / out, by_kind(records))
    first, second = tmp_path / "a" / out, tmp_path / "b" / out
    files = sorted(first.iterdir()) if first.is_dir() else [first]
    assert files
    for file in files:
        twin = second / file.name if first.is_dir() else second
        assert file.read_bytes() == twin.read_bytes()


def test_rows_written_otherwise_come_out_canonical(tmp_path: Path) -> None:
    loose = {
        "z": {"b": 1, "a": 2},
        "time": "2024-03-05T20:00:00.500+08:00",
        "text": "hi",
        "author": 7,
        "id": 1,
        "thread": None,
        "a": None,
    }
    rows = rows_of(tmp_path / "in", "messages.jsonl", loose)
    write(tmp_path / "out", {"message": [row.record for row in rows if isinstance(row, Row)]})
    line = gzip.decompress((tmp_path / "out/messages.jsonl.gz").read_bytes())
    assert line == b'{"id":"1","author":"7","time":"2024-03-05T12:00:00.5Z","text":"hi","a":null,"z":{"a":2,"b":1}}\n'


def test_unknown_fields_inside_offers_and_identities_come_back(tmp_path: Path) -> None:
    row = {
        "id": "ann",
        "offers": ["tea", {"text": "lessons", "kind": "growth", "price": 3}],
        "identities": [{"platform": "irc", "handle": "ann", "since": 2020}],
        "consent": "members",
    }
    member = only_record(tmp_path / "in", "members.jsonl", row)
    assert member.offers == (Need("tea"), Need("lessons", "growth"))
    write(tmp_path / "out", {"member": [member]})
    assert json.loads(gzip.decompress((tmp_path / "out/members.jsonl.gz").read_bytes())) == row


def test_containers_may_hold_gz_files_in_a_folder_of_their_own(tmp_path: Path) -> None:
    packed = gzip.compress(b'{"id":"ann"}\n')
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as container:
        container.writestr("makers/members.jsonl.gz", packed)
        container.writestr("makers/README.txt", "hello")
    (tmp_path / "members.jsonl.gz").write_bytes(packed)
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "members.jsonl.gz", "makers/members.jsonl.gz")
    assert read(tmp_path / "a.zip").ignored == ("makers/README.txt",)
    for name in ("a.zip", "a.tar.gz"):
        assert [row.record.id for row in read(tmp_path / name).records() if isinstance(row, Row)] == ["ann"]


def test_members_who_state_no_consent_get_the_one_asked_for(tmp_path: Path) -> None:
    rows_of(tmp_path, "members.jsonl", {"id": "a"}, {"id": "b", "consent": "nobody"}, {"id": "c", "consent": None})
    found = [row.record for row in read(tmp_path).records(consent="members") if isinstance(row, Row)]
    assert [member.consent for member in found if isinstance(member, Member)] == ["members", "nobody", "members"]


def test_unknown_single_values_of_a_member_count_as_attributes(tmp_path: Path) -> None:
    row = {"id": "a", "team": "oak", "age": 4, "none": None, "list": [1], "attributes": {"age": 5, "gone": None}}
    member = only_record(tmp_path, "members.jsonl", row)
    assert all_attributes(member) == {"team": "oak", "age": 5}
    assert member.attributes == {"age": 5}


def test_rows_of_people_without_an_id_get_a_lasting_one(tmp_path: Path) -> None:
    tie = {"from": "a", "to": "b", "kind": "friends"}
    first = only_record(tmp_path / "1", "ties.jsonl", tie)
    second = only_record(tmp_path / "2", "ties.jsonl", dict(reversed(tie.items())))
    other = only_record(tmp_path / "3", "ties.jsonl", tie | {"kind": "kin"})
    assert first.id == second.id != other.id
    block = only_record(tmp_path / "4", "blocks.jsonl", {"from": "ann", "to": "bo", "kind": "asked"})
    assert block.id == only_record(tmp_path / "5", "blocks.jsonl", {"from": "ann", "to": "bo"}).id
    assert "ann" not in block.id


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("2024-03-05T12:00:00Z", NOON),
        ("2024-03-05t20:00:00+08:00", NOON),
        ("2024-03-05 07:30:00-04:30", NOON),
        ("2024-03-05T12:00:00.1234567Z", NOON + 123_456),
    ],
)
def test_times_of_any_offset_are_read(tmp_path: Path, text: str, micros: int) -> None:
    assert only_record(tmp_path, "messages.jsonl", {"id": "1", "author": "a", "time": text}).time == micros


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        ("messages.jsonl", {"id": "1", "author": "a", "time": "2024-03-05T12:00:00"}, "offset"),
        ("messages.jsonl", {"id": "1", "author": "a", "time": "2024-02-30T12:00:00Z"}, "no such time"),
        ("messages.jsonl", {"id": "1", "author": "a", "time": 1709640000}, "RFC 3339"),
        ("messages.jsonl", {"id": "1", "author": "a"}, "time is missing"),
        ("messages.jsonl", {"id": "1", "time": "2024-03-05T12:00:00Z"}, "author is missing"),
        ("messages.jsonl", {"id": 1.5, "author": "a", "time": "2024-03-05T12:00:00Z"}, "whole number"),
        ("messages.jsonl", {"id": True, "author": "a", "time": "2024-03-05T12:00:00Z"}, "whole number"),
        ("messages.jsonl", {"id": "1", "author": "a", "time": "2024-03-05T12:00:00Z", "text": ["x"]}, "text must be"),
        ("messages.jsonl", {"id": "1", "author": "a", "time": "2024-03-05T12:00:00Z", "mentions": [{}]}, "mentions[0]"),
        ("members.jsonl", {"id": ""}, "id is missing"),
        ("members.jsonl", {"id": "a", "consent": "everyone"}, "nobody, organizers, members"),
        ("members.jsonl", {"id": "a", "offers": [{"text": "x", "kind": "fame"}]}, "offers[0].kind"),
        ("members.jsonl", {"id": "a", "identities": [{"platform": "irc"}]}, "identities[0].handle"),
        ("members.jsonl", {"id": "a", "attributes": {"x": [1]}}, "attributes.x"),
        ("channels.jsonl", {"id": "a", "visibility": "secret"}, "community, members, private"),
        ("outcomes.jsonl", {"from": "a", "to": "b", "time": "2024-03-05T12:00:00Z", "kind": "liked"}, "shown"),
        ("suggestions.jsonl", {"id": "1", "member": "a", "field": "aims", "text": "x", "more": 1}, "more"),
        ("members.jsonl", "[1]", "not a JSON object"),
        ("members.jsonl", '{"id": "a"', "not JSON"),
        ("members.jsonl", b'{"id": "\xff"}', "not JSON"),
        ("members.jsonl", r'{"id": "\ud800"}', "not JSON"),
    ],
)
def test_a_row_that_is_no_record_says_why(tmp_path: Path, file: str, line: Any, said: str) -> None:
    assert said in reason_of(tmp_path, file, line)


def test_a_bad_row_names_its_line_and_does_not_stop_the_rest(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, "members.jsonl", b'\xef\xbb\xbf{"id":"a"}', b"", b"nonsense", b'{"id":"b"}\r')
    assert [(row.file, row.line) for row in rows] == [("members.jsonl", n) for n in (1, 3, 4)]
    assert [isinstance(row, BadRow) for row in rows] == [False, True, False]


def test_a_file_that_is_cut_off_is_reported_after_what_could_be_read(tmp_path: Path) -> None:
    lines = b"".join(b'{"id":"m%d"}\n' % n for n in range(50_000))
    (tmp_path / "members.jsonl.gz").write_bytes(gzip.compress(lines)[:-9000])
    (tmp_path / "projects.jsonl").write_text('{"id":"p"}')
    rows = list(read(tmp_path).records())
    assert sum(isinstance(row, Row) for row in rows) > 1000
    assert [row.file for row in rows if isinstance(row, BadRow)][-1] == "members.jsonl.gz"
    assert rows[-1].file == "projects.jsonl"


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "note.txt").write_text("hello")
    (tmp_path / "both").mkdir()
    for name in ("members.jsonl", "members.jsonl.gz"):
        (tmp_path / "both" / name).write_bytes(b"")
    for name, said in (("empty", "none of"), ("note.txt", "no folder"), ("gone", "there is no"), ("both", "keep one")):
        with pytest.raises(ArchiveError, match=said):
            read(tmp_path / name)


def test_an_older_archive_is_replaced_and_anything_else_is_not(tmp_path: Path) -> None:
    write(tmp_path / "out", by_kind(EVERYTHING))
    write(tmp_path / "out", {"member": [Member(id="ann")]})
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["members.jsonl.gz"]
    (tmp_path / "out" / "diary.txt").write_text("mine")
    with pytest.raises(ArchiveError, match=r"diary\.txt"):
        write(tmp_path / "out", {"member": [Member(id="ann")]})
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_failed_write_leaves_the_older_archive_as_it_was(tmp_path: Path) -> None:
    def failing() -> Any:
        yield Member(id="ann")
        raise RuntimeError("the source broke")

    write(tmp_path / "one.zip", by_kind(EVERYTHING))
    before = (tmp_path / "one.zip").read_bytes()
    with pytest.raises(RuntimeError):
        write(tmp_path / "one.zip", {"member": failing()})
    assert (tmp_path / "one.zip").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["one.zip"]


def test_the_fingerprint_follows_the_content(tmp_path: Path) -> None:
    write(tmp_path / "a", by_kind(EVERYTHING))
    write(tmp_path / "b", by_kind(EVERYTHING))
    write(tmp_path / "c", by_kind(EVERYTHING[:-1]))
    assert read(tmp_path / "a").fingerprint() == read(tmp_path / "b").fingerprint()
    assert read(tmp_path / "a").fingerprint() != read(tmp_path / "c").fingerprint()


@pytest.mark.parametrize("file", ["members.jsonl", "members.jsonl.gz", "community.json"])
def test_a_row_that_is_too_long_is_refused_by_its_limit_and_does_not_fill_the_memory(tmp_path: Path, file: str) -> None:
    rows = b'{"id":"ann"}\n{"id":"bo","profile":"' + b"x" * 50_000_000 + b'"}\n{"id":"cy"}\n'
    (tmp_path / file).write_bytes(gzip.compress(rows, 1) if file.endswith(".gz") else rows)
    del rows
    tracemalloc.start()
    found = list(read(tmp_path).records())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40_000_000
    assert [row.line for row in found if isinstance(row, BadRow)] == [1 if file == "community.json" else 2]
    assert any("more than 8,000,000 bytes" in row.reason for row in found if isinstance(row, BadRow))
    if file != "community.json":
        assert [row.record.id for row in found if isinstance(row, Row)] == ["ann", "cy"]  # type: ignore[union-attr]


@pytest.mark.parametrize("packed", ["folder", "zip", "tar.gz"])
def test_what_unpacks_to_far_more_than_its_size_is_refused(
    tmp_path: Path, packed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "BOMB_FROM", 1 << 20)
    rows = b'{"id":"ann"}\n' * 400_000
    path = tmp_path / f"bomb.{packed}"
    if packed == "folder":
        path.mkdir()
        (path / "members.jsonl.gz").write_bytes(gzip.compress(rows))
    elif packed == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
            container.writestr("members.jsonl", rows)
    else:
        with tarfile.open(path, "w:gz") as tar:
            info = tarfile.TarInfo("members.jsonl")
            info.size = len(rows)
            tar.addfile(info, io.BytesIO(rows))
    last = list(read(path).records())[-1]
    assert isinstance(last, BadRow)
    assert "more than 200 times its size" in last.reason
