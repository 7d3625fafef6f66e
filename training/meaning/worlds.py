"""Communities drawn from the topics of the material, in which it is known who shares, offers, seeks and knows what.

The chances of `models.meaning` are fitted on what serving computes for them, so that a chance of .9 is right nine times
in ten where people offer, show and ask about many different things amid small talk.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from models.domain.records import DAY, Channel, Member, Message, Need, Record
from training.meaning.material import Text

START = 1_772_323_200_000_000
TOPICS = 46  # of a world
USUAL = 10  # phrases that make up half of its small talk
ROOMS = ("lobby", "help", "making", "evenings")


@dataclass
class World:
    """Records, and by member what they offer, seek, show and ask (topic to relations). `about_what`: topic and domain
    of what was said or stated; what only sounds like a topic has none but the domain, small talk has nothing."""

    records: list[Record] = field(default_factory=list)
    about: defaultdict[str, defaultdict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    about_what: dict[str, tuple[str, str]] = field(default_factory=dict)
    questions: list[tuple[str, str]] = field(default_factory=list)  # (text, topic)
    briefs: list[tuple[str, str]] = field(default_factory=list)


class _Draw:
    def __init__(self, texts: Sequence[Text], small_talk: Sequence[str], noise: Sequence[str], seed: int) -> None:
        self.random = random.Random(seed)
        self.domain: dict[str, str] = {}
        self.by: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
        for text in texts:
            self.by[text.topic, text.kind, text.language].append(text.text)
            self.domain[text.topic] = text.domain
        self.topics = sorted({text.topic for text in texts})
        self.small_talk, self.noise = list(small_talk), list(noise)
        self.world = World()
        self.world.about_what |= {t.text: ("" if t.kind == "near" else t.topic, t.domain) for t in texts}
        self.count = 0

    def words(self, topic: str, kind: str, language: str, number: int | None = None) -> str:
        some = self.by[topic, kind, language]
        return some[self.random.randrange(len(some)) if number is None else number % len(some)]

    def say(self, member: str, text: str, reply_to: str = "", thread: str = "") -> str:
        self.count += 1
        message = f"x{self.count:05d}"
        time = START + self.count * DAY // 40
        room = "help" if reply_to else self.random.choice(ROOMS)
        self.world.records.append(
            Message(id=message, author=member, time=time, text=text, channel=room, reply_to=reply_to, thread=thread)
        )
        return message


def draw(
    texts: Sequence[Text],
    small_talk: Sequence[str],
    phrases: Sequence[Sequence[str]],
    noise: Sequence[str],
    seed: int,
    members: int = 110,
) -> World:
    """A community of so many, each with a language, small talk and up to two topics in one of several ways.

    Of `phrases`, each in several fillings, some are said by many there.
    """
    d = _Draw(texts, small_talk, noise, seed)
    usual = d.random.sample(list(phrases), min(len(phrases), USUAL))
    d.small_talk += [text for phrase in usual for text in phrase] * (len(small_talk) // max(USUAL * len(usual[0]), 1))
    chosen = d.random.sample(d.topics, min(len(d.topics), TOPICS))
    deals, asked = chosen[:-8], chosen[-8:]
    d.world.records += [Channel(id=room, name=room) for room in ROOMS]
    for at in range(members):
        _member(d, f"m{at:03d}", deals)
    for topic in d.random.sample(deals, min(12, len(deals))):
        _conversation(d, topic, members)
    for topic in (*deals, *asked):
        for language in ("en", "zh"):
            d.world.questions.append((d.words(topic, "ask", language), topic))
            d.world.briefs.append((d.words(topic, "brief", language), topic))
    return d.world


def market(texts: Sequence[Text], number: int) -> World:
    """A community in which everybody states one thing: of each topic, in both languages, an offer, a wish, and what
    only sounds like an offer of it. `number` says which of the offers and wishes."""
    d = _Draw(texts, (), (), number)
    for topic in d.topics:
        for language in ("en", "zh"):
            for kind, field_ in (("offer", "offers"), ("near", "offers"), ("seek", "seeks")):
                if d.by[topic, kind, language]:
                    member = f"{topic} {language} {kind}"
                    need = Need(d.words(topic, kind, language, number))
                    d.world.records.append(
                        Member(id=member, name=member, consent="members", **{field_: (need,)})  # type: ignore[arg-type]
                    )
    return d.world


def _member(d: _Draw, member: str, deals: Sequence[str]) -> None:
    language = d.random.choice(("en", "zh"))
    offers, seeks, profile = [], [], ""
    for topic in d.random.sample(deals, d.random.choice((0, 1, 1, 2))):
        way = d.random.choice(("offer", "seek", "say", "say", "profile", "near"))
        about = d.world.about[member][topic]
        if way == "offer":
            offers.append(Need(d.words(topic, "offer", language)))
            about.add("offers")
        elif way == "near" and d.by[topic, "near", language]:
            offers.append(Need(d.words(topic, "near", language)))
        elif way in ("seek", "near"):
            seeks.append(Need(d.words(topic, "seek", language)))
            about.add("seeks")
        elif way == "profile":
            profile = d.words(topic, "offer", language)
            about.add("shows")
        else:
            for number in d.random.sample(range(4), 2):
                d.say(member, d.words(topic, "say", language, number))
            if d.random.random() < 0.5:
                d.say(member, _named(d, topic, language))
            about.add("shows")
    d.world.records.append(
        Member(id=member, name=member, profile=profile, offers=tuple(offers), seeks=tuple(seeks), consent="members")
    )
    for _ in range(d.random.randint(1, 5)):
        d.say(member, d.random.choice(d.noise if d.random.random() < 0.1 else d.small_talk))


def naming(texts: Sequence[Text], seed: int = 1) -> Iterator[tuple[str, str]]:
    """(topic, remark): for each name of a topic two remarks of somebody who does it."""
    some = random.Random(seed)
    for text in texts:
        if text.kind == "name":
            yield from ((text.topic, frame.format(text.text)) for frame in some.sample(NAMED[text.language], 2))


def _named(d: _Draw, topic: str, language: str) -> str:
    text = d.random.choice(NAMED[language]).format(d.words(topic, "name", language))
    d.world.about_what[text] = topic, d.domain[topic]
    return text


def _conversation(d: _Draw, topic: str, members: int) -> None:
    """Somebody asks, somebody answers, with or without naming the thing, and somebody follows."""
    asker, answerer = (f"m{n:03d}" for n in d.random.sample(range(members), 2))
    language = d.random.choice(("en", "zh"))
    question = d.say(asker, d.words(topic, "ask", language, 0))
    d.say(answerer, d.words(topic, "can", language, d.random.randrange(2)), reply_to=question, thread=question)
    d.world.about[asker][topic].add("asks")
    d.world.about[answerer][topic].add("shows")


NAMED = {
    "en": (
        "spent the whole evening on {}",
        "Back at {} after a long break",
        "{} is what keeps me going these days",
        "another Sunday full of {}, no complaints",
        "got a lot better at {} this year I think",
        "can't make it tonight, {} evening",
        "sorry for the silence, {} took over my life",
        "third year of {} and still a beginner",
        "no sleep, {} until two",
        "my holidays? {}, what else",
        "{} before breakfast, best start of a day",
    ),
    "zh": (
        "最近又开始弄{}了",
        "周末都花在{}上了",
        "{}真的会上瘾",
        "今天{}到半夜",
        "说到{}我就停不下来",
        "今晚来不了，有{}",
        "好久没冒泡，都在忙{}",
        "{}第三年了，还是新手",
        "放假干嘛？当然是{}",
        "一早就去{}，一天都有精神",
        "为了{}觉都不睡了",
    ),
}
