"""The pages of the workshops."""

from django.views.generic import DetailView, ListView

from workshops.models import Course


class Published:
    """What is no draft."""

    queryset = Course.objects.filter(published=True).order_by("title", "word")


class CourseList(Published, ListView):
    """All of them."""

    template_name = "workshops/list.html"


class CourseDetail(Published, DetailView):
    """One."""

    template_name = "workshops/detail.html"
