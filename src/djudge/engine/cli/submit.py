"""`djudge submit`: the work of one's own editor, sent to the platform that asked for it."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console

from djudge.engine.cli.library import existing
from djudge.engine.cli.platform import (
    ChangedElsewhereError,
    Link,
    NoAnswerError,
    Platform,
    TooOftenError,
    link_of,
    read_link,
)
from djudge.engine.cli.progress import Progress
from djudge.engine.errors import InfrastructureError, OperatorFault, SubmissionRefused
from djudge.engine.packs.folder_reading import read_folder
from djudge.engine.packs.submission import TASK_FILE
from djudge.engine.packs.workspace import Mark, mark_text, read_mark
from djudge.engine.reports.safe_text import line

#: Somewhere else was saved meanwhile; nothing is wrong with the call.
CONFLICT: Final = 1
#: How long nobody may answer while the grading is waited for.
PATIENCE_SECONDS: Final = 60.0

_FINISHED: Final = ("graded", "our_fault")
_OUTCOMES: Final = {"shown": "shown", "partly": "partly", "not_shown": "not shown", "not_tested": "not tested"}


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--link", envvar="DJUDGE_LINK", help="Your link to the task, as the browser shows it.")
@click.option("--address", help="Instead of a link: where the platform is, and --token.")
@click.option("--token", envvar="DJUDGE_TOKEN", help="What stands behind /work/ in the link.")
@click.option("--task", "position", type=click.IntRange(1, 9999), help="Which task, where the link does not say it.")
@click.option("--save-only", is_flag=True, help="Save, and hand nothing in.")
@click.option("--overwrite", is_flag=True, help="Replace what was saved elsewhere meanwhile.")
@click.option("--no-wait", is_flag=True, help="Do not wait for the grading.")
@click.pass_context
def submit(
    context: click.Context,
    directory: Path,
    link: str | None,
    address: str | None,
    token: str | None,
    position: int | None,
    save_only: bool,
    overwrite: bool,
    no_wait: bool,
) -> None:
    """Send the workspace in DIR, downloaded from the page of a task, to the platform.

    It is saved, handed in, which is final, and the grading is waited for.

    The link is as good as a password: give it by DJUDGE_LINK where others see what you type.
    """
    platform = Platform(_link(link, address, token))
    files = read_folder(existing(directory))
    mark_path, mark = _mark_of(files)
    say = Console(highlight=False)
    with Progress(directory.name) as tell:
        tell("looking", "")
        place = _place(platform, position)
        found = _patiently(lambda: platform.state(place), tell)
        _require_open(found, mark, directory)
        tell("saving", "")
        version = None if overwrite else _version(mark)
        try:
            found = _patiently(lambda: platform.save(place, _packed(files), version), tell)
            _keep_mark(directory / mark_path, Mark(str(found["task"]), int(found["version"])))
            count = len(found.get("changed", ()))
            _say(say, f"Saved: {count} changed file{'' if count == 1 else 's'}, version {found['version']}.")
            if save_only:
                return
            tell("handing in", "")
            found = _patiently(lambda: platform.hand_in(place, int(found["version"])), tell)
        except ChangedElsewhereError:
            context.exit(_told_apart(_patiently(lambda: platform.state(place), tell), mark))
        _say(say, f"Handed in: {line(str(found['title']), 100)}.")
        if not no_wait:
            found = _waited_for(platform, place, found, tell)
    if not no_wait:
        _tell_result(say, found)


def _link(link: str | None, address: str | None, token: str | None) -> Link:
    if address and token:
        return link_of(address, token)
    if link and not address:
        return read_link(link)
    raise OperatorFault(
        "Where to?", "Name your link by --link or DJUDGE_LINK, or the platform by --address and --token."
    )


def _mark_of(files: Mapping[str, bytes]) -> tuple[str, Mark]:
    """What the workspace says of itself, at its top or in the one folder that the zip had."""
    tops = {path.partition("/")[0] for path in files}
    inside = f"{next(iter(tops))}/{TASK_FILE}" if len(tops) == 1 else TASK_FILE
    path = TASK_FILE if TASK_FILE in files else inside
    return path, read_mark(files.get(path, b"").decode("ascii", "replace"))


def _place(platform: Platform, position: int | None) -> int:
    """Which task: as it was said, as the link has it, or the only one."""
    if position or platform.link.position:
        return position or platform.link.position or 0
    tasks = platform.tasks()
    if len(tasks) == 1:
        return int(tasks[0]["position"])
    names = ", ".join(f"{each.get('position')} {line(str(each.get('title', '')), 60)}" for each in tasks)
    raise OperatorFault(
        "This link is for several tasks.", f"Take the link of the task's own page, or name it: --task N ({names})."
    )


def _require_open(found: Mapping[str, Any], mark: Mark, directory: Path) -> None:
    if mark.task and mark.task != found["task"]:
        raise OperatorFault(
            f"{directory} is the workspace of {mark.task}, and the link is for {line(str(found['task']), 80)}.",
            "Take the link of the right task, or the folder.",
        )
    if found["state"] == "closed":
        raise SubmissionRefused(
            line(str(found["says"])), "Open your link in the browser: it says what is kept.", kind="over"
        )
    if found["state"] != "open":
        raise SubmissionRefused(
            "This task was handed in.", "What came of it stands on its page in the browser.", kind="over"
        )


def _version(mark: Mark) -> int:
    """From which version the folder was made. One that does not say so counts as made from the beginning."""
    return mark.version if mark.version is not None else 0


def _packed(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return packed.getvalue()


def _keep_mark(file: Path, mark: Mark) -> None:
    """The folder is of this version from now on. One that can't be written to says so the next time."""
    fresh = file.with_name(f"{TASK_FILE}.new")
    try:
        fresh.unlink(missing_ok=True)
        with fresh.open("x", encoding="ascii") as opened:
            opened.write(mark_text(mark))
        os.replace(fresh, file)
    except OSError:
        return


def _told_apart(there: Mapping[str, Any], mark: Mark) -> int:
    """What stands where, when both sides were changed. The exit status."""
    console = Console(stderr=True, highlight=False)
    if there["state"] != "open":
        _require_open(there, Mark(""), Path())
    here = f"version {mark.version}" if mark.version is not None else "no version that it names"
    for words in (
        f"The workspace was changed elsewhere meanwhile: version {there['version']} is there, saved at "
        f"{line(str(there['saved_at']), 40)}; this folder was made from {here}.",
        "Both are kept: nothing was replaced there, and your folder is as it was. Nothing was handed in.",
        "What to do: look at it in the browser. `--overwrite` puts your folder in its place; to go on from theirs, "
        "download it into another folder.",
    ):
        _say(console, words)
    return CONFLICT


def _patiently(ask: Callable[[], dict[str, Any]], tell: Progress) -> dict[str, Any]:
    """Ask again where we asked too often, as late as we are told to."""
    while True:
        try:
            return ask()
        except TooOftenError as error:
            _sleep(error.seconds, tell, "waiting, because many ask at once", "")


def _waited_for(platform: Platform, place: int, found: dict[str, Any], tell: Progress) -> dict[str, Any]:
    """What came of the grading. It goes on whoever waits: a network that is away for a moment ends nothing."""
    heard, begun = time.monotonic(), time.monotonic()
    while found["state"] not in _FINISHED:
        phase = f"place {found['place']} in the queue" if found.get("place") else str(found.get("phase", ""))
        _sleep(2 if time.monotonic() - begun < 30 else 5, tell, "grading", phase)
        try:
            found = _patiently(lambda: platform.state(place), tell)
            heard = time.monotonic()
        except (NoAnswerError, InfrastructureError):
            if time.monotonic() - heard > PATIENCE_SECONDS:
                raise NoAnswerError(
                    "It is handed in, and the platform does not answer any more.",
                    "The grading goes on without you: look at your link in the browser later.",
                ) from None
    return found


def _sleep(seconds: float, tell: Progress, phase: str, what: str) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        tell(phase, what)
        time.sleep(min(left, 0.5))


def _tell_result(console: Console, found: Mapping[str, Any]) -> None:
    if found["state"] == "our_fault":
        _say(console, "It could not be graded, and that is our fault: it says nothing about your work. It is kept.")
        return
    _say(console, f"Graded: {line(str(found.get('headline', '')), 200)}.")
    for each in found.get("bullets", ()):
        outcome = _OUTCOMES.get(str(each.get("outcome")), "")
        _say(console, f"  {outcome:<11} {line(str(each.get('name') or each.get('bullet')), 100)}")
    _say(console, "The whole report is on the page of the task, by your link.")


def _say(console: Console, words: str) -> None:
    console.print(words, markup=False, soft_wrap=True)
