"""Memcached instead of Valkey as the cache, as the settings set it up: a real one, where the program is there."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from djudge.engine.system import free_port
from djudge.web.grading import reports
from djudge.web.grading.models import Result
from djudge.web.workspace.limits import MOST
from djudge.web.workspace.models import Sitting
from tests.reports import sample_reports
from tests.web.cast import Cast, graded
from tests.web.test_settings import ask

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def memcached(settings: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A server of this test's own on loopback, with the cache set as `CACHE_URL=pymemcache://…` sets it."""
    program = shutil.which("memcached")
    if not program:
        pytest.skip("There is no memcached on this machine.")
    port = free_port()
    user = ["-u", "root"] if os.geteuid() == 0 else []
    said = ask("import json; print(json.dumps(settings.CACHES))", CACHE_URL=f"pymemcache://127.0.0.1:{port}")
    with subprocess.Popen([program, "-l", "127.0.0.1", "-p", str(port), "-m", "16", *user]) as server:
        try:
            _wait(port)
            settings.CACHES = json.loads(said)
            yield server
        finally:
            server.terminate()


def _wait(port: int) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("memcached does not answer.")


def test_rendered_reports_are_kept_there_and_what_is_erased_is_not(memcached: object, cast: Cast) -> None:
    graded(cast, "Zoe", sample_reports.junior())
    result = Result.objects.get()
    page = reports.page(result, "team")
    Result.objects.filter(pk=result.pk).update(document="{}")
    assert reports.page(Result.objects.get(), "team") == page, "from the cache: there is no such report any more"
    reports.forget([result])
    with pytest.raises(Exception, match="report"):
        reports.page(Result.objects.get(), "team")


def test_what_is_done_too_often_is_counted_there(memcached: object, client: Client, db: None) -> None:
    answers = [client.post("/try/").status_code for _ in range(MOST["try"] + 1)]
    assert answers == [302] * MOST["try"] + [429]
    assert Sitting.objects.count() == MOST["try"]


def test_one_that_is_killed_has_forgotten_and_no_page_fails(
    memcached: subprocess.Popen[bytes], cast: Cast, client: Client
) -> None:
    application = graded(cast, "Zoe", sample_reports.junior())
    client.force_login(cast.hamid, backend=BACKEND)
    page = reverse(
        "workspace:team-report", args=[Sitting.objects.get(application=application).works.get(position=1).submission_id]
    )
    before = client.get(page).content
    cache.set("kept", "yes")
    assert cache.get("kept") == "yes"
    memcached.kill()
    memcached.wait()
    assert cache.get("kept") is None
    assert client.get(page).content == before
    assert client.post("/try/").status_code == 302
    assert client.get("/readyz").json()["cache"] != "ok", "operators are told"
