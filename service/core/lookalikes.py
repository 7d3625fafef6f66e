"""Which new ids are refused because they read as another: a part of Unicode's security profile (UTS 39).

Only what is new is held to it, so that what exists can be read, changed and brought back. Any script may be used.
"""

from __future__ import annotations

import unicodedata

import regex  # type: ignore[import-untyped]

from service.core.errors import InvalidArgument
from service.core.names import shown

# Joiners and variation selectors are seen where they make an emoji.
_EMOJI = regex.compile(
    r"\p{Extended_Pictographic}\p{Emoji_Modifier}?\uFE0F?(\u200D\p{Extended_Pictographic}\p{Emoji_Modifier}?\uFE0F?)*"
    r"|[0-9#*]\uFE0F?\u20E3"
)
_UNSEEN = regex.compile(r"[\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]|[^\P{Zs} ]")
_WORD = regex.compile(r"[\p{L}\p{M}]+")
# Scripts whose letters look like those of another; a word is written in one of them.
_SCRIPTS = ("Latin", "Cyrillic", "Greek", "Armenian", "Cherokee", "Coptic", "Lisu")
_IN = {name: regex.compile(rf"\p{{Script={name}}}") for name in _SCRIPTS}
# Letters that look like Latin ones (confusables.txt of UTS 39), and those.
_LATIN = str.maketrans(
    "асеһіјӏорԛѕуѵԝхАВСЕНІЈКМОРЅТХҮԚԜѴ" "αγινορυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" "օսհոցզ",
    "acehijlopqsyvwxABCEHIJKMOPSTXYQWV" "ayivopuABEZHIKMNOPTYX" "ouhngq",
)  # fmt: skip


def require_plain(id: str) -> None:
    """Raises InvalidArgument (ID_MISLEADING) for a new id with characters that are not seen, that is written otherwise
    than it is usually composed, of which a word could be read as one in other letters, or that means everybody."""
    if id == "-":
        raise _misleading('"-" means everybody in names')
    if id.isascii():
        return
    if unseen := _UNSEEN.search(_EMOJI.sub("", id)):
        raise _misleading(f"{shown(ascii(id))} holds the unseen character U+{ord(unseen.group()):04X}")
    if unicodedata.normalize("NFC", id) != id:
        raise _misleading(f"{shown(id)} is not in Unicode's composed form (NFC)")
    for letter in id:
        plain = unicodedata.normalize("NFKC", letter)
        if plain != letter and unicodedata.category(letter)[0] in "LN" and plain.isalnum():
            raise _misleading(f'{shown(id)} reads as "{plain}" where it has U+{ord(letter):04X}')
    for word in _WORD.findall(id):
        _require_one_script(id, word)


def _require_one_script(id: str, word: str) -> None:
    scripts = [name for name in _SCRIPTS if _IN[name].search(word)]
    if len(scripts) > 1:
        raise _misleading(f"{shown(id)} mixes {' and '.join(scripts)} letters in one word")
    latin = word.translate(_LATIN)
    if scripts and scripts != ["Latin"] and latin.isascii():
        raise _misleading(f'{shown(id)} reads as "{latin}", but has {scripts[0]} letters')


def _misleading(subject: str) -> InvalidArgument:
    return InvalidArgument(f"The id {subject}", reason="ID_MISLEADING")
