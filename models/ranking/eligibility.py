"""Who may be recommended to whom at all. Defined once; every path asks here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.community.kept import once_a_view
from models.community.sparse import row_of
from models.community.statements import place_key
from models.community.view import Activity, Community
from models.domain.counts import coarse
from models.domain.records import CONSENT_LEVEL, DAY
from models.domain.requests import Audience, Filter, Options

# Whoever was silent for so many days, for so many times as long as the newest eighth of all events took, and for so
# many of their own usual gaps, is gone. Measured on five communities cut at 80 %: of those gone by this rule 1 to 13 in
# 100 came back, of the others 18 to 43.
LEAST_SILENCE = 60.0
SPANS = 2.0
GAPS = 4.0


@dataclass(frozen=True, slots=True)
class Allowed:
    """(N,) bool of members who may be shown, and about how many their consent keeps out; see `hidden_by_consent`."""

    mask: np.ndarray
    hidden_by_consent: int


def allowed(view: Community, own: np.ndarray, options: Options) -> Allowed:
    """Everybody who may be shown to the queries in rows `own` (the asker, or a brief's own people)."""
    rules = view.rules
    mask = rules.present & (rules.paused_until <= options.now)
    mask[own] = False
    if not options.gone:
        mask &= ~gone(view)
    for own_row in own:
        mask[row_of(rules.hidden, own_row).columns] = False
        if options.own and options.audience == "members":
            mask[row_of(rules.declined, own_row).columns] = False
        if not options.include_connected:
            mask[row_of(rules.connected, own_row).columns] = False
    mask[[view.row[member] for member in options.exclude if member in view.row]] = False
    mask &= _matches(view, options.filter, mask, options.audience)
    consents = rules.consent >= CONSENT_LEVEL["organizers" if options.audience == "organizers" else "members"]
    return Allowed(mask & consents, hidden_by_consent(view, options))


def hidden_by_consent(view: Community, options: Options) -> int:
    """How many agreed to be shown to nobody, in steps; 0 for members, and where a filter would make it tell more.

    It depends on nothing else that is asked, and on no block.
    """
    if options.audience != "organizers" or options.filter != Filter():
        return 0
    rules = view.rules
    return coarse(int((rules.present & (rules.consent < CONSENT_LEVEL["organizers"])).sum()))


@once_a_view
def gone(view: Community) -> np.ndarray:
    """(N,) bool: who was silent for far longer than is usual here and than they used to be. Whoever never said or did
    anything has not begun yet."""
    activity = view.activity
    silent = (view.as_of - activity.newest) / DAY
    newest_eighth = (view.as_of - activity.recent_since) / DAY
    usual = GAPS * _own_gap(activity)
    return (activity.newest > 0) & (silent > np.maximum(np.maximum(LEAST_SILENCE, SPANS * newest_eighth), usual))


def _own_gap(activity: Activity) -> np.ndarray:
    """(N,) days between two things that somebody does; of few things, drawn to what is usual for everybody."""
    days = (activity.newest - activity.oldest) / DAY
    often = activity.total >= 2
    usual = float(np.median(days[often] / (activity.total[often] - 1))) if often.any() else 0.0
    return np.asarray((days + usual) / np.maximum(activity.total, 1))


def matching(view: Community, wanted: Filter) -> np.ndarray:
    """(N,) bool: everybody who is there and fulfils an organizer's filter; with one, nobody who agreed to nothing, or
    it would read what they state."""
    found = _matches(view, wanted, view.rules.present, "organizers")
    return found if wanted == Filter() else found & (view.rules.consent >= CONSENT_LEVEL["organizers"])


def _matches(view: Community, wanted: Filter, mask: np.ndarray, audience: Audience) -> np.ndarray:
    out = mask.copy()
    if wanted.members:
        chosen = np.zeros(view.size, bool)
        chosen[[view.row[m] for m in wanted.members if m in view.row]] = True
        out &= chosen
    if wanted.languages:
        spoken = [n in {tag.split("-")[0].lower() for tag in wanted.languages} for n in view.whereabouts.language_names]
        out &= view.whereabouts.languages[:, spoken].any(1)
    if wanted.active_since is not None:
        # To others what is done in closed rooms would show by asking again and again.
        newest = view.activity.newest if audience == "organizers" else view.activity.newest_open
        out &= newest >= wanted.active_since
    if wanted.place:
        out &= view.whereabouts.place == view.whereabouts.place_codes.get(place_key(wanted.place))
    for name, value in wanted.attributes.items():
        out &= view.attribute_codes.equal(name, value)
    return out


def row(matrix: sp.csr_matrix, row: int) -> np.ndarray:
    """Dense boolean row of a CSR matrix."""
    out = np.zeros(matrix.shape[1], np.bool_)
    out[matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]] = True
    return out
