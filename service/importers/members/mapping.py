"""What an organizer says that columns are: on the command line, or in a small file that is kept beside the list."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from models.archive.container import ArchiveError
from service.importers.members.columns import IDENTITY, PLATFORMS, PRIVATE, ROLES, plain

_LARGEST = 1 << 20
_OTHER_WORDS = {
    "skip": "unused", "ignore": "unused", "none": "unused", "e-mail": "email", "mail": "email", "value": "values",
    "interests": "values", "offer": "offers", "seek": "seeks", "aim": "aims", "bio": "profile", "language": "languages",
    "city": "place", "timezone": "time_zone", "time zone": "time_zone", "attributes": "attribute", "nickname": "name",
}  # fmt: skip


def role_named(word: str) -> str:
    """The role that an organizer names. ArchiveError when there is none of that name."""
    role = word.strip().casefold()
    role = _OTHER_WORDS.get(role, role)
    if role in ROLES or (role.startswith(IDENTITY) and len(role) > len(IDENTITY)):
        return role
    if role in PLATFORMS:
        return IDENTITY + role
    known = ", ".join(ROLES)
    raise ArchiveError(f"a column cannot be {word!r}; it may be {known}, or {IDENTITY}PLATFORM such as identity:github")


def said_on_the_line(options: Iterable[str]) -> dict[str, str]:
    """Columns → roles of "COLUMN=ROLE". ArchiveError for what is not written like that."""
    said: dict[str, str] = {}
    for option in options:
        column, mark, role = option.rpartition("=")
        if not mark or not column.strip():
            raise ArchiveError(f'--map is written like --map "想找什么=seeks", not {option!r}')
        said[column.strip()] = role_named(role)
    return said


def read_mapping(path: Path) -> dict[str, str]:
    """Columns → roles of a file: TOML with [columns], or a JSON object. ArchiveError when it is neither."""
    try:
        with open(path, "rb") as stream:
            text = stream.read(_LARGEST).decode("utf-8-sig")
        loaded = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise ArchiveError(f"{path} is no mapping of columns: {error}") from error
    columns = loaded.get("columns", loaded) if isinstance(loaded, dict) else None
    if not isinstance(columns, dict) or not all(isinstance(role, str) for role in columns.values()):
        raise ArchiveError(f'{path} is no mapping of columns: it has lines like "想找什么" = "seeks" under [columns]')
    return {column: role_named(role) for column, role in columns.items()}


def write_mapping(path: Path, roles: Mapping[str, str]) -> None:
    """Columns → roles as a file that `read_mapping` reads."""
    lines = ["# What each column of a member list is; for `yiqi import --mapping`.", "[columns]"]
    lines += [f"{_quoted(column)} = {_quoted(_public(role))}" for column, role in roles.items() if column]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _public(role: str) -> str:
    return "unused" if role in ("", PRIVATE) else role


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def matched(said: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    """`said` with the whole names of the columns that are meant: by their name, without its number, or a part of it.

    ArchiveError when no column, or more than one, is meant.
    """
    return {_meant(name, columns): role for name, role in said.items()}


def _meant(name: str, columns: Sequence[str]) -> str:
    if name in columns:
        return name
    wanted = plain(name)
    for found in (
        [column for column in columns if plain(column) == wanted],
        [column for column in columns if wanted and wanted in plain(column)],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            raise ArchiveError(f"--map {name!r} may mean several columns: {' | '.join(found)}")
    shown = " | ".join(column for column in columns[:40] if column)
    raise ArchiveError(f"there is no column {name!r}; the columns are: {shown}")
