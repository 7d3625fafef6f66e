"""How far apart the clocks of people who meet are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from models.domain.fields import Within
from models.rounds.constraints.constraint import Constraint
from models.rounds.facts.facts import CLOCK_HOURS, Barred, Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeZones(Constraint):
    """The clocks of people who meet are at most so many hours apart. Unknown time zones fit any."""

    name = "time_zones"

    hours: Annotated[float, Within(0, 24)]

    def barred(self, people: Facts) -> Barred:
        """Two whose clocks are further apart, the short way round."""
        offset = people.utc_offset

        def barred(a: np.ndarray, b: np.ndarray) -> np.ndarray:
            apart = np.abs(offset[a] - offset[b]) % CLOCK_HOURS
            return np.asarray(np.minimum(apart, CLOCK_HOURS - apart) > self.hours + 1e-6)

        return barred
