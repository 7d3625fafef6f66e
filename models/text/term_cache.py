"""What was worked out of texts to name themes, kept for the next request while nobody's words are to be forgotten."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from models.text.lexical import Vocabulary
from models.text.terms import terms

MOST = 8_000  # texts

_memos: WeakKeyDictionary[Vocabulary, Memo] = WeakKeyDictionary()


class Memo:
    """The terms of texts. One for all views of a community, as they share their vocabulary."""

    def __init__(self) -> None:
        self._terms: dict[str, frozenset[str]] = {}

    def terms(self, text: str) -> frozenset[str]:
        """`theme_terms.terms` of a text."""
        found = self._terms.get(text)
        if found is None:
            if len(self._terms) >= MOST:
                self._terms.clear()
            found = self._terms[text] = terms(text)
        return found


def memo_of(vocabulary: Vocabulary) -> Memo:
    """What is kept for the community with this vocabulary."""
    return _memos.setdefault(vocabulary, Memo())


def forget(vocabulary: Vocabulary) -> None:
    """Keeps nothing any longer: some of these texts were deleted."""
    _memos.pop(vocabulary, None)
