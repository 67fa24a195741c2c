"""The slow-query museum: scenes for the guide's line 87, to be talked about or to practise on.

The exhibits are the packs' own files, public like the guide; what an interviewer listens for is for members.
"""

from __future__ import annotations

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from djudge.web.grading import museum
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership

#: The counts in words.
FIGURES: Final = {
    "statements": _("statements"),
    "sent": _("rows sent to Django"),
    "read": _("rows and index entries read"),
    "blocks": _("blocks of 8 kB read"),
    "spilled": _("blocks spilled to disk"),
}


@login_not_required
@require_safe
def museum_hall(request: HttpRequest) -> HttpResponse:
    """All exhibits by their scenes; their causes are not told here. Nothing of the database."""
    return render(request, "interviews/museum.html", {"showings": museum.showings(), "section": "questions"})


@login_not_required
@require_safe
def exhibit(request: HttpRequest, pack: str, slug: str) -> HttpResponse:
    """One exhibit: scene and slow code, hints that open one after the other, the mend with what was measured."""
    context = {"it": _showing(pack, slug), "words": FIGURES, "section": "questions"}
    return render(request, "interviews/exhibit.html", context)


@require_safe
@member_view()
def exhibit_sheet(request: HttpRequest, membership: Membership, pack: str, slug: str) -> HttpResponse:
    """One exhibit to print: the candidate's side without the answer, the interviewer's with it."""
    context = {"it": _showing(pack, slug), "words": FIGURES, "section": "questions"}
    return render(request, "interviews/exhibit_sheet.html", context)


def _showing(pack: str, slug: str) -> museum.Showing:
    try:
        return museum.showing(pack, slug)
    except KeyError as error:
        raise Http404 from error
