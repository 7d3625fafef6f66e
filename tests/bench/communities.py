"""Made-up communities of any size, the same for the same seed, and an encoder that costs next to nothing.

Their shape is that of real ones: few people write most, everybody likes one to three of many subjects, some more than
others, an answer goes to whoever spoke last on a subject, a third fill in a profile. Their words mean nothing,
so they serve to measure speed, never the quality of lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from models.archive import container
from models.domain.records import Channel, Member, Message, Need, Project, Record

START = 1_700_000_000_000_000  # µs
DAYS = 400
DAY = 86_400_000_000
DIMENSION = 512  # that of the encoder that ships
SOUNDS = [
    first + second for first in ("b", "d", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v") for second in "aeiou"
]
COMMON, TELLING = 300, 40  # words that all subjects share, and words of each
SUBJECT_SHARE = 0.55  # of the words of a text
ANSWERS, PROFILES = 0.4, 1 / 3
MEMBERS_A_PROJECT = 40
ZONES = ("Europe/Berlin", "Asia/Shanghai", "America/Sao_Paulo")
KINDS = ("growth", "income", "resources", "connections")


@dataclass(frozen=True)
class MadeUp:
    """A community of so many `members`, who said `messages` each on average."""

    members: int
    messages: float = 4.0
    seed: int = 1

    def records(self) -> dict[str, Iterator[Record]]:
        """Everything, by kind, in the order in which it is loaded."""
        return {"channel": self.channels(), "member": self.people(), "message": self.said(), "project": self.projects()}

    def write(self, path: Path) -> int:
        """An archive of it; how many rows that are."""
        return sum(container.write(path, self.records()).values())

    def channels(self) -> Iterator[Channel]:
        """One open channel for every four subjects."""
        yield from (Channel(id=f"c{number}") for number in range(self._rooms))

    def people(self) -> Iterator[Member]:
        """Everybody agreed to be shown to members."""
        rng = self._rng(1)
        for number, liked in enumerate(self._liked):
            stated = rng.random() < PROFILES
            yield Member(
                id=f"m{number}",
                name=f"Member {number}",
                consent="members",
                languages=("en",),
                time_zone=ZONES[number % len(ZONES)],
                profile=self._text(rng, liked[0], 12) if stated else "",
                aims=(self._text(rng, liked[-1], 5),) if stated else (),
                offers=(Need(self._text(rng, liked[0], 4), KINDS[number % len(KINDS)]),) if stated else (),
                seeks=(Need(self._text(rng, int(rng.integers(self._subjects)), 4)),) if stated else (),
            )

    def said(self, count: int | None = None) -> Iterator[Message]:
        """Messages in the order of their times, so many or as many as belong to it."""
        rng, last = self._rng(2), dict[int, tuple[str, str]]()
        whole = int(self.members * self.messages)
        loud = np.cumsum(rng.lognormal(0, 1.6, self.members))
        for number in range(whole if count is None else count):
            author = int(np.searchsorted(loud, rng.random() * loud[-1]))
            subject = int(rng.choice(self._liked[author]))
            answers, asked = last.get(subject, ("", "")) if rng.random() < ANSWERS else ("", "")
            yield Message(
                id=f"x{number}",
                author=f"m{author}",
                time=START + number * DAYS * DAY // max(whole, 1),
                text=self._text(rng, subject, int(rng.integers(5, 25))),
                channel=f"c{subject % self._rooms}",
                reply_to=answers,
                mentions=(asked,) if asked and asked != f"m{author}" and number % 3 == 0 else (),
            )
            last[subject] = f"x{number}", f"m{author}"

    def projects(self) -> Iterator[Project]:
        """Each by two to five who like its subject."""
        rng = self._rng(3)
        fans: dict[int, list[int]] = {}
        for number, liked in enumerate(self._liked):
            for subject in liked:
                fans.setdefault(subject, []).append(number)
        for number in range(self.members // MEMBERS_A_PROJECT):
            subject = int(rng.integers(self._subjects))
            likely = fans.get(subject, [])
            if len(likely) > 2:
                team = rng.choice(likely, min(len(likely), int(rng.integers(2, 6))), replace=False)
                yield Project(
                    id=f"p{number}",
                    title=self._text(rng, subject, 3),
                    text=self._text(rng, subject, 25),
                    time=START + int(rng.integers(DAYS)) * DAY,
                    members=tuple(f"m{one}" for one in team),
                    needs=(Need(self._text(rng, subject, 3)),),
                    state="open" if number % 2 else "done",
                )

    def question(self, number: int) -> str:
        """Something to search for."""
        return self._text(self._rng(1000 + number), number % self._subjects, 6)

    @property
    def _subjects(self) -> int:
        return min(400, max(12, self.members // 50))

    @property
    def _rooms(self) -> int:
        return max(3, self._subjects // 4)

    @cached_property
    def _liked(self) -> list[list[int]]:
        rng = self._rng(4)
        fame = 1 / np.arange(1, self._subjects + 1) ** 0.7
        found = rng.choice(self._subjects, (self.members, 3), p=fame / fame.sum())
        return [
            list(dict.fromkeys(row[:count].tolist()))
            for row, count in zip(found, rng.integers(1, 4, self.members), strict=True)
        ]

    def _text(self, rng: np.random.Generator, subject: int, words: int) -> str:
        own = rng.random(words) < SUBJECT_SHARE
        own_at, common_at = rng.integers(TELLING, size=words), rng.integers(COMMON, size=words)
        numbers = np.where(own, COMMON + subject * TELLING + own_at, common_at)
        return " ".join(_word(int(number)) for number in numbers)

    def _rng(self, stream: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, self.members, stream])


def _word(number: int) -> str:
    """The word with a number: three sounds, another for each."""
    base = len(SOUNDS)
    return SOUNDS[number % base] + SOUNDS[number // base % base] + SOUNDS[number // base**2 % base]


def cheap_encoder(folder: Path) -> Path:
    """A model for `YIQI_ENCODER` that adds up a random vector for each sound of a text."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.pre_tokenizers import BertPreTokenizer

    letters = list("abcdefghijklmnopqrstuvwxyz")
    pieces = ["[UNK]", *SOUNDS, *(f"##{sound}" for sound in SOUNDS), *letters, *(f"##{letter}" for letter in letters)]
    tokenizer = Tokenizer(WordPiece({piece: at for at, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = BertPreTokenizer()
    weights = np.random.default_rng(0).normal(size=(len(pieces), DIMENSION)).astype(np.float32)
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu")
    model.save(str(folder))
    return folder
