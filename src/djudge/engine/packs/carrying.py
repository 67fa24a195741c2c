"""Judgements as JSON and back: how a finding comes home from the child that made it."""

from __future__ import annotations

from typing import cast

from djudge.engine.errors import TaskFault
from djudge.engine.values import (
    Answered,
    Finding,
    Integrity,
    Json,
    Judgement,
    Outcome,
    Place,
    Quotation,
    RedFlag,
    Seen,
    Sign,
)

type _Table = dict[str, Json]


def judgement_to_json(judgement: object) -> Json:
    """A judgement as JSON. Raises TaskFault for anything else that a `judge` may have returned."""
    if not isinstance(judgement, Judgement):
        raise TaskFault(
            f"`judge` returned {type(judgement).__name__} and not a Judgement.",
            "Return Judgement(findings, integrity, red_flags).",
        )
    return {
        "findings": [_finding_to_json(finding) for finding in judgement.findings],
        "integrity": [_integrity_to_json(integrity) for integrity in judgement.integrity],
        "red_flags": [_flag_to_json(flag) for flag in judgement.red_flags],
    }


def judgement_from_json(content: Json) -> Judgement:
    """The judgement again."""
    table = cast(_Table, content)
    return Judgement(
        findings=tuple(_finding_from_json(entry) for entry in _tables(table["findings"])),
        integrity=tuple(_integrity_from_json(entry) for entry in _tables(table["integrity"])),
        red_flags=tuple(_flag_from_json(entry) for entry in _tables(table["red_flags"])),
    )


def _finding_to_json(finding: Finding) -> Json:
    if not isinstance(finding, Finding):
        raise TaskFault(f"`judge` returned {type(finding).__name__} among its findings.", "Make them with `shown` etc.")
    return {
        "check": finding.check,
        "outcome": finding.outcome.value,
        "measured": finding.measured,
        "expected": finding.expected,
        "candidate": finding.candidate,
        "recruiter": finding.recruiter,
        "evidence": list(finding.evidence),
        "places": [_place_to_json(place) for place in finding.places],
        "claims": [claim._text for claim in finding.claims],
    }


def _finding_from_json(table: _Table) -> Finding:
    return Finding(
        check=str(table["check"]),
        outcome=Outcome(str(table["outcome"])),
        measured=str(table["measured"]),
        expected=str(table["expected"]),
        candidate=str(table["candidate"]),
        recruiter=str(table["recruiter"]),
        evidence=tuple(map(str, cast(list[Json], table["evidence"]))),
        places=_places(table["places"]),
        claims=tuple(Quotation(str(claim)) for claim in cast(list[Json], table["claims"])),
    )


def _integrity_to_json(integrity: Integrity) -> Json:
    if not isinstance(integrity, Integrity):
        raise TaskFault(f"`judge` returned {type(integrity).__name__} among its integrity findings.", "Use Integrity.")
    return {
        "kind": integrity.kind,
        "what": integrity.what,
        "innocent": integrity.innocent,
        "places": [_place_to_json(place) for place in integrity.places],
    }


def _integrity_from_json(table: _Table) -> Integrity:
    return Integrity(
        kind=str(table["kind"]),
        what=str(table["what"]),
        innocent=str(table["innocent"]),
        places=_places(table["places"]),
    )


def _flag_to_json(flag: RedFlag) -> Json:
    if not isinstance(flag, RedFlag):
        raise TaskFault(f"`judge` returned {type(flag).__name__} among its red flags.", "Make them with `red_flag`.")
    return {
        "kind": flag.kind,
        "guide_line": flag.guide_line,
        "what": flag.what,
        "innocent": flag.innocent,
        "text": [{"what": sign.what, "place": _place_to_json(sign.place)} for sign in flag.text],
        "behaviour": [_behaviour_to_json(each) for each in flag.behaviour],
    }


def _behaviour_to_json(each: Seen[str] | Answered[str]) -> Json:
    if not isinstance(each, Seen | Answered):
        raise TaskFault(
            f"`judge` returned a red flag that rests on {type(each).__name__}.", "Give it what was Seen or Answered."
        )
    return {"seen": isinstance(each, Seen), "what": each.value}


def _flag_from_json(table: _Table) -> RedFlag:
    return RedFlag(
        kind=str(table["kind"]),
        guide_line=int(str(table["guide_line"])),
        what=str(table["what"]),
        innocent=str(table["innocent"]),
        text=tuple(Sign(what=str(sign["what"]), place=_places([sign["place"]])[0]) for sign in _tables(table["text"])),
        behaviour=tuple(
            Seen(str(each["what"])) if each["seen"] else Answered(str(each["what"]))
            for each in _tables(table["behaviour"])
        ),
    )


def _place_to_json(place: Place) -> Json:
    return {"file": place.file, "line": place.line}


def _places(content: Json) -> tuple[Place, ...]:
    return tuple(Place(file=str(table["file"]), line=int(str(table["line"]))) for table in _tables(content))


def _tables(content: Json) -> list[_Table]:
    return cast(list[_Table], content)
