"""SH10: what is measured. The candidate's tests over engines that they can't tell apart."""

from pathlib import Path

from djudge.engine.probes import shape, suites
from djudge.engine.run import Run
from djudge.engine.values import Observations

from .engines import BROKEN, RIGHT

STUB = Path(__file__).with_name("stub.py").read_bytes()

#: Names by which tests look at what they run over instead of at what it does.
LOOKS = ("getsource", "getsourcelines", "getfile", "__code__", "co_code", "sha256", "md5", "read_text", "read_bytes")

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
        seen={"reads-the-source": shape.observe(run.changed, LOOKS), "calls": tried.calls},
        answered={"suite": tried.verdicts},
    )
