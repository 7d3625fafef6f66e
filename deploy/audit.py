"""Ask whether anything in deploy/constraints.txt has a published weakness.

    python deploy/audit.py

Exit codes: 0 nothing is known, 1 something is, 2 not everything could be asked about: then nothing is proven.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

CONSTRAINTS = Path(__file__).parent / "constraints.txt"
UNREACHABLE = "Advisories cannot be reached from here (pypi.org), so nothing was audited. Run this where they can."


def asked(requirements: Path) -> dict[str, Any] | None:
    """What pip-audit found, by its JSON; None where it could not ask."""
    command = [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "--progress-spinner", "off"]
    done = subprocess.run([*command, "--format", "json", "-r", str(requirements)], capture_output=True, text=True)
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return None
    return found


def verdict(found: dict[str, Any] | None) -> tuple[int, list[str]]:
    """The exit code, and what to print. A package that was skipped is not one without weaknesses."""
    if found is None:
        return 2, [UNREACHABLE]
    packages = found["dependencies"]
    skipped = [one["name"] for one in packages if "skip_reason" in one]
    weak = [
        f"{one['name']} {one['version']}: {known['id']}, mended in {', '.join(known['fix_versions']) or 'nothing yet'}"
        for one in packages
        for known in one.get("vulns", ())
    ]
    if len(skipped) == len(packages):
        return 2, [UNREACHABLE]
    if weak:
        return 1, [*weak, "Update with: make lock UPDATE=--update"]
    if skipped:
        return 2, [f"Not audited, since nothing could be learnt of them: {', '.join(skipped)}"]
    return 0, [f"{len(packages)} packages, no published weakness"]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requirement", type=Path, default=CONSTRAINTS, help="another file of pins")
    code, lines = verdict(asked(parser.parse_args().requirement))
    print("\n".join(lines))
    sys.exit(code)


if __name__ == "__main__":
    main()
