"""Where notebooks are executed: in processes of this machine, or by the workers of a cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.queues import SimpleQueue
from threading import Thread
from typing import Protocol

from tallybook.notebooks import execute, kernel_server
from tallybook.notebooks.execute import Job, Result

Told = tuple[str, int, int]
_SECONDS_TO_END = 3


class Pool(Protocol):
    """Executes jobs, and tells of each at which cell it is."""

    def submit(self, job: Job) -> Future[Result]:
        """Begin a job as soon as there is room."""

    def told(self) -> Iterator[Told]:
        """Notebook, number of its cell with code, and how many there are."""


def default_jobs() -> int:
    """As many as there are processors for this process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class LocalPool:
    """Processes of this machine, each of which executes one notebook at a time."""

    def __init__(self, jobs: int) -> None:
        # Forked workers have imported what this process has; elsewhere than on Linux libraries of
        # the system may not be used after a fork.
        self._context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        self._jobs = jobs
        self._others = multiprocessing.active_children()
        self._queue: SimpleQueue[Told] = self._context.SimpleQueue()
        self._executor = self._new_executor()

    def _new_executor(self) -> Executor:
        return ProcessPoolExecutor(
            self._jobs, mp_context=self._context, initializer=_begin, initargs=(self._queue,)
        )

    def begin(self) -> None:
        """Start the processes now; without this they start with the first job.

        They have what this process has imported, and should be forked before it has threads.
        """
        self._executor.submit(os.getpid).result()

    def submit(self, job: Job) -> Future[Result]:
        """Begin a job as soon as a process is free; a pool that broke is replaced."""
        try:
            return self._executor.submit(_execute, job)
        except BrokenExecutor:
            self._executor = self._new_executor()
            return self._executor.submit(_execute, job)

    def told(self) -> Iterator[Told]:
        """What the processes told of their cells."""
        while not self._queue.empty():
            yield self._queue.get()

    def stop(self) -> None:
        """End what runs, and leave no process behind."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        every = multiprocessing.active_children()
        processes = [process for process in every if process not in self._others]
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(_SECONDS_TO_END)
            if process.is_alive():
                process.kill()
                process.join()


@contextmanager
def local(jobs: int) -> Iterator[LocalPool]:
    """A pool of so many processes, which has ended when the context ends."""
    with kernel_server.warm():
        pool = LocalPool(jobs)
        try:
            yield pool
        finally:
            pool.stop()


_TOLD: list[SimpleQueue[Told]] = []


def _begin(queue: SimpleQueue[Told]) -> None:
    _TOLD[:] = [queue]
    # Ctrl-C reaches every process of a terminal; the one that holds the pool ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    Thread(target=_end_with_the_pool, daemon=True).start()


def _end_with_the_pool() -> None:
    """Who holds the pool ends its processes, unless it is killed: then they end by themselves."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _execute(job: Job) -> Result:
    return execute.execute(job, lambda *told: _TOLD[0].put(told))
