"""What is asked of a community at a cut, who could be meant, and how simple scores do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import scipy.sparse as sp

from models.community.builder import Builder
from models.community.view import Community
from models.domain.records import Community as CommunityRecord
from models.domain.records import Member, Message, Outcome, Project, Record, Suggestion, Tie
from models.domain.requests import Goal
from models.ranking.ranker import shipped
from service.cli.evaluating import TaskName
from tests.clubs import HOUR, START, make_archive, records
from training.evaluation import als, asking, judging
from training.evaluation.baselines import adamic_adar, baselines, fused
from training.evaluation.record import Cut, EvaluationError, Recorded, cut_at, past, read
from training.evaluation.trial import Trial, trial
from training.labels.tasks import Task, queries

DIMENSION = 8


def embed(texts: list[tuple[str, str]]) -> np.ndarray:
    """A vector a text by its letters: alike texts are alike, and no model is loaded."""
    out = np.zeros((len(texts), DIMENSION), np.float32)
    for row, (_, text) in enumerate(texts):
        for letter in text:
            out[row, ord(letter) % DIMENSION] += 1
    return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)


def encode(texts: list[str]) -> np.ndarray:
    return embed([("", text) for text in texts])


def recorded(tmp_path: Path, found: list[Record] | None = None) -> Recorded:
    return read(make_archive(tmp_path / "clubs", found))


@pytest.fixture(scope="module")
def clubs(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return recorded(tmp_path_factory.mktemp("clubs"))


@pytest.fixture(scope="module")
def cut(clubs: Recorded) -> Cut:
    return cut_at(clubs, 0.5)


@pytest.fixture(scope="module")
def view(clubs: Recorded, cut: Cut) -> Community:
    return asking.view_at(clubs, cut.time, embed, DIMENSION, "letters")


def say(n: int, author: str, thread: str = "", reply_to: str = "") -> Message:
    return Message(id=f"y{n}", author=author, time=START + n * HOUR, text="word", thread=thread, reply_to=reply_to)


def test_the_command_line_offers_every_task_there_is() -> None:
    assert [one.value for one in TaskName] == [*get_args(Task), "mutual"]


def test_a_cut_leaves_its_share_of_the_events_before_it_and_a_fifth_to_judge_by(clubs: Recorded) -> None:
    cut = cut_at(clubs, 0.5)
    times = [m.time for m in clubs.messages]
    assert sum(t < cut.time for t in times) == 450
    assert sum(cut.time <= t < cut.until for t in times) == 180
    assert sum(cut.recent <= t < cut.time for t in times) == 90
    assert cut_at(clubs, 0.9).until > times[-1]


def test_nothing_with_a_time_after_the_cut_is_known_and_everything_without_one_is(clubs: Recorded, cut: Cut) -> None:
    late, early = cut.time + HOUR, cut.time - HOUR
    message = clubs.messages[-1]
    more = replace(
        clubs,
        standing=[
            *clubs.standing,
            Member(id="new", profile="mends nets"),
            Tie(id="t", source="m00", target="m01"),
            Suggestion(id="s", member="m00", field="aims", text="to sail", message=message.id),
            Suggestion(id="s2", member="m00", field="aims", text="to bake", message=clubs.messages[0].id),
        ],
        dated=[
            Outcome(id="o", source="m00", target="m01", time=early, kind="talked"),
            Outcome(id="late", source="m00", target="m02", time=late, kind="talked"),
        ],
    )
    known = {getattr(r, "id", "") for r in past(more, cut.time)}
    assert {"new", "t", "o", "s2"} <= known
    assert not {"late", "s", message.id} & known
    assert all((getattr(r, "time", None) or 0) < cut.time for r in past(more, cut.time))


def test_what_happens_after_the_window_changes_nothing(clubs: Recorded, cut: Cut) -> None:
    without = replace(
        clubs,
        messages=[m for m in clubs.messages if m.time < cut.until],
        projects=[p for p in clubs.projects if (p.time or 0) < cut.until],
    )
    for task in get_args(Task):
        whole, part = trial(clubs, task, cut), trial(without, task, cut)
        assert whole.asked == part.asked
        assert whole.candidates == part.candidates
        assert [list(t) for t in whole.targets] == [list(t) for t in part.targets]


def test_members_ask_for_those_they_had_not_met_among_those_who_stay(clubs: Recorded, cut: Cut) -> None:
    found = trial(clubs, "direct", cut)
    before = [m for m in clubs.messages if m.time < cut.time]
    window = [m for m in clubs.messages if cut.time <= m.time < cut.until]
    met = {frozenset((m.author, other)) for m in before for other in m.mentions}
    fresh = {frozenset((m.author, other)) for m in window for other in m.mentions} - met
    assert {
        frozenset((u, found.candidates[t])) for u, ts in zip(found.askers, found.targets, strict=True) for t in ts
    } == {pair for pair in fresh if pair <= set(found.candidates)}
    for row, asker in enumerate(found.askers):
        closed = {c for c, shut in zip(found.candidates, found.closed[row], strict=True) if shut}
        assert closed == {c for c in found.candidates if c == asker or frozenset((asker, c)) in met}
    assert set(found.candidates) == {m.author for m in window} & {
        u for u in {m.author for m in before} if sum(m.author == u for m in before) >= 3
    }


def test_who_met_in_a_later_thread_before_the_cut_is_no_new_contact() -> None:
    """The older thread goes on after the cut; the two had met in a newer one before it."""
    said = [say(0, "ann", "old"), say(1, "ann", "new"), say(2, "bob", "new"), say(5, "bob", "old"), say(6, "cy", "old")]
    found = queries("topic", said, [], START + 4 * HOUR, START + 9 * HOUR)
    assert {q.source: q.targets for q in found} == {"ann": {"cy"}, "bob": {"cy"}, "cy": {"ann", "bob"}}


def test_a_brief_knows_its_lead_and_a_question_its_asker_and_neither_is_found(clubs: Recorded, cut: Cut) -> None:
    for task in ("join", "answer"):
        found = trial(clubs, task, cut)
        for row, (goal, asker) in enumerate(zip(found.asked, found.askers, strict=True)):
            assert isinstance(goal, Goal)
            assert asker == (goal.members[0] if task == "join" else goal.source)
            closed = [found.candidates[i] for i in np.flatnonzero(found.closed[row])]
            assert closed == [asker] or (not closed and asker not in found.candidates)


def test_nobody_is_named_in_what_is_asked_or_compared(clubs: Recorded, cut: Cut) -> None:
    named = replace(clubs, messages=[replace(m, text=f"@m0012 hello <name>, {m.text}") for m in clubs.messages])
    found = trial(named, "answer", cut)
    asked = [goal.text for goal in found.asked if isinstance(goal, Goal)]
    assert asked
    assert not any("m0012" in text or "<name>" in text for text in (*asked, *found.texts))


def test_too_few_to_judge_by_is_said(tmp_path: Path) -> None:
    few = recorded(tmp_path, [say(n, f"m{n % 4}") for n in range(60)])
    with pytest.raises(EvaluationError, match="direct at 50%: no query has anybody who turned out right"):
        trial(few, "direct", cut_at(few, 0.5))
    talking = [say(n, f"m{n % 4}", reply_to=f"y{n - 1}" if n == 35 else "") for n in range(60)]
    few = recorded(tmp_path, talking)
    with pytest.raises(EvaluationError, match="only 2 have somebody who turned out right"):
        trial(few, "direct", cut_at(few, 0.5))
    with pytest.raises(EvaluationError, match="holds neither messages nor projects with a time"):
        cut_at(recorded(tmp_path, [Member(id="ann"), Project(id="p", time=None)]), 0.5)


def judged(found: Trial, scores: np.ndarray, name: str = "it") -> judging.PerQuery:
    return judging.judge(found, {name: scores}, 0)[name]


def test_an_oracle_is_perfect_and_its_opposite_worthless(clubs: Recorded, cut: Cut) -> None:
    found = trial(clubs, "project", cut)
    truth = np.zeros(found.closed.shape)
    for row, targets in enumerate(found.targets):
        truth[row, targets] = 1
    best, worst = judged(found, truth), judged(found, -truth)
    assert best.mean("ndcg10") == pytest.approx(1)
    assert best.mean("auc_matched") == pytest.approx(1)
    assert worst.mean("auc_matched") == pytest.approx(0)
    assert worst.mean("ndcg10") < 0.1


def test_who_had_met_takes_nobodys_place(clubs: Recorded, cut: Cut) -> None:
    found = trial(clubs, "direct", cut)
    truth = np.where(found.closed, 9.0, 0.0)
    for row, targets in enumerate(found.targets):
        truth[row, targets] = 1
    assert judged(found, truth).mean("ndcg10") == pytest.approx(1)


@pytest.mark.parametrize(("band", "fewest", "most"), [("far10", 0, 0), ("weak10", 1, 3)])
def test_bands_of_right_ones_are_told_by_common_acquaintances(
    band: str, fewest: int, most: int, clubs: Recorded, cut: Cut
) -> None:
    found = trial(clubs, "direct", cut)
    met = found.ties.toarray() > 0
    bands = judging.targets_by_band(found)
    for asker, targets, told in zip(found.askers, found.targets, bands[band], strict=True):
        rows = [found.known[found.candidates[t]] for t in targets]
        shared = [(met[found.known[asker]] & met[row]).sum() for row in rows]
        assert list(told) == [t for t, n in zip(targets, shared, strict=True) if fewest <= n <= most]


def test_words_meaning_and_ties_tell_clubs_apart_and_activity_does_not(
    clubs: Recorded, cut: Cut, view: Community
) -> None:
    found = trial(clubs, "direct", cut)
    figures = judging.judge(found, baselines(clubs, found, view, encode, 0), 0)
    for knowing in ("Adamic-Adar", "TF-IDF centroid", "dense centroid", "implicit ALS", "RRF AA+TF-IDF+dense+recent"):
        assert figures[knowing].mean("auc_matched") > 0.65, knowing
    for blind in ("random", "popularity", "recent activity"):
        assert figures[blind].mean("auc_matched") == pytest.approx(0.5, abs=0.1), blind
    assert judging.best(figures, "ndcg10", but="none") not in ("random", "popularity", "recent activity")


@pytest.mark.parametrize("task", get_args(Task))
def test_every_task_is_asked_of_the_product_and_answered_better_than_by_chance(
    task: Task, clubs: Recorded, cut: Cut, view: Community
) -> None:
    found = trial(clubs, task, cut)
    steps: list[tuple[int, int]] = []
    answers = asking.ask(view, shipped(), [found], encode, lambda *at: steps.append(at))[0]
    assert judged(found, answers.scores).mean("auc_matched") > 0.65
    assert steps[-1][0] == steps[-1][1]
    if found.audience is None:
        assert answers.shown == {}
        return
    for member, ten in answers.shown.items():
        assert len(ten) == 10
        assert not {member, *found.audience.met.get(member, ())} & set(ten)


def test_exposure_counts_ghosts_and_the_unseen() -> None:
    audience = asking.Audience(("a", "b", "c", "d"), {"a": frozenset("b")}, frozenset("ab"), {"c": 5, "b": 2})
    lists = {"a": ["c"], "b": ["a", "c"], "c": ["a"], "d": ["a", "x"]}
    found = judging.exposure(lists, audience)
    assert found.ghosts10 == pytest.approx(3 / 6)
    assert found.seen10 == pytest.approx(2 / 4)
    assert found.gini10 == pytest.approx(0.55)
    assert asking.by_recent_activity(audience)["a"] == ["c", "d"]


def test_fusion_shares_ranks_among_equals_and_leaves_the_closed_last() -> None:
    closed = np.array([[False, False, False, True]])
    first, second = np.array([[3.0, 1.0, 1.0, 9.0]]), np.array([[0.0, 5.0, 0.0, 9.0]])
    got = fused(closed, first, second)[0]
    assert got[0] == pytest.approx(1 / 61 + 1 / 62.5)
    assert got[1] == pytest.approx(1 / 62.5 + 1 / 61)
    assert got[3] == got.min()


def test_adamic_adar_counts_a_common_friend_of_few_for_more(tmp_path: Path) -> None:
    said = [say(n, f"m{n % 8}") for n in range(48)]
    pairs = [("m0", "m2"), ("m1", "m2"), ("m0", "m3"), ("m4", "m3"), ("m5", "m3"), ("m6", "m3")]
    met = [replace(say(100 + i, u), mentions=(v,)) for i, (u, v) in enumerate(pairs)]
    after = [replace(say(200 + n, f"m{n % 8}"), mentions=(f"m{(n + 4) % 8}",)) for n in range(24)]
    whole = recorded(tmp_path, [*said, *met, *after])
    found = trial(whole, "direct", Cut(0.6, START, START + 150 * HOUR, START + 300 * HOUR))
    common = dict(zip(found.candidates, adamic_adar(found)[found.askers.index("m0")], strict=True))
    assert common["m1"] == pytest.approx(1 / np.log(2))
    assert common["m4"] == pytest.approx(1 / np.log(4))
    assert common["m7"] == 0


def test_als_finds_the_blocks_of_a_matrix_it_saw_a_part_of() -> None:
    rng = np.random.default_rng(0)
    block = np.kron(np.eye(3), np.ones((20, 20)))
    seen = np.where(rng.random(block.shape) < 0.4, block, 0)
    users, items = als.factors(sp.csr_matrix(seen), 0)
    scores, unseen = users @ items.T, seen == 0
    assert np.quantile(scores[unseen & (block > 0)], 0.01) > np.quantile(scores[block == 0], 0.99)


def test_a_view_of_the_past_is_that_of_a_community_which_never_saw_more(
    clubs: Recorded, cut: Cut, view: Community
) -> None:
    builder = Builder(CommunityRecord(id="clubs"), DIMENSION, "letters")
    builder.put_all(Member(id=name, name=name) for name in view.ids)
    builder.put_all(r for r in records() if (getattr(r, "time", None) or 0) < cut.time)
    builder.embed_pending(embed)
    other = builder.view()
    assert set(view.ids) == set(other.ids)
    at = [view.row[id] for id in other.ids]
    np.testing.assert_allclose(view.activity.total[at], other.activity.total)
    np.testing.assert_allclose(view.ties.degree[at], other.ties.degree)
    assert view.as_of == other.as_of < cut.time
