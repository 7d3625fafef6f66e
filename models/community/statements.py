"""What members say of themselves, as facets and whereabouts: from their profile, and from suggestions drawn from their
words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class StatedWhereabouts:
    """What (N,) members state of their languages, time zones and places, or what was read out of their words."""

    tags: tuple[str, ...]  # of languages, ascending
    languages: np.ndarray  # (N, tags) bool
    zones: tuple[str, ...]
    zone: np.ndarray  # (N,) int32 place in `zones`, -1 for none
    places: tuple[str, ...]
    place_codes: Mapping[str, int]  # by what `place_key` makes of a place
    place: np.ndarray  # (N,) int32: the same for the same place, -1 when unknown


def stated_whereabouts(members: Sequence[Member | None], facets: Mapping[int, Sequence[Facet]]) -> StatedWhereabouts:
    """What members state; the same for as long as nobody's profile or suggestions change."""
    spoken = [{tag.split("-")[0].lower() for tag in member.languages} if member else set() for member in members]
    tags = tuple(sorted(set().union(*spoken)))
    languages = np.array([[tag in mine for tag in tags] for mine in spoken], bool).reshape(len(members), len(tags))
    named = [member.time_zone if member else "" for member in members]
    zones = sorted(set(named) - {""})
    code = {"": -1} | {zone: i for i, zone in enumerate(zones)}
    places = tuple(place_of(member, facets.get(row, ())) for row, member in enumerate(members))
    place_codes = {"": -1} | {place: i for i, place in enumerate(sorted({place_key(p) for p in places} - {""}))}
    return StatedWhereabouts(
        tags=tags,
        languages=languages,
        zones=tuple(zones),
        zone=np.array([code[zone] for zone in named], np.int32),
        places=places,
        place_codes=place_codes,
        place=np.array([place_codes[place_key(p)] for p in places], np.int32),
    )


def place_key(place: str) -> str:
    """What is equal for the same place."""
    return place.casefold().strip()


def whereabouts(stated: StatedWhereabouts, letters: np.ndarray, cjk: np.ndarray, now: Micros) -> Whereabouts:
    """Languages, time zones and places of (N,) members; `letters` (N,) they wrote, `cjk` of them Chinese, which tell
    the language of those who state none."""
    names, languages = _languages(stated, letters, cjk)
    offsets = np.array([*(_offset(zone, now) for zone in stated.zones), np.nan], np.float32)
    return Whereabouts(
        language_names=names,
        languages=languages,
        utc_offset=offsets[stated.zone],
        places=stated.places,
        place_codes=stated.place_codes,
        place=stated.place,
    )


def _languages(stated: StatedWhereabouts, letters: np.ndarray, cjk: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
    """Names of languages, ascending, and (N, names) bool: who speaks which, stated or seen in their words."""
    by_name = dict(zip(stated.tags, stated.languages.T, strict=True))
    tells = ~stated.languages.any(1) & (letters >= LETTERS_THAT_TELL)
    share = cjk / np.maximum(letters, 1)
    for tag, seen in (("zh", tells & (share > 0.15)), ("en", tells & (share < 0.6))):
        if seen.any():
            by_name[tag] = by_name.get(tag, False) | seen
    names = tuple(sorted(by_name))
    columns = [by_name[name] for name in names]
    return names, np.stack(columns, 1) if columns else np.zeros((len(letters), 0), bool)


def place_of(member: Member | None, facets: Sequence[Facet]) -> str:
    """Where somebody lives, as stated or else as suggested; "" when unknown."""
    if member is not None and member.place:
        return member.place
    return next((f.text for f in facets if f.kind == "place"), "")


def _offset(zone: str, now: Micros) -> float:
    """Hours from UTC; NaN for what is no time zone."""
    try:
        offset = ZoneInfo(zone).utcoffset(datetime.fromtimestamp(now / 1e6, UTC).replace(tzinfo=None))
    except (KeyError, ValueError, OSError):
        return float("nan")
    return offset.total_seconds() / 3600 if offset is not None else float("nan")
