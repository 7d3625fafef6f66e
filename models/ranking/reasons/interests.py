"""What both talk about, or what somebody knows: it stands on pieces, which are words of a profile or of messages."""

from __future__ import annotations

from collections.abc import Sequence

from models.community.word_counts import word_weights
from models.domain.requests import Evidence, ReasonKind
from models.features.matrix import TEXT
from models.meaning.statements import content_words
from models.ranking.reasons.kind import Case, Found, Kind, stated
from models.text.terms import TIMES, contains, names, speakable

SHARED_INTEREST = ReasonKind("shared_interest")
KNOWS_ABOUT = ReasonKind("knows_about")
POSSIBLE_FIT = ReasonKind("possible_fit")
OF_PIECES = frozenset({SHARED_INTEREST, KNOWS_ABOUT})

# Weight of a word (`models.community.word_counts.word_weights`) below which too many say it to name an interest.
TELLING_WEIGHT = 0.35


def quotes(case: Case) -> dict[str, str]:
    """What was said in the messages that reasons stand on."""
    documents = case.view.documents
    pieces = [two for kind, two in case.stands_on.items() if kind in OF_PIECES]
    sources = {source for two in pieces for source in two if source >= 0}
    return {documents.messages[s][0]: documents.texts[s] for s in sources if documents.messages[s]}


def _interest(case: Case) -> Found:
    """The words that both use for it, else what they said or stated of it: theirs, then mine."""
    return _common_words(case, *case.stands_on[SHARED_INTEREST]) or _pieces(case)


def _pieces(case: Case) -> Found:
    """What both said or stated of a shared interest: theirs, then mine."""
    mine, theirs = (_piece(case, source) for source in case.stands_on[SHARED_INTEREST])
    return (theirs, mine) if theirs and mine else None


def _knows(case: Case) -> Found:
    """What they state or wrote."""
    piece = _piece(case, case.stands_on[KNOWS_ABOUT][1])
    return (piece,) if piece else None


def _piece(case: Case, source: int) -> Evidence | None:
    """A statement, or the message with which a passage begins; None where it was taken back."""
    if source < 0:
        return stated(case, -2 - source)
    messages = case.view.documents.messages[source]
    return Evidence("message", messages[0]) if messages else None


def _common_words(case: Case, mine: int, theirs: int, most: int = 3) -> tuple[Evidence, ...]:
    """Words that stand in both pieces and that few enough use to tell something."""
    lexical, weight = case.view.lexical, word_weights(case.view)
    both = content_words(_text(case, mine)) & content_words(_text(case, theirs))
    known = {word: ids[0] for word in both if len(ids := lexical.vocabulary.ids([word], grow=False))}
    telling = {
        word: float(weight[at]) for word, at in known.items() if at < len(weight) and weight[at] >= TELLING_WEIGHT
    }
    named = [word for word in sorted(telling, key=lambda w: (-telling[w], w)) if _names_something(case, word)]
    return tuple(Evidence("term", word) for word in _whole(named)[:most])


def _names_something(case: Case, word: str) -> bool:
    return speakable(word) and word not in TIMES and names(word, case.view.lexical.knows)


def _whole(words: Sequence[str]) -> list[str]:
    """The words without those that are a part of another one: 主义 beside 存在主义, crowd beside crowd-sourced."""
    return [word for word in words if not any(word != other and contains(other, word) for other in words)]


def _text(case: Case, source: int) -> str:
    return case.view.facets.items[-2 - source].text if source < 0 else case.view.documents.texts[source]


KINDS = (
    Kind(
        name=SHARED_INTEREST,
        values=(*TEXT, "stated"),
        evidence=_interest,
        nearly=_pieces,
        asked=KNOWS_ABOUT,
    ),
    Kind(name=KNOWS_ABOUT, evidence=_knows),
    # Among the nearest, but not surely enough to claim that they fit.
    Kind(name=POSSIBLE_FIT, told="parts"),
)
