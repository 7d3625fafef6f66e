"""Made-up parties: guests with a few attributes, and what everybody decided about everybody else there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from models.domain.records import Member, Outcome

DAY = 86_400_000_000
PARTIES, GUESTS = 14, 12
NAMES = ("charm", "ease", "town", "taste")


def party_goers(seed: int = 0) -> list[Member]:
    """Guests of parties. Everybody wants the charming; the easy take to many; people take to their own town."""
    rng = np.random.default_rng(seed)
    return [
        Member(
            id=f"p{party}g{guest:02}",
            attributes={
                "charm": float(rng.normal()),
                "ease": float(rng.normal()),
                "town": str(rng.choice(["Ulm", "Graz"])),
                "secret": float(rng.normal()),
            },
            extra=json.dumps({"taste": {"films": int(rng.integers(1, 11))}, "shoes": ["red"]}),
        )
        for party in range(PARTIES)
        for guest in range(GUESTS)
    ]


def evenings(members: Sequence[Member], seed: int = 1, noise: bool = False) -> list[Outcome]:
    """What everybody decided about everybody else at their party, a party a day."""
    rng = np.random.default_rng(seed)
    out: list[Outcome] = []
    for a in members:
        for b in members:
            party = int(a.id[1 : a.id.index("g")])
            if a.id == b.id or not b.id.startswith(f"p{party}g"):
                continue
            mine, theirs = (dict[str, Any](m.attributes) for m in (a, b))
            wish = 1.2 * theirs["charm"] + 1.2 * mine["ease"] + (0.8 if mine["town"] == theirs["town"] else -0.8) - 0.6
            yes = rng.random() < (0.4 if noise else 1 / (1 + np.exp(-wish)))
            out.append(
                Outcome(
                    id=f"{a.id}-{b.id}",
                    source=a.id,
                    target=b.id,
                    time=party * DAY + len(out),
                    kind="accepted" if yes else "dismissed",
                )
            )
    return out
