"""What a token may be made for. A scope narrows what its owner may do, and never widens it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:  # comes with the type checker alone
    from django_stubs_ext import StrOrPromise


class Scope(models.TextChoices):
    """Something that a program may be let do."""

    READ_JOBS = "jobs:read", _("Read jobs and assessments")
    WRITE_JOBS = "jobs:write", _("Create and change jobs")
    READ_CANDIDATES = "candidates:read", _("Read candidates, applications, invitations and decisions")
    WRITE_CANDIDATES = "candidates:write", _("Add, invite and move candidates")
    READ_EVIDENCE = "evidence:read", _("Read submissions, reports and levels")
    WRITE_EVIDENCE = "evidence:write", _("Have submissions graded again where the fault was ours")
    READ_NOTES = "notes:read", _("Read notes, interviews and scorecards")
    WRITE_NOTES = "notes:write", _("Write notes, fill in and file scorecards of yours")
    WRITE_DECISIONS = "decisions:write", _("Write down decisions of yours")
    SEND_ASSESSMENTS = "assessments:send", _("Send assessments from an applicant tracking system")


#: By name, with what people read who are asked to agree: django-oauth-toolkit takes it as it is.
DESCRIBED: Final[Mapping[str, StrOrPromise]] = dict(Scope.choices)

ALL: Final = frozenset(Scope)


def known(names: Iterable[str]) -> frozenset[Scope]:
    """Those of the names that are scopes: one that was taken out of the product allows nothing."""
    return frozenset(Scope(name) for name in names if name in DESCRIBED)
