"""The API addresses of what is published."""

from django.urls import path

from enterprises.whitelists.published.api import PublicEndpoint, SignedEndpoint
from whitelist.core.api import collection, one

urlpatterns = [
    path("batches/<int:pk>/signed/", one(SignedEndpoint, get="signed"), name="api-batch-signed"),
    path("public/", collection(PublicEndpoint, get="show"), name="api-public"),
]
