"""`make run` and `djudge system run`: what a newcomer sees first, and what is left when they press Ctrl-C."""

from __future__ import annotations

import re
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from http.client import HTTPResponse

import pytest
from tests.cli.terminal import CTRL_C, DJUDGE, SHOWCASE, Terminal, files_left, private_places

from djudge.engine.cli.showcase import PORT
from djudge.engine.folders import data_folder


def page(url: str) -> tuple[int, str]:
    with closing(urllib.request.urlopen(url, timeout=10)) as answer:
        assert isinstance(answer, HTTPResponse)
        return answer.status, answer.read().decode()


def addresses(told: str) -> list[str]:
    """Sites that it told of, each once: sign-ins have links into one of them."""
    return list(dict.fromkeys(re.findall(r"http://127\.0\.0\.1:\d+/", told)))


@pytest.fixture
def taken() -> Iterator[None]:
    """Somebody else is on the page's port: we, unless somebody is there already."""
    with ExitStack() as stack:
        with suppress(OSError):
            stack.enter_context(socket.create_server(("127.0.0.1", PORT)))
        yield


@pytest.mark.usefixtures("taken")
def test_it_grades_shows_and_ends_and_is_quick_the_second_time() -> None:
    with private_places(data_folder()) as environ:
        with Terminal(SHOWCASE, environ) as terminal:
            told = terminal.read_until("Ctrl-C stops everything")
            assert f"Port {PORT} is taken, so the page gets another one." in told
            for name in ("junior", "competent", "expert"):
                assert re.search(rf"  {name} +ORM queries \w+.* statements at most", told)
            assert "Grade your own code:\n  .venv/bin/djudge start SH4 ../work " in told
            reports, shop = addresses(told)
            assert_the_pages_answer(reports, shop)
            terminal.press(CTRL_C)
            assert terminal.wait() == 0
            assert terminal.text.rstrip().endswith("Stopped. Nothing was left running.")
            assert terminal.left() == []
        assert files_left(environ) == []
        begin = time.monotonic()
        with Terminal(SHOWCASE, environ) as terminal:
            told = terminal.read_until("Ctrl-C stops everything")
            print(f"the second start took {time.monotonic() - begin:.1f} s")
            assert told.count("(graded 20") == 3
            assert page(addresses(told)[0])[0] == 200
            terminal.process.terminate()
            assert terminal.wait() == 0
            assert terminal.left() == []
        assert files_left(environ) == []


def assert_the_pages_answer(reports: str, shop: str) -> None:
    status, home = page(reports)
    assert status == 200
    assert shop in home
    links = set(re.findall(r'href="([^"#:]+)"', home))
    found = [page(reports + link.lstrip("/")) for link in sorted(links)]
    assert [status for status, _ in found] == [200] * len(links)
    assert sum("2 of 2 bullets" in content or "of 2 bullets" in content for _, content in found) >= 3
    status, goods = page(f"{shop}products/")
    assert status == 200
    assert goods.count('<article class="product"') == 24
    assert page(f"{shop}admin/login/")[0] == 200


def test_ctrl_c_while_it_starts_leaves_nothing() -> None:
    with private_places(data_folder()) as environ:
        with Terminal(SHOWCASE, environ) as terminal:
            terminal.read_until("system: making people|observing: 2 of")
            terminal.press(CTRL_C)
            assert terminal.wait() == 130
            assert terminal.left() == []
        assert files_left(environ) == []


def test_a_system_runs_by_itself_until_ctrl_c() -> None:
    port = free_port()
    with private_places(data_folder()) as environ:
        with Terminal([*DJUDGE, "system", "run", "shop", "--port", str(port)], environ) as terminal:
            told = terminal.read_until("Ctrl-C stops it")
            assert f"Stallhouse: http://127.0.0.1:{port}/" in told
            assert re.search(r"back office: admin / \S+  http\S+/admin/", told)
            assert page(f"http://127.0.0.1:{port}/products/?page=2")[0] == 200
            with Terminal([*DJUDGE, "system", "run", "shop", "--port", str(port)], environ) as second:
                assert second.wait() == 2
                assert f"Port {port} can't be had" in second.text
                assert "Name another with --port." in second.text
            terminal.press(CTRL_C)
            assert terminal.wait() == 0
            assert terminal.left() == []
        assert files_left(environ) == []


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
