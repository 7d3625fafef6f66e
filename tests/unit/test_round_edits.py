"""Lists changed by hand, and rounds as JSON: pure functions of `models.rounds`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.domain.records import Need, Round
from models.rounds.constraints.apart import Apart
from models.rounds.constraints.mixed import Mixed
from models.rounds.constraints.near import Near
from models.rounds.constraints.no_repeat import NoRepeat
from models.rounds.constraints.quota import Quota
from models.rounds.constraints.same import Same
from models.rounds.constraints.time_zones import TimeZones
from models.rounds.constraints.together import Together
from models.rounds.edits.edits import Add, Drop, Edit, Edited, Lock, Pin, Swap, Unlock, edited, match_id, summarised
from models.rounds.spec.json_text import (
    named_in,
    plan_text,
    read_left_out,
    read_plan,
    read_spec,
    renamed_round,
    spec_text,
)
from models.rounds.spec.requests import (
    Bid,
    Bye,
    Collision,
    Match,
    Plan,
    Relaxed,
    Role,
    RoundSpec,
    Side,
    Summary,
    Team,
)

FULL = RoundSpec(
    kind="teams",
    members=("ann", "bo", "陈"),
    size=(2, 9),
    sides=(Side(name="mentors", members=("ann",), least=1, most=3),),
    teams=(
        Team(
            id="t", title="Kiln", text="build one", project="p", members=("bo",),
            roles=(Role(name="mason", count=2, need=Need("bricks", "resources"), attribute="trade", value=True),),
        ),
    ),
    sittings=3,
    slots=("tue", "wed"),
    places=4,
    rules=(
        Together(members=("ann", "bo")),
        Apart(members=("ann", "陈"), firm=False),
        Same(attribute="languages"),
        Mixed(attribute="team", most=2),
        Quota(attribute="age", value=33, least=0, most=2),
        Near(kilometres=2.5, online=True),
        TimeZones(hours=6),
        NoRepeat(days=30, rounds=2, firm=True),
    ),
    leftover="bye",
    fairness=0.1 + 0.2,
    bids=(Bid(source="ann", target="bo", score=1e-7),),
    bid_weight=0.25,
    standing=True,
    seed=-5,
    seconds=7.0,
)  # fmt: skip
PLAN = Plan(
    matches=(
        Match(members=("ann", "bo"), score=0.8, worst=0.7),
        Match(members=("cy", "dee"), score=0.4, worst=0.3),
    ),
    byes=(Bye(member="eve"),),
    summary=Summary(mean=0.6, worst=0.3, median=0.6, best=0.7, placed=4, people=5),
)
PAIRS = RoundSpec(kind="pairs", members=("ann", "bo", "cy", "dee", "eve"))
FIRST, SECOND = (match_id(match) for match in PLAN.matches)


def after(*edits: Edit, plan: Plan = PLAN, spec: RoundSpec = PAIRS) -> Edited:
    return edited(spec, plan, {}, edits)


def meetings(found: Edited) -> list[tuple[str, ...]]:
    return [match.members for match in found.plan.matches]


def test_a_request_with_everything_in_it_comes_back_from_its_text() -> None:
    assert read_spec(spec_text(FULL)) == FULL
    assert spec_text(read_spec(spec_text(FULL))) == spec_text(FULL)
    assert all(getattr(FULL, field) != getattr(RoundSpec(kind="pairs"), field) for field in ("size", "rules", "seed"))


def test_a_list_comes_back_from_its_text_and_what_is_unknown_is_left_out() -> None:
    plan = replace(
        PLAN,
        relaxed=(Relaxed(rule=1, members=("ann", "bo"), kept=3.0),),
        collisions=(Collision(rules=(0, 1), also=("blocks",), members=("cy",), cures=(1,)),),
    )
    assert read_plan(plan_text(plan)) == plan
    unknown = replace(PLAN, summary=replace(PLAN.summary, random=float("nan")))
    assert read_plan(plan_text(unknown)).summary.random == 0.0
    assert read_plan("") == Plan()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", "the text must be an object"),
        ("{", "not JSON"),
        ("{}", "kind is missing"),
        ('{"kind":"circles"}', "kind must be one of pairs"),
        ('{"kind":"pairs","menbers":[]}', "menbers is not known"),
        ('{"kind":"pairs","members":"ann"}', "members must be a list"),
        ('{"kind":"pairs","members":[1]}', r"members\[0\] must be text"),
        ('{"kind":"pairs","size":[1]}', "size must be a list of 2"),
        ('{"kind":"pairs","sittings":1.5}', "sittings must be a whole number"),
        ('{"kind":"pairs","standing":1}', "standing must be true or false"),
        ('{"kind":"pairs","rules":[{"rule":"sing"}]}', r"rules\[0\].rule must be one of apart"),
        ('{"kind":"pairs","rules":[{"rule":"same"}]}', r"rules\[0\].attribute is missing"),
        ('{"kind":"teams","teams":[{"id":"t","roles":[{}]}]}', r"teams\[0\].roles\[0\].name is missing"),
    ],
)
def test_a_text_that_is_no_request_says_where_it_is_wrong(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_spec(text)


def test_somebody_gone_is_nowhere_in_a_round_and_rules_keep_their_places() -> None:
    spec = replace(
        PAIRS, rules=(Apart(members=("ann", "bo")), NoRepeat(rounds=1)), bids=(Bid(source="ann", target="cy", score=1),)
    )
    record = Round(
        id="r", time=1, spec=spec_text(spec), plan=plan_text(PLAN), left_out='[["fay","paused"]]',
        members=named_in(spec, PLAN, {"fay": "paused"}), problem="ann: approached too often",
    )  # fmt: skip
    left = renamed_round(record, {"ann": None, "fay": "gus"})
    assert "ann" not in repr(left)
    assert "fay" not in repr(left)
    assert read_left_out(left.left_out) == {"gus": "paused"}
    assert left.members == ("bo", "cy", "dee", "eve", "gus")
    assert [type(rule) for rule in read_spec(left.spec).rules] == [Apart, NoRepeat]
    plan = read_plan(left.plan)
    assert [match.members for match in plan.matches] == [("cy", "dee")]
    assert {bye.member for bye in plan.byes} == {"bo", "eve"}


def test_two_who_are_one_person_meet_once() -> None:
    plan = Plan(matches=(Match(members=("ann", "bo", "cy"), roles=("a", "b", "c")), Match(members=("ann", "bo"))))
    record = Round(id="r", time=1, spec=spec_text(PAIRS), plan=plan_text(plan))
    left = read_plan(renamed_round(record, {"bo": "ann"}).plan)
    assert [match.members for match in left.matches] == [("ann", "cy")]
    assert len(left.matches[0].roles) == 2


def test_a_match_keeps_its_id_whatever_the_order_of_its_people() -> None:
    match = PLAN.matches[0]
    assert match_id(replace(match, members=("bo", "ann"), score=0.1, locked=True)) == FIRST
    assert len({FIRST, SECOND, match_id(replace(match, sitting=1)), match_id(replace(match, team="t"))}) == 4


def test_locking_and_unlocking() -> None:
    locked = after(Lock(FIRST))
    assert [match.locked for match in locked.plan.matches] == [True, False]
    assert not any(match.locked for match in after(Unlock(FIRST), plan=locked.plan).plan.matches)


def test_two_change_places_and_somebody_with_a_bye_takes_a_place() -> None:
    assert meetings(after(Swap("ann", "cy"))) == [("cy", "bo"), ("ann", "dee")]
    found = after(Swap("eve", "bo"))
    assert meetings(found)[0] == ("ann", "eve")
    assert [bye.member for bye in found.plan.byes] == ["bo"]


def test_who_drops_out_leaves_a_bye_and_is_noted() -> None:
    found = after(Drop("ann"))
    assert meetings(found) == [("cy", "dee")]
    assert (found.left_out, [bye.member for bye in found.plan.byes]) == ({"ann": "dropped"}, ["eve", "bo"])
    back = edited(found.spec, found.plan, found.left_out, [Add("ann")])
    assert back.left_out == {}


def test_somebody_joins_a_match_or_the_next_list() -> None:
    found = after(Add("eve", FIRST), Add("fay"))
    assert meetings(found)[0] == ("ann", "bo", "eve")
    assert found.plan.byes == ()
    assert found.spec.members[-1] == "fay"


def test_a_pinned_match_takes_its_people_out_of_others() -> None:
    found = after(Pin(("ann", "cy"), slot="tue"))
    assert meetings(found) == [("ann", "cy")]
    assert found.plan.matches[0].locked
    assert {bye.member for bye in found.plan.byes} == {"bo", "dee", "eve"}


@pytest.mark.parametrize(
    "edit",
    [
        Lock("nowhere"), Swap("ann", "ann"), Swap("ann", "bo"), Swap("eve", "fay"), Swap("ann", "fay"),
        Add("cy", FIRST), Pin(("ann",)), Pin(("ann", "bo"), team="t"), Swap("ann", "cy", sitting=4),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused(edit: Edit) -> None:
    with pytest.raises(ValueError, match=r"."):
        after(edit)


def test_a_summary_follows_its_matches() -> None:
    found = summarised(replace(PLAN, matches=PLAN.matches[:1])).summary
    assert (found.mean, found.worst, found.median, found.placed) == (0.8, 0.7, 0.8, 2)
    assert found.best == PLAN.summary.best
    assert summarised(replace(PLAN, matches=())).summary.placed == 0
