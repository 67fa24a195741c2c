"""Where a card of the board can go: with a click where nothing is decided, else to the page that asks for a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from djudge.web.hiring.actions import LEADS_TO
from djudge.web.hiring.models import Application, Decision, Stage
from djudge.web.organizations.permissions import May

#: Put right by hand where something happened elsewhere; nobody is told.
MOVABLE: Final = (Stage.APPLIED, Stage.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Step:
    """One way on. `is_move`: a POST to `address` does it; else it leads to a page."""

    stage: Stage
    label: str
    address: str
    is_move: bool = False


def steps_of(application: Application, allowed: frozenset[May]) -> list[Step]:
    """Every way on for somebody with these permissions; none for who took the application back. Pure."""
    if application.stage == Stage.WITHDRAWN:
        return []
    found = [*_moves(application, allowed), *_decisions(application, allowed)]
    return [step for step in found if step.stage != application.stage]


def _moves(application: Application, allowed: frozenset[May]) -> Iterator[Step]:
    if May.MANAGE_CANDIDATES not in allowed:
        return
    if application.stage == Stage.APPLIED:
        address = reverse("workspace:invite", args=[application.pk])
        yield Step(Stage.INVITED, _("Invite …"), address)
    for stage in MOVABLE:
        yield Step(stage, _("To “%(stage)s”") % {"stage": stage.label}, _move(application), is_move=True)


def _move(application: Application) -> str:
    return reverse("hiring:move", args=[application.pk])


def _decisions(application: Application, allowed: frozenset[May]) -> Iterator[Step]:
    if May.DECIDE not in allowed:
        return
    page = reverse("workspace:application", args=[application.pk])
    for outcome, stage in LEADS_TO.items():
        label = f"{Decision.Outcome(outcome).label} …"
        yield Step(stage, label, f"{page}?decide={outcome}#decisions")
