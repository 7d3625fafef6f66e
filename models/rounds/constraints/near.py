"""How near people who meet live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from models.domain.fields import Within
from models.rounds.constraints.constraint import Constraint
from models.rounds.facts.codes import code_of, coded
from models.rounds.facts.facts import Barred, Facts

EARTH = 6371.0  # kilometres, mean radius


@dataclass(frozen=True, slots=True, kw_only=True)
class Near(Constraint):
    """People who meet live within so many kilometres (attributes "latitude" and "longitude", degrees) or in the same
    place. With `online`, those whose attribute "online" is true meet anybody who says so, too."""

    name = "near"

    kilometres: Annotated[float, Within(0, 50_000)]
    online: bool = False

    def barred(self, people: Facts) -> Barred:
        """Two who live too far apart, unless both meet online. Of whom too little is known to tell, fits."""
        latitude, longitude = np.radians(np.asarray(people.coordinates, float)).T
        places = coded([place.strip() for place in people.place])
        online = [code_of(known.get("online", "")) == "true" for known in people.attributes]
        remote = np.array(online, bool) & self.online

        def barred(a: np.ndarray, b: np.ndarray) -> np.ndarray:
            half = (
                np.sin((latitude[a] - latitude[b]) / 2) ** 2
                + np.cos(latitude[a]) * np.cos(latitude[b]) * np.sin((longitude[a] - longitude[b]) / 2) ** 2
            )  # the haversine of the angle between them
            distance = 2 * EARTH * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
            named = (places[a] >= 0) & (places[b] >= 0)
            far = np.where(np.isnan(distance), named, distance > self.kilometres)
            return np.asarray(far & ~(named & (places[a] == places[b])) & ~(remote[a] & remote[b]))

        return barred
