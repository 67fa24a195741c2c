"""Processes that each have a slot of their own, and give it back when the work is stopped halfway."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from types import FrameType
from typing import Final, Protocol

_SIGNALS: Final = (signal.SIGINT, signal.SIGHUP)


type Tell = Callable[[str, str], None]


class SlotWork[Job, Result](Protocol):
    """A function that does one job in a slot of its own. What it tells is heard only in this process."""

    def __call__(self, job: Job, tell: Tell = ..., /) -> Result: ...


def work_in_slots[Job, Result](
    function: SlotWork[Job, Result], parts: Sequence[Job], *, jobs: int, tell: Tell
) -> Iterator[tuple[Job, Result]]:
    """Each part with its result as it is done: here one after the other, or in `jobs` processes at once."""
    if jobs > 1:
        yield from work_in_processes(function, parts, processes=jobs)
        return
    for part in parts:
        yield part, function(part, tell)


def work_in_processes[Job, Result](
    function: Callable[[Job], Result], jobs: Iterable[Job], *, processes: int
) -> Iterator[tuple[Job, Result]]:
    """Each job with its result, as they are done, so many at once. What a job raises is raised here.

    Stopped halfway (Ctrl-C, an error, a caller that does not go on), every process ends its job in order before this
    returns. For the main thread.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=processes, mp_context=context) as pool:
        with _unheard(_SIGNALS):  # workers hear of Ctrl-C from us alone
            working = {pool.submit(_work, function, job): job for job in jobs}
        try:
            for future in as_completed(working):
                yield working[future], future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in multiprocessing.active_children():
                worker.terminate()
            raise


def _work[Job, Result](function: Callable[[Job], Result], job: Job) -> Result:
    signal.signal(signal.SIGTERM, _stop)
    try:
        return function(job)
    except KeyboardInterrupt:
        os._exit(1)  # what the job had open is closed; other jobs wait in the queue, and nobody wants them
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _stop(number: int, frame: FrameType | None) -> None:
    """Once: the cleaning up that follows is not stopped."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def _unheard(numbers: Iterable[signal.Signals]) -> Iterator[None]:
    """What is started inside ignores these signals; so do we for that moment."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
