"""Who is meant: people are told by id, or by a name, or a word of it, that only one has."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from models.domain.kinds import MEMBER
from service.cli.shared.options import refuse

if TYPE_CHECKING:
    from service.store.contract import Store


def member_called(text: str, names: Mapping[str, str], option: str, *, must_be: bool = False) -> str:
    """The id of a member by id, name or a word of their name; `names` by id.

    Ends the command for what several are called and, where it `must_be`, for one that nobody has; else that comes back
    as it is.
    """
    if text in names:
        return text
    said = text.casefold()
    called = [id for id, name in names.items() if name.casefold() == said]
    called = called or [id for id, name in names.items() if said in name.casefold().split()]
    if len(called) > 1:
        refuse(f"{len(called)} members are called {text}; give one of {', '.join(called)}", option)
    if not called and must_be:
        near = get_close_matches(text, [*names, *names.values()], 1)
        refuse(f"there is no member {text}" + (f"; did you mean {near[0]}?" if near else ""), option)
    return called[0] if called else text


def names_in(store: Store, community: str) -> dict[str, str]:
    """What every member is called, by id."""
    return {one.id: one.name for one in store.scan(community, MEMBER)}


def member_in(store: Store, community: str, text: str) -> str:
    """The same as `member_called`, of whom a store knows; names are read only where no id is given."""
    there = text in store.get(community, MEMBER, [text])
    return text if there else member_called(text, names_in(store, community), "member")
