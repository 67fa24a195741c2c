"""The web platform's figures as a section for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bench.results import TITLES, machine

#: What has to be the same at every size; the others may grow as an index's depth does.
EQUAL: Final = ("statements", "rows", "bytes_but_numbers")

_HOW: Final = (
    "Statements, rows and blocks are PostgreSQL's own count (`pg_stat_statements`: statements that it ran, rows "
    "that it gave back, shared blocks that it looked at, without planning) while nothing else speaks to the server; "
    "bytes sent by it are libpq's count. Rows looked at come from `EXPLAIN (ANALYZE)` of the same statements. All "
    "candidates are in one job, each with a note, a mail, an audit entry, a sitting, a submission and a result; two "
    "more are those whose work is looked at. Statistics are fresh, as autovacuum leaves them. The answer's bytes "
    "are also compared without numbers, ids and the form's token: what remains may differ by the `+` of counts that "
    "end at 1,000, one byte each."
)
_COLUMNS: Final = (
    ("statements", "statements"),
    ("rows", "rows"),
    ("bytes", "bytes of the answer"),
    ("bytes_but_numbers", "the same without numbers"),
    ("received", "bytes from PostgreSQL"),
    ("blocks", "blocks"),
    ("rows_read", "rows looked at"),
)


def web_lines(found: Mapping[str, Any]) -> list[str]:
    """The whole section."""
    return [
        TITLES["web"],
        "",
        f"Written by `make bench` on {machine()}.",
        "",
        *_page_lines(found["pages"]),
        "",
        *_whole_lines(found),
    ]


def _page_lines(pages: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> list[str]:
    few, many = pages
    sizes = f"{int(few):,} → {int(many):,} candidates"
    return [
        f"### The main pages, {sizes}",
        "",
        "| page | " + " | ".join(title for _, title in _COLUMNS) + " |",
        "|---" * (len(_COLUMNS) + 1) + "|",
        *(_row(name, pages[few][name], pages[many][name]) for name in pages[few]),
        "",
        *_verdicts(pages[few], pages[many]),
        "",
        _HOW,
    ]


def _row(name: str, few: Mapping[str, Any], many: Mapping[str, Any]) -> str:
    return f"| {name} | " + " | ".join(_pair(few[key], many[key]) for key, _ in _COLUMNS) + " |"


def _pair(few: int, many: int) -> str:
    return str(few) if few == many else f"{few} → {many}"


def _verdicts(few: Mapping[str, Mapping[str, Any]], many: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    unequal = [
        f"{name} ({key} {few[name][key]} → {many[name][key]})"
        for name in few
        for key in EQUAL
        if few[name][key] != many[name][key]
    ]
    scans = sorted({f"{name}: {table}" for name in many for table in many[name]["scans"]})
    yield f"Not equal in {', '.join(EQUAL)}: {'; '.join(unequal) or 'none'}."
    yield ""
    yield f"Tables of more than a thousand rows that are read from end to end: {'; '.join(scans) or 'none'}."


def _whole_lines(found: Mapping[str, Any]) -> Sequence[str]:
    memory = found["memory_mb"]
    rows = (
        ("s from `make run` (all set up) until `/readyz` says yes: an empty data folder", "first_start_seconds", ""),
        ("the same, a used one", "second_start_seconds", ""),
        ("s from handing SH4 in over HTTP to its report, queue empty", "report_seconds", ""),
        ("s of `djudge grade` with the same archive", "alone_seconds", ""),
        ("the former, of the latter", "report_over_alone", "at most 1.5"),
        ("20 users on five pages of a team: median ms", "pages_median_ms", ""),
        ("p95 ms", "pages_p95_ms", ""),
        ("20 users on an empty page (`/livez`), in turn with that: median ms", "empty_median_ms", ""),
        ("p95 ms", "empty_p95_ms", ""),
        ("median, of the empty page's", "median_over_empty", ""),
        ("p95, of the empty page's", "p95_over_empty", ""),
    )
    return [
        "### The platform as a whole",
        "",
        "| what | key | figure | aim |",
        "|---|---|---|---|",
        *(f"| {what} | `{key}` | {found[key]} | {aim} |" for what, key, aim in rows),
        f"| MB (PSS) of all processes at rest, the sample graded | `memory_mb` | {round(sum(memory.values()))} | |",
        "",
        f"Memory by part: {', '.join(f'{part} {megabytes:.0f}' for part, megabytes in memory.items())}. The users' own "
        "side runs on the same cores.",
    ]
