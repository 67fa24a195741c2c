"""From scored findings to bullets of the guide.

One rule: a bullet is shown when every check that was asked for it is, not shown when none is even partly, and
partly in between. So a raised finding, or one more `shown`, never lowers a bullet, and the order never
matters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from djudge.engine.errors import TaskFault
from djudge.engine.scoring.gates import apply_gates
from djudge.engine.scoring.model import MERIT, BulletScore, Check, Scored
from djudge.engine.values import BULLETS, Finding, Outcome


def score(findings: Iterable[Finding], checks: Sequence[Check]) -> tuple[BulletScore, ...]:
    """The bullets that a task serves, each with its outcome and the checks it rests on.

    Raises TaskFault when findings and checks don't fit together, or a bullet is not one of the guide's.
    """
    return merge(apply_gates(findings, checks))


def merge(scored: Iterable[Scored]) -> tuple[BulletScore, ...]:
    """Scored findings gathered by bullet, in the guide's order."""
    by_bullet: dict[str, list[Scored]] = defaultdict(list)
    for one in scored:
        if one.counts:
            by_bullet[_known(str(one.check.bullet))].append(one)
    return tuple(_bullet(name, by_bullet[name]) for name in BULLETS if name in by_bullet)


def together(outcomes: Iterable[Outcome]) -> Outcome:
    """Outcomes of one bullet's checks as one; those that say nothing of the candidate count neither way."""
    every = list(outcomes)
    telling = {outcome for outcome in every if outcome in MERIT}
    if not telling:
        failed = Outcome.INFRASTRUCTURE_ERROR in every
        return Outcome.INFRASTRUCTURE_ERROR if failed else Outcome.NOT_TESTED
    return telling.pop() if len(telling) == 1 else Outcome.PARTLY


def _bullet(name: str, scored: Sequence[Scored]) -> BulletScore:
    return BulletScore(
        bullet=name,
        level=BULLETS[name],
        outcome=together(one.outcome for one in scored),
        because=tuple(sorted(one.check.id for one in scored)),
    )


def _known(bullet: str) -> str:
    if bullet not in BULLETS:
        raise TaskFault(
            f"The task names the bullet “{bullet}”, which is not one of the guide's.",
            f"Use one of: {', '.join(BULLETS)}.",
        )
    return bullet
