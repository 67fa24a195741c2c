"""Django in production (the guide's line 105): it ran for others, and somebody looked after it."""

from __future__ import annotations

from typing import Final

from djudge.web.resumes.signals import crowds, technology
from djudge.web.resumes.signals.claims import is_claimed
from djudge.web.resumes.signals.findings import Finding
from djudge.web.resumes.signals.passages import Passages, Sentence
from djudge.web.resumes.signals.projects import is_from_a_course, is_of_a_course
from djudge.web.resumes.signals.quoting import absent, finding
from djudge.web.resumes.signals.sections import Kind
from djudge.web.resumes.signals.words import Words

#: Running something for others: releases, monitoring, being called.
_RUN: Final = Words(
    "in production, production, on call, on_call, oncall, pager, pagers, out_of_hours, incident*, outage*",
    "rollback*, zero_downtime, zero downtime deploy*, blue/green, blue_green, canary, deploys, releases, release",
    "we release, rollout, deploy at, deploys several, deployed on aws, deployed to aws, deployed daily, uptime",
    "monitoring, prometheus, grafana, sentry, datadog, new relic, zabbix, nagios, uptime kuma, runbook*, sla",
    "24x7, 24/7, downtime, im einsatz, im betrieb, produktiv, rufbereitschaft, bereitschaft, betrieb",
    "produktivbetrieb, produktion, backup, backups, server patched, servers patched, post_mortem*, high traffic",
    "load tests, hypercare, went live, is live, are live, goes live, live since, look after the server",
    "work with it, works with it, use it every, use it daily, use it each, depend on it, depends on it",
    "rely on it, run on it, runs on it, arbeiten damit, arbeiten täglich damit, nutzen es täglich, in use",
    "in daily use, keep it running, keeps it running, kept it running",
)
#: Enough by themselves only where somebody else is served.
_WEAK_RUN: Final = Words(
    "deployed, hosted, heroku, pythonanywhere, vercel, is online, still online, went online, online since, fly.io",
)


def find_production(passages: Passages) -> Finding:
    """Beside Django, in the same entry; weaker where it is online and nobody is said to use it."""
    entries = {sentence.entry for sentence, _ in technology.django_mentions(passages)}
    if not entries:
        return absent("production", passages)
    strong, weak = [], []
    for sentence in passages.sentences:
        if sentence.entry not in entries or not _counts(sentence):
            continue
        if not is_of_a_course(sentence) and _is_run(sentence):
            strong.append(sentence)
        elif not is_from_a_course(sentence) and _WEAK_RUN.within(sentence.text):
            weak.append(sentence)
    return finding("production", passages, strong, weak)


def _counts(sentence: Sentence) -> bool:
    if sentence.kind in (Kind.SKILLS, Kind.WISHES, Kind.LEISURE):
        return False
    return not technology.NOT_DJANGO.within(sentence.text)


def _is_run(sentence: Sentence) -> bool:
    text = sentence.text
    span = _RUN.first(text)
    return crowds.uses(text) or (span is not None and is_claimed(sentence, span[0]))
