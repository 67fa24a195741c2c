"""Writes about teams and who belongs to them, each with its audit entry."""

from __future__ import annotations

import uuid
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from djudge.web.accounts.models import User
from djudge.web.mail import actions as mail
from djudge.web.organizations import audit
from djudge.web.organizations.models import Membership, Role, Team, TeamInvitation

#: How long an invitation into a team works.
INVITATION_AGE = timedelta(days=7)
_SALT = "djudge.team"


class LastOwnerError(Exception):
    """A team needs an owner; the message says so."""


class AlreadyThereError(Exception):
    """The person belongs to the team, or was asked already; the message says which."""


class NotSetUpError(Exception):
    """Somebody asks others for a second factor without having one; the message says so."""


@transaction.atomic
def register_team(*, owner: User, name: str, is_sample: bool = False) -> Membership:
    """A new team with its first owner."""
    team = Team.objects.create(name=name, is_sample=is_sample)
    audit.note(team, "registered the team", team, actor=owner)
    return Membership.objects.create(team=team, user=owner, role=Role.OWNER)


@transaction.atomic
def invite_member(*, actor: User, team: Team, email: str, role: str) -> TeamInvitation:
    """Ask somebody into the team by mail. Raises AlreadyThereError."""
    if team.memberships.filter(user__email=email.lower()).exists():
        raise AlreadyThereError(_("%(email)s belongs to the team already.") % {"email": email})
    try:
        with transaction.atomic():
            invitation = TeamInvitation.objects.create(
                team=team, email=email.lower(), role=role, invited_by=actor,
                expires_at=timezone.now() + INVITATION_AGE,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyThereError(_("%(email)s was asked already.") % {"email": email}) from error
    link = settings.SITE_ADDRESS + reverse("organizations:join", args=[token_of(invitation)])
    body = render_to_string("organizations/mail/invited.txt", {"invitation": invitation, "actor": actor, "link": link})
    audit.note(team, "asked into the team", invitation, actor=actor, role=role)
    mail.write(to=email, subject=_("%(team)s asks you to join") % {"team": team.name}, body=body, team=team.pk)
    return invitation


@transaction.atomic
def withdraw_invitation(*, actor: User, invitation: TeamInvitation) -> None:
    """The link no longer works."""
    audit.note(invitation.team, "withdrew the invitation of", invitation, actor=actor)
    TeamInvitation.objects.filter(pk=invitation.pk, accepted_at=None).update(withdrawn_at=timezone.now())


@transaction.atomic
def join(*, invitation: TeamInvitation, user: User | None, name: str = "", password: str | None = None) -> Membership:
    """Accept an invitation, once; without a `user` an account is made with it, or neither.

    Raises AlreadyThereError where the link was used, withdrawn or is too old.
    """
    locked = TeamInvitation.objects.select_for_update().get(pk=invitation.pk)
    if not locked.is_open:
        raise AlreadyThereError(_("This invitation no longer works. Please ask for a new one."))
    locked.accepted_at = timezone.now()
    locked.save(update_fields=["accepted_at"])
    user = user or User.objects.create_user(locked.email, password, name=name)
    membership, _made = Membership.objects.get_or_create(
        team_id=locked.team_id, user=user, defaults={"role": locked.role}
    )
    audit.note(membership.team, "joined the team", membership, actor=user, role=membership.role)
    return membership


@transaction.atomic
def change_role(*, actor: User, membership: Membership, role: str) -> Membership:
    """Another role. Raises LastOwnerError for the only owner."""
    _require_another_owner(membership, role)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    audit.note(membership.team, "changed the role of", membership.user, actor=actor, before=before, after=role)
    return membership


@transaction.atomic
def require_totp(*, actor: User, team: Team, required: bool) -> None:
    """Members need two-factor sign-in from their next page on, or no longer. No entry where it was so already.

    Raises NotSetUpError for an owner without it: they would shut themselves out.
    """
    locked = Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    if locked.requires_totp == required:
        return
    if required and not Authenticator.objects.filter(user=actor, type=Authenticator.Type.TOTP).exists():
        raise NotSetUpError(_("Set up two-factor sign-in for yourself first; then you can ask it of the team."))
    locked.requires_totp = required
    locked.save(update_fields=["requires_totp"])
    verb = "made two-factor sign-in a must in" if required else "made two-factor sign-in a choice in"
    audit.note(locked, verb, locked, actor=actor)


@transaction.atomic
def remove_member(*, actor: User, membership: Membership) -> None:
    """Out of the team; what they wrote stays. Raises LastOwnerError for the only owner."""
    _require_another_owner(membership, "")
    audit.note(membership.team, "removed from the team", membership.user, actor=actor, role=membership.role)
    membership.delete()


def _require_another_owner(membership: Membership, role: str) -> None:
    """All owners are locked, so that two who leave at the same time see each other."""
    owners = membership.team.memberships.select_for_update().filter(role=Role.OWNER)
    if membership.role == Role.OWNER and role != Role.OWNER and len(owners) < 2:
        raise LastOwnerError(_("A team needs an owner: make somebody else one first."))


def token_of(invitation: TeamInvitation) -> str:
    """What stands in the link."""
    return signing.dumps(str(invitation.pk), salt=_SALT)


def invitation_by(token: str) -> TeamInvitation | None:
    """The invitation of a link, with its team; None for a wrong one."""
    try:
        key = uuid.UUID(signing.loads(token, salt=_SALT, max_age=INVITATION_AGE))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return TeamInvitation.objects.select_related("team").filter(pk=key).first()
