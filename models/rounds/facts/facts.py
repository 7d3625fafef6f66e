"""The facts about people that constraints go by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import scipy.sparse as sp

from models.domain.records import Scalar
from models.rounds.facts.codes import code_of

CLOCK_HOURS = 24.0  # after which clocks show the same again
# Whether rows `a` and `b`, broadcast, may not meet: bool. It answers for two people or for millions of pairs.
Barred: TypeAlias = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of those who take part, all in the order of `ids`."""

    ids: tuple[str, ...]
    attributes: tuple[Mapping[str, Scalar], ...]
    languages: tuple[frozenset[str], ...]
    place: tuple[str, ...]
    coordinates: np.ndarray  # (n, 2) degrees of latitude and longitude, NaN when unknown
    utc_offset: np.ndarray  # (n,) hours, NaN when unknown
    acquainted: sp.csr_matrix | None  # (n, n) above 0 for who dealt with each other, symmetric

    def values(self, attribute: str) -> list[str]:
        """A value a person as text, "" for none: of an attribute, or of "place" or "time_zone"."""
        if attribute == "place":
            return [code_of(place) for place in self.place]
        if attribute == "time_zone":
            return ["" if np.isnan(hours) else f"{hours % CLOCK_HOURS:g}" for hours in self.utc_offset]
        return [code_of(known.get(attribute, "")) for known in self.attributes]
