"""All addresses: the shop at the root, the back office below `admin/`, figures for the reseller portal."""

from django.contrib import admin
from django.urls import include, path

from catalogue.status import status

urlpatterns = [
    path("admin/", admin.site.urls),
    path("status/", status),
    path("accounts/", include("accounts.urls")),
    path("basket/", include("basket.urls")),
    path("desk/", include("desk.urls")),
    path("payments/", include("payments.urls")),
    path("", include("orders.urls")),
    path("", include("catalogue.urls")),
]
