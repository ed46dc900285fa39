"""Lists over REST: which there are, what each contains on any day, and what changed between two."""

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from enterprises.models import Listing, WhiteList
from enterprises.whitelists import policies, services, standing
from enterprises.whitelists.filters import ListingFilter, WhiteListFilter
from enterprises.whitelists.forms import DiffForm
from enterprises.whitelists.serializers import (
    AmendedSerializer,
    ChangeSerializer,
    DiffSerializer,
    HistorySerializer,
    ListingSerializer,
    WhiteListSerializer,
    WhiteListShape,
)
from whitelist.core.api import Endpoint
from whitelist.core.days import parse_day, today
from whitelist.core.errors import DomainError, Fault

DAY = {"type": "string", "format": "date"}


class WhiteListEndpoint(Endpoint):
    model = WhiteList
    access = policies.may_read_listings
    filterset_class = WhiteListFilter
    serializer_class = WhiteListSerializer

    def narrow(self, queryset):
        return queryset.for_rows()

    def get_serializer(self, *rows, many=False, **kwargs):
        for told in rows:
            standing.tell(told if many else [told])
        return super().get_serializer(*rows, many=many, **kwargs)

    @extend_schema(request=WhiteListShape, responses={201: WhiteListSerializer})
    def create(self, request):
        def work():
            fields = self.checked(WhiteListShape)
            made = services.open_list(office=request.user.office, by=request.user, **fields)
            return self.answer(self.get_queryset().get(pk=made.pk), code=201)

        services.check_open(by=request.user)
        return self.once(work)


class ListingEndpoint(Endpoint):
    """The content of one list on a day. An enterprise's users find themselves there, nobody else."""

    model = Listing
    access = policies.may_read_listings
    filterset_class = ListingFilter
    serializer_class = ListingSerializer
    extra_parameters = frozenset({"as_of"})

    def initial(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.white_list = self.visible(WhiteList, pk=kwargs["pk"])
        super().initial(request, *args, **kwargs)
        text = request.query_params.get("as_of")
        self.day = today() if text is None else parse_day(text, field="as_of")

    def narrow(self, queryset):
        return queryset.filter(white_list=self.white_list).in_force(self.day).for_table()

    @extend_schema(parameters=[OpenApiParameter("as_of", DAY, description="the day, today by default")])
    def list(self, request, **kwargs):
        answer = super().list(request)
        answer.data = {"as_of": self.day, **answer.data}
        return answer


class HistoryEndpoint(Endpoint):
    """An enterprise's own history: when on which list, by which batch, and why it came and went."""

    model = Listing
    access = policies.may_read_listings
    serializer_class = HistorySerializer
    ordering = ("-pk",)

    def initial(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.enterprise = services.enterprise_of(kwargs["code"], by=request.user)
            if self.enterprise is None:
                raise Http404
        super().initial(request, *args, **kwargs)

    def narrow(self, queryset):
        return queryset.filter(enterprise=self.enterprise).for_enterprise()

    @extend_schema(parameters=None)
    def list(self, request, **kwargs):
        return super().list(request)


class DiffEndpoint(Endpoint):
    """Two days, or two published batches; asked for nothing, the last batch against the one before."""

    model = WhiteList
    access = policies.may_read_lists
    serializer_class = DiffSerializer
    extra_parameters = frozenset({"from", "to", "from_batch", "to_batch"})

    @extend_schema(
        parameters=[
            OpenApiParameter("from", DAY),
            OpenApiParameter("to", DAY),
            OpenApiParameter("from_batch", int),
            OpenApiParameter("to_batch", int),
        ]
    )
    def retrieve(self, request, **kwargs):
        form = DiffForm(request.query_params, white_list=self.row, user=request.user)
        if not form.is_valid():
            faults = [Fault(name, "invalid", text) for name, texts in form.errors.items() for text in texts]
            raise DomainError(errors=faults)
        first, last, sections = form.changes()
        rows = {key: list(found) for key, _heading, found in sections}
        shapes = {"added": ChangeSerializer, "removed": ChangeSerializer, "amended": AmendedSerializer}
        days = {"from": None, "to": None} if form.by_batch else {"from": first, "to": last}
        batches = (first, last) if form.by_batch else (None, None)
        return Response(
            {
                **days,
                "white_list": self.row.pk,
                "as_of": days["to"],
                "from_batch": batches[0] and batches[0].pk,
                "to_batch": batches[1] and batches[1].pk,
                "counts": {key: len(found) for key, found in rows.items()},
                **{key: shape(rows[key], many=True).data for key, shape in shapes.items()},
            }
        )
