"""What a new view takes over from the one before: all that the change did not touch."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import numpy as np

from models.community.advertising import advertisers
from models.community.byte_vectors import ByteVectors
from models.community.centre import NEAR, Centre
from models.community.snapshot import restore, state_of
from models.domain.records import Member, Need
from models.introductions.finding import names
from models.ranking.exposure import marks_of
from models.ranking.pipeline import view_order
from models.themes.names import people_called
from tests.toy.test_incremental import line
from tests.toy.world import RECORDS, Encode, builder_of, embed, member

OF_MEMBERS = (marks_of, view_order, names, people_called)


def test_a_line_of_chat_leaves_what_is_made_of_members_as_it_is(encode: Encode) -> None:
    builder = builder_of(RECORDS, encode)
    before = builder.view()
    made = [of(before) for of in OF_MEMBERS]
    builder.put(line("x0", "mei", 0, "a kiln in the yard"))
    embed(builder, encode)
    after = builder.view()
    assert all(of(after) is one for of, one in zip(OF_MEMBERS, made, strict=True))
    same = ("ids", "row", "members", "channels", "channel_row", "facets", "attributes", "attribute_codes")
    assert all(getattr(after, name) is getattr(before, name) for name in same)
    assert after.rules.consent is before.rules.consent


def test_the_vectors_of_others_are_shared_with_the_view_before(encode: Encode) -> None:
    builder = builder_of(RECORDS, encode)
    before = builder.view()
    builder.put(line("x0", "mei", 0, "a kiln in the yard"))
    embed(builder, encode)
    after = builder.view()
    row = before.row["mei"]
    (was, there), (is_, then) = (view.interests.where(np.arange(before.size)) for view in (before, after))
    assert np.shares_memory(was, is_)
    assert np.flatnonzero(there != then).tolist() == [row]
    assert not np.array_equal(before.interests[row], after.interests[row])


def test_a_state_stays_as_it_is_when_the_builder_goes_on(encode: Encode) -> None:
    """It is written to a file while more comes in."""
    builder = builder_of(RECORDS, encode)
    builder.view()
    state = state_of(builder)
    before = deepcopy(state)
    builder.put(replace(member("mei"), profile="Builds wooden boats", aims=("row a boat",)))
    for number in range(40):
        builder.put(line(f"x{number}", "mei", 60 * number, "a kiln in the yard, and a boat"))
    embed(builder, encode)
    builder.view()
    state_of(builder)
    for name, value in before.items():
        same = np.array_equal(state[name], value) if isinstance(value, np.ndarray) else state[name] == value
        assert same, name


def test_another_profile_leaves_what_others_state_and_where_they_are(encode: Encode) -> None:
    builder = builder_of(RECORDS, encode)
    before = builder.view()
    builder.put(replace(member("mei"), offers=(Need("a kiln to share"), Need("clay", "resources"))))
    embed(builder, encode)
    after = builder.view()
    assert after.whereabouts.places is before.whereabouts.places
    assert after.rules.consent is before.rules.consent
    assert names(after) is names(before)
    others = {f.member for f in before.facets.items} - {before.row["mei"]}
    for one in others:
        mine, theirs = (np.flatnonzero(view.facets.member == one) for view in (before, after))
        assert [before.facets.items[i] for i in mine] == [after.facets.items[i] for i in theirs]
        assert np.array_equal(before.facets.vectors[mine], after.facets.vectors[theirs])
        assert [before.facets.statements.words[i] for i in mine] == [after.facets.statements.words[i] for i in theirs]
    assert {"a kiln to share", "clay"} <= {f.text for f in after.facets.items if f.member == before.row["mei"]}


def test_the_first_statement_of_somebody_leaves_where_others_are(encode: Encode) -> None:
    builder = restore(state_of(builder_of(RECORDS, encode)))
    before = builder.view()
    builder.put(replace(member("cold"), profile="Bakes bread"))
    embed(builder, encode)
    assert builder.view().whereabouts.places is before.whereabouts.places


def test_who_is_called_otherwise_is_called_so_in_the_next_view(encode: Encode) -> None:
    builder = builder_of(RECORDS, encode)
    assert "quillon" not in names(builder.view())
    builder.put(replace(member("noah"), name="Quillon Vex", place="Faro", languages=("pt",), consent="nobody"))
    embed(builder, encode)
    view = builder.view()
    row = view.row["noah"]
    assert {"quillon", "vex"} <= names(view)
    assert "quillon vex" in people_called(view)
    assert view.whereabouts.places[row] == "Faro"
    assert view.whereabouts.languages[row, view.whereabouts.language_names.index("pt")]
    assert view.rules.consent[row] == 0


def test_the_mean_stays_until_it_has_moved() -> None:
    rng, members = np.random.default_rng(1), 40_000
    vectors = rng.normal(size=(members, 1, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    blocks, centre = ByteVectors((1, 8)), Centre(8)

    def put(row: int, vector: np.ndarray) -> None:
        before = blocks.get(row)[0]
        blocks.set(row, vector)
        centre.moved(before, blocks.get(row)[0])

    for row, vector in enumerate(vectors):
        put(row, vector)
    mean = centre.of(blocks.freeze(members), members)
    assert np.allclose(mean, blocks.freeze(members).take(np.arange(members), 0).mean(0), atol=1e-6)
    put(7, -vectors[7])
    assert centre.of(blocks.freeze(members), members) is mean
    for row in range(0, members, 10):
        put(row, vectors[0])
    far = centre.of(blocks.freeze(members), members)
    assert np.linalg.norm(far - mean) > NEAR
    assert np.allclose(far, blocks.freeze(members).take(np.arange(members))[:, 0].mean(0), atol=1e-5)


def test_who_begins_or_ceases_to_advertise_is_known_to_the_next_view_and_after_a_restart(encode: Encode) -> None:
    builder = builder_of((*RECORDS, Member(id="max", name="Max", consent="members")), encode)
    builder.view()
    for number in range(3):
        builder.put(line(f"ad{number}", "max", 60 * number, f"Buy now with my promo code, discount offer {number}!"))
    embed(builder, encode)
    view = builder.view()
    assert advertisers(view)[view.row["max"]]
    assert advertisers(view).sum() == 1
    again = restore(state_of(builder))
    assert np.array_equal(advertisers(again.view()), advertisers(view))
    for number in range(3):
        again.put(line(f"ad{number}", "max", 60 * number, f"Here is how I mended my bicycle, part {number}"))
    embed(again, encode)
    assert not advertisers(again.view()).any()
