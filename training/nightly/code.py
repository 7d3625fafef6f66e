"""Which code learns: what another version worked out is not gone on with."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from importlib import resources
from importlib.metadata import PackageNotFoundError, version

_PACKAGES = ("models", "training")


@cache
def code_version() -> str:
    """The version of the product, and a digest of what features and learning are made of."""
    digest = blake2b(digest_size=5)
    for package in _PACKAGES:
        root = resources.files(package)
        for file in sorted(_sources(root), key=lambda found: found[0]):
            digest.update(file[0].encode() + b"\0" + file[1])
    try:
        number = version("yiqi")
    except PackageNotFoundError:
        number = "0"
    return f"{number}+{digest.hexdigest()}"


def _sources(folder: resources.abc.Traversable, path: str = "") -> list[tuple[str, bytes]]:
    out: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        name = f"{path}/{entry.name}"
        if entry.is_dir():
            out += _sources(entry, name)
        elif name.endswith((".py", ".json")):
            out.append((name, entry.read_bytes()))
    return out
