"""`make attacks`: a line a case, then the total and how many attacks succeeded."""

from __future__ import annotations

import sys
import time

from tests.attacks.battery import Case, Field, Traces, cases


def main() -> int:
    """0 when no attack succeeded, each for its reason, each with a control that shows it real."""
    succeeded = wrong = 0
    found = cases()
    with Field() as field:
        for case in found:
            began = time.monotonic()
            attack_succeeded, complaint = judge(case, field)
            succeeded += attack_succeeded
            wrong += bool(complaint) and not attack_succeeded
            mark = "SUCCEEDED" if attack_succeeded else ("UNPROVED " if complaint else "refused  ")
            print(f"{mark} {case.id} {case.title} [{complaint or case.reason}] {time.monotonic() - began:.1f} s", flush=True)
    print(f"{len(found)} attacks, {succeeded} succeeded, {wrong} without proof")
    return 1 if succeeded or wrong else 0


def judge(case: Case, field: Field) -> tuple[bool, str]:
    """Whether the attack succeeded, and what is wrong with the case otherwise."""
    before = Traces.taken(field.identity)
    outcome = case.attempt(field)
    if outcome.succeeded:
        return True, outcome.reason
    if outcome.reason != case.reason:
        return False, f"stopped by {outcome.reason!r}, not by {case.reason!r}"
    left = Traces.taken(field.identity).left_since(before)
    if left:
        return True, f"left behind: {', '.join(left[:5])}"
    control = case.control(field)
    if not control.succeeded:
        return False, f"the control was stopped too, by {control.reason!r}"
    return False, ""


if __name__ == "__main__":
    sys.exit(main())
