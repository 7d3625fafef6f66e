"""Who is erased is nowhere in the data folder any more, but for the one place that keeps them from coming back."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from yiqi.client import YiqiClient
from yiqi.v1 import import_pb2, member_pb2, outcome_pb2
from yiqi.v1.common_pb2 import Need
from yiqi.v1.member_pb2 import CreateMemberRequest, Identity, Member
from yiqi.v1.message_pb2 import Message
from yiqi.v1.project_pb2 import CreateProjectRequest, Project
from yiqi.v1.recommendation_pb2 import AUDIENCE_ORGANIZERS

from models.domain.records import Block, Channel, Community, Guest, Invitation, Outcome, Round, Suggestion, Tie
from models.domain.records import Member as MemberRecord
from models.domain.records import Message as MessageRecord
from models.rounds.spec.json_text import plan_text, spec_text
from models.rounds.spec.requests import Match, Plan, RoundSpec
from service.compose import open_server, open_store
from service.core.settings import Settings

ID, OTHER, FORMER = "zelda-quux", "rin-9", "zq-before"
WORDS = ("xylograph", "quokkas", "zq@example.org", "Zelda Quuxdottir")
NAME, THEM = f"communities/c/members/{ID}", f"communities/c/members/{OTHER}"
T = 1_700_000_000_000_000


def rich(settings: Settings) -> None:
    """What lies there from before: of each kind of record something that names them."""
    people = (ID, OTHER, "third")
    spec = RoundSpec(kind="pairs", members=people)
    guests = tuple(Guest(member=one) for one in people)
    plan = Plan(matches=(Match(members=(ID, OTHER), score=0.5),))
    with open_store(settings, writes=True) as store:
        store.put("c", [
            Community(id="c"), MemberRecord(id=ID, name=WORDS[3]), MemberRecord(id=OTHER, name="Rin"),
            MemberRecord(id=FORMER, name="Z", profile=f"likes {WORDS[1]}"), MemberRecord(id="third", name="Third"),
            Channel(id="room", members=people), Tie(id="t1", source=ID, target=OTHER, time=T),
            Block(id=f"{ID}~{OTHER}", source=ID, target=OTHER, time=T), Block(id="b", source=OTHER, target="third"),
            Block(id=f"third~{ID}", source="third", target=ID),
            Outcome(id="o1", source=OTHER, target=ID, time=T, kind="talked"),
            Suggestion(id="s1", member=ID, field="offers", text=WORDS[0]),
            MessageRecord(id="mention", author=OTHER, time=T, text="well said", mentions=(ID,)),
            Round(id="r", time=T, state="published", spec=spec_text(spec), plan=plan_text(plan), members=people),
            Invitation(id="i1", time=T, guests=(Guest(member=ID), Guest(member=OTHER)), source="round", ref="r"),
            Invitation(id="i2", time=T, guests=guests, source="proposal", ref="p", title=WORDS[0]),
        ])  # fmt: skip
        store.delete("c", "block", [f"third~{ID}"])  # of which only the log tells by now
        store.merge_members("c", ID, FORMER)


def live(client: YiqiClient) -> None:
    """What is written while a server runs, with ids of requests."""
    member = Member(
        name=NAME,
        display_name=WORDS[3],
        identities=[Identity(platform="mail", handle=WORDS[2])],
        profile=f"I carve {WORDS[0]}s",
        aims=[f"raise {WORDS[1]}"],
        offers=[Need(text=f"{WORDS[0]} lessons")],
    )
    mask = {"paths": ["display_name", "profile", "aims", "offers", "identities"]}
    client.members.UpdateMember(member_pb2.UpdateMemberRequest(member=member, update_mask=mask))
    client.members.CreateMember(
        CreateMemberRequest(parent="communities/c", member_id="fourth", member=Member(), request_id="a-fourth")
    )
    project = Project(title="Carving", members=[NAME, THEM])
    client.projects.CreateProject(CreateProjectRequest(parent="communities/c", project_id="p", project=project))
    said = []
    for n in range(40):
        text = f"{WORDS[0]} number {n}, {WORDS[1]}"
        said.append(Message(name=f"communities/c/messages/x{n}", author=NAME, text=text))
        said[-1].time.FromMicroseconds(T + n)
    client.ingest_messages("c", said)
    client.members.BlockMember(member_pb2.BlockMemberRequest(name=NAME, blocked_member=THEM))
    client.members.UnblockMember(member_pb2.UnblockMemberRequest(name=NAME, blocked_member=THEM))
    client.members.BlockMember(member_pb2.BlockMemberRequest(name=NAME, blocked_member=THEM))
    outcome = outcome_pb2.Outcome(source=NAME, target=THEM, kind="OUTCOME_KIND_TALKED")
    outcome.time.FromMicroseconds(T)
    client.outcomes.RecordOutcomes(outcome_pb2.RecordOutcomesRequest(parent="communities/c", outcomes=[outcome]))
    # An import that nobody finished, with a row that is refused for a reason that names them.
    client.imports.BeginImport(import_pb2.BeginImportRequest(parent="communities/c", import_id="half"))
    bad = import_pb2.ImportRow(file="members.jsonl", line=1, kind="member", refused=f"id {ID} stood in line 2 already")
    client.imports.ImportRows(import_pb2.ImportRowsRequest(parent="communities/c", import_id="half", rows=[bad]))
    client.recommend_peers("c", ID, audience=AUDIENCE_ORGANIZERS)


def traces(folder: Path, *words: str) -> dict[str, list[str]]:
    """Which words stand in which files, packed ones unpacked."""
    found: dict[str, list[str]] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        hits = [word for word in words if word.encode().lower() in content.lower()]
        if hits:
            found[path.name] = hits
    return found


def rows_with(database: Path, word: str) -> Iterator[tuple[str, tuple[object, ...]]]:
    with closing(sqlite3.connect(database)) as file:
        for (table,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in file.execute(f"SELECT * FROM {table}"):
                if any(word in str(value) for value in row):
                    yield table, row


def test_who_is_erased_is_in_no_file_but_for_their_tombstone(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    rich(settings)
    with open_server(settings, writes=True) as address, YiqiClient(address, timeout=60) as client:
        live(client)
        assert {*traces(settings.data, ID, FORMER, *WORDS)} >= {"yiqi.db-wal"}
        client.erase_member("c", ID)
        live_traces = traces(settings.data, *WORDS)
    assert live_traces == {}
    assert traces(settings.data, *WORDS) == {}
    assert traces(settings.data, ID, FORMER) == {"yiqi.db": [ID, FORMER]}
    for id in (ID, FORMER):
        assert [table for table, _ in rows_with(settings.database, id)] == ["tombstones"]
    with open_store(settings, writes=True) as store:
        assert [one.id for one in store.changes("c", 0) if one.kind == "member" and one.op == "delete"] == [FORMER, ID]
        assert {one.id for one in store.changes("c", 0) if one.kind == "block"} & {"b"}
        assert store.put("c", [MemberRecord(id=ID, name="again")])[0].status == "conflict"


def test_the_log_of_an_earlier_version_names_the_erased_no_more(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    rich(settings)
    with open_store(settings, writes=True) as store:
        store.erase_member("c", ID)
    with closing(sqlite3.connect(settings.database)) as file, file:
        named = "UPDATE changes SET id = ? WHERE id IN (SELECT ref FROM tombstones WHERE id = ?)"
        file.executemany(named, [(ID, ID), (FORMER, FORMER)])
        file.execute("INSERT INTO changes SELECT 'c', max(seq) + 1, 'block', ?, 'put' FROM changes", [f"{OTHER}~{ID}"])
        file.execute("INSERT INTO requests VALUES ('c', 'sign up', ?, 1)", [f"member/{ID}"])
        file.execute("DROP INDEX ix_outcomes_words")
        file.execute("DROP INDEX ix_tombstones_community_ref")
        file.execute("ALTER TABLE tombstones DROP COLUMN ref")
        file.execute("ALTER TABLE outcomes DROP COLUMN invitation")
        file.execute("DROP TABLE incarnations")
        file.execute("UPDATE alembic_version SET version_num = '0007'")
    with open_store(settings, writes=True) as store:
        deleted = [one.id for one in store.changes("c", 0) if one.kind == "member" and one.op == "delete"]
        assert deleted == [FORMER, ID]
    assert [table for table, _ in rows_with(settings.database, ID)] == ["tombstones"]
