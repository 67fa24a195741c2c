"""Real servers for the web's tests, a PostgreSQL and a Valkey of their own, gone afterwards; and a real browser."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest
import redis
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from djudge.launch import valkey
from djudge.launch.postgres import PlatformPostgres
from tests.web.browsing import is_wrong
from tests.web.cast import Cast
from tests.web.everything import Everything
from tests.web.processes import collect_static_files, wait_for
from tests.web.settings import PLACE, ROOT

#: Playwright's own loop runs in this thread; Django takes it for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


class Servers:
    """Both servers; tests that kill one start it again."""

    def __init__(self, postgres: PlatformPostgres) -> None:
        self.postgres = postgres
        self.valkey = self._valkey()

    def _valkey(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(valkey.command(PLACE), stdout=subprocess.DEVNULL)
        wait_for(_valkey_answers)
        return process

    def kill_valkey(self) -> None:
        """At once, as a crash does it; what it has not written yet is gone."""
        self.valkey.kill()
        self.valkey.wait()

    def start_valkey(self) -> None:
        """With what it had written."""
        self.valkey = self._valkey()

    def stop(self) -> None:
        self.valkey.terminate()
        self.valkey.wait()


def _valkey_answers() -> bool:
    try:
        return bool(redis.Redis(unix_socket_path=str(valkey.socket(PLACE))).ping())
    except redis.RedisError:
        return False


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Until the last test."""
    with PlatformPostgres(PLACE) as postgres:
        both = Servers(postgres)
        try:
            yield both
        finally:
            both.stop()
    shutil.rmtree(ROOT, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(servers: Servers) -> None:
    """pytest-django makes its database when the server is there."""


@pytest.fixture
def broker(servers: Servers) -> redis.Redis:
    """The broker's Valkey, empty."""
    store = redis.Redis(unix_socket_path=str(valkey.socket(PLACE)))
    store.flushall()
    return store


@pytest.fixture(scope="session")
def static_files(django_db_setup: None) -> None:
    """Collected for web servers that run as processes."""
    collect_static_files()


@pytest.fixture(autouse=True)
def empty_cache(servers: Servers) -> None:
    """What one test has kept or counted is nothing to the next."""
    cache.clear()


@pytest.fixture
def cast(db: None) -> Cast:
    """Two teams with everybody in them, a job and somebody who applied."""
    return Cast.make()


@pytest.fixture
def everything(cast: Cast) -> Everything:
    """The cast's team with at least one row in each table."""
    return Everything.make(cast)


@pytest.fixture
def as_(client: Client) -> Iterator[object]:
    """Sign somebody in: `as_(cast.olga).get(...)`."""

    def sign_in(user: object) -> Client:
        client.logout()
        if user is not None:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        if os.environ.get("CI"):
            pytest.fail("There is no chromium on this machine.")
        pytest.skip("There is no chromium on this machine.")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of on `page`."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that notes every complaint of the browser; nothing in these tests may cause one."""
    options = getattr(request, "param", {})
    context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
    opened = context.new_page()
    opened.on("console", lambda said: complaints.append(f"{said.text} {said.location}") if is_wrong(said) else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
