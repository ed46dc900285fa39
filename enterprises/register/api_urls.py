from django.urls import path

from enterprises.register.api import EnterpriseEndpoint, MaterialEndpoint, SupplyLinkEndpoint
from whitelist.core.api import collection, one

urlpatterns = [
    path("enterprises/", collection(EnterpriseEndpoint, get="list", post="create"), name="api-enterprise-list"),
    path("enterprises/bulk/", collection(EnterpriseEndpoint, post="bulk"), name="api-enterprise-bulk"),
    path(
        "enterprises/<code:code>/",
        one(EnterpriseEndpoint, get="retrieve", patch="partial_update"),
        name="api-enterprise-detail",
    ),
    path("enterprises/<code:code>/merge/", one(EnterpriseEndpoint, post="merge"), name="api-enterprise-merge"),
    path("enterprises/<code:code>/retire/", one(EnterpriseEndpoint, post="retire"), name="api-enterprise-retire"),
    path("materials/", collection(MaterialEndpoint, get="list", post="create"), name="api-material-list"),
    path("materials/bulk/", collection(MaterialEndpoint, post="bulk"), name="api-material-bulk"),
    path("supply-links/", collection(SupplyLinkEndpoint, get="list", post="create"), name="api-supply-link-list"),
    path("supply-links/bulk/", collection(SupplyLinkEndpoint, post="bulk"), name="api-supply-link-bulk"),
    path(
        "supply-links/<int:pk>/",
        one(SupplyLinkEndpoint, get="retrieve", delete="destroy"),
        name="api-supply-link-detail",
    ),
    path("supply-links/<int:pk>/confirm/", one(SupplyLinkEndpoint, post="confirm"), name="api-supply-link-confirm"),
]
