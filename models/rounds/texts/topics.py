"""What a statement is about, by the name that the thing has in the reader's language.

Nothing is translated: a name stands only where the statement itself says the name of an activity of the lexicon that
means the same in both languages.
"""

from __future__ import annotations

from functools import lru_cache

from models.domain.requests import Language
from models.meaning.lexicon import shipped
from models.text.lexical import folded

# Their two names do not mean the same, the short one means more than the activity, or it is a word like any other.
_UNLIKE = frozenset((
    "pricing", "welding", "car maintenance", "GIS", "UX research", "facilitation", "letterpress", "drawing", "robotics",
    "go", "sales", "English", "Chinese", "introductions", "marketing", "politics", "workshop and studio space",
    "angel investment", "wills", "running", "fencing", "insulation", "weather", "housing", "travel", "fashion",
    "fishing", "hunting", "films", "museum", "scouts", "environment", "herbs", "flowers", "trains", "mosaic", "optics",
    "surveying", "sleep", "auction", "debate", "fostering", "hiring", "massage", "wedding", "fonts", "cricket",
))  # fmt: skip


def topics(text: str, language: Language, most: int = 2) -> tuple[str, ...]:
    """Names of what a statement says it is about, in this language; () where it names nothing known."""
    names, by_word = shipped().names, _by_name()
    found = dict.fromkeys(by_word[word] for word in sorted(shipped().inside(text), key=text.find) if word in by_word)
    return tuple(names[activity][language == "zh"] for activity in found)[:most]


@lru_cache(maxsize=1)
def _by_name() -> dict[str, int]:
    """Activities by what they are called in either language, as far as the one name can stand for the other."""
    lexicon = shipped()
    out: dict[str, int] = {}
    for activity, (english, chinese) in enumerate(lexicon.names):
        if english in _UNLIKE or chinese[-1:] in ("语", "话"):
            continue
        key = " ".join(folded(word) for word in english.casefold().split())
        out |= {name: activity for name in (key, chinese) if len(lexicon.words.get(name, ())) == 1}
    return out
