"""One night of one community: from its past to a ranker that passed every gate, or the reason why there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import count
from typing import Literal, TypeAlias

import numpy as np

from models.community.attribute_preferences import ChoiceModel, declared
from models.community.builder import Embed
from models.community.view import Community
from models.domain.records import Micros
from models.domain.records import Outcome as OutcomeRecord
from models.domain.requests import Goal
from models.ranking import pipeline
from models.ranking.artifact import Gate, Metric
from models.ranking.ranker import MEMBER_HEADS, Head, Ranker, from_files, to_files
from training.fitting.attribute_preferences import learn_choice
from training.fitting.dataset_values import learnt_from
from training.labels.explicit_choices import decisions
from training.labels.feedback import Asking, asking
from training.labels.tasks import HEAD_TASKS
from training.nightly import gates, judging, lists, projects
from training.nightly.answers import JUDGED, Answers, answer, together
from training.nightly.gates import Size
from training.nightly.judging import Fold, Verdict
from training.nightly.known_answers import among_them, found_by
from training.nightly.packing import open_window, pack_answers, pack_window, unpack_answers
from training.nightly.past import Past, views
from training.nightly.recipe import STANDARD, Recipe
from training.nightly.stage_cache import StageCache
from training.nightly.windows import MOST_RANKED, Asked, Compare, Window, ask, longest, served, who_came_back, windows

Status = Literal["promoted", "refused", "undecided"]
# (stage, how much is done, out of how much or None when nobody knows)
Report: TypeAlias = Callable[[str, int, int | None], None]
SHOWN_LATELY: Micros = 7 * 86_400 * 1_000_000
LISTED: tuple[Head, ...] = ("peers", "collaborators")


@dataclass(frozen=True)
class Night:
    """What a night starts from. `incumbent` is served now, and learnt from labels before `trained_through` (0: from
    none of this community); `prior` is what fitting starts from; `before` is how much the incumbent learnt from.

    `embed` gives vectors of what is on record, `encode` those of questions, both of `dimension`, by `encoder`. `code`
    says which code is at work.
    """

    past: Past
    incumbent: Ranker
    trained_through: Micros
    prior: Ranker
    before: Size | None
    embed: Embed
    encode: pipeline.TextEncoder
    encoder: str
    dimension: int
    code: str
    seed: int = 0

    @property
    def mark(self) -> str:
        """What everything that is worked out depends on besides the data."""
        return f"{self.code} {self.encoder} {self.dimension} {self.seed}"


@dataclass(frozen=True)
class Outcome:
    """What became of the challenger, and why; a ranker's version is still to be given.

    `ranker` is the challenger where it came far enough to be fitted on everything, refused or not. `renewed`, where it
    is not promoted, is the incumbent with what goes by the present made new, and the `renewed_gates` that it passed.
    """

    status: Status
    reason: str
    size: Size
    trained_through: Micros
    ranker: Ranker | None = None
    gates: tuple[Gate, ...] = ()
    metrics: tuple[Metric, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    renewed: Ranker | None = None
    renewed_gates: tuple[Gate, ...] = ()


def run(
    night: Night,
    bench: StageCache,
    recipe: Recipe = STANDARD,
    report: Report = lambda stage, done, total: None,
    key: str = "run",
) -> Outcome:
    """Learn and judge. What is finished stays on the bench; stages that begin with `key` are of this night alone."""
    past = night.past
    size = size_of(past)
    sane = gates.data(size, night.before)
    if not sane.passed:
        return Outcome("refused", sane.sentence, size, past.end, gates=(sane,))
    found = windows(past.event_times, night.trained_through)
    asked = _collect(night, found, bench, recipe, report)
    judged = _judged(night, found, asked, bench, recipe, report, key)
    verdicts = judged.verdicts
    quality = gates.quality(verdicts, judged.lost)
    status: Status = "refused" if any(v.decided for v in verdicts) else "undecided"
    measured = judging.metrics(judged.answers, 0)
    outcome = Outcome(status, quality.sentence, size, past.end, None, (sane, quality), measured, verdicts)
    # Without a window there may still be decisions to learn from, where people only say whom they like.
    if not (judged.change or recipe.finish) or not (found or _choice(night)):
        return outcome
    moments = _moments(night, judged.newest, found, report)
    if judged.change:
        outcome = _challenged(night, moments, found, asked, judged, judged.change, outcome, bench, recipe, report, key)
    if outcome.status == "promoted":
        return outcome
    return _renewed(night, moments, judging.shares(judged.ever), sane, outcome, recipe, report)


@dataclass(frozen=True)
class _Change:
    """The heads in which the challenger is better, and those that go back to the prior; its newest twin."""

    better: tuple[Head, ...]
    lost: tuple[Head, ...]
    twin: Ranker

    @property
    def heads(self) -> tuple[Head, ...]:
        return (*self.better, *self.lost)

    def made(self, night: Night, challenger: Ranker) -> Ranker:
        """What would be served."""
        return combined(combined(night.incumbent, night.prior, self.lost), challenger, self.better)


@dataclass(frozen=True)
class _Judged:
    """What was answered in all windows (`ever`), and what the verdicts go by (`answers`); why heads are `lost`; the
    newest fold of all windows; no `change` where what serves stays."""

    ever: Mapping[Asking, Answers]
    answers: Mapping[Asking, Answers]
    verdicts: tuple[Verdict, ...]
    lost: Sequence[str]
    newest: Fold | None
    change: _Change | None


def _judged(
    night: Night,
    found: Sequence[Window],
    asked: Mapping[Window, Mapping[Asking, Sequence[Asked]]],
    bench: StageCache,
    recipe: Recipe,
    report: Report,
    key: str,
) -> _Judged:
    """A head that was learnt here is judged by the windows since its labels. The prior saw nothing of this community:
    all windows judge a head that still has its weights, however lately another head was promoted."""
    own, prior = night.incumbent.weights, night.prior.weights
    learnt = [head for head in JUDGED if not np.array_equal(own[head], prior[head])]
    whole = judging.folds(windows(night.past.event_times), 0)
    fresh = judging.folds(found, night.trained_through) if learnt else []
    answered = _answers(night, [*whole, *fresh], asked, bench, recipe, report, key)
    ever = together(answers for answers, _ in answered[: len(whole)])
    since = together(answers for answers, _ in answered[len(whole) :])
    answers = {t: of[t] for h in JUDGED for t in asking(h) if t in (of := since if h in learnt else ever)}
    verdicts = tuple(judging.judge(answers))
    better = tuple(v.head for v in verdicts if v.better)
    lost = {h: why for h in learnt if h not in better and (why := judging.behind(h, since, ever))}
    newest, twin = (whole[-1], answered[len(whole) - 1][1]) if whole else (None, None)
    change = _Change(better, tuple(lost), twin) if twin and (better or lost) else None
    return _Judged(ever, answers, verdicts, tuple(lost.values()), newest, change)


def _challenged(
    night: Night,
    moments: _Moments,
    found: Sequence[Window],
    asked: Mapping[Window, Mapping[Asking, Sequence[Asked]]],
    judged: _Judged,
    change: _Change,
    outcome: Outcome,
    bench: StageCache,
    recipe: Recipe,
    report: Report,
    key: str,
) -> Outcome:
    """The recipe fitted on everything, and the gates that need it."""
    fitted = _fit(night, asked, longest(found, night.past.end), bench, recipe, report, key)
    chosen = change.made(night, fitted)
    chosen = replace(chosen, shares={**chosen.shares, **judging.shares(judged.ever)})
    ranker = _finished(night, chosen, moments, recipe, report)
    all_ = (
        *outcome.gates,
        gates.baseline(outcome.verdicts),
        gates.leak(change.better, ranker, judged.answers),
        _as_served(night, moments, asked[moments.window]),
        _known_answers(night, moments, ranker),
        _ghosts(night, moments, change),
        *_list_gates(night, moments, ranker, change.heads, report),
        *moments.projects.gates,
        *_drift(night, moments, asked, ranker, change.better, recipe),
    )
    failed = [gate for gate in all_ if not gate.passed]
    reason = failed[0].sentence if failed else outcome.reason
    return replace(outcome, status="refused" if failed else "promoted", reason=reason, ranker=ranker, gates=all_)


def size_of(past: Past) -> Size:
    """How much a past holds."""
    return Size(len(past.history.members), len(past.event_times))


def combined(incumbent: Ranker, challenger: Ranker, heads: Iterable[Head]) -> Ranker:
    """The challenger's heads where it is better, the incumbent's where nobody knows."""
    taken = list(heads)
    if any(head in MEMBER_HEADS for head in taken):
        taken.append("strangers")  # never judged alone: a few who met tell little, and the others vouch for the fit
    return replace(
        challenger,
        weights={**incumbent.weights, **{head: challenger.weights[head] for head in taken}},
        intercepts={**incumbent.intercepts, **{head: challenger.intercepts[head] for head in taken}},
    )


def stage_of(night: Night, digests: Mapping[Micros, str], window: Window) -> str:
    """The name of a window on the bench: what happened after it does not change it."""
    whole = f"{night.mark} {window} {digests[window.cut]} {digests[window.until]}"
    return f"window-{blake2b(whole.encode(), digest_size=16).hexdigest()}"


def _collect(
    night: Night, found: Sequence[Window], bench: StageCache, recipe: Recipe, report: Report
) -> dict[Window, dict[Asking, list[Asked]]]:
    digests = night.past.digests(t for w in found for t in (w.cut, w.until))
    compare = _counted(recipe.compare(night.encode), report)
    asked: dict[Window, dict[Asking, list[Asked]]] = {}

    def take(window: Window, view: Community | None) -> bool:
        stage = stage_of(night, digests, window)
        if view is None and not bench.has(stage):
            return False
        made = lambda: ask(night.past.history, _there(view), window, compare, night.seed)  # noqa: E731
        asked[window] = bench.opened(stage, made, pack_window, open_window)
        report("windows", len(asked), len(found))
        return True

    report("windows", 0, len(found))
    missing = [window for window in found if not take(window, None)]
    cuts = sorted({window.cut for window in missing})
    for cut, view in views(night.past, cuts, night.embed, night.dimension, night.encoder, _records(report)):
        for window in missing:
            if window.cut == cut:
                take(window, view)
    bench.keep_only(prefixes=("window-",), but={stage_of(night, digests, window) for window in found})
    return asked


def _counted(compare: Compare, report: Report) -> Compare:
    done = count(1)

    def counted(view: Community, source: str | Goal, met: bool) -> pipeline.Compared | None:
        report("questions", next(done), None)
        return compare(view, source, met)

    return counted


def _records(report: Report) -> Callable[[int, int], None]:
    return lambda done, total: report("records", done, total)


def _there(view: Community | None) -> Community:
    if view is None:
        raise ValueError("the window cannot be read any more")
    return view


def _answers(
    night: Night,
    folds: Sequence[Fold],
    asked: Mapping[Window, Mapping[Asking, Sequence[Asked]]],
    bench: StageCache,
    recipe: Recipe,
    report: Report,
    key: str,
) -> list[tuple[dict[Asking, Answers], Ranker]]:
    """The answers of each fold, and its twin."""
    out: list[tuple[dict[Asking, Answers], Ranker]] = []
    report("judging", 0, len(folds))
    for number, fold in enumerate(folds, 1):

        def fit(learnt: Sequence[Window] = fold.learnt) -> Ranker:
            return recipe.fit(_merged(asked, learnt), night.prior, night.seed)

        twin = bench.once(f"{key}-twin-{number}", fit, to_files, from_files)

        def answers(judged: Sequence[Window] = fold.judged, by: Ranker = twin) -> dict[Asking, Answers]:
            return answer(_merged(asked, judged), by, night.incumbent, night.prior)

        out.append((bench.once(f"{key}-answers-{number}", answers, pack_answers, unpack_answers), twin))
        report("judging", number, len(folds))
    return out


def _fit(
    night: Night,
    asked: Mapping[Window, Mapping[Asking, Sequence[Asked]]],
    learnt: Sequence[Window],
    bench: StageCache,
    recipe: Recipe,
    report: Report,
    key: str,
) -> Ranker:
    report("fitting", 0, 1)
    fit = lambda: recipe.fit(_merged(asked, learnt), night.prior, night.seed)  # noqa: E731
    ranker = bench.once(f"{key}-ranker", fit, to_files, from_files)
    report("fitting", 1, 1)
    return ranker


@dataclass(frozen=True)
class _Moments:
    """The community just before the newest judged window, who came back in it, and the community today."""

    window: Window
    then: Community
    back: frozenset[str]
    today: Community
    known: Community  # people whose partners are known, among those of today
    projects: projects.Learnt


def _moments(night: Night, newest: Fold | None, found: Sequence[Window], report: Report) -> _Moments:
    """Built afresh from nothing but what was known at each moment."""
    window = newest.judged[0] if newest else next(iter(found), Window(night.past.end, night.past.end + 1))
    report("lists", 0, 2)
    cuts = [window.cut, night.past.end + 1]
    (_, then), (_, today) = views(night.past, cuts, night.embed, night.dimension, night.encoder, _records(report))
    report("lists", 1, 2)
    known = among_them(night.past, night.embed, night.dimension, night.encoder)
    back = who_came_back(night.past.history, window)
    return _Moments(window, then, back, today, known, projects.learn(then, today, window.cut))


def _finished(night: Night, ranker: Ranker, moments: _Moments, recipe: Recipe, report: Report) -> Ranker:
    if recipe.finish is None:
        return ranker
    back = np.array([member in moments.back for member in moments.then.ids], bool)
    learnt = replace(ranker.learnt, choice=_choice(night))
    ranker = replace(ranker, learnt=learnt, projects=moments.projects.weights)
    seats = lambda done, total: report("seats", done, total)  # noqa: E731
    return recipe.finish(ranker, moments.today, (moments.then, back), _shown(night.past), seats)


def _choice(night: Night) -> ChoiceModel | None:
    """Who accepts whom by declared attributes, where enough decisions tell."""
    outcomes = [r for _, r in night.past.timed if isinstance(r, OutcomeRecord)]
    names = declared(night.past.community)
    return learn_choice(night.past.history.members, names, decisions(outcomes), night.seed).model if names else None


def _shown(past: Past) -> Counter[str]:
    """How often each member really was shown of late."""
    since = past.end - SHOWN_LATELY
    return Counter(
        r.target for time, r in past.timed if time >= since and isinstance(r, OutcomeRecord) and r.kind == "shown"
    )


def _renewed(
    night: Night,
    moments: _Moments,
    shares: Mapping[Head, float],
    sane: Gate,
    outcome: Outcome,
    recipe: Recipe,
    report: Report,
) -> Outcome:
    """The weights stay; what goes by the present is made new, unless the lists would be worse for it."""
    if recipe.finish is None:
        return outcome
    incumbent = replace(night.incumbent, shares={**night.incumbent.shares, **shares})
    ranker = _finished(night, incumbent, moments, recipe, report)
    lists_of_today = _list_gates(night, moments, ranker, LISTED, report)
    found = (sane, _known_answers(night, moments, ranker), *lists_of_today, *moments.projects.gates)
    if not all(gate.passed for gate in found):
        return outcome
    return replace(outcome, renewed=ranker, renewed_gates=found)


def _ghosts(night: Night, moments: _Moments, change: _Change) -> Gate:
    """By the rankers alone, without seats: these are for whoever is seldom shown, and not for who is sure to come."""
    learnt = learnt_from(moments.then)
    rivals = [replace(one, learnt=learnt) for one in (night.incumbent, change.made(night, change.twin))]
    rows = lists.queries(moments.then, night.seed)
    since = who_came_back(night.past.history, Window(moments.window.cut, night.past.end))
    before, now = lists.lists_of(moments.then, rivals, _listed(change.heads), rows, since)
    return gates.ghosts(now, before)


def _known_answers(night: Night, moments: _Moments, ranker: Ranker) -> Gate:
    before, now = found_by(moments.known, (night.incumbent, ranker), night.encode)
    return gates.known_answers(now, before)


def _list_gates(night: Night, moments: _Moments, ranker: Ranker, heads: Sequence[Head], report: Report) -> list[Gate]:
    rows = lists.queries(moments.today, night.seed)
    before, now = lists.lists_of(moments.today, (night.incumbent, ranker), _listed(heads), rows)
    report("lists", 2, 2)
    return gates.lists(now, before)


def _listed(heads: Sequence[Head]) -> Head:
    return next((head for head in LISTED if head in heads), LISTED[0])


def _drift(
    night: Night,
    moments: _Moments,
    asked: Mapping[Window, Mapping[Asking, Sequence[Asked]]],
    ranker: Ranker,
    better: Sequence[Head],
    recipe: Recipe,
) -> list[Gate]:
    heads = [head for head in better if head in LISTED]
    compare, today = recipe.compare(night.encode), moments.today
    now: dict[Head, list[np.ndarray]] = {head: [] for head in heads}
    for row in lists.queries(today, night.seed) if heads else ():
        found = compare(today, today.ids[row], False)
        if found is not None:
            features = (found.yours + found.theirs) / 2
            for head in heads:
                now[head].append(gates.lead(ranker, head, features))
    then = {head: [gates.lead(ranker, head, one.features) for one in _of_head(head, asked.values())] for head in heads}
    return [gates.drift(head, then[head], now[head]) for head in heads]


def _as_served(night: Night, moments: _Moments, learnt: Mapping[Asking, Sequence[Asked]]) -> Gate:
    """What was learnt from in a window, computed once more from nothing but what was known before it."""
    again = ask(night.past.history, moments.then, moments.window, served(night.encode), night.seed)
    return gates.as_served(gates.twice(learnt, again), searched=moments.then.size > MOST_RANKED)


def _of_head(head: Head, asked: Iterable[Mapping[Asking, Sequence[Asked]]]) -> list[Asked]:
    return [one for of_window in asked for task in HEAD_TASKS[head] for one in of_window.get(task, ())]


def _merged(
    asked: Mapping[Window, Mapping[Asking, Sequence[Asked]]], windows_: Iterable[Window]
) -> dict[Asking, list[Asked]]:
    out: dict[Asking, list[Asked]] = {}
    for window in windows_:
        for task, found in asked[window].items():
            out.setdefault(task, []).extend(found)
    return out
