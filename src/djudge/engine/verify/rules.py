"""What a proved task must satisfy. Each rule is a pure function from trials to problems."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from djudge.engine.packs.model import SolutionKind, Task
from djudge.engine.packs.task_checks import UNTOUCHED
from djudge.engine.values import Outcome
from djudge.engine.verify.trial import Trial

#: The start is graded too, and the junk that answers anything.
JUNK = "junk/"

_EARNED = (Outcome.SHOWN, Outcome.PARTLY)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a task is not proved: the rule, and what its author has to look at."""

    rule: str
    what: str


type Rule = Callable[[Task, Sequence[Trial]], Iterator[Problem]]


def solutions_earn_what_they_declare(task: Task, trials: Sequence[Trial]) -> Iterator[Problem]:
    """Every check of every solution answers as its expected.toml says, with the findings and flags that it names."""
    for trial in trials:
        if trial.expected is None:
            continue
        for check, outcome in trial.outcomes.items():
            wanted = trial.expected.outcomes[check]
            if outcome != wanted:
                fault = f" (stopped: {trial.fault})" if trial.fault else ""
                yield _problem("as declared", trial, f"{check} is {outcome}, declared {wanted}{fault}")
        if trial.integrity != set(trial.expected.integrity):
            yield _problem(
                "as declared",
                trial,
                f"integrity findings {sorted(trial.integrity)}, declared {sorted(trial.expected.integrity)}",
            )
        if trial.red_flags != set(trial.expected.red_flags):
            yield _problem(
                "as declared",
                trial,
                f"red flags {sorted(trial.red_flags)}, declared {sorted(trial.expected.red_flags)}",
            )


def nothing_scores_nothing(task: Task, trials: Sequence[Trial]) -> Iterator[Problem]:
    """The start as the candidate receives it, and junk, earn no mark on any check."""
    for trial in trials:
        worthless = trial.solution == UNTOUCHED or trial.solution.startswith(JUNK)
        if worthless and trial.merit(task):
            yield _problem("nothing scores nothing", trial, f"earned {_marks(task, trial)}")


def cheats_gain_nothing(task: Task, trials: Sequence[Trial]) -> Iterator[Problem]:
    """No cheat earns a mark, and each leaves an integrity finding for a person."""
    for trial in trials:
        if trial.kind is SolutionKind.CHEAT:
            if trial.merit(task):
                yield _problem("cheats gain nothing", trial, f"earned {_marks(task, trial)}")
            if not trial.integrity:
                yield _problem("cheats are named", trial, "no integrity finding")


def better_work_earns_more(task: Task, trials: Sequence[Trial]) -> Iterator[Problem]:
    """junior < competent <= expert, for every seed."""
    for seed, named in _by_seed(trials).items():
        merits = [named[name].merit(task) for name in ("junior", "competent", "expert") if name in named]
        if len(merits) == 3 and not merits[0] < merits[1] <= merits[2]:
            yield Problem("order", f"seed {seed}: junior, competent, expert earn {merits}")


def no_check_is_dead(task: Task, trials: Sequence[Trial]) -> Iterator[Problem]:
    """Each check is failed by at least one honest but wrong or weaker solution."""
    killers = (SolutionKind.WRONG, SolutionKind.JUNIOR, SolutionKind.COMPETENT)
    for check in task.checks:
        if all(t.outcomes[check.id] is Outcome.SHOWN for t in trials if t.kind in killers):
            yield Problem("dead check", f"no wrong, junior or competent solution fails {check.id}")


def right_ways_are_accepted(task: Task, trials: Sequence[Trial]) -> Iterator[Problem]:
    """At least two alternatives, each in full on the task's main bullet."""
    alternatives = [trial for trial in trials if trial.kind is SolutionKind.ALTERNATIVE]
    if len({trial.solution for trial in alternatives}) < 2:
        yield Problem("alternatives", "fewer than two alternative solutions")
    main = [check.id for check in task.checks if check.bullet == task.bullets[0] and not check.gate]
    for trial in alternatives:
        lost = [check for check in main if trial.outcomes[check] is not Outcome.SHOWN]
        if lost:
            yield _problem("alternatives", trial, f"not in full on the main bullet: {', '.join(lost)}")


def same_run_same_report(task: Task, trials: Sequence[Trial]) -> Iterator[Problem]:
    """However often a solution is graded under a seed, its canonical report has one hash."""
    hashes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for trial in trials:
        hashes[trial.solution, trial.seed].add(trial.sha256)
    for (solution, seed), found in hashes.items():
        if len(found) > 1:
            yield Problem("sameness", f"{solution} under seed {seed} came to {len(found)} different reports")


def brief_and_checks_agree(task: Task, trials: Sequence[Trial]) -> Iterator[Problem]:
    """The brief names every check in the words of the task file, and stays short."""
    for check in task.checks:
        if check.asks not in task.brief:
            yield Problem("brief", f"brief.md does not say what {check.id} asks: {check.asks!r}")
    words = len(task.brief.split())
    if words > 400:
        yield Problem("brief", f"brief.md has {words} words; 400 is the limit")


RULES: tuple[Rule, ...] = (
    solutions_earn_what_they_declare,
    nothing_scores_nothing,
    cheats_gain_nothing,
    better_work_earns_more,
    no_check_is_dead,
    right_ways_are_accepted,
    same_run_same_report,
    brief_and_checks_agree,
)


def problems_of(task: Task, trials: Sequence[Trial]) -> tuple[Problem, ...]:
    """What all rules find, each once."""
    return tuple(dict.fromkeys(problem for rule in RULES for problem in rule(task, trials)))


def _problem(rule: str, trial: Trial, what: str) -> Problem:
    return Problem(rule, f"{trial.solution}: {what} (seed {trial.seed})")


def _marks(task: Task, trial: Trial) -> str:
    return ", ".join(f"{check} {outcome}" for check, outcome in trial.outcomes.items() if outcome in _EARNED)


def _by_seed(trials: Sequence[Trial]) -> dict[str, dict[str, Trial]]:
    found: dict[str, dict[str, Trial]] = defaultdict(dict)
    for trial in trials:
        found[trial.seed][trial.solution] = trial
    return found
