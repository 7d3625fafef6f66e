"""The state of a builder as plain arrays and lists of strings, and the builder back from it. No pickle.

What is restored goes on exactly where the original stood: the same records afterwards give the same views. Vectors are
kept as float16; the runtime rounds every vector so before a builder sees it, so nothing is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np
import orjson
import scipy.sparse as sp

from models.arrays.quantized import quantized_vector
from models.community.builder import Builder
from models.community.columns import Column
from models.community.event_log import EventLog
from models.community.word_counts import Wordbook
from models.domain.records import (
    Channel,
    Community,
    Identity,
    Member,
    Need,
    Outcome,
    Project,
    Record,
    Suggestion,
    all_attributes,
)
from models.index.vectors import LiveIndex
from models.text.lexical import Vocabulary
from models.text.passages import PassageBuilder

State: TypeAlias = dict[str, np.ndarray | list[str]]
T = TypeVar("T", bound=Record)

FORMAT = 10  # grows with every change of what a state holds or means
LEDGER_COLUMNS = {
    "event_member": np.int32,
    "event_time": np.int64,
    "event_channel": np.int32,
    "event_thread": np.int32,
    "event_open": np.bool_,
    "event_words": np.int64,
    "event_letters": np.int32,
    "event_cjk": np.int32,
    "event_replied": np.int64,
    "event_contacts": np.int64,
    "contact_source": np.int32,
    "contact_target": np.int32,
    "contact_time": np.int64,
    "contact_kind": np.int8,
    "contact_event": np.int64,
    "contact_replied": np.int64,
    "contact_open": np.bool_,
}
_NESTED: Mapping[str, type] = {"offers": Need, "seeks": Need, "needs": Need, "identities": Identity}


def state_of(builder: Builder) -> State:
    """Everything a builder holds. Raises ValueError while texts wait for their vectors."""
    if builder.pending():
        raise ValueError("embed what is pending first")
    builder.embed_pending(_nothing_to_embed)
    builder._summarise_dirty()
    builder._words.fold(len(builder._ids))
    builder._cached("facets", builder._follow_facets)  # what is kept of statements is of these
    stated = {str(row): words for row, words in builder._words.stated().items()}
    state: State = {
        "encoder": [builder.encoder],
        "dimension": np.array([builder.dimension]),
        "stale": np.array([builder.stale]),
        "record": _texts([builder.record]),
        "ids": list(builder._ids),
        "members": _texts(builder._members),
        "handles": list(builder._handles),
        "handle_rows": _integers(builder._handles.values()),
        "channels": _texts(builder._channels),
        "suggestions": _texts(s for of_member in builder._suggestions.values() for s in of_member.values()),
        "projects": _texts(builder._projects.values()),
        "outcomes": _texts(builder._outcomes.values()),
        "blocks": list(builder._blocks),
        "block_rows": np.array(list(builder._blocks.values()), np.int64).reshape(-1, 2),
        **_interests(builder),
    }
    for name, mapping in (("ties", builder._ties), ("outcome_contacts", builder._outcome_contacts)):
        state[name], state[f"{name}_at"] = list(mapping), _integers(mapping.values())
    _put(state, "project_events", _lists(builder._project_events))
    _put(state, "project_tokens", _lists({p: words for p, (_, words) in builder._project_tokens.items()}))
    _put(state, "project_members", _lists({p: rows for p, (rows, _) in builder._project_tokens.items()}))
    _put(state, "words", _words(builder))
    _put(state, "stated", _lists(stated))
    _put(state, "vectors", _vectors(builder))
    _put(state, "ledger", _ledger_state(builder._event_log))
    _put(state, "passages", builder._passages.state())
    _put(state, "vocabulary", builder._words.vocabulary.state())
    index = builder._index.state()
    _put(state, "readings", _readings(builder))
    _put(state, "statements", builder._facet_table.state())
    _put(state, "index", {name: index[name] for name in ("ids", "ivf", "trained_on")})
    _put(state, "interest_index", builder._interest_index.state())
    return state


def restore(state: State) -> Builder:
    """The builder that gave this state. Raises KeyError, ValueError, IndexError or TypeError for anything else."""
    builder = Builder(_record(Community, state["record"][0]), int(state["dimension"][0]), str(state["encoder"][0]))
    builder.stale = bool(state["stale"][0])
    builder._ids = list(state["ids"])
    builder._row = {member: row for row, member in enumerate(builder._ids)}
    builder._members = [None if text == "null" else _record(Member, text) for text in state["members"]]
    builder._handles = dict(zip(state["handles"], _numbers(state["handle_rows"]), strict=True))
    builder._channels = [_record(Channel, text) for text in state["channels"]]
    builder._channel_row = {channel.id: row for row, channel in enumerate(builder._channels)}
    builder._projects = {p.id: p for p in (_record(Project, text) for text in state["projects"])}
    builder._outcomes = {o.id: o for o in (_record(Outcome, text) for text in state["outcomes"])}
    for row, member in enumerate(builder._members):
        builder._attribute_table.put(row, all_attributes(member) if member else {})
    pairs = _numbers(state["block_rows"])
    builder._blocks = {block: (pair[0], pair[1]) for block, pair in zip(state["blocks"], pairs, strict=True)}
    builder._ties = dict(zip(state["ties"], _numbers(state["ties_at"]), strict=True))
    contacts = zip(state["outcome_contacts"], _numbers(state["outcome_contacts_at"]), strict=True)
    builder._outcome_contacts = dict(contacts)
    builder._project_events = {p: rows.tolist() for p, rows in _unlist(_part(state, "project_events")).items()}
    words, members = _unlist(_part(state, "project_tokens")), _unlist(_part(state, "project_members"))
    builder._project_tokens = {p: (members[p].tolist(), words[p]) for p in words}
    for project, (rows, _) in builder._project_tokens.items():
        for row in rows:
            builder._projects_of[row][project] = None
    builder._event_log = _event_log(_part(state, "ledger"))
    builder._passages = PassageBuilder.from_state(_part(state, "passages"))
    builder._words = Wordbook(Vocabulary.from_state(_part(state, "vocabulary")))
    _take_words(builder, _part(state, "words"))
    _take_vectors(builder, _part(state, "vectors"))
    _take_index(builder, state)
    _take_readings(builder, _part(state, "readings"))
    builder._facet_table.take(_part(state, "statements"))
    _take_interests(builder, state)
    builder._interest_index.take(_part(state, "interest_index"), builder._interests, len(builder._ids))
    _describe_all(builder, [_record(Suggestion, text) for text in state["suggestions"]])
    builder._words.take_stated({int(row): words for row, words in _unlist(_part(state, "stated")).items()})
    return builder


def _nothing_to_embed(texts: Sequence[tuple[str, str]]) -> np.ndarray:
    raise AssertionError(f"{len(texts)} texts to embed")


def _describe_all(builder: Builder, suggestions: list[Suggestion]) -> None:
    """Facets follow from members and suggestions; the vectors of interests are there already."""
    for suggestion in suggestions:
        row = builder._row[suggestion.member]
        builder._suggestions[row][suggestion.id] = suggestion
        builder._read_from[suggestion.message].add(row)
    for row, member in enumerate(builder._members):
        if member is not None and (member.has_profile or row in builder._suggestions):
            builder._describe(row)
    builder._dirty_members.clear()


# -- words and vectors -----------------------------------------------------------------------------------------------


def _words(builder: Builder) -> State:
    tokens = builder._words.by_message
    counts = builder._words.counts
    return {
        **_lists({message: words for message, (_, words) in tokens.items()}),
        "authors": _integers(author for author, _ in tokens.values()),
        "shape": np.array(counts.shape),
        "data": counts.data.copy(),
        "indices": counts.indices.copy(),
        "indptr": counts.indptr.copy(),
    }


def _take_words(builder: Builder, state: State) -> None:
    pairs = zip(_unlist(state).items(), _numbers(state["authors"]), strict=True)
    builder._words.by_message = {message: (author, words) for (message, words), author in pairs}
    at = tuple(_array(state, name) for name in ("data", "indices", "indptr"))
    builder._words.counts = sp.csr_matrix(at, shape=tuple(_numbers(state["shape"])))


def _vectors(builder: Builder) -> State:
    there = [row for row, vector in enumerate(builder._passage_vectors) if vector is not None]
    facets, needs, d = list(builder._facet_vectors), list(builder._need_vectors), builder.dimension
    return {
        "owner": builder._passage_owner.values.copy(),
        "asked": builder._passage_asked.values.copy(),
        "passages": _integers(there),
        "of_passages": _half([builder._passage_vectors[row] for row in there], d),
        "facet_rows": _integers(row for row, _ in facets),
        "facet_texts": [text for _, text in facets],
        "of_facets": _half(builder._facet_vectors.values(), d),
        "projects": list(builder._project_vectors),
        "of_projects": _half(builder._project_vectors.values(), d),
        "need_projects": [project for project, _ in needs],
        "need_texts": [text for _, text in needs],
        "of_needs": _half(builder._need_vectors.values(), d),
    }


def _take_vectors(builder: Builder, state: State) -> None:
    owner = _array(state, "owner")
    builder._passage_owner = Column(np.int32, owner)
    builder._passage_asked = Column(np.int32, _array(state, "asked"))
    builder._passage_vectors = [None] * len(owner)
    for row, vector in zip(_numbers(state["passages"]), _array(state, "of_passages"), strict=True):
        builder._passage_vectors[row] = vector
    builder._owned = defaultdict(list)
    for passage, row in enumerate(owner.tolist()):
        if row >= 0:
            builder._owned[row].append(passage)
    facets = zip(_numbers(state["facet_rows"]), state["facet_texts"], strict=True)
    builder._facet_vectors = dict(zip(facets, _array(state, "of_facets"), strict=True))
    builder._project_vectors = dict(zip(state["projects"], _floats(state, "of_projects"), strict=True))
    needs = zip(state["need_projects"], state["need_texts"], strict=True)
    builder._need_vectors = dict(zip(needs, _floats(state, "of_needs"), strict=True))


def _take_index(builder: Builder, state: State) -> None:
    """The vectors of the index are those of the passages; only what was trained on them is kept apart."""
    index, passages = _part(state, "index"), _array(state, "vectors.passages")
    places = np.searchsorted(passages, _array(index, "ids"))
    if not np.array_equal(passages[places], index["ids"]):
        raise ValueError("an index of passages without vectors")
    builder._index = LiveIndex.from_state(
        {
            **{name: _array(index, name) for name in ("ids", "ivf", "trained_on")},
            "vectors": _array(state, "vectors.of_passages")[places],
        }
    )


def _interests(builder: Builder) -> State:
    kept = builder._interests.freeze(len(builder._ids)).stored()
    return {
        "interests": np.ascontiguousarray(kept["values"]),
        "interest_scales": np.ascontiguousarray(kept["scale"]),
    }


def _take_interests(builder: Builder, state: State) -> None:
    values = _array(state, "interests")
    kept = np.empty(values.shape[:-1], quantized_vector(values.shape[-1]))
    scales = _array(state, "interest_scales")
    if scales.shape != kept.shape:
        raise ValueError(f"{scales.shape} scales of {kept.shape} interests")
    kept["values"], kept["scale"] = values, scales
    builder._interests.fill(kept)
    builder._centre.total = builder._interests.freeze(len(builder._ids)).sum(0)


def _readings(builder: Builder) -> State:
    """Of passages, and of members what they add up to; what facets do is read again."""
    d, n = len(builder._passage_owner), len(builder._ids)
    passages = builder._readings.freeze(d).take(np.arange(d))
    pieces = builder._pieces.freeze(n).take(np.arange(n))
    return {
        "of_passages": passages.astype(np.float16),
        "cues": builder._passage_cues.values.copy(),
        "pieces": pieces,
        "replies": list(builder._replies),
        "asked": list(builder._replies.values()),
        **{
            f"words.{name}": value
            for name, value in _lists({str(row): words for row, words in builder._interest_words.items()}).items()
        },
    }


def _take_readings(builder: Builder, state: State) -> None:
    builder._readings.fill(_floats(state, "of_passages"))
    builder._passage_cues = Column(np.int8, _array(state, "cues"))
    builder._pieces.fill(_array(state, "pieces"))
    for message, asked in zip(state["replies"], state["asked"], strict=True):
        builder._note_reply(message, asked)
    for member, words in _unlist(_part(state, "words")).items():
        builder._interest_words.set(int(member), words)


# -- the event log ----------------------------------------------------------------------------------------------------


def _ledger_state(event_log: EventLog) -> State:
    state: State = {name: getattr(event_log, name).values.copy() for name in LEDGER_COLUMNS}
    state |= {
        "messages": list(event_log.event_of),
        "message_events": _integers(event_log.event_of.values()),
        "thread_names": [name for _, name in event_log.threads],
        "thread_channels": _integers(channel for channel, _ in event_log.threads),
        "thread_numbers": _integers(event_log.threads.values()),
    }
    _put(state, "waiting", _lists(event_log._waiting))
    return state


def _event_log(state: State) -> EventLog:
    event_log = EventLog()
    for name, kind in LEDGER_COLUMNS.items():
        setattr(event_log, name, Column(kind, _array(state, name)))
    event_log.event_of = dict(zip(state["messages"], _numbers(state["message_events"]), strict=True))
    threads = zip(_numbers(state["thread_channels"]), state["thread_names"], strict=True)
    event_log.threads = dict(zip(threads, _numbers(state["thread_numbers"]), strict=True))
    event_log._waiting = {reply: events.tolist() for reply, events in _unlist(_part(state, "waiting")).items()}
    return event_log


# -- plumbing --------------------------------------------------------------------------------------------------------


def _put(state: State, prefix: str, part: Mapping[str, np.ndarray | list[str]]) -> None:
    for name, value in part.items():
        state[f"{prefix}.{name}"] = value


def _part(state: State, prefix: str) -> State:
    start = prefix + "."
    return {name.removeprefix(start): value for name, value in state.items() if name.startswith(start)}


def _array(state: State, name: str) -> np.ndarray:
    return np.asarray(state[name])


def _floats(state: State, name: str) -> np.ndarray:
    return _array(state, name).astype(np.float32)


def _numbers(values: np.ndarray | list[str]) -> Any:
    return np.asarray(values).tolist()


def _integers(values: Iterable[int]) -> np.ndarray:
    return np.fromiter(values, np.int64)


def _half(vectors: Iterable[np.ndarray | None], dimension: int) -> np.ndarray:
    return np.array(list(vectors), np.float16).reshape(-1, dimension)


def _lists(by_key: Mapping[str, Sequence[int] | np.ndarray]) -> State:
    """Lists of integers by key, end to end."""
    flat = [np.asarray(values, np.int32 if isinstance(values, np.ndarray) else np.int64) for values in by_key.values()]
    return {
        "keys": list(by_key),
        "sizes": _integers(map(len, flat)),
        "values": np.concatenate(flat) if flat else np.zeros(0, np.int32),
    }


def _unlist(state: State) -> dict[str, np.ndarray]:
    ends = np.cumsum(_array(state, "sizes"))
    values, starts = _array(state, "values"), ends - _array(state, "sizes")
    spans = zip(starts.tolist(), ends.tolist(), strict=True)
    return {key: values[start:end] for key, (start, end) in zip(state["keys"], spans, strict=True)}


def _texts(records: Iterable[Record | None]) -> list[str]:
    return [orjson.dumps(record).decode() for record in records]


def _record(kind: type[T], text: str) -> T:
    values = orjson.loads(text)
    for name, value in values.items():
        if type(value) is list:
            nested = _NESTED.get(name)
            values[name] = tuple(nested(**one) for one in value) if nested else tuple(value)
    return kind(**values)
