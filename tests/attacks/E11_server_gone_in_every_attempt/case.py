"""Brings the server down in every attempt, so that a bad result becomes a fault of ours, which costs nobody anything.

No plain role is known to be able to; the judge's own hand stands in for one that is. Three times the same fault on
sound ground is the submission's.
"""

from collections.abc import Callable

from tests.attacks.battery import Field, Outcome
from tests.attacks.hostile_shop import cluster_of

from djudge.engine.grade import ATTEMPTS, grade
from djudge.engine.packs.seeds import local_seed
from djudge.engine.reports.document import Report

REASON = "resource_limit"


def attempt(field: Field) -> Outcome:
    report = _graded(field, times=ATTEMPTS)
    earned = [one.check for one in report.findings if one.outcome in ("shown", "partly")]
    return Outcome(succeeded=bool(earned), reason=report.fault.kind if report.fault else f"earned {earned}")


def control(field: Field) -> Outcome:
    """A fault that does not come again costs nobody anything: the retry is graded."""
    report = _graded(field, times=1)
    return Outcome(succeeded=report.fault is None, reason=str(report.fault))


def _graded(field: Field, times: int) -> Report:
    return grade(
        field.slot, field.task, field.submission(field.solution("expert")), local_seed(field.task), _kill(field, times)
    )


def _kill(field: Field, times: int) -> Callable[[str, str], None]:
    """Ends the server when the second size is being measured, that many times."""
    killed: list[object] = []

    def tell(phase: str, what: str) -> None:
        server = cluster_of(field)._process if what.startswith("2 of") else None
        if server is not None and len(killed) < times and server not in killed:
            killed.append(server)
            server.kill()

    return tell
