"""One guest, as the judge holds it: ask, and end. All that it answers is taken as hostile bytes."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, NoReturn, Self

from djudge.engine.errors import CandidateFault
from djudge.engine.sandbox.calling import Event, TooManyUsesError
from djudge.engine.sandbox.channel import ClosedError, DeadlineError
from djudge.engine.sandbox.contract import Answer, Aside, CommandResult, Ending, Limits, Request
from djudge.engine.sandbox.doors import Doors
from djudge.engine.sandbox.exchange import Exchange, ResponseLimitError, ToldFault
from djudge.engine.sandbox.report import Report
from djudge.engine.values import Json
from djudge.guest.wire import WireError

#: What the judge says of each way to end early: a stable word, a sentence, a cure.
_WORDS: Final[dict[str, tuple[str, str, str]]] = {
    "time_limit": (
        "time_limit",
        "The code did not answer in time, which is {limits.request_seconds:g} s.",
        "Look for a loop or a wait without an end.",
    ),
    "wall_limit": (
        "time_limit",
        "The code ran for longer than {limits.wall_seconds:g} s.",
        "Look for a loop or a wait without an end.",
    ),
    "cpu_limit": (
        "cpu_limit",
        "The code used more than {limits.cpu_seconds:g} s of processor time.",
        "Look for a loop without an end, or work that grows too fast.",
    ),
    "memory_limit": (
        "memory_limit",
        "The code used more memory than {limits.memory_mb} MB.",
        "Read and keep less at once.",
    ),
    "process_limit": (
        "process_limit",
        "The code started too many processes or threads, or opened too many files.",
        "Close what is opened and start fewer.",
    ),
    "output_limit": ("output_limit", "The code printed without end.", "Remove the output."),
    "response_limit": ("response_limit", "An answer went on after its limit.", "Answer with less."),
    "unreadable": ("died", "The code hid from being measured.", ""),
    "use_limit": ("use_limit", "What the code was given was used without end.", "Look for a loop without an end."),
    "exited": ("died", "The process ended by itself.", "Look for a call of exit."),
    "signal": ("died", "The process was ended by a signal.", "Look for a crash in compiled code."),
    "stopped": ("died", "The process stopped talking.", "Leave open files alone that the code did not open."),
    "protocol": ("protocol", "The process answered in a form that no honest code has.", ""),
}
#: Likewise for what the guest tells of itself; its own words follow the sentence.
_TOLD: Final[dict[str, tuple[str, str]]] = {
    "syntax_error": ("A file is no valid Python.", "Mend the line; `python -m compileall .` finds such lines."),
    "import_error": (
        "An import failed.",
        "Look for a misspelt name. There are the project's own modules and the packages of its requirements only.",
    ),
    "settings_error": ("The settings can't be used.", "Mend or undo what was changed there."),
    "setup_error": ("The project does not start.", "Mend the line, or undo what was changed there."),
    "migration_error": (
        "The migrations can't be applied.",
        "Try `manage.py migrate` on the database as it was at the start.",
    ),
    "memory_limit": ("The code used too much memory.", "Read and keep less at once."),
    "exited": ("The code ends the process while it is loaded.", "Remove the call of exit."),
}
_SHOWN_OUTPUT: Final = 4000
#: The supervisor holds the wall limit; the judge waits a little longer, to hear it from there.
_GRACE_SECONDS: Final = 3.0


class Guest:
    """A running guest. Made by `Sandbox.spawn`; a context manager that stops it.

    After any `CandidateFault` the guest is stopped, because its state can't be known any more. Use it from
    one thread.
    """

    def __init__(
        self,
        *,
        run: str,
        limits: Limits,
        result: socket.socket,
        report: socket.socket,
        on_phase: Callable[[str], None],
        doors: Doors | None = None,
    ) -> None:
        self._doors = doors
        self._exchange = Exchange(run=run, limits=limits, result=result, report=report)
        self._report = Report(report)
        self._limits = limits
        self._on_phase = on_phase
        self._phase = "starting"
        self._is_ready = False
        self._answer_by = 0.0
        self._wall_end = time.monotonic() + limits.wall_seconds + _GRACE_SECONDS

    def attend(self, on_tick: Callable[[], None]) -> None:
        """Look after what the guest uses elsewhere (a database's disk) each tenth of a second that it is waited for.

        What `on_tick` raises comes out of `ready`, `http` or `wait`.
        """
        self._exchange.attend(on_tick)

    def listeners(self) -> tuple[socket.socket, ...]:
        """Sockets of the judge's on which the guest's calls arrive, in the order of its ports; none where it has none.

        They are the guest's: it closes them at its end. Faults as those of `ready`.
        """
        doors = self._doors
        return self._guarded(lambda: doors.take(self._wall_end)) if doors is not None else ()

    def accompany(self, aside: Aside | None) -> None:
        """Do this work of the judge's own whenever the guest is waited for, instead of any other; None: no more."""
        self._exchange.accompany(aside)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._report.has_failed:
            self.stop()

    def ready(self, deadline: float | None = None) -> None:
        """Wait until the guest can be asked, at most `deadline` seconds from now (else the wall limit).

        `CandidateFault` with what went wrong in `starting` or `migrating`; `SandboxUnavailable` if a layer
        of the jail could not be built; `InfrastructureError` if our own supervisor broke.
        """
        if self._is_ready:
            return
        end = self._wall_end if deadline is None else time.monotonic() + deadline
        told = self._guarded(lambda: self._exchange.await_ready(end, self._enter))
        if told is not None:
            self._raise_told(told)
        self._is_ready = True
        if self._phase != "running":
            self._enter("observing")

    def http(self, request: Request) -> Answer:
        """Ask the application once, within `request_seconds`; waits for `ready` first if nobody has."""
        self.begin(request)
        return self.answer()

    def begin(self, request: Request) -> None:
        """Send a request and do not wait; its `answer` has to come within `request_seconds` from now."""
        self.ready()
        end = self._answer_by = time.monotonic() + self._limits.request_seconds
        self._guarded(lambda: self._exchange.send(request, end))

    def answer(self) -> Answer:
        """The answer to what was begun last."""
        return self._guarded(lambda: self._exchange.receive_answer(self._answer_by))

    @property
    def stirs(self) -> bool:
        """Whether something has come from the guest, or it has gone; never waits."""
        return self._exchange.stirs()

    def give(self, number: int) -> None:
        """Let the guest use a collaborator of this number from now on."""
        self._exchange.calls.give(number)

    def begin_operation(self, fields: dict[str, Json]) -> int:
        """Have a guest of the kind `call` do something, and do not wait; the number that its result will have."""
        self.ready()
        return self._guarded(lambda: self._exchange.calls.begin(fields, self._soon()))

    def reply(self, use: int, fields: dict[str, Json]) -> None:
        """Answer a use of a collaborator."""
        self._guarded(lambda: self._exchange.calls.reply(use, fields, self._soon()))

    def event(self) -> Event:
        """The next result or use, within `request_seconds` from now."""
        return self._guarded(lambda: self._exchange.calls.receive(self._soon()))

    def event_within(self, seconds: float) -> Event | None:
        """The next result or use, or None where none comes in time: the guest goes on."""
        try:
            return self._guarded(lambda: self._exchange.calls.receive(time.monotonic() + seconds), patient=True)
        except DeadlineError:
            return None

    def _soon(self) -> float:
        return time.monotonic() + self._limits.request_seconds

    def wait(self) -> CommandResult:
        """The end of a command, at most until the wall limit. The guest is gone afterwards."""
        self.ready()
        status = self._guarded(lambda: self._exchange.await_exit(self._wall_end))
        return CommandResult(status=status, output=self.stop().output)

    def begin_stop(self) -> None:
        """Have the guest ended, without waiting for it: 4 ms that something else can be done in. Then `stop`."""
        self._report.begin_stop()

    def stop(self) -> Ending:
        """End the guest with all its children; they are gone when this returns. Once ended, the same answer again."""
        try:
            return self._report.stop()
        finally:
            self._exchange.close()
            if self._doors is not None:
                self._doors.close()

    def _enter(self, phase: str) -> None:
        self._phase = phase
        self._on_phase(phase)

    def _guarded[T](self, step: Callable[[], T], *, patient: bool = False) -> T:
        try:
            return step()
        except WireError:
            self._raise("protocol", self.stop())
        except ResponseLimitError:
            self._raise("response_limit", self.stop())
        except TooManyUsesError:
            self._raise("use_limit", self.stop())
        except DeadlineError:
            if patient:
                raise
            ending = self.stop()
            self._raise("time_limit" if ending.reason == "stopped" else ending.reason, ending)
        except ClosedError:
            ending = self._after_the_end()
            self._raise(ending.reason, ending)

    def _after_the_end(self) -> Ending:
        self._report.await_natural_end()
        return self.stop()

    def _raise(self, reason: str, ending: Ending) -> NoReturn:
        kind, what, cure = _WORDS[reason]
        what = what.format(limits=self._limits)
        detail = ending.output[-_SHOWN_OUTPUT:].decode("utf-8", "replace")
        raise CandidateFault(what, cure, phase=self._phase, kind=kind, detail=detail)

    def _raise_told(self, told: ToldFault) -> NoReturn:
        self.stop()
        kind = told.kind if told.kind in _TOLD else "setup_error"
        what, cure = _TOLD[kind]
        raise CandidateFault(
            f"{what} {told.what}",
            cure,
            phase=told.phase,
            kind=kind,
            detail=told.detail,
            file=told.file,
            line=told.line,
        )
