"""Jobs of the kind "solve": rounds that are to be solved, each in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from models.rounds.spec.requests import Plan
from service.application import round_solving
from service.core.errors import CommunityNotFound, Unavailable, YiqiError
from service.jobs.solver import PREPARED, TookTooLong, Unsolvable, solved
from service.jobs.task import Task
from service.jobs.worker import Worker
from service.serving.runtime import Runtime
from service.store.contract import Job, Store, UnitOfWork


@contextmanager
def solving(store: Store, runtime: Runtime) -> Iterator[None]:
    """Rounds are solved until the block ends. `store` is the watched one of the runtime."""
    most = runtime.settings.solvers
    with closing(Worker(store, SolveRounds(store, runtime), most, runtime.jobs_asked, runtime.tell_jobs)) as worker:
        worker.start()
        yield


class SolveRounds:
    """See `Work`."""

    kind = round_solving.KIND

    def __init__(self, store: Store, runtime: Runtime) -> None:
        self._store = store
        self._runtime = runtime

    def do(self, task: Task) -> None:
        """See `Work.do`."""
        round_solving.finish(self._store, self._runtime, task.job, self._answer(task))

    def give_up(self, work: UnitOfWork, job: Job) -> None:
        """See `Work.give_up`."""
        round_solving.give_up(work, job)

    def _answer(self, task: Task) -> Plan | str:
        """The list, or why there is none, for people."""

        def report(share: float) -> None:
            task.report(PREPARED * share)

        try:
            report(0.0)
            return solved(task, *round_solving.prepared(self._store, self._runtime, task.job, report))
        except TookTooLong:
            return "Solving took longer than it may. Allow more seconds, or ask for less."
        except Unsolvable as problem:
            return f"The request cannot be solved: {problem}."
        except (Unavailable, CommunityNotFound):
            raise
        except YiqiError as problem:
            return problem.sentence
