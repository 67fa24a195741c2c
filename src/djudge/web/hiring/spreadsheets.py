"""Many candidates from a table: CSV as spreadsheets write it, a row a person."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from djudge.web.assessments.models import Lane
from djudge.web.hiring.forms import CandidateForm

#: A table of people has some ten kilobytes.
MOST_BYTES: Final = 500_000
#: So many are entered while somebody waits for the page.
MOST_ROWS: Final = 200

#: Heads by what they may be called; compared without case and blanks.
_HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name", "fullname", "candidate"),
    "email": ("email", "e-mail", "mail", "e-mailaddress", "emailaddress"),
    "lane": ("lane",),
}


class UnreadableError(ValueError):
    """No table of candidates; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, as the form of a single candidate takes it; `faults` say why it does not."""

    number: int
    name: str
    email: str
    lane: str
    faults: Sequence[str] = ()


def read_candidates(content: bytes) -> list[Row]:
    """The rows of a table with the heads name, email and, if somebody likes, lane. Pure.

    Comma, semicolon or tab; UTF-8 with or without its mark. An address that stands there twice is taken once. Raises
    UnreadableError.
    """
    table = _table(content)
    heads = {field: _head(table.fieldnames or (), names) for field, names in _HEADS.items()}
    if heads["name"] is None or heads["email"] is None:
        raise UnreadableError(_("The first row has to name the columns: name, email and, if you like, lane."))
    rows: list[Row] = []
    seen: set[str] = set()
    for fields in table:
        if len(rows) == MOST_ROWS:
            raise UnreadableError(_("At most %(most)s rows at once, please.") % {"most": MOST_ROWS})
        row = _row(
            table.line_num, {field: (fields.get(head) or "").strip() for field, head in heads.items() if head}, seen
        )
        if row is not None:
            rows.append(row)
    if not rows:
        raise UnreadableError(_("There is nobody in this table."))
    return rows


def _table(content: bytes) -> csv.DictReader[str]:
    if len(content) > MOST_BYTES:
        raise UnreadableError(_("This file is too large for a table of candidates."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(_("This is no text in UTF-8. Save the table as “CSV UTF-8”.")) from error
    if "\0" in text:
        raise UnreadableError(_("This is no text. Save the table as “CSV UTF-8”."))
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    return csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="more")


def _head(heads: Sequence[str], names: Sequence[str]) -> str | None:
    return next((head for head in heads if "".join((head or "").casefold().split()) in names), None)


def _row(number: int, fields: Mapping[str, str], seen: set[str]) -> Row | None:
    if not any(fields.values()):
        return None
    lane = _lane(fields.get("lane", ""))
    form = CandidateForm({**fields, "lane": lane})
    faults = [str(fault) for each in form.errors.values() for fault in each]
    email = fields["email"].casefold()
    if email in seen:
        faults.append(_("This address stands in the table twice."))
    seen.add(email)
    return Row(number, fields["name"], fields["email"], lane, faults)


def _lane(said: str) -> str:
    """By its name or its label; an empty one is the first, an unknown one is told by the form."""
    words = {word.casefold(): lane for lane in Lane for word in (str(lane.value), str(lane.label))}
    return words.get(said.casefold(), said) if said else Lane.DJANGO_READY


def good_and_bad(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Those that can be entered, and those that can't."""
    good: list[Row] = []
    bad: list[Row] = []
    for row in rows:
        (bad if row.faults else good).append(row)
    return good, bad


def sample() -> Iterator[str]:
    """What a table looks like, line by line."""
    yield "name,email,lane"
    yield "Ada Example,ada@example.org,django-ready"
    yield "Bo Example,bo@example.org,python-strong"
