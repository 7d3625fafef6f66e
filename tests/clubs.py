"""A made-up community whose next contacts can be foretold: clubs that talk among themselves, in words of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models.archive.container import FILES, write
from models.domain.records import KIND_OF, Channel, Message, Project, Record

START = 1_700_000_000_000_000
HOUR = 3_600_000_000
CLUBS = {
    "boats": "hull keel rudder plank sail mast varnish harbour tide anchor rigging deck",
    "bread": "flour yeast dough oven crust rye starter knead proof loaf sourdough bakery",
    "birds": "feather nest wing heron binoculars migration song beak swallow owl marsh dawn",
}


def records(messages: int = 900, members: int = 60, seed: int = 0) -> list[Record]:
    """Every member is in one club and deals with its people only, one after the other."""
    rng = np.random.default_rng(seed)
    clubs = list(CLUBS)
    out: list[Record] = [Channel(id=club) for club in clubs]
    for n in range(messages):
        author = int(rng.integers(members))
        club = clubs[author % len(clubs)]
        mate = int(rng.integers(members // len(clubs))) * len(clubs) + author % len(clubs)
        words = " ".join(rng.choice(CLUBS[club].split(), 6))
        mentions = (f"m{mate:02}",) if mate != author and n % 3 == 0 else ()
        thread = f"{club}-{n // 9}"
        out.append(
            Message(
                id=f"x{n:05}",
                author=f"m{author:02}",
                time=START + n * HOUR,
                text=f"About {words}.",
                channel=club,
                thread=thread,
                topic=f"{club} {n // 9}",
                mentions=mentions,
            )
        )
        if n % 9 == 0 and mate != author:
            people = (f"m{author:02}", f"m{mate:02}")
            out.append(Project(id=f"p{n:05}", time=START + n * HOUR, title=f"New {club}", text=words, members=people))
    return out


def make_archive(out: Path, found: list[Record] | None = None) -> Path:
    """The community as an archive."""
    found = records() if found is None else found
    write(out, {kind: [r for r in found if KIND_OF[type(r)] == kind] for kind in FILES})
    return out
