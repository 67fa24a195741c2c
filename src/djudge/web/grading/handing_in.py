"""Files as they are kept (texts by path, None for one that was deleted) and as the engine takes them. No Django here:
the process that grades imports this, too."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from djudge.engine.errors import SubmissionRefused
from djudge.engine.packs.model import Task
from djudge.engine.packs.submission import Submission, read_submission, submission_of_files
from djudge.engine.packs.tree import start_tree

#: Texts by path; None for a file that was deleted.
type Files = Mapping[str, str | None]


def as_submission(task: Task, files: Files) -> Submission:
    """The engine's submission; raises SubmissionRefused. Changed files say nothing of deleted ones, so where some are
    deleted the whole project is handed in.
    """
    texts = {path: text.encode() for path, text in files.items() if text is not None}
    if None not in files.values():
        return submission_of_files(task, texts)
    whole = {path: content for path, content in start_tree(task).items() if path not in files}
    return submission_of_files(task, {**whole, **texts})


def read_upload(task: Task, content: bytes) -> dict[str, str | None]:
    """What somebody changed who worked with tools of their own, from an archive: whole or the changed files alone.

    Raises SubmissionRefused with what is wrong and what to do; nothing of it is unpacked to disk, and nothing is run.
    """
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        file.write(content)
        file.flush()
        changed = read_submission(task, Path(file.name)).changed
    try:
        return {path: None if text is None else text.decode() for path, text in changed.items()}
    except UnicodeDecodeError as error:
        raise SubmissionRefused(
            "One of the files is no text in UTF-8.", "Hand in source text only.", kind="encoding"
        ) from error
