"""What members say of themselves, as facets and whereabouts: from their profile, and from suggestions drawn from their
words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from models.community.view import FACET_KINDS, SUGGESTED_WEIGHT, Facet, Whereabouts
from models.domain.records import Member, Micros, Suggestion

LETTERS_THAT_TELL = 40  # of fewer, nobody says which language somebody writes


def facets_of(row: int, member: Member, suggestions: Iterable[Suggestion]) -> list[Facet]:
    """Statements come from the profile; open suggestions that say something else count less."""
    stated = [("profile", member.profile, "")] if member.profile else []
    stated += [("aims", text, "") for text in member.aims]
    stated += [("offers", need.text, need.kind) for need in member.offers]
    stated += [("seeks", need.text, need.kind) for need in member.seeks]
    stated += [("values", text, "") for text in member.values]
    facets = [Facet(row, kind, text, value, 1.0, "") for kind, text, value in stated if text]
    said = {(f.kind, f.text) for f in facets}
    facets += [
        Facet(row, s.field, s.text, s.kind, SUGGESTED_WEIGHT, s.message)
        for s in sorted(suggestions, key=lambda s: s.id)
        if s.state == "open" and (s.field, s.text) not in said
    ]
    return sorted(facets, key=lambda f: FACET_KINDS.index(f.kind))


def whereabouts(
    members: Sequence[Member | None],
    facets: Mapping[int, Sequence[Facet]],
    letters: np.ndarray,
    cjk: np.ndarray,
    now: Micros,
) -> Whereabouts:
    """Languages, time zones and places of (N,) members; `letters` (N,) they wrote, `cjk` of them Chinese, which tell
    the language of those who state none."""
    spoken = [_languages(member, letters[row], cjk[row]) for row, member in enumerate(members)]
    names = tuple(sorted(frozenset().union(*spoken)))
    places = tuple(_place(member, facets.get(row, ())) for row, member in enumerate(members))
    codes = {place: i for i, place in enumerate(sorted({p.casefold().strip() for p in places if p.strip()}))}
    return Whereabouts(
        language_names=names,
        languages=np.array([[name in tags for name in names] for tags in spoken], bool).reshape(
            len(members), len(names)
        ),
        utc_offset=np.array([_offset(member, now) for member in members], np.float32),
        places=places,
        place=np.array([codes.get(p.casefold().strip(), -1) for p in places], np.int32),
    )


def _languages(member: Member | None, letters: int, cjk: int) -> frozenset[str]:
    if member is not None and member.languages:
        return frozenset(tag.split("-")[0].lower() for tag in member.languages)
    if letters < LETTERS_THAT_TELL:
        return frozenset()
    share = cjk / letters
    return frozenset(tag for tag, speaks in (("zh", share > 0.15), ("en", share < 0.6)) if speaks)


def _place(member: Member | None, facets: Sequence[Facet]) -> str:
    if member is not None and member.place:
        return member.place
    return next((f.text for f in facets if f.kind == "place"), "")


def _offset(member: Member | None, now: Micros) -> float:
    if member is None or not member.time_zone:
        return float("nan")
    try:
        offset = ZoneInfo(member.time_zone).utcoffset(datetime.fromtimestamp(now / 1e6, UTC).replace(tzinfo=None))
    except (KeyError, ValueError, OSError):
        return float("nan")
    return offset.total_seconds() / 3600 if offset is not None else float("nan")
