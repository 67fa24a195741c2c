"""All addresses: the shop at the root, the back office below `admin/`, the sellers' desk below `desk/`."""

from django.contrib import admin
from django.urls import include, path

from stallhouse.door import door

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    path("basket/", include("basket.urls")),
    path("desk/", include("desk.urls")),
    path("payments/", include("payments.urls")),
    path("workshops/adapter/", door),
    path("workshops/", include("workshops.urls")),
    path("", include("orders.urls")),
    path("", include("catalogue.urls")),
]
