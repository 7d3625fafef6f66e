"""Fits the tagger that ships from the material, and says how well lines are read that it was not fitted on.

python -m training.suggest [--held-out FILE.jsonl] [--show]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from models.shipped import parts
from models.suggest import tagger
from models.suggest.spoken import Meanings
from training.meaning.material import FOLDER as SPOKEN_LINES
from training.shipping import ship_arrays
from training.suggest import material
from training.suggest.fitting import fit
from training.suggest.reading import Found, read


def main() -> None:
    """Fit, write, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", type=Path, help="lines to read with it")
    parser.add_argument("--show", action="store_true", help="print every line that is read wrongly")
    parser.add_argument("--read-only", action="store_true", help="read with the tagger that is there")
    asked = parser.parse_args()
    if not asked.read_only:
        found = fit(list(material.lines()), Meanings())
        written = [material.FOLDER, SPOKEN_LINES]
        ship_arrays(
            parts.TAGGER, tagger.to_arrays(found), "lines written for it", written, "python -m training.suggest"
        )
    if asked.held_out:
        _print(read(material.read(asked.held_out)), asked.show)


def _print(found: Found, show: bool) -> None:
    if show:
        for kind, those in (("wrong", found.wrong), ("missed", found.missed)):
            for line, field, text in those:
                print(f"{kind} {line.id} {field} {text!r} in {' '.join(line.text.split())[:160]!r}")
    print(f"precision {found.precision:.3f}, recall {found.recall:.3f} of {found.wanted}")


if __name__ == "__main__":
    main()
