from django.urls import path, re_path

from press import views

urlpatterns = [
    path("", views.front),
    path("slow/", views.slow_list, name="slow"),
    path("quick/", views.quick_list),
    path("full/", views.full_list),
    path("articles/<slug:slug>/", views.article),
    path("letters/", views.my_letters),
    path("letters/<int:pk>/", views.letter),
    path("guarded/<int:pk>/", views.guarded_letter),
    path("board/", views.notice_board),
    path("forgotten/", views.forgotten),
    path("broken/", views.broken),
    path("clear/", views.clear),
    path("sign-out/", views.sign_out),
    path("sign-in/", views.sign_in, name="sign-in"),
    re_path(r"^authors/(?P<author_id>[0-9]+)/$", views.author),
]
