"""The process that solves one round: a request comes in, how far it is and the list go out, all pickled.

It starts quickly (no text encoder, no server) and can be killed at any moment. It ends by itself when whoever started
it is gone.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
from typing import Any, BinaryIO


def main() -> None:
    """Read one (RoundSpec, People) from standard input, write ("progress", share) and a last ("plan" or "problem")."""
    # Several rounds may be solved beside a server.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    # Whatever a library prints must not get between the answers.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    spec, people = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_end_with, args=(sys.stdin.buffer,), daemon=True).start()

    from models.rounds.solve import solve

    try:
        _say(out, "plan", solve(spec, people, lambda share: _say(out, "progress", share)))
    except ValueError as error:
        _say(out, "problem", str(error))


def _say(out: BinaryIO, kind: str, value: Any) -> None:
    pickle.dump((kind, value), out)
    out.flush()


def _end_with(parent: BinaryIO) -> None:
    parent.read()
    os._exit(1)


if __name__ == "__main__":
    main()
