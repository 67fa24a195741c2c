"""Changing the files of a work: each write names the version that it was made from, and overwrites no other."""

from __future__ import annotations

from django.db.models import DateTimeField, F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from djudge.web.grading import library
from djudge.web.grading.handing_in import Files
from djudge.web.workspace.models import Sitting, Work

#: For all changed files of one work together.
MOST_BYTES = 2_000_000


class OverError(Exception):
    """The time is over, or everything was handed in; the message says which. What was saved is kept."""


class ConflictError(Exception):
    """The work was changed from somewhere else since it was read; `version` is the present one."""

    def __init__(self, version: int) -> None:
        super().__init__(_("This was changed in another window meanwhile."))
        self.version = version


class NotAllowedError(ValueError):
    """A path or a text that can't be taken; the message says why."""


def save(work: Work, *, path: str, text: str, version: int) -> int:
    """Keep one changed file; the new version. One statement, and none where nothing changed.

    Raises ConflictError where `version` is not the present one, NotAllowedError for a path that is not to be changed
    or too much text, OverError when the time is over.
    """
    require_open(work)
    return _keep(work, _changed(work, work.files, path, text), version)


def make_file(work: Work, *, path: str, version: int) -> int:
    """Begin an empty file; the new version. One statement.

    Raises NotAllowedError where there is such a file already or must not be, and whatever `save` raises.
    """
    require_open(work)
    _require_free(work, path)
    return _keep(work, _changed(work, work.files, path, ""), version)


def rename_file(work: Work, *, path: str, to: str, version: int) -> int:
    """Give a file another name or folder; the new version. One statement. Raises what `make_file` raises."""
    require_open(work)
    _require_free(work, to)
    text = text_of(work, path)
    if text is None:
        raise NotAllowedError(_("There is no such file."))
    _require_editable(work, path)
    return _keep(work, _changed(work, {**_without(work, path), **_gone(work, path)}, to, text), version)


def delete_file(work: Work, *, path: str, version: int) -> int:
    """Take a file away; the new version. One statement. Raises NotAllowedError for one that is not to be changed."""
    require_open(work)
    if path not in paths_of(work):
        raise NotAllowedError(_("There is no such file."))
    _require_editable(work, path)
    return _keep(work, {**_without(work, path), **_gone(work, path)}, version)


def restore_file(work: Work, *, path: str, version: int) -> int:
    """Make a file again what it was in the beginning, a deleted one, too; the new version. One statement."""
    require_open(work)
    _require_editable(work, path)
    if path not in library.workspace(work.task).files:
        raise NotAllowedError(_("This file is yours: there was none in the beginning."))
    return _keep(work, _without(work, path), version)


def paths_of(work: Work) -> list[str]:
    """The files that there are now, by name."""
    every = {**library.workspace(work.task).files, **work.files}
    return sorted(path for path, text in every.items() if text is not None)


def text_of(work: Work, path: str) -> str | None:
    """A file as it is now; None where there is none such."""
    start = library.workspace(work.task).files
    return work.files.get(path, start.get(path)) if path in work.files or path in start else None


def _keep(work: Work, files: dict[str, str | None], version: int) -> int:
    """Keep these as the changed files, where nobody else kept others meanwhile."""
    if files == work.files and version == work.version:
        return work.version
    now = timezone.now()
    mine = Work.objects.filter(pk=work.pk, version=version, submission=None)
    first = Coalesce(F("first_saved_at"), now, output_field=DateTimeField())
    if not mine.update(files=files, version=F("version") + 1, first_saved_at=first, saved_at=now):
        present, submission = Work.objects.values_list("version", "submission").get(pk=work.pk)
        if submission is not None:
            raise OverError(_("This task was handed in."))
        raise ConflictError(present)
    work.files, work.version, work.saved_at = files, version + 1, now
    return work.version


def _without(work: Work, path: str) -> dict[str, str | None]:
    return {each: text for each, text in work.files.items() if each != path}


def _gone(work: Work, path: str) -> dict[str, str | None]:
    """What says that a file is gone: nothing, where there was none in the beginning."""
    return {path: None} if path in library.workspace(work.task).files else {}


def _changed(work: Work, files: Files, path: str, text: str) -> dict[str, str | None]:
    """Changed files with this one; a file that is as it was in the beginning is no changed one."""
    _require_editable(work, path)
    text = text.replace("\r\n", "\n")
    files = {**files, path: text}
    if library.workspace(work.task).files.get(path) == text:
        del files[path]
    _require_room(files)
    return files


def _require_room(files: Files) -> None:
    if sum(len(each.encode()) for each in files.values() if each) > MOST_BYTES:
        raise NotAllowedError(_("That is more text than can be taken."))


def _require_editable(work: Work, path: str) -> None:
    if not library.may_edit(work.task, path):
        raise NotAllowedError(_("%(path)s is not to be changed.") % {"path": path[:200]})


def _require_free(work: Work, path: str) -> None:
    """No file has this name, and none would lie in a file."""
    for each in paths_of(work):
        if each == path:
            raise NotAllowedError(_("There is a file of this name already."))
        if path.startswith(f"{each}/") or each.startswith(f"{path}/"):
            raise NotAllowedError(_("A file and a folder can't have the same name."))


def take_upload(work: Work, content: bytes, *, version: int | None = None) -> int:
    """Keep what an archive changed, in place of what was saved; the new version. One statement.

    Raises NotAllowedError with what is wrong with the archive, OverError when the time is over; where a `version` is
    named, ConflictError if another one was saved since, with other files.
    """
    require_open(work)
    try:
        files = library.uploaded(work.task, content)
    except library.UploadRefusedError as refused:
        raise NotAllowedError(str(refused)) from refused
    _require_room(files)
    if version is not None:
        return work.version if files == work.files else _keep(work, files, version)
    Work.objects.filter(pk=work.pk, submission=None).update(
        files=files, version=F("version") + 1, saved_at=timezone.now()
    )
    work.files, work.version = files, work.version + 1
    return work.version


def require_open(work: Work) -> None:
    """OverError where the work takes no changes any more, or not yet."""
    require_time(work.sitting)
    if work.submission_id is not None:
        raise OverError(_("This task was handed in."))
    if work.sitting.redo_started_at is not None and work.position != work.sitting.redo_of:
        raise OverError(_("Only the task that you do once more is open."))


def require_time(sitting: Sitting) -> None:
    """OverError before the start of a sitting and after its end."""
    if sitting.started_at is None:
        raise OverError(_("This has not begun yet."))
    if sitting.has_closed:
        raise OverError(_("This conversation has ended, and nothing more is kept of it."))
    if sitting.has_ended:
        raise OverError(_("This application has ended."))
    if sitting.handed_in_at is not None:
        raise OverError(_("You have said that this is all, or everything was handed in."))
    if sitting.is_out_of_time:
        raise OverError(_("The time is over. What was saved until then is kept, and is handed in for you."))
