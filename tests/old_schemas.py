"""Data files of every version of the tables that was released, kept as SQL: how they are made, and opened.

    python -m tests.old_schemas VERSION

writes that of a new version, once it is released. Older ones are never written again: they are what people have.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine

import service.store

FOLDER = Path(__file__).parent / "contract" / "schemas"
MIGRATIONS = Path(service.store.__file__).parent / "migrations"
C = "garden"
_LISTS = {
    *("aims", "offers", "seeks", "values", "languages", "availability"),
    *("identities", "members", "mentions", "needs"),
}
_SPEC = '{"kind":"pairs","members":["ada","bob"]}'
_GUESTS = '[["ada","","pending","",0,0],["bob","","accepted","",0,0]]'
_ROWS_OF = "0007"  # the newest version whose rows these can be
# By table; columns that a version does not have are left out, and those that are not given are empty or 0.
_ROWS: dict[str, list[dict[str, object]]] = {
    "communities": [{"id": C, "name": "Garden", "values": "[]", "languages": "[]", "version": 1}],
    "members": [
        {
            "id": "ada", "name": "Ada", "aims": '["a greener town"]', "offers": '[["pruning","growth"]]',
            "identities": '[["irc","ada"]]', "attributes": '{"age":36}', "extra": '{"note":"kept"}',
            "consent": "members", "paused_until": None,
        },
        {"id": "bob", "name": "Bob", "consent": "organizers", "paused_until": None},
    ],
    "channels": [{"id": "lobby", "name": "Lobby", "visibility": "community"}],
    "messages": [{"id": "m1", "author": "ada", "time": 5, "text": "Hello, who prunes trees?", "mentions": '["bob"]'}],
    "projects": [{"id": "p", "title": "Hedge", "time": 6, "members": '["ada","bob"]', "state": "open"}],
    "ties": [{"id": "t", "source": "ada", "target": "bob", "kind": "kin", "weight": 1.0, "time": 7}],
    "blocks": [{"id": "bob~ada", "source": "bob", "target": "ada", "time": 8}],
    "outcomes": [{"id": "o", "source": "ada", "target": "bob", "kind": "talked", "time": 9}],
    "suggestions": [{"id": "s", "member": "ada", "field": "offers", "text": "pruning", "state": "open"}],
    "rounds": [{"id": "r", "time": 10, "state": "solved", "spec": _SPEC, "members": '["ada","bob"]',
                "ranked_as": "collaborators", "language": "en", "published": None, "attempt": 1}],
    "invitations": [{"id": "i", "time": 11, "guests": _GUESTS, "source": "round", "ref": "r", "state": "open"}],
    "identities": [{"platform": "irc", "handle": "ada", "member": "ada"}],
    "links": [{"kind": kind, "member": member, "id": id} for kind, id in (("project", "p"), ("round", "r"),
              ("invitation", "i")) for member in ("ada", "bob")] + [{"kind": "message", "member": "bob", "id": "m1"}],
    "tombstones": [{"id": "gone"}],
    "aliases": [{"id": "bobby", "target": "bob"}],
    "changes": [
        {"seq": seq, "kind": kind, "id": id, "op": op}
        for seq, (kind, id, op) in enumerate([
            ("community", C, "put"), ("member", "ada", "put"), ("member", "bob", "put"), ("member", "gone", "put"),
            ("block", "gone~ada", "put"), ("member", "gone", "delete"), ("message", "m1", "put"),
        ], 1)
    ],
    "requests": [{"request_id": "q", "resource": "member/ada", "time": 1}],
}  # fmt: skip


def write(version: str) -> Path:
    """Write the file of a version, as its migrations make it today."""
    with closing(sqlite3.connect(":memory:", check_same_thread=False)) as file:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        engine = create_engine("sqlite+pysqlite://", creator=lambda: file)
        _upgrade(engine, config, min(version, _ROWS_OF))
        for table, rows in _ROWS.items():
            for row in rows:
                _insert(file, table, row)
        file.commit()
        if version > _ROWS_OF:
            _upgrade(engine, config, version)
        path = FOLDER / f"{version}.sql"
        path.write_text("\n".join(file.iterdump()) + "\n", encoding="utf-8")
        return path


def _upgrade(engine: Engine, config: Config, version: str) -> None:
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, version)


def load(version: str, path: Path) -> None:
    """Make a data file of a version at `path`."""
    with closing(sqlite3.connect(path)) as file:
        file.executescript((FOLDER / f"{version}.sql").read_text(encoding="utf-8"))


def versions() -> list[str]:
    """Those that are kept."""
    return sorted(path.stem for path in FOLDER.glob("*.sql"))


def _insert(file: sqlite3.Connection, table: str, row: dict[str, object]) -> None:
    columns = {name: kind for _, name, kind, *_ in file.execute(f"PRAGMA table_info({table})")}
    if not columns:
        return  # the version has no such table
    usual = {name: "" if kind == "TEXT" else 0 for name, kind in columns.items()}
    usual |= dict.fromkeys(_LISTS & columns.keys(), "[]") | dict.fromkeys({"attributes"} & columns.keys(), "{}")
    given = usual | {"community": C} | row
    kept = {name: given[name] for name in columns}
    marks = ", ".join("?" * len(kept))
    file.execute(f"INSERT INTO {table} ({', '.join(map(repr, kept))}) VALUES ({marks})", [*kept.values()])


if __name__ == "__main__":
    print(write(sys.argv[1]))
