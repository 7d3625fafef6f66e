"""The tables. Every primary key begins with the community, and deleting a community takes all its rows along, but for
its incarnation.

Those of records follow from the descriptions of their fields. Times are integers (microseconds since the epoch), lists
and maps are JSON text. A change needs a migration; a test compares the two.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.sql.elements import ColumnElement

from models.domain.fields import Field, Time, fields_of
from models.domain.records import (
    Block,
    Channel,
    Community,
    Invitation,
    Member,
    Message,
    Outcome,
    Project,
    Round,
    Suggestion,
    Tie,
)

VERSIONS = Path(__file__).parent / "migrations" / "versions"
SCHEMA = max(file.name[:4] for file in VERSIONS.glob("[0-9]*.py"))  # the newest migration

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _version() -> Column[int]:
    return Column("version", Integer, nullable=False)


def _community() -> Column[str]:
    return Column("community", Text, ForeignKey("communities.id", ondelete="CASCADE"), primary_key=True)


def _id() -> Column[str]:
    return Column("id", Text, primary_key=True)


def _member(column: str) -> ForeignKeyConstraint:
    # No cascade: forgetting a person is more than deleting rows, so it is spelled out in `people`.
    return ForeignKeyConstraint(["community", column], ["members.community", "members.id"])


def _index(*columns: str) -> Index:
    return Index(None, "community", *columns)


def _columns(record: type[Any]) -> list[Column[Any]]:
    """A column for each field of a record but its id."""
    return [_column(field) for field in fields_of(record) if field.name != "id"]


def _column(field: Field) -> Column[Any]:
    if field.mark(Time):
        return Column(field.name, BigInteger, nullable=field.optional)
    numbers = {bool: Integer, int: Integer, float: Float}
    return Column(field.name, numbers.get(field.type, Text), nullable=False)


def _records(name: str, record: type[Any], *more: Column[str] | ForeignKeyConstraint | Index) -> Table:
    return Table(name, metadata, _community(), _id(), *_columns(record), _version(), *more)


def _between_two(name: str, record: type[Any]) -> Table:
    ends = (_member("source"), _member("target"))
    return _records(name, record, *ends, _index("source", "id"), _index("target", "id"))


communities = Table("communities", metadata, _id(), *_columns(Community), _version())
# `answers`: of which sign-up sheet; no part of the record, see service.application.answers.
members = _records("members", Member, Column("answers", Text, nullable=False, server_default=""))
channels = _records("channels", Channel)
messages = _records("messages", Message, _member("author"), _index("time", "id"), _index("author", "id"))
projects = _records("projects", Project, _index("time", "id"), _index("state", "id"))
ties = _between_two("ties", Tie)
blocks = _between_two("blocks", Block)
outcomes = _between_two("outcomes", Outcome)
# What somebody said of somebody; most rows only say who was shown.
words = text("kind != 'shown'")
Index(
    "ix_outcomes_words",
    *(outcomes.c[name] for name in ("community", "source", "target", "time", "id")),
    sqlite_where=words,
)
suggestions = _records(
    "suggestions", Suggestion, _member("member"), _index("member", "id"), _index("message"), _index("state", "id")
)
rounds = _records("rounds", Round, _index("state", "id"), _index("time", "id"))
invitations = _records("invitations", Invitation, _index("time", "id"), _index("ref", "id"))

# Who holds a handle on a platform: the rows of `members.identities` once more, to keep them unique.
identities = Table(
    "identities",
    metadata,
    _community(),
    Column("platform", Text, primary_key=True),
    Column("handle", Text, primary_key=True),
    _text("member"),
    _member("member"),
    Index(None, "community", "member"),
    sqlite_with_rowid=False,
)

# Who is named in the lists of channels, projects, rounds, invitations and messages (mentions): found without reading
# every list.
links = Table(
    "links",
    metadata,
    _community(),
    Column("kind", Text, primary_key=True),
    Column("member", Text, primary_key=True),
    _id(),
    sqlite_with_rowid=False,
)

# Ids that were erased and must not come back: the one place that still names them. The log does it by `ref`.
tombstones = Table(
    "tombstones",
    metadata,
    _community(),
    _id(),
    Column("ref", Text, nullable=False, server_default=""),
    Index(None, "community", "ref"),
    sqlite_with_rowid=False,
)

# Drawn when a community is deleted, which it outlives: what was given to one community does not count in another that
# gets its id later. None is there of ids that were never given up.
incarnations = Table(
    "incarnations",
    metadata,
    Column("community", Text, primary_key=True),
    _text("id"),
    sqlite_with_rowid=False,
)

# Ids that were merged away, and whose they are now.
aliases = Table(
    "aliases",
    metadata,
    _community(),
    _id(),
    _text("target"),
    _member("target"),
    Index(None, "community", "target"),
    sqlite_with_rowid=False,
)

# Merges that can be undone, oldest first, and what they changed: a row for each field of a record, or with field ""
# for all of one that is gone; as JSON. Nothing of it outlives the person or the record that it is about.
merges = Table(
    "merges",
    metadata,
    _community(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    _text("kept"),
    _text("merged"),
    Column("time", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
before_images = Table(
    "before_images",
    metadata,
    _community(),
    Column("merge", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    _id(),
    Column("field", Text, primary_key=True),
    _text("value"),
    ForeignKeyConstraint(["community", "merge"], ["merges.community", "merges.id"], ondelete="CASCADE"),
    Index(None, "community", "kind", "id"),
    sqlite_with_rowid=False,
)

changes = Table(
    "changes",
    metadata,
    _community(),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    _text("kind"),
    _text("id"),
    _text("op"),
    sqlite_with_rowid=False,
)

# Up to which entry of the log each consumer is done.
cursors = Table(
    "cursors",
    metadata,
    _community(),
    Column("consumer", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Entries that a consumer could not take in.
dead_letters = Table(
    "dead_letters",
    metadata,
    _community(),
    Column("consumer", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    _id(),
    _text("op"),
    _text("fault"),
    *(Column(name, BigInteger, nullable=False) for name in ("seq", "tries", "since", "due")),
    sqlite_with_rowid=False,
)

# What is to be done beside requests, and who does it until when.
jobs = Table(
    "jobs",
    metadata,
    _community(),
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    *(_text(name) for name in ("id", "state", "owner", "payload", "fault")),
    *(Column(name, BigInteger, nullable=False) for name in ("tries", "since", "due", "span")),
    Column("progress", Float, nullable=False),
    sqlite_with_rowid=False,
)

vectors = Table(
    "vectors",
    metadata,
    _community(),
    Column("model", Text, primary_key=True),
    Column("key", LargeBinary, primary_key=True),
    _text("member"),
    Column("vector", LargeBinary, nullable=False),
    Index(None, "community", "member"),
)

requests = Table(
    "requests",
    metadata,
    _community(),
    Column("request_id", Text, primary_key=True),
    _text("resource"),
    Column("time", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

progress = Table(
    "progress",
    metadata,
    _community(),
    Column("job", Text, primary_key=True),
    _text("note"),
    sqlite_with_rowid=False,
)

RECORD_TABLES: dict[str, Table] = {
    "community": communities,
    "member": members,
    "channel": channels,
    "message": messages,
    "project": projects,
    "tie": ties,
    "outcome": outcomes,
    "block": blocks,
    "suggestion": suggestions,
    "round": rounds,
    "invitation": invitations,
}
PAIR_TABLES = {"tie": ties, "outcome": outcomes, "block": blocks}


def of(table: Table, community: str) -> ColumnElement[bool]:
    """The condition that a row belongs to the community."""
    return (table.c.id if table is communities else table.c.community) == community
