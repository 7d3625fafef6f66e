"""Import and export of a whole community, through the use cases and the store on disk."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from models.archive.container import read
from models.domain.records import Channel, Community, Identity, Member, Message, Need
from service.application.exporting import export_community
from service.application.importing import ImportSummary, import_archive, preview
from service.cli.import_report import describe
from service.core.errors import CommunityNotFound, InvalidArgument
from service.importers import open_source
from service.store.sql import SqlStore

from .worlds import MINUTE, NOW, START, make_archive, run_import


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = SqlStore(tmp_path / "yiqi.db")
    yield opened
    opened.close()


def member(store: SqlStore, id: str) -> Member:
    return cast(Member, store.get("c", "member", [id])[id].record)


def archive_of(folder: Path, **files: list[dict[str, object]]) -> Path:
    folder.mkdir()
    for name, rows in files.items():
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


def test_export_import_export_gives_the_same_bytes(tmp_path: Path) -> None:
    source = make_archive(tmp_path / "in.tar.gz", 5000)
    exports = []
    for name in ("first", "second"):
        run_import(tmp_path / f"{name}.db", source)
        store = SqlStore(tmp_path / f"{name}.db", read_only=True)
        export_community(store, "c", source := tmp_path / f"{name}.tar.gz")
        store.close()
        exports.append(source.read_bytes())
    assert exports[0] == exports[1]
    assert len(exports[0]) > 10_000


def test_everything_of_an_archive_comes_back_but_for_the_strangers_it_names(store: SqlStore, tmp_path: Path) -> None:
    source = make_archive(tmp_path / "in.zip", 500)
    summary = import_archive(store, "c", open_source(source), now=NOW)
    export_community(store, "c", tmp_path / "out.zip")
    before = {row.record for row in read(source).records(kinds=("message", "project", "tie", "outcome", "block"))}  # type: ignore[union-attr]
    after = {
        row.record
        for row in read(tmp_path / "out.zip").records(kinds=("message", "project", "tie", "outcome", "block"))
    }  # type: ignore[union-attr]
    assert before == after
    assert summary.introduced == 1
    assert store.count("c", "member") == 51
    found = cast(Community, store.get("c", "community", ["c"])["c"].record)
    assert (found.name, found.extra) == ("Riverside", '{"since":1999}')


def test_a_second_import_changes_nothing(store: SqlStore, tmp_path: Path) -> None:
    source = make_archive(tmp_path / "in.zip", 3000)
    first = import_archive(store, "c", open_source(source), now=NOW)
    head = store.head("c")
    second = import_archive(store, "c", open_source(source), now=NOW)
    assert store.head("c") == head
    assert sum(first.created.values()) == sum(second.unchanged.values()) == sum(first.read.values())
    assert not second.created
    assert not second.conflict
    assert second.resumed_at == 0


def test_rows_at_or_after_until_stay_out_and_rows_without_a_time_come_in(store: SqlStore, tmp_path: Path) -> None:
    source = make_archive(tmp_path / "in.zip", 100)
    summary = import_archive(store, "c", open_source(source), until=START + 9 * MINUTE, now=NOW)
    messages = [cast(Message, record) for record in store.scan("c", "message")]
    assert [message.time for message in messages] == [START + n * MINUTE for n in range(9)]
    counts = {kind: store.count("c", kind) for kind in ("member", "channel", "project", "tie", "outcome", "block")}
    assert counts == {"member": 51, "channel": 1, "project": 1, "tie": 1, "outcome": 0, "block": 1}
    assert summary.late == 92


def test_what_an_import_creates_is_for_organizers_unless_the_people_agreed(store: SqlStore, tmp_path: Path) -> None:
    said = {"author": "stranger", "time": "2024-03-05T12:00:00Z", "text": "hi"}
    members = [{"id": "a"}, {"id": "b", "consent": "nobody"}]
    first = archive_of(tmp_path / "1", members=members, messages=[said | {"id": "1"}])
    summary = import_archive(store, "c", open_source(first), now=NOW)
    assert summary.consent == {"organizers": 2, "nobody": 1}, "a, the stranger; and b, who said so"
    assert member(store, "stranger").consent == member(store, "a").consent == "organizers"

    agreed = archive_of(tmp_path / "2", members=[{"id": "x"}], messages=[said | {"id": "2", "author": "y"}])
    summary = import_archive(store, "c", open_source(agreed), consent="members", now=NOW)
    assert summary.consent == {"members": 2}
    assert member(store, "x").consent == member(store, "y").consent == "members"
    assert member(store, "a").consent == "organizers"


def test_bad_rows_are_reported_with_file_and_line_and_do_not_stop_the_rest(store: SqlStore, tmp_path: Path) -> None:
    time = "2024-03-05T12:00:00Z"
    messages: list[dict[str, object]] = [
        {"id": "1", "author": "a", "time": time},
        {"id": "a/b", "author": "a", "time": time},
        {"id": "3", "author": "a", "time": "2099-01-01T00:00:00Z"},
        {"id": "4", "author": "a", "time": "1950-01-01T00:00:00Z"},
        {"id": "5", "author": "a", "time": time, "text": "x" * 100_001},
        {"id": "6", "author": "a", "time": time, "text": "a\0b"},
        {"id": "7", "author": "a"},
        {"id": "8", "author": "a", "time": time},
    ]
    summary = import_archive(store, "c", open_source(archive_of(tmp_path / "in", messages=messages)), now=NOW)
    assert [(row.file, row.line) for row in summary.bad_rows] == [("messages.jsonl", n) for n in range(2, 8)]
    assert all(row.reason for row in summary.bad_rows)
    assert [record.id for record in store.scan("c", "message")] == ["1", "8"]
    assert member(store, "a").name == "a"


def test_what_was_changed_here_since_is_not_overwritten(store: SqlStore, tmp_path: Path) -> None:
    source = archive_of(tmp_path / "in", members=[{"id": "a", "profile": "old"}])
    import_archive(store, "c", open_source(source), now=NOW)
    store.put("c", [Member(id="a", profile="new")], on_existing="replace")
    summary = import_archive(store, "c", open_source(source), now=NOW)
    assert summary.conflict == {"member": 1}
    assert member(store, "a").profile == "new"


def test_the_consent_of_everybody_is_counted_and_a_kept_one_is_named(store: SqlStore, tmp_path: Path) -> None:
    source = archive_of(tmp_path / "1", members=[{"id": "a"}, {"id": "b", "consent": "nobody"}])
    assert import_archive(store, "c", open_source(source), now=NOW).everyone == {"organizers": 1, "nobody": 1}
    more = archive_of(tmp_path / "2", members=[{"id": "a"}, {"id": "x"}])
    summary = import_archive(store, "c", open_source(more), consent="members", now=NOW)
    assert summary.everyone == {"organizers": 1, "nobody": 1, "members": 1}
    assert summary.consent_kept == 1
    assert member(store, "a").consent == "organizers"


def test_an_edited_message_has_its_newer_words(store: SqlStore, tmp_path: Path) -> None:
    said = {"id": "1", "author": "a", "time": "2024-03-05T12:00:00Z", "reply_to": "0", "mentions": ["b"]}
    import_archive(store, "c", open_source(archive_of(tmp_path / "1", messages=[said | {"text": "a kiln"}])), now=NOW)
    newer = archive_of(tmp_path / "2", messages=[{**said, "text": "two kilns", "reply_to": "", "mentions": []}])
    summary = import_archive(store, "c", open_source(newer), now=NOW)
    assert (summary.replaced, summary.conflict) == ({"message": 1}, {})
    message = cast(Message, store.get("c", "message", ["1"])["1"].record)
    assert (message.text, message.reply_to, message.mentions) == ("two kilns", "0", ())

    for lost in ({"text": ""}, {"text": "mine", "author": "b"}):
        other = archive_of(tmp_path / f"3{len(lost)}", messages=[{**said, **lost}])
        summary = import_archive(store, "c", open_source(other), now=NOW)
        assert summary.conflict == {"message": 1}, "words are not lost, and nobody else's are put in their place"
    assert cast(Message, store.get("c", "message", ["1"])["1"].record).text == "two kilns"


def test_a_room_keeps_whoever_was_in_it_and_does_not_open(store: SqlStore, tmp_path: Path) -> None:
    room = {"id": "r", "name": "old", "visibility": "private", "members": ["a"]}
    import_archive(store, "c", open_source(archive_of(tmp_path / "1", channels=[room])), now=NOW)
    newer = archive_of(tmp_path / "2", channels=[{"id": "r", "name": "new", "members": ["b"]}])
    import_archive(store, "c", open_source(newer), now=NOW)
    found = cast(Channel, store.get("c", "channel", ["r"])["r"].record)
    assert (found.name, found.visibility, found.members) == ("new", "private", ("a", "b"))


def test_whoever_was_known_from_a_chat_gets_what_a_list_says_of_them(store: SqlStore, tmp_path: Path) -> None:
    slack = {"id": "im1", "name": "lu", "identities": [{"platform": "email", "handle": "lu@example.org"}]}
    import_archive(store, "c", open_source(archive_of(tmp_path / "1", members=[slack])), now=NOW)
    import_archive(store, "c", open_source(archive_of(tmp_path / "2", members=[slack | {"name": "Lu P"}])), now=NOW)
    assert member(store, "im1").name == "Lu P", "the same account by its newer name"

    sheet = tmp_path / "signup.csv"
    sheet.write_text("Name,Email,Skills,May we introduce you to others?\nLu Pan,LU@example.org,pots,Yes\n", "utf-8")
    summary = import_archive(store, "c", open_source(sheet), now=NOW)
    assert summary.replaced == {"member": 1}
    found = member(store, "im1")
    assert (found.name, found.offers, found.consent) == ("Lu Pan", (Need("pots"),), "members")

    import_archive(store, "c", open_source(archive_of(tmp_path / "3", members=[slack])), now=NOW)
    assert member(store, "im1") == found, "what is stated here stays"


HEAD = "Timestamp,Name,Email,Where do you live?,Skills,May we introduce you to others?\n"


def answered(store: SqlStore, sheet: Path, *lines: str, replace_changed: bool = False) -> ImportSummary:
    sheet.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")
    return import_archive(store, "c", open_source(sheet), replace_changed=replace_changed, now=NOW)


def everybody_of(store: SqlStore) -> dict[str, Member]:
    return {cast(Member, one).name: cast(Member, one) for one in store.scan("c", "member")}


def test_a_form_answered_again_counts_by_its_newest_answer(store: SqlStore, tmp_path: Path) -> None:
    lu = "2024/03/05 9:00:00 AM GMT+8,Lu,lu@example.org,Ulm,pots,Yes"
    bo = "2024/03/05 9:00:00 AM GMT+8,Bo,bo@example.org,Graz,salt,Yes"
    assert answered(store, tmp_path / "a.csv", lu, bo).created["member"] == 2
    again = "2024/03/07 9:00:00 AM GMT+8,Lu,lu@example.org,,bowls,Yes"
    summary = answered(store, tmp_path / "b.csv", again, bo)
    assert (summary.replaced, summary.unchanged, summary.answers_kept) == ({"member": 1}, {"member": 1}, 0)
    assert "member              2 read: 0 created, 1 unchanged, 1 given newer answers" in describe(summary)
    now = everybody_of(store)["Lu"]
    assert (now.offers, now.place) == ((Need("bowls"),), "Ulm"), "an empty answer takes nothing away"
    older = answered(store, tmp_path / "c.csv", lu, bo)
    assert (older.replaced, older.answers_kept) == ({}, 0)
    assert everybody_of(store)["Lu"] == now, "an older export of the same form changes nothing"
    assert answered(store, tmp_path / "b.csv", again, bo).replaced == {}
    renamed = answered(store, tmp_path / "d.csv", again.replace("03/07", "03/08").replace("Lu,", "Lu Hahn,"), bo)
    assert "member              2 read: 0 created, 1 unchanged, 1 given further handles or another name" in describe(
        renamed
    )


def test_what_somebody_changed_here_is_not_overwritten_by_a_sheet_unless_told(store: SqlStore, tmp_path: Path) -> None:
    answered(store, tmp_path / "a.csv", "2024/03/05 9:00:00 AM GMT+8,Lu,lu@example.org,Ulm,pots,Yes")
    lu = everybody_of(store)["Lu"]
    store.put("c", [replace(lu, place="Berlin", paused_until=5)], "replace")
    newer = "2024/03/07 9:00:00 AM GMT+8,Lu,lu@example.org,Bonn,bowls,Yes"
    for _ in range(2):
        summary = answered(store, tmp_path / "b.csv", newer)
        assert summary.answers_kept == 1
        assert everybody_of(store)["Lu"] == replace(lu, place="Berlin", offers=(Need("bowls"),), paused_until=5)
    summary = answered(store, tmp_path / "b.csv", newer, replace_changed=True)
    assert (summary.replaced, summary.answers_kept) == ({"member": 1}, 0)
    assert everybody_of(store)["Lu"] == replace(lu, place="Bonn", offers=(Need("bowls"),), paused_until=5)


def test_a_refusal_in_a_newer_answer_holds_whatever_was_set_here(store: SqlStore, tmp_path: Path) -> None:
    answered(store, tmp_path / "a.csv", "2024/03/05 9:00:00 AM GMT+8,Lu,lu@example.org,Ulm,pots,Only via organizers")
    assert everybody_of(store)["Lu"].consent == "organizers"
    store.put("c", [replace(everybody_of(store)["Lu"], consent="members")], "replace")
    answered(store, tmp_path / "b.csv", "2024/03/06 9:00:00 AM GMT+8,Lu,lu@example.org,Ulm,pots,Only via organizers")
    assert everybody_of(store)["Lu"].consent == "members", "the same answer as before says nothing new"
    answered(store, tmp_path / "c.csv", "2024/03/07 9:00:00 AM GMT+8,Lu,lu@example.org,Ulm,pots,No")
    assert everybody_of(store)["Lu"].consent == "nobody"
    answered(store, tmp_path / "d.csv", "2024/03/08 9:00:00 AM GMT+8,Lu,lu@example.org,Ulm,pots,Yes")
    assert (everybody_of(store)["Lu"].consent, everybody_of(store)["Lu"].extra) == ("members", "")


def test_who_was_never_in_a_sheet_keeps_what_they_state(store: SqlStore, tmp_path: Path) -> None:
    lu = Member(id="lu", name="Lu", place="Ulm", identities=(Identity("email", "lu@example.org"),))
    store.put("c", [Community(id="c"), lu])
    line = "2024/03/05 9:00:00 AM GMT+8,Lu,lu@example.org,Bonn,pots,Yes"
    summary = answered(store, tmp_path / "a.csv", line)
    assert (summary.answers_kept, everybody_of(store)["Lu"]) == (1, lu)
    answered(
        store, tmp_path / "a.csv", "2024/03/05 9:00:00 AM GMT+8,Lu,lu@example.org,Bonn,pots,Yes", replace_changed=True
    )
    assert everybody_of(store)["Lu"].offers == (Need("pots"),)


def test_a_preview_counts_and_refuses_without_a_store(tmp_path: Path) -> None:
    members: list[dict[str, object]] = [{"id": "a"}, {"id": "b", "consent": "members"}, {"id": "x/y"}]
    said = {"id": "1", "author": "a", "time": "2024-03-05T12:00:00Z"}
    source = open_source(archive_of(tmp_path / "1", members=members, messages=[said]))
    summary = preview(source, until=START, now=NOW)
    assert (summary.read, summary.bad, summary.written) == ({"member": 3, "message": 1}, 1, False)
    assert summary.consent == {"organizers": 1, "members": 1}


def test_the_erased_do_not_come_back(store: SqlStore, tmp_path: Path) -> None:
    source = make_archive(tmp_path / "in.zip", 300)
    import_archive(store, "c", open_source(source), now=NOW)
    store.erase_member("c", "m1")
    summary = import_archive(store, "c", open_source(source), consent="members", now=NOW)
    assert "m1" not in store.get("c", "member", ["m1"])
    assert all(cast(Message, record).author != "m1" for record in store.scan("c", "message"))
    assert summary.conflict["member"] == 1


def test_a_later_export_of_a_group_adds_its_new_lines_and_nicknames(store: SqlStore, tmp_path: Path) -> None:
    group = tmp_path / "木工.csv"
    lines = ["时间,发送人,内容", "2024-03-05 21:00,青禾,大家好", '2024-03-06 21:00,,"""青禾""修改群昵称为""青禾成都"""']
    group.write_text("\n".join(lines[:2]), encoding="utf-8")
    import_archive(store, "c", open_source(group), now=NOW)
    group.write_text("\n".join([*lines, "2024-03-06 21:01,青禾成都,换了名字"]), encoding="utf-8")
    import_archive(store, "c", open_source(group), now=NOW)

    # The next month's export begins after the change and knows only the new name.
    group.write_text("\n".join([lines[0], "2024-04-01 08:00,青禾成都,早"]), encoding="utf-8")
    import_archive(store, "c", open_source(group), now=NOW)

    (person,) = [cast(Member, record) for record in store.scan("c", "member")]
    assert person.identities == (Identity("wechat", "青禾"), Identity("wechat", "青禾成都"))
    assert person.name == "青禾成都"
    messages = [cast(Message, record) for record in store.scan("c", "message")]
    assert [message.text for message in messages] == ["大家好", "换了名字", "早"]
    assert {message.author for message in messages} == {person.id}


def test_an_export_shows_one_state_while_others_write(store: SqlStore, tmp_path: Path) -> None:
    """The writer adds members and their messages without a pause: a mixed state would hold a message of nobody."""
    store.put("c", [Community(id="c")])
    stop = threading.Event()

    def write() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            store.put("c", [Member(id=f"m{n}")])
            store.put("c", [Message(id=f"x{n}", author=f"m{n}", time=START + n)])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(30):
            with store.read("c") as snapshot:
                members, messages = len(list(snapshot.scan("member"))), len(list(snapshot.scan("message")))
            assert members - messages in (0, 1)
            assert snapshot.revision == 1 + members + messages
    finally:
        stop.set()
        writer.join()


def test_an_export_of_nothing_and_a_bad_community_id_are_refused(store: SqlStore, tmp_path: Path) -> None:
    with pytest.raises(CommunityNotFound):
        export_community(store, "c", tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()
    source = open_source(make_archive(tmp_path / "in.zip", 1))
    with pytest.raises(InvalidArgument):
        import_archive(store, "a/b", source, now=NOW)
    assert store.communities() == []
