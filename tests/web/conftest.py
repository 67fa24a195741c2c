"""Real servers for the web's tests: a PostgreSQL and a Valkey of their own, gone afterwards."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

import pytest
import redis
from django.core.cache import cache
from django.test import Client

from djudge.launch import valkey
from djudge.launch.postgres import PlatformPostgres
from tests.web.cast import Cast
from tests.web.processes import collect_static_files, wait_for
from tests.web.settings import PLACE, ROOT


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
def as_(client: Client) -> Iterator[object]:
    """Sign somebody in: `as_(cast.olga).get(...)`."""

    def sign_in(user: object) -> Client:
        client.logout()
        if user is not None:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
