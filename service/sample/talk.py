"""Plays dialogues: draws one, casts it, lets its people type it into a channel."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from models.records import Micros
from service.sample.casting import Cast
from service.sample.clock import DAY, moment, night_skipped, pause
from service.sample.log import Draft, Log
from service.sample.material import Dialogue, Material, Person, Topic, Turn, language_of
from service.sample.phrasing import Gaps, Voice, typed

_CIRCLE_SHARES = {"": 0.9, "kiln": 0.06, "sound": 0.04}
_CIRCLE_TOPICS = {
    "kiln": ("crafts", "crafts", "crafts", "lunch", "smalltalk", "growing", "coffee", "outdoors", "music", "repair"),
    "sound": (
        "soundwalk",
        "soundwalk",
        "soundwalk",
        "podcast",
        "music",
        "berlin",
        "smalltalk",
        "coffee",
        "meetups",
        "fiction",
    ),
}
_CIRCLE_ONLY = {"soundwalk"}
_IDLE_TOPICS = ("smalltalk", "lunch")  # everybody's business now and then
_NOBODY_ANSWERED = 0.1
_BROKEN_OFF = 0.12
_APART = 25 * DAY  # between two times that the same dialogue is held by different people


class Talk:
    """The conversation of the whole community."""

    def __init__(self, material: Material, log: Log, seed: int) -> None:
        self._material = material
        self._log = log
        self._rng = Random(f"{seed}/talk")
        self._cast = Cast(material, log, self._rng)
        self._voices = {p.id: Voice.of(seed, p.id, p.speaks) for p in material.people}
        self._decks: dict[str, list[Dialogue]] = {}
        self._played: dict[Dialogue, list[tuple[Micros, set[tuple[str, str]]]]] = defaultdict(list)
        topics = {name: t for name, t in material.topics.items() if name not in {"welcome", *_CIRCLE_ONLY}}
        self._topics = list(topics)
        self._weights = [_topic_weight(name, t) for name, t in topics.items()]

    def converse(self, count: int) -> None:
        """Hold conversations until `count` messages or slightly more are in the log, or there is nothing new to say."""
        for _ in range(20 * count):
            if len(self._log.drafts) >= count:
                return
            circle = self._rng.choices(list(_CIRCLE_SHARES), list(_CIRCLE_SHARES.values()))[0]
            name = self._rng.choices(self._topics, self._weights)[0]
            if circle:
                name = self._rng.choice(_CIRCLE_TOPICS[circle])
            self._hold(self._material.topics[name], circle)

    def introduce(self) -> None:
        """People with an introduction give it soon after they come; most are welcomed."""
        for person in self._material.people:
            for channel, text in self._first_words(person):
                time = person.since + self._rng.randrange(1, 50) * 3_600_000_000
                said = Draft(person.id, night_skipped(time, person.city), channel, text)
                self._log.say(said)
                if not person.unanswered:
                    self._welcome(person, said)

    def remark(self) -> None:
        """The lines that only one person would say, at some time while they are around."""
        for person in self._material.people:
            for channel, text in person.says:
                if channel != "introductions":
                    time = moment(self._rng, person.since, person.until, person.city)
                    self._log.say(Draft(person.id, time, channel, text))

    def _first_words(self, person: Person) -> list[tuple[str, str]]:
        said = [(channel, text) for channel, text in person.says if channel == "introductions"]
        return [("introductions", person.intro), *said] if person.intro else said

    def _welcome(self, person: Person, said: Draft) -> None:
        time = said.time
        for welcomer in self._cast.welcomers(person, self._rng.choice((0, 1, 1, 2, 3, 4)), time):
            line = self._welcome_line(welcomer)
            if line is None:
                continue
            time += pause(self._rng, same_person=False)
            gaps = Gaps(self._rng, {}, {})
            text = gaps.fill(line.text, {"new": f"@{person.member.name}", "city": _city_name(welcomer, line.text)})
            mentions = (person.id,) if "{new}" in line.text else ()
            self._log.say(Draft(welcomer.id, time, said.channel, text, said, said, mentions))

    def _welcome_line(self, welcomer: Person) -> Turn | None:
        turns = [dialogue.turns[0] for dialogue in self._material.topics["welcome"].dialogues]
        own = [turn for turn in turns if welcomer.writes(language_of(turn.text.replace("{new}", "")))]
        return self._rng.choice(own) if own else None

    def _hold(self, topic: Topic, circle: str) -> None:
        channel = self._rng.choice(topic.channels)
        opener = self._cast.starter(circle, (topic.name,) if not circle else ())
        time = moment(self._rng, opener.since, opener.until, opener.city)
        for dialogue in self._next(topic):
            people = self._cast.of(dialogue, topic.name, channel, circle, time)
            if people and not self._stale(dialogue, people, time):
                self._decks[topic.name].remove(dialogue)
                self._play(topic, dialogue, people, channel, time)
                return

    def _stale(self, dialogue: Dialogue, people: dict[str, Person], time: Micros) -> bool:
        """Whether it was held around that time, or somebody would say the same lines again."""
        parts = {(role, person.id) for role, person in people.items()}
        return any(abs(time - then) < _APART or parts & before for then, before in self._played[dialogue])

    def _next(self, topic: Topic) -> list[Dialogue]:
        """A few dialogues to try, from the top of a shuffled pile that is used up before it begins again."""
        pile = self._decks.setdefault(topic.name, [])
        if len(pile) < 8:
            again = [dialogue for dialogue in topic.dialogues if dialogue not in pile]
            pile.extend(self._rng.sample(again, len(again)))
        return pile[:8]

    def _play(self, topic: Topic, dialogue: Dialogue, people: dict[str, Person], channel: str, time: Micros) -> None:
        self._played[dialogue].append((time, {(role, person.id) for role, person in people.items()}))
        opener = people[dialogue.roles[0]]
        names = {f"{role}_name": person.member.name for role, person in people.items()}
        gaps = Gaps(self._rng, topic.slots, {**names, "spot": self._rng.choice(opener.city.spots)})
        threaded = self._rng.random() < 0.75
        root: Draft | None = None
        last: Draft | None = None
        for turn in dialogue.turns[: self._length(dialogue)]:
            speaker = people[turn.role]
            if last:
                time = time + pause(self._rng, same_person=last.author == speaker.id)
                time = night_skipped(time, speaker.city) if last.author != speaker.id else time
            texts = self._texts(turn, speaker, people, gaps)
            if not texts:
                return
            for text in texts:
                draft = self._draft(text, speaker, people, channel, time, last)
                draft.root = root if threaded else None
                self._log.say(draft)
                root, last = root or draft, draft
                time += pause(self._rng, same_person=True)

    def _length(self, dialogue: Dialogue) -> int:
        """How many turns are played: talk is not always answered, nor brought to an end."""
        chance = self._rng.random()
        if chance < _NOBODY_ANSWERED:
            return 1
        return len(dialogue.turns) - (chance < _NOBODY_ANSWERED + _BROKEN_OFF and len(dialogue.turns) > 2)

    def _texts(self, turn: Turn, speaker: Person, people: dict[str, Person], gaps: Gaps) -> list[str]:
        """What the speaker sends; nothing when it was all said too often before."""
        at = {role: f"@{person.member.name} " for role, person in people.items()}
        own = {**at, "city": _city_name(speaker, turn.text)}
        for _ in range(5):
            texts = typed(gaps.fill(turn.text, own).strip(), self._voices[speaker.id], self._rng)
            if not any(self._log.worn(text) for text in texts):
                return texts
        return []

    def _draft(
        self, text: str, speaker: Person, people: dict[str, Person], channel: str, time: Micros, last: Draft | None
    ) -> Draft:
        voice = self._voices[speaker.id]
        answers = last if last and last.author != speaker.id and self._rng.random() < voice.reply_rate else None
        if last and last.author != speaker.id and "@" not in text and self._rng.random() < voice.at_rate:
            name = next(p.member.name for p in people.values() if p.id == last.author)
            text = f"@{name} {text}"
        mentions = tuple(p.id for p in people.values() if f"@{p.member.name}" in text and p is not speaker)
        return Draft(speaker.id, time, channel, text, answers=answers, mentions=mentions)


def _topic_weight(name: str, topic: Topic) -> float:
    return len(topic.dialogues) * (1.3 if name in _IDLE_TOPICS else 1.0)


def _city_name(person: Person, line: str) -> str:
    return person.city.chinese if language_of(line) == "zh" else person.city.name
