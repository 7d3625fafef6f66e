"""From tallies to matrices: activity, ties. Pure functions of what ran up to a moment."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from models.community.event_log import EventLog
from models.community.running import HALF_LIVES, Running
from models.community.sparse import by_column, by_row, rows_of
from models.community.tally import COUNTS
from models.community.view import Activity, Ties, inverse
from models.domain.records import DAY

NEWEST_SHARE = 1 / 8  # "recent" is this share of all events, so that quiet and busy communities are treated alike


def clock(event_log: EventLog) -> int:
    """The newest time of an event (microseconds), 0 when there is none."""
    return int(event_log.event_time.values[event_log.event_member.values >= 0].max(initial=0))


def activity(running: Running, n: int, channels: int, now: int) -> Activity:
    """Who does how much, when; see `Activity`."""
    rooms = (n, max(channels, 1))
    since = recent_since(running)
    newest = running.newest_events(since)
    member, time, weight = running.members_of(newest)
    first, last = running.did.span(n)
    by_channel = running.spoken.matrix(rooms, now)
    by_channel.data = np.log1p(by_channel.data)
    room_share, room_now = (
        running.spoken.fading(rooms, now, max(float(now - _quantile(running.times, q)), 1.0)) for q in (3 / 4, 15 / 16)
    )
    room_now.data = np.log1p(room_now.data)
    present = weight >= COUNTS
    day = (time[present] - since) // DAY
    days = _matrix(member[present], day, np.ones(len(day)), n, int(day.max(initial=0)) + 1)
    decayed = [running.did.by_row(n, now, 1 + half) for half in range(len(HALF_LIVES))]
    return Activity(
        total=running.did.by_row(n, now).astype(np.float32),
        recent=np.bincount(member, weight, minlength=n).astype(np.float32),
        decayed=np.stack(decayed, 1).astype(np.float32),
        newest=last,
        oldest=first,
        newest_open=running.seen.span(n)[1],
        recent_since=since,
        channel=unit_rows(by_column(by_channel, np.log1p(n / np.maximum(_spread(by_channel), 1)))),
        channel_recent=running.spoken.of(newest, rooms),
        room_share=rows_to_one(room_share),
        room_now=room_now,
        hours=_unit_dense(np.sqrt(running.hours.matrix((n, 24), now).toarray())),
        days=unit_rows(_binary(days)),
        answers=running.answered.matrix(rooms, now),
    )


def ties(running: Running, n: int, now: int) -> Ties:
    """Who dealt with whom in the open; see `Ties`."""
    square = (n, n)
    recent_both, near = running.met.matrix(square, now), running.near.matrix(square, now)
    for matrix in (recent_both, near):
        matrix.data = np.log1p(matrix.data)
    binary = running.met.ones(square)
    degree = np.diff(binary.indptr).astype(np.float32)
    scale = np.where(degree > 1, 1 / np.log(np.maximum(degree, 2)), 0).astype(np.float32)
    return Ties(
        binary=binary,
        decayed=running.dealt.matrix(square, now),
        adamic_adar=by_column(binary, scale),
        adamic_adar_decayed=by_column(recent_both, scale),
        recent_both=recent_both,
        near=near,
        threads=_threads(running, n, now),
        degree=degree,
        new_contacts=running.met.begun(n, recent_since(running)).astype(np.float32),
        projects_together=running.together.matrix(square, now),
    )


def pairs(source: np.ndarray, target: np.ndarray, n: int) -> sp.csr_matrix:
    """(N, N) symmetric boolean of the given pairs."""
    return _symmetric(source, target, np.ones(len(source)), n).astype(bool)


def recent_since(running: Running) -> int:
    """The time at which the newest eighth of events begins (microseconds)."""
    times = running.counting_times
    return int(times[int(len(times) * (1 - NEWEST_SHARE))]) if len(times) else 0


def unit_rows(matrix: sp.csr_matrix) -> sp.csr_matrix:
    """Rows scaled to unit length; zero rows stay."""
    return by_row(matrix, inverse(np.sqrt(_row_sums(matrix, np.square(matrix.data, dtype=np.float64)))))


def rows_to_one(matrix: sp.csr_matrix) -> sp.csr_matrix:
    """Rows scaled to the sum 1; zero rows stay."""
    return by_row(matrix, inverse(_row_sums(matrix, matrix.data)))


def _row_sums(matrix: sp.csr_matrix, data: np.ndarray) -> np.ndarray:
    """(rows,) float64 sums of data that stands like that of a matrix."""
    return np.bincount(rows_of(matrix), data, minlength=matrix.shape[0])


def _threads(running: Running, n: int, now: int) -> sp.csr_matrix:
    matrix = running.inside.matrix((n, max(running.threads, 1)), now)
    matrix.data = np.minimum(matrix.data, 1)
    return by_column(matrix, (1 / np.log(2 + _spread(matrix))).astype(np.float32))


def _spread(matrix: sp.csr_matrix) -> np.ndarray:
    """(columns,) in how many rows each is above 0."""
    return np.bincount(matrix.indices[matrix.data > 0], minlength=matrix.shape[1])


def _quantile(ascending: np.ndarray, share: float) -> float:
    """The time below which a share of these ascending times lies; 0 for none."""
    if not len(ascending):
        return 0.0
    at = share * (len(ascending) - 1)
    low, high = ascending[int(at)], ascending[min(int(at) + 1, len(ascending) - 1)]
    return float(low + (high - low) * (at - int(at)))


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
