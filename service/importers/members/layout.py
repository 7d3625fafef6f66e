"""What each column of a member list is: as was said, as the source is known for, as its words and contents tell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.archive.container import ArchiveError
from service.importers.members.answers import day_is_first
from service.importers.members.columns import (
    IDENTITY,
    PRIVATE,
    ROLES,
    SEVERAL,
    STATEMENTS,
    by_contents,
    column,
    hits,
    is_choice,
    is_like_a_chat,
    may_be_attribute,
    plain,
    role_of,
)
from service.importers.members.forms import TABLE, Form, form_of
from service.importers.members.mapping import matched
from service.importers.members.table import Cells, Table

# What people are called rather than what stands in their papers.
_CALLED = re.compile(r"称呼|昵称|花名|nick|call|display|preferred")
_INDEX = ("", "index", "unnamed: 0", "level_0")


@dataclass(frozen=True, slots=True)
class Layout:
    """`roles` of columns in their order; "" is not known. `choices` are columns whose commas part answers."""

    form: Form
    roles: Mapping[str, str]
    said: frozenset[str]
    choices: frozenset[str]
    numbers: frozenset[str]
    day_first: bool
    day_unclear: bool

    @staticmethod
    def of_roles(roles: Mapping[str, str]) -> Layout:
        """A layout of columns of which nothing else is known."""
        nothing: frozenset[str] = frozenset()
        return Layout(TABLE, roles, nothing, nothing, nothing, day_first=False, day_unclear=False)

    def of(self, role: str) -> list[str]:
        """The columns of a role."""
        return [name for name, one in self.roles.items() if one == role]

    @property
    def names(self) -> list[str]:
        """Columns of names, the one by which people are called first."""
        found = self.of("name")
        return sorted(found, key=lambda name: (name not in self.said, not _CALLED.search(plain(name))))

    @property
    def identities(self) -> list[tuple[str, str]]:
        """Columns of handles and their roles, the surest first: a name on WeChat may be several people's."""
        order = ("email", "wechat", "contact", "phone", "wechat_name")
        found = [(name, role) for name, role in self.roles.items() if role in order or role.startswith(IDENTITY)]
        rank = {role: at for at, role in enumerate(order)}
        kept = [one for one in found if one[1] != "phone" or one[0] in self.said]
        return sorted(kept, key=lambda one: rank.get(one[1], 2))

    def sure(self) -> float:
        """How sure it is that this is a list of people: they are named, and something is said of them."""
        roles = {role for role in self.roles.values() if role}
        named = bool(roles & {"name", "first_name"})
        reached = "email" in roles or "wechat" in roles or any(role.startswith(IDENTITY) for role in roles)
        wishes = bool(roles & {"offers", "seeks"})
        if not (named or reached):
            return 0.0
        if is_like_a_chat(self.roles) and not wishes:
            return 0.3
        if self.form is not TABLE and (roles & STATEMENTS or len(self.form.needs) > 1):
            return 0.95
        stated = roles & (STATEMENTS | {"consent"})
        if named and stated:
            return 0.85 if wishes or len(stated) > 1 or reached else 0.6
        if (named and roles & {"email", "wechat", "phone", "place", "languages", "availability", "contact"}) or (
            reached and stated
        ):
            return 0.75
        return 0.3

    def in_words(self) -> dict[str, str]:
        """Columns and what they were taken for, for people."""
        names = self.names
        return {
            name or "(first column, without a name)": self._words(name, role, names)
            for name, role in self.roles.items()
        }

    def _words(self, name: str, role: str, names: Sequence[str]) -> str:
        if role == "":
            return f'not used; say what it is with --map "{name}=…"'
        if role == PRIVATE:
            return f"not kept: {PRIVATE}"
        if role == "phone" and name not in self.said:
            return f'not kept: telephone number; --map "{name}=phone" keeps it'
        if role == "name" and names and name != names[0]:
            return f"name, where {names[0]} is empty"
        if role.startswith(IDENTITY):
            return f"handle on {role.removeprefix(IDENTITY)}"
        return ROLES[role]


def known(header: list[str]) -> int:
    """How many cells are names of columns of a member list."""
    return hits(header)


def understood(table: Table, said: Mapping[str, str], day_first: bool | None) -> Layout:
    """The layout of a table. ArchiveError when nothing in it names people."""
    rows = table.sample()
    form = form_of(table.columns)
    told = matched(said, table.columns)
    roles = {name: told.get(name) or _guess(form, name, rows) for name in table.columns}
    roles = _named_by_index(_single(roles, frozenset(told)), rows)
    attributes = {name for name, role in roles.items() if role == "" and may_be_attribute(name, column(rows, name))}
    roles |= dict.fromkeys(attributes, "attribute")
    found = _first_day(roles, rows)
    return Layout(
        form=form,
        roles=roles,
        said=frozenset(told),
        choices=frozenset(name for name in roles if is_choice(column(rows, name))),
        numbers=frozenset(name for name, role in roles.items() if role == "attribute" and _are_numbers(rows, name)),
        day_first=found if day_first is None and found is not None else bool(day_first),
        day_unclear=day_first is None and found is None,
    )


def check_named(layout: Layout, file: str) -> None:
    """ArchiveError when no column tells people apart."""
    if layout.names or layout.of("first_name") or layout.identities or layout.of("id"):
        return
    shown = " | ".join(name for name in list(layout.roles)[:40] if name)
    raise ArchiveError(f'{file}: no column looks like names; say which with --map "COLUMN=name". Columns: {shown}')


def _guess(form: Form, name: str, rows: Sequence[Cells]) -> str:
    words = plain(name)
    if words in form.roles:
        return form.roles[words]
    cells = column(rows, name)
    if words in _INDEX and [cell for cell in cells if cell] == [str(n) for n in range(len(cells))]:
        return PRIVATE
    return by_contents(role_of(name), name, cells)


def _single(roles: Mapping[str, str], said: frozenset[str]) -> dict[str, str]:
    """Of roles that only one column can have, the one that was said has it, else the first."""
    taken = {role: name for name, role in reversed(list(roles.items()))}
    taken |= {role: name for name, role in roles.items() if name in said}

    def kept(name: str, role: str) -> str:
        several = role in SEVERAL or role in ("", PRIVATE, "name", "email", "phone") or role.startswith(IDENTITY)
        return role if several or taken[role] == name else "unused"

    return {name: kept(name, role) for name, role in roles.items()}


def _named_by_index(roles: dict[str, str], rows: Sequence[Cells]) -> dict[str, str]:
    """A table may be indexed by names, which then stand under no header."""
    if "" in roles and roles[""] == "" and not {"name", "first_name"} & set(roles.values()):
        cells = [cell for cell in column(rows, "") if isinstance(cell, str)]
        if cells and all(re.search(r"[^\W\d]", cell) for cell in cells) and max(map(len, cells)) <= 60:
            return roles | {"": "name"}
    return roles


def _are_numbers(rows: Sequence[Cells], name: str) -> bool:
    return all(
        isinstance(cell, str) and re.fullmatch(r"-?(?:0|[1-9]\d{0,14})", cell) for cell in column(rows, name) if cell
    )


def _first_day(roles: Mapping[str, str], rows: Sequence[Cells]) -> bool | None:
    """Whether days come first in the times of the answers; False where the year does and nothing is unclear."""
    times = [cell for name, role in roles.items() if role == "time" for cell in column(rows, name)]
    texts = [cell for cell in times if isinstance(cell, str) and cell]
    if not any(re.match(r"\d{1,2}[/.-]\d{1,2}[/.-]\d", text) for text in texts):
        return False
    return day_is_first(texts)
