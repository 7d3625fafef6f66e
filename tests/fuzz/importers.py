"""Does any file break an importer? Rows, or a sentence for people, are all that may come of one, soon enough.

    python -m tests.fuzz.importers [--count 1000000] [--seconds 3600] [--seed 1] [--faults FOLDER]

What the importers' own tests write is spoilt over and over, and read as `yiqi import --dry-run` does, as what it is
recognised as or as what it was. Prints how many files of each format were read, and each kind of fault once, with the
file kept in FOLDER. The same seed spoils the same files.
"""

from __future__ import annotations

import argparse
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.archive.container import ArchiveError
from service.application.importing import ImportSummary, preview
from service.cli.import_report import describe, describe_report
from service.importers import open_source
from service.importers.formats import ENOUGH, recognised
from service.importers.frame.container import open_container
from tests.fuzz.mutations import spoilt

SEEDS = ("tests/unit/importers", "tests/unit/test_wechat.py", "tests/unit/test_archive.py")
NOW = 1_800_000_000 * 1_000_000
SLOW = 10.0  # seconds of processor time for a file of at most some megabytes
LARGEST = 1 << 18  # bytes of a file that is spoilt: larger ones only cost time
EVERY = 20_000  # files between two lines of progress
_OURS = re.compile(r"/(?:service|models)/")


class Slow(BaseException):
    """A file took too long; no `except Exception` may swallow it."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A good file, or one that a test spoilt: its name, its bytes and its format, "" when it has none."""

    name: str
    data: bytes
    format: str


@dataclass(slots=True)
class Found:
    """What came of the files: how many by format, how many were refused with a sentence, and faults by where."""

    read: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    faults: Counter[str] = field(default_factory=Counter)


def main() -> None:
    """See the module docstring."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--count", type=int, default=1_000_000)
    arguments.add_argument("--seconds", type=float, default=3600)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--faults", type=Path, default=Path(tempfile.gettempdir()) / "yiqi-fuzz")
    given = arguments.parse_args()
    given.faults.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGVTALRM, _too_slow)
    seeds = collected()
    print(f"{len(seeds)} files to spoil: {dict(Counter(seed.format or 'none' for seed in seeds))}", flush=True)
    found = fuzz(seeds, given.count, given.seconds, random.Random(given.seed), given.faults)
    print(_told(found))
    sys.exit(bool(found.faults))


def fuzz(seeds: list[Seed], count: int, seconds: float, chance: random.Random, faults: Path) -> Found:
    """Spoils and reads until `count` files or `seconds` are over."""
    found, started = Found(), time.monotonic()
    by_format: dict[str, list[Seed]] = {}
    for seed in seeds:
        by_format.setdefault(seed.format, []).append(seed)
    with tempfile.TemporaryDirectory(dir=_in_memory()) as folder:
        for number in range(1, count + 1):
            # Every format as often as any other, however many tests it has.
            seed = chance.choice(by_format[chance.choice(sorted(by_format))])
            path = Path(folder) / seed.name
            path.write_bytes(spoilt(seed.data, chance))
            _judge(path, seed, chance, found, faults)
            path.unlink()
            if number % EVERY == 0:
                print(f"{number:,} in {time.monotonic() - started:,.0f} s; {_told(found)}", flush=True)
            if time.monotonic() - started > seconds:
                break
    return found


def _judge(path: Path, seed: Seed, chance: random.Random, found: Found, faults: Path) -> None:
    told = seed.format if seed.format and chance.random() < 0.7 else ""
    found.read[seed.format or "none"] += 1
    signal.setitimer(signal.ITIMER_VIRTUAL, SLOW)
    try:
        looked_at(path, told)
    except ArchiveError as error:
        found.refused += 1
        if len(str(error)) < 10:
            _keep(f"no sentence: {error}", path, told, found, faults)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        _keep(_where(error), path, told, found, faults)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def looked_at(path: Path, format: str = "") -> ImportSummary:
    """What `yiqi import --dry-run` would do with a file, and print. ArchiveError when it would refuse it."""
    source = open_source(path, format=format, time_zone="UTC", day_first=True)
    summary = preview(source, now=NOW)
    for line in (*describe_report(source.report), *describe(summary)):
        line.encode()
    return summary


def collected() -> list[Seed]:
    """Every file that the importers' tests write, each once, with the format that it is taken for."""
    with tempfile.TemporaryDirectory(dir=_in_memory()) as folder:
        base = Path(folder) / "tests"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--hypothesis-seed=1",
            f"--basetemp={base}",
            *SEEDS,
        ]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
        files = sorted(path for path in base.rglob("*") if path.is_file() and not path.is_symlink())
        small = [path for path in files if path.stat().st_size <= LARGEST]
        seeds = {path.read_bytes(): Seed(_plain_name(path), path.read_bytes(), _format(path)) for path in small}
    return sorted(seeds.values(), key=lambda seed: (seed.format, seed.name, seed.data))


def _format(path: Path) -> str:
    try:
        sure = recognised(open_container(path))
    except ArchiveError:
        return ""
    if sure and sure[0][0] >= ENOUGH:
        return sure[0][1].name
    if path.name.endswith(("members.jsonl", "messages.jsonl", "archive.zip")):
        return "archive"
    return "members" if path.suffix in (".csv", ".tsv", ".xlsx", ".ods") else ""


def _plain_name(path: Path) -> str:
    return "".join(letter if letter.isascii() else "x" for letter in path.name)[-80:]


def _keep(what: str, path: Path, told: str, found: Found, faults: Path) -> None:
    found.faults[what] += 1
    if found.faults[what] == 1:
        kept = faults / f"{len(found.faults):03}-{told or 'recognised'}-{path.name}"
        kept.write_bytes(path.read_bytes())
        print(f"FAULT {what}\n  {kept}", flush=True)


def _where(error: BaseException) -> str:
    """A kind of fault: its type and the last line of our own code that it came through."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if _OURS.search(frame.filename)]
    place = f"{'/'.join(Path(ours[-1].filename).parts[-3:])}:{ours[-1].lineno}" if ours else "?"
    return f"{type(error).__name__} at {place}"


def _told(found: Found) -> str:
    formats = ", ".join(f"{name} {count:,}" for name, count in sorted(found.read.items()))
    faults = f"{len(found.faults)} kinds of fault in {sum(found.faults.values()):,} files"
    return f"{sum(found.read.values()):,} files read, {found.refused:,} refused with a sentence, {faults} ({formats})"


def _too_slow(*_: Any) -> None:
    raise Slow


def _in_memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


if __name__ == "__main__":
    main()
