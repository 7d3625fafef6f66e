"""The threads that calls run on."""

from __future__ import annotations

import gc
import threading
import time

from service.api.interceptors.threads import CallThreads

SECONDS = 30.0


def test_all_calls_run_also_those_for_which_there_is_no_thread_yet() -> None:
    pool, let_go, ran = CallThreads(2, "few", stay=False), threading.Event(), threading.Semaphore(0)
    names = set()

    def call() -> None:
        assert let_go.wait(SECONDS)
        names.add(threading.current_thread().name)
        ran.release()

    for _ in range(20):
        pool.submit(call)
    let_go.set()
    assert all(ran.acquire(timeout=SECONDS) for _ in range(20))
    assert names == {"few_1", "few_2"}


def test_one_call_after_the_other_takes_one_thread() -> None:
    pool, names = CallThreads(8, "hot", stay=False), set()
    for _ in range(50):
        done = threading.Event()
        pool.submit(lambda done: (names.add(threading.current_thread().name), done.set()), done)
        assert done.wait(SECONDS)
        time.sleep(0.005)
    assert names == {"hot_1"}


def test_a_fault_ends_no_thread() -> None:
    pool, done = CallThreads(1, "one", stay=False), threading.Event()
    pool.submit(lambda: 1 // 0)
    pool.submit(done.set)
    assert done.wait(SECONDS)


def test_calls_from_many_threads_at_once_are_each_run_once() -> None:
    pool, counts, lock, all_ran = (
        CallThreads(4, "many", stay=False),
        [0] * 800,
        threading.Lock(),
        threading.Semaphore(0),
    )

    def call(number: int) -> None:
        with lock:
            counts[number] += 1
        all_ran.release()

    def submit(first: int) -> None:
        for number in range(first, first + 100):
            pool.submit(call, number)

    callers = [threading.Thread(target=submit, args=(100 * n,)) for n in range(8)]
    for caller in callers:
        caller.start()
    assert all(all_ran.acquire(timeout=SECONDS) for _ in range(800))
    assert counts == [1] * 800


def test_threads_end_with_their_pool() -> None:
    pool, done = CallThreads(2, "gone", stay=False), threading.Event()
    pool.submit(done.set)
    assert done.wait(SECONDS)
    del pool
    gc.collect()
    until = time.monotonic() + SECONDS
    while any(thread.name.startswith("gone_") for thread in threading.enumerate()):
        assert time.monotonic() < until
        time.sleep(0.01)
