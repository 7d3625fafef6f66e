"""What an organizer writes on the command line, read into a request for a round."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.cli.rounds.rules import Wish, rules_of
from service.cli.shared.options import refuse
from service.cli.shared.pieces import ids_of, named, range_of, scalar, whole

if TYPE_CHECKING:
    from models.domain.requests import Filter
    from models.rounds.constraints.constraint import Constraint
    from models.rounds.spec.requests import Bid, RoundSpec, Side, Team

SCORE_COLUMNS = ("source", "target", "score")


def request(
    *, wishes: Sequence[Wish], no_repeat: int | None, no_repeat_days: int, acquainted: bool, **fields: Any
) -> RoundSpec:
    """The request that these options make; `fields` are those of `RoundSpec` but for its rules."""
    from models.rounds.spec.requests import RoundSpec

    spec = RoundSpec(**fields)
    if spec.kind == "sides" and len(spec.sides) != 2:
        refuse("--kind sides needs two sides, such as mentors=@mentors.txt", "side")
    if spec.kind == "teams" and not spec.teams:
        refuse("--kind teams needs a project, such as seedbus=designer:2", "team")
    return replace(spec, rules=(*rules_of(wishes), *repeats(no_repeat, no_repeat_days), *_acquainted(acquainted)))


def people(members: Sequence[str], file: Path | None) -> tuple[str, ...]:
    """Those named one by one, and those in a file."""
    return tuple(dict.fromkeys((*members, *(read_ids(file, "members-file") if file else ()))))


def sizes(text: str) -> tuple[int, int]:
    """ "4" or "3-5"."""
    least, most = range_of(text, "size")
    if most is None or not 1 < least <= most:
        refuse(f"{text!r} is no size of a group; write 4 or 3-5", "size")
    return least, most


def repeats(rounds: int | None, days: int) -> tuple[Constraint, ...]:
    """Nobody twice, where something is said of it; else the service knows what is usual."""
    from models.rounds.constraints.no_repeat import NoRepeat

    return () if rounds is None and not days else (NoRepeat(rounds=rounds or 0, days=days),)


def _acquainted(welcome: bool) -> tuple[Constraint, ...]:
    from models.rounds.constraints.new_to_each_other import NewToEachOther

    return (NewToEachOther(off=True),) if welcome else ()


def filter_of(texts: Sequence[str], active: int | None = None) -> Filter:
    """ "team=blue", "language=zh", "place=Berlin": who takes part where nobody is named; active in so many days."""
    from models.domain.records import DAY
    from models.domain.requests import Filter

    languages, place, attributes = [], "", {}
    for text in texts:
        name, value = named(text, "filter")
        if name == "language":
            languages.append(value)
        elif name == "place":
            place = value
        else:
            attributes[name] = scalar(value)
    since = None if active is None else time.time_ns() // 1000 - active * DAY
    return Filter(languages=tuple(languages), place=place, attributes=attributes, active_since=since)


def sides_of(sides: Sequence[str], loads: Sequence[str]) -> tuple[Side, ...]:
    """ "mentors=ann,bo" or "mentors=@FILE", and "mentors=1-3": how many each of them meets."""
    from models.rounds.spec.requests import Side

    loaded = (named(text, "load") for text in loads if "=" in text)
    ranges = {name: range_of(value, "load") for name, value in loaded}
    found = []
    for text in sides:
        name, value = named(text, "side")
        least, most = ranges.pop(name, (0, 1))
        people = read_ids(Path(value[1:]), "side") if value.startswith("@") else ids_of(value)
        if most is None or not 0 <= least <= most:
            refuse(f"{name} has no such load; write {name}=3 or {name}=1-3", "load")
        found.append(Side(name=name, members=people, least=least, most=most))
    if ranges:
        refuse(f"there is no side {next(iter(ranges))}", "load")
    return tuple(found)


def load_of(loads: Sequence[str]) -> int:
    """ "2": how many teams one person joins at most; loads of sides have names."""
    return max((whole(text, "load") for text in loads if "=" not in text), default=1)


def teams_of(texts: Sequence[str]) -> tuple[Team, ...]:
    """ "seedbus=designer:2,engineer": a project on record and the roles to fill, each one person unless said."""
    from models.domain.records import Need
    from models.rounds.spec.requests import Role, Team

    found = []
    for text in texts:
        project, value = named(text, "team")
        roles = []
        for part in filter(None, (one.strip() for one in value.split(","))):
            name, _, count = part.partition(":")
            roles.append(Role(name=name.strip(), count=whole(count or "1", "team"), need=Need(name.strip())))
        found.append(Team(id=project, project=project, roles=tuple(roles)))
    return tuple(found)


def bids_of(path: Path) -> tuple[Bid, ...]:
    """A CSV file with columns source, target and score (0 to 1), in whatever order."""
    from models.rounds.spec.requests import Bid

    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if missing := [name for name in SCORE_COLUMNS if name not in (rows.fieldnames or ())]:
            refuse(f"{path} has no column {missing[0]}; it needs {', '.join(SCORE_COLUMNS)}", "bids")
        return tuple(
            Bid(source=row["source"].strip(), target=row["target"].strip(), score=_score(row["score"], path, number))
            for number, row in enumerate(rows, 2)
        )


def spec_from(path: Path) -> RoundSpec:
    """A whole request from a JSON file; docs/rounds.md has its fields."""
    from models.rounds.spec.json_text import read_spec

    try:
        return read_spec(path.read_bytes())
    except ValueError as error:
        refuse(f"{path}: {error}", "spec")


def read_ids(path: Path, option: str) -> tuple[str, ...]:
    """A file with a member a line: the first column counts, lines that are empty or begin with # do not."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        refuse(f"{path}: {error.strerror}", option)
    rows = csv.reader(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    found = tuple(dict.fromkeys(first for row in rows if row and (first := row[0].strip())))
    if not found:  # naming nobody would ask for everybody
        refuse(f"{path} names nobody; it needs a member a line", option)
    return found


def called_by_id(spec: RoundSpec, find: Callable[[str, str], str]) -> RoundSpec:
    """The request with everybody by id; `find` gives the id for what was written, an id or a name.

    Who takes part may be unknown, which the service tells beside the list; whom a rule or team names may not.
    """

    def every(members: Sequence[str], option: str = "") -> tuple[str, ...]:
        return tuple(dict.fromkeys(find(one, option) for one in members))

    return replace(
        spec,
        members=every(spec.members),
        sides=tuple(replace(side, members=every(side.members)) for side in spec.sides),
        teams=tuple(replace(team, members=every(team.members, "team")) for team in spec.teams),
        rules=tuple(rule.with_members(partial(every, option=rule.name)) for rule in spec.rules),
        bids=tuple(replace(bid, source=find(bid.source, "bids"), target=find(bid.target, "bids")) for bid in spec.bids),
    )


def _score(text: str, path: Path, line: int) -> float:
    try:
        score = float(text)
    except (TypeError, ValueError):
        score = -1.0
    if not 0 <= score <= 1:
        refuse(f"{path}:{line}: {text!r} is no score from 0 to 1", "bids")
    return score
