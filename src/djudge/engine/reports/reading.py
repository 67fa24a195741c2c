"""Reading a stored report again, as carefully as if a candidate had written it."""

from __future__ import annotations

import json
from typing import Final, NoReturn

from pydantic import ValidationError

from djudge.engine.errors import OperatorFault
from djudge.engine.reports.document import Report

MOST_BYTES: Final = 32 * 1024 * 1024


def read_report(content: bytes) -> Report:
    """A report from its JSON. Raises OperatorFault when it is not one of version 1.

    Refused are more than 32 MB, invalid UTF-8, duplicate keys, NaN, nesting beyond the parser's, unknown fields, and
    values of another type than the schema's (`"25"` is no number).
    """
    if len(content) > MOST_BYTES:
        raise _refused(f"it is larger than {MOST_BYTES // 1024**2} MB")
    try:
        json.loads(content.decode(), object_pairs_hook=_object, parse_constant=_no_constant)
        return Report.model_validate_json(content, strict=True)
    except UnicodeDecodeError as error:
        raise _refused("it is not UTF-8") from error
    except RecursionError as error:
        raise _refused("it is nested too deeply") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the document"
        raise _refused(f"{where}: {first['msg']}") from error
    except ValueError as error:
        raise _refused(str(error)) from error


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    whole = dict(pairs)
    if len(whole) != len(pairs):
        raise ValueError("a key occurs twice")
    return whole


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _refused(why: str) -> OperatorFault:
    return OperatorFault(f"This is not a report that Djudge can read: {why}.", "Grade the submission again.")
