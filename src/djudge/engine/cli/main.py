"""The `djudge` command. Each subcommand is a file; what they share is how they end.

Exit status: 0 done (whatever the candidate's result), 1 a verification failed, judging again would change a report, or
what is submitted was changed elsewhere meanwhile, 2 wrong use, 3 our fault; 130 after Ctrl-C.
"""

from __future__ import annotations

import click
from rich.console import Console

from djudge import __version__
from djudge.engine.cli.assess import assess
from djudge.engine.cli.assessments import assessments
from djudge.engine.cli.check import check
from djudge.engine.cli.doctor import doctor
from djudge.engine.cli.ending import end_in_order, leave
from djudge.engine.cli.grade import grade
from djudge.engine.cli.museum import museum
from djudge.engine.cli.rescore import rescore
from djudge.engine.cli.start import start
from djudge.engine.cli.submit import submit
from djudge.engine.cli.system import system
from djudge.engine.cli.tasks import tasks
from djudge.engine.cli.trial import trial
from djudge.engine.cli.verify import verify
from djudge.engine.errors import CandidateFault, DjudgeError, InfrastructureError, ProjectFault, TaskFault
from djudge.engine.reports.safe_text import visible
from djudge.engine.reports.words import BLAME, IN_THE_PROJECT


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="djudge")
def cli() -> None:
    """Find out at which level a Django developer works, by running and measuring their code."""


for command in (
    doctor, tasks, assessments, start, trial, submit, grade, assess, rescore, verify, system, museum, check,
):  # fmt: skip
    cli.add_command(command)


def main() -> None:
    """Run the command and leave with its status; an error is told as what happened, whose fault, what to do."""
    end_in_order()
    leave(run(cli))


def run(command: click.Command) -> int:
    """The command's exit status. Ctrl-C is 130, after everything that was started is gone."""
    try:
        status = command.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        Console(stderr=True).print("Stopped. Nothing was left running.")
        return 130
    except DjudgeError as error:
        _tell(error)
        return error.exit_code
    except Exception:
        Console(stderr=True).print_exception(show_locals=False)
        _tell(InfrastructureError("Something went wrong that should not.", "Please report it with what stands above."))
        return InfrastructureError.exit_code
    return status if isinstance(status, int) else 0


def _tell(error: DjudgeError) -> None:
    console = Console(stderr=True, highlight=False)
    said = error.detail if isinstance(error, ProjectFault) else ""
    blame = IN_THE_PROJECT if isinstance(error, ProjectFault) else BLAME[error.fault]
    for words in (said, f"{blame}: {error.what}", _where(error), error.cure and f"What to do: {error.cure}"):
        if words:
            console.print(visible(words), markup=False, soft_wrap=True)


def _where(error: DjudgeError) -> str:
    match error:
        case TaskFault(path=place, line=line) if place:
            return f"Where: {place}:{line}" if line else f"Where: {place}"
        case ProjectFault(place=place) if place:
            return f"Where: {place}"
        case CandidateFault(file=place, line=line) if place and place not in error.what:
            return f"Where: {place}:{line}" if line else f"Where: {place}"
        case _:
            return ""


if __name__ == "__main__":
    main()
