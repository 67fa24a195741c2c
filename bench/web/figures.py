"""All figures of the web platform, one after another, as one JSON object."""

from __future__ import annotations

import io
import json
import os
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from bench.web.launched import Launched, fresh_data, launched
from bench.web.place import counting_postgres, scratch_root
from bench.web.visiting import Visitor, crowd, hand_in, team_pages
from djudge.engine.cli.library import named_task
from djudge.engine.packs.submission import submission_of_solution

SIZES: Final = (100, 100_000)
ROUNDS: Final = 3

_MOST_SECONDS: Final = 900

#: What beat and workers do just after a start is over by then.
_SETTLING_SECONDS: Final = 10


def measured() -> dict[str, Any]:
    """About ten minutes, most of it spent on making candidates."""
    return {"pages": pages(), **running()}


def pages() -> Mapping[str, Any]:
    """Every main page at both sizes, measured by a process that has Django."""
    with counting_postgres() as environ:
        done = subprocess.run(
            [sys.executable, "-m", "bench.web.child", *map(str, SIZES)],
            env=dict(environ), stdout=subprocess.PIPE, text=True, timeout=_MOST_SECONDS,
        )  # fmt: skip
    if done.returncode:
        sys.exit("bench: the pages could not be measured.")
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


def running() -> dict[str, Any]:
    """The platform as a whole: two starts, its memory, a submission's way, a crowd."""
    with scratch_root() as root:
        data = fresh_data(root)
        with launched(data) as first:
            first.wait_for_reports()
        with launched(data) as second:
            time.sleep(_SETTLING_SECONDS)
            return {
                "first_start_seconds": round(first.seconds, 1),
                "second_start_seconds": round(second.seconds, 1),
                "memory_mb": second.memory(),
                **_crowded(second),
                **_handed_in(second),
            }


def _crowded(platform: Launched) -> dict[str, float]:
    visitor, owner = Visitor(platform.address), platform.sign_in()
    visitor.sign_in(owner["email"], owner["password"])
    found, nothing = crowd(platform.address, visitor, team_pages(visitor), "/livez")
    return {
        "pages_median_ms": round(found.median, 1),
        "pages_p95_ms": round(found.p95, 1),
        "empty_median_ms": round(nothing.median, 1),
        "empty_p95_ms": round(nothing.p95, 1),
        "median_over_empty": round(found.median / nothing.median, 2),
        "p95_over_empty": round(found.p95 / nothing.p95, 2),
    }


def _handed_in(platform: Launched) -> dict[str, float]:
    """The same archive by HTTP and by the command, in turn; the first round of both is not counted."""
    archive = _archive()
    file = platform.data / "work.zip"
    file.write_bytes(archive)
    taken = [(hand_in(platform.address, archive), _alone(platform.data, file)) for _ in range(ROUNDS + 1)][1:]
    by_http, alone = (statistics.median(each) for each in zip(*taken, strict=True))
    return {
        "report_seconds": round(by_http, 2),
        "alone_seconds": round(alone, 2),
        "report_over_alone": round(statistics.median(http / command for http, command in taken), 2),
    }


def _archive() -> bytes:
    """The expert's work on what anybody may try."""
    changed = submission_of_solution(named_task("SH4"), "expert").changed
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in changed.items():
            if content is not None:
                archive.writestr(path, content)
    return packed.getvalue()


def _alone(data: Path, archive: Path) -> float:
    command = [sys.executable, "-m", "djudge.engine.cli.entry", "grade", "SH4", str(archive), "--json", os.devnull]
    began = time.perf_counter()
    done = subprocess.run(command, env={**os.environ, "DJUDGE_DATA": str(data)}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"bench: the command failed.\n{done.stderr}")
    return time.perf_counter() - began
