"""From what the pipeline holds to the document: the one call of `grade`."""

from __future__ import annotations

from djudge.engine.environment import Environment
from djudge.engine.errors import CandidateFault, InfrastructureError
from djudge.engine.packs.model import Task
from djudge.engine.packs.observing import observations_from_json
from djudge.engine.packs.submission import Submission
from djudge.engine.packs.tree import task_digest
from djudge.engine.reports.assembling import assemble, fault_of, submission_facts
from djudge.engine.reports.document import EnvironmentFacts, ObservationFacts, Report, TaskFacts
from djudge.engine.reports.timing import Stopwatch
from djudge.engine.values import Budget, Judgement, Observations


def build_report(
    *,
    task: Task,
    submission: Submission,
    environment: Environment,
    isolated: bool,
    separated_by: str,
    observations: Observations,
    budget: Budget,
    judgement: Judgement,
    fault: CandidateFault | InfrastructureError | None,
    watch: Stopwatch,
) -> Report:
    """The report of a grading that has ended; stops the watch. With a `fault` the judgement is not looked at.

    Raises TaskFault when the judgement does not answer each check of the task exactly once.
    """
    phases = watch.phases(failed=fault is not None)
    run = watch.run().model_copy(update={"separated_by": separated_by})
    return assemble(
        task=_task_facts(task),
        checks=task.checks,
        environment=EnvironmentFacts(
            digest=environment.digest,
            seed=environment.seed,
            assessment=environment.assessment,
            pack_digest=environment.pack,
            python=environment.python,
            django=environment.django,
            postgres=environment.postgres,
        ),
        isolated=isolated,
        submission=submission_facts(submission.changed, submission.diffs),
        phases=phases,
        run=run,
        judgement=judgement,
        observations=observations,
        budget=budget,
        fault=fault_of(fault) if fault else None,
    )


def rebuild_report(stored: Report, task: Task, judgement: Judgement) -> Report:
    """The report that `build_report` would make today of a stored grading: the same run, judged anew.

    What was measured (environment, submission, phases, run, observations, budget) stays as it is stored; what is made
    of it (task, findings, bullets, headline, integrity, questions, digest) is new. Raises TaskFault as `build_report`.
    """
    return assemble(
        task=_task_facts(task),
        checks=task.checks,
        environment=stored.environment,
        isolated=stored.isolated,
        submission=stored.submission,
        phases=stored.phases,
        run=stored.run,
        judgement=judgement,
        observations=stored_observations(stored.observations),
        budget=stored_budget(stored),
    )


def stored_budget(stored: Report) -> Budget:
    """The budget that a report was judged by."""
    return {solution: stored_observations(facts) for solution, facts in stored.budget.items()}


def stored_observations(facts: ObservationFacts) -> Observations:
    """Observations as `judge` takes them, from those that a report holds."""
    return observations_from_json(facts.model_dump(mode="json"))


def as_stored(observations: Observations) -> Observations:
    """Observations as a report will hold them: judged in this form, a grading comes out the same when it is judged
    again. Control characters and lone surrogates of a hostile page are what differs.
    """
    return stored_observations(ObservationFacts(**observations.to_json()))


def _task_facts(task: Task) -> TaskFacts:
    return TaskFacts(
        pack=task.pack.name,
        id=task.id,
        title=task.title,
        version=task.version,
        level=task.level,
        minutes=task.minutes,
        digest=task_digest(task),
    )
