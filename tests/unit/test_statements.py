"""Places and languages that a statement names, whatever stands around them."""

from __future__ import annotations

import pytest

from models.meaning.statements import read
from models.text.places import PLACES_EN, PLACES_ZH


@pytest.mark.parametrize("around", ["{}", "Moved to {}, at last", "near {}: (any time)", "café/{}-based"])
def test_every_place_is_found_in_english(around: str) -> None:
    names = PLACES_EN.split("|")
    found = read([around.format(name.title()) for name in names]).places
    assert {name: places for name, places in zip(names, found, strict=True) if places != {name}} == {}


@pytest.mark.parametrize("around", ["{}", "我在{}工作", "base {}", "坐标{}，can meet"])
def test_every_place_is_found_in_chinese(around: str) -> None:
    names = PLACES_ZH.split("|")
    found = read([around.format(name) for name in names]).places
    assert {name: places for name, places in zip(names, found, strict=True) if name not in places} == {}


def test_languages_are_found() -> None:
    said = {
        "I teach ENGLISH": {"en"},
        "sign language, BSL": {"sign"},
        "Latin, not Latin America": {"la"},
        "Latin America": set(),
        "polished work in Swedish.": {"sv"},
        "想练英语口语": {"en"},
        "中日互译": {"zh"},
        "上海话 and Mandarin": {"wuu", "zh"},
        "nothing of the kind": set(),
    }
    assert dict(zip(said, map(set, read(list(said)).languages), strict=True)) == said
