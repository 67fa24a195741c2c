"""Addresses of the workshops."""

from django.urls import path

from workshops import views

app_name = "workshops"
urlpatterns = [
    path("", views.CourseList.as_view(), name="list"),
    path("<slug:pk>/", views.CourseDetail.as_view(), name="detail"),
]
