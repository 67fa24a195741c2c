r"""The part of a report that is the same, byte for byte, whenever the same code is measured in the same
environment.

A whitelist, so that a field added to the document is out until someone puts it in: outcomes, figures,
evidence reduced to counts, bullets, integrity kinds, red flags, the kind of fault, the environment. Out are times,
hosts, paths of the machine, words of the guest (claims, tracebacks, bodies), buffer counts (they are judged
as bands, in the figures), and the version of Djudge, so that a new release that measures the same says the
same.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Final

from djudge.engine.reports.document import FindingFacts, PlaceFacts, RedFlagFacts, Report
from djudge.engine.values import Json

# Django names savepoints and server-side cursors after the thread: s140231_x2, _django_curs_140231_sync_1.
_THREAD_NAMES: Final = re.compile(r"\b(s|_django_curs_)\d{3,}(_(?:x|sync_|async_)?\d*)")
_POINT: Final = ("n", "objects", "status", "executions", "rows", "unmeasured", "largest")
_NODE: Final = ("depth", "type", "relation", "index", "rows", "removed", "loops")
_CHILDREN: Final = ("children", "plans", "nodes")


def canonical(report: Report) -> bytes:
    """The canonical bytes: sorted JSON in ASCII. Of the operator's report, not of a rendering."""
    whole: dict[str, Json] = {
        "schema": report.schema_version,
        "task": {"pack": report.task.pack, "id": report.task.id, "version": report.task.version},
        "environment": report.environment.model_dump(mode="json"),
        "isolated": report.isolated,
        "submission": [*sorted(f"{file.path} {file.sha256 or 'deleted'}" for file in report.submission.files)],
        "findings": [_finding(finding) for finding in sorted(report.findings, key=lambda each: each.check)],
        "bullets": [f"{bullet.bullet} {bullet.outcome.value}" for bullet in report.bullets],
        "integrity": _integrity(report),
        "fault": [report.fault.whose, report.fault.phase, report.fault.kind] if report.fault else None,
        "evidence": _evidence(report),
    }
    if report.red_flags:  # Left out where there is none, so that the digest of an older report stays what it was.
        whole["red_flags"] = [*sorted(_flag(flag) for flag in report.red_flags)]
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def digest(report: Report) -> str:
    """The SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(report)).hexdigest()


def _finding(finding: FindingFacts) -> Json:
    return {
        "check": finding.check,
        "bullet": finding.bullet,
        "outcome": finding.outcome.value,
        "own": finding.own_outcome.value,
        "measured": finding.measured,
        "expected": finding.expected,
        "places": [*_places(finding.places)],
    }


def _integrity(report: Report) -> Json:
    return [*sorted(f"{each.kind} {' '.join(_places(each.places))}".strip() for each in report.integrity)]


def _flag(flag: RedFlagFacts) -> str:
    places = sorted(f"{sign.file}:{sign.line}" for sign in flag.text)
    return f"{flag.kind} {' '.join(places)}; {'; '.join(sorted(each.what for each in flag.behaviour))}"


def _places(places: Iterable[PlaceFacts]) -> list[str]:
    return sorted(f"{place.file}:{place.line}" for place in places)


def _evidence(report: Report) -> Json:
    names = sorted({name for finding in report.findings for name in finding.evidence})
    measured = {**report.observations.answered, **report.observations.seen}
    return {name: _measurement(measured[name]) for name in names if name in measured}


def _measurement(value: Json) -> Json:
    if not isinstance(value, dict):
        return None
    kind = value.get("kind")
    if kind == "growth":
        return {
            "target": value.get("target"),
            "axes": [_axis(axis) for axis in _objects(value.get("axes"))],
            "groups": _groups(value),
        }
    if kind == "exchange":
        exchanges = _objects(value.get("exchanges")) or [value]
        return [_only(exchange, ("target", "status")) for exchange in exchanges]
    return {"groups": _groups(value)} if kind == "statements" else {"kind": kind}


def _axis(axis: dict[str, Json]) -> Json:
    points = sorted(_objects(axis.get("points")), key=lambda point: str(point.get("n")).zfill(20))
    return {"axis": axis.get("axis"), "points": [_point(point) for point in points]}


def _point(point: dict[str, Json]) -> Json:
    """Whether there is a gap, and not how large it is: index entries of dead rows and blocks are counted in it too."""
    return _only(point, _POINT) | {"has_gap": bool(point.get("gap"))}


def _groups(value: dict[str, Json]) -> Json:
    groups: list[dict[str, Json]] = [
        {
            "shape": _THREAD_NAMES.sub(r"\1N\2", str(group.get("shape"))),
            "count": group.get("count"),
            "rows": group.get("rows"),
            "plan": _plan(group.get("plan")),
        }
        for group in _objects(value.get("groups"))
    ]
    return [*sorted(groups, key=lambda group: json.dumps(group, sort_keys=True))]


def _plan(plan: Json) -> Json:
    if isinstance(plan, list):
        return [_plan(node) for node in plan]
    if not isinstance(plan, dict):
        return None
    below: list[Json] = [_plan(node) for key in _CHILDREN for node in _objects(plan.get(key))]
    return {**_only(plan, _NODE), "below": below}


def _only(value: dict[str, Json], keys: Iterable[str]) -> dict[str, Json]:
    return {key: value[key] for key in keys if key in value}


def _objects(value: Json) -> list[dict[str, Json]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
