"""What changes on both sides' pages while two people talk: drawn whole with the page, and in parts for those who look
again, who name what they have."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from djudge.web.grading.changes import shown_name
from djudge.web.pads import selectors
from djudge.web.pads.models import Pad
from djudge.web.pads.selectors import Side
from djudge.web.workspace.access import token_of


def context_of(pad: Pad, side: Side, told: str | None = None) -> dict[str, Any]:
    """All parts of a side's page, and the buttons; `told` is what somebody has to be told at once, and empty
    where they asked for something and it is on its way. Three statements, and
    one for each result that nobody has seen yet."""
    work = selectors.work_of(pad)
    parts = selectors.parts(pad, side)
    return {
        "pad": pad,
        "side": side,
        "work": work,
        "trial": work.trial,
        "token": token_of(pad.sitting),
        "file": shown_name(pad.file),
        "live": selectors.live(pad, work) if "text" in parts else None,
        "runs": selectors.runs_of(pad, work.card),
        "buttons": selectors.buttons(work.card),
        "parts": dict.fromkeys(parts, True),
        "known": ".".join(parts.values()),
        "look": address(pad, side, "live"),
        "ask": address(pad, side, "run"),
        "told": told,
    }


def address(pad: Pad, side: Side, name: str) -> str:
    """Where a side of this pad looks (`live`) or asks (`run`)."""
    if side == "interviewer":
        return reverse(f"pads:{name}", args=[pad.interview_id])
    return reverse(f"pads:work-{name}", args=[token_of(pad.sitting)])


def look_again(request: HttpRequest, pad: Pad, side: Side, told: str | None = None) -> HttpResponse:
    """The parts that are not as somebody knows them; 204 and nothing where all are. No statement for nothing."""
    if pad.is_over:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    known = request.GET.get("known", "").split(".")
    changed = {name: token not in known for name, token in selectors.parts(pad, side).items()}
    if not any(changed.values()) and told is None:
        return HttpResponse(status=204)
    context = context_of(pad, side, told) | {"parts": changed, "is_again": True}
    return render(request, "pads/_parts.html", context)
