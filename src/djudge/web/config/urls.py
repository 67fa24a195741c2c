"""All addresses."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from djudge.web.api.urls import oauth
from djudge.web.config import views

# The back office has no sign-in of its own: Django's would not count how often somebody guesses.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", views.home, name="home"),
    path("guide/", views.guide, name="guide"),
    path("systems/", views.systems, name="systems"),
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("djudge.web.organizations.urls")),
    path("", include("djudge.web.webhooks.urls")),
    path("", include("djudge.web.assessments.urls")),
    path("", include("djudge.web.hiring.urls")),
    path("", include("djudge.web.resumes.urls")),
    path("", include("djudge.web.workspace.urls")),
    path("", include("djudge.web.debriefs.urls")),
    path("", include("djudge.web.insights.urls")),
    path("", include("djudge.web.interviews.urls")),
    path("", include("djudge.web.api.urls")),
    path("", include("djudge.web.ats.urls")),
    path("", include(oauth)),
    path("", include("djudge.web.pads.urls")),
    path("", include("djudge.web.samples.urls")),
]
