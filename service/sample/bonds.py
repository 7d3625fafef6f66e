"""Projects, declared ties, outcomes and blocks, from the rows that say what they are and roughly when."""

from __future__ import annotations

from random import Random
from typing import cast

from models.domain.records import Block, Outcome, OutcomeKind, Project, Tie, ValueKind
from service.sample.clock import DAY, HOUR
from service.sample.material import END, START, Material, at, need


def projects(material: Material) -> list[Project]:
    """All projects by time."""
    found = [
        Project(
            id=row["id"],
            time=at(row["share"]),
            title=row["title"],
            text=row["text"],
            members=tuple(row["members"]),
            needs=tuple(map(need, row.get("needs", ()))),
            state=row["state"],
        )
        for row in material.projects
    ]
    return sorted(found, key=lambda p: (p.time or 0, p.id))


def ties(material: Material) -> list[Tie]:
    """Acquaintances that were declared when people came."""
    rows = enumerate(material.bonds["ties"], 1)
    return [
        Tie(id=f"tie-{number:02}", source=row["from"], target=row["to"], time=START + DAY, kind=row["kind"])
        for number, row in rows
    ]


def blocks(material: Material) -> list[Block]:
    """Who does not want to meet whom."""
    rows = enumerate(material.bonds["blocks"], 1)
    return [
        Block(id=f"block-{number:02}", source=row["from"], target=row["to"], time=at(row["share"]))
        for number, row in rows
    ]


def outcomes(material: Material, seed: int) -> list[Outcome]:
    """What became of recommendations: each chain in order, some days apart."""
    rng = Random(f"{seed}/outcomes")
    came = {p.id: p.since for p in material.people}
    found: list[Outcome] = []
    for line in material.bonds["outcomes"]:
        pair, chain = line.split(": ")
        source, target = pair.split(" > ")
        time = max(came[source], came[target], at(0.3)) + int(rng.uniform(1, 60) * DAY)
        for step in chain.split():
            kind, _, value = step.partition("/")
            time = min(time, END - HOUR + len(found) * 1_000_000)
            number = f"outcome-{len(found) + 1:03}"
            found.append(_outcome(number, source, target, time, kind, value))
            time += int(rng.uniform(0.2, 9) * DAY)
    return found


def _outcome(number: str, source: str, target: str, time: int, kind: str, value: str) -> Outcome:
    return Outcome(
        id=number,
        source=source,
        target=target,
        time=time,
        kind=cast(OutcomeKind, kind),
        value=cast(ValueKind, value),
    )
