"""Suites: the candidate's tests over implementations that they can't tell apart, right ones and broken ones.

The module under test is replaced by a stub, the same bytes for all of them, whose functions ask the judge. The
implementation runs on the judge's side and is the task's own code, so there is nothing in the guest that could be
recognised: no source, no name, no hash; what is left to tell them apart is how they behave, which is what tests are
for. Each implementation meets a fresh guest, in an order that is drawn from the seed. A verdict is an answer: the suite
is not told what is expected. The calls that reach the implementation are seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from djudge import guest
from djudge.engine.calling import CallingGuest, Named, Use
from djudge.engine.errors import CandidateFault
from djudge.engine.probes.patience import within
from djudge.engine.run import Run
from djudge.engine.values import Json

#: Our runner's file in the guest's tree, and its source.
RUNNER: Final = "suite_runner"
_SOURCE: Final = Path(guest.__file__).with_name("suite.py")

#: For one call of an implementation: it is our own code, and may be called with anything.
CALL_SECONDS: Final = 2.0

#: An implementation's function of the task: positional arguments in plain values, and what the stub makes of it.
type Implementation = Callable[..., object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a suite is tried on. `stub` replaces `path`, and has `connect(function)` for the judge to be asked by.

    `right` and `broken` are implementations by name; names never reach the guest.
    """

    module: str
    path: str
    stub: bytes
    tests: str
    right: Mapping[str, Implementation]
    broken: Mapping[str, Implementation] = field(default_factory=dict)


class Verdict(BaseModel):
    """How a suite ended over one implementation. `left`: it ended the process, or never came to an end."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    ran: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    calls: int = 0
    left: str = ""

    @property
    def accepted(self) -> bool:
        """Whether tests ran, and all that ran passed."""
        return self.ran > self.skipped and not (self.failed or self.errors or self.left)


class SuiteReading(BaseModel):
    """A suite observation, parsed. `again` is the first right implementation a second time."""

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
        return self.right[0].accepted == self.again.accepted

    def killed(self, names: Sequence[str] | None = None) -> tuple[Verdict, ...]:
        """Broken implementations that were not accepted, all or some."""
        return tuple(one for one in self.broken if not one.accepted and (names is None or one.name in names))


def observe(run: Run, bench: Bench, random: Random) -> Json:
    """Try the suite on all implementations: an observation of kind `suite`. About 0.1 s each.

    What is right comes first, and where any of it is refused nothing else is tried: such a suite tells nothing.
    """
    first, *others = random.sample(sorted(bench.right), len(bench.right))
    right = [_verdict(run, bench, name, bench.right[name]) for name in (first, *others)]
    again = _verdict(run, bench, first, bench.right[first])
    broken: list[Verdict] = []
    if all(one.accepted for one in (*right, again)):
        names = random.sample(sorted(bench.broken), len(bench.broken))
        for number, name in enumerate(names, 1):
            run.progress(number, len(names), "the tests over an implementation")
            broken.append(_verdict(run, bench, name, bench.broken[name]))
    return {
        "kind": "suite",
        "right": [one.model_dump() for one in right],
        "again": again.model_dump(),
        "broken": [one.model_dump() for one in sorted(broken, key=lambda one: one.name)],
    }


def _verdict(run: Run, bench: Bench, name: str, implementation: Implementation) -> Verdict:
    over = {bench.path: bench.stub, f"{RUNNER}.py": _SOURCE.read_bytes()}
    calls = 0

    def answer(use: Use) -> object:
        nonlocal calls
        calls += 1
        late = CandidateFault(
            "The tests call the code under test with values that it can't work through.",
            "Test with values as the specification has them.",
            phase="observing",
            kind="endless_values",
        )
        with within(CALL_SECONDS, late):
            return implementation(*use.args)

    try:
        with run.caller(over) as caller:
            told = _told(caller, bench, answer)
    except CandidateFault as fault:
        return Verdict(name=name, calls=calls, left=fault.kind)
    return Verdict(name=name, calls=calls, **told)


def _told(caller: CallingGuest, bench: Bench, answer: Callable[[Use], object]) -> dict[str, Any]:
    """The runner's numbers; anything else that comes instead counts as an error."""
    caller.call(Named(f"{bench.module}:connect"), caller.function("ask", answer))
    outcome = caller.call(Named(f"{RUNNER}:run"), bench.tests)
    names = ("ran", "failed", "errors", "skipped")
    match outcome.value:
        case dict() as told if all(type(told.get(name)) is int and told[name] >= 0 for name in names):
            return {name: told[name] for name in names}
    return {"errors": 1}
