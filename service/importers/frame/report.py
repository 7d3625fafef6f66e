"""What an importer understood of a file, for people: printed by a dry run, and after an import."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from models.domain.records import Message, Micros

EXAMPLES = 3


@dataclass(slots=True, kw_only=True)
class Report:
    """What was recognised and how; what was found; and what was not used, by kind, with how many of each.

    `format` is the name of the format in words; `clock` says how times were read ("as written, with their offset",
    "Asia/Shanghai, because none was given"); `notes` are sentences about what an organizer may have to settle;
    `columns` says what each column of a table was taken for.
    """

    format: str = ""
    files: int = 1
    encoding: str = ""
    clock: str = ""
    rooms: int = 0
    people: int = 0
    messages: int = 0
    wordless: int = 0
    replies: int = 0
    mentions: int = 0
    bad: int = 0
    first: Micros | None = None
    last: Micros | None = None
    examples: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    unused: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def count(self, message: Message) -> None:
        """Counts a message that was found."""
        self.messages += 1
        self.wordless += not message.text
        self.replies += bool(message.reply_to)
        self.mentions += len(message.mentions)
        self.first = message.time if self.first is None else min(self.first, message.time)
        self.last = message.time if self.last is None else max(self.last, message.time)
        if message.text and len(self.examples) < EXAMPLES:
            self.examples.append(" ".join(message.text.split()))

    def note(self, sentence: str) -> None:
        """Adds a sentence once."""
        if sentence not in self.notes:
            self.notes.append(sentence)
