"""Words and phrases as they are counted to name a theme: pieces of what people wrote, whole and as they wrote them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from models.text.lexical import CJK, kinds_of_words, tokens

TELLING = 0.12  # a word that a larger share of the members use names no interest

# When something is says nothing about what it is.
TIMES = ("上午", "下午", "中午", "晚上", "早上", "夜里", "今晚", "周末", "周一", "周二", "周三", "周四", "周五", "周六",
         "周日", "morning", "afternoon", "evening", "tonight", "weekend", "monday", "tuesday", "wednesday", "thursday",
         "friday", "saturday", "sunday")  # fmt: skip
# Words of questions and joints of sentences, from which Chinese phrases are cut out; and names that stand for anybody.
JOINTS = ("什么", "怎样", "怎么", "如何", "哪些", "为何", "这个", "那个", "透过", "通过", "才能", "可以", "应该",
          "关于", "一些")  # fmt: skip
ANYBODY = frozenset({"alice", "bob", "carol", "foo", "bar", "lorem", "ipsum"})
# In a phrase of several words these tell that it is a piece of a sentence, not a name.
_OF_SENTENCES = frozenset((
    "people", "person", "persons", "someone", "somebody", "anyone", "anybody", "everyone", "everybody", "folks", "guys",
    "want", "wants", "need", "needs", "able", "host", "hosts", "very", "small", "big", "new", "good", "great",
))  # fmt: skip
_QUALITIES = ("式", "性", "化", "型", "级", "类")  # 渐进式 is a quality of something
_TRADES = ("家", "师", "人员", "工程师", "程序员")  # 数据科学家 does something, and is none
_SUFFIXES = frozenset(("resistant", "based", "like", "aware", "free", "only", "friendly", "specific", "side", "level"))
_WISHES = ("人想", "人要", "人愿意", "人会", "想学", "想找", "想做", "愿意", "希望", "需要", "打算")
# What was done names nothing. Regular forms are told by their stems.
DONE = frozenset((
    "began", "brought", "built", "bought", "came", "chose", "cost", "done", "drew", "drove", "ate", "fell",
    "found", "fought", "flew", "forgot", "gave", "given", "gone", "got", "grew", "heard", "held", "kept",
    "knew", "known", "learnt", "left", "lost", "made", "meant", "met", "paid", "ran",
    "said", "sat", "seen", "sent", "shown", "slept", "sold", "spent", "spoke", "stood", "stuck", "taken",
    "taught", "thought", "threw", "told", "took", "understood", "went", "woke", "won", "wore", "written", "wrote",
))  # fmt: skip
# Parts of speech in a Chinese phrase that is a piece of a sentence: pronouns, prepositions, adverbs, particles, joints.
_JOINING = frozenset("rpduc")
_NEVER = frozenset("rpducmqtyeo")  # nor numbers, measures, times and exclamations by themselves
LONGEST_CHINESE = 8  # characters of a phrase
ALWAYS = 0.7  # share of the uses of a Chinese term from which a neighbouring character belongs to it
PARTICLES = frozenset(
    "的了是和在与及或中上下里为等个一不也都就这那有我你他它们到对从以将把被让时会能要可去来做用吗呢吧啊呀嘛"
)
WHOLE = 0.5  # share of a word's uses that stand in a longer phrase from which it is a fragment of that
PLURAL = 0.1  # share of the plain form's uses from which a thing is named in the plural: "covenants"
MOST_WRITTEN = 4000  # characters of a text in which the way of writing is looked up
_CLAUSE = re.compile(r"[^.,;:!?()\[\]{}<>|/\n\r\t，。；：！？（）【】《》、“”‘\"`*~=]+")
_NO_WORDS = re.compile(r"```.*?(?:```|$)|`[^`]*`|https?://\S+|\S+@\S+|<[^>]{1,80}>|(?<!\w)_+|_+(?!\w)", re.S)
_JOINTS = re.compile(r"[-_]")


def terms(text: str) -> frozenset[str]:
    """Words, and phrases of two and three words that stand side by side."""
    out: set[str] = set()
    for clause in _CLAUSE.findall(_NO_WORDS.sub(" ", text)):
        words = tokens(clause)
        out.update(words)
        if len(words) > 1:
            out.update(_phrases(words, clause.lower()))
    return frozenset(out)


def _phrases(words: Sequence[str], clause: str) -> Iterable[str]:
    before = ""  # the phrase that ends with the first word of the pair
    for first, second in pairwise(words):
        pair = _side_by_side(first, second, clause)
        if pair:
            yield pair
            if before and (longer := _side_by_side(before, second, clause)):
                yield longer
        before = pair


def _side_by_side(first: str, second: str, clause: str) -> str:
    """The phrase of two words if they stand next to each other, "" else."""
    if first == second or first in second or second in first:
        return ""
    if CJK.search(first) and CJK.search(second):
        return first + second if len(first + second) <= LONGEST_CHINESE and first + second in clause else ""
    if CJK.search(first) or CJK.search(second) or len(first) < 3 or len(second) < 3:
        return ""
    beside = any(f"{first}{plural}{gap}{second}" in clause for plural in ("", "s", "es") for gap in " -")
    return f"{first} {second}" if beside else ""


def is_phrase(term: str) -> bool:
    """Two words or more."""
    return " " in term or (len(term) >= 4 and bool(CJK.search(term)))


def names(term: str, known: Callable[[str], bool]) -> bool:
    """Whether it can be the name of something, as far as its form tells. `known`: whether people here use a word."""
    if CJK.search(term):
        if (
            any(wish in term for wish in _WISHES)
            or (len(term) <= 3 and term.endswith(_QUALITIES))
            or term.endswith(_TRADES)
        ):
            return False
        kinds = [kind[:1] for kind in kinds_of_words(term)]
        if len(kinds) < 2:
            return not _NEVER.issuperset(kinds)
        return _JOINING.isdisjoint(kinds) and set(kinds) != {"v"}
    if " " in term:
        return _OF_SENTENCES.isdisjoint(term.split())
    if term.rpartition("-")[2] in _SUFFIXES and "-" in term:
        return False
    stems = {"ed": (term[:-1], term[:-2]), "ly": (term[:-2],)}.get(term[-2:], ())
    return term not in DONE and not any(len(stem) > 2 and known(stem) for stem in stems)


def parts(term: str) -> list[str]:
    """The words of a phrase."""
    return term.split() if " " in term else [word for word in tokens(term) if word != term]


def whole(term: str, counts: Mapping[str, int], longer: Sequence[str]) -> str:
    """The longest of the `longer` terms in which this one mostly stands ("objective" in "objective-c"), else itself."""
    inside = [other for other in longer if counts[other] >= max(2, WHOLE * counts[term]) and contains(other, term)]
    return max(inside, key=lambda other: (len(other), counts[other], other), default=term)


def contains(longer: str, term: str) -> bool:
    """Whether a term is a part of a longer one, word by word."""
    if longer == term or len(longer) <= len(term):
        return False
    if CJK.search(term):
        return term in longer
    return f" {_JOINTS.sub(' ', term)} " in f" {_JOINTS.sub(' ', longer)} "


def shares_words(term: str, other: str) -> bool:
    """Whether two terms say partly the same."""
    pieces = set(_JOINTS.sub(" ", term).split())
    return term in other or other in term or bool(pieces & set(_JOINTS.sub(" ", other).split()))


def as_written(term: str, texts: Iterable[str]) -> str:
    """The way people mostly write it."""
    if CJK.search(term):
        return _uncut(term, texts)
    pieces = [re.escape(piece) + "(?:e?s)?" for piece in term.split()]
    pattern = re.compile(rf"(?<!\w){'[ -]'.join(pieces)}(?!\w)", re.I)
    forms = Counter(form for text in texts for form in pattern.findall(text[:MOST_WRITTEN]))
    if not forms:
        return term
    plain = sum(count for form, count in forms.items() if form == form.lower())
    mostly_plain = 2 * plain >= sum(forms.values())
    best = max((f for f in forms if (f == f.lower()) == mostly_plain), key=lambda form: (forms[form], form))
    plural = next((f for f in (f"{best}s", f"{best}es") if forms[f] >= PLURAL * forms[best]), best)
    return " ".join(plural.split())


def _uncut(term: str, texts: Iterable[str]) -> str:
    """A Chinese term with the character that nearly always stands after or before it: 币 in 比特币."""
    after: Counter[str] = Counter()
    before: Counter[str] = Counter()
    for text in texts:
        for found in re.finditer(re.escape(term), text[:MOST_WRITTEN]):
            following, preceding = text[found.end() : found.end() + 2], text[max(found.start() - 2, 0) : found.start()]
            # 关于 is a word by itself: its first character belongs to nothing that stands before it.
            after["" if following in JOINTS else following[:1]] += 1
            before["" if preceding in JOINTS else preceding[-1:]] += 1
    for beside, longer in ((after, "{term}{one}"), (before, "{one}{term}")):
        one, times = max(beside.items(), key=lambda pair: pair[1], default=("", 0))
        whole_term = longer.format(term=term, one=one)
        if times < ALWAYS * beside.total() or not CJK.search(one) or one in PARTICLES:
            continue
        if names(whole_term, lambda _: True):
            return whole_term
    return term


def speakable(word: str) -> bool:
    """Whether a word can stand in a sentence as the name of an interest."""
    return len(word) > 1 and any(c.isalpha() for c in word) and len(word) <= 30
