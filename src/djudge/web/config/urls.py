"""All addresses."""

from django.contrib import admin
from django.urls import include, path

from djudge.web.config import views

urlpatterns = [
    path("", views.home, name="home"),
    path("guide/", views.guide, name="guide"),
    path("systems/", views.systems, name="systems"),
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("djudge.web.organizations.urls")),
    path("", include("djudge.web.assessments.urls")),
    path("", include("djudge.web.hiring.urls")),
    path("", include("djudge.web.workspace.urls")),
    path("", include("djudge.web.samples.urls")),
]
