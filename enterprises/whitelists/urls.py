"""The addresses of lists; those of batches stand in their own folder."""

from django.urls import include, path

from enterprises.whitelists import pages

urlpatterns = [
    path("lists/", pages.WhiteListListPage.as_view(), name="white-list-list"),
    path("lists/add/", pages.WhiteListAddPage.as_view(), name="white-list-add"),
    path("lists/<int:pk>/", pages.WhiteListPage.as_view(), name="white-list-detail"),
    path("lists/<int:pk>/diff/", pages.WhiteListDiffPage.as_view(), name="white-list-diff"),
    path("listing/", pages.OwnListingPage.as_view(), name="own-listing"),
    path("", include("enterprises.whitelists.batches.urls")),
    path("", include("enterprises.whitelists.nominations.urls")),
    path("", include("enterprises.whitelists.adjustments.urls")),
    path("", include("enterprises.whitelists.closing.urls")),
    path("", include("enterprises.whitelists.published.urls")),
]
