"""The addresses of nominations."""

from django.urls import path

from enterprises.whitelists.nominations import pages

urlpatterns = [
    path("nominations/", pages.NominationListPage.as_view(), name="nomination-list"),
    path("nominations/add/", pages.NominationAddPage.as_view(), name="nomination-add"),
    path("nominations/<int:pk>/", pages.NominationPage.as_view(), name="nomination-detail"),
    path("nominations/<int:pk>/accept/", pages.NominationAcceptPage.as_view(), name="nomination-accept"),
    path("nominations/<int:pk>/decline/", pages.NominationDeclinePage.as_view(), name="nomination-decline"),
    path("nominations/<int:pk>/withdraw/", pages.NominationWithdrawPage.as_view(), name="nomination-withdraw"),
]
