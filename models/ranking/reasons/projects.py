"""What is said of a project alone (`models.ranking.joining`)."""

from __future__ import annotations

from models.domain.requests import ReasonKind
from models.ranking.reasons.kind import Kind

OPEN_TO_JOIN = ReasonKind("open_to_join")

KINDS = (Kind(name=OPEN_TO_JOIN),)
