"""What people read about the API: Swagger UI under our policy, and the examples of the how-to, which are run."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.web.browsing import bring_session
from tests.web.cast import Cast
from tests.web.programs import program_of

HOW_TO: Final = Path(__file__).parents[2] / "docs" / "how-to" / "use-the-api.md"
#: Something that is another each time.
ANYTHING: Final = "…"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_swagger_ui_shows_the_api_and_tries_it_under_our_policy(
    page: Page, complaints: list[str], live_server: LiveServer, cast: Cast
) -> None:
    bring_session(page.context, live_server, cast.rita)
    answer = page.goto(f"{live_server.url}/api/v1/docs/")
    assert answer is not None
    assert "unsafe" not in answer.headers["content-security-policy"]
    page.locator("#operations-jobs-jobs_list").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.get_by_text('"title": "Developer"').first.wait_for()
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/docs.png")
    assert complaints == []


def test_nothing_of_an_address_gets_into_the_script(client: Any) -> None:
    for query in ("?script", "?script&lang=';alert(1)//", "?script&version=</script>"):
        answer = client.get(f"/api/v1/docs/{query}")
        assert answer.status_code == 200
        assert b"alert(1)" not in answer.content
        assert b"</script>" not in answer.content


def examples() -> Iterator[tuple[list[str], Any]]:
    """Each command of the how-to with the part of its answer that stands under it."""
    for block in re.findall(r"```console\n(.*?)```", HOW_TO.read_text(), re.DOTALL):
        lines = block.strip().split("\n")
        for command, answer in zip(lines[::2], lines[1::2], strict=True):
            yield shlex.split(command.removeprefix("$ ")), json.loads(answer)


@pytest.mark.django_db
def test_every_example_of_the_how_to_answers_as_it_is_written(cast: Cast) -> None:
    program = program_of(cast.hamid, cast.team)
    known = {"DJUDGE": "", "TOKEN": program.secret}
    for command, expected in examples():
        answer = _sent(client_of(program), command, known)
        _compare(expected, answer, known, " ".join(command))


def client_of(program: Any) -> Any:
    """One that brings nothing but what the example says."""
    return type(program)()


def _sent(client: Any, command: list[str], known: dict[str, str]) -> Any:
    assert command[0] == "curl"
    words = [_filled(each, known) for each in command[2:]]
    said = dict(zip(words[::2], words[1::2], strict=True))
    headers = dict(each.split(": ", 1) for flag, each in zip(words[::2], words[1::2], strict=True) if flag == "-H")
    method = said.get("-X", "POST" if "-d" in said else "GET")
    kind = headers.pop("Content-Type", "")
    answer = client.generic(method, _filled(command[1], known), said.get("-d", ""), content_type=kind, headers=headers)
    return answer.json()


def _filled(text: str, known: dict[str, str]) -> str:
    for name in sorted(known, key=len, reverse=True):
        text = text.replace(f"${name}", known[name])
    assert "$" not in text, text
    return text


def _compare(expected: Any, got: Any, known: dict[str, str], where: str) -> None:
    """What is written is in the answer; a name with a dollar that is new is learnt from it."""
    if isinstance(expected, dict):
        for name, each in expected.items():
            assert name in got, f"{where}: {name} is not in {got}"
            _compare(each, got[name], known, f"{where}: {name}")
    elif isinstance(expected, list):
        assert len(expected) == len(got), where
        for each, its in zip(expected, got, strict=True):
            _compare(each, its, known, where)
    elif isinstance(expected, str) and expected.startswith("$"):
        assert known.setdefault(expected[1:], got) == got, where
    elif expected != ANYTHING:
        assert expected == got, where


def test_the_schema_that_is_committed_has_every_endpoint_of_the_how_to() -> None:
    schema = (HOW_TO.parents[1] / "reference" / "api-v1.yaml").read_text()
    for address in re.findall(r"(/api/v1/(?!docs)[a-z-]+/)", HOW_TO.read_text()):
        assert f"\n  {address}:\n" in schema, address
