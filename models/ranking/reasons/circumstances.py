"""Where somebody lives, when they are awake, what they speak, and how long and how lately they have been here."""

from __future__ import annotations

import numpy as np

from models.domain.records import DAY
from models.domain.requests import Evidence, ReasonKind
from models.features.matrix import ACTIVITY
from models.ranking.reasons.kind import Case, Found, Kind

NEW_MEMBER_DAYS = 45
LATELY_DAYS = 30  # silent for longer, nobody is active lately, however slow a community is


def _same_place(case: Case) -> Found:
    place = case.view.whereabouts.places[case.row]
    return (Evidence("term", place),) if case.values["place"] > 0 and place else None


def _time_zone(case: Case) -> Found:
    member = case.view.members[case.row]
    near = case.values["time_zone"] > 0.6
    return (Evidence("term", member.time_zone),) if near and member and member.time_zone else None


def _language(case: Case) -> Found:
    whereabouts = case.view.whereabouts
    shared = np.flatnonzero(whereabouts.languages[case.row] & case.query.languages)
    return tuple(Evidence("term", whereabouts.language_names[i]) for i in shared) or None


def _active_now(case: Case) -> Found:
    silent = case.view.as_of - int(case.view.activity.newest[case.row])
    return () if case.values["recent"] > 0 and silent <= LATELY_DAYS * DAY else None


def _newcomer(case: Case) -> Found:
    oldest = int(case.view.activity.oldest[case.row])
    return () if oldest and case.view.as_of - oldest < NEW_MEMBER_DAYS * DAY else None


KINDS = (
    Kind(name=ReasonKind("same_place"), values=("place",), evidence=_same_place),
    Kind(name=ReasonKind("time_zone_overlap"), values=("time_zone",), evidence=_time_zone, general=True),
    Kind(name=ReasonKind("shared_language"), values=("language",), evidence=_language, general=True),
    Kind(
        name=ReasonKind("active_now"),
        values=("days", "hours", *(name for name in ACTIVITY if name != "newness")),
        evidence=_active_now,
        general=True,
        told="one",
    ),
    Kind(name=ReasonKind("newcomer"), values=("newness",), evidence=_newcomer, told="one"),
)
