"""Who may be recommended to whom at all. Defined once; every path asks here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from models.community import CONSENT_LEVEL, Community
from models.records import all_attributes
from models.requests import Filter, Options


@dataclass(frozen=True, slots=True)
class Allowed:
    """(N,) bool of members who may be shown, and how many only their consent keeps out."""

    mask: np.ndarray
    hidden_by_consent: int


def allowed(view: Community, own: np.ndarray, options: Options) -> Allowed:
    """Everybody who may be shown to the seekers in rows `own` (the asker, or a brief's own people)."""
    rules = view.rules
    mask = rules.present & (rules.paused_until <= options.now)
    mask[own] = False
    for own_row in own:
        mask &= ~row(rules.hidden, own_row)
        if not options.include_connected:
            mask &= ~row(rules.connected, own_row)
    for member in options.exclude:
        if member in view.row:
            mask[view.row[member]] = False
    mask &= _matches(view, options.filter, mask)
    consents = rules.consent >= CONSENT_LEVEL["organizers" if options.audience == "organizers" else "members"]
    return Allowed(mask & consents, int((mask & ~consents).sum()))


def matching(view: Community, wanted: Filter) -> np.ndarray:
    """(N,) bool: everybody who is there and fulfils a filter, whatever they agreed to."""
    return _matches(view, wanted, view.rules.present.copy())


def _matches(view: Community, wanted: Filter, mask: np.ndarray) -> np.ndarray:
    out = mask.copy()
    if wanted.members:
        chosen = np.zeros(view.size, bool)
        chosen[[view.row[m] for m in wanted.members if m in view.row]] = True
        out &= chosen
    if wanted.languages:
        spoken = [n in {tag.split("-")[0].lower() for tag in wanted.languages} for n in view.whereabouts.language_names]
        out &= view.whereabouts.languages[:, spoken].any(1)
    if wanted.active_since is not None:
        out &= view.activity.newest >= wanted.active_since
    if wanted.place:
        place = wanted.place.casefold().strip()
        out &= np.array([p.casefold().strip() == place for p in view.whereabouts.places], bool)
    for name, value in wanted.attributes.items():
        for at in np.flatnonzero(out):
            member = view.members[at]
            out[at] = member is not None and all_attributes(member).get(name) == value
    return out


def row(matrix: sp.csr_matrix, row: int) -> np.ndarray:
    """Dense boolean row of a CSR matrix."""
    out = np.zeros(matrix.shape[1], np.bool_)
    out[matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]] = True
    return out
