"""The API addresses of lists; those of batches stand in their own folder."""

from django.urls import include, path

from enterprises.whitelists.api import DiffEndpoint, HistoryEndpoint, ListingEndpoint, WhiteListEndpoint
from whitelist.core.api import collection, one

urlpatterns = [
    path("enterprises/<code:code>/listings/", collection(HistoryEndpoint, get="list"), name="api-enterprise-listings"),
    path("white-lists/", collection(WhiteListEndpoint, get="list", post="create"), name="api-white-list-list"),
    path("white-lists/<int:pk>/", one(WhiteListEndpoint, get="retrieve"), name="api-white-list-detail"),
    path("white-lists/<int:pk>/listings/", collection(ListingEndpoint, get="list"), name="api-white-list-listings"),
    path("white-lists/<int:pk>/diff/", one(DiffEndpoint, get="retrieve"), name="api-white-list-diff"),
    path("", include("enterprises.whitelists.batches.api_urls")),
    path("", include("enterprises.whitelists.nominations.api_urls")),
    path("", include("enterprises.whitelists.adjustments.api_urls")),
    path("", include("enterprises.whitelists.closing.api_urls")),
    path("", include("enterprises.whitelists.published.api_urls")),
]
