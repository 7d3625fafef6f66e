"""The tables. Every primary key begins with the community, and deleting a community takes all its rows along.

Times are integers (microseconds since the epoch), lists and maps are JSON text. A change here needs a migration and a
new `SCHEMA`; a test compares the two.
"""

from __future__ import annotations

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
)
from sqlalchemy.sql.elements import ColumnElement

SCHEMA = "0006"

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


def _told(name: str) -> Column[str]:
    """Text that came with a later schema."""
    return Column(name, Text, nullable=False, server_default="")


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _community() -> Column[str]:
    return Column("community", Text, ForeignKey("communities.id", ondelete="CASCADE"), primary_key=True)


def _id() -> Column[str]:
    return Column("id", Text, primary_key=True)


def _member(column: str) -> ForeignKeyConstraint:
    # No cascade: forgetting a person is more than deleting rows, so it is spelled out in `people`.
    return ForeignKeyConstraint(["community", column], ["members.community", "members.id"])


communities = Table(
    "communities",
    metadata,
    _id(),
    _text("name"),
    _text("purpose"),
    _text("values"),
    _text("languages"),
    _text("extra"),
    _version(),
)

members = Table(
    "members",
    metadata,
    _community(),
    _id(),
    _text("name"),
    _text("profile"),
    _text("aims"),
    _text("offers"),
    _text("seeks"),
    _text("values"),
    _text("languages"),
    _text("place"),
    _text("time_zone"),
    _text("availability"),
    _text("identities"),
    _text("consent"),
    Column("paused_until", BigInteger),
    _text("attributes"),
    _text("extra"),
    _version(),
    _told("answers"),  # of which sign-up sheet: no part of the record, see service.application.answers
)

channels = Table(
    "channels",
    metadata,
    _community(),
    _id(),
    _text("name"),
    _text("visibility"),
    _text("members"),
    _text("extra"),
    _version(),
)

messages = Table(
    "messages",
    metadata,
    _community(),
    _id(),
    _text("author"),
    Column("time", BigInteger, nullable=False),
    _text("text"),
    _text("channel"),
    _text("thread"),
    _text("topic"),
    _text("reply_to"),
    _text("mentions"),
    _text("extra"),
    _version(),
    _member("author"),
    Index(None, "community", "time", "id"),
    Index(None, "community", "author", "id"),
)

projects = Table(
    "projects",
    metadata,
    _community(),
    _id(),
    Column("time", BigInteger),
    _text("title"),
    _text("text"),
    _text("members"),
    _text("needs"),
    _text("state"),
    _text("extra"),
    _version(),
    Index(None, "community", "time", "id"),
    Index(None, "community", "state", "id"),
)


def _between_two(name: str, *columns: Column[str] | Column[int]) -> Table:
    return Table(
        name,
        metadata,
        _community(),
        _id(),
        _text("source"),
        _text("target"),
        *columns,
        _text("kind"),
        _text("extra"),
        _version(),
        _member("source"),
        _member("target"),
        Index(None, "community", "source", "id"),
        Index(None, "community", "target", "id"),
    )


ties = _between_two("ties", Column("time", BigInteger))
blocks = _between_two("blocks", Column("time", BigInteger))
outcomes = _between_two("outcomes", Column("time", BigInteger, nullable=False), _text("value"), _text("token"))

suggestions = Table(
    "suggestions",
    metadata,
    _community(),
    _id(),
    _text("member"),
    _text("field"),
    _text("text"),
    _text("kind"),
    _text("message"),
    _text("state"),
    _version(),
    _member("member"),
    Index(None, "community", "member", "id"),
    Index(None, "community", "message"),
    Index(None, "community", "state", "id"),
)

rounds = Table(
    "rounds",
    metadata,
    _community(),
    _id(),
    Column("time", BigInteger, nullable=False),
    _text("title"),
    _text("state"),
    _text("members"),
    _text("spec"),
    _text("plan"),
    _text("left_out"),
    _text("ranked_as"),
    _text("language"),
    _number("double_opt_in"),
    _number("goes_out"),
    _number("period_days"),
    _number("attempt"),
    Column("published", BigInteger),
    _text("problem"),
    _text("extra"),
    _version(),
    _told("date"),
    _told("place"),
    _told("note"),
    Index(None, "community", "state", "id"),
    Index(None, "community", "time", "id"),
)

invitations = Table(
    "invitations",
    metadata,
    _community(),
    _id(),
    Column("time", BigInteger, nullable=False),
    _text("guests"),
    _text("source"),
    _text("ref"),
    _text("state"),
    _number("double_opt_in"),
    _text("title"),
    _text("text"),
    _number("sitting"),
    _text("slot"),
    _text("team"),
    Column("score", Float, nullable=False),
    _number("period_days"),
    _text("extra"),
    _version(),
    Index(None, "community", "time", "id"),
    Index(None, "community", "ref", "id"),
)

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

# Ids that were erased and must not come back.
tombstones = Table("tombstones", metadata, _community(), _id(), sqlite_with_rowid=False)

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
