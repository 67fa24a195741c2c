"""Who may come by program, and what was created by requests that may be repeated."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication

from djudge.web.common.models import Record, new_id
from djudge.web.hiring.models import Candidate
from djudge.web.organizations.models import Membership, Team

#: A person's own machine: what goes there passes no line (RFC 8252, 7.3).
LOOPBACK: Final = ("127.0.0.1", "::1")


class Token(Record):
    """A token of somebody in a team. It goes with the membership: who leaves the team leaves no key behind.

    Only `prefix`, by which it is found, and a digest are kept. The secret has 256 bits, so that a slow hash would add
    nothing but load.
    """

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="api_tokens", verbose_name=_("membership"))
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("beginning"), max_length=16, unique=True, editable=False)
    digest = models.CharField(_("digest"), max_length=64, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_alive(self) -> bool:
        """Whether it is neither revoked nor expired. What its owner may do is asked at each request."""
        return self.revoked_at is None and timezone.now() < self.expires_at


class Client(AbstractApplication):
    """A program that people of one team may let in by OAuth. Its tokens never reach another team."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="+", verbose_name=_("team"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("registered by")
    )

    class Meta(AbstractApplication.Meta):
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        ordering = ("-created",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(authorization_grant_type="authorization-code", skip_authorization=False),
                name="client_by_code_with_consent",
            ),
        )

    def __str__(self) -> str:
        return str(self.name)


class Creation(Record):
    """What was answered to a creation that came with an `Idempotency-Key`, for a day.

    `digest` is of the request; `body` the answer as it was sent. It goes with the candidate it tells of.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="+", verbose_name=_("team"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    key = models.CharField(_("key"), max_length=200)
    digest = models.CharField(_("digest of the request"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), default=0)
    location = models.CharField(_("location"), max_length=200, blank=True)
    body = models.TextField(_("answer"), blank=True)
    candidate = models.ForeignKey(
        Candidate, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("candidate")
    )

    class Meta:
        verbose_name = _("creation that may be repeated")
        verbose_name_plural = _("creations that may be repeated")
        ordering = ("-created_at",)
        constraints = (models.UniqueConstraint(fields=["team", "user", "key"], name="creation_once"),)
        indexes = (models.Index(fields=["created_at"], name="creation_by_age"),)

    def __str__(self) -> str:
        return self.key
