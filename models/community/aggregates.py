"""From the event log to matrices: activity, ties, who is connected. Pure functions of columns and a clock."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from models.community.event_log import PROJECT, EventLog
from models.community.timeline import Timeline
from models.community.view import Activity, Ties, inverse
from models.domain.records import DAY

HALF_LIVES = (3.0, 14.0, 60.0, 365.0)  # days
COUNTS = 0.2  # what an event counts, from which it says that somebody is here: a line said for the first or second time
NEWEST_SHARE = 1 / 8  # "recent" is this share of all events, so that quiet and busy communities are treated alike


def clock(event_log: EventLog) -> int:
    """The newest time of an event (microseconds), 0 when there is none."""
    return int(event_log.event_time.values[event_log.event_member.values >= 0].max(initial=0))


def letters(event_log: EventLog, n: int) -> tuple[np.ndarray, np.ndarray]:
    """(N,) letters said in the open, and how many of them are Chinese characters."""
    rows = np.flatnonzero((event_log.event_member.values >= 0) & (event_log.event_letters.values > 0))
    member = event_log.event_member.values[rows]
    said, cjk = event_log.event_letters.values[rows], event_log.event_cjk.values[rows]
    return np.bincount(member, said, n), np.bincount(member, cjk, n)


def activity(event_log: EventLog, order: Timeline, n: int, channels: int, now: int) -> Activity:
    """Who does how much, when; see `Activity`."""
    alive = event_log.event_member.values >= 0
    member = event_log.event_member.values[alive]
    time = event_log.event_time.values[alive]
    channel = event_log.event_channel.values[alive]
    weight = order.anew[alive]
    age = (now - time) / DAY
    counts = weight >= COUNTS
    since = recent_since(time[counts])
    recent = time >= since
    newest, oldest = _span(member[counts], time[counts], n)
    said = channel >= 0
    by_channel = _matrix(member[said], channel[said], weight[said] * 0.5 ** (age[said] / 30), n, channels)
    by_channel.data = np.log1p(by_channel.data)
    spread = np.asarray((by_channel > 0).sum(0)).ravel()
    by_channel = by_channel @ sp.diags(np.log1p(n / np.maximum(spread, 1)))
    in_recent = said & recent

    def faded(half: float) -> sp.csr_matrix:
        fading = weight[said] * np.exp2(-(now - time[said]) / max(half, 1.0))
        return _matrix(member[said], channel[said], fading, n, channels)

    room_share, room_now = map(faded, now - np.quantile(time, (3 / 4, 15 / 16)) if len(time) else (1.0, 1.0))
    room_now.data = np.log1p(room_now.data)
    present = recent & counts
    day = (time[present] - since) // DAY
    hours = np.bincount(member * 24 + (time // (DAY // 24)) % 24, weight, minlength=24 * n).reshape(n, 24)
    hours = hours.astype(np.float32)
    event = order.answer_event
    answers = _matrix(
        event_log.event_member.values[event],
        event_log.event_channel.values[event],
        0.5 ** ((now - event_log.event_time.values[event]) / DAY / 90),
        n,
        channels,
    )
    return Activity(
        total=np.bincount(member, weight, minlength=n).astype(np.float32),
        recent=np.bincount(member[recent], weight[recent], minlength=n).astype(np.float32),
        decayed=np.stack([np.bincount(member, weight * np.exp2(-age / h), n) for h in HALF_LIVES], 1).astype(
            np.float32
        ),
        newest=newest,
        oldest=oldest,
        recent_since=since,
        channel=unit_rows(by_channel),
        channel_recent=_matrix(member[in_recent], channel[in_recent], weight[in_recent], n, channels),
        room_share=rows_to_one(room_share),
        room_now=room_now,
        hours=_unit_dense(np.sqrt(hours)),
        days=unit_rows(_binary(_matrix(member[present], day, np.ones(len(day)), n, int(day.max(initial=0)) + 1))),
        answers=answers,
    )


def _span(member: np.ndarray, time: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """(n,) int64 newest and oldest time of each member, 0 where there is none."""
    newest, oldest = np.zeros(n, np.int64), np.zeros(n, np.int64)
    by_time = np.argsort(
        time, kind="stable"
    )  # nearly sorted as it is; where a row is written twice, the last one stays
    newest[member[by_time]] = time[by_time]
    oldest[member[by_time[::-1]]] = time[by_time[::-1]]
    return newest, oldest


def ties(event_log: EventLog, order: Timeline, n: int, now: int) -> Ties:
    """Who dealt with whom in the open; see `Ties`."""
    rows = event_log.live_contacts()
    rows = rows[event_log.contact_open.values[rows]]
    source, target = event_log.contact_source.values[rows], event_log.contact_target.values[rows]
    time, kind = event_log.contact_time.values[rows], event_log.contact_kind.values[rows]
    decayed = _square(source, target, 0.5 ** (np.maximum(now - time, 0) / DAY / 90), n)
    both = decayed + decayed.T
    recent_both = both.copy()
    recent_both.data = np.log1p(recent_both.data)
    binary = _binary(_symmetric(source, target, np.ones(len(rows)), n))
    degree = np.asarray(binary.sum(0)).ravel().astype(np.float32)
    scale = sp.diags(np.where(degree > 1, 1 / np.log(np.maximum(degree, 2)), 0).astype(np.float32))
    shared = kind == PROJECT
    return Ties(
        binary=binary,
        decayed=decayed,
        adamic_adar=(binary @ scale).tocsr(),
        adamic_adar_decayed=(recent_both @ scale).tocsr(),
        recent_both=recent_both.tocsr(),
        near=_near(event_log, order, n, now),
        threads=_threads(event_log, order, n, now),
        degree=degree,
        new_contacts=_new_contacts(source, target, time, n, recent_since(_event_times(event_log, order))),
        projects_together=_symmetric(source[shared], target[shared], np.ones(int(shared.sum())), n),
    )


def connected(event_log: EventLog, n: int) -> sp.csr_matrix:
    """(N, N) symmetric boolean: have dealt with each other, in whatever room."""
    rows = event_log.live_contacts()
    return pairs(event_log.contact_source.values[rows], event_log.contact_target.values[rows], n)


def pairs(source: np.ndarray, target: np.ndarray, n: int) -> sp.csr_matrix:
    """(N, N) symmetric boolean of the given pairs."""
    return _symmetric(source, target, np.ones(len(source)), n).astype(bool)


def recent_since(times: np.ndarray) -> int:
    """The time at which the newest eighth of events begins (microseconds)."""
    if not len(times):
        return 0
    at = int(len(times) * (1 - NEWEST_SHARE))
    return int(np.partition(times, at)[at])


def unit_rows(matrix: sp.csr_matrix) -> sp.csr_matrix:
    """Rows scaled to unit length; zero rows stay."""
    norm = np.sqrt(np.asarray(matrix.multiply(matrix).sum(1)).ravel())
    return (sp.diags(np.where(norm > 0, 1 / np.maximum(norm, 1e-12), 0)) @ matrix).tocsr().astype(np.float32)


def rows_to_one(matrix: sp.csr_matrix) -> sp.csr_matrix:
    """Rows scaled to the sum 1; zero rows stay."""
    total = np.asarray(matrix.sum(1)).ravel()
    return (sp.diags(inverse(total)) @ matrix).tocsr().astype(np.float32)


def _event_times(event_log: EventLog, order: Timeline) -> np.ndarray:
    return event_log.event_time.values[(event_log.event_member.values >= 0) & (order.anew >= COUNTS)]


def _near(event_log: EventLog, order: Timeline, n: int, now: int) -> sp.csr_matrix:
    seen = event_log.event_open.values[order.near_event] & (order.anew[order.near_event] >= COUNTS)
    event, before = order.near_event[seen], order.near_member[seen]
    weight = 0.5 ** ((now - event_log.event_time.values[event]) / DAY / 90)
    near = _symmetric(event_log.event_member.values[event], before, weight, n)
    near.data = np.log1p(near.data)
    return near


def _threads(event_log: EventLog, order: Timeline, n: int, now: int) -> sp.csr_matrix:
    seen = (order.thread >= 0) & event_log.event_open.values
    weight = 0.5 ** ((now - event_log.event_time.values[seen]) / DAY / 180)
    matrix = _matrix(event_log.event_member.values[seen], order.thread[seen], weight, n, order.threads)
    matrix.data = np.minimum(matrix.data, 1)
    size = np.asarray((matrix > 0).sum(0)).ravel()
    return (matrix @ sp.diags((1 / np.log(2 + size)).astype(np.float32))).tocsr()


def _new_contacts(source: np.ndarray, target: np.ndarray, time: np.ndarray, n: int, since: int) -> np.ndarray:
    low, high = np.minimum(source, target).astype(np.int64), np.maximum(source, target).astype(np.int64)
    key, at = low * n + high, np.argsort(time, kind="stable")
    first, index = np.unique(key[at], return_index=True)
    fresh = first[time[at][index] >= since]
    return (np.bincount(fresh // max(n, 1), minlength=n) + np.bincount(fresh % max(n, 1), minlength=n)).astype(
        np.float32
    )


def _matrix(rows: np.ndarray, columns: np.ndarray, values: np.ndarray, n: int, m: int) -> sp.csr_matrix:
    return sp.csr_matrix((values.astype(np.float32), (rows, columns)), shape=(n, max(m, 1)))


def _square(rows: np.ndarray, columns: np.ndarray, values: np.ndarray, n: int) -> sp.csr_matrix:
    return sp.csr_matrix((values.astype(np.float32), (rows, columns)), shape=(n, n))


def _symmetric(source: np.ndarray, target: np.ndarray, values: np.ndarray, n: int) -> sp.csr_matrix:
    one_way = _square(source, target, values, n)
    return (one_way + one_way.T).tocsr()


def _binary(matrix: sp.csr_matrix) -> sp.csr_matrix:
    out = matrix.copy()
    out.data = np.ones_like(out.data)
    return out


def _unit_dense(matrix: np.ndarray) -> np.ndarray:
    norm = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(np.divide(matrix, norm, out=np.zeros_like(matrix), where=norm > 0))
