"""In which language somebody is told something, and which words they need not be told in another one."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from models.community.view import Community
from models.domain.records import Member
from models.domain.requests import Language

# Of words on a page only the script tells: Latin letters may be English or something else.
Script: TypeAlias = Literal["latin", "zh", ""]

_LETTERS_THAT_TELL = 4
_IDEOGRAPHS = ("\u3400", "\u9fff")
# As many letters as make a Chinese word make half an English one.
_CHINESE_SHARE = 0.3
_WRITTEN: dict[str, Language] = {"en": "en", "zh": "zh"}
# Names, abbreviations and words of one trade ("SEO", "logo") are the same in any language.
_LATIN_WORD = re.compile(r"[a-z\u00e0-\u024f]{3,}")
_FOREIGN_FROM = 2


def reader_language(view: Community, reader: str, otherwise: Language) -> Language:
    """The first language that a member states in which texts are written; else the one of them that they speak here.

    Of those who state none and speak both, or neither, the language of their profile counts, then `otherwise`.
    """
    member = view.member(reader)
    if member is None:
        return otherwise
    if stated := _stated(member):
        return stated[0]
    seen = _spoken(view, reader)
    if len(seen) == 1 and not member.languages:
        return seen[0]
    return otherwise if member.languages else _profile_language(member) or otherwise


def reads(view: Community, reader: str, told_in: Language) -> frozenset[Language]:
    """Languages in which somebody needs no help: that of their text, those they state, and those they speak here."""
    member = view.member(reader)
    return frozenset((told_in, *(_stated(member) if member else ()), *(_spoken(view, reader) if member else ())))


def script_of(text: str) -> Script:
    """The script of a statement; "" where it is too short, or made of names alone, so that anybody reads it."""
    letters = [letter for letter in text if letter.isalpha()]
    chinese = sum(_IDEOGRAPHS[0] <= letter <= _IDEOGRAPHS[1] for letter in letters)
    latin = len(_LATIN_WORD.findall(text)) >= _FOREIGN_FROM
    if chinese > _CHINESE_SHARE * len(letters) or (chinese >= _FOREIGN_FROM and not latin):
        return "zh"
    return "latin" if latin else ""


def foreign(text: str, reader_reads: frozenset[Language]) -> bool:
    """Whether a reader of these languages does not read a statement; who reads English reads Latin script."""
    script = script_of(text)
    return (script == "zh" and "zh" not in reader_reads) or (script == "latin" and "en" not in reader_reads)


def _stated(member: Member) -> list[Language]:
    tags = (tag.split("-")[0].lower() for tag in member.languages)
    return [_WRITTEN[tag] for tag in tags if tag in _WRITTEN]


def _spoken(view: Community, reader: str) -> list[Language]:
    spoken = view.whereabouts.languages[view.row[reader]]
    return [_WRITTEN[name] for i, name in enumerate(view.whereabouts.language_names) if name in _WRITTEN and spoken[i]]


def _profile_language(member: Member) -> Language | None:
    """The language that somebody's statements are written in; none where they say too little to tell."""
    needs = (need.text for need in (*member.offers, *member.seeks))
    text = " ".join((member.profile, *member.aims, *needs))
    if sum(letter.isalpha() for letter in text) < _LETTERS_THAT_TELL:
        return None
    return "zh" if script_of(text) == "zh" else "en"
