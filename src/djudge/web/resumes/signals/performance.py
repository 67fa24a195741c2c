"""Something made faster, with a number (the guide's line 103).

Three things have to come together in one sentence: a change, something that is measured where software is slow, and a
number that fits it. "80 %" alone may be coverage, revenue, or a discount.
"""

from __future__ import annotations

import re
from typing import Final

from djudge.web.resumes.signals import technology
from djudge.web.resumes.signals.findings import Finding
from djudge.web.resumes.signals.passages import Passages, Sentence
from djudge.web.resumes.signals.quoting import absent, finding
from djudge.web.resumes.signals.sections import Kind
from djudge.web.resumes.signals.words import Words

_CHANGE: Final = Words(
    "reduc*, cut, cuts, cutting, improv*, optimi*, speed, speeds, speeded, sped, accelerat*, decreas*, lower*, shorten*",
    "dropped, drops, drop, fell, fall, halved, brought, took, takes, went, goes, came, come, from, down to, down, instead of",
    "rather than, faster, quicker, tuned, tuning, rewrote, saved, used to, now, before, after, since, increas*, doubled",
    "tripled, speed up, speed_up, gesenkt, senkte, reduziert, verkürzt, beschleunigt, halbiert, verringert, schneller",
    "verbessert, optimiert, statt, throughput, below, under",
)
_ARROW: Final = re.compile(r"\d\s*[a-zµ]*\s*(?:→|->|=>|⇒)\s*\d", re.IGNORECASE)
#: What is slow or fast. Of these, none is measured in money or by auditors.
_MEASURED: Final = Words(
    "query, queries, response time*, response, latency, load time*, loading time*, loads, load, page load, request*, runtime",
    "run time, execution time, processing time, import, imports, export, exports, report, reports, endpoint*, search",
    "query time, database cpu, cpu, memory, cache hit rate, hit rate, cache, throughput, p95, p99, p50, percentile, page",
    "pages, api, page weight, first paint, time to first byte, ttfb, job, jobs, batch, nightly, run, task, tasks, build",
    "pipeline, test suite, startup time, sync, index, indexes, checkout, list, listing, dashboard, dashboards, calculation",
    "validation, join, joins, lookup*, statement, check, render, serializer, solver, map, login, performance, view, site",
    "antwortzeit*, antwortzeiten, ladezeit*, laufzeit*, abfrage*, anfrage*, suche, *suche, import, auswertung*, bericht*",
    "datenbank*, seite, seiten, plan, planner, allocation, matching, matches, sql, caching, aggregat*, bulk_create",
)
#: Times, shares, factors, numbers of queries.
_TIME: Final = (
    r"(?:\d[\d.,]*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|"
    r"ninety))\s?(?:ms|msec|milliseconds?|s|secs?|seconds?|min|mins|minutes?|h|hrs?|hours?|days?|sekunden?|minuten?|"
    r"stunden?|tagen?)\b"
)
_TIMES: Final = re.compile(_TIME, re.IGNORECASE)
_SHARE: Final = re.compile(r"\d[\d.,]*\s?(?:%|percent\b|per cent\b|prozent\b)|\bto a (?:third|quarter|half|tenth)\b", re.I)
_FACTOR: Final = re.compile(
    r"\b\d[\d.,]*\s?(?:x|×|-?fold|times|mal)\b|\b[x×]\s?\d+|\b(?:ten|two|three|five|four)(?:-?fold| times)\b"
    r"|\bhalved\b|\bhalbiert\b",
    re.IGNORECASE,
)
_QUERIES: Final = re.compile(
    r"\d[\d.,]*\s+(?:sql\s+|database\s+)?(?:queries|abfragen)\b|queries[^.]{0,60}?\d|abfragen[^.]{0,40}?\d", re.IGNORECASE
)
#: The same numbers about something else.
_OTHER_NUMBERS: Final = Words(
    "revenue, sales, churn, turnover, profit, conversion*, budget, cost, costs, traffic, audience, newsletter, pass rate",
    "customer satisfaction, uptime, availability of, support response, deployment time, closing time, prep time, mttr",
    "staff, energy use, umsatz, kosten, gewinn, besucher, marketing, organic, followers, hiring, onboarding",
    "time to hire, ticket volume, lead time, time to market, budget*, absence, sick leave, waste",
)
_COVERAGE: Final = Words("coverage, test coverage, testabdeckung, abdeckung, code coverage")
_CLAUSE: Final = re.compile(r"[;.]\s|,\s(?:and|und)\s|\s(?:and|und)\s|,\s")
#: Weaker: faster without a number.
_CLEARLY_FASTER: Final = Words(
    "improved the performance, improved performance, performance improvements, performance improvement, optimised queries",
    "optimized queries, optimised the queries, optimized the queries, query optimisation, query optimization, much faster",
    "considerably faster, sped up, speeded up, reduced the number of queries, reduced queries, performance optimi*ation",
    "n+1, performanceoptimierung, beschleunigt, optimising slow queries, optimizing slow queries",
)


def find_performance(passages: Passages) -> Finding:
    """Action, measure and number in one sentence; weaker without the number."""
    if not technology.is_technical(passages):
        return absent("performance", passages)
    strong, weak = [], []
    for sentence in passages.sentences:
        if sentence.kind in (Kind.WISHES, Kind.STUDY, Kind.SKILLS, Kind.LEISURE):
            continue
        if _is_measured(sentence):
            strong.append(sentence)
        elif _CLEARLY_FASTER.within(sentence.text):
            weak.append(sentence)
    return finding("performance", passages, strong, weak)


def _is_measured(sentence: Sentence) -> bool:
    text = sentence.text
    if _QUERIES.search(text) and _changes(text) and _numbers(text) >= 1 and not _OTHER_NUMBERS.within(text):
        return True
    return _fits(text)


def _fits(text: str) -> bool:
    """Whether a number of the right kind stands with a change and a measure, and is no other number."""
    if not _changes(text) or not _MEASURED.within(text):
        return False
    if _COVERAGE.within(text) or _OTHER_NUMBERS.within(text):
        return any(_fits(part) for part in _CLAUSE.split(text) if part != text)
    if _FACTOR.search(text) or _SHARE.search(text):
        return True
    times = len(_TIMES.findall(text))
    return times >= 2 or (times == 1 and (_ONE_TIME.within(text) or _ARROW.search(text) is not None or _pair(text)))


#: One time is enough where the other is said in words, or is a bound.
_ONE_TIME: Final = Words("below, under, down to, took, now, instead of, before, faster, only")
#: "from 2.5 to 0.6", "1800 to 240 ms": the unit stands once.
_FROM_TO: Final = re.compile(r"\d[\d.,]*\s*[a-z]*\s*(?:to|auf|bis|down to|→|->)\s*(?:under\s|about\s)?\d", re.IGNORECASE)


def _pair(text: str) -> bool:
    return _FROM_TO.search(text) is not None


def _changes(text: str) -> bool:
    return _CHANGE.within(text) or _ARROW.search(text) is not None


def _numbers(text: str) -> int:
    return len(re.findall(r"\d+", text))
