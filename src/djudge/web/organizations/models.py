"""Teams, memberships and invitations."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from djudge.web.common.models import Record


class Role(models.TextChoices):
    """What somebody is in a team. `permissions` says what follows from it."""

    OWNER = "owner", _("Owner")
    RECRUITER = "recruiter", _("Recruiter")
    HIRING_MANAGER = "hiring_manager", _("Hiring manager")
    INTERVIEWER = "interviewer", _("Interviewer")


class Team(Record):
    """Everything that a team sees belongs to it: jobs, candidates, assessments.

    `is_sample`: made at a first start. `requires_totp`: members without two-factor sign-in get nowhere before they have
    set it up.
    """

    name = models.CharField(_("name"), max_length=120)
    is_sample = models.BooleanField(_("sample"), default=False)
    requires_totp = models.BooleanField(_("requires two-factor sign-in"), default=False)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Membership(Record):
    """Somebody in a team. Who is in several looks at one at a time."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships", verbose_name=_("team"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("created_at",)
        constraints = (models.UniqueConstraint(fields=["team", "user"], name="membership_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}: {self.role}"


class TeamInvitation(Record):
    """Somebody was asked into a team by mail; the link works once, until `expires_at` or until it is withdrawn."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations", verbose_name=_("team"))
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("invited by")
    )
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                "team",
                Lower("email"),
                name="invitation_open_once",
                condition=models.Q(accepted_at=None, withdrawn_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} to {self.team_id}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted."""
        return not (self.accepted_at or self.withdrawn_at) and timezone.now() < self.expires_at


class AuditEvent(Record):
    """One thing that somebody did in a team. `actor` is empty for candidates and for the system itself.

    `seal` is the SHA-256 over the entry and the seal of the team's entry before: whoever alters or removes one breaks
    all later ones, and `audit.first_broken` finds it. Subject and details go into it by `content` alone, a digest with
    a `salt` of its own: so they can be erased, with the salt, when a person asks for it (GDPR, article 17), and the log
    still holds.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="audit_events", verbose_name=_("team"))
    number = models.PositiveBigIntegerField(_("number"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    actor_name = models.CharField(_("by, by name"), max_length=200)
    verb = models.CharField(_("what"), max_length=60)
    subject = models.CharField(_("of what"), max_length=300)
    subject_id = models.UUIDField(_("its id"), null=True, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    salt = models.CharField(_("salt"), max_length=32, blank=True, editable=False)
    content = models.CharField(_("digest of subject and details"), max_length=64, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    seal = models.CharField(_("seal"), max_length=64, editable=False)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=["team", "number"], name="audit_number_once"),)

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.subject}"
