"""The kits in general: what is in them for each use, with the minutes, before anybody is interviewed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from djudge.web.hiring.models import UseCase
from djudge.web.interviews import kits
from djudge.web.interviews.bank import questions
from djudge.web.interviews.models import Kit
from djudge.web.organizations.access import member_view
from djudge.web.organizations.models import Membership


@require_safe
@member_view()
def kits_in_general(request: HttpRequest, membership: Membership) -> HttpResponse:
    """A kit to be looked at and printed, for nobody in particular. Nothing of the database."""
    kit = _one_of(Kit.values, request.GET.get("kit"), Kit.DEVELOPER)
    use = _one_of(UseCase.values, request.GET.get("use"), UseCase.SHOP)
    lengths = [str(each) for each in kits.MINUTES[kit]]
    minutes = int(_one_of(lengths, request.GET.get("minutes"), lengths[0]))
    domain = kits.usual_domain(use)
    asked = [kits.as_asked(each, domain) for each in kits.questions_of(kit, use)]
    context = {
        "kit": Kit(kit),
        "use": UseCase(use),
        "kits": Kit.choices,
        "uses": UseCase.choices,
        "minutes": minutes,
        "lengths": kits.MINUTES[kit],
        "domain": domain,
        "agenda": [(part, questions()[part.question.question_id] if part.question else None)
                   for part in kits.agenda(kit, minutes, asked)],
        "section": "questions",
    }  # fmt: skip
    return render(request, "interviews/kits.html", context)


def _one_of(known: list[str], wanted: str | None, otherwise: str) -> str:
    return wanted if wanted in known else otherwise
