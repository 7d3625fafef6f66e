"""What values are computed from beside the view, learnt from that view alone: at a cut, nothing later is in it."""

from __future__ import annotations

from dataclasses import replace

from models.community.view import Community
from models.features.matrix import NOTHING_LEARNT, Learnt
from training.fitting.lsa import fit_tower


def learnt_from(view: Community, given: Learnt = NOTHING_LEARNT) -> Learnt:
    """`given` with the tower of this view; worked out once a view."""
    return replace(given, tower=view.kept.get("fitted tower", lambda: fit_tower(view.lexical)))
