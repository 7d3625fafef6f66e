"""The sample community as `make run` makes it: imported once for all tests, whichever process they run in."""

from __future__ import annotations

import fcntl
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
YIQI = (sys.executable, "-m", "service")
COMMUNITY = "makers"
LONGEST = 600  # seconds that a command may take on a busy machine


def run(*command: str | Path) -> str:
    """What a command prints; it must succeed."""
    done = subprocess.run([*map(str, command)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=LONGEST)
    assert done.returncode == 0, done.stderr
    return done.stdout


def recipe(data: Path, command: str) -> list[list[str]]:
    """The lines of `make run` that call this command of yiqi."""
    printed = run("make", "--dry-run", "--always-make", "run", f"DATA={data}", f"YIQI={' '.join(YIQI)}")
    lines = [shlex.split(line) for line in printed.splitlines() if line.startswith(f"{' '.join(YIQI)} {command}")]
    assert lines
    return lines


def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of one's own with the sample in it; its community is `COMMUNITY`."""
    out = tmp_path_factory.mktemp("sample") / "data"
    shutil.copytree(_made(tmp_path_factory.getbasetemp()), out)
    return out


def _made(base: Path) -> Path:
    # The processes of one test run keep their folders in one; the first that comes makes it, others wait.
    shared = (base.parent if base.name.startswith("popen-") else base) / "shared-sample"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "done").exists():
            shutil.rmtree(shared / "data", ignore_errors=True)
            for line in recipe(shared / "data", "sample") + recipe(shared / "data", "import"):
                run(*line)
            (shared / "done").touch()
    return shared / "data"
