"""How each community fares in the words of health: loading, serving, degraded or damaged."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Literal, TypeAlias, get_args

What: TypeAlias = Literal["communities", "feed", "data"]
Condition: TypeAlias = Literal["loading", "serving", "degraded", "damaged"]
CONDITIONS: tuple[Condition, ...] = get_args(Condition)

log = logging.getLogger("yiqi.health")


class Conditions:
    """Told what is well of which community: that it answers ("communities"), that all that is written goes through
    ("feed"), that what is stored of it can be read ("data"). `tell` hears each of these. For any thread."""

    def __init__(self, tell: Callable[[str, str, bool], None]) -> None:
        self._tell = tell
        self._well: dict[str, dict[What, bool]] = {}
        self._lock = threading.Lock()

    def set_well(self, what: What, community: str, well: bool) -> None:
        """Say it of one community. Its data count as whole until somebody says otherwise."""
        with self._lock:
            known = self._well.setdefault(community, {})
            before = _condition(known)
            fresh: dict[What, bool] = {"data": known.get("data", True), what: well}
            known.update(fresh)
            now = _condition(known)
            for one, fine in fresh.items():
                self._tell(one, community, fine)
        if now != before:
            level = logging.INFO if now in ("loading", "serving") else logging.ERROR
            log.log(level, "condition", extra={"community": community, "condition": now})

    def count(self, communities: Iterable[str]) -> dict[Condition, int]:
        """How many of these communities are in each condition."""
        with self._lock:
            found = [_condition(self._well.get(one, {})) for one in communities]
        return {condition: found.count(condition) for condition in CONDITIONS}


def _condition(well: dict[What, bool]) -> Condition:
    if not well.get("data", True):
        return "damaged"
    if not well.get("communities", False):
        return "loading"
    return "serving" if well.get("feed", True) else "degraded"
