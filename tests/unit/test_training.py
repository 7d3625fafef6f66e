"""What is predicted, how weights are fitted, and the shipped ranker's making from an archive to a file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from models.archive import container
from models.domain.records import Community, Member, Message, Project, Record
from models.domain.requests import Goal
from models.features.matrix import COLUMNS
from models.ranking.ranker import HEADS, Ranker, from_json, shipped, to_json
from training.fitting import prior
from training.fitting.listwise import Group, fit_intercept, fit_listwise
from training.labels.tasks import LabelledQuery, Task, cut_time, queries
from training.nightly.past import past_of, views
from training.nightly.windows import Window, ask, served

DAY = 86_400_000_000
START = 1_700_000_000_000_000


def message(id: str, author: str, day: float, **fields: object) -> Message:
    return Message(id=id, author=author, time=START + int(day * DAY), text=f"words of {author}", **fields)  # type: ignore[arg-type]


MESSAGES = (
    message("1", "a", 1, thread="t"),
    message("2", "b", 2, thread="t", reply_to="1"),
    message("3", "c", 3, thread="u", mentions=("a",)),
    # -- cut --
    message("4", "a", 11, thread="t", reply_to="2"),
    message("5", "c", 12, thread="t", reply_to="2"),
    message("6", "d", 13, thread="v", channel="room", topic="Help"),
    message("7", "a", 14, thread="v", channel="room"),
    message("8", "c", 15, thread="v", channel="room"),
    # -- until --
    message("9", "d", 21, thread="u", reply_to="3"),
)
CUT, UNTIL = START + 10 * DAY, START + 20 * DAY


def letters(texts: Sequence[tuple[str, str]]) -> np.ndarray:
    """Four numbers a text, by how often it has some letters."""
    counted = np.array([[text.count(letter) + 1 for letter in "aeio"] for _, text in texts], np.float32)
    return np.asarray(counted / np.linalg.norm(counted, axis=1, keepdims=True), np.float32)


def test_a_cut_lies_where_its_share_of_the_events_ends() -> None:
    assert cut_time(MESSAGES, 1 / 3) == MESSAGES[3].time
    assert cut_time(MESSAGES, 1.0) == MESSAGES[-1].time
    assert cut_time([Project(id="p", time=5), Project(id="q", time=None)], 0.5) == 5


def test_direct_predicts_who_first_replies_to_or_mentions_whom_in_the_window() -> None:
    found = {q.source: q.targets for q in queries("direct", MESSAGES, (), CUT, UNTIL)}
    assert found == {"b": {"c"}, "c": {"b"}}, "a and b, and a and c, knew each other; d came later"


def test_topic_predicts_who_first_share_a_thread_in_the_window() -> None:
    found = {q.source: q.targets for q in queries("topic", MESSAGES, (), CUT, UNTIL)}
    assert found == {"a": {"c", "d"}, "b": {"c"}, "c": {"a", "b", "d"}, "d": {"a", "c"}}


@pytest.mark.parametrize("task", ["direct", "topic"])
def test_who_had_met_before_is_neither_right_nor_wrong(task: Task) -> None:
    """Called wrong, they would teach that those who are close to each other are no match."""
    said = [
        *MESSAGES,
        message("0", "e", 5, thread="w"),
        message("10", "e", 16, thread="x"),
        message("11", "c", 17, thread="t", reply_to="2"),
    ]
    people = [Member(id=id, name=id, profile=f"{id} likes chess") for id in "abce"]
    past = past_of([*people, *said], "c")
    ((_, view),) = views(past, [CUT], letters, 4, "letters")
    asked = ask(past.history, view, Window(CUT, UNTIL), served(lambda texts: letters([("", t) for t in texts])), 0)
    of_b = next(one for one in asked[task] if one.asker == view.row["b"])
    assert of_b.relevant.tolist().count(True) == 1, "c"
    assert len(of_b.relevant) == 2, "c and e, but not a, whom b knew"


def test_project_predicts_new_partners_and_join_predicts_the_others_of_a_new_project() -> None:
    projects = [
        Project(id="old", time=START, members=("a", "b")),
        Project(id="new", time=CUT, title="T", text="x", members=("a", "b", "c")),
        Project(id="alone", time=CUT, members=("d",)),
        Project(id="crowd", time=CUT, members=tuple(f"m{i}" for i in range(30))),
        Project(id="late", time=UNTIL, members=("a", "d")),
        Project(id="undated", time=None, members=("a", "e")),
    ]
    found = {q.source: q.targets for q in queries("project", (), projects, CUT, UNTIL)}
    assert found == {"a": {"c"}, "b": {"c"}, "c": {"a", "b"}}, "a crowd connects nobody"
    joined = queries("join", (), projects[:3], CUT, UNTIL)
    assert joined == [LabelledQuery(Goal(title="T", text="x", members=("a",)), frozenset({"b", "c"}))]


def test_answer_predicts_who_first_answers_a_thread_begun_in_the_window_within_a_week() -> None:
    (query,) = queries("answer", MESSAGES, (), CUT, UNTIL)
    assert query == LabelledQuery(Goal(title="Help", text="words of d", channel="room", source="d"), frozenset({"a"}))
    slow = [message("q", "a", 11, thread="w"), message("r", "b", 18.5, thread="w")]
    assert queries("answer", slow, (), CUT, UNTIL) == []


def test_the_fitted_weight_of_a_known_problem_is_its_optimum() -> None:
    """One column, one right of two, right in 3 of 4 queries: the odds are 3, so the weight is log 3."""
    two = np.array([[1.0], [0.0]], np.float32)
    groups = [Group(two, np.array([i < 3, i >= 3])) for i in range(4)]
    assert fit_listwise(groups, l2=0)[0] == pytest.approx(np.log(3), abs=1e-3)
    weighted = [Group(g.features, g.relevant, 3.0 if g.relevant[1] else 1.0) for g in groups]
    assert fit_listwise(weighted, l2=0)[0] == pytest.approx(0, abs=1e-3)
    assert fit_listwise(groups, l2=0.1)[0] < np.log(3)


def test_a_planted_column_gets_the_weight_and_no_weight_is_negative_unless_allowed() -> None:
    rng = np.random.default_rng(1)
    groups = []
    for _ in range(200):
        features = rng.random((20, 4)).astype(np.float32)
        logits = 5 * features[:, 2] - 5 * features[:, 3]
        right = rng.random(20) < np.exp(logits) / np.exp(logits).sum() * 2
        groups.append(Group(features, right))
    weights = fit_listwise(groups)
    assert np.argmax(weights) == 2
    assert weights[2] > 3
    assert weights.min() >= 0
    assert fit_listwise(groups, allow_negative=[3])[3] < -3


def test_queries_that_say_nothing_are_left_out_and_nothing_left_raises() -> None:
    all_right = Group(np.ones((2, 1), np.float32), np.array([True, True]))
    none_right = Group(np.ones((2, 1), np.float32), np.array([False, False]))
    with pytest.raises(ValueError, match="no query"):
        fit_listwise([all_right, none_right])


def test_the_intercept_makes_the_third_of_the_usual_query_an_even_bet() -> None:
    columns = [[4, 3, 2, 1], [9, 8, 5, 0], [7, 6, 3, 2], [1, 0, 0, 0], [6]]
    groups = [Group(np.array([[x] for x in column], np.float32), np.zeros(len(column), bool)) for column in columns]
    assert fit_intercept(groups, np.array([2.0])) == pytest.approx(-2 * np.median([2, 5, 3, 0, 6]))
    assert fit_intercept(groups, np.array([2.0]), place=1) == pytest.approx(-2 * np.median([4, 9, 7, 1, 6]))


def test_a_ranker_comes_back_from_its_text() -> None:
    rng = np.random.default_rng(3)
    weights = {head: np.round(rng.random(len(COLUMNS)), 4).astype(np.float32) for head in HEADS}
    ranker = Ranker("v", weights, dict.fromkeys(HEADS, -1.5))
    again = from_json(to_json(ranker))
    assert (again.version, again.intercepts) == (ranker.version, ranker.intercepts)
    assert all(np.allclose(again.weights[head], weights[head]) for head in HEADS)
    with pytest.raises(ValueError, match="unknown feature column"):
        from_json(to_json(ranker).replace('"lexical%"', '"no such column"'))


def test_the_shipped_ranker_knows_every_head_and_only_pushes_upwards() -> None:
    ranker = shipped()
    for head in HEADS:
        assert ranker.weights[head].max() > 0
        assert ranker.weights[head].min() >= 0


def embed(texts: Sequence[tuple[str, str]]) -> np.ndarray:
    """Unit vectors that depend on the text alone."""
    seeds = [int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest(), "little") for _, text in texts]
    vectors = np.array([np.random.default_rng(seed).normal(size=8) for seed in seeds], np.float32).reshape(-1, 8)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def small_past(folder: Path) -> Path:
    """Sixty people in three circles; within a circle one replies to another, in threads of two."""
    rng = np.random.default_rng(4)
    people = [f"m{i:02}" for i in range(60)]
    messages: list[Message] = []
    for n in range(400):
        circle = int(rng.integers(3))
        one, other = (people[circle * 20 + i] for i in rng.choice(20, 2, replace=False))
        topic = ("soil", "music", "code")[circle]
        asked = Message(
            id=f"q{n:03}",
            author=one,
            time=START + n * DAY,
            text=f"who knows {topic} {n}",
            topic=topic,
            channel=topic,
            thread=f"t{n}",
        )
        answer = Message(
            id=f"r{n:03}", author=other, time=START + n * DAY + 60_000_000, text=f"I know {topic}", channel=topic,
            thread=f"t{n}", reply_to=asked.id,
        )  # fmt: skip
        messages += [asked, answer]
    projects = [
        Project(
            id=f"p{n}", time=START + n * 4 * DAY, title="x", text="something", members=tuple(rng.choice(people[:20], 3))
        )
        for n in range(100)
    ]
    records: dict[str, Sequence[Record]] = {
        "community": [Community(id="past")],
        "member": [Member(id=p) for p in people],
        "message": messages,
        "project": projects,
    }
    container.write(folder / "past", records)
    return folder / "past"


def test_the_prior_is_made_from_an_archive_to_a_ranker(tmp_path: Path) -> None:
    past = prior.history(small_past(tmp_path))
    assert (len(past.members), len(past.messages), len(past.projects)) == (60, 800, 100)
    of_projects = prior.History("projects", past.members, (), past.projects)
    lines: list[str] = []
    found = prior.collect([past, of_projects], embed, 8, lines.append)
    assert set(found) == {"direct", "topic", "answer", "project", "join"}
    assert any("bare" in line for line in lines)
    ranker = prior.fit_prior(found)
    assert ranker.version.startswith("prior-")
    again = from_json(to_json(ranker))
    for head in HEADS:
        for column, weight in prior.BY_HAND.get(head, {}).items():
            assert again.weights[head][COLUMNS.index(column)] == pytest.approx(weight)
    rooms = [c for c in COLUMNS if c.rstrip("%^") in ("channel", "channel_answers", "channel_recent", "lexical")]
    learnt = sum(float(again.weights["question"][COLUMNS.index(c)]) for c in rooms)
    assert learnt > 0.3 * float(again.weights["question"].sum() - sum(prior.BY_HAND["question"].values()))


def test_nothing_after_the_cut_reaches_the_view_that_is_learnt_from(tmp_path: Path) -> None:
    past = prior.history(small_past(tmp_path))
    cut = cut_time(past.events, 0.5)
    view = prior.view_at(past, cut, embed, 8)
    assert view.as_of < cut
    assert view.activity.newest.max() < cut
    assert all((p.time or 0) < cut for p in view.projects.records)
    said = sum(m.time < cut for m in past.messages)
    done = sum(len(set(p.members)) for p in past.projects if (p.time or 0) < cut)
    assert view.activity.total.sum() == said + done


def test_a_bare_history_has_lost_all_structure(tmp_path: Path) -> None:
    past = prior.history(small_past(tmp_path))
    stripped = prior.bare(past)
    assert len(stripped.messages) == len(past.messages)
    assert not any(m.thread or m.reply_to or m.mentions for m in stripped.messages)
