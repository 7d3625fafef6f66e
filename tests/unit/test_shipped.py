"""The numbers that ship: named, verified, and traced to what they were fitted on."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path

import pytest

from models.files import sealed
from models.files.sealed import MANIFEST, ArtifactError
from models.meaning import judgement, lexicon
from models.shipped import parts
from models.shipped.parts import FOLDER, Source
from training.meaning.material import FOLDER as MEANING
from training.shipping import digest
from training.suggest.material import FOLDER as SUGGEST

ABOUT = sealed.read_manifest(FOLDER)
NAMES = sorted(ABOUT["parts"])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "shipped", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


def test_every_file_is_a_part_of_the_one_artifact() -> None:
    there = {path.name for path in FOLDER.iterdir() if path.suffix not in (".py", "") and path.name != MANIFEST}
    assert there == set(NAMES) == set(ABOUT["files"])
    shipped_elsewhere = [*FOLDER.parent.rglob("*.npz"), *FOLDER.parent.rglob("*.json")]
    assert {path.parent for path in shipped_elsewhere} == {FOLDER}
    assert {parts.meaning(name) for name in judgement.ENCODERS.values()} < there


@pytest.mark.parametrize("part", NAMES)
def test_every_array_of_a_part_is_named_with_its_shape(part: str) -> None:
    named = {name: tuple(shape) for name, shape in ABOUT["parts"][part]["arrays"].items()}
    assert named == dict(parts.shapes(part, parts.read(part)))
    assert named


@pytest.mark.parametrize("part", NAMES)
def test_a_part_says_what_it_was_fitted_on_and_which_command_fits_it(part: str) -> None:
    about = ABOUT["parts"][part]
    assert re.fullmatch(r"[0-9a-f]{64}", about["fitted_on"])
    assert about["material"]
    module = about["command"].removeprefix("python -m ").split()[0]
    assert importlib.util.find_spec(module) is not None


def test_what_is_fitted_on_material_in_the_repository_was_fitted_on_what_is_there() -> None:
    """Whoever changes the material fits anew, or sees it here."""
    meaning = digest([MEANING, Path(lexicon.__file__).with_name("lexicon.tsv")])
    expected = {parts.TAGGER: digest([SUGGEST, MEANING])}
    expected |= {parts.meaning(name): meaning for name in judgement.ENCODERS.values()}
    assert {part: ABOUT["parts"][part]["fitted_on"] for part in expected} == expected


@pytest.mark.parametrize("part", NAMES)
def test_a_damaged_part_is_never_read(part: str, copy: Path) -> None:
    content = (copy / part).read_bytes()
    (copy / part).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ArtifactError, match=f"The file {part} was changed or damaged"):
        parts.read(part, copy)
    (copy / part).unlink()
    with pytest.raises(ArtifactError, match=f"The file {part} is missing"):
        parts.read(part, copy)


def test_a_changed_manifest_vouches_for_nothing(copy: Path) -> None:
    file = copy / MANIFEST
    file.write_bytes(file.read_bytes().replace(b"python -m", b"Python -m"))
    with pytest.raises(ArtifactError, match=r"manifest\.json was changed or damaged"):
        parts.read(parts.RANKER, copy)


def test_a_command_writes_its_own_part_and_leaves_the_others(copy: Path) -> None:
    before = {path.name: path.read_bytes() for path in copy.iterdir()}
    source = Source("a walk", "0" * 64, "python -m training.suggest")
    parts.write(parts.RETURN_PROBABILITY, b'{"intercept": 1.5, "weights": {"lately": 0.5, "amount": 2}}', source, copy)
    after = {path.name: path.read_bytes() for path in copy.iterdir()}
    assert {name for name in after if after[name] != before[name]} == {parts.RETURN_PROBABILITY, MANIFEST}
    about = sealed.read_manifest(copy)["parts"]
    assert about[parts.RETURN_PROBABILITY] == {
        "material": "a walk", "fitted_on": "0" * 64, "command": "python -m training.suggest",
        "arrays": {"intercept": [], "weights": [2]},
    }  # fmt: skip
    assert {name: about[name] for name in about if name != parts.RETURN_PROBABILITY} == {
        name: ABOUT["parts"][name] for name in NAMES if name != parts.RETURN_PROBABILITY
    }
    for part in NAMES:
        assert parts.read(part, copy) == after[part]


def test_a_hash_of_files_goes_by_what_they_are_called_and_hold_and_not_by_where_they_lie(tmp_path: Path) -> None:
    for place, content in (("here", b"1"), ("there", b"1"), ("other", b"2")):
        (tmp_path / place / "set").mkdir(parents=True)
        (tmp_path / place / "set" / "a").write_bytes(content)
    here, there, other = (digest([tmp_path / place / "set"]) for place in ("here", "there", "other"))
    assert here == there != other


def test_a_first_part_begins_an_artifact(tmp_path: Path) -> None:
    content = parts.read(parts.TAGGER)
    parts.write(parts.TAGGER, content, Source("lines", "0" * 64, "python -m training.suggest"), tmp_path)
    assert parts.read(parts.TAGGER, tmp_path) == content
