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
    "reduc*, cut, cuts, cutting, improv*, optimi*, speed, speeds, speeded, sped, accelerat*, decreas*, lower*",
    "shorten*, dropped, drops, drop, fell, fall, halved, brought, took, takes, went, goes, came, come, from",
    "down to, down, instead of, rather than, faster, quicker, tuned, tuning, rewrote, saved, used to, now, before",
    "after, since, increas*, doubled, tripled, speed up, speed_up, gesenkt, senkte, reduziert, verkürzt",
    "beschleunigt, halbiert, verringert, schneller, verbessert, optimiert, statt, throughput, below, under",
)
_ARROW: Final = re.compile(r"\d\s?[a-zµ]{0,14}\s?(?:→|->|=>|⇒)\s?\d", re.IGNORECASE)
#: What is slow or fast in software and nowhere else: a share or a factor of it needs no further word.
_SLOW: Final = Words(
    "query, queries, query time, response time*, response, latency, load time*, loading time*, page load*",
    "request*, runtime, run time, execution time, processing time, endpoint*, throughput, database cpu, cpu",
    "memory, hit rate, cache hit rate, p95, p99, p50, percentile, page weight, first paint, time to first byte",
    "ttfb, import, imports, export, exports, batch, test suite, startup time, index, indexes, checkout",
    "serializer*, render time, lookup*, joins, cache, caching, solver, search, sql, allocation, matching time",
    "calculation, order list, list, dashboard*, page, nightly, antwortzeit*, ladezeit*, laufzeit*, abfrage*",
    "anfrage*, suche, *suche, auswertung*, datenbank*, seitenaufbau",
)
#: "4x faster", "halb so lang": the word says what the number is of.
_SPEED: Final = Words(
    "faster, quicker, speed_up, speedup, sped up, speeded up, acceleration, performance, schneller, beschleunigt",
)
#: Times, shares, factors, numbers of queries.
_TIME: Final = (
    r"(?:(?<![\d.,])\d[\d.,]*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|"
    r"ninety))\s?(?:ms|msec|milliseconds?|s|secs?|seconds?|min|mins|minutes?|h|hrs?|hours?|days?|sekunden?|minuten?|"
    r"stunden?|tagen?)\b"
)
_TIMES: Final = re.compile(_TIME, re.IGNORECASE)
_SHARE: Final = re.compile(
    r"(?<![\d.,])\d[\d.,]*\s?(?:%|percent\b|per cent\b|prozent\b)|\bto a (?:third|quarter|half|tenth)\b", re.I
)
_FACTOR: Final = re.compile(
    r"\b\d[\d.,]*\s?(?:x|×|-?fold|times|mal)\b|\b[x×]\s?\d+|\b(?:ten|two|three|five|four)(?:-?fold| times)\b"
    r"|\bhalved\b|\bhalbiert\b",
    re.IGNORECASE,
)
_QUERIES: Final = re.compile(
    r"(?<![\d.,])\d[\d.,]*\s(?:sql\s|database\s)?(?:queries|abfragen)\b|queries[^.]{0,60}?\d|abfragen[^.]{0,40}?\d",
    re.IGNORECASE,
)
#: The same numbers about something else.
_OTHER_NUMBERS: Final = Words(
    "revenue, sales, churn, turnover, profit, conversion*, budget, hosting cost*, infrastructure cost*, cost of",
    "costs, traffic, audience, newsletter, pass rate, customer satisfaction, uptime, availability of",
    "support response, deployment time, closing time, prep time, mttr, agents, queue time, call centre",
    "bug report*, bugs, complaint*, falls, bounce rate, discount, staff, energy use, umsatz, kosten, gewinn",
    "besucher, marketing, organic, followers, hiring, onboarding, time to hire, ticket volume, lead time",
    "time to market, budget*, absence, sick leave, waste",
)
_COVERAGE: Final = Words("coverage, test coverage, testabdeckung, abdeckung, code coverage")
_CLAUSE: Final = re.compile(r"[;.]\s|,\s(?:and|und)\s|\s(?:and|und)\s|,\s")
#: Weaker: faster without a number.
_CLEARLY_FASTER: Final = Words(
    "improved the performance, improved performance, performance improvements, performance improvement",
    "optimised queries, optimized queries, optimised the queries, optimized the queries, query optimisation",
    "query optimization, much faster, considerably faster, sped up, speeded up, reduced the number of queries",
    "reduced queries, performance optimi*ation, n+1, performanceoptimierung, beschleunigt",
    "optimising slow queries, optimizing slow queries",
)


_TOOK: Final = Words("took, used to take, needed, was, dauerte, brauchte")
#: One time is enough where the other is said in words, or is a bound.
_BOUND: Final = Words("below, under, down to, took, instead of, before, faster")
#: "12 seconds in 2020, 800 ms since we store thumbnails".
_COMPARED: Final = Words("today, once, formerly, was, were, then, with, früher, vorher, jetzt, heute, needs, needed")
#: "from 2.5 to 0.6", "1800 to 240 ms": the unit stands once.
_FROM_TO: Final = re.compile(
    r"(?<![\d.,])\d[\d.,]*\s?[a-z]{0,14}\s?(?:to|auf|bis|down to|→|->)\s*(?:under\s|about\s)?\d", re.IGNORECASE
)


def find_performance(passages: Passages) -> Finding:
    """Action, measure and number in one sentence; weaker without the number."""
    if not technology.is_technical(passages):
        return absent("performance", passages)
    strong, weak = [], []
    of_software = [technology.is_of_software(entry) for entry in passages.entries]
    for sentence, following in zip(passages.sentences, [*passages.sentences[1:], None], strict=True):
        if sentence.kind in (Kind.WISHES, Kind.STUDY, Kind.SKILLS, Kind.LEISURE):
            continue
        is_of_software = of_software[sentence.entry]
        if _is_measured(sentence.text, is_of_software) or _begins_a_pair(sentence, following, is_of_software):
            strong.append(sentence)
        elif _CLEARLY_FASTER.within(sentence.text) and not _OTHER_NUMBERS.within(sentence.text):
            weak.append(sentence)
    return finding("performance", passages, strong, weak)


def _begins_a_pair(sentence: Sentence, following: Sentence | None, is_of_software: bool) -> bool:
    """ "Login took 8 seconds. I added an index: 180 ms." """
    if following is None or following.block != sentence.block or not _TOOK.within(sentence.text):
        return False
    if not _TIMES.search(sentence.text) or not _TIMES.search(following.text):
        return False
    return _is_measured(f"{sentence.text} {following.text}", is_of_software)


def _is_measured(text: str, is_of_software: bool) -> bool:
    """Whether a number of the right kind stands with a change and a measure, and is no other number."""
    if not _COVERAGE.within(text) and not _OTHER_NUMBERS.within(text):
        return _fits(text, is_of_software)
    return any(
        _fits(part, is_of_software)
        for part in _CLAUSE.split(text)
        if not _COVERAGE.within(part) and not _OTHER_NUMBERS.within(part)
    )


def _fits(text: str, is_of_software: bool) -> bool:
    if _QUERIES.search(text) and _changes(text):
        return True
    if (_FACTOR.search(text) or _SHARE.search(text)) and _changes(text) and (_SLOW.within(text) or _is_sped(text)):
        return True
    return (is_of_software or _SLOW.within(text)) and _is_pair_of_times(text)


def _is_sped(text: str) -> bool:
    return _SPEED.within(text)


def _is_pair_of_times(text: str) -> bool:
    """Before and after: two times and a change, or one with a word that stands for the other."""
    times = len(_TIMES.findall(text))
    if times >= 2:
        return _changes(text) or _COMPARED.within(text)
    return times == 1 and (_ARROW.search(text) is not None or _FROM_TO.search(text) is not None or _is_bound(text))


def _is_bound(text: str) -> bool:
    return _SLOW.within(text) and _BOUND.within(text)


def _changes(text: str) -> bool:
    return _CHANGE.within(text) or _ARROW.search(text) is not None
