"""A visitor follows what leads somewhere on the site, and nothing that only looks like an address."""

from __future__ import annotations

import pytest
from tests.probes.conftest import RunOf

from djudge.engine.probes.visitor import Visitor, location
from djudge.engine.sandbox.contract import Answer

LEADS = {
    "/desk/orders/?page=2": "/desk/orders/?page=2",
    "desk/": "/desk/",
    "http://localhost/desk/": "/desk/",
    "https://elsewhere.example/desk/": None,
    "//elsewhere.example/": None,
    "http://[": None,
    "//[x]/": None,
    "http://loc\u2100lhost/": None,
    "http://localhost:99999999/": "/",
    "": None,
}

URLS = """
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

FORMS = '''
<form action="http://[/save/" method="post"><input name="bad" value="1"></form>
<form action="//[x]/save/" method="post"><input name="bad" value="1"></form>
<form action="/save/" method="post"><input name="good" value="2"></form>
'''


def show(request):
    return HttpResponse(FORMS)


@csrf_exempt
def save(request):
    return HttpResponse(",".join(sorted(request.POST)))


urlpatterns = [path("", show), path("save/", save)]
"""


@pytest.mark.parametrize(("written", "leads"), LEADS.items())
def test_an_address_leads_where_a_browser_would_stay_on_the_site(written: str, leads: str | None) -> None:
    answer = Answer(status=302, headers=(("Location", written),), body=b"", truncated=False, chunks=1)
    assert location(answer) == leads


def test_an_answer_that_is_no_redirect_leads_nowhere() -> None:
    assert location(Answer(status=200, headers=(("Location", "/"),), body=b"", truncated=False, chunks=1)) is None


def test_forms_without_a_real_address_are_passed_over(run_of: RunOf) -> None:
    with run_of({"stallhouse/urls.py": URLS}).guest() as guest:
        someone = Visitor()
        sent = someone.submit(guest, someone.get(guest, "/"), "/save/", {"mine": 3})
    assert sent.answer.body == b"good,mine"
