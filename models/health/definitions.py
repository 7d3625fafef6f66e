"""The figures of health: how each is measured, and which way is good. Their docstrings say where they come from;
docs/health.md tells it to organizers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from models.health import funnel, groups, newcomers, questions, ties, value, voice
from models.health.history import History
from models.health.windows import Measured, Windows

FigureName = Literal[
    "reciprocity",
    "survival_30",
    "survival_90",
    "isolated",
    "broadcasting",
    "voice",
    "exposure",
    "newcomers_answered",
    "newcomers_stay",
    "answered",
    "answered_without_loudest",
    "askers_answer",
    "across",
    "hanging",
    "helped",
    "introductions_talked",
    "thanked",
]
Unit = Literal["share", "gini"]


@dataclass(frozen=True, slots=True)
class Definition:
    """`poor`: where advice begins; a rule of thumb, not a norm."""

    name: FigureName
    measure: Callable[[History, Windows], Measured]
    unit: Unit
    higher_is_better: bool
    poor: float

    def is_poor(self, value: float) -> bool:
        """Whether a value lies where advice begins; an unknown one does not."""
        return value < self.poor if self.higher_is_better else value > self.poor


FIGURES = (
    Definition("reciprocity", ties.reciprocity, "share", True, 0.25),
    Definition("survival_30", ties.survival_30, "share", True, 0.1),
    Definition("survival_90", ties.survival_90, "share", True, 0.1),
    Definition("isolated", ties.isolated, "share", False, 0.1),
    Definition("broadcasting", voice.broadcasting, "share", False, 0.3),
    Definition("voice", voice.voice, "gini", False, 0.75),
    Definition("exposure", voice.exposure, "gini", False, 0.8),
    Definition("newcomers_answered", newcomers.newcomers_answered, "share", True, 0.7),
    Definition("newcomers_stay", newcomers.newcomers_stay, "share", True, 0.3),
    Definition("answered", questions.answered, "share", True, 0.6),
    Definition("answered_without_loudest", questions.answered_without_loudest, "share", True, 0.7),
    Definition("askers_answer", newcomers.askers_answer, "share", True, 0.2),
    Definition("across", groups.across, "share", True, 0.15),
    Definition("hanging", groups.hanging, "share", False, 0.05),
    Definition("helped", value.helped, "share", True, 0.1),
    Definition("introductions_talked", funnel.introductions_talked, "share", True, 0.3),
    Definition("thanked", value.thanked, "share", True, 0.05),
)
DEFINITION: dict[FigureName, Definition] = {definition.name: definition for definition in FIGURES}
