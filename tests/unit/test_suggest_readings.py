"""Lines by people who had not seen how suggestions are read, with what they would take: how many are taken right."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.suggest.material import Line
from training.suggest.material import read as lines_of
from training.suggest.reading import read

FOLDER = Path(__file__).parents[1] / "readings"
# The tagger was tuned on neither, but how eager it is was chosen with the first in sight.
LEAST = {"suggestions.jsonl": (0.88, 0.38), "suggestions_unseen.jsonl": (0.9, 0.38)}


@pytest.mark.parametrize("name", LEAST)
def test_of_what_is_taken_most_is_right_and_of_what_a_reader_takes_much_is_taken(name: str) -> None:
    found, (right, taken) = read(lines_of(FOLDER / name)), LEAST[name]
    assert found.precision >= right, [(line.text, text) for line, _, text in found.wrong]
    assert found.recall >= taken, [(line.text, text) for line, _, text in found.missed]


def test_lines_that_tell_nothing_are_half_of_what_is_read() -> None:
    every: list[Line] = [line for name in LEAST for line in lines_of(FOLDER / name)]
    assert 0.3 < sum(not line.taken for line in every) / len(every) < 0.6
