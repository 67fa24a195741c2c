"""A report as JUnit XML: a test case a check, for CI servers that know nothing of Djudge.

Not shown is a failure, a fault is an error, not tested is skipped; partly passes, and says so in a property.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from djudge.engine.reports.document import FindingFacts, Report
from djudge.engine.reports.safe_text import cell, visible
from djudge.engine.reports.words import BLAME, NOT_ISOLATED, lowered
from djudge.engine.values import Outcome

_TEXT = 8_000


def render_junit(report: Report) -> str:
    """The XML document as text. Everything in it is escaped, and no character is one that XML forbids."""
    suite = Element("testsuite", name=_name(report), timestamp=report.run.started_at.isoformat())
    _properties(suite, _facts(report))
    for finding in report.findings:
        _test_case(suite, report, finding)
    _count(suite, report)
    root = Element("testsuites", name="djudge")
    root.append(suite)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _name(report: Report) -> str:
    return cell(f"{report.task.pack}/{report.task.id}")


def _facts(report: Report) -> dict[str, str]:
    facts = {
        "task": report.task.title,
        "headline": report.headline.text,
        "not_tested": report.headline.not_tested,
        "environment": report.environment.digest,
        "canonical_sha256": report.canonical_sha256,
        "djudge": report.djudge,
        "isolated": "yes" if report.isolated else f"no: {NOT_ISOLATED}",
    }
    bullets = {f"bullet.{bullet.bullet}": bullet.outcome.value for bullet in report.bullets}
    integrity = {f"integrity.{number}": each.kind for number, each in enumerate(report.integrity, 1)}
    flags = {f"red_flag.{number}": flag.kind for number, flag in enumerate(report.red_flags, 1)}
    return {**facts, **bullets, **integrity, **flags}


def _test_case(suite: Element, report: Report, finding: FindingFacts) -> None:
    case = SubElement(suite, "testcase", classname=_name(report), name=cell(f"{finding.check}: {finding.title}"))
    _properties(
        case,
        {
            "outcome": finding.outcome.value,
            "bullet": finding.bullet or "none (gate)",
            "measured": finding.measured,
            "expected": finding.expected,
        },
    )
    if report.fault:
        fault = report.fault
        error = SubElement(case, "error", message=cell(fault.what), type=cell(fault.kind))
        error.text = visible(f"{BLAME[fault.whose]}. {fault.what} {fault.cure}\n{fault.detail}", _TEXT)
    elif finding.outcome is Outcome.NOT_SHOWN:
        failure = SubElement(case, "failure", message=_compared(finding), type="not_shown")
        failure.text = visible(f"{lowered(finding, report)}\n{finding.candidate}".strip(), _TEXT)
    elif finding.outcome is Outcome.INFRASTRUCTURE_ERROR:
        SubElement(case, "error", message=_compared(finding), type="infrastructure_error")
    elif finding.outcome is Outcome.NOT_TESTED:
        SubElement(case, "skipped", message=_compared(finding))


def _compared(finding: FindingFacts) -> str:
    return cell(f"measured: {finding.measured}; expected: {finding.expected}")


def _properties(parent: Element, facts: dict[str, str]) -> None:
    properties = SubElement(parent, "properties")
    for name, value in facts.items():
        SubElement(properties, "property", name=cell(name), value=cell(value))


def _count(suite: Element, report: Report) -> None:
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("tests", str(len(report.findings)))
    suite.set("time", f"{sum(report.run.durations.values()) / 1000:.3f}")
