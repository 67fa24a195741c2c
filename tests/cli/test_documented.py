"""The documentation says what is there: each command, option and variable, and no link that leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from djudge.engine.cli.main import cli
from djudge.engine.errors import CandidateFault, InfrastructureError, OperatorFault, SubmissionRefused, TaskFault
from djudge.engine.folders import packs_folder
from djudge.engine.packs.loading import discover

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (ROOT / "docs/reference/command.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md"), *ROOT.glob("packs/*/*.md")])

_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CALL = re.compile(r"(?:^\$ [^#\n]*?|`)djudge(?= |`)([^\n`|#]*)", re.MULTILINE)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def commands(group: click.Group, name: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by what has to be typed."""
    for word, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {word}")
        else:
            yield f"{name} {word}", command


COMMANDS = dict(commands(cli, "djudge"))


def sections() -> dict[str, str]:
    """The text of the reference below each heading that names a command."""
    parts = re.split(r"^## ", COMMAND, flags=re.MULTILINE)[1:]
    return {title: text for title, _, text in (part.partition("\n") for part in parts) if title.startswith("djudge ")}


def options(command: click.Command) -> set[str]:
    return {name for option in command.params if isinstance(option, click.Option) for name in option.opts}


def test_the_reference_has_every_command_and_no_other() -> None:
    assert set(sections()) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_reference_names_every_option_of_a_command_and_no_other(name: str) -> None:
    synopsis, _, rest = sections()[name].removeprefix("\n```\n").partition("\n```")
    listed = set(re.findall(r"^\| `(--?[a-z-]+)", rest, re.MULTILINE))
    assert listed == options(COMMANDS[name])
    assert set(re.findall(r"--[a-z-]+", synopsis)) == options(COMMANDS[name])
    assert synopsis.startswith(f"{name} [") or synopsis.startswith(f"{name} ")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_reference_names_the_arguments_of_a_command_in_their_order(name: str) -> None:
    synopsis = sections()[name].removeprefix("\n```\n").partition("\n```")[0]
    arguments = [each for each in COMMANDS[name].params if isinstance(each, click.Argument)]
    metavars = [each.make_metavar(click.Context(COMMANDS[name])) for each in arguments]
    assert synopsis.endswith(" ".join(metavars))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_call_that_a_page_shows_is_one_that_there_is(page: Path) -> None:
    for call in _CALL.findall(page.read_text(encoding="utf-8")):
        name = next((name for name in COMMANDS if f"djudge{call} ".startswith(f"{name} ")), None)
        assert name or call.strip() in {"--version", ""}, call
        known = options(COMMANDS[name]) if name else {"--version"}
        assert set(re.findall(r"(?<!\S)--[a-z-]+", call)) <= known, call


def test_the_reference_names_every_exit_status() -> None:
    told = set(re.findall(r"^\| (\d+) \|", COMMAND, re.MULTILINE))
    faults = (CandidateFault, SubmissionRefused, TaskFault, OperatorFault, InfrastructureError)
    assert told == {"1", "130"} | {str(fault.exit_code) for fault in faults}


def test_the_reference_names_every_variable_that_the_judge_reads_and_no_other() -> None:
    read = {
        variable
        for file in (ROOT / "src").rglob("*.py")
        for variable in re.findall(r'(?:environ(?:\.get\(|\[)|envvar=)"(DJUDGE_\w+)"', file.read_text(encoding="utf-8"))
    }
    assert set(re.findall(r"`(DJUDGE_\w+)`", COMMAND)) == read


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_to_one_and_to_a_heading_that_is_there(page: Path) -> None:
    broken = [link for link in links(page) if not leads_somewhere(page, link)]
    assert not broken


def test_every_page_is_in_the_index() -> None:
    index = ROOT / "docs/README.md"
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}
    pages = {
        page for kind in ("tutorial", "how-to", "reference", "explanation") for page in ROOT.glob(f"docs/{kind}/*.*")
    }
    assert pages <= linked


def test_what_the_tutorial_types_is_what_the_task_is_called() -> None:
    tutorial = (ROOT / "docs/tutorial/grade-your-first-submission.md").read_text(encoding="utf-8")
    (task,) = (task for task in discover(packs_folder()).tasks if task.id == "SH4")
    assert f"{task.id}  {task.title}\n" in tutorial
    assert f"{task.name} · level {task.level} · {task.minutes} minutes" in tutorial
    assert task.check("growth").title in tutorial


def links(page: Path) -> list[str]:
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    return [link for link in _LINK.findall(text) if not re.match(r"[a-z]+:", link)]


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists() or not target.is_relative_to(ROOT):
        return False
    return not anchor or anchor in anchors(target)


def anchors(page: Path) -> set[str]:
    """The names that a page's headings get where Markdown is shown: lower case, words joined, no punctuation."""
    headings = _HEADING.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
