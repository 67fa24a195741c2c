"""Pages about the API, for people."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from djudge.web.api.problems import KINDS
from djudge.web.api.scopes import Scope


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the API is, how to come in, and what each problem means. No statement."""
    return render(request, "api/about.html", {"scopes": Scope.choices, "problems": KINDS, "section": "team"})
