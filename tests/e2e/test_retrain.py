"""`yiqi retrain` beside a running server: what is better is served, what is not is refused, and no kill does harm."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from yiqi.client import YiqiClient

from models.ranking.ranker import shipped
from service.application.lease import alone
from service.serving.model_folder import ModelFolder
from service.store.sql import SqlStore
from tests import planted
from tests.e2e.serving import serving

ROOT = Path(__file__).parents[2]
EVENTS = 1200
UNITS = ROOT / "deploy"


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with something to learn; tests work on copies of it."""
    folder = tmp_path_factory.mktemp("planted")
    source = planted.archive(folder / "in.zip", EVENTS)
    done = yiqi("import", source, "--community", "c", "--consent", "members", "--data", folder / "data")
    assert done.returncode == 0, done.stderr
    return folder / "data"


@pytest.fixture
def data(imported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(imported, tmp_path / "data"))


@pytest.fixture(scope="module")
def learnt(imported: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same folder after a night."""
    data = Path(shutil.copytree(imported, tmp_path_factory.mktemp("learnt") / "data"))
    done = yiqi("retrain", "--community", "c", "--data", data)
    assert done.returncode == 0, done.stderr
    assert "c: promoted" in done.stdout
    return data


def command(*args: str | Path) -> list[str]:
    return [sys.executable, "-m", "service", *map(str, args)]


def environment() -> dict[str, str]:
    return os.environ | {"OMP_NUM_THREADS": "1"}


def yiqi(*args: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*args), cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=240, check=False
    )


def model_of(client: YiqiClient) -> str:
    return str(client.recommend_peers("c", planted.NAMES[0], limit=3).info.model_version)


def files(folder: Path) -> dict[str, bytes]:
    """All but what SQLite keeps for readers while they read."""
    found = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".db-shm", ".db-wal")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_what_is_better_is_promoted_and_a_running_server_serves_it(data: Path) -> None:
    with serving(data) as (_, client):
        assert model_of(client) == shipped().version
        done = yiqi("retrain", "--community", "c", "--data", data)
        assert done.returncode == 0, done.stderr
        pointer = ModelFolder(data / "models").pointer("c")
        assert f"c: promoted {pointer.version}. peers: better" in done.stdout
        assert "FAILED" not in done.stdout
        until = time.monotonic() + 10
        while model_of(client) != pointer.version and time.monotonic() < until:
            time.sleep(0.1)
        assert model_of(client) == pointer.version
    _, manifest = ModelFolder(data / "models").read("c", pointer.version)
    assert (manifest.members, manifest.events) == (planted.MEMBERS, EVENTS)
    assert manifest.parent == shipped().version
    assert manifest.seed == 0
    assert {"ndcg@10", "ndcg@10 of the parent"} <= {m.name for m in manifest.metrics if m.task == "direct"}
    assert not manifest.refused
    assert pointer.by == "yiqi retrain"


def test_the_same_data_twice_is_nothing_new(learnt: Path) -> None:
    before = ModelFolder(learnt / "models").versions("c")
    done = yiqi("retrain", "--community", "c", "--data", learnt)
    assert (done.returncode, "c: nothing new" in done.stdout) == (0, True), done.stderr
    assert ModelFolder(learnt / "models").versions("c") == before


def test_a_night_says_from_its_first_second_how_far_it_is_and_how_much_memory_it_took(learnt: Path) -> None:
    done = yiqi("retrain", "--community", "c", "--data", learnt, "--dry-run", "--seed", "1")
    lines = done.stderr.splitlines()
    assert all(re.fullmatch(r"\w+(: [\d,]+( of [\d,]+)?)?, [\d,]+ MiB", line) for line in lines), done.stderr
    stages = list(dict.fromkeys(re.split("[:,]", line)[0] for line in lines))
    assert stages[:3] == ["starting", "reading", "windows"]
    assert {"records", "questions", "judging", "lists"} <= set(stages)


def test_a_dry_run_says_what_would_happen_and_writes_nothing(data: Path) -> None:
    before = files(data)
    done = yiqi("retrain", "--community", "c", "--data", data, "--dry-run")
    assert (done.returncode, "c: promoted. peers: better" in done.stdout) == (0, True), done.stderr
    assert "c: Lists are better from now on" in done.stdout
    assert files(data) == before


def test_a_second_run_beside_a_first_is_refused(data: Path) -> None:
    with closing(SqlStore(data / "yiqi.db", beside=True)) as store, alone(store, "c", "retrain"):
        done = yiqi("retrain", "--community", "c", "--data", data)
        [job] = store.jobs("c")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"yiqi: another yiqi retrain ({job.owner}) is at work on the community c; wait until it is done"
    )
    assert job.owner == f"process {os.getpid()}"


def test_half_of_the_members_gone_is_refused_until_somebody_says_it_is_no_fault(learnt: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(learnt, tmp_path / "data"))
    with closing(SqlStore(data / "yiqi.db")) as store:
        for name in planted.NAMES[::2]:
            store.erase_member("c", name)
    served = ModelFolder(data / "models").pointer("c")
    done = yiqi("retrain", "--community", "c", "--data", data, "--fail-on-refusal")
    assert done.returncode == 3, done.stderr
    assert "c: refused. There are 50% of the members" in done.stdout
    assert "FAILED  data" in done.stdout
    assert ModelFolder(data / "models").pointer("c") == served
    assert yiqi("retrain", "--community", "c", "--data", data).returncode == 0, "to refuse is a normal end"
    done = yiqi("retrain", "--community", "c", "--data", data, "--accept-smaller")
    assert "FAILED  data" not in done.stdout
    assert done.returncode == 0


def test_all_communities_have_their_night_and_wrong_use_is_told_apart(data: Path) -> None:
    with closing(SqlStore(data / "yiqi.db")) as store:
        from models.domain.records import Community

        store.put("small", [Community(id="small")])
    done = yiqi("retrain", "--data", data, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "c: promoted" in done.stdout
    assert "small: undecided. There is too little history" in done.stdout
    assert "small: Lists go on as they were: too little has happened" in done.stdout
    assert yiqi("retrain", "--community", "nobody", "--data", data).returncode == 1
    assert yiqi("retrain", "--seed", "many", "--data", data).returncode == 2


KILLS = 4


def test_however_often_it_is_killed_the_server_serves_and_the_next_run_completes(data: Path) -> None:
    """Each run lives for two lines of progress longer than the one before it."""
    interrupted = 0
    with serving(data) as (_, client):
        for lines in range(2, 2 * KILLS + 1, 2):
            interrupted += _killed_after(lines, data)
            assert model_of(client) in {shipped().version, ModelFolder(data / "models").pointer("c").version}
        done = yiqi("retrain", "--community", "c", "--data", data)
        assert done.returncode == 0, done.stderr
        pointer = ModelFolder(data / "models").pointer("c")
        assert pointer.version != shipped().version
        until = time.monotonic() + 10
        while model_of(client) != pointer.version and time.monotonic() < until:
            time.sleep(0.1)
        assert model_of(client) == pointer.version
    assert interrupted >= KILLS // 2
    work = ModelFolder(data / "models").work("c")
    assert not [path.name for path in work.iterdir() if path.name.startswith(("run-", "."))]


def _killed_after(lines: int, data: Path) -> bool:
    """Whether the run was still at work when it was killed."""
    process = subprocess.Popen(
        command("retrain", "--community", "c", "--data", data),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for _ in range(lines):
        if not process.stderr.readline():
            break
    process.kill()
    process.communicate(timeout=60)
    return process.returncode == -signal.SIGKILL


def units() -> Iterator[Path]:
    yield from sorted(UNITS.glob("yiqi*.*"))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_the_units_are_what_systemd_expects(tmp_path: Path) -> None:
    both = [f"yiqi-{what}.{kind}" for what in ("restore", "retrain@") for kind in ("service", "timer")]
    assert [unit.name for unit in units()] == [*both, "yiqi.service"]
    for unit in units():
        text = unit.read_text().replace("/opt/yiqi/.venv/bin/yiqi", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    names = [str(tmp_path / unit.name.replace("@", "@makers")) for unit in units()]
    for unit, name in zip(units(), names, strict=True):
        (tmp_path / unit.name).rename(name)
    done = subprocess.run(["systemd-analyze", "verify", *names], capture_output=True, text=True, check=False)
    mine = [line for line in done.stderr.splitlines() if "yiqi" in line]
    assert (done.returncode, mine) == (0, [])
