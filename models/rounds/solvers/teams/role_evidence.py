"""What speaks for giving somebody a part in a team: what they offer, say of themselves, or said, and nothing else.

Being likely to join is no evidence, and neither is having answered somebody who asked for it. Whoever shows too little
is not given the part, which stays open.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.community.view import Community
from models.domain.facts import Fact
from models.domain.records import Need
from models.domain.requests import Evidence, Goal, Reason
from models.meaning.statements import content_words, needed
from models.ranking import fit
from models.ranking.pipeline import TextEncoder, goal_query
from models.ranking.reasons.exchange import MEETS_NEED
from models.ranking.reasons.interests import KNOWS_ABOUT
from models.rounds.spec.requests import Role
from models.text.quoting import quote

ENOUGH = fit.NEAR  # support from which somebody may be given a part
NAMED = (0.5, 0.9)  # support of half of the words of a part in one's own statements, and of all of them
SAID = 0.75  # what is said in a conversation shows less than what is stated
BY_ATTRIBUTE = 0.5  # where the part asks for an attribute, having it is enough
STATED = ("offers", "profile", "aims")
QUOTED = 80
_ENDINGS = ("ers", "ors", "ings", "ists", "ing", "ist", "er", "or", "s")
_SHORTEST = 3  # letters that are left of a word


@dataclass(frozen=True, slots=True)
class Support:
    """(n,) float32 how much speaks for each, 0..1, and (n,) int64 where it stands: a passage, -2 - the row of a facet,
    or `fit.NONE`."""

    chance: np.ndarray
    source: np.ndarray


def support(view: Community, rows: np.ndarray, role: Role, encode: TextEncoder) -> Support:
    """What the people in `rows` (n,) showed for a role."""
    wanted = role.need.text if role.need is not None else role.name
    asked = goal_query(view, Goal(text=wanted, needs=(Need(wanted),)), encode).asked
    assert asked is not None
    offered, known = fit.needs_met(view, rows, asked), fit.knows(view, rows, asked)
    found = Support(offered.chance.copy(), np.where(offered.theirs == fit.NONE, fit.NONE, -2 - offered.theirs))
    _raise(found, *_known(view, rows, known))
    _raise(found, *_named(view, rows, wanted))
    return found


def evidence_reason(view: Community, source: int, weight: float) -> Reason | None:
    """What a part was given for, for organizers; None for nothing, and for what was taken back."""
    if source == fit.NONE:
        return None
    if source >= 0:
        messages = view.documents.messages[source]
        if not messages:
            return None
        said = Fact("reasons.part.said", {"words": quote(view.documents.texts[source], QUOTED)})
        return Reason(KNOWS_ABOUT, said, weight, (Evidence("message", messages[0]),))
    facet = view.facets.items[-2 - source]
    stated = facet.weight >= 1
    how = ("offers" if facet.kind == "offers" else "stated") if stated else "suggestion"
    said = Fact(f"reasons.part.{how}", {"words": quote(facet.text, QUOTED)})
    kind: Evidence = Evidence("statement" if stated else "suggestion", facet.text)
    return Reason(MEETS_NEED if facet.kind == "offers" else KNOWS_ABOUT, said, weight, (kind,))


def _known(view: Community, rows: np.ndarray, known: fit.Judged) -> tuple[np.ndarray, np.ndarray]:
    """What they state, and what they told themselves: an answer tells of who asked, and asking is not knowing."""
    chance = np.where(known.theirs == fit.NONE, 0, known.chance)
    for at in np.flatnonzero(known.theirs >= 0):
        source = int(known.theirs[at])
        text = view.documents.texts[source]
        told = view.documents.owner[source] == rows[at] and not needed(text) and not _asks(text)
        chance[at] *= SAID * told
    return chance, known.theirs


def _asks(text: str) -> bool:
    return "?" in text or "？" in text


def _named(view: Community, rows: np.ndarray, wanted: str) -> tuple[np.ndarray, np.ndarray]:
    """Whose statements name the part: by the share of its words that are in one of them."""
    words = _stems(wanted)
    chance, source = np.zeros(len(rows), np.float32), np.full(len(rows), fit.NONE, np.int64)
    place = {int(row): at for at, row in enumerate(rows)}
    half, whole = NAMED
    for number, facet in enumerate(view.facets.items if words else ()):
        at = place.get(facet.member)
        if at is None or facet.kind not in STATED:
            continue
        share = len(words & _stems(facet.text)) / len(words)
        value = (half + (whole - half) * (2 * share - 1)) * facet.weight if share >= 0.5 else 0.0
        if value > chance[at]:
            chance[at], source[at] = value, -2 - number
    return chance, source


def _raise(found: Support, chance: np.ndarray, source: np.ndarray) -> None:
    better = chance > found.chance
    found.chance[better], found.source[better] = chance[better], source[better]


def _stems(text: str) -> frozenset[str]:
    """Words without their endings, so that a mapper makes maps and a beekeeper goes beekeeping."""
    return frozenset(map(_stem, content_words(text)))


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            rest = word.removesuffix(ending)
            return rest[:-1] if len(rest) > _SHORTEST and rest[-1] == rest[-2] else rest
    return word
