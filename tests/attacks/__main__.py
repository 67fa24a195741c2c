"""`make attacks`: a line a case, then the total and how many attacks succeeded."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from djudge.engine.errors import InfrastructureError
from tests.attacks.battery import Case, Field, all_ids, cases, unbuilt
from tests.attacks.traces import Traces


def main(only: Sequence[str] = ()) -> int:
    """0 when no attack succeeded, each for its reason, each with a control that shows it real.

    `only` narrows it to cases whose id or name begins with one of these words.
    """
    succeeded = wrong = 0
    found = [case for case in cases() if not only or case.folder.startswith(tuple(only))]
    with Field() as field:
        for case in found:
            if case.needs_root and field.identity is None:
                print(f"needs root {case.id} {case.title}")
                continue
            began = time.monotonic()
            attack_succeeded, complaint = judge(case, field)
            succeeded += attack_succeeded
            wrong += bool(complaint) and not attack_succeeded
            mark = "SUCCEEDED" if attack_succeeded else ("UNPROVED " if complaint else "refused  ")
            print(
                f"{mark} {case.id} {case.title} [{complaint or case.reason}] {time.monotonic() - began:.1f} s",
                flush=True,
            )
    ids = {case.id for case in found}
    for one in unbuilt():
        if not only or one.id.startswith(tuple(only)):
            print(f"not built {one.id} {one.reason}")
    print(f"{len(found)} attacks of {len(ids)} ids, {succeeded} succeeded, {wrong} without proof")
    if not only:
        print(f"of {len(all_ids())} ids without a case: {', '.join(sorted(set(all_ids()) - ids)) or 'none'}")
    return 1 if succeeded or wrong else 0


def judge(case: Case, field: Field) -> tuple[bool, str]:
    """Whether the attack succeeded, and what is wrong with the case otherwise."""
    before = Traces.taken(field)
    try:
        outcome = case.attempt(field)
    except InfrastructureError as error:
        return True, f"broke the judge: {error}"
    if outcome.succeeded:
        return True, outcome.reason
    left = before.left_in(field)
    if left:
        return True, f"left behind: {', '.join(left[:5])}"
    if outcome.reason != case.reason:
        return False, f"stopped by {outcome.reason!r}, not by {case.reason!r}"
    control = case.control(field)
    if not control.succeeded:
        return False, f"the control was stopped too, by {control.reason!r}"
    if not field.honest_guest_answers():
        return True, "the next guest does not work"
    if not field.witness_still_reads():
        return True, "the witness no longer reads"
    return False, ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
