"""packs/shop/BUILT.md says what the catalogue shows of the guide: each row is true, and no line is left out."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

PACK = Path(__file__).resolve().parents[2] / "packs" / "shop"
SYSTEM = PACK / "system"
#: The guide's bullets among its lines 5 to 29; the others are headings.
LINES = (5, 6, 7, 8, 12, 13, 14, 15, 19, 20, 21, 22, 26, 27, 28, 29)
NOTHING = "–"


@dataclass(frozen=True)
class Row:
    """One bullet as BUILT.md has it."""

    line: int
    what: str
    state: str
    address: str
    code: str
    test: str


def rows() -> list[Row]:
    text = (PACK / "BUILT.md").read_text(encoding="utf-8")
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line[:1] == "|"]
    return [Row(int(line), *rest) for line, *rest in cells if line.isdigit()]


ROWS = rows()
SHOWN = [row for row in ROWS if not row.state.startswith("not yet")]


def named(row: Row) -> str:
    return f"line {row.line}"


def test_every_bullet_has_one_row_in_the_guides_order() -> None:
    assert tuple(row.line for row in ROWS) == LINES


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_row_is_shown_with_evidence_or_says_that_it_is_not_there_yet(row: Row) -> None:
    evidence = (row.address, row.code, row.test)
    if row.state.startswith("not yet: "):
        assert evidence == (NOTHING,) * 3
    else:
        assert row.state == "shown" or row.state.startswith("partly: ")
        assert NOTHING not in evidence


@pytest.mark.parametrize("row", SHOWN, ids=named)
def test_the_line_of_code_holds_what_is_named(row: Row) -> None:
    place = re.fullmatch(r"`([^`:]+):(\d+)` `([^`]+)`", row.code)
    assert place is not None, row.code
    lines = (SYSTEM / place[1]).read_text(encoding="utf-8").splitlines()
    assert place[3] in lines[int(place[2]) - 1]


@pytest.mark.parametrize("row", SHOWN, ids=named)
def test_the_test_exists(row: Row) -> None:
    place = re.fullmatch(r"`([^`]+)` `(test_\w+)`", row.test)
    assert place is not None, row.test
    assert f"def {place[2]}(self" in (SYSTEM / place[1]).read_text(encoding="utf-8")


@pytest.mark.parametrize("row", SHOWN, ids=named)
def test_the_address_answers(site: str, row: Row) -> None:
    place = re.fullmatch(r"(\d{3}) `(/[^`]*)`", row.address)
    assert place is not None, row.address
    assert status(site + place[2]) == int(place[1])


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def status(address: str) -> int:
    try:
        with urllib.request.build_opener(_Stay).open(address, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
