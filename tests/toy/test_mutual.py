"""Who accepts whom, learnt from attributes: what is used, what is not, and that both sides count."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.community.attribute_preferences import ChoiceModel, columns, declared, from_json, mutual, to_json
from models.domain.records import Community, Member, Outcome
from tests.parties import DAY, NAMES, PARTIES, evenings, party_goers
from training.evaluation import mutual as judged
from training.evaluation.record import EvaluationError, Recorded
from training.fitting.attribute_preferences import COMBINATIONS, Learnt, both_ways, fit_choice, held_out, learn_choice
from training.labels.explicit_choices import Decision, MutualQuery, decisions, mutual_queries, occasions, queries_of
from training.metrics import paired_bootstrap, quality


@pytest.fixture(scope="module")
def members() -> list[Member]:
    return party_goers()


@pytest.fixture(scope="module")
def outcomes(members: list[Member]) -> list[Outcome]:
    return evenings(members)


@pytest.fixture(scope="module")
def learnt(members: list[Member], outcomes: list[Outcome]) -> Learnt:
    return learn_choice(members, NAMES, decisions(outcomes))


@pytest.fixture(scope="module")
def model(learnt: Learnt) -> ChoiceModel:
    assert learnt.model is not None
    return learnt.model


def test_what_makes_people_accept_each_other_is_found_again(learnt: Learnt, model: ChoiceModel) -> None:
    assert learnt.low > 0.7, learnt.reason
    names = [*model.numbers, *(value for _, value in model.words)]
    wanted, willing, together = (
        dict(zip(names, w, strict=True)) for w in (model.wanted, model.willing, model.together)
    )
    assert max(wanted, key=lambda n: wanted[n]) == "charm"
    assert max(willing, key=lambda n: willing[n]) == "ease"
    assert min(together["ulm"], together["graz"]) > max(together["charm"], together["ease"], 0)


def test_attributes_that_nobody_declared_are_never_used(members: list[Member], outcomes: list[Outcome]) -> None:
    decided = decisions(outcomes)
    assert learn_choice(members, (), decided).model is None
    model = learn_choice(members, ("charm", "ease"), decided).model
    assert model is not None
    assert (model.numbers, model.words) == (("charm", "ease"), ())
    other = [replace(m, attributes={**m.attributes, "secret": 99.0}) for m in members]
    assert learn_choice(other, NAMES, decided) == learn_choice(members, NAMES, decided)


def test_a_community_declares_in_its_record_what_may_be_used() -> None:
    assert declared(Community(id="c")) == ()
    assert declared(Community(id="c", extra='{"matchable": ["age", "taste"]}')) == ("age", "taste")
    assert declared(Community(id="c", extra='{"matchable": "age"}')) == ()


def test_a_name_stands_for_what_lies_inside_it_and_a_star_for_all(members: list[Member]) -> None:
    assert set(columns(members, ("taste",)).numbers) == {"taste.films"}
    everything = columns(members, ("*",))
    assert set(everything.numbers) == {"charm", "ease", "secret", "taste.films"}
    assert set(everything.words) == {"town"}


def test_what_is_no_longer_declared_counts_no_more_at_once(members: list[Member], model: ChoiceModel) -> None:
    charm = model.numbers.index("charm")
    assert model.encode(columns(members, NAMES))[:, charm].all()
    assert not model.encode(columns(members, ("ease", "town", "taste")))[:, charm].any()


def test_a_value_that_few_share_is_not_in_the_model(members: list[Member], outcomes: list[Outcome]) -> None:
    alone = replace(members[0], attributes={**members[0].attributes, "town": "Nowhere-by-the-Sea"})
    model = fit_choice([alone, *members[1:]], NAMES, decisions(outcomes))
    assert model is not None
    assert {value for _, value in model.words} == {"ulm", "graz"}
    text = to_json(model).casefold()
    assert "nowhere" not in text
    assert not any(m.id in text for m in members)


def test_the_unknown_is_taken_for_the_average(members: list[Member], model: ChoiceModel) -> None:
    someone = [*members[:3], Member(id="new"), None]
    encoded = model.encode(columns(someone, NAMES))
    assert encoded.shape == (5, len(model.numbers) + len(model.words))
    assert not encoded[3:].any()
    assert columns(someone, NAMES).known().tolist() == [True, True, True, False, False]


def test_both_directions_are_the_chances_of_either_side(members: list[Member], model: ChoiceModel) -> None:
    encoded = model.encode(columns(members, NAMES))
    rows = np.array([1, 2, 3])
    accepts, accepted = model.chances(encoded, 0, rows)
    for i, row in enumerate(rows):
        back = model.chances(encoded, int(row), np.array([0]))
        assert (accepts[i], accepted[i]) == pytest.approx((back[1][0], back[0][0]))
    assert np.all((accepts > 0) & (accepts < 1))


def test_a_mutual_chance_is_low_when_either_side_is_unwilling() -> None:
    accepts, accepted = np.array([0.9, 0.5, 0.1], np.float32), np.array([0.1, 0.5, 0.9], np.float32)
    chance = mutual(accepts, accepted)
    assert chance[0] == pytest.approx(chance[2])
    assert chance[1] > chance[0]
    assert mutual(np.zeros(1, np.float32), np.zeros(1, np.float32))[0] == 0


def test_a_model_survives_the_way_to_a_file_and_a_damaged_one_is_refused(model: ChoiceModel) -> None:
    assert from_json(to_json(model)) == model
    plain = json.loads(to_json(model))
    for damaged in (
        "[]",
        "{",
        json.dumps({k: v for k, v in plain.items() if k != "wanted"}),
        json.dumps({**plain, "wanted": plain["wanted"][:-1]}),
        json.dumps({**plain, "scale": [0.0] * len(plain["scale"])}),
        json.dumps({**plain, "intercept": float("nan")}),
    ):
        with pytest.raises(ValueError, match="no readable choice model"):
            from_json(damaged)


def test_too_few_decisions_and_mere_noise_teach_nothing(members: list[Member], outcomes: list[Outcome]) -> None:
    few = learn_choice(members, NAMES, decisions(outcomes[:199]))
    assert few.model is None
    assert "too few" in few.reason
    noise = learn_choice(members, NAMES, decisions(evenings(members, noise=True)))
    assert noise.model is None
    assert "no better than chance" in noise.reason


def test_a_history_of_one_piece_is_held_out_by_members(members: list[Member], outcomes: list[Outcome]) -> None:
    """A guest of every party binds them together."""
    joined = {f"p{party}g00": "everywhere" for party in range(PARTIES)}
    one = [replace(o, source=joined.get(o.source, o.source), target=joined.get(o.target, o.target)) for o in outcomes]
    people = [*(m for m in members if m.id not in joined), replace(members[0], id="everywhere")]
    decided = decisions(one)
    assert set(occasions(decided)) == {0}
    assert learn_choice(people, NAMES, decided).low > 0.6


def test_on_occasions_never_seen_both_sides_tell_better_who_match_than_one(
    members: list[Member], outcomes: list[Outcome]
) -> None:
    decided = decisions(outcomes)
    chance = held_out(members, NAMES, decided)
    queries = queries_of(decided)

    def ranks(way: str) -> np.ndarray:
        out = []
        for query in queries:
            met = sorted(query.met)
            scores = COMBINATIONS[way](*both_ways(chance, query.source, met))
            right = np.array([m in query.targets for m in met])
            out.append(quality(scores, right, np.random.default_rng(0)).ndcg)
        return np.array(out)

    party = [query.source.split("g")[0] for query in queries]
    _, low, _ = paired_bootstrap(ranks("harmonic mean"), ranks("one-sided"), 0, clusters=party)
    assert low > 0


def told(source: str, target: str, kind: Any, time: int) -> Outcome:
    return Outcome(id=f"{source}{target}{time}", source=source, target=target, kind=kind, time=time)


def test_a_choice_is_mutual_when_both_said_yes_last() -> None:
    said = [
        told("a", "b", "dismissed", 1),
        told("a", "b", "accepted", 2),
        told("b", "a", "met", 3),
        told("a", "c", "accepted", 1),
        told("c", "a", "declined", 2),
        told("a", "d", "accepted", 1),
        told("a", "e", "shown", 1),
        told("e", "a", "already_known", 1),
    ]
    (query,) = mutual_queries(said, 0, 10)
    assert query == MutualQuery("a", frozenset({"b", "c"}), frozenset({"b"})), "d never answered; b and c met a alone"


def test_occasions_that_began_before_the_cut_are_left_out_whole(outcomes: list[Outcome]) -> None:
    cut, until = 7 * DAY + 1_100, 10 * DAY  # in the midst of the eighth party
    asked = mutual_queries(outcomes, cut, until)
    assert {q.source.split("g")[0] for q in asked} == {"p8", "p9"}


def recorded(members: list[Member], outcomes: list[Outcome], declares: Sequence[str] = ()) -> Recorded:
    community = Community(id="c", extra=json.dumps({"matchable": list(declares)}))
    return Recorded("parties", [community, *members], [], [], outcomes, 0)


def test_the_evaluation_ranks_those_who_met_by_who_chose_each_other(
    members: list[Member], outcomes: list[Outcome]
) -> None:
    in_turn, later = judged.evaluate(recorded(members, outcomes), NAMES, 0)
    assert in_turn.occasions == PARTIES
    assert later.occasions == PARTIES - round(judged.EARLIER * PARTIES)
    ours, gains = in_turn.methods[judged.OURS], in_turn.gains
    assert gains[judged.RANDOM]["mrr"].low > 0
    assert gains[judged.ONE_SIDED]["ndcg10"].low > 0
    assert gains[judged.ALIKE]["auc"].low > 0
    for name, gain in gains.items():
        assert gain["auc"].mean == pytest.approx(ours["auc"].mean - in_turn.methods[name]["auc"].mean)
    assert in_turn.methods[judged.RANDOM]["auc"].mean == pytest.approx(0.5, abs=0.03)
    assert all(found["auc"].low <= found["auc"].mean <= found["auc"].high for found in in_turn.methods.values())


def test_the_most_liked_are_known_by_what_others_had_decided_by_then() -> None:
    """Two like b before a meets b; c is liked only afterwards. By hindsight both are; a's own word never counts."""
    said = [(f"p{i}", "b", True, 1) for i in range(2)] + [(f"p{i}", "c", True, 9) for i in range(2)]
    known = [Decision(*one) for one in (*said, ("a", "b", False, 5), ("a", "c", True, 5))]
    liked = judged.Liked(known)
    so_far, hindsight = (way("a", ["b", "c"]) for way in (liked.so_far, liked.by_all_others))
    assert so_far[0] > so_far[1]
    assert hindsight[0] == hindsight[1] == so_far[0]


def test_an_evaluation_goes_by_what_is_declared_and_says_when_nothing_is(
    members: list[Member], outcomes: list[Outcome]
) -> None:
    by_record = judged.evaluate(recorded(members, outcomes, ["charm"]), (), 0)
    assert by_record == judged.evaluate(recorded(members, outcomes), ["charm"], 0)
    with pytest.raises(EvaluationError, match="matchable"):
        judged.evaluate(recorded(members, outcomes), (), 0)
    with pytest.raises(EvaluationError, match="0 members chose"):
        judged.evaluate(recorded(members, outcomes), ["shoe size"], 0)
