"""The community that ships with Yiqi: invented people, hand-written words, put together by a seeded script."""

from __future__ import annotations

import os
from operator import attrgetter
from typing import TypeAlias

from models.archive import container
from models.domain.records import Record
from service.sample import bonds, solo
from service.sample.log import Log
from service.sample.material import Material, load
from service.sample.talk import Talk

Records: TypeAlias = dict[str, list[Record]]


def generate(seed: int = 1) -> Records:
    """The records of the sample by kind, in archive order. The same seed gives the same records in every process."""
    material = load(seed)
    return {
        "community": [material.community],
        "channel": sorted(material.channels, key=attrgetter("id")),
        "member": sorted((person.member for person in material.people), key=attrgetter("id")),
        "message": list(_messages(material, seed).messages()),
        "project": list(bonds.projects(material)),
        "tie": list(bonds.ties(material)),
        "outcome": list(bonds.outcomes(material, seed)),
        "block": list(bonds.blocks(material)),
    }


def write_sample(out: str | os.PathLike[str], seed: int = 1) -> dict[str, int]:
    """Write the sample as an archive (.zip or .tar.gz by its ending, else a folder); how many rows of each kind.

    Raises models.archive.container.ArchiveError when `out` is something else than an archive.
    """
    return container.write(out, generate(seed))


def _messages(material: Material, seed: int) -> Log:
    log = Log()
    talk = Talk(material, log, seed)
    talk.introduce()
    talk.remark()
    solo.broadcast(material, log, seed)
    solo.keep_writing(material, log, seed)
    talk.converse()
    return log
