"""How well suggestions are read: of what is taken, how much is right and clean; of what a reader takes, how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.domain.records import Message
from models.suggest import suggest_from
from training.suggest.material import Line, same


@dataclass(frozen=True, slots=True)
class Found:
    """What was taken of lines: right, wrong (a line with what was taken), and missed (a line with what was not)."""

    right: int
    wanted: int
    wrong: tuple[tuple[Line, str, str], ...]
    missed: tuple[tuple[Line, str, str], ...]

    @property
    def precision(self) -> float:
        """Of all that was taken the share that is right; 1 where nothing was."""
        return self.right / max(self.right + len(self.wrong), 1)

    @property
    def recall(self) -> float:
        """Of all that is to be taken the share that was."""
        return 1 - len(self.missed) / max(self.wanted, 1)


def read(lines: Sequence[Line]) -> Found:
    """What suggestions make of lines. What may or may not be taken counts neither way."""
    right, wanted, wrong, missed = 0, 0, [], []
    for line in lines:
        met: set[int] = set()
        for one in suggest_from(Message(id=line.id, author="author", time=0, text=line.text)):
            hit = [i for i, t in enumerate(line.taken) if one.field in t.fields and same(one.text, t.texts)]
            if not hit:
                wrong.append((line, one.field, one.text))
                continue
            right += not line.taken[hit[0]].maybe and hit[0] not in met
            met.update(hit[:1])
        must = [i for i, taken in enumerate(line.taken) if not taken.maybe]
        wanted += len(must)
        missed += [(line, line.taken[i].fields[0], line.taken[i].texts[0]) for i in must if i not in met]
    return Found(right, wanted, tuple(wrong), tuple(missed))
