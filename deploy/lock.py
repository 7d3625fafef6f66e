"""Write what is installed, to the last package, with the hashes of its files for every platform: deploy/locks.

    python deploy/lock.py            the versions of deploy/constraints.txt, and of what is new in pyproject.toml
    python deploy/lock.py --update   the newest versions that pyproject.toml allows

`run` is what Yiqi needs, `build` what installs it, and an extra only what it adds to those. PyTorch and the libraries
of its GPU builds stand in none: whichever build a machine has is kept.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCKS = ROOT / "deploy/locks"
CONSTRAINTS = ROOT / "deploy/constraints.txt"
OLDEST_PYTHON = "3.11"
TORCH = re.compile(r"torch|triton|nvidia-.+|cuda-.+")
HEADER = "# Written by `make lock`. Install with: pip install --no-deps --require-hashes --requirement FILE\n"


def compile_requirements(*args: str, constraints: Path | None) -> str:
    """The lines of `uv pip compile`: each package with its hashes. Raises CalledProcessError."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    # One version for all platforms and Pythons: what is tested on one is what runs on another.
    command += ["--fork-strategy", "fewest", "--no-header", "--no-annotate", "--python-version", OLDEST_PYTHON, *args]
    command += ["--constraint", str(constraints)] if constraints else []
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def packages(lines: str) -> Iterator[tuple[str, str]]:
    """(name, its lines) of each package but PyTorch."""
    for block in re.split(r"^(?=\S)", lines, flags=re.MULTILINE):
        name = block.split("==")[0].strip()
        if name and not TORCH.fullmatch(name):
            yield name, block


def lock(name: str, *args: str, constraints: Path, without: dict[str, str] | None = None) -> dict[str, str]:
    """Write one lock, without what others hold already; its packages."""
    found = dict(packages(compile_requirements(*args, constraints=constraints)))
    own = {package: block for package, block in found.items() if package not in (without or {})}
    (LOCKS / f"{name}.txt").write_text(HEADER + "".join(own.values()))
    return found


def write_constraints(constraints: Path | None) -> None:
    """Write all versions, within these constraints, into the constraints, below the comment that they begin with."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    with build_requirements(project) as build:
        text = compile_requirements("pyproject.toml", build, "--all-extras", constraints=constraints)
    comment = [line for line in CONSTRAINTS.read_text().splitlines() if line.startswith("#")]
    pins = re.findall(r"^([A-Za-z0-9._-]+==[^\s;\\]+)", text, re.MULTILINE)
    kept = [pin for pin in pins if pin.startswith("torch==") or not TORCH.fullmatch(pin.split("==")[0])]
    CONSTRAINTS.write_text("\n".join([*comment, *kept]) + "\n")


@contextmanager
def build_requirements(project: dict[str, Any]) -> Iterator[str]:
    """A file of what installs Yiqi."""
    with tempfile.NamedTemporaryFile("w", suffix=".in") as file:
        # An editable install of packages that lie in folders of other names needs `editables`.
        file.write("\n".join([*project["build-system"]["requires"], "editables"]))
        file.flush()
        yield file.name


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="take the newest versions")
    write_constraints(None if parser.parse_args().update else CONSTRAINTS)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    LOCKS.mkdir(exist_ok=True)
    run = lock("run", "pyproject.toml", constraints=CONSTRAINTS)
    with build_requirements(project) as build:
        built = lock("build", build, constraints=CONSTRAINTS, without=run)
    for extra in project["project"]["optional-dependencies"]:
        lock(extra, "pyproject.toml", "--extra", extra, constraints=CONSTRAINTS, without=run | built)


if __name__ == "__main__":
    main()
