"""Who fits comes before who is busy, and claims stand on evidence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from models.community.view import Community
from models.domain.records import Channel, Member, Message, Need, Record
from models.ranking import fit
from models.ranking.ranker import Ranker
from service.texts import say
from tests.toy.ask import Asker, ids, reasons
from tests.toy.world import HOUR, START, Encode, view_of

OTHERS = ("bookkeeping", "guitar lessons", "修水管", "yoga", "photo editing", "教日语")
CRAFTS = tuple(
    Member(id=f"o{i}", offers=(Need(text),), consent="members", languages=("en",)) for i, text in enumerate(OTHERS)
)


def person(id: str, offers: Sequence[str] = (), seeks: Sequence[str] = (), profile: str = "") -> Member:
    return Member(
        id=id, offers=tuple(map(Need, offers)), seeks=tuple(map(Need, seeks)), profile=profile, consent="members",
        languages=("en", "zh"),
    )  # fmt: skip


def said(author: str, hour: float, text: str, **fields: str) -> Message:
    return Message(
        id=f"{author}-{hour}", author=author, time=START + int(hour * HOUR), text=text, channel="plaza", **fields
    )


def asker(records: Sequence[Record], encode: Encode, ranker: Ranker) -> Asker:
    return Asker(view_of([*CRAFTS, Channel(id="plaza"), *records], encode), ranker, encode)


def test_who_offers_what_is_sought_comes_before_who_is_everywhere(encode: Encode, ranker: Ranker) -> None:
    busy = [said("busy", hour, f"good morning, who left the lights on again {hour}") for hour in range(0, 200, 5)]
    people = [
        person("one", seeks=["想学陶艺拉坯"]),
        person("potter", offers=["pottery lessons"]),
        person("busy"),
        *busy,
    ]
    found = asker(people, encode, ranker).collaborators("one")
    assert ids(found)[0] == "potter"
    assert found.matches[0].basis == "fit"
    assert found.matches[0].score >= 0.5 > found.matches[1].score


def test_both_ways_comes_before_one_way(encode: Encode, ranker: Ranker) -> None:
    people = [
        person("one", seeks=["pottery lessons"], offers=["French conversation"]),
        person("half", offers=["pottery lessons for beginners"]),
        person("both", offers=["I teach pottery"], seeks=["practise French"]),
    ]
    assert ids(asker(people, encode, ranker).collaborators("one"))[:2] == ["both", "half"]


def test_two_who_look_for_clients_of_the_same_thing_are_no_match(encode: Encode, ranker: Ranker) -> None:
    people = [person("one", seeks=["clients for my editing"]), person("rival", offers=["editing"])]
    assert "offer_meets_seek" not in reasons(asker(people, encode, ranker).collaborators("one"), "rival")


@pytest.mark.parametrize("nothing", ["无", "N/A", "just looking around", "暂时没想好", "-", "will write this later"])
def test_an_answer_that_says_nothing_matches_nothing(nothing: str, encode: Encode, ranker: Ranker) -> None:
    people = [person("one", seeks=[nothing]), person("two", offers=["none"], seeks=["没有"])]
    found = asker(people, encode, ranker).collaborators("one")
    assert all(match.basis != "fit" for match in found.matches)


def test_who_answered_without_naming_the_thing_is_found_and_who_asked_is_not_above(
    encode: Encode, ranker: Ranker
) -> None:
    talk = [
        said("asks", 1, "有没有人会修自行车？后面的变速器坏了"),
        said("knows", 2, "我会，修过三台，拿过来就行", reply_to="asks-1"),
    ]
    found = asker([person("asks"), person("knows"), *talk], encode, ranker).search("who can repair a bicycle")
    assert ids(found)[0] == "knows"
    assert "knows_about" in reasons(found, "knows")
    assert "knows_about" not in reasons(found, "asks")


def test_a_question_that_nobody_can_answer_claims_nothing(encode: Encode, ranker: Ranker) -> None:
    ask = asker([said("o0", 1, "which trail did you take yesterday?")], encode, ranker)
    found = ask.search("who has ever trained a falcon to hunt", fillers=False)
    assert found.matches == ()


def test_who_comes_near_to_a_question_is_listed_as_near_and_not_as_knowing(encode: Encode, ranker: Ranker) -> None:
    talk = [said("near", 1, "the pigeons on the roof came back to me within an hour, fed them by hand")]
    found = asker([person("near"), *talk], encode, ranker).search("who can train a hunting hawk", fillers=False)
    claimed = {kind for match in found.matches for kind in reasons(found, match.id)}
    assert not claimed & {"knows_about", "meets_need"}
    assert all(
        say(reason.said, "en") for match in found.matches for reason in match.reasons if reason.kind == "possible_fit"
    )


def test_two_who_say_the_usual_have_nothing_in_common(encode: Encode, ranker: Ranker) -> None:
    talk = [
        said(member, hour, text)
        for hour, (member, text) in enumerate(
            [
                ("one", "Who locked the back room again? My bag is inside"),
                ("two", "Who locked the kitchen again? My lunch is inside"),
                ("three", "打印机又卡纸了，第三次"),
                ("four", "打印机又卡纸了，第七次"),
            ]
        )
    ]
    ask = asker([*map(person, ("one", "two", "three", "four")), *talk], encode, ranker)
    for one, other in (("one", "two"), ("three", "four")):
        assert "shared_interest" not in reasons(ask.peers(one), other)


def test_what_somebody_wants_none_of_is_no_common_ground(encode: Encode, ranker: Ranker) -> None:
    talk = [
        said("fan", hour, text)
        for hour, text in ((1, "彩票又中了五块，这期走势图我研究了一晚上"), (9, "彩票店老板都认识我了"))
    ]
    people = [person("one", profile="别跟我聊彩票，真的不感兴趣"), person("fan"), *talk]
    found = asker(people, encode, ranker).peers("one")
    assert "shared_interest" not in reasons(found, "fan")


def test_a_flood_of_lines_moves_nobody_up(encode: Encode, ranker: Ranker) -> None:
    calm = [
        said(m, hour, text) for m in ("a", "b") for hour, text in ((3, "see you then"), (90, "back from the dentist"))
    ]
    people = [person("one"), person("a"), person("b"), person("noisy"), *calm, said("noisy", 4, "hello there")]
    flood = [said("noisy", 95 + n / 1000, f"up {n}") for n in range(60)]
    before, after = (asker([*people, *more], encode, ranker).peers("one") for more in ([], flood))
    assert ids(after).index("noisy") >= ids(before).index("noisy")


def test_who_is_gone_is_in_no_list_unless_asked_for(encode: Encode, ranker: Ranker) -> None:
    talk = [said("gone", hour, "the kiln is hot again, fired forty bowls") for hour in (1, 30, 60)]
    later = [said(m, (300 + day) * 24, f"day {day} at the market") for day in range(0, 40, 4) for m in ("a", "b")]
    ask = asker([person("one", seeks=["pottery lessons"]), person("gone", offers=["pottery lessons"]), *talk, *later],
                encode, ranker)  # fmt: skip
    assert "gone" not in ids(ask.collaborators("one", gone=False))
    assert ids(ask.collaborators("one", gone=True))[0] == "gone"


@pytest.mark.parametrize(
    ("near", "first"),
    [
        ([0.6, 0.6, 0.6], 3),  # few share it
        ([0.6] * 40, 0),  # what forty share is not rare
        ([0.6] * 40 + [0.97], 1),
    ],
)
def test_the_more_share_an_interest_the_surer_each_must_be_to_come_first(
    near: list[float], first: int, encode: Encode, ranker: Ranker, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"p{i:02}" for i in range(len(near))]
    view = view_of([person("one"), *(person(name, profile=f"neighbour {name}") for name in names)], encode)
    chances = dict(zip(names, near, strict=True))

    def shared(view: Community, row: int, rows: np.ndarray) -> fit.Judged:
        chance = np.array([chances.get(view.ids[other], 0.0) for other in rows], np.float32)
        return fit.Judged(chance, np.full(len(rows), fit.NONE), np.full(len(rows), fit.NONE))

    monkeypatch.setattr(fit, "shared", shared)
    found = Asker(view, ranker, encode).peers("one", limit=100, fillers=True)
    assert sum(match.basis == "fit" for match in found.matches) == first
