"""The messages that texts of a round are made of (`round` in the catalogues)."""

from __future__ import annotations

from typing import Literal, TypeAlias

Part: TypeAlias = Literal[
    "meet", "meet_three", "meet_table", "meet_team", "meet_titled", "meet_three_titled", "meet_table_titled",
    "meet_again", "would_you", "would_you_titled", "when", "where", "sitting",
    "find", "find_all", "find_place", "find_place_all", "find_hour", "find_hour_all",
    "same_aim", "near_aims", "themes", "place",
    "your_role", "your_role_open", "two_sides", "still_sought", "first_step",
    "ask_first", "tell_first", "no_introduction", "round_first",
    "both_must_want", "all_must_want",
    "follow_up", "follow_up_many", "renew", "bye_odd_number", "bye_sitting",
    "bye_no_partner", "bye_time_limit", "bye_load", "brings", "note",
]  # fmt: skip
Asked: TypeAlias = Literal[
    "growth", "income", "resources", "connections", "",
    "seek_growth", "seek_income", "seek_resources", "seek_connections", "seek",
    "aim", "theme", "profile", "asked", "told", "place", "nothing", "round_theme", "round_nothing", "team",
]  # fmt: skip
Start: TypeAlias = Literal[
    "sure", "beside", "aims", "same_aim", "themes", "offer", "wish", "profile", "nothing", "table", "table_themes"
]
# What somebody offers, seeks, aims at or said, in a sentence.
Matter: TypeAlias = Literal[
    "gives_sure", "gives_beside", "takes_sure", "takes_beside", "gives", "gives_and_takes", "speaks", "takes", "aim",
    "profile", "mentioned", "asked", "told",
]  # fmt: skip
# Those that say it another way after another sentence about the same person.
SAID_AGAIN: tuple[Matter, ...] = (
    "takes_sure", "takes_beside", "gives", "takes", "aim", "profile", "asked", "told",
)  # fmt: skip
# Those that are told of words of which nothing says what they are about.
UNREAD: tuple[Matter, ...] = ("gives", "speaks", "takes", "aim", "profile", "mentioned", "asked", "told")
TITLED: tuple[Part, ...] = (
    "meet",
    "meet_three",
    "meet_table",
    "would_you",
)  # said another way where a round has a title
