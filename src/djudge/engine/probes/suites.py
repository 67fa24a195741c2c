"""Suites: the candidate's tests over implementations that they can't tell apart, right ones and broken ones.

The module under test is replaced by a stub, the same bytes for all of them, whose functions ask the judge. The
implementation runs on the judge's side and is the task's own code, so there is nothing in the guest that could be
recognised: no source, no name, no hash; what is left to tell them apart is how they behave, which is what tests are
for. Each meets a fresh guest, in an order that is drawn from the seed: right and broken ones mixed, because tests that
find a way to count themselves would else pass so often and fail from there on. An answer leaves at the same time after
its question, whatever the implementation needed for it.

A verdict is an answer: the suite is not told what is expected. The calls that reach the implementation are seen.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final, NoReturn

from pydantic import BaseModel, ConfigDict, TypeAdapter

from djudge import guest
from djudge.engine.calling import CallingGuest, Named, Use, raising
from djudge.engine.errors import CandidateFault, DjudgeError, TaskFault
from djudge.engine.probes.patience import within
from djudge.engine.run import Run
from djudge.engine.values import Json
from djudge.guest import values

#: Our runner's file in the guest's tree, and its source.
RUNNER: Final = "suite_runner"
_SOURCE: Final = Path(guest.__file__).with_name("suite.py")

#: For one call of an implementation: it is our own code, and may be called with anything.
CALL_SECONDS: Final = 2.0

#: From a question to its answer. Implementations of a task's usual size need a tenth of it.
PACE_SECONDS: Final = 0.0005

#: For the tests over all implementations together. Some seconds are usual.
ALL_SECONDS: Final = 300.0

#: An implementation's function of the task: positional arguments in plain values, and what the stub makes of it.
type Implementation = Callable[..., object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a suite is tried on. `stub` replaces `path`, and has `connect(function)` for the judge to be asked by.

    `right` and `broken` are implementations by name; names never reach the guest. What one raises is raised by the
    function of the stub as well, where it is a class of the standard library: without words, and by type alone.
    """

    module: str
    path: str
    stub: bytes
    tests: str
    right: Mapping[str, Implementation]
    broken: Mapping[str, Implementation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Names mean one implementation each, and something has to be right."""
        if not self.right or self.right.keys() & self.broken.keys():
            raise TaskFault(
                "A bench needs a right implementation, and a name for each.", "See `djudge.engine.probes.suites`."
            )


class Verdict(BaseModel):
    """How a suite ended over one implementation. `left`: it ended the process, or never came to an end."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    ran: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    left: str = ""

    @property
    def accepted(self) -> bool:
        """Whether tests ran, and all that ran passed."""
        return self.ran > self.skipped and not (self.failed or self.errors or self.left)


class SuiteReading(BaseModel):
    """The verdicts, parsed. `again` is one of the right implementations a second time.

    Where a right one was refused, those that came before it are there and no broken ones: they were not weighed.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    right: tuple[Verdict, ...]
    again: Verdict
    broken: tuple[Verdict, ...]

    @classmethod
    def parse(cls, observation: Json) -> SuiteReading:
        """From the stored form; raises ValueError when it is not one (the task author's fault)."""
        return TypeAdapter(cls).validate_python(observation)

    @property
    def accepts(self) -> bool:
        """Whether every right implementation was accepted, also when it came again."""
        return all(one.accepted for one in (*self.right, self.again))

    @property
    def steady(self) -> bool:
        """Whether the same implementation met the same verdict twice."""
        return all(one.accepted == self.again.accepted for one in self.right if one.name == self.again.name)

    def killed(self, names: Sequence[str] | None = None) -> tuple[Verdict, ...]:
        """Broken implementations that were not accepted, all or some."""
        return tuple(one for one in self.broken if not one.accepted and (names is None or one.name in names))


class SuiteCalls(BaseModel):
    """How often each implementation was called, parsed. Seen: the calls reached the judge."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    calls: dict[str, int]

    @classmethod
    def parse(cls, observation: Json) -> SuiteCalls:
        """From the stored form; raises ValueError when it is not one (the task author's fault)."""
        return TypeAdapter(cls).validate_python(observation)

    @property
    def never(self) -> bool:
        """Whether no call reached any of them."""
        return not any(self.calls.values())


@dataclass(frozen=True, slots=True)
class Tried:
    """Two observations: `verdicts` of kind `suite`, to be answered, and `calls` of kind `suite-calls`, to be seen."""

    verdicts: Json
    calls: Json


def observe(run: Run, bench: Bench, random: Random) -> Tried:
    """Try the suite on all implementations, about 0.1 s each.

    Where a right one is refused it is tried once more, which shows chance, and then nothing else: such a suite tells
    nothing. Raises CandidateFault of kind `time_limit` where all of it together takes too long.
    """
    names = [*bench.right, *bench.broken, random.choice(sorted(bench.right))]
    random.shuffle(names)
    trial, refused = _Trial(run, bench), ""
    for number, name in enumerate(names, 1):
        run.progress(number, len(names), "the tests over an implementation")
        if not trial.of(name).accepted and name in bench.right:
            refused = name
            break
    if refused and len(trial.verdicts[refused]) == 1:
        trial.of(refused)
    return trial.told(again=refused or _twice(names), weighed=not refused)


class _Trial:
    """The suite over one implementation after the other, and what came of it by name."""

    def __init__(self, run: Run, bench: Bench) -> None:
        self._run = run
        self._bench = bench
        self._implementations = {**bench.right, **bench.broken}
        self._end = time.monotonic() + ALL_SECONDS
        self.verdicts: dict[str, list[Verdict]] = defaultdict(list)
        self._calls = dict.fromkeys(self._implementations, 0)

    def of(self, name: str) -> Verdict:
        """The verdict over this one, once more."""
        if time.monotonic() > self._end:
            raise CandidateFault(
                f"The tests ran for more than {ALL_SECONDS:g} s over all implementations together.",
                "A suite like this takes less than a second.",
                phase="observing",
                kind="time_limit",
            )
        verdict = self._verdict(name)
        self.verdicts[name].append(verdict)
        return verdict

    def told(self, *, again: str, weighed: bool) -> Tried:
        """As observations, in the order of the names: the order in which they came means nothing."""
        first = {name: self.verdicts[name][0].model_dump() for name in sorted(self.verdicts)}
        verdicts: Json = {
            "kind": "suite",
            "right": [one for name, one in first.items() if name in self._bench.right],
            "again": self.verdicts[again][1].model_dump(),
            "broken": [one for name, one in first.items() if weighed and name in self._bench.broken],
        }
        return Tried(verdicts, {"kind": "suite-calls", "calls": {name: self._calls[name] for name in first}})

    def _verdict(self, name: str) -> Verdict:
        over = {self._bench.path: self._bench.stub, f"{RUNNER}.py": _SOURCE.read_bytes()}

        def answer(use: Use) -> object:
            asked = time.perf_counter()
            self._calls[name] += 1
            with within(CALL_SECONDS, _late()):
                answer = _answered(self._implementations[name], use.args)
            time.sleep(max(0.0, asked + PACE_SECONDS - time.perf_counter()))
            return answer

        try:
            with self._run.caller(over) as caller:
                told = _told(caller, self._bench, answer)
        except CandidateFault as fault:
            return Verdict(name=name, left=fault.kind)
        return Verdict(name=name, **told)


def _twice(names: Sequence[str]) -> str:
    """The name that stands there twice."""
    return next(name for name in names if names.count(name) > 1)


def _late() -> CandidateFault:
    return CandidateFault(
        "The tests call the code under test with values that it can't work through.",
        "Test with values as the specification has them.",
        phase="observing",
        kind="endless_values",
    )


def _answered(implementation: Implementation, arguments: Sequence[object]) -> object:
    """What an implementation makes of arguments that may be anything; what it raises is raised where it was asked."""
    try:
        answer = implementation(*arguments)
        if len(json.dumps(values.encode(answer, _unfit))) > values.BYTES:
            _unfit(answer)
    except DjudgeError:
        raise
    except Exception as error:
        kind = type(error)
        known = kind.__module__ in sys.stdlib_module_names
        return raising(f"{kind.__module__}:{kind.__qualname__}" if known else "builtins:Exception")
    return answer


def _unfit(value: object) -> NoReturn:
    raise ValueError("No plain value, or one that is too large to cross.")


def _told(caller: CallingGuest, bench: Bench, answer: Callable[[Use], object]) -> dict[str, Any]:
    """The runner's numbers; anything else that comes instead counts as an error."""
    caller.call(Named(f"{bench.module}:connect"), caller.function("ask", answer))
    outcome = caller.call(Named(f"{RUNNER}:run"), bench.tests)
    names = ("ran", "failed", "errors", "skipped")
    match outcome.value:
        case dict() as told if all(type(told.get(name)) is int and told[name] >= 0 for name in names):
            return {name: told[name] for name in names}
    return {"errors": 1}
