"""A page that takes its process with it, or never answers, costs itself and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.checking.conftest import Called

from djudge.engine.checking import project as process

LEAVING = """
import os, time
from django.http import HttpResponse
from django.urls import path

urlpatterns = [
    path("", lambda request: HttpResponse("<a href=/stays/>three</a>")),
    path("leaves/", lambda request: os._exit(3)),
    path("sleeps/", lambda request: time.sleep(60)),
    path("stays/", lambda request: HttpResponse("here")),
]
"""


@pytest.mark.usefixtures("installed")
def test_the_process_is_started_again_and_the_other_pages_are_measured(
    djudge: Callable[..., Called], project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "PAGE_SECONDS", 3.0)
    folder = project(**{"press/urls": LEAVING})
    told = djudge("check", folder, "--json", "-")
    assert told.status == 0, told.err
    report = json.loads(told.out)
    statuses = {each["address"]: set(each["statuses"]) for each in report["routes"]}
    assert statuses == {"/": {"200"}, "/leaves/": {"lost"}, "/sleeps/": {"lost"}, "/stays/": {"200"}}
    assert {each["address"] for each in report["addresses"]} == {"/", "/stays/"}
