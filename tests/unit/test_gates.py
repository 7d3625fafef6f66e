"""What a night promotes, and what its gates refuse: regressions planted in a history that has something to teach."""

from __future__ import annotations

import shutil
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.community.view import Community
from models.domain.records import Member, Message, Suggestion
from models.domain.requests import Goal
from models.features.matrix import COLUMN, COLUMNS
from models.files.durable import remove_folder, write_folder
from models.ranking import pipeline
from models.ranking.fit import none_fit
from models.ranking.ranker import HEADS, Ranker, shipped
from models.text.encoder import load_encoder
from tests import planted
from tests.planted import night
from training.nightly import gates, judging
from training.nightly.answers import Answers, answer
from training.nightly.gates import Size
from training.nightly.job import Outcome, run
from training.nightly.known_answers import Found, among_them, found_by
from training.nightly.lists import Lists
from training.nightly.packing import open_window, pack_window
from training.nightly.past import Past, past_of, views
from training.nightly.recipe import STANDARD, Recipe
from training.nightly.stage_cache import StageCache
from training.nightly.windows import (
    Asked,
    Compare,
    Questions,
    ask,
    longest,
    served,
    windows,
)

EVENTS = 1600


@pytest.fixture(scope="module")
def past() -> Past:
    return past_of(planted.history(EVENTS), "c")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> StageCache:
    """One for all nights of this file: what a window holds does not depend on who learns from it."""
    return StageCache(tmp_path_factory.mktemp("bench"))


def failed(outcome: Outcome) -> list[str]:
    return [gate.name for gate in outcome.gates if not gate.passed]


def test_a_real_improvement_passes_every_gate(past: Past, bench: StageCache) -> None:
    outcome = run(night(past), bench, key="real")
    assert (outcome.status, failed(outcome)) == ("promoted", [])
    assert outcome.ranker is not None
    assert outcome.trained_through == past.end
    changed = [h for h in HEADS if not np.array_equal(outcome.ranker.weights[h], shipped().weights[h])]
    assert changed == ["peers", "strangers"], "a head that nothing is known about stays"
    (verdict,) = [v for v in outcome.verdicts if v.head == "peers"]
    assert verdict.low > 0.02
    names = {gate.name for gate in outcome.gates}
    assert names == {
        "data", "quality", "baseline", "leak", "as served", "known answers",
        "ghosts", "coverage", "gini", "latency", "drift",
    }  # fmt: skip


def test_a_model_learnt_from_shuffled_labels_is_refused_for_its_quality(past: Past, bench: StageCache) -> None:
    rng = np.random.default_rng(1)

    def shuffled(asked: Questions, prior: Ranker, seed: int) -> Ranker:
        mixed = {t: [replace(one, relevant=rng.permutation(one.relevant)) for one in q] for t, q in asked.items()}
        return STANDARD.fit(mixed, prior, seed)

    served = run(night(past), bench, key="real").ranker
    assert served is not None
    outcome = run(night(past, incumbent=served), bench, replace(STANDARD, fit=shuffled), key="shuffled")
    assert (outcome.status, failed(outcome)) == ("refused", ["quality"])
    assert outcome.verdicts[0].gain < 0
    assert outcome.ranker is None
    assert outcome.renewed is not None
    assert all(np.array_equal(outcome.renewed.weights[h], served.weights[h]) for h in HEADS)


def test_a_head_goes_back_to_the_weights_that_ship_where_it_is_behind_them_and_so_is_what_is_learnt(
    past: Past, bench: StageCache
) -> None:
    """For once what ships is right here; what is served is not, and the recipe learns nothing better."""
    right = run(night(past), bench, key="real").ranker
    assert right is not None
    ships = replace(shipped(), weights=right.weights)
    unlearnt = replace(STANDARD, fit=lambda asked, prior, seed: shipped())
    outcome = run(night(past, prior=ships, incumbent=shipped()), bench, unlearnt, key="back")
    assert (outcome.status, failed(outcome)) == ("promoted", [])
    assert "peers: back to the weights that ship" in outcome.reason
    assert outcome.ranker is not None
    assert all(np.array_equal(outcome.ranker.weights[h], right.weights[h]) for h in ("peers", "strangers"))
    again = run(night(past, prior=ships, incumbent=outcome.ranker), bench, unlearnt, key="there")
    assert again.status == "refused"


def test_a_column_that_knows_the_future_is_refused_as_a_leak(past: Past, tmp_path: Path) -> None:
    outcome = run(night(past), StageCache(tmp_path), Recipe(knowing(past), STANDARD.fit))
    assert outcome.status == "refused"
    assert failed(outcome)[:2] == ["leak", "as served"]
    assert all("values" in gate.sentence for gate in outcome.gates if gate.name in ("leak", "as served"))


def knowing(past: Past) -> Callable[[pipeline.TextEncoder], Compare]:
    """Features of which one says whom the asker will address next."""

    def recipe(encode: pipeline.TextEncoder) -> Compare:
        honest = served(encode)

        def compare(view: Community, source: str | Goal, met: bool) -> pipeline.Compared | None:
            found = honest(view, source, met)
            if found is None:
                return None
            ahead = [m for m in past.history.messages if m.time > view.as_of]
            soon = {t for m in ahead[:400] if m.author == source for t in m.mentions}
            soon |= {m.author for m in ahead[:400] if source in m.mentions}
            known = np.array([view.ids[row] in soon for row in found.rows], np.float32)
            return replace(found, yours=_with(found.yours, known), theirs=_with(found.theirs, known))

        return compare

    return recipe


def _with(features: np.ndarray, values: np.ndarray) -> np.ndarray:
    out = features.copy()
    out[:, COLUMN["values"]] = values
    return out


def test_half_of_the_members_gone_is_refused_before_anything_is_learnt(past: Past, tmp_path: Path) -> None:
    before = Size(2 * planted.MEMBERS, EVENTS)
    outcome = run(night(past, before=before), StageCache(tmp_path))
    assert (outcome.status, failed(outcome)) == ("refused", ["data"])
    assert "50% of the members" in outcome.reason
    assert list(tmp_path.iterdir()) == []


def test_a_little_history_is_undecided_and_says_how_much_there_is(tmp_path: Path) -> None:
    for events in (0, 30, 150):
        outcome = run(night(past_of(planted.history(events), "c")), StageCache(tmp_path))
        assert outcome.status == "undecided"
        assert outcome.ranker is None
    assert "queries so far" in outcome.reason


def test_after_a_promotion_only_what_happened_since_counts(past: Past, bench: StageCache) -> None:
    """The served model was learnt from all but the last fifty events: too few to judge another by."""
    seen = int(past.event_times[-50])
    served = run(night(past), bench, key="real").ranker
    assert served is not None
    outcome = run(night(past, incumbent=served, trained_through=seen), bench, key="since")
    (verdict,) = [v for v in outcome.verdicts if v.head == "peers"]
    assert 0 < verdict.queries < judging.FEWEST_QUERIES
    assert not verdict.decided


def test_a_head_that_was_not_learnt_here_is_judged_by_the_whole_past(past: Past, bench: StageCache) -> None:
    """Fifty events ago the head for questions was promoted; that of peers is still the one that came with it."""
    seen = int(past.event_times[-50])
    weights = {**shipped().weights, "question": shipped().weights["question"] * 2}
    first = run(night(past), bench, key="real")
    outcome = run(
        night(past, incumbent=replace(shipped(), weights=weights), trained_through=seen), bench, key="question"
    )
    by_head = [{v.head: v for v in found.verdicts} for found in (first, outcome)]
    assert by_head[1]["peers"].queries == by_head[0]["peers"].queries > judging.FEWEST_QUERIES
    assert (outcome.status, failed(outcome)) == ("promoted", [])


def test_a_second_run_on_the_same_bench_computes_nothing_anew(past: Past, bench: StageCache) -> None:
    first = run(night(past), bench, key="real")

    def never(*_: object) -> Ranker:
        raise AssertionError("fitted again")

    again = run(night(past), bench, replace(STANDARD, fit=never), key="real")
    assert again.ranker is not None
    assert first.ranker is not None
    assert all(np.array_equal(again.ranker.weights[h], first.ranker.weights[h]) for h in HEADS)
    assert again.verdicts == first.verdicts


def test_a_stage_that_cannot_be_read_is_made_again_and_an_emptied_bench_goes_on(tmp_path: Path) -> None:
    made: list[str] = []

    def once() -> str:
        bench = StageCache(tmp_path / "work")
        return bench.once("stage", lambda: made.append("made") or "it", _packed, lambda files: files["x"].decode())

    assert (once(), once(), len(made)) == ("it", "it", 1)
    (tmp_path / "work" / "stage" / "x").rename(tmp_path / "work" / "stage" / "y")
    assert (once(), len(made)) == ("it", 2)
    bench = StageCache(tmp_path / "work")
    shutil.rmtree(tmp_path / "work")
    assert bench.once("other", lambda: "it", _packed, lambda files: files["x"].decode()) == "it"


def _packed(text: str) -> dict[str, bytes]:
    return {"x": text.encode()}


# -- the past and its windows -------------------------------------------------------------------------------------


def test_nothing_at_or_after_a_cut_is_in_its_view(past: Past) -> None:
    cuts = [int(past.event_times[i]) for i in (300, 900)]
    for (cut, view), said in zip(views(past, cuts, planted.embed, 8, "e"), (300, 900), strict=True):
        assert view.as_of < cut
        assert view.activity.total.sum() == pytest.approx(said, rel=0.01), (
            "a line said twice within an hour counts less"
        )


def test_who_stated_nothing_enters_with_the_first_record_that_names_them() -> None:
    records = [
        Member(id="late", name="late"),
        Member(id="stated", profile="I mend boats"),
        Message(id="1", author="early", time=10),
        Message(id="2", author="early", time=20, mentions=("late",)),
    ]
    found = {cut: view.ids for cut, view in views(past_of(records, "c"), [15, 25], planted.embed, 8, "e")}
    assert found == {15: ("stated", "early"), 25: ("stated", "early", "late")}


def test_what_happens_later_changes_no_digest_of_what_was_before(past: Past) -> None:
    cut = int(past.event_times[800])
    shorter = past_of(list(planted.history(1000)), "c")
    assert past.digests([cut]) == shorter.digests([cut])
    rows = list(planted.history(EVENTS))
    edited = [replace(r, text="other") if isinstance(r, Message) and r.id == "x00010" else r for r in rows]
    assert past_of(edited, "c").digests([cut]) != past.digests([cut])


@pytest.mark.parametrize("count", [64, 1000, 5000, 70_000])
def test_windows_lie_on_a_grid_that_stays_while_the_community_grows(count: int) -> None:
    times = np.arange(count * 21 // 20) * 1000
    before, now = windows(times[:count]), windows(times)
    assert 5 <= len(before) <= 14
    finished = {w for w in before if w.until < times[count - 1]}
    assert finished <= set(now) or len(now) < len(before), "the step doubled"
    assert all(w.cut < w.until for w in now)


def test_a_window_begins_where_the_incumbent_stopped_learning_and_its_twin_knows_no_less() -> None:
    times = np.arange(1000) * 1000
    through = 900_500
    found = windows(times, through)
    fold = judging.folds(found, through)[0]
    assert fold.judged[0].cut == through
    before = {w.cut: w for w in windows(times[times < through])}
    assert {w.cut for w in fold.learnt} == set(before)
    assert all(w.until <= through for w in fold.learnt)
    assert all(w.until >= before[w.cut].until for w in fold.learnt)
    assert longest(found, 10**9) != fold.learnt


def test_twins_learn_only_from_labels_that_end_before_what_they_answer_begins() -> None:
    folds = judging.folds(windows(np.arange(2000) * 1000), 0)
    assert 1 < len(folds) <= judging.FOLDS
    for fold in folds:
        assert fold.learnt
        assert max(w.until for w in fold.learnt) <= min(w.cut for w in fold.judged)


def test_a_window_comes_back_from_its_files_and_a_broken_one_raises(past: Past, tmp_path: Path) -> None:
    window = windows(past.event_times)[2]
    ((_, view),) = views(past, [window.cut], planted.embed, 8, "e")
    asked = ask(past.history, view, window, served(planted.encode), 3)
    content = pack_window(asked)
    write_folder(tmp_path / "window", content)
    again = open_window(tmp_path / "window")
    # Somebody may be erased meanwhile: what is open can be read on.
    remove_folder(tmp_path / "window")
    assert {task: len(q) for task, q in asked.items()} == {task: len(q) for task, q in again.items()}
    assert len(asked["direct"]) > 20
    for task, found in asked.items():
        for one, other in zip(found, again[task], strict=True):
            assert one.asker == other.asker
            assert one.place == other.place
            parts = ("features", "relevant", "back", "rows")
            assert all(np.array_equal(getattr(one, part), getattr(other, part)) for part in parts)
    for name, whole in content.items():
        assert not [name for name in planted.NAMES if name.encode() in bytes(whole)]
        write_folder(tmp_path / f"broken {name}", {**content, name: whole[: len(whole) // 2]})
        with pytest.raises(ValueError):
            open_window(tmp_path / f"broken {name}")


def test_a_window_in_which_nothing_was_asked_is_a_window(tmp_path: Path) -> None:
    write_folder(tmp_path / "window", pack_window({"direct": []}))
    assert open_window(tmp_path / "window") == {"direct": []}


def test_of_a_large_community_the_candidates_are_those_of_a_request(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((_, view),) = views(past, [past.end], planted.embed, 8, "e")
    asker = view.ids[int(view.activity.total.argmax())]
    everybody = served(planted.encode)(view, asker, True)
    for name, value in (("EVERYBODY", 20), ("SEATS", 4), ("DRAWN", 5)):
        monkeypatch.setattr(f"models.ranking.retrieval.{name}", value)
    monkeypatch.setattr("training.nightly.windows.RANKED_OF_MORE", 4)
    same = served(planted.encode)(view, asker, True)
    monkeypatch.setattr("training.nightly.windows.MOST_RANKED", view.size - 1)
    fewer = served(planted.encode)(view, asker, True)
    assert everybody is not None
    assert same is not None
    assert fewer is not None
    assert np.array_equal(same.rows, everybody.rows)
    assert 4 <= len(fewer.rows) < len(everybody.rows) / 2


def test_a_night_allows_for_searches_that_find_others_and_not_for_many_of_them(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a large community candidates are searched for, and what is found depends on when the index was made. Whom one
    search did not find changes neither who else is drawn by lot nor which questions are held against each other."""
    window = windows(past.event_times)[2]
    ((_, view),) = views(past, [window.cut], planted.embed, 8, "e")
    for limit in ("BACK", "GONE"):
        monkeypatch.setattr(f"training.nightly.windows.{limit}", 5)

    def asked(missed: float) -> Questions:
        rng, compare = np.random.default_rng(1), served(planted.encode)

        def found(view: Community, source: str | Goal, met: bool) -> pipeline.Compared | None:
            of_all = compare(view, source, met)
            return of_all and without(of_all, rng.random(len(of_all.rows)) < missed)

        return ask(past.history, view, window, found, 3)

    def without(found: pipeline.Compared, gone: np.ndarray) -> pipeline.Compared:
        return replace(found, rows=found.rows[~gone], yours=found.yours[~gone], theirs=found.theirs[~gone])

    everybody, few, many = asked(0.0), asked(0.03), asked(0.4)
    assert len(few["direct"]) != len(everybody["direct"]), "somebody who was met was not found"
    assert gates.as_served(gates.twice(everybody, few), searched=True).passed
    assert gates.as_served(gates.twice(everybody, everybody), searched=False).passed
    for other, searched in ((many, True), (few, False)):
        refused = gates.as_served(gates.twice(everybody, other), searched=searched)
        assert not refused.passed
        assert "candidates" in refused.sentence


def test_where_one_stands_may_move_by_as_much_as_others_are_there() -> None:
    def asked(rows: np.ndarray, place: int, off: float = 0.0) -> Asked:
        features = np.zeros((len(rows), len(COLUMNS)), np.float16)
        features[:, COLUMN["recent%"]] = np.linspace(0, 1, len(rows)) * (1 - off)
        flags = np.ones(len(rows), bool)
        return Asked(features, flags, flags, place, rows.astype(np.int32), place)

    everybody = np.arange(100)
    pairs = [(asked(everybody, place), asked(everybody[5:], place)) for place in range(30)]
    assert gates.as_served(pairs, searched=True).passed
    pairs = [(asked(everybody, place), asked(everybody[5:], place, off=0.2)) for place in range(30)]
    refused = gates.as_served(pairs, searched=True)
    assert not refused.passed
    assert "recent%" in refused.sentence


def test_what_windows_learn_from_is_what_a_community_built_afresh_holds_however_large_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Views of many people keep what words weigh for a while; what a night learns from must not."""
    for few in ("word_counts.MANY", "statement_vectors.FEW"):
        monkeypatch.setattr(f"models.community.{few}", 0)
    for share in ("word_counts.NEAR", "statement_vectors.SETTLED"):  # one of these few is more than one in a hundred
        monkeypatch.setattr(f"models.community.{share}", 1.0)
    crafts = ["pottery", "weaving", "baking", "joinery", "sailing", "carving", "dyeing", "smithing"]
    records = [
        replace(one, text=f"{one.text}, and more of {crafts[int(one.author[1:]) % 8]}") if "x0" in one.id else one
        for one in planted.history(EVENTS)
    ]
    said = [one for one in records if isinstance(one, Message)]
    read = [Suggestion(id=f"s{m.id}", member=m.author, field="offers", text=m.text, message=m.id) for m in said[::5]]
    past = past_of([*records, *read], "c")
    cuts = [window.cut for window in windows(past.event_times)]
    *_, (_, followed) = views(past, cuts, planted.embed, 8, "e")
    ((_, afresh),) = views(past, cuts[-1:], planted.embed, 8, "e")
    assert (followed.lexical.idf > 0).sum() >= len(crafts)
    assert np.array_equal(followed.lexical.idf, afresh.lexical.idf)
    assert (followed.lexical.tfidf != afresh.lexical.tfidf).nnz == 0
    rows = np.arange(len(afresh.facets.items))
    assert len(rows) > 50
    assert np.array_equal(followed.facets.telling[rows], afresh.facets.telling[rows])


def test_features_are_in_memory_one_query_at_a_time(past: Past, tmp_path: Path) -> None:
    window = windows(past.event_times)[2]
    ((_, view),) = views(past, [window.cut], planted.embed, 8, "e")
    write_folder(tmp_path / "window", pack_window(ask(past.history, view, window, served(planted.encode), 3)))
    tracemalloc.start()
    found = [one for of_task in open_window(tmp_path / "window").values() for one in of_task]
    held = sum(one.features.nbytes for one in found)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < held / 4


# -- single gates -------------------------------------------------------------------------------------------------


def answers(gain: float, queries: int = 200, column: float = 0.2) -> dict[str, Answers]:
    rng = np.random.default_rng(7)
    usual = rng.random(queries) * 0.4
    ndcg = {name: np.full(queries, column, np.float32) for name in COLUMNS}
    ndcg |= {"challenger": usual + gain + rng.normal(0, 0.05, queries), "incumbent": usual}
    return {"direct": Answers(np.arange(queries) % 50, ndcg)}


def test_a_gain_is_believed_when_it_is_sure_and_large_enough() -> None:
    def verdict(gain: float, queries: int = 200) -> judging.Verdict:
        return judging.judge(answers(gain, queries))[0]  # type: ignore[arg-type]

    assert verdict(0.05).better
    assert not verdict(0.05, 30).decided, "too few queries"
    assert not verdict(0.0).better
    assert not verdict(0.004).better, "too small to matter"
    assert not verdict(-0.05).better
    assert "worse" in verdict(-0.05).reason


def test_of_twenty_nights_without_a_difference_no_more_than_one_is_taken_for_a_gain() -> None:
    """Each night brings more queries; those of one asker depend on each other."""
    runs, nights, wrong, ever = 100, range(40, 401, 20), 0, 0
    found = answers(0.0, 400)["direct"]
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        challenger = found.ndcg["incumbent"] + rng.normal(0, 0.1, 50)[found.askers] + rng.normal(0, 0.05, 400)
        ndcg = {**found.ndcg, "challenger": challenger}
        taken = [
            judging.judge({"direct": Answers(found.askers[:n], {k: v[:n] for k, v in ndcg.items()})})[0].better
            for n in nights
        ]
        wrong, ever = wrong + sum(taken), ever + any(taken)
    assert wrong <= runs * len(nights) / 20
    assert ever <= runs / 5


def test_no_more_than_a_baseline_is_no_reason_to_change() -> None:
    weak = judging.judge(answers(0.05, column=0.5))  # type: ignore[arg-type]
    assert weak[0].better
    assert not gates.baseline(weak).passed
    strong = judging.judge(answers(0.05, column=0.1))  # type: ignore[arg-type]
    assert gates.baseline(strong).passed


def test_lists_that_are_worse_than_the_served_ones_are_refused() -> None:
    usual = Lists(coverage=0.9, gini=0.5, ghosts=0.1, seconds=0.01)

    def of(**changes: float) -> list[str]:
        now = replace(usual, **changes)
        return [g.name for g in (*gates.lists(now, usual), gates.ghosts(now, usual)) if not g.passed]

    assert of() == []
    assert of(coverage=0.8) == ["coverage"]
    assert of(gini=0.6) == ["gini"]
    assert of(ghosts=0.2) == ["ghosts"]
    assert of(seconds=0.03) == ["latency"]


def test_a_column_that_carries_the_lists_no_more_is_drift() -> None:
    rng = np.random.default_rng(2)
    weights = np.zeros(len(COLUMNS), np.float32)
    weights[COLUMN["lexical%"]], weights[COLUMN["recent%"]] = 2.0, 1.0
    ranker = Ranker("", dict.fromkeys(HEADS, weights), dict.fromkeys(HEADS, 0.0))

    def questions(lexical: float) -> list[np.ndarray]:
        found = [rng.random((50, len(COLUMNS))).astype(np.float32) for _ in range(30)]
        for matrix in found:
            matrix[:, COLUMN["lexical%"]] *= lexical
        return found

    then, now, without = ([gates.lead(ranker, "peers", m) for m in questions(share)] for share in (1.0, 1.0, 0.0))
    assert gates.drift("peers", then, now).passed
    gone = gates.drift("peers", then, without)
    assert not gone.passed
    assert "lexical" in gone.sentence


def test_without_time_passing_there_is_no_window() -> None:
    assert windows(np.zeros(500, np.int64)) == []
    assert windows(np.arange(63)) == []


NEAR_ARE_MET, STRANGERS_ARE_MET = [0, 2, 4, 6, 8, 10, 12, 14, 16], [1, 3, 5]


def shares_where(met: Callable[[int], list[int]]) -> dict[str, float]:
    """Forty ask, each with twenty candidates: ten near and likely, ten strangers; whoever is met is the best of their
    kind. Where three strangers are met and nobody else, they stand the further up the more places are theirs."""

    def asked(asker: int) -> Asked:
        relevant = np.zeros(20, bool)
        relevant[met(asker)] = True
        features = np.zeros((20, len(COLUMNS)), np.float16)
        features[:, COLUMN["adamic_adar%"]] = np.tile([1.0, 0.0], 10)
        features[relevant, COLUMN["lexical%"]] = 1
        return Asked(features, relevant, np.ones(20, bool), asker, np.arange(20, dtype=np.int32), 0)

    weights = {head: np.zeros(len(COLUMNS), np.float32) for head in HEADS}
    weights["peers"][COLUMN["adamic_adar%"]] = weights["strangers"][COLUMN["lexical%"]] = 1
    twin = replace(shipped(), weights=weights)
    return dict(judging.shares(answer({"direct": [asked(i) for i in range(40)]}, twin, shipped(), shipped())))


def test_strangers_keep_their_places_where_they_are_met_and_lose_some_where_they_cost() -> None:
    assert shares_where(lambda asker: STRANGERS_ARE_MET) == {"peers": 0.3}
    assert shares_where(lambda asker: NEAR_ARE_MET) == {"peers": 0.1}


def test_strangers_lose_no_places_where_they_cost_nothing() -> None:
    """Who is met stands first among the near and needs no place that strangers could have."""
    assert shares_where(lambda asker: [0]) == {"peers": 0.3}


def test_known_answers_tell_when_likelihood_takes_the_places_of_those_who_fit(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = load_encoder()
    embed = lambda texts: encoder.encode([text for _, text in texts])  # noqa: E731
    weights = np.zeros(len(COLUMNS), np.float32)
    weights[COLUMN["recent%"]] = 3.0
    busy = Ranker("", dict.fromkeys(HEADS, weights), dict.fromkeys(HEADS, 0.0))

    view = among_them(past, embed, encoder.dimension, encoder.name)

    def found() -> Found:
        (one,) = found_by(view, [busy], encoder.encode)
        return one

    usual = found()
    assert usual.right >= 0.8 * usual.asked
    nobody_fits = lambda view, query, rows, head: none_fit(len(rows))  # noqa: E731
    monkeypatch.setattr(pipeline.fit, "fits", nobody_fits)
    by_likelihood = found()
    assert not gates.known_answers(by_likelihood, usual).passed
    assert gates.known_answers(usual, usual).passed


def test_where_nothing_is_judged_known_answers_say_so(past: Past) -> None:
    (one,) = found_by(among_them(past, planted.embed, 8, "toy"), [shipped()], planted.encode)
    gate = gates.known_answers(one, one)
    assert gate.passed
    assert "Nothing can be said" in gate.sentence
