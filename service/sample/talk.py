"""Plays dialogues: each is held once, by people whom it fits, who type it into a channel."""

from __future__ import annotations

from random import Random

from models.domain.records import Micros
from service.sample.casting import Cast
from service.sample.clock import DAY, moment, night_skipped, pause
from service.sample.log import Draft, Log
from service.sample.material import Dialogue, Material, Person, Topic, Turn, language_of
from service.sample.phrasing import Gaps, Voice, typed

_NOBODY_ANSWERED = 0.04
_BROKEN_OFF = 0.04
_TRIES = 60  # times and people to try for one dialogue


class Talk:
    """The conversation of the whole community."""

    def __init__(self, material: Material, log: Log, seed: int) -> None:
        self._material = material
        self._log = log
        self._rng = Random(f"{seed}/talk")
        self._cast = Cast(material, log, self._rng)
        self._people = {p.id: p for p in material.people}
        self._voices = {p.id: Voice.of(seed, p.id, p.speaks) for p in material.people}

    def introduce(self) -> None:
        """People with an introduction give it soon after they come, and are welcomed as their rows say."""
        for person in self._material.people:
            for channel, text in self._first_words(person):
                time = person.since + self._rng.randrange(1, 50) * 3_600_000_000
                said = Draft(person.id, night_skipped(time, person.city), channel, text)
                self._log.say(said)
                if text == person.intro:
                    self._welcome(person, said)

    def remark(self) -> None:
        """The lines that only one person would say, at some time while they are around."""
        for person in self._material.people:
            for channel, text in person.says:
                if channel != "introductions":
                    time = moment(self._rng, person.since, person.until, person.city)
                    self._log.say(Draft(person.id, time, channel, text))

    def converse(self) -> None:
        """Hold every dialogue once, in an order that the seed settles."""
        held = [(topic, dialogue) for topic in self._material.topics.values() for dialogue in topic.dialogues]
        for topic, dialogue in self._rng.sample(held, len(held)):
            self._hold(topic, dialogue)

    def _first_words(self, person: Person) -> list[tuple[str, str]]:
        said = [(channel, text) for channel, text in person.says if channel == "introductions"]
        return [("introductions", person.intro), *said] if person.intro else said

    def _welcome(self, person: Person, said: Draft) -> None:
        time, last = said.time, said
        for member, text in person.welcomes:
            time = night_skipped(time + pause(self._rng, same_person=False), self._people[member].city)
            mentions = (person.id,) if f"@{person.member.name}" in text else ()
            last = Draft(member, time, said.channel, text, said, said if member != person.id else last, mentions)
            self._log.say(last)

    def _hold(self, topic: Topic, dialogue: Dialogue) -> None:
        for _ in range(_TRIES):
            channel = self._rng.choice(topic.channels)
            opener = self._people.get(dialogue.roles[0]) or self._cast.starter(dialogue.circle, topic.name)
            time = moment(self._rng, *self._cast.stay(opener, dialogue), opener.city)
            people = self._cast.of(dialogue, topic.name, channel, time)
            if people:
                self._play(topic, dialogue, people, channel, time)
                return

    def _play(self, topic: Topic, dialogue: Dialogue, people: dict[str, Person], channel: str, time: Micros) -> None:
        opener = people[dialogue.roles[0]]
        names = {f"{role}_name": person.member.name for role, person in people.items()}
        gaps = Gaps(self._rng, topic.slots, {**names, "spot": self._rng.choice(opener.city.spots)})
        threaded = self._rng.random() < 0.85
        root: Draft | None = None
        last: Draft | None = None
        for turn in dialogue.turns[: self._length(dialogue)]:
            speaker = people[turn.role]
            if last:
                time = time + pause(self._rng, same_person=last.author == speaker.id)
                time = night_skipped(time, speaker.city) if last.author != speaker.id else time
                time += turn.later * DAY
            for text in self._texts(turn, speaker, people, gaps):
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
        at = {role: f"@{person.member.name} " for role, person in people.items()}
        own = {**at, "city": _city_name(speaker, turn.text)}
        return typed(gaps.fill(turn.text, own).strip(), self._voices[speaker.id], self._rng)

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


def _city_name(person: Person, line: str) -> str:
    return person.city.chinese if language_of(line) == "zh" else person.city.name
