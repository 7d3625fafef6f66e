"""What every constraint of a round says of itself; JSON, archives, the contract, its checks and the texts read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, Self, TypeAlias

from models.domain.fields import AttributeName, Field, Least, Most, fields_of
from models.domain.records import MemberId
from models.rounds.facts.facts import Barred, Facts

# The name of an attribute, or "languages", "place" or "time_zone".
Attribute: TypeAlias = Annotated[str, AttributeName(), Most(128, "characters")]
Few: TypeAlias = Annotated[tuple[MemberId, ...], Least(2), Most(100, "items")]
Many: TypeAlias = Annotated[tuple[MemberId, ...], Least(2), Most(1000, "items")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """One rule of a round. One that is not `firm` gives way where not everybody could be placed.

    Members stand in fields of the type of `Few`. A field `value` belongs to the attribute beside it: the contract has
    both as one `Attribute`.
    """

    name: ClassVar[str]  # as JSON and the contract call it, and as the message "rule.<name>" of the catalogues

    firm: bool = True

    def barred(self, people: Facts) -> Barred | None:
        """Which pairs may not meet; None where it says nothing of pairs."""
        return None

    def flaw(self) -> str:
        """What makes no sense whoever takes part, as in "least 3 above most 2"; "" for nothing."""
        return ""

    def message(self) -> str:
        """The message of the catalogues that says it, filled with its fields."""
        return "rule." + self.name

    def members_named(self) -> tuple[str, ...]:
        """The members whom it names."""
        return tuple(member for field in self._naming() for member in getattr(self, field.name))

    def with_members(self, renamed: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Self:
        """The same for members who are called otherwise, or are gone."""
        lists: dict[str, Any] = {field.name: renamed(getattr(self, field.name)) for field in self._naming()}
        return replace(self, **lists)

    def _naming(self) -> Iterator[Field]:
        return (field for field in fields_of(type(self)) if field.names_members)
