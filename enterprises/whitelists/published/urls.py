"""The addresses of what is published."""

from django.urls import path

from enterprises.whitelists.published import pages

urlpatterns = [
    path("batches/<int:pk>/notice/", pages.NoticePage.as_view(), name="batch-notice"),
    path("batches/<int:pk>/signed/", pages.SignedFilePage.as_view(), name="batch-signed"),
    path("public/", pages.PublicPage.as_view(), name="public"),
]
