"""Questions out of what people said about each other: of those who were put to somebody, with whom it went how well.

Who was never shown cannot be accepted. So where somebody was put to a member (shown by a list that an outcome quotes,
or proposed to them), only those who were put to that member are compared, and gains are divided by the chance that
their place was looked at (`training.labels.outcomes`): what is learnt is whom they choose among the shown, not whom
the ranker of the day showed. Of pairs that nobody put to each other, what they said is a contact like any other, of
its own depth.

Shown and left alone is a weak no: a candidate like any other. A refusal counts as three of them; and where a member
refused some and took up none, the rest are preferred to the refused, a little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from models.domain.records import Message, Outcome, Project
from models.ranking.ranker import Head
from training.labels.explicit_choices import Pair
from training.labels.outcomes import GAINS, REFUSALS, REFUSED, Course, GradedHead, GradedQuery, Slate, course
from training.labels.tasks import HEAD_TASKS, Task

Said: TypeAlias = Literal["peers outcomes", "collaborators outcomes"]
# What a question of a window is about.
Asking: TypeAlias = Task | Said

SAID: dict[GradedHead, Said] = {"peers": "peers outcomes", "collaborators": "collaborators outcomes"}
# What is learnt for a head from what people said. Whom to meet outside one's company is told by those who met there.
SAID_OF: dict[Head, tuple[Said, ...]] = {
    "peers": ("peers outcomes",),
    "collaborators": ("collaborators outcomes",),
    "strangers": ("peers outcomes", "collaborators outcomes"),
}
HEAVIEST = 10.0  # first talks that one question counts for at most: no single one decides what a night learns
ANSWERS = REFUSALS | {"accepted"}  # given by somebody to whom the other was put
LEFT = 0.5  # the gain of who was shown and left alone, where others were refused and nobody was taken up
# Of pairs that were not put to each other: how far they have to come to be a label.
DEPTH: dict[GradedHead, float] = {"peers": 0.0, "collaborators": GAINS["helped"]}

_Put: TypeAlias = Mapping[str, Mapping[str, int]]


def asking(head: Head) -> tuple[Asking, ...]:
    """Everything that is asked of a head, contacts first."""
    return (*HEAD_TASKS[head], *SAID_OF.get(head, ()))


def told(
    head: GradedHead,
    messages: Sequence[Message],
    projects: Sequence[Project],
    outcomes: Sequence[Outcome],
    slates: Mapping[str, Slate],
    cut: int,
    until: int,
) -> list[GradedQuery]:
    """Of each member, by id, up to two queries with labels from [cut, until): on those put to them, and on all others.

    Messages and projects come in order of time; nothing at or after `until` is looked at. A query's weight is its mean
    gain, corrected for places, in units of a first talk, 10 at most.
    """
    if not any(cut <= outcome.time < until for outcome in outcomes):
        return []
    run = course(head, messages, projects, outcomes, slates, cut, until)
    put = {any_: _put(any_, outcomes, slates, cut, until) for any_ in SAID}
    known, refused = _by_source(run.known), _by_source(run.refused)
    chosen: defaultdict[str, dict[str, float]] = defaultdict(dict)
    met: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for pair, gain, time in run.fresh():
        source, target = pair
        since = put[head].get(source, {}).get(target)
        if since is not None and time >= since:
            chosen[source][target] = run.corrected(pair, gain, time)
        elif since is not None:
            known.setdefault(source, set()).add(target)  # in touch before they were shown
        elif _on_their_own(pair, gain, run, put.values(), DEPTH[head]):
            met[source][target] = gain
    among = put[head]
    return [
        *(_of_those(s, among[s], chosen.get(s, {}), known.get(s, set()), refused.get(s, set())) for s in sorted(among)),
        *(
            GradedQuery(
                source=s,
                targets=frozenset(gains),
                gains=gains,
                weight=_weight(gains),
                known=frozenset(known.get(s, set()) | set(among.get(s, ())) | refused.get(s, set())),
            )
            for s, gains in sorted(met.items())
        ),
    ]


def _of_those(
    source: str, put: Mapping[str, int], chosen: Mapping[str, float], known: set[str], refused: set[str]
) -> GradedQuery:
    """A query on those who were put to a member; without a target where none was taken up."""
    left = {t: LEFT for t in put if t not in refused and t not in known} if refused and not chosen else {}
    gains = {**chosen, **left}
    return GradedQuery(
        source=source,
        targets=frozenset(chosen),
        gains=gains,
        weight=_weight(gains) if gains else 0.0,
        emphasis=dict.fromkeys(refused, REFUSED),
        known=frozenset(known),
        among=frozenset(put),
    )


def _weight(gains: Mapping[str, float]) -> float:
    return min(HEAVIEST, sum(gains.values()) / len(gains) / GAINS["talked"])


def _put(
    head: GradedHead, outcomes: Sequence[Outcome], slates: Mapping[str, Slate], cut: int, until: int
) -> dict[str, dict[str, int]]:
    """By member: who was put to them in [cut, until), and when first."""
    out: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for outcome in sorted((o for o in outcomes if cut <= o.time < until), key=lambda o: (o.time, o.id)):
        for target in _shown_by(outcome, head, slates.get(outcome.token) if outcome.token else None):
            out[outcome.source].setdefault(target, outcome.time)
    return dict(out)


def _shown_by(outcome: Outcome, head: GradedHead, slate: Slate | None) -> Iterator[str]:
    """Whom `outcome.source` must have seen to say this. Who chooses somebody from a list has seen those above."""
    if slate is not None and slate.head != head:
        return
    if slate is not None and slate.source in ("", outcome.source) and outcome.target in slate.ids:
        place = slate.ids.index(outcome.target)
        yield from slate.ids[place if outcome.kind == "shown" else 0 : place + 1]
    elif outcome.kind in ANSWERS and (slate is not None or head == "peers"):
        yield outcome.target


def _on_their_own(pair: Pair, gain: float, run: Course, put: Iterable[_Put], depth: float) -> bool:
    """Whether they said so themselves, and nobody had put either to the other."""
    source, target = pair
    shown = any(target in one.get(source, ()) or source in one.get(target, ()) for one in put)
    return pair in run.said and gain >= depth and not shown


def _by_source(pairs: Mapping[Pair, int] | frozenset[Pair]) -> dict[str, set[str]]:
    out: defaultdict[str, set[str]] = defaultdict(set)
    for source, target in pairs:
        out[source].add(target)
    return dict(out)
