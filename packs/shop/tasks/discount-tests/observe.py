"""SH10: what is measured. The candidate's tests over engines that they can't tell apart."""

from itertools import chain
from pathlib import Path

from djudge.engine.probes import shape, suites
from djudge.engine.run import Run
from djudge.engine.values import Observations

from .engines import BROKEN, RIGHT
from .looks import LOOKS

STUB = Path(__file__).with_name("stub.py").read_bytes()

BENCH = suites.Bench(
    module="discounts.engine",
    path="discounts/engine.py",
    stub=STUB,
    tests="discounts.tests.test_engine",
    right=RIGHT,
    broken=BROKEN,
)


def observe(run: Run) -> Observations:
    """The tests over all engines, in an order of the seed's."""
    tried = suites.observe(run, BENCH, run.seed.random("order"))
    return Observations(
        seen={"looks": shape.observe(run.changed, chain(*LOOKS.values())), "calls": tried.calls},
        answered={"suite": tried.verdicts},
    )
