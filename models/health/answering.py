"""The first answer to each message; what an answer is stands in `models.health.threads`."""

from __future__ import annotations

import numpy as np

from models.community.event_log import REPLY
from models.health.history import Contacts, Messages
from models.health.threads import ANSWER_GAP, next_by_another


def first_answers(
    messages: Messages, contacts: Contacts, silent: np.ndarray | None = None, since: int = 0, until: int = 0
) -> np.ndarray:
    """(E,) int64 row of the message that first answers each message, -1 for none.

    With `silent` (rows of members), as if these had said nothing at all. With `until`, only messages from `since` to
    `until` (microseconds) and the answers to them are looked at.
    """
    low, high = 0, len(messages.time)
    if until:
        low, high = np.searchsorted(messages.time, [since, until + ANSWER_GAP])
    kept = np.zeros(len(messages.time), bool)
    kept[low:high] = True
    if silent is not None:
        kept[low:high] &= ~np.isin(messages.author[low:high], silent)
    rows = np.flatnonzero(kept)
    first = np.full(len(messages.time), len(messages.time), np.int64)
    if len(rows):
        first[rows] = _in_threads(messages, rows, len(first))
        answered, answer = _directly(messages, contacts, kept)
        np.minimum.at(first, answered, answer)
    first[first == len(first)] = -1
    return first


def _in_threads(messages: Messages, rows: np.ndarray, none: int) -> np.ndarray:
    threads = messages.threads
    place = next_by_another(threads.thread[rows], messages.author[rows], messages.time[rows], threads.gap)
    return np.where(place >= 0, rows[place], none)


def _directly(messages: Messages, contacts: Contacts, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(rows answered, rows answering) by replies and mentions among the messages that are kept."""
    replying = np.flatnonzero(kept & (messages.replies >= 0))
    said = np.flatnonzero((contacts.kind == REPLY) & (contacts.event >= 0))
    said = said[kept[contacts.event[said]]]
    # Whoever replies and mentions the same person answers what they reply to.
    replied = messages.replies[contacts.event[said]]
    mentions = said[(replied < 0) | (messages.author[replied] != contacts.target[said])]
    last = _last_said(messages, contacts.target[mentions], contacts.event[mentions])
    answered = np.concatenate([messages.replies[replying], last])
    answering = np.concatenate([replying, contacts.event[mentions]])
    fits = (answered >= 0) & (messages.author[answered] != messages.author[answering])
    answered, answering = answered[fits], answering[fits]
    late = messages.time[answering] - messages.time[answered]
    fits = kept[answered] & (late >= 0) & (late <= ANSWER_GAP)
    return answered[fits], answering[fits]


def _last_said(messages: Messages, member: np.ndarray, event: np.ndarray) -> np.ndarray:
    """The row of what each member said last in the channel of a message before it, -1 for nothing."""
    size = len(messages.time)
    rooms = int(messages.channel.max(initial=0)) + 1
    room = messages.author.astype(np.int64) * rooms + messages.channel
    key = room * size + np.arange(size)
    order = np.argsort(key, kind="stable")
    wanted = member.astype(np.int64) * rooms + messages.channel[event]
    place = np.searchsorted(key[order], wanted * size + event) - 1
    found = order[np.maximum(place, 0)]
    return np.where((place >= 0) & (room[found] == wanted), found, -1)
