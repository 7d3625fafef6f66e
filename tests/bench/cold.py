"""How good are the lists of people of whom hardly anything is known?

    python -m tests.bench.cold ARCHIVE --task direct --ranker prior-without-this-set.json --vectors cache.npz
    python -m tests.bench.cold ARCHIVE --task topic --cuts 0.8 --ranker ... --vectors ...

The candidates of a cut are dealt into fifths. Of one fifth at a time everything before the cut is hidden but their
first three messages, which keep their room and thread and lose replies and mentions; so do others' replies to and
mentions of them. Those of the fifth then ask. Whom they turn out to meet first, and whom they may not be shown, goes by
the whole record. Beside the simple methods, which see no more, stands what the same people get with their history
("with history": the same ranker, the same queries).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from models.community.view import Community
from models.domain.records import Message
from models.ranking.ranker import Ranker, from_json, shipped
from tests.bench.nights import Cached
from training.evaluation import asking, judging
from training.evaluation.baselines import baselines
from training.evaluation.judging import PerQuery
from training.evaluation.record import Cut, Recorded, cut_at, read
from training.evaluation.trial import Trial, trial
from training.fitting.dataset_values import learnt_from
from training.labels.tasks import Task

FIFTHS, LEFT = 5, 3
OURS, WARM = "Yiqi", "with history"
PRINTED = {"ndcg10": "NDCG@10", "recall10": "Recall@10", "auc_matched": "AUCm"}


def hidden(recorded: Recorded, cut: Cut, cold: frozenset[str]) -> Recorded:
    """The record with no more than three messages of each of `cold` before the cut, and none of their ties."""
    author = {m.id: m.author for m in recorded.messages}
    told = dict.fromkeys(cold, 0)
    kept: list[Message] = []
    for message in recorded.messages:
        if message.time >= cut.time:
            kept.append(message)
            continue
        if message.author in cold:
            told[message.author] += 1
            if told[message.author] <= LEFT:
                kept.append(replace(message, reply_to="", mentions=()))
            continue
        reply = "" if author.get(message.reply_to) in cold else message.reply_to
        kept.append(replace(message, reply_to=reply, mentions=tuple(m for m in message.mentions if m not in cold)))
    return replace(recorded, messages=kept)


def judge_cut(
    recorded: Recorded, task: Task, cut: Cut, ranker: Ranker, embed: Cached, seed: int
) -> dict[str, PerQuery]:
    """Every method's figures at a cut, each candidate having been cold once."""
    whole = trial(recorded, task, cut)
    deal = np.random.default_rng(seed).permutation(len(whole.candidates)) % FIFTHS
    parts: dict[str, list[PerQuery]] = {}
    full = None
    for fifth in range(FIFTHS):
        cold = frozenset(c for c, of in zip(whole.candidates, deal, strict=True) if of == fifth)
        poor = hidden(recorded, cut, cold)
        asked = _of(whole, trial(poor, task, cut), cold)
        if not asked.asked:
            continue
        view = asking.view_at(poor, cut.time, embed, embed.dimension, "bench")
        methods = baselines(poor, asked, view, embed.encode, seed)
        methods[OURS] = _ask(view, ranker, asked, embed)
        if full is None:
            full = asking.view_at(recorded, cut.time, embed, embed.dimension, "bench")
        methods[WARM] = _ask(full, ranker, asked, embed)
        for name, figures in judging.judge(asked, methods, seed).items():
            parts.setdefault(name, []).append(figures)
        print(f"{cut.share:.0%}, fifth {fifth + 1}: {len(asked.asked)} queries", flush=True)
    return {name: judging.pool(of) for name, of in parts.items()}


def _of(whole: Trial, poor: Trial, cold: frozenset[str]) -> Trial:
    """What the cold ask, as it stands in the whole record, with what is known in the poor one."""
    if poor.candidates != whole.candidates or whole.audience is None:
        raise ValueError("the same people have to be candidates, and members to ask")
    places = [place for place, asker in enumerate(whole.askers) if asker in cold]
    return replace(
        poor,
        asked=tuple(whole.asked[p] for p in places),
        askers=tuple(whole.askers[p] for p in places),
        targets=tuple(whole.targets[p] for p in places),
        closed=whole.closed[places],
        audience=replace(whole.audience, active=tuple(whole.askers[p] for p in places)),
    )


def _ask(view: Community, ranker: Ranker, asked: Trial, embed: Cached) -> np.ndarray:
    ready = replace(ranker, learnt=learnt_from(view))
    return asking.ask(view, ready, [asked], embed.encode, lambda done, total: None)[0].scores


def report(cuts: Sequence[dict[str, PerQuery]], seed: int) -> None:
    """All cuts together: means, intervals over askers, and ours over the best simple method."""
    pooled = {name: judging.pool([cut[name] for cut in cuts]) for name in cuts[0]}
    print(f"{len(next(iter(pooled.values())).askers)} queries")
    for name, figures in pooled.items():
        cells = []
        for metric, title in PRINTED.items():
            found = figures.interval(metric, seed + 1, by_asker=True)
            cells.append(f"{title} {found.mean:.3f} ({found.low:.3f} to {found.high:.3f})")
        print(f"{name:<28} {'   '.join(cells)}")
    simple = {name: figures for name, figures in pooled.items() if name != WARM}
    for metric, title in PRINTED.items():
        over = judging.gain(simple, OURS, judging.best(simple, metric, OURS), metric, seed + 2, by_asker=True)
        print(f"{title}: {over.gain.mean:+.3f} ({over.gain.low:+.3f} to {over.gain.high:+.3f}) over {over.over}")


def main() -> None:
    """See the module docstring."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("archive", type=Path)
    arguments.add_argument("--task", choices=("direct", "topic"), default="direct")
    arguments.add_argument("--cuts", default="0.5,0.6,0.7")
    arguments.add_argument("--ranker", type=Path, help="a file of weights; what ships when not given")
    arguments.add_argument("--vectors", type=Path)
    arguments.add_argument("--seed", type=int, default=0)
    given = arguments.parse_args()
    ranker = from_json(given.ranker.read_text()) if given.ranker else shipped()
    recorded, embed = read(given.archive), Cached(given.vectors)
    cuts = [
        judge_cut(recorded, given.task, cut_at(recorded, float(share)), ranker, embed, given.seed)
        for share in given.cuts.split(",")
    ]
    embed.save()
    report(cuts, given.seed)


if __name__ == "__main__":
    main()
