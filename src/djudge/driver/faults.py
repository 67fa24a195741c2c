"""What went wrong, in the project's own terms: type, message, the line of the project nearest to it."""

import importlib
import traceback

from djudge.driver import places

_LONGEST = 4_000
_STEPS = 6


def told(error):
    """An exception as plain data."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "type": type(error).__name__,
        "message": str(error)[:1_000],
        "place": _place(frames),
        "trace": _trace(error, frames),
        "causes": [type(each).__name__ for each in _causes(error)],
    }


def _trace(error, frames):
    """The last steps on the way to it, without ours and those of Python's import."""
    files = (importlib.__file__, "<")
    theirs = [each for each in frames if not each.filename.startswith(files) and not places.is_ours(each.filename)]
    lines = [*traceback.format_list(theirs[-_STEPS:]), *traceback.format_exception_only(type(error), error)]
    return "".join(lines)[-_LONGEST:].rstrip()


def _causes(error):
    found = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _place(frames):
    """The innermost line of the project; without one the innermost line at all."""
    theirs = [each for each in frames if places.is_theirs(each.filename)]
    nearest = (theirs or [each for each in frames if not places.is_ours(each.filename)])[-1:]
    return f"{places.shown(nearest[0].filename)}:{nearest[0].lineno}" if nearest else ""
