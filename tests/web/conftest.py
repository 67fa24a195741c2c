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
from tests.web.processes import collect_static_files
from tests.web.settings import PLACE, ROOT


@pytest.fixture(scope="session")
def servers() -> Iterator[None]:
    """Both servers, until the last test."""
    with PlatformPostgres(PLACE), subprocess.Popen(valkey.command(PLACE), stdout=subprocess.DEVNULL) as cache:
        try:
            yield
        finally:
            cache.terminate()
    shutil.rmtree(ROOT, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(servers: None) -> None:
    """pytest-django makes its database when the server is there."""


@pytest.fixture
def broker(servers: None) -> redis.Redis:
    """The broker's Valkey, empty."""
    store = redis.Redis(unix_socket_path=str(valkey.socket(PLACE)))
    store.flushall()
    return store


@pytest.fixture(scope="session")
def static_files(django_db_setup: None) -> None:
    """Collected for web servers that run as processes."""
    collect_static_files()


@pytest.fixture(autouse=True)
def empty_cache(servers: None) -> None:
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
