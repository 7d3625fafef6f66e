"""What an organizer is told of what a change by hand goes against."""

from __future__ import annotations

from models.domain.facts import Fact
from models.rounds.edits.check import Broken
from models.rounds.spec.requests import RoundSpec
from models.rounds.texts.constraints import Namer, people_said, relaxed_said


def warning_said(broken: Broken, spec: RoundSpec, called: Namer) -> Fact:
    """What gives way, for whom."""
    if broken.rule >= 0:
        return relaxed_said(broken.relaxed, spec, called)
    return Fact(f"warning.{broken.also}", {"people": people_said(broken.members, called)})
