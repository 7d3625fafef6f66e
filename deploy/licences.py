"""Write deploy/licences.md: under which licence each locked package comes, read from what is installed.

    python deploy/licences.py

Of what is not installed here (another platform's, or an extra's) the line that is there stays; a package without one is
named, and the exit code is 1.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

DEPLOY = Path(__file__).parent
PAGE = DEPLOY / "licences.md"
HEADER = """# Licences

Of everything in `deploy/locks`, as each package states it. Written by `make lock`. PyTorch stands beside the locks
(BSD-3-Clause); its GPU builds bring libraries of NVIDIA under NVIDIA's own licences.

| package | licence |
|---|---|
"""
LONGEST = 80  # characters: what is longer is a licence's text and not its name
COMMON = "License :: OSI Approved :: "


def locked() -> list[str]:
    """The names of all packages in all locks, sorted."""
    texts = [path.read_text() for path in (DEPLOY / "locks").glob("*.txt")]
    return sorted({name for text in texts for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)})


def stated() -> dict[str, str]:
    """The lines that are there."""
    text = PAGE.read_text() if PAGE.exists() else ""
    return dict(re.findall(r"^\| ([a-z0-9.-]+) \| (.+) \|$", text, re.MULTILINE))


def licence(package: Distribution) -> str:
    """What a package says of itself: an SPDX expression, a short name, or its classifiers; "" for nothing."""
    about = package.metadata
    named = about.get("License-Expression") or about.get("License") or ""
    if not named or len(named) > LONGEST or "\n" in named or named in ("UNKNOWN", "Dual License"):
        classifiers = [one for one in about.get_all("Classifier") or () if one.startswith("License :: ")]
        named = " and ".join(one.removeprefix(COMMON).removeprefix("License :: ") for one in classifiers)
    return str(named).replace("|", "/")


def main() -> None:
    """The command."""
    found, before = {}, stated()
    for name in locked():
        try:
            found[name] = licence(distribution(name)) or before.get(name, "")
        except PackageNotFoundError:
            found[name] = before.get(name, "")
    PAGE.write_text(HEADER + "".join(f"| {name} | {said} |\n" for name, said in found.items()))
    if missing := [name for name, said in found.items() if not said]:
        sys.exit(f"Look these up and write them into {PAGE.name}: {', '.join(missing)}")


if __name__ == "__main__":
    main()
