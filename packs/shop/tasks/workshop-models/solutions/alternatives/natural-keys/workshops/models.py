"""The workshops, with words as keys where there are words."""

import uuid

from django.db import models
from django.db.models import F, Q


class Topic(models.Model):
    """A theme."""

    word = models.SlugField(primary_key=True)
    name = models.CharField(max_length=150)
    above = models.ForeignKey("self", models.RESTRICT, null=True, related_name="below")

    def all_below(self):
        """All topics inside this one, level by level."""
        found, level = [], [self]
        while level:
            level = list(Topic.objects.filter(above__in=level))
            found += level
        return found


class Keyword(models.Model):
    """A label."""

    text = models.CharField(max_length=100, primary_key=True)


class Course(models.Model):
    """A workshop."""

    word = models.SlugField(primary_key=True)
    title = models.TextField()
    topic = models.ForeignKey(Topic, models.RESTRICT, related_name="courses")
    fee = models.DecimalField(max_digits=9, decimal_places=2)
    text = models.TextField(default="")
    published = models.BooleanField()
    keywords = models.ManyToManyField(Keyword, through="KeywordOfCourse", related_name="courses")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(fee__gte=0), name="course_fee_positive")]


class KeywordOfCourse(models.Model):
    """A label on a workshop."""

    pk = models.CompositePrimaryKey("course_id", "keyword_id")
    course = models.ForeignKey(Course, models.CASCADE)
    keyword = models.ForeignKey(Keyword, models.CASCADE)


class Teaching(models.Model):
    """A maker teaches, as the head or beside one."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, models.CASCADE, related_name="teachings")
    brand = models.ForeignKey("catalogue.Brand", models.PROTECT, related_name="+")
    leads = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint("course", "brand", name="teaching_once")]

    @property
    def role(self):
        return "leads" if self.leads else "assists"


class Session(models.Model):
    """A date of a workshop. `left` is counted down with each seat that is taken."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="sessions")
    begins = models.DateTimeField()
    left = models.IntegerField()
    fee = models.DecimalField(max_digits=9, decimal_places=2, null=True)

    class Meta:
        ordering = ["begins"]
        constraints = [
            models.UniqueConstraint("course", "begins", name="session_once"),
            models.CheckConstraint(condition=Q(left__gte=0), name="session_not_overbooked"),
            models.CheckConstraint(condition=Q(fee__gte=0), name="session_fee_positive"),
        ]

    @property
    def to_pay(self):
        return self.course.fee if self.fee is None else self.fee

    def take_one(self):
        """Whether a seat was left."""
        return bool(Session.objects.filter(pk=self.pk, left__gt=0).update(left=F("left") - 1))


class Person(models.Model):
    """Somebody who comes."""

    address = models.EmailField(unique=True)


class Seat(models.Model):
    """A person has a seat."""

    session = models.ForeignKey(Session, models.RESTRICT, related_name="taken")
    person = models.ForeignKey(Person, models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint("session", "person", name="seat_once")]
