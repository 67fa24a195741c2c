"""Reads the files that authors write, and says of each what is wrong with it and on which line."""

from __future__ import annotations

import ast
import json
import stat
import tomllib
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from djudge.engine.packs.diagnostics import Diagnostics
from djudge.engine.packs.manifests import Manifest
from djudge.engine.packs.toml_lines import line_of, line_of_syntax_error

#: No file that an author writes by hand comes near it; a bigger one is a mistake.
MANIFEST_BYTES: Final = 256 * 1024

#: `tomllib` takes a time that grows with the square of the dots in a key; no line of ours has more than a few.
_DOTS: Final = 1000

#: What is wrong in a file is told so many times.
_SHOWN: Final = 20

SOURCE_BYTES: Final = 2 * 1024 * 1024


def read_text(file: Path, diagnostics: Diagnostics, *, limit: int = SOURCE_BYTES) -> str | None:
    """The text of an author's file, or None and a diagnostic. Links are followed only where they stay a plain
    file.
    """
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            diagnostics.error(file, None, "This is no plain file.", "Make it one.")
            return None
        if status.st_size > limit:
            diagnostics.error(file, None, f"The file is larger than {limit // 1024} KB.", "Make it smaller.")
            return None
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        diagnostics.error(file, None, "The file is missing.", "Write it; docs/how-to/task-template has one.")
    except UnicodeDecodeError as error:
        diagnostics.error(file, None, f"The file is not UTF-8 (byte {error.start}).", "Save it as UTF-8.")
    except OSError as error:
        diagnostics.error(file, None, f"The file can't be read ({error.strerror}).", "Make it a readable file.")
    return None


def read_manifest[M: Manifest](kind: type[M], file: Path, diagnostics: Diagnostics) -> tuple[M, str] | None:
    """A manifest and its text, or None and a diagnostic for every key that is wrong."""
    text = read_text(file, diagnostics, limit=MANIFEST_BYTES)
    if text is None:
        return None
    try:
        if any(line.count(".") > _DOTS for line in text.split("\n")):
            raise RecursionError
        as_json = json.dumps(tomllib.loads(text), default=str)
        return kind.model_validate_json(as_json), text
    except tomllib.TOMLDecodeError as error:
        line = line_of_syntax_error(error, text)
        diagnostics.error(file, line, f"This is not TOML: {error}.", "Mend the line, or the one above it.")
    except RecursionError:
        diagnostics.error(file, None, "The file nests too deeply.", "Write it as the reference says.")
    except ValidationError as error:
        for details in error.errors(include_url=False)[:_SHOWN]:
            _report(details, file, text, diagnostics)
    except ValueError:
        diagnostics.error(file, None, "A number in it has thousands of digits.", "Write a shorter one.")
    return None


def _report(details: ErrorDetails, file: Path, text: str, diagnostics: Diagnostics) -> None:
    place = details["loc"]
    name = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    cure = "docs/reference/format-1.md says what may stand here."
    match details["type"]:
        case "missing":
            message = f"`{name}` is missing."
        case "extra_forbidden":
            message = f"`{name}` is not a key of this file."
        case _:
            message = f"`{name}`: {details['msg']}."
    diagnostics.error(file, line_of(text, place), message, cure)


def check_python(file: Path, functions: dict[str, int], diagnostics: Diagnostics) -> None:
    """That a file is Python and defines these functions with as many arguments; nothing of it is run."""
    text = read_text(file, diagnostics)
    if text is None:
        return
    try:
        body = ast.parse(text, filename=str(file)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = error.lineno if isinstance(error, SyntaxError) else None
        diagnostics.error(file, line, f"This is not Python: {error}.", "Mend it.")
        return
    defined = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
    for name, arguments in functions.items():
        _check_function(file, name, arguments, defined.get(name), diagnostics)


def _check_function(
    file: Path, name: str, arguments: int, node: ast.FunctionDef | None, diagnostics: Diagnostics
) -> None:
    if node is None:
        diagnostics.error(file, None, f"No function `{name}` is defined here.", "Define it at the top level.")
    elif len(node.args.posonlyargs) + len(node.args.args) != arguments:
        diagnostics.error(file, node.lineno, f"`{name}` takes another number of arguments.", f"Give it {arguments}.")
