"""What is said of a reason: which message, with which words of its evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from models.domain.facts import Fact, Value
from models.domain.requests import Evidence, ReasonKind
from models.text.wishes import WishKind, wish

# The name by which the reader knows a member, channel or project.
Name: TypeAlias = Callable[[Evidence], str]

MAY_BE_THE_SAME = ("shared_aim", "shared_value")


def reason_said(kind: ReasonKind, evidence: Sequence[Evidence], name: Name) -> Fact:
    """What is said of a reason."""
    words = [_word(kind, item, name) for item in evidence]
    if kind == "knows_about" and evidence and all(item.kind == "message" for item in evidence):
        return Fact("reasons.wrote", {"words": _unclosed(words[0])})
    if kind == "shared_interest" and evidence and evidence[0].kind != "term":
        return Fact("reasons.pieces", _of_two(list(map(_unclosed, words))))
    if kind == "knows_about":
        words = [_as_said(word, item) for word, item in zip(words, evidence, strict=True)]
    if kind in MAY_BE_THE_SAME and len(evidence) == 2 and _alike(evidence, name):
        return Fact(f"reasons.same.{kind}", _of_two(words))
    return Fact(f"reasons.{kind}", {**_of_two(words), **_wish(kind, evidence, name), "all": tuple(words)})


def possibly_said(of: ReasonKind, evidence: Sequence[Evidence], name: Name) -> Fact:
    """What is said of what is near to a reason of another kind."""
    words = [_unclosed(_word(of, item, name)) for item in evidence]
    return Fact(f"reasons.possible.{of}", {**_of_two(words), **_wish(of, evidence, name, unclosed=True)})


def project_said(kind: ReasonKind, evidence: Sequence[Evidence], name: Name) -> Fact:
    """What is said of a reason to join a project."""
    words = [_word(kind, item, name) for item in evidence]
    return Fact(f"reasons.project.{kind}", {**_of_two(words), "all": tuple(words)})


def suggested(words: str) -> Fact:
    """Words that were read out of what somebody said, and not confirmed yet."""
    return Fact("reasons.suggested", {"words": words})


def language_named(tag: str) -> Fact:
    """What a language is called."""
    return Fact("reasons.language", {"tag": tag})


def wish_said(kind: WishKind, words: Value, *, plural: bool = False) -> Fact:
    """That somebody looks for or wants something (`models.text.wishes`), as a predicate; `plural` after "you" and
    "they"."""
    return Fact(f"wish.{kind}", {"words": words, "plural": plural})


def _word(kind: ReasonKind, item: Evidence, name: Name) -> Value:
    if kind == "shared_language":
        return language_named(item.value)
    word = name(item)
    return suggested(word) if item.kind == "suggestion" else word


def _of_two(words: Sequence[Value]) -> dict[str, Value]:
    """Evidence is (theirs, mine), or theirs alone."""
    return dict(zip(("theirs", "mine"), words, strict=False))


def _wish(kind: ReasonKind, evidence: Sequence[Evidence], name: Name, *, unclosed: bool = False) -> dict[str, Value]:
    """The wish among what speaks for a kind of reason: of evidence (theirs, mine) mine where they offer."""
    at = {"offer_meets_seek": 1, "seek_meets_offer": 0}.get(kind, len(evidence))
    if at >= len(evidence):
        return {}
    item = evidence[at]
    wished, words = wish(name(item))
    word: Value = suggested(words) if item.kind == "suggestion" else words
    return {"wish": wish_said(wished, _unclosed(word) if unclosed else word, plural=True)}


def _alike(evidence: Sequence[Evidence], name: Name) -> bool:
    one, other = ((name(item).casefold(), item.kind == "suggestion") for item in evidence)
    return one == other


def _unclosed(word: Value) -> Value:
    return word.rstrip(".。 ") if isinstance(word, str) else word


def _as_said(word: Value, item: Evidence) -> Value:
    """What somebody stated in quotation marks, without its full stop: the sentence around it has one; else the word."""
    return Fact("reasons.quoted", {"words": _unclosed(word)}) if item.kind in ("statement", "suggestion") else word
