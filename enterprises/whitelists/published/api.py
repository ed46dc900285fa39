"""What is published, over REST: the signed file with its own proof, and the counts for everybody."""

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from enterprises.models import Batch
from enterprises.whitelists import policies
from enterprises.whitelists.published.figures import public_figures
from enterprises.whitelists.published.serializers import PublicSerializer
from enterprises.whitelists.published.verification import sealed
from whitelist.core.access import anyone
from whitelist.core.api import Endpoint
from whitelist.core.days import today


class SignedEndpoint(Endpoint):
    model = Batch
    access = policies.may_read_lists

    @extend_schema(responses={(200, "application/json"): OpenApiTypes.BINARY})
    def signed(self, request, **kwargs):
        """The published file in an envelope with its hash, signature and key id."""
        if not self.row.file:
            raise Http404
        return HttpResponse(sealed(self.row), content_type="application/json")


class PublicEndpoint(Endpoint):
    access = anyone
    serializer_class = PublicSerializer
    pagination_class = None

    @extend_schema(responses=PublicSerializer)
    def show(self, request):
        """Which lists there are and how many enterprises stand on them; counts only, no sign-in."""
        self.refuse_unknown(())
        return Response(self.get_serializer(public_figures(today())).data)
