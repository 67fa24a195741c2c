"""All addresses: the shop at the root, the back office below `admin/`, figures for the reseller portal."""

from django.contrib import admin
from django.urls import include, path

from catalogue.status import status

urlpatterns = [
    path("admin/", admin.site.urls),
    path("status/", status),
    path("", include("catalogue.urls")),
]
