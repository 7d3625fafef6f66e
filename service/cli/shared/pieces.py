"""The pieces that options of `yiqi round` are written in: lists, ranges, NAME=VALUE."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from service.cli.shared.options import refuse

if TYPE_CHECKING:
    from models.domain.records import Scalar

_WHOLE = re.compile(r"[+-]?\d{1,18}")
_NUMBER = re.compile(r"[+-]?\d*\.?\d+(e[+-]?\d+)?", re.IGNORECASE)


def ids_of(text: str) -> tuple[str, ...]:
    """ "ann,bo"."""
    return tuple(part for one in text.split(",") if (part := one.strip()))


def scalar(text: str) -> Scalar:
    """The value that a text stands for: true, false, a number, else itself; in double quotes always itself."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1]
    if text in ("true", "false"):
        return text == "true"
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def several(text: str, option: str) -> tuple[str, ...]:
    people = ids_of(text)
    if len(people) < 2:
        refuse(f"{text!r} names fewer than two people; write ann,bo", option)
    return people


def named(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals and option == "team":
        return name.strip(), ""
    if not equals or not name.strip() or not value.strip():
        refuse(f"{text!r} lacks something; write NAME=VALUE", option)
    return name.strip(), value.strip()


def range_of(text: str, option: str) -> tuple[int, int | None]:
    """ "3" is (3, 3), "1-3" is (1, 3), "2-" is (2, None)."""
    least, dash, most = text.partition("-")
    if not dash:
        return whole(least, option), whole(least, option)
    return whole(least, option), whole(most, option) if most.strip() else None


def whole(text: str, option: str) -> int:
    if not text.strip().isdecimal():
        refuse(f"{text!r} is no whole number", option)
    return int(text)


def number(text: str, option: str) -> float:
    try:
        return float(text)
    except ValueError:
        refuse(f"{text!r} is no number", option)
