"""The figures as a table for people and as JSON for machines."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent

#: The headings of the parts, in their order.
TITLES: Final = {"engine": "## The engine", "web": "## The web platform"}

#: What part 2 of the judge set out to reach.
AIMS: Final = {
    "guest_over_cold": "at most 0.125",
    "guest_over_keepdb": "at most 0.333",
    "grading_over_cold": "at most 0.75",
    "overhead_ms_per_guest": "at most 15",
    "overhead_ms_per_guest_without_pools": "at most 45",
    "guests_per_second": "at least 8",
    "idle_guest_pss_mb": "at most 20",
    "answered_guest_pss_mb": "",
    "witness_ms_per_statement": "",
    "witness_reading_ms_per_statement": "",
}

MEANING: Final = {
    "guest": "one guest, warm: clone, jail, start, request, witness, counters, drop",
    "guest_without_pools": "the same, with nothing waiting for it",
    "cold": "the same check as one test, `manage.py test`",
    "keepdb": "the same with `--keepdb`",
    "grading": "the whole grading of SH4 (8 guests)",
    "grading_as_tests": "its checks at its sizes as one run of `manage.py test`",
    "guest_over_cold": "one guest, of the cold test run",
    "guest_over_keepdb": "one guest, of the test run that keeps its database",
    "grading_over_cold": "the whole grading, of one cold test run with the same checks",
    "overhead_ms_per_guest": "ms of a guest that are not its own (start, answer, end)",
    "overhead_ms_per_guest_without_pools": "the same where neither clones nor jails wait",
    "guests_per_second": "guests of one request a second, two slots",
    "idle_guest_pss_mb": "MB of memory (PSS) of a guest that is ready and waits",
    "answered_guest_pss_mb": "MB of it after its first answer",
    "witness_ms_per_statement": "ms that the witness adds to a small statement",
    "witness_reading_ms_per_statement": "ms to read a statement back",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was measured; ratios come from it."""

    rounds: int
    milliseconds: Mapping[str, float]
    overhead_ms_per_guest: float
    idle_guest_pss_mb: float
    answered_guest_pss_mb: float
    witness_ms_per_statement: float
    witness_reading_ms_per_statement: float
    guests_per_second: float

    def ratio(self, subject: str, peer: str) -> float:
        """How much of the peer's time the subject takes."""
        return self.milliseconds[subject] / self.milliseconds[peer]

    def to_json(self) -> dict[str, float]:
        """All that has an aim, by the aims' names."""
        pools = self.milliseconds["guest_without_pools"] - self.milliseconds["guest"]
        found = {
            "guest_over_cold": self.ratio("guest", "cold"),
            "guest_over_keepdb": self.ratio("guest", "keepdb"),
            "grading_over_cold": self.ratio("grading", "grading_as_tests"),
            "overhead_ms_per_guest": self.overhead_ms_per_guest,
            "overhead_ms_per_guest_without_pools": self.overhead_ms_per_guest + pools,
            "guests_per_second": self.guests_per_second,
            "idle_guest_pss_mb": self.idle_guest_pss_mb,
            "answered_guest_pss_mb": self.answered_guest_pss_mb,
            "witness_ms_per_statement": self.witness_ms_per_statement,
            "witness_reading_ms_per_statement": self.witness_reading_ms_per_statement,
        }
        return {name: round(value, 3) for name, value in found.items()}


def write(figures: Figures) -> None:
    """Print, and keep in both files."""
    results = {
        "machine": machine(),
        "rounds": figures.rounds,
        "milliseconds": dict(figures.milliseconds),
        **figures.to_json(),
    }
    keep("engine", results, _lines(figures))


def keep(part: str, results: Mapping[str, object], lines: Sequence[str]) -> None:
    """Print one part, and put it into both files; the other part stays as it was measured."""
    kept = HERE / "results.json"
    every = {**json.loads(kept.read_text()), part: dict(results)}
    kept.write_text(json.dumps(every, indent=2) + "\n")
    text = "\n".join(lines) + "\n"
    told = HERE / "RESULTS.md"
    sections = {**_sections(told.read_text()), TITLES[part]: text}
    told.write_text("# Figures\n\n" + "\n".join(sections[title] for title in TITLES.values() if title in sections))
    print(text)


def _sections(text: str) -> dict[str, str]:
    """By their headings."""
    parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]
    return {part.partition("\n")[0]: part.rstrip("\n") + "\n" for part in parts}


def _lines(figures: Figures) -> list[str]:
    times = [f"| {MEANING[name]} | {value:.0f} |" for name, value in figures.milliseconds.items()]
    rest = [f"| {MEANING[name]} | `{name}` | {value} | {AIMS[name]} |" for name, value in figures.to_json().items()]
    return [
        TITLES["engine"],
        "",
        f"Written by `make bench` on {machine()}; medians of {figures.rounds} alternated rounds.",
        "",
        "| what | ms |",
        "|---|---|",
        *times,
        "",
        "| what | key | figure | aim |",
        "|---|---|---|---|",
        *rest,
        "",
        "The test runs execute the expert solution. What a subject leaves to be done (clones and jails for later) is "
        "waited for before the next one begins, and not counted; within a grading it is.",
    ]


def machine() -> str:
    """Its size, for whoever compares."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return f"{os.cpu_count()} cores, {memory} GiB"
