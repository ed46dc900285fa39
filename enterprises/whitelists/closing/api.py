"""Closing a list over REST: proposed by one, confirmed by another, and the report as it was signed."""

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from enterprises.models import ListClosing, WhiteList
from enterprises.whitelists import policies
from enterprises.whitelists.closing import services
from enterprises.whitelists.closing.filters import ClosingFilter
from enterprises.whitelists.closing.serializers import CloseShape, ClosingNoteShape, ClosingSerializer
from whitelist.core.api import Endpoint, step_action


class ClosingEndpoint(Endpoint):
    model = ListClosing
    access = policies.may_read_lists
    filterset_class = ClosingFilter
    serializer_class = ClosingSerializer
    ordering = ("-pk",)

    def narrow(self, queryset):
        return queryset.for_page().select_related("report")

    @extend_schema(request=ClosingNoteShape, responses=ClosingSerializer)
    @step_action(ClosingNoteShape)
    def confirm(self, row, *, by, note):
        """End the list on the proposed day: by another person than the one who proposed it."""
        services.confirm_closing(row, by=by, note=note)

    @extend_schema(request=ClosingNoteShape, responses=ClosingSerializer)
    @step_action(ClosingNoteShape)
    def withdraw(self, row, *, by, note):
        services.withdraw_closing(row, by=by, note=note)

    @extend_schema(responses={(200, "application/json"): OpenApiTypes.BINARY})
    def report(self, request, **kwargs):
        """The closing report, byte for byte; hash, signature and key id stand in the headers."""
        found = getattr(self.row, "report", None)
        if found is None:
            raise Http404
        return HttpResponse(found.file.encode(), content_type="application/json", headers=services.seal_of(found))


class CloseEndpoint(Endpoint):
    """Propose that one list ends on a day."""

    model = WhiteList
    access = policies.may_read_lists
    serializer_class = ClosingSerializer

    def narrow(self, queryset):
        return queryset.kept_within(self.request.user).select_related("office")

    @extend_schema(request=CloseShape, responses={201: ClosingSerializer})
    def close(self, request, **kwargs):
        def work():
            made = services.propose_closing(self.row, by=request.user, **self.checked(CloseShape))
            return self.answer(made, code=201)

        services.check_propose(self.row, by=request.user)
        return self.once(work)
