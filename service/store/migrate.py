"""Brings a file to the tables of this version."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError

from service.core.errors import FailedPrecondition
from service.store.engine import WRITES, in_words
from service.store.tables import SCHEMA


def migrate(engine: Engine) -> None:
    """Create the tables, or bring older ones up to date, in one transaction. Raises FailedPrecondition."""
    current = _current(engine)
    if current != SCHEMA:
        _upgrade(engine, current)


def _upgrade(engine: Engine, current: str) -> None:
    # Only here, since it takes a quarter of a second to import, and most starts find the tables as they should be.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current and current not in known:
        raise FailedPrecondition("The data was written by a newer version of Yiqi")
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, SCHEMA)


def require_current(engine: Engine) -> None:
    """Raises FailedPrecondition unless the file has the tables of this version."""
    current = _current(engine)
    if not current:
        raise FailedPrecondition("There is no data yet")
    if current != SCHEMA:
        raise FailedPrecondition(
            "The data has the tables of another version of Yiqi; `yiqi serve` or `yiqi import` brings them up to date"
        )


def _current(engine: Engine) -> str:
    """The revision of the tables, "" for an empty file."""
    try:
        with engine.connect() as connection:
            return _revision(connection)
    except OperationalError as error:
        raise in_words(error) from error
    except DatabaseError as error:
        raise FailedPrecondition("The data file is damaged or no database", debug=str(error.orig)) from error


def _revision(connection: Connection) -> str:
    names = inspect(connection).get_table_names()
    if "alembic_version" in names:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
    if names:
        raise FailedPrecondition("The data file belongs to another program")
    return ""
