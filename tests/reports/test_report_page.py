"""The local page: true to its reports, served from memory, to this machine only."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from threading import Thread

import pytest
from tests.reports.sample_reports import NASTY, broken, competent, fast_but_empty, good, hostile, junior

from djudge.engine.errors import OperatorFault
from djudge.engine.reports.page import Sample, comparison, pages_of, render_page
from djudge.engine.reports.serving import PageServer

SAMPLES = (
    Sample(name="expert", report=good(), told="Fetches what the page needs."),
    Sample(name="competent", report=competent()),
    Sample(name="junior", report=junior()),
)


@pytest.fixture
def server() -> Iterator[PageServer]:
    serving = PageServer(pages_of(SAMPLES, shop_url="http://127.0.0.1:8001/", shop_title="Stallhouse"))
    thread = Thread(target=serving.serve_forever)
    thread.start()
    yield serving
    serving.shut_down()
    thread.join()


def ask(server: PageServer, path: str, method: str = "GET", host: str | None = None):
    connection = HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request(method, path, headers={"Host": host or f"127.0.0.1:{server.port}"})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer, body


def test_the_page_shows_the_samples_side_by_side_with_outcomes_in_words_and_figures() -> None:
    text = render_page(SAMPLES, shop_url="http://127.0.0.1:8001/", shop_title="Stallhouse")
    for expected in (
        "2 of 2 bullets shown",
        "1 of 2 bullets shown, 1 partly",
        "0 of 2 bullets shown, 1 partly",
        "74 with 24",
        "at most 5 statements",
        'href="/reports/junior"',
        "Open Stallhouse",
        "djudge grade SH4 ../work",
        "What this does not tell",
        "2026-03-14 09:26 UTC",
    ):
        assert expected in text
    assert "<script" not in text


def test_the_page_without_a_shop_links_to_none_and_notes_stand_above() -> None:
    text = render_page(SAMPLES, notes=["Landlock is missing here. <b>Update</b>."])
    assert "the system that candidates work in" not in text
    assert "Landlock is missing here. &lt;b&gt;Update&lt;/b&gt;." in text


def test_samples_that_ran_without_the_jail_are_never_said_to_have_run_in_it() -> None:
    text = render_page([Sample(name="odd", report=fast_but_empty())])
    assert "Not isolated." in text
    assert "run without the jail" in text
    assert "Not isolated." not in render_page(SAMPLES)


def test_a_picture_compares_the_samples_where_they_differ_most() -> None:
    picture = comparison(SAMPLES)
    assert picture is not None
    assert "products on the page" in picture
    for label in ("junior 74", "competent 5", "expert 4", "budget 5"):
        assert label in picture
    assert comparison([*SAMPLES, Sample(name="broken", report=broken())]) is None


def test_a_sample_that_stopped_and_a_hostile_one_have_their_place_on_the_page() -> None:
    text = render_page([Sample(name=NASTY, report=hostile(), told=NASTY), Sample(name="b", report=broken())])
    assert "<script" not in text
    assert "cannot import name" in text


def test_pages_answer_with_a_strict_policy(server: PageServer) -> None:
    for path in ("/", "/reports/junior", "/reports/expert.json", "/?anything=1"):
        answer, body = ask(server, path)
        assert answer.status == 200
        assert body
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Server"] == "djudge"


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "/../../etc/passwd", "/reports/", "/reports/junior/", "/%2e%2e/", "/favicon.ico"]
)
def test_what_is_not_in_the_mapping_is_not_there(server: PageServer, path: str) -> None:
    answer, body = ask(server, path)
    assert answer.status == 404
    assert "root:" not in body


def test_a_request_for_another_host_is_refused(server: PageServer) -> None:
    assert ask(server, "/", host=f"localhost:{server.port}")[0].status == 200
    for host in ("evil.example", f"evil.example:{server.port}", "127.0.0.1"):
        answer, body = ask(server, "/", host=host)
        assert answer.status == 421
        assert "bullets" not in body


def test_only_reading_is_possible(server: PageServer) -> None:
    assert ask(server, "/", "HEAD")[1] == ""
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert ask(server, "/", method)[0].status == 501


def test_it_listens_on_the_loopback_address_alone_and_says_when_a_port_is_taken(server: PageServer) -> None:
    assert server.url == f"http://127.0.0.1:{server.port}/"
    with pytest.raises(OperatorFault, match="can't be used"):
        PageServer({}, port=server.port)
    with socket.socket() as other:
        other.settimeout(1)
        assert other.connect_ex(("127.0.0.2", server.port)) != 0
