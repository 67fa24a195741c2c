"""Jobs, candidates, applications, and what people wrote about them."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from djudge.web.assessments.models import Assessment, Lane
from djudge.web.common.models import Record
from djudge.web.organizations.models import Role, Team


class Builds(models.TextChoices):
    """What the person will build: the guide's four kinds of applications (lines 3 to 30)."""

    FULL_STACK = "full-stack", _("Web applications rendered on the server")
    API = "api", _("REST APIs")
    DATA = "data", _("Applications with much data")
    TRAFFIC = "traffic", _("Applications with much traffic")


class UseCase(models.TextChoices):
    """What it is for: the guide's four use cases (lines 52 to 72)."""

    CMS = "cms", _("Content management")
    SHOP = "shop", _("Shop or marketplace")
    BACKEND = "backend", _("Backend of apps and pages")
    PIPELINE = "pipeline", _("Data processing and reports")


class Job(Record):
    """An opening. `level_bar` is 2 unless `bar_reason` says why not; everybody is answered within `reply_days`."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    MINIMUM = 2

    #: As what whoever asks works on it; set by the door that fetched it.
    my_role: str | None = None

    team = models.ForeignKey(Team, models.CASCADE, related_name="jobs", verbose_name=_("team"))
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("what they will do"), blank=True, max_length=10_000)
    builds = models.JSONField(_("what they will build"), default=list)
    use_case = models.CharField(_("what it is for"), max_length=20, choices=UseCase)
    domain = models.CharField(_("what its data are about"), max_length=120, blank=True)
    level_bar = models.PositiveSmallIntegerField(
        _("level asked for"), default=MINIMUM, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    bar_reason = models.TextField(_("why this level"), blank=True, max_length=2000)
    reply_days = models.PositiveSmallIntegerField(
        _("answered within days"), default=5, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, null=True, blank=True, related_name="jobs", verbose_name=_("assessment")
    )
    python_assessment = models.ForeignKey(
        Assessment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assessment of the Python lane"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(condition=models.Q(level_bar__range=(1, 3)), name="job_level_known"),
            models.CheckConstraint(
                condition=models.Q(level_bar=2) | ~models.Q(bar_reason=""), name="job_other_level_has_reason"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def assessment_for(self, lane: str) -> Assessment | None:
        """What a candidate of this lane is asked."""
        return self.python_assessment if lane == Lane.PYTHON_STRONG else self.assessment


class JobMember(Record):
    """Somebody who works on a job, and as what. For interviewers of the team it is the only way to see the job; for it
    they may do what this role may, beside what their role in the team allows everywhere."""

    ROLES = (Role.INTERVIEWER, Role.RECRUITER, Role.HIRING_MANAGER)

    job = models.ForeignKey(Job, models.CASCADE, related_name="members", verbose_name=_("job"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    role = models.CharField(
        _("role"), max_length=20, choices=[(each, each.label) for each in ROLES], default=Role.INTERVIEWER
    )

    class Meta:
        verbose_name = _("member of a job")
        verbose_name_plural = _("members of jobs")
        ordering = ("created_at",)
        constraints = (models.UniqueConstraint(fields=["job", "user"], name="job_member_once"),)

    def __str__(self) -> str:
        return f"{self.user_id} for {self.job_id}"


class SavedFilter(Record):
    """What somebody likes to see of a job's candidates, under a name of theirs; nobody else's list has it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    job = models.ForeignKey(Job, models.CASCADE, related_name="saved_filters", verbose_name=_("job"))
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("query"), max_length=500)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["user", "job", "name"], name="saved_filter_once"),)

    def __str__(self) -> str:
        return self.name


class Candidate(Record):
    """A person who applied to a team, once for each address."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="candidates", verbose_name=_("team"))
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"))

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ("name",)
        constraints = (models.UniqueConstraint("team", Lower("email"), name="candidate_address_once"),)
        # Trigrams of what `icontains` compares. Not gathered in a pending list, which every search would read whole.
        indexes = (
            models.Index(fields=["team", "email"], name="candidate_by_address"),
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="candidate_name_found", fastupdate=False),
            GinIndex(OpClass(Upper("email"), "gin_trgm_ops"), name="candidate_address_found", fastupdate=False),
        )

    def __str__(self) -> str:
        return self.name


class Stage(models.TextChoices):
    """Where an application is. Who was rejected stays where everybody can see why."""

    APPLIED = "applied", _("Applied")
    INVITED = "invited", _("Invited")
    WORKING = "working", _("Working")
    SUBMITTED = "submitted", _("Handed in")
    INTERVIEW = "interview", _("Interview")
    OFFER = "offer", _("Offer")
    HIRED = "hired", _("Hired")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


#: Nothing is owed any more.
ENDED = (Stage.HIRED, Stage.REJECTED, Stage.WITHDRAWN)

#: Somebody waits for an answer.
OPEN = (Stage.APPLIED, Stage.INVITED, Stage.WORKING, Stage.SUBMITTED, Stage.INTERVIEW, Stage.OFFER)


class Application(Record):
    """A candidate for a job. `reply_by` is what was promised: until then somebody hears from us."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="applications", verbose_name=_("job"))
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="applications", verbose_name=_("candidate"))
    lane = models.CharField(_("lane"), max_length=20, choices=Lane, default=Lane.DJANGO_READY)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.APPLIED)
    stage_since = models.DateTimeField(_("in it since"), default=timezone.now)
    reply_by = models.DateField(_("reply by"))
    resume = models.FileField(_("résumé"), upload_to="resumes/%Y/%m/", blank=True, max_length=200)
    resume_name = models.CharField(_("name of the file"), max_length=200, blank=True)
    extra_time = models.DecimalField(
        _("extra time"), max_digits=3, decimal_places=2, default=1, help_text=_("1.5 is half as much again.")
    )

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(fields=["job", "candidate"], name="application_once"),
            models.CheckConstraint(condition=models.Q(extra_time__range=(1, 3)), name="application_extra_time_sane"),
        )
        # Each filter of a job's page has its own, in the order of the page: it is read from its beginning for a page's
        # length, however many there are.
        indexes = (
            models.Index(fields=["job", "reply_by", "id"], name="application_in_order"),
            models.Index(fields=["job", "stage", "reply_by", "id"], name="application_of_stage"),
            models.Index(fields=["job", "lane", "reply_by", "id"], name="application_of_lane"),
            models.Index(fields=["job", "reply_by"], condition=models.Q(stage__in=OPEN), name="application_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.candidate}, {self.job}"

    @property
    def is_overdue(self) -> bool:
        """Whether the promise was broken."""
        return self.stage not in ENDED and date.today() > self.reply_by  # noqa: DTZ011 (a date, as promised)


class StageChange(Record):
    """An application went from one stage into another; `before` is empty for the first one.

    `promised_for` is the day until which an answer was promised when it happened: `Application.reply_by` is renewed
    with each change. It is empty where the change was written down only in the audit log. `by` is empty for candidates
    and for the system itself.
    """

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="stage_changes", verbose_name=_("application")
    )
    before = models.CharField(_("from"), max_length=12, choices=Stage, blank=True)
    after = models.CharField(_("to"), max_length=12, choices=Stage)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    promised_for = models.DateField(_("promised until"), null=True, blank=True)

    class Meta:
        verbose_name = _("change of stage")
        verbose_name_plural = _("changes of stage")
        ordering = ("-at",)
        indexes = (models.Index(fields=["application", "at"], name="stage_change_in_order"),)

    def __str__(self) -> str:
        return f"{self.before or '–'} → {self.after}"


class Note(Record):
    """What somebody wrote about an application, and how they rate it (1 to 4), if they do."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="notes", verbose_name=_("application"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    text = models.TextField(_("note"), max_length=10_000)
    rating = models.PositiveSmallIntegerField(
        _("rating"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.text[:60]


class EvidenceView(Record):
    """Somebody who decides opened the evidence: without it nothing is decided."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="evidence_views", verbose_name=_("application")
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("opened evidence")
        verbose_name_plural = _("opened evidence")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.user_id} of {self.application_id}"


class Decision(Record):
    """What a person decided, and why, in their own words. The latest one holds."""

    class Outcome(models.TextChoices):
        ADVANCE = "advance", _("On to the interview")
        OFFER = "offer", _("Make an offer")
        HIRE = "hire", _("Hired")
        REJECT = "reject", _("Reject")

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="decisions", verbose_name=_("application")
    )
    outcome = models.CharField(_("decision"), max_length=10, choices=Outcome)
    reason = models.TextField(_("reason"), max_length=4000)
    message = models.TextField(_("message to the candidate"), blank=True, max_length=4000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("-created_at",)
        constraints = (models.CheckConstraint(condition=~models.Q(reason=""), name="decision_has_reason"),)

    def __str__(self) -> str:
        return self.get_outcome_display()
