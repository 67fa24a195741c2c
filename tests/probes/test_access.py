"""The access probe finds who is shown or changes what, whatever the status says; and people sign in without waiting."""

from __future__ import annotations

from tests.probes.conftest import RunOf

from djudge.engine.probes import access
from djudge.engine.probes.access import AccessReading, Attempt
from djudge.engine.probes.signing_in import NO_PASSWORD, Account, sign_in
from djudge.engine.probes.visitor import Visitor
from djudge.engine.run import Connection
from djudge.engine.serving import RunningGuest
from djudge.engine.values import Json

USER = (
    "insert into auth_user (id, username, password, is_superuser, is_staff, is_active, first_name, last_name, email,"
    " date_joined) values (%s, %s, %s, %s, %s, true, '', '', '', '2020-01-01')"
)

PEOPLE = ("ines", "bo", "guest")

URLS = """
from django.http import HttpResponse, HttpResponseNotFound
from django.contrib import admin
from django.urls import include, path
from catalogue.models import Brand


def page(request, pk):
    brand = Brand.objects.get(pk=pk)
    if request.method == "POST":
        Brand.objects.filter(pk=pk).update(name=request.POST["name"])
    if request.user.username != "ines":
        return HttpResponseNotFound(f"not for you: {brand.slug}")
    return HttpResponse(brand.slug)


def closed(request, pk):
    if request.user.username != "ines":
        return HttpResponseNotFound("nothing")
    return HttpResponse(Brand.objects.get(pk=pk).slug)


urlpatterns = [
    path("admin/", admin.site.urls),
    path("open/<int:pk>/", page),
    path("closed/<int:pk>/", closed),
    path("accounts/", include("accounts.urls")),
    path("basket/", include("basket.urls")),
    path("desk/", include("desk.urls")),
    path("payments/", include("payments.urls")),
    path("", include("orders.urls")),
    path("", include("catalogue.urls")),
]
"""


def people(guest: RunningGuest) -> dict[str, Visitor]:
    """A seller, a buyer and somebody who did not sign in."""
    with guest.arrange() as connection:
        for number, name in ((1, "ines"), (2, "bo")):
            connection.execute(USER, [number, name, NO_PASSWORD, number == 1, number == 1])
        ines, bo = (Visitor(sign_in(connection, Account(id=number), key * 32)) for number, key in ((1, "a"), (2, "b")))
    return {"ines": ines, "bo": bo, "guest": Visitor()}


def names(connection: Connection) -> Json:
    return [list(row) for row in connection.execute("select id, name from catalogue_brand order by id").fetchall()]


def slug_of(guest: RunningGuest) -> str:
    with guest.arrange() as connection:
        row = connection.execute("select slug from catalogue_brand where id = 1").fetchone()
    assert row
    return str(row[0])


def looking(door: str, person: str, word: str) -> Attempt:
    """Somebody who asks for the page of what belongs to Ines."""
    return Attempt(
        door=door, person=person, whose="ines", words=[word], request=lambda visitor: visitor.request("GET", door)
    )


def test_what_is_told_and_changed_is_found_whatever_the_status_says(run_of: RunOf) -> None:
    with run_of({"stallhouse/urls.py": URLS}).guest() as guest:
        slug = slug_of(guest)
        attempts = [looking(door, person, slug) for door in ("/open/1/", "/closed/1/") for person in PEOPLE]
        crowd = people(guest)
        crowd["bo"].get(guest, "/admin/login/")
        change = Attempt(
            door="change", person="bo", whose="ines", request=lambda bo: bo.posting("/open/1/", {"name": "Bo's now"})
        )
        reading = AccessReading.parse(access.observe(guest, crowd, [*attempts, change], names))
    assert [(one.person, one.status, bool(one.told)) for one in reading.at("/open/1/")] == [
        ("ines", 200, True),
        ("bo", 404, True),
        ("guest", 404, True),
    ]
    assert [(one.status, bool(one.told)) for one in reading.at("/closed/1/")] == [
        (200, True),
        (404, False),
        (404, False),
    ]
    assert [(one.status, one.changed) for one in reading.at("change")] == [(404, True)]
    assert not any(one.changed for one in reading.attempts if one.door != "change")


def test_a_forged_session_is_what_a_sign_in_would_have_left_and_nobody_elses_key_opens_the_door(run_of: RunOf) -> None:
    with run_of({}).guest() as guest:
        found = people(guest)
        assert found["ines"].get(guest, "/admin/").answer.status == 200
        assert found["bo"].get(guest, "/admin/").answer.status == 302
        assert Visitor({"sessionid": "c" * 32}).get(guest, "/admin/").answer.status == 302


def test_a_visitor_fills_in_forms_and_follows_where_they_lead(run_of: RunOf) -> None:
    with run_of({}).guest() as guest:
        ines = people(guest)["ines"]
        page = ines.get(guest, "/admin/catalogue/tag/1/change/")
        sent = ines.submit(guest, page, "/admin/catalogue/tag/1/change/", {"name": "Renamed"},
                           at="/admin/catalogue/tag/1/change/")  # fmt: skip
        assert sent.answer.status == 302
        listed = ines.get(guest, "/admin/catalogue/tag/", follow=True)
        refused = Visitor(dict(ines.cookies)).post(
            guest, "/admin/catalogue/tag/1/change/", {"csrfmiddlewaretoken": "x"}
        )
    assert b"Renamed" in listed.answer.body
    assert refused.answer.status == 403
