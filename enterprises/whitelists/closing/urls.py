"""The addresses of closing a list."""

from django.urls import path

from enterprises.whitelists.closing import pages

urlpatterns = [
    path("lists/<int:pk>/closing/", pages.ClosingPage.as_view(), name="white-list-closing"),
    path("closings/<int:pk>/confirm/", pages.ClosingConfirmPage.as_view(), name="closing-confirm"),
    path("closings/<int:pk>/withdraw/", pages.ClosingWithdrawPage.as_view(), name="closing-withdraw"),
    path("closings/<int:closing>/file/", pages.ClosingFilePage.as_view(), name="closing-file"),
]
