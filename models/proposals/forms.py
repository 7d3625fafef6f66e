"""The forms that a proposal can have, by what it is made of; each has a title, a plan and a first step."""

from __future__ import annotations

from typing import Literal, TypeAlias

Form: TypeAlias = Literal[
    "aim",
    "wish",
    "exchange",
    "collect",
    "renew",
    "again",
    "join",
    "answer",
    "invite",
    "show",
    "gather",
    "try",
    "follow",
]
# Whose first step is that of another form.
STEP_OF: dict[Form, Form] = {"wish": "aim", "join": "again", "follow": "try"}
