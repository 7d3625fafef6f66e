"""A data file of every released version opens with today's program, with everything that was in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from models.domain.records import (
    Block,
    Channel,
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
    Tie,
)
from service.core.validation import validate_record
from service.store.sql import SqlStore
from service.store.tables import SCHEMA, VERSIONS
from tests.old_schemas import C, load, versions

NOW = 1_750_000_000_000_000
ADA = Member(
    id="ada", name="Ada", aims=("a greener town",), offers=(Need("pruning", "growth"),),
    identities=(Identity("irc", "ada"),), attributes={"age": 36}, extra='{"note":"kept"}', consent="members",
)  # fmt: skip
KEPT = [
    *(ADA, Member(id="bob", name="Bob"), Channel(id="lobby", name="Lobby")),
    Message(id="m1", author="ada", time=5, text="Hello, who prunes trees?", mentions=("bob",)),
    Project(id="p", title="Hedge", text="", time=6, members=("ada", "bob"), state="open"),
    Tie(id="t", source="ada", target="bob", kind="kin", time=7),
    Block(id="bob~ada", source="bob", target="ada", time=8),
    Outcome(id="o", source="ada", target="bob", kind="talked", time=9),
    Suggestion(id="s", member="ada", field="offers", text="pruning"),
]
WITH_ROUNDS = [
    Round(id="r", time=10, state="solved", spec='{"kind":"pairs","members":["ada","bob"]}', members=("ada", "bob")),
    Invitation(
        id="i", time=11, guests=(Guest(member="ada"), Guest(member="bob", reply="accepted")), source="round", ref="r"
    ),
]


def test_every_version_but_the_newest_is_kept() -> None:
    made = sorted(file.name[:4] for file in VERSIONS.glob("[0-9]*.py"))
    assert [version for version in made if version != SCHEMA] == [one for one in versions() if one != SCHEMA]


@pytest.mark.parametrize("version", versions())
def test_a_file_of_an_older_version_keeps_everything(version: str, tmp_path: Path) -> None:
    load(version, tmp_path / "yiqi.db")
    with closing(SqlStore(tmp_path / "yiqi.db")) as store:
        expected = KEPT + (WITH_ROUNDS if version >= "0002" else [])
        for record in expected:
            kind = type(record).__name__.lower()
            assert store.get(C, kind, [record.id])[record.id].record == record
            validate_record(record, NOW)
        assert store.head(C) == 7
        with store.read(C) as at:
            assert at.is_erased("gone")
            assert [one.id for one in at.changes(0) if one.op == "delete"] == ["gone"]
        assert store.put(C, [Message(id="m2", author="bobby", time=12, text="I do")])[0].status == "created"
        assert store.get(C, "message", ["m2"])["m2"].record.author == "bob"  # type: ignore[union-attr]
        assert store.check() == []
    with closing(sqlite3.connect(tmp_path / "yiqi.db")) as file:
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        assert file.execute("SELECT id FROM changes WHERE id LIKE '%gone%'").fetchall() == []
