"""The models of a data folder: pointers that are never torn, history, retention, and forgetting."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from models.files.sealed import ArtifactError
from models.ranking.ranker import HEADS, Ranker, shipped, to_files
from service.serving.encoders import Encoders
from service.serving.model_folder import POINTER, REMEMBERED, SHIPPED, ModelFolder, Pointer
from service.serving.rankers import Rankers
from tests.learnt import learnt

BY = "test"


@pytest.fixture
def models(tmp_path: Path) -> ModelFolder:
    return ModelFolder(tmp_path / "models", kept=4)


@pytest.fixture
def rankers(models: ModelFolder) -> Iterator[Rankers]:
    with closing(Rankers(models, Encoders("use-multilingual-v3"), following=True)) as found:
        yield found


def add(models: ModelFolder, night: int = 0, community: str = "c") -> str:
    return models.add(*learnt(night, community=community))[1].version


def usable(models: ModelFolder) -> set[str]:
    return {SHIPPED, *models.versions("c")}


def test_without_a_pointer_the_shipped_ranker_serves(models: ModelFolder, rankers: Rankers) -> None:
    assert models.pointer("c") == Pointer()
    assert models.versions("c") == []
    assert rankers.of("c").version == shipped().version


def test_a_model_that_was_only_added_does_not_serve(models: ModelFolder, rankers: Rankers) -> None:
    version = add(models)
    assert models.versions("c") == [version]
    assert rankers.refresh("c").version == shipped().version


def test_rolling_back_goes_through_what_was_served_before(models: ModelFolder) -> None:
    versions = [add(models, night) for night in range(3)]
    for version in versions:
        models.promote("c", version, BY)
    pointer = models.pointer("c")
    assert (pointer.version, pointer.previous, pointer.by) == (versions[2], (versions[1], versions[0], SHIPPED), BY)
    back = [models.roll_back("c", BY, usable(models).__contains__) for _ in range(4)]
    assert back == [versions[1], versions[0], SHIPPED, None]
    assert models.pointer("c").version == SHIPPED


def test_rolling_back_passes_over_what_cannot_be_used(models: ModelFolder) -> None:
    versions = [add(models, night) for night in range(3)]
    for version in versions:
        models.promote("c", version, BY)
    assert models.roll_back("c", BY, lambda version: version == versions[0]) == versions[0]
    assert models.pointer("c").previous == (SHIPPED,)


def test_promoting_what_serves_already_changes_nothing(models: ModelFolder) -> None:
    models.promote("c", add(models), BY)
    before = models.pointer_text("c")
    models.promote("c", models.versions("c")[0], "somebody else")
    assert models.pointer_text("c") == before


def test_nobody_stands_twice_in_the_history(models: ModelFolder) -> None:
    a, b = add(models, 0), add(models, 1)
    for version in (a, b, a, b, a):
        models.promote("c", version, BY)
    assert models.pointer("c").previous == (b, SHIPPED)


PROMOTES = """
import sys
from pathlib import Path
from service.serving.model_folder import ModelFolder
models = ModelFolder(Path(sys.argv[1]))
stop = Path(sys.argv[2])
while not stop.exists():
    for version in sys.argv[3:]:
        models.promote("c", version, "another process")
"""


def test_promotions_by_threads_and_processes_at_once_leave_a_whole_pointer(models: ModelFolder, tmp_path: Path) -> None:
    versions = [add(models, night) for night in range(4)]
    models.promote("c", versions[0], BY)
    stop = tmp_path / "stop"
    other = subprocess.Popen([sys.executable, "-c", PROMOTES, str(tmp_path / "models"), str(stop), *versions])
    others_turns = 0
    with ThreadPoolExecutor(2) as pool:
        while others_turns < 5 and other.poll() is None:
            list(pool.map(lambda version: models.promote("c", version, BY), versions))
            time.sleep(0.02)  # the other's turn
            pointer = models.pointer("c")
            assert pointer.version in versions
            assert len({pointer.version, *pointer.previous}) == 1 + len(pointer.previous) <= 1 + REMEMBERED
            others_turns += pointer.by != BY
    stop.touch()
    assert other.wait(timeout=60) == 0
    leftovers = [path.name for path in models.home("c").iterdir() if path.name.startswith(".")]
    assert leftovers == []


def test_the_newest_models_are_kept_and_those_that_the_pointer_names(models: ModelFolder) -> None:
    first = add(models, 0)
    models.promote("c", first, BY)
    second = add(models, 1)
    models.promote("c", second, BY)
    later = [add(models, night) for night in range(2, 12)]
    assert models.versions("c") == [*sorted(later, reverse=True)[:4], second, first]


def test_what_a_killed_writer_left_is_cleared_by_the_next(models: ModelFolder) -> None:
    add(models)
    left = models.home("c") / ".half.aside"
    left.mkdir()
    (left / "ranker.json").write_text("{")
    add(models, 1)
    assert not left.exists()
    assert len(models.versions("c")) == 2


def test_communities_with_odd_names_do_not_meet(models: ModelFolder) -> None:
    for community in ("..", "a b", "a-b", "林", "x" * 128):
        add(models, community=community)
        assert len(models.versions(community)) == 1
    assert models.versions("a_b") == []


def test_a_model_under_another_name_is_refused(models: ModelFolder) -> None:
    version = add(models)
    other = version[:-1] + ("0" if version[-1] != "0" else "1")
    (models.home("c") / version).rename(models.home("c") / other)
    with pytest.raises(ArtifactError, match="under another name"):
        models.read("c", other)


def test_a_change_of_the_pointer_by_anybody_is_followed_within_a_second(models: ModelFolder, rankers: Rankers) -> None:
    version = add(models)
    rankers.of("c")
    models.promote("c", version, BY)
    assert within_a_second(rankers, version)
    models.roll_back("c", BY, lambda _: True)
    assert within_a_second(rankers, shipped().version)


def within_a_second(rankers: Rankers, version: str) -> bool:
    until = time.monotonic() + 1.0
    while time.monotonic() < until:
        if rankers.of("c").version == version:
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("harm", ["bytes", "missing", "community", "encoder", "pointer"])
def test_what_cannot_be_used_is_refused_with_the_reason_and_the_old_ranker_stays(
    harm: str, models: ModelFolder, rankers: Rankers, caplog: pytest.LogCaptureFixture
) -> None:
    good = add(models, 0)
    models.promote("c", good, BY)
    assert rankers.refresh("c").version == good
    bad = add(models, 1)
    folder = models.home("c") / bad
    if harm == "bytes":
        (folder / "ranker.json").write_text("{}")
    elif harm == "missing":
        (folder / "ranker.json").unlink()
    elif harm == "community":
        foreign = models.add(*learnt(2, community="d"))[1].version
        (models.home("d") / foreign).rename(models.home("c") / foreign)
        bad = foreign
    elif harm == "encoder":
        ranker, manifest = learnt(2)
        bad = models.add(ranker, replace(manifest, encoder="other@1"))[1].version
    with caplog.at_level(logging.ERROR, "yiqi.runtime"):
        if harm == "pointer":
            (models.home("c") / POINTER).write_text('{"version": "../../x", "previous": [], "time": 1, "by": ""}')
        else:
            models.promote("c", bad, BY)
        assert rankers.refresh("c").version == good
    refused = [record for record in caplog.records if record.getMessage() == "model refused"]
    assert refused
    assert refused[0].__dict__["why"]


def test_a_process_that_starts_with_a_damaged_model_serves_the_one_before(models: ModelFolder) -> None:
    good, bad = add(models, 0), add(models, 1)
    models.promote("c", good, BY)
    models.promote("c", bad, BY)
    (models.home("c") / bad / "ranker.json").write_text("{}")
    encoders = Encoders("use-multilingual-v3")
    assert Rankers(models, encoders, following=False).of("c").version == good
    (models.home("c") / good / "ranker.json").write_text("{}")
    assert Rankers(models, encoders, following=False).of("c").version == shipped().version


def knows(ranker: Ranker) -> bool:
    return ranker.intercepts["peers"] != 0


@pytest.fixture
def knowing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rankers that know something of ann, and can forget it."""

    def without(ranker: Ranker, member: str) -> Ranker:
        return replace(ranker, intercepts=dict.fromkeys(HEADS, 0.0)) if member == "ann" else ranker

    monkeypatch.setattr(Ranker, "without", without)


@pytest.mark.usefixtures("knowing")
def test_an_erased_member_is_taken_out_of_every_model_before_the_store_forgets(
    models: ModelFolder, rankers: Rankers
) -> None:
    versions = [add(models, night) for night in range(3)]
    damaged = versions.pop()
    (models.home("c") / damaged / "ranker.json").write_text("ann")
    models.promote("c", versions[0], BY)
    assert knows(rankers.of("c"))
    work = models.work("c")
    work.mkdir()
    (work / "stage").write_text("ann")
    with rankers.forgetting("c", "ann"):
        assert not any(knows(models.read("c", version)[0]) for version in versions)
        assert models.versions("c") == sorted(versions, reverse=True), "what cannot be cleaned is deleted"
        assert not work.exists()
    assert rankers.of("c").version == versions[0]
    assert not knows(rankers.of("c"))


@pytest.mark.usefixtures("knowing")
def test_models_that_know_nothing_of_an_erased_member_stay_as_they_are(models: ModelFolder, rankers: Rankers) -> None:
    folder = models.home("c") / add(models)
    before = {file.name: (file.stat().st_ino, file.read_bytes()) for file in folder.iterdir()}
    with rankers.forgetting("c", "bo"):
        pass
    assert {file.name: (file.stat().st_ino, file.read_bytes()) for file in folder.iterdir()} == before


@pytest.mark.usefixtures("knowing")
def test_a_model_that_learnt_before_an_erasure_and_is_added_after_knows_nothing(
    models: ModelFolder, rankers: Rankers
) -> None:
    erased: list[str] = []
    with ThreadPoolExecutor(1) as beside:
        with rankers.forgetting("c", "ann"):
            added = beside.submit(models.add, *learnt(), lambda: tuple(erased))
            time.sleep(0.2)
            assert not added.done(), "nothing is added while somebody is being erased"
            erased.append("ann")
        version = added.result(timeout=10)[1].version
    ranker, _ = models.read("c", version)
    assert not knows(ranker)
    assert to_files(ranker) == to_files(added.result()[0])


def test_readers_find_a_whole_model_while_it_is_being_rewritten(
    models: ModelFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        Ranker, "without", lambda ranker, member: replace(ranker, intercepts=dict.fromkeys(HEADS, float(member)))
    )
    version = add(models)
    with ThreadPoolExecutor(2) as readers:
        done = []

        def read() -> int:
            times = 0
            while not done:
                assert len(set(models.read("c", version)[0].intercepts.values())) in (1, len(HEADS))
                times += 1
            return times

        reading = [readers.submit(read) for _ in range(2)]
        try:
            for n in range(40):
                with models.forgetting("c", str(n)):
                    pass
        finally:
            done.append(True)
        assert all(one.result(timeout=10) > 5 for one in reading)
    assert models.read("c", version)[0].intercepts["peers"] == 39


def test_a_deleted_community_leaves_no_model(models: ModelFolder, rankers: Rankers) -> None:
    models.promote("c", add(models), BY)
    add(models, community="d")
    rankers.of("c")
    rankers.drop("c")
    assert models.versions("c") == []
    assert models.pointer("c") == Pointer()
    assert rankers.of("c").version == shipped().version
    assert len(models.versions("d")) == 1


def test_models_of_communities_that_are_no_more_are_swept_away(models: ModelFolder) -> None:
    for community in ("c", "d"):
        add(models, community=community)
    models.sweep(["d"])
    assert not models.home("c").exists()
    assert len(models.versions("d")) == 1
