"""Uses the judge's collaborators without end: one after the other, and many at once that are never answered."""

from tests.attacks.battery import Field, Outcome
from tests.attacks.called import calling, refused_with

from djudge.engine.calling import HOLD, CallingGuest, Named
from djudge.engine.sandbox.calling import MOST_USES, MOST_WAITING

REASON = "use_limit"
FLOOD = """
import asyncio


def one_after_the_other(use, later, times):
    for _ in range(times):
        use("x" * 100)
    return "done"


async def at_once(use, later, times):
    await asyncio.gather(*(later(number) for number in range(times)))
"""


def _flood(caller: CallingGuest, name: str, times: int) -> object:
    use = caller.function("use")
    later = caller.function("later", lambda use: HOLD, is_async=True)
    return caller.call(Named(f"attack:{name}"), use, later, times, is_async=name == "at_once")


def attempt(field: Field) -> Outcome:
    reasons = set()
    for name, times in (("one_after_the_other", MOST_USES * 10), ("at_once", MOST_WAITING * 10)):
        outcome = refused_with(field, FLOOD, lambda caller, name=name, times=times: _flood(caller, name, times))  # type: ignore[misc]
        if outcome.succeeded:
            return outcome
        reasons.add(outcome.reason)
    return Outcome(succeeded=False, reason=" ".join(sorted(reasons)))


def control(field: Field) -> Outcome:
    """A few hundred uses are nobody's fault."""
    with calling(field, FLOOD) as caller:
        found = _flood(caller, "one_after_the_other", 300)
        seen = len(caller.uses)
    return Outcome(succeeded=seen == 300, reason=f"{found!r}, {seen} uses")
