"""The basket."""

from django.urls import path

from basket import views

app_name = "basket"
urlpatterns = [
    path("", views.Basket.as_view(), name="basket"),
    path("add/", views.Add.as_view(), name="add"),
    path("change/", views.Change.as_view(), name="change"),
    path("remove/", views.Remove.as_view(), name="remove"),
]
