"""What was worked out of texts to name themes, kept for the next request while nobody's words are to be forgotten."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from models.community import Community
from models.lexical import Vocabulary
from models.theme_terms import terms

MOST = 8_000  # texts

_memos: WeakKeyDictionary[Vocabulary, Memo] = WeakKeyDictionary()


class Memo:
    """The terms of texts. One for all views of a community, as they share their vocabulary."""

    def __init__(self, gone: tuple[int, int]) -> None:
        self.gone = gone
        self._terms: dict[str, frozenset[str]] = {}

    def terms(self, text: str) -> frozenset[str]:
        """`theme_terms.terms` of a text."""
        found = self._terms.get(text)
        if found is None:
            if len(self._terms) >= MOST:
                self._terms.clear()
            found = self._terms[text] = terms(text)
        return found


def memo_of(view: Community) -> Memo:
    """What is kept for this community. Once somebody or something said was deleted, all is forgotten."""
    gone = (sum(one is None for one in view.members), int((np.asarray(view.documents.owner) < 0).sum()))
    known = _memos.get(view.lexical.vocabulary)
    if known is None or known.gone != gone:
        known = _memos[view.lexical.vocabulary] = Memo(gone)
    return known
