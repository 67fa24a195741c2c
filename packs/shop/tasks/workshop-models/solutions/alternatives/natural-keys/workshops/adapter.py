"""The thin layer between the tables of the workshops and whoever asks for them."""

from functools import wraps

from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, transaction
from django.db.models import ProtectedError, RestrictedError

from catalogue.models import Brand
from workshops.models import Course, Keyword, KeywordOfCourse, Person, Seat, Session, Topic


class Refused(Exception):
    """The catalogue does not allow it."""


def guarded(function):
    """What the database refuses, or does not find, is refused."""

    @wraps(function)
    def inner(*args, **kwargs):
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except (Error, ObjectDoesNotExist, ProtectedError, RestrictedError, KeyError) as error:
            raise Refused(str(error)) from error

    return inner


@guarded
def add_theme(word, name, inside=None):
    above = Topic.objects.get(pk=inside) if inside else None
    return Topic.objects.create(word=word, name=name, above=above)


@guarded
def themes_inside(theme):
    return {topic.word for topic in Topic.objects.get(pk=theme).all_below()}


@guarded
def delete_theme(theme):
    Topic.objects.get(pk=theme).delete()


@guarded
def add_workshop(word, title, theme, price, description="", draft=False):
    topic = Topic.objects.get(pk=theme)
    return Course.objects.create(
        word=word, title=title, topic=topic, fee=price, text=description, published=not draft
    )


@guarded
def workshops_in(theme):
    topic = Topic.objects.get(pk=theme)
    return {course.word for course in Course.objects.filter(topic__in=[topic, *topic.all_below()])}


@guarded
def change_price(workshop, price):
    if not Course.objects.filter(pk=workshop).update(fee=price):
        raise Refused("There is no such workshop.")


@guarded
def delete_workshop(workshop):
    Course.objects.get(pk=workshop).delete()


@guarded
def add_maker(workshop, maker, role):
    leads = {"leads": True, "assists": False}[role]
    Course.objects.get(pk=workshop).teachings.create(brand=Brand.objects.get(slug=maker), leads=leads)


@guarded
def makers_of(workshop):
    return [(each.brand.slug, each.role) for each in Course.objects.get(pk=workshop).teachings.all()]


@guarded
def workshops_of(maker):
    brand = Brand.objects.get(slug=maker)
    return Course.objects.filter(teachings__brand=brand).values_list("word", flat=True)


@guarded
def delete_maker(maker):
    Brand.objects.get(slug=maker).delete()


@guarded
def add_label(workshop, label):
    course = Course.objects.get(pk=workshop)
    keyword, _ = Keyword.objects.get_or_create(pk=label)
    KeywordOfCourse.objects.get_or_create(course=course, keyword=keyword)


@guarded
def labels_of(workshop):
    return [keyword.text for keyword in Course.objects.get(pk=workshop).keywords.all()]


@guarded
def workshops_with(label):
    return [course.word for course in Keyword.objects.get(pk=label).courses.all()]


@guarded
def delete_label(label):
    Keyword.objects.get(pk=label).delete()


@guarded
def add_date(workshop, starts, seats, price=None):
    Course.objects.get(pk=workshop).sessions.create(begins=starts, left=seats, fee=price)


@guarded
def dates_of(workshop):
    sessions = Course.objects.get(pk=workshop).sessions.select_related("course")
    return [(session.begins, session.to_pay, session.left) for session in sessions]


@guarded
def book(workshop, starts, email):
    session = Session.objects.get(course=workshop, begins=starts)
    person, _ = Person.objects.get_or_create(address=email)
    Seat.objects.create(session=session, person=person)
    if not session.take_one():
        raise Refused("There is no seat left.")


@guarded
def booked(workshop, starts):
    session = Session.objects.get(course=workshop, begins=starts)
    return list(session.taken.values_list("person__address", flat=True))
