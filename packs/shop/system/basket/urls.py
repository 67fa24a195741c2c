"""The basket."""

from django.urls import path

from basket import views

app_name = "basket"
urlpatterns = [
    path("", views.basket, name="basket"),
    path("add/", views.add, name="add"),
    path("change/", views.change, name="change"),
    path("remove/", views.remove, name="remove"),
]
