"""What the SQLite store promises beyond the contract: its file, migrations, reading beside a writer, real erasure."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event

import service.store
from models.domain.invitations import reply_outcomes
from models.domain.outcome_ids import earlier_id
from models.domain.records import (
    Community,
    Guest,
    Identity,
    Invitation,
    Member,
    Message,
    Need,
    Outcome,
    Project,
    Round,
    Suggestion,
)
from service.core.errors import DataUnusable, FailedPrecondition
from service.store.sql import SqlStore
from service.store.tables import SCHEMA, metadata

C = "garden"
ROOT = Path(__file__).parents[2]
MIGRATIONS = Path(service.store.__file__).parent / "migrations"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a folder with % and ?" / "yiqi.db"


@pytest.fixture
def store(file: Path) -> SqlStore:
    file.parent.mkdir()
    opened = SqlStore(file)
    opened.put(C, [Community(id=C)])
    return opened


def test_migrations_lead_to_the_tables_as_they_are_written_down(store: SqlStore, file: Path) -> None:
    store.close()
    with create_engine("sqlite+pysqlite://", creator=lambda: sqlite3.connect(file)).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [SCHEMA]


@contextmanager
def of_version(version: str, file: Path) -> Iterator[sqlite3.Connection]:
    """A file as an older version of the program made it, with the community in it."""
    file.parent.mkdir()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = create_engine("sqlite+pysqlite://", creator=lambda: sqlite3.connect(file))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
    engine.dispose()
    with sqlite3.connect(file) as raw:
        put(raw, "communities", id=C)
        yield raw
    raw.close()


def put(raw: sqlite3.Connection, table: str, **values: object) -> None:
    """A row of an older table; texts that are not given are empty, numbers 0."""
    columns = {name: "" if kind == "TEXT" else 0 for _, name, kind, *_ in raw.execute(f"PRAGMA table_info({table})")}
    row = columns | values
    raw.execute(
        f"INSERT INTO {table} ({', '.join(map(repr, row))}) VALUES ({', '.join('?' * len(row))})", [*row.values()]
    )


def test_a_file_of_an_older_version_is_brought_up_to_date_and_keeps_what_is_in_it(file: Path) -> None:
    lists = dict.fromkeys(("aims", "offers", "seeks", "values", "languages", "availability", "identities"), "[]")
    with of_version("0001", file) as raw:
        put(raw, "members", community=C, id="ada", name="Ada", consent="members", attributes="{}", **lists)
    with pytest.raises(FailedPrecondition, match="another version"):
        SqlStore(file, read_only=True)
    with pytest.raises(FailedPrecondition, match="another version"):
        SqlStore(file, beside=True)
    newer = SqlStore(file)
    assert newer.put(C, [Round(id="r", time=1)])[0].status == "created"
    assert newer.get(C, "member", ["ada"])["ada"].record == Member(
        id="ada", name="Ada", consent="members", paused_until=0
    )
    newer.close()


def test_what_consumers_noted_before_they_had_cursors_becomes_their_cursors(file: Path) -> None:
    with of_version("0003", file) as raw:
        for job, note in (("introductions", "7"), ("import-1", "{}")):
            put(raw, "progress", community=C, job=job, note=note)
    newer = SqlStore(file)
    assert newer.cursor(C, "introductions") == 7
    assert (newer.progress(C, "introductions"), newer.progress(C, "import-1")) == (None, "{}")
    newer.close()


def test_replies_to_a_double_opt_in_are_known_as_such_after_an_upgrade(tmp_path: Path, file: Path) -> None:
    """Or an old refusal would show as one that anybody may know of."""
    guests = tuple(Guest(member=id) for id in ("ada", "bob"))
    asked = Invitation(id="i1", time=1, guests=guests, double_opt_in=True)
    [reply] = reply_outcomes(asked, "ada", False, 1)
    reply = replace(reply, id=earlier_id(reply.id))
    other = replace(reply, id="o1", invitation="")
    made = SqlStore(tmp_path / "made.db")
    made.put(C, [Community(id=C), *(Member(id=id) for id in ("ada", "bob")), asked, reply, other])
    made.close()
    with of_version("0007", file) as raw:
        raw.execute("ATTACH ? AS made", [str(tmp_path / "made.db")])
        for table in ("members", "invitations", "outcomes"):
            columns = ", ".join(repr(name) for _, name, *_ in raw.execute(f"PRAGMA main.table_info({table})"))
            names = columns.replace("'", '"')
            raw.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM made.{table}")
    newer = SqlStore(file)
    found = {id: stored.record for id, stored in newer.get(C, "outcome", [reply.id, "o1"]).items()}
    assert found == {reply.id: reply, "o1": other}
    newer.close()


def test_a_file_of_a_newer_version_is_refused_and_left_alone(store: SqlStore, file: Path) -> None:
    store.close()
    with sqlite3.connect(file) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    before = file.read_bytes()
    with pytest.raises(FailedPrecondition, match="newer version"):
        SqlStore(file)
    with pytest.raises(FailedPrecondition, match="another version"):
        SqlStore(file, read_only=True)
    assert file.read_bytes() == before


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as raw:
        raw.execute("CREATE TABLE cakes (id)")
    with pytest.raises(FailedPrecondition, match="another program"):
        SqlStore(other)
    noise = tmp_path / "noise.db"
    noise.write_bytes(random.Random(1).randbytes(9000))
    with pytest.raises(FailedPrecondition, match="no database"):
        SqlStore(noise)


def test_opening_to_read_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(FailedPrecondition, match="no data"):
        SqlStore(tmp_path / "none.db", read_only=True)
    with pytest.raises(FailedPrecondition, match="no data"):
        SqlStore(tmp_path / "none.db", beside=True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataUnusable, match="cannot be opened or made"):
        SqlStore(tmp_path / "none" / "yiqi.db")


def test_a_full_disk_is_told_and_what_was_written_stays(store: SqlStore) -> None:
    with store._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    def fill(raw: sqlite3.Connection, *_: object) -> None:
        raw.execute(f"PRAGMA max_page_count = {pages}")

    store._engine.dispose()
    event.listen(store._engine, "connect", fill)
    with pytest.raises(DataUnusable, match="The disk of the data folder is full"):
        store.put(C, [Member(id=f"m{n}", profile="words " * 500) for n in range(200)])
    event.remove(store._engine, "connect", fill)
    assert [one.record.id for one in store.communities()] == [C]


def test_a_file_that_may_not_be_written_is_told(store: SqlStore) -> None:
    def forbid(raw: sqlite3.Connection, *_: object) -> None:
        raw.execute("PRAGMA query_only = ON")

    store._engine.dispose()
    event.listen(store._engine, "connect", forbid)
    with pytest.raises(DataUnusable, match="may not be written"):
        store.put(C, [Member(id="ann")])
    event.remove(store._engine, "connect", forbid)


def test_the_file_is_durable_and_checked(store: SqlStore) -> None:
    with store._connected() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_a_reader_in_another_process_follows_the_writer_and_cannot_write(store: SqlStore, file: Path) -> None:
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys\n"
            "from service.store.sql import SqlStore\n"
            "store = SqlStore(sys.argv[1], read_only=True)\n"
            "for line in sys.stdin:\n"
            "    print(store.count('garden', 'message'), flush=True)\n"
            "try:\n"
            "    store.put('garden', [])\n"
            "except RuntimeError as error:\n"
            "    print(error, flush=True)\n",
            str(file),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    for at in range(3):
        store.put(C, [Message(id=f"m{at}", author="a", time=at)])
        child.stdin.write("?\n")
        child.stdin.flush()
        assert child.stdout.readline() == f"{at + 1}\n"
    rest, _ = child.communicate()
    assert "read-only" in rest


def test_a_reader_opens_what_a_writer_closed_cleanly(store: SqlStore, file: Path) -> None:
    store.close()
    assert not file.with_name(file.name + "-wal").exists()
    reader = SqlStore(file, read_only=True)
    assert reader.head(C) == 1
    reader.close()


def test_writing_goes_on_while_somebody_reads_for_long(store: SqlStore) -> None:
    store.put(C, [Message(id=f"m{at}", author="a", time=at) for at in range(100)])
    scan = store.scan(C, "message", batch=1)
    next(scan)
    assert store.erase_member(C, "a")
    assert len(list(scan)) == 99


def test_old_request_ids_are_forgotten_after_two_days(tmp_path: Path) -> None:
    now = 10**15
    store = SqlStore(tmp_path / "yiqi.db", clock=lambda: now)
    store.put(C, [Community(id=C)])

    def made(request: str, resource: str) -> str | None:
        with store.write(C) as work:
            return work.remember_request(request, resource)

    assert [made("old", "member/a"), made("old", "member/b")] == [None, "member/a"]
    now += 24 * 3600 * 1_000_000
    assert [made("newer", "member/b"), made("old", "member/b")] == [None, "member/a"]
    now += 25 * 3600 * 1_000_000
    assert [made("newer", "member/c"), made("old", "member/c")] == ["member/b", None]


def traces(file: Path, *secrets: bytes) -> list[bytes]:
    """Which secrets still stand anywhere in the files of the store."""
    everything = b"".join(path.read_bytes() for path in file.parent.iterdir())
    return [secret for secret in secrets if secret in everything]


VECTOR = np.full(64, 0.1234, dtype=np.float16)
WORDS = ("SECRET-profile", "SECRET-handle", "SECRET-text", "SECRET-aim", "SECRET-kind", "SECRET-seek", "秘密")
SECRETS = [*(word.encode() for word in WORDS), VECTOR.tobytes()]


def told_secrets(store: SqlStore) -> None:
    ada = Member(
        id="ada",
        name="秘密",
        profile="SECRET-profile " * 500,
        seeks=(Need("SECRET-seek"),),
        identities=(Identity("irc", "SECRET-handle"),),
    )
    rng = random.Random(3)
    store.put(C, [ada])
    # Among much else, with texts of all sizes, in random order, so that pages split and texts overflow.
    for batch in range(15):
        numbers = rng.sample(range(10_000), 100)
        store.put(C, [_line(n, "ada" if n % 5 == 0 else f"u{n % 9}", rng.randrange(1, 40)) for n in numbers], "replace")
        store.put(C, [Project(id=f"p{batch}", time=1, members=("ada", "u1"), state="open")])
    store.put(C, [Suggestion(id="s", member="ada", field="aims", text="SECRET-aim")])
    store.put(C, [Outcome(id="o", source="ada", target="u1", time=1, kind="met", extra='{"a":"SECRET-kind"}')])
    store.put_vectors(C, "use", [(b"0" * 16, "ada", VECTOR)])


def _line(number: int, author: str, length: int) -> Message:
    word = "SECRET-text " if author == "ada" else "ordinary words "
    return Message(id=f"m{number:06}", author=author, time=number, text=word * length**2, mentions=("ada", "u1"))


def test_what_is_erased_is_gone_from_the_files(store: SqlStore, file: Path) -> None:
    told_secrets(store)
    assert traces(file, *SECRETS) == SECRETS
    assert store.erase_member(C, "ada")
    assert traces(file, *SECRETS) == []
    store.close()
    assert traces(file, *SECRETS) == []


def test_a_reader_delays_the_erasure_of_the_log_only_until_the_next_write(store: SqlStore, file: Path) -> None:
    told_secrets(store)
    scan = store.scan(C, "message")
    next(scan)
    store.erase_member(C, "ada")
    scan.close()  # type: ignore[attr-defined]
    store.put(C, [Member(id="bob")])
    assert traces(file, *SECRETS) == []


def test_deleted_messages_and_communities_are_gone_from_the_files(store: SqlStore, file: Path) -> None:
    store.put(C, [Message(id="m", author="a", time=1, text="SECRET-text"), Member(id="z", profile="SECRET-profile")])
    store.delete(C, "message", ["m"])
    assert traces(file, b"SECRET-text") == []
    store.delete_community(C)
    assert traces(file, b"SECRET-profile") == []


def shuffled_pages(store: SqlStore) -> None:
    """Rows of all sizes in random order, some deleted again: SQLite splits pages and leaves copies in unused parts."""
    rng = random.Random(5)
    for batch in range(40):
        numbers = rng.sample(range(10**6), 200)
        store.put(C, [_line(n, "ada" if n % 4 == 0 else f"u{n % 50}", rng.choice([1, 2, 5, 17])) for n in numbers])
        if batch % 7 == 0:
            store.delete(C, "message", [f"m{n:06}" for n in numbers[:100]])
    store.put(C, [Member(id=f"x{at}", profile="y" * rng.randrange(3000)) for at in range(500)])


def test_erasing_leaves_no_copy_in_unused_parts_of_pages(store: SqlStore, file: Path) -> None:
    shuffled_pages(store)
    store.erase_member(C, "ada")
    assert traces(file, b"SECRET-text") == []


def test_copies_left_by_deleted_messages_go_when_the_store_closes(store: SqlStore, file: Path) -> None:
    shuffled_pages(store)
    store.delete(C, "message", [stored.record.id for stored in store.page(C, "message", limit=10**6, member="ada")])
    assert traces(file, b"SECRET-text") != []
    store.close()
    assert traces(file, b"SECRET-text") == []
