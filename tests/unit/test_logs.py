"""Log lines: one for each fault, which says where it happened and never what people wrote."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FAILING = """
import logging, threading
from service.core.logs import configure

configure("info")

def fail():
    try:
        raise KeyError("she left him")
    except KeyError as error:
        raise ValueError("Ann wrote: she left him") from error

"""


def line(code: str) -> dict[str, str]:
    """The only line that a program writes on stderr."""
    done = subprocess.run([sys.executable, "-c", FAILING + code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "she left him" not in done.stderr
    only = done.stderr.splitlines()
    assert len(only) == 1, done.stderr
    found: dict[str, str] = json.loads(only[0])
    return found


def test_a_logged_fault_says_where_it_and_its_cause_happened() -> None:
    told = line("try: fail()\nexcept ValueError as error: logging.getLogger('grpc').exception('failed: %s', error)")
    assert told["event"] == "failed: …"
    first, cause = told["fault"].split(" from ")
    assert first.startswith("builtins.ValueError at ")
    assert first.endswith(" fail")
    assert cause.startswith("builtins.KeyError at ")
    assert cause.endswith(" fail")


def test_a_fault_that_ends_a_thread_is_one_line_with_its_place() -> None:
    told = line("thread = threading.Thread(target=fail, name='following')\nthread.start()\nthread.join()")
    assert (told["event"], told["thread_name"], told["level"]) == ("thread ended", "following", "error")
    assert told["fault"].split(" from ")[0].endswith(" fail")
