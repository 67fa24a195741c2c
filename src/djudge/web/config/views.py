"""The first page, the guide, and what machines ask."""

from __future__ import annotations

from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from djudge.web.config.guide import LINES
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership
from djudge.web.samples.selectors import growth_picture


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """For teams their jobs; for everybody else what this is."""
    if request.user.is_authenticated:
        return redirect("hiring:job-list")
    return render(request, "ui/home.html", {"systems": settings.SYSTEMS, "picture": growth_picture()})


@require_safe
@member_view()
def systems(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The systems in which candidates work, running, with how to sign in to each."""
    return render(request, "ui/systems.html", {"systems": settings.SYSTEMS, "section": "tasks"})


@login_not_required
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """The hiring guide line by line, in our words, each with where it acts, or that it does not yet."""
    return render(request, "ui/guide.html", {"lines": LINES, "section": "guide"})


@login_not_required
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether requests can be served here: database, migrations, cache, broker; 503 with what is wrong where not."""
    parts = {"database": _database, "migrations": _migrations, "cache": _cache, "broker": _broker}
    told = {name: _told(check) for name, check in parts.items()}
    return JsonResponse(told, status=200 if all(word == "ok" for word in told.values()) else 503)


def _told(check: object) -> str:
    try:
        check()  # type: ignore[operator]
    except Exception as error:
        return type(error).__name__
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select 1")


def _migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise RuntimeError("migrations are missing")


def _cache() -> None:
    cache.set("readyz", "ok", 5)
    if cache.get("readyz") != "ok":
        raise RuntimeError("the cache forgets")


def _broker() -> None:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
