"""Artifacts: what was written is read back, and what was touched since is refused with the reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.features.matrix import COLUMN, COLUMNS
from models.files.sealed import MANIFEST, ArtifactError
from models.ranking import artifact, return_probability
from models.ranking.exposure import Exposure
from models.ranking.projects import weights
from models.ranking.ranker import HEADS, to_files
from tests.learnt import DAY, ENCODER, learnt, of_another_version, sign


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    out = tmp_path / "model"
    artifact.write(out, *artifact.named(*learnt()))
    return out


def test_what_was_written_is_read_back(folder: Path) -> None:
    ranker, manifest = artifact.named(*learnt())
    found, about = artifact.read(folder, community="c", encoder=ENCODER)
    assert found.version == about.version == ranker.version
    for head in HEADS:
        np.testing.assert_allclose(found.weights[head], ranker.weights[head], atol=5e-5)
    assert replace(about, files={}) == manifest
    assert about.files.keys() == to_files(ranker).keys()


def test_a_model_that_was_read_and_written_again_is_the_same(folder: Path, tmp_path: Path) -> None:
    artifact.write(tmp_path / "again", *artifact.read(folder))
    for file in folder.iterdir():
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes()


def test_a_changed_byte_is_noticed_in_whichever_file(folder: Path) -> None:
    for file in folder.iterdir():
        whole = file.read_bytes()
        for at in range(0, len(whole), max(1, len(whole) // 200)):
            file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            with pytest.raises(ArtifactError):
                artifact.read(folder)
        file.write_bytes(whole)
    artifact.read(folder)


def test_a_file_too_few_or_too_many_is_noticed(folder: Path) -> None:
    (folder / "notes.txt").write_text("x")
    with pytest.raises(ArtifactError, match=r"notes\.txt does not belong"):
        artifact.read(folder)
    (folder / "notes.txt").unlink()
    name = next(file.name for file in folder.iterdir() if file.name != MANIFEST)
    (folder / name).unlink()
    with pytest.raises(ArtifactError, match="is missing"):
        artifact.read(folder)
    (folder / MANIFEST).unlink()
    with pytest.raises(ArtifactError, match="is missing"):
        artifact.read(folder)


def test_a_model_of_another_community_or_encoder_is_refused(folder: Path) -> None:
    with pytest.raises(ArtifactError, match='for the community "c"'):
        artifact.read(folder, community="d")
    with pytest.raises(ArtifactError, match="and other@1 is in use"):
        artifact.read(folder, encoder="other@1")


def signed(change: Callable[[dict[str, Any]], Any], folder: Path) -> None:
    """Change the manifest as one who knows how to sign it."""
    data = json.loads((folder / MANIFEST).read_text())
    del data["sha256"]
    change(data)
    canonical = json.dumps(data, sort_keys=True, separators=(",", ":")).encode()
    (folder / MANIFEST).write_text(json.dumps({**data, "sha256": sha256(canonical).hexdigest()}))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda data: data.update(format=2), "Its format is 2"),
        (lambda data: data.update(version="20260101T000000Z-0123456789"), "belongs to another model"),
        (lambda data: data.update(colour="red"), "cannot be read"),
        (lambda data: data.pop("seed"), "cannot be read"),
    ],
)
def test_a_manifest_that_this_version_cannot_follow_is_refused(
    change: Callable[[dict[str, Any]], Any], why: str, folder: Path
) -> None:
    signed(change, folder)
    with pytest.raises(ArtifactError, match=why):
        artifact.read(folder)


def test_what_another_version_knew_is_left_out_and_what_it_lacked_weighs_nothing(tmp_path: Path) -> None:
    ranker, manifest = artifact.named(*learnt())
    artifact.write(tmp_path / "ours", *artifact.named(ranker, manifest))
    theirs = of_another_version(tmp_path / "theirs", ranker, manifest, extra="moon phase%", missing="lexical%")
    found, about = artifact.read(theirs)
    assert about.note == (
        "Columns of another version, left out: moon phase%. Columns that it lacks, without weight: lexical%."
    )
    assert artifact.read(tmp_path / "ours")[1].note == ""
    for head in HEADS:
        expected = np.where(np.arange(len(COLUMNS)) == COLUMN["lexical%"], 0, ranker.weights[head])
        np.testing.assert_allclose(found.weights[head], expected, atol=5e-5)


def test_a_note_outlives_forgetting_a_member(tmp_path: Path) -> None:
    theirs = of_another_version(
        tmp_path / "theirs", *artifact.named(*learnt()), extra="moon phase%", missing="lexical%"
    )
    ranker, about = artifact.read(theirs)
    artifact.rewrite(theirs, ranker.without("somebody"), about)
    assert artifact.read(theirs)[1] == replace(about, files=artifact.read(theirs)[1].files)


def test_columns_of_return_probability_and_of_projects_may_be_of_another_version_too(tmp_path: Path) -> None:
    ranker, manifest = learnt()
    seen = replace(ranker, exposure=Exposure(return_probability.shipped(), {}), projects=weights.shipped())
    seen, manifest = artifact.named(seen, manifest)
    files = to_files(seen)
    exposure, projects = json.loads(files["exposure.json"]), json.loads(files["projects.json"])
    exposure["presence"]["weights"] = {"lately": 0.5, "shoe_size": 2.0}
    projects["doing"]["weights"]["stars^"] = 1.0
    files |= {"exposure.json": json.dumps(exposure).encode(), "projects.json": json.dumps(projects).encode()}
    (tmp_path / "model").mkdir()
    sign(tmp_path / "model", asdict(manifest), files)
    found, about = artifact.read(tmp_path / "model")
    assert found.exposure is not None
    assert found.exposure.presence.weights == (0.5, 0.0, 0.0)
    assert found.projects is not None
    assert np.array_equal(found.projects.doing, weights.shipped().doing)
    assert about.note == (
        "Columns of another version, left out: shoe_size, stars^. "
        "Columns that it lacks, without weight: amount, on_time."
    )


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', "null", "{}", '{"format": 1}', "\xff"])
def test_what_is_no_manifest_is_refused(text: str, folder: Path) -> None:
    (folder / MANIFEST).write_bytes(text.encode("latin1"))
    with pytest.raises(ArtifactError):
        artifact.read(folder)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError):
        artifact.read(tmp_path / "nothing")


def test_versions_differ_with_the_content_and_with_the_time() -> None:
    ranker, manifest = learnt()
    versions = {
        artifact.named(ranker, manifest)[0].version,
        artifact.named(ranker, replace(manifest, created=manifest.created + 1))[0].version,
        artifact.named(ranker, replace(manifest, community="d"))[0].version,
        artifact.named(learnt(1)[0], manifest)[0].version,
    }
    assert len(versions) == 4
    assert all(map(artifact.is_version, versions))
    assert artifact.named(*artifact.named(ranker, manifest)) == artifact.named(ranker, manifest)


def test_versions_sort_by_time() -> None:
    ranker, manifest = learnt()
    versions = [
        artifact.named(ranker, replace(manifest, created=manifest.created + n * DAY))[0].version for n in range(40)
    ]
    assert versions == sorted(versions)


def test_nothing_is_written_over_a_model_that_is_there(folder: Path) -> None:
    with pytest.raises(FileExistsError):
        artifact.write(folder, *artifact.named(*learnt(1)))
    assert artifact.read(folder)[0].version == artifact.named(*learnt())[0].version
    assert [path.name for path in folder.parent.iterdir()] == [folder.name], "nothing is left beside it"


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    ranker, manifest = artifact.named(*learnt())
    nan = replace(manifest, metrics=(replace(manifest.metrics[0], value=float("nan")),))
    for bad in ((ranker, nan), (replace(ranker, version="other"), manifest), learnt()):
        with pytest.raises(ValueError):
            artifact.write(tmp_path / "model", *bad)
    assert list(tmp_path.iterdir()) == []


def test_a_model_is_for_the_eyes_of_its_owner(folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
