from django.urls import path

from whitelist.delivery import pages

urlpatterns = [
    path("notices/", pages.NoticeListPage.as_view(), name="notice-list"),
    path("notices/read/", pages.NoticeReadAllPage.as_view(), name="notice-read-all"),
    path("notices/<int:pk>/open/", pages.NoticeOpenPage.as_view(), name="notice-open"),
    path("readyz", pages.Ready.as_view(), name="ready"),
]
