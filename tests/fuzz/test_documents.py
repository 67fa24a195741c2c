"""Pages that guests answer with, and reports that somebody stored."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import strategies as st
from tests.fuzz.mutating import FUZZED, bounded_memory, fuzz, mutated, mutated_json
from tests.reports import sample_reports

from djudge.engine.checking.links import links_of
from djudge.engine.errors import CandidateFault, OperatorFault
from djudge.engine.probes.contract import PageReader, differences
from djudge.engine.probes.markup import ELEMENTS, PAGE, parse, reading_deadline
from djudge.engine.reports.canonical import canonical
from djudge.engine.reports.html import render_html
from djudge.engine.reports.junit import render_junit
from djudge.engine.reports.reading import read_report
from djudge.engine.reports.terminal import render_terminal
from djudge.engine.sandbox.contract import Answer

PAGES = [
    b"<!doctype html><title>Shop</title><nav><a href='/?page=2'>2</a></nav>"
    + b"<article class='product card' id=p%d><h2>Teapot &amp; cup</h2><ul class=tags><li>tea</ul></article>" % 7 * 3
    + b"<script>if (a < b) {}</script><style>p > a {}</style><!-- end --><img src=a.png><br/>",
    b"<ul><li>one<li>two</ul><table><tr><td colspan=2>x</table><p class>y</p><?php ?><![CDATA[ z ]]>",
    b"",
]
MARKS = tuple(
    b"<|>|</|<!|<!--|-->|<![|<![CDATA[|]]>|<?|&|&#|&#x110000;|&amp|<article class='product'>|</article>|<script>"
    b"|<style>|<template>|<li>|</ul>|class=|'|\"|=|/|<a href=|<textarea>|<plaintext>|<title>|\xef\xbb\xbf|<svg>"
    b"|<!doctype".split(b"|")
)
READER = PageReader(
    card="article.product",
    fields={"name": "h2", "tags": ".tags li[]", "id": "@id", "link": "a@href"},
    facts={"title": "title", "pages": "nav a@href[]", "nothing": ""},
)
REPORTS: list[Any] = [
    json.loads(one().to_json())
    for one in (sample_reports.good, sample_reports.junior, sample_reports.broken, sample_reports.hostile)
]


@FUZZED
def test_a_page_is_elements_and_texts_whatever_it_is(examples: int) -> None:
    def read(content: bytes) -> None:
        page = parse(content)
        assert len(page.elements) <= ELEMENTS
        for element in page.elements:
            assert element.position < element.end <= len(page.elements)
            assert element.first_text <= element.last_text <= len(page.texts)
        assert all(one.tag == "li" for one in page.select("ul li"))

    fuzz(examples, mutated(PAGES, MARKS), read)


@FUZZED
def test_a_page_leads_to_paths_of_its_host_whatever_it_is(examples: int) -> None:
    def read(content: bytes) -> None:
        for kind in ("text/html", "application/json"):
            ways = links_of(content.decode("utf-8", "replace"), kind, "/here/", "localhost")
            assert len(ways) == len(set(ways))
            assert all(way.startswith("/") for way in ways)

    fuzz(examples, mutated([*PAGES, b'{"url": "http://localhost/api/1/"}'], (*MARKS, b"href=", b"//", b"http:")), read)


@FUZZED
def test_two_answers_are_the_same_or_differ_in_words(examples: int) -> None:
    bodies = mutated(PAGES, MARKS, most=3)
    headers = st.lists(st.tuples(st.text(max_size=12), st.text(max_size=40)), max_size=3)
    types = st.sampled_from([(), (("Content-Type", "text/html; charset=utf-8"),), (("content-TYPE", ";"),)])
    answers = st.builds(
        Answer, status=st.sampled_from([100, 200, 404, 599]), headers=st.one_of(headers.map(tuple), types), body=bodies,
        truncated=st.booleans(), chunks=st.just(1),
    )  # fmt: skip

    def compare(given: tuple[Answer, Answer]) -> None:
        ours, theirs = ({"exchanges": [{"target": "/", **READER.read(one)}]} for one in given)
        json.dumps([ours, theirs], allow_nan=False)
        found = differences(ours, theirs)
        assert bool(found) == (ours != theirs)
        assert all(one.what for one in found)

    fuzz(examples, st.tuples(answers, answers), compare)


@pytest.mark.prove
def test_the_heaviest_page_is_read_or_given_up_in_bounded_memory() -> None:
    for mark in (
        b"<a ",
        b"<!--",
        b"<![",
        b"<b>",
        b"</b>",
        b"&",
        b"&#",
        b"<a b='",
        b"<x a=1 ",
        b"\xff",
        b"<script>",
        b"<?",
    ):
        with bounded_memory(900), suppress(CandidateFault), reading_deadline():
            parse((mark * PAGE)[: PAGE + 1000]).select("b b b")


@FUZZED
def test_a_stored_report_is_read_or_refused(examples: int) -> None:
    def read(content: bytes) -> None:
        with suppress(OperatorFault):
            report = read_report(content)
            assert json.loads(report.to_json())["schema_version"] == 1
            assert canonical(report)

    as_json = mutated_json(REPORTS).map(lambda one: json.dumps(one).encode())
    fuzz(examples, st.one_of(as_json, mutated([json.dumps(one).encode() for one in REPORTS])), read)


@FUZZED
def test_every_report_that_can_be_read_can_be_shown(examples: int) -> None:
    """A tenth as many: a page takes some ten milliseconds."""

    def show(document: Any) -> None:
        with suppress(OperatorFault):
            report = read_report(json.dumps(document).encode())
            assert "\x1b" not in render_terminal(report)
            assert render_html(report)
            assert render_junit(report)

    fuzz(examples // 10, mutated_json(REPORTS, most=2), show)
